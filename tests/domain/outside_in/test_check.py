"""The check's results against a second computation, the few answers that are not shown, and grades that cannot be."""

import numpy as np
import pytest
from scipy import stats

from kviboard.domain.outside_in.check import (
    FEWEST,
    MANAGEMENT,
    OTHERS,
    QUESTIONS,
    Answer,
    results,
    widest_gap,
    wrong_grades,
)

BEFORE, NOW = [3, 2, 3, 4, 3, 2, 3], [4, 4, 5, 3, 4, 4]


def answers(grades: list[int], question: str = "claims_easy", group: str | None = None) -> list[Answer]:
    return [Answer({question: grade}, group) for grade in grades]


def test_mean_spread_and_change_are_those_of_a_second_route() -> None:
    (result,) = results(answers(NOW), answers(BEFORE))
    assert (result.question, result.n, result.counts) == ("claims_easy", 6, (0, 0, 1, 4, 1))
    assert result.mean == pytest.approx(np.mean(NOW))
    assert result.spread == pytest.approx(np.std(NOW, ddof=1))
    assert result.change is not None
    margin = stats.norm.ppf(0.975) * np.hypot(stats.sem(NOW), stats.sem(BEFORE))
    assert result.change.by == pytest.approx(np.mean(NOW) - np.mean(BEFORE))
    assert result.change.high - result.change.by == pytest.approx(margin, rel=1e-4)
    assert result.change.is_clear


def test_below_five_answers_nothing_is_shown_and_no_change_is_told() -> None:
    assert results(answers([5] * (FEWEST - 1))) == []
    (result,) = results(answers([5] * FEWEST), answers([1] * (FEWEST - 1)))
    assert (result.spread, result.change) == (0, None)


def test_no_answers_are_no_results() -> None:
    assert results([]) == []
    assert widest_gap([]) is None


def test_the_widest_gap_is_management_less_everybody_else_where_both_are_enough() -> None:
    found = [
        *answers([5] * 5, "claims_easy", MANAGEMENT),
        *answers([2] * 6, "claims_easy", OTHERS),
        *answers([5] * 5, "own_part", MANAGEMENT),
        *answers([1] * 4, "own_part", OTHERS),  # a wider gap, of too few
        *answers([1] * 9, "own_part"),
    ]
    gap = widest_gap(found)
    assert gap is not None
    assert (gap[0], gap[1].by) == ("claims_easy", 3)


def test_equal_groups_have_no_gap() -> None:
    assert widest_gap([*answers([3] * 5, group=MANAGEMENT), *answers([3] * 5, group=OTHERS)]) is None


def test_there_are_ten_questions() -> None:
    assert len(QUESTIONS) == 10


@pytest.mark.parametrize(
    ("grades", "said"),
    [
        ({}, "Answer at least one question"),
        ({"claims_easy": 6}, "between 1 and 5, not 6"),
        ({"claims_easy": 0}, "between 1 and 5, not 0"),
        ({"who_are_you": 3}, "no question who_are_you"),
    ],
)
def test_grades_that_cannot_be_are_named(grades: dict[str, int], said: str) -> None:
    assert said in wrong_grades(grades)[0]
    assert wrong_grades({"claims_easy": 1, "own_part": 5}) == []
