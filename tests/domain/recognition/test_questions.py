"""What the values of a column leave open, at its boundaries; which columns can be sliced by."""

import pytest

from kviboard.domain.recognition.facts import ColumnFacts, FileFacts, Words
from kviboard.domain.recognition.planning import make_plan
from kviboard.domain.recognition.slicing import dimension_name, slicing_columns

ENGLISH = Words("English", {}, {"responses": {"score": ("rating",), "responded_at": ("day",)}})


def answers(low: float, high: float, count: int, doubt: str = "", example: str = "") -> FileFacts:
    day = ColumnFacts("Day", "day", "date", count, count, examples=("x",), doubt=doubt, example=example)
    common = ((f"{low:g}", 1), (f"{high:g}", 1))
    rating = ColumnFacts("Rating", "rating", "number", count, 2, common, ("1",), low, high, True)
    return FileFacts("a.csv", ("a.csv",), count, (day, rating))


@pytest.mark.parametrize(
    ("low", "high", "count", "scale", "is_open"),
    [
        (1, 5, 20, "1-5", False),  # enough answers, none beyond 5: taken, and said
        (1, 5, 19, "", True),  # too few to tell
        (0, 5, 500, "0-10", False),  # 0 is no answer from 1 to 5
        (1, 6, 500, "0-10", False),
        (1, 7, 8, "", True),  # of 10 hardly all so low
        (1, 7, 7, "0-10", False),
        (0, 7, 500, "0-10", False),
    ],
)
def test_a_scale_is_taken_asked_or_plain(low: float, high: float, count: int, scale: str, is_open: bool) -> None:
    plan = make_plan([answers(low, high, count)], (), (ENGLISH,))
    assert [export.scale for export in plan.exports] == [scale]
    assert bool(plan.open_questions) == is_open


def test_an_answer_closes_a_question_and_names_the_sign_that_was_used() -> None:
    file = answers(0, 10, 50, "dates", "03.04.2026")
    (question,) = make_plan([file], (), (ENGLISH,)).open_questions
    assert question.options[0] == ("%d.%m.%Y", "day first")
    plan = make_plan([file], (), (ENGLISH,), {question.key: "%d.%m.%Y"})
    assert plan.open_questions == ()
    assert plan.exports[0].date_format == "%d.%m.%Y"


def column(name: str, distinct: int, filled: int = 100, kind: str = "", length: float = 5) -> ColumnFacts:
    return ColumnFacts(name, name.lower(), kind, filled, distinct, length=length, is_whole=True)


def test_columns_to_slice_by_have_few_values_of_several_customers_each() -> None:
    fitting = (column("Plan", 2), column("Country", 50))
    others = (
        column("One", 1),
        column("Many", 51),
        column("Rare", 3, filled=49),
        column("Day", 5, kind="date"),
        column("Long", 5, length=41),
    )
    file = FileFacts("c.csv", ("c.csv",), 100, (*others, *fitting))
    assert [name for name, _ in slicing_columns(file, ())] == ["Plan", "Country"]
    assert slicing_columns(file, ("Plan", "Country")) == []


@pytest.mark.parametrize(
    ("name", "called"),
    [
        ("Customer State", "state"),
        ("Plan", "plan"),
        ("name", "my_name"),
        ("2nd", "my_2nd"),
        ("Día", "dia"),
        ("都道府県", "都道府県"),
        ("?", "my_"),
    ],
)
def test_names_to_slice_by_are_plain(name: str, called: str) -> None:
    assert dimension_name(name) == called
    assert called.isidentifier()
