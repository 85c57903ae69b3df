"""Which slices get a line of their own, counted by hand."""

from types import SimpleNamespace

from kviboard.board.kvis.comparison import largest


def slice_of(n: float, value: float | None) -> SimpleNamespace:
    return SimpleNamespace(latest={"n": n}, value=value)


NAN = float("nan")


def test_those_with_the_most_answers_stay_in_their_order() -> None:
    a, b, c = slice_of(5, 0.9), slice_of(80, 0.1), slice_of(40, 0.5)
    assert largest([a, b, c], 2) == ([b, c], 1)  # type: ignore[list-item]


def test_without_answers_the_highest_values_stay() -> None:
    empty = SimpleNamespace(latest=None, value=None)
    a, b = slice_of(NAN, 10.0), slice_of(NAN, 20.0)
    assert largest([empty, a, b], 2) == ([a, b], 1)  # type: ignore[list-item]


def test_few_are_all_shown() -> None:
    assert largest([], 50) == ([], 0)
    one = slice_of(1, 1.0)
    assert largest([one], 1) == ([one], 0)  # type: ignore[list-item]
