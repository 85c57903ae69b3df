"""When a response rate makes a score doubtful, and when nothing is said."""

import pandas as pd
import pytest

from kviboard.domain.kvis.intervals import difference, share
from kviboard.domain.voice.asked import caution_in_words, doubts_in_words, rate_in_words


def said_of(rows: pd.DataFrame) -> tuple[str, ...]:
    return tuple(each.replace("\N{NO-BREAK SPACE}", " ") for each in doubts_in_words(rows))


def rates(*bands: tuple[str, int, int, int, int], anonymous: int = 0, effect: float = 1.0) -> pd.DataFrame:
    """Rows of the view from (band, answered, invited, answered and invited before)."""
    rows = []
    for band, answered, invited, answered_before, invited_before in bands:
        low, high = share(answered, invited)
        change, change_low, change_high = difference(answered, invited, answered_before, invited_before)
        rows.append(
            {
                "band": band, "first_day": pd.Timestamp(2026, 7, 1), "last_day": pd.Timestamp(2026, 9, 29),
                "invited": invited, "answered": answered, "anonymous": anonymous,
                "rate": answered / invited, "low": low, "high": high,
                "invited_before": invited_before,
                "rate_before": answered_before / invited_before if invited_before else float("nan"),
                "change": change, "change_low": change_low, "change_high": change_high,
                "design_effect": effect,
            }
        )  # fmt: skip
    return pd.DataFrame(rows, columns=None if rows else ["band"])


def test_a_rate_is_said_with_its_basis_and_interval() -> None:
    assert rate_in_words(rates(("all", 50, 100, 0, 0))).replace("\N{NO-BREAK SPACE}", " ") == (
        "50 % of the 100 asked in 1 Jul – 29 Sep 2026 answered."
    )
    assert rate_in_words(rates()) == ""


@pytest.mark.parametrize(
    ("row", "begins"),
    [
        (("all", 10, 100, 0, 0), "Only 10 % of those asked answer"),
        (("all", 16, 100, 0, 0), None),  # its interval reaches beyond 20 %
        (("all", 2, 29, 0, 0), None),  # too few to say
        (("all", 300, 1000, 400, 1000), "Fewer answer than before: 30 % of those asked, 40 %"),
        (("all", 400, 1000, 300, 1000), None),  # more answer
        (("all", 3800, 10_000, 4100, 10_000), None),  # shown, and too small to matter
        (("all", 20, 50, 15, 29), None),  # few before
        (("all", 400, 1000, 0, 0), None),  # nothing before
    ],
)
def test_few_answers_and_fewer_answers(row: tuple, begins: str | None) -> None:
    said = said_of(rates(row))
    assert len(said) == (begins is not None)
    assert begins is None or said[0].startswith(begins)


def test_who_answers_more_often_moves_the_score() -> None:
    whole = ("all", 600, 1000, 600, 1000)
    (said,) = said_of(rates(whole, ("promoter", 350, 500, 0, 0), ("detractor", 60, 150, 0, 0)))
    assert said == (
        "Of customers who scored as promoters before, 70 % answer again, of detractors 40 %: promoters answer more "
        "often, so that the score of all customers is probably lower."
    )
    alike = rates(("promoter", 350, 500, 0, 0), ("detractor", 60, 150, 0, 0), effect=20)  # as of 25 and 7 customers
    assert said_of(alike) == ()
    (said,) = said_of(rates(whole, ("promoter", 200, 500, 0, 0), ("detractor", 105, 150, 0, 0)))
    assert said.endswith("promoters answer less often, so that the score of all customers is probably higher.")
    assert said_of(rates(whole, ("promoter", 300, 500, 0, 0), ("detractor", 85, 150, 0, 0))) == ()
    assert said_of(rates(whole, ("promoter", 29, 29, 0, 0), ("detractor", 1, 150, 0, 0))) == ()


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (("all", 10, 100, 0, 0), "low response rate: 10 %"),
        (("all", 100, 1000, 300, 1000), "low response rate: 10 % (30 % before)"),
        (("all", 300, 1000, 400, 1000), "falling response rate: 30 % (40 % before)"),
        (("all", 400, 1000, 300, 1000), ""),
        (("all", 2, 29, 0, 0), ""),
        (("promoter", 10, 100, 0, 0), ""),  # of one band nothing is said beside the whole score
    ],
)
def test_a_word_and_the_numbers_stand_beside_a_score(row: tuple, said: str) -> None:
    assert caution_in_words(rates(row)).replace("\N{NO-BREAK SPACE}", " ") == said


def test_answers_without_a_name_may_be_those_that_seem_to_lack() -> None:
    """10 of 100 answered under their names; with 10 others there may be 20 of them, with 9 never."""
    row = ("all", 10, 100, 0, 0)
    assert caution_in_words(rates(row, anonymous=10)) == ""
    assert said_of(rates(row, anonymous=10)) == ()
    assert caution_in_words(rates(row, anonymous=9)).startswith("low response rate: 10")
    assert rate_in_words(rates(row, anonymous=9)).endswith(
        " 9 more answers named no customer: nobody knows who gave them."
    )
    assert rate_in_words(rates(row, anonymous=4)).endswith("answered.")


def test_nobody_asked_is_no_reason_for_care() -> None:
    assert caution_in_words(rates()) == ""
