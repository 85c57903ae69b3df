"""What sentences of errors quote."""

from kviboard.errors import Problem, StoreError, with_short_quotes


def test_a_book_that_somebody_pasted_is_not_quoted_whole() -> None:
    said = str(StoreError(f"“{'word ' * 4000}” and “this” are no numbers."))
    assert said.endswith("…” and “this” are no numbers.")
    assert len(said) < 240
    assert str(Problem("Title", f"“{'x' * 201}” is too long.")) == f"Title: “{'x' * 199}…” is too long."


def test_200_letters_are_quoted_as_they_are() -> None:
    assert with_short_quotes(f"“{'x' * 200}”, “”") == f"“{'x' * 200}”, “”"
