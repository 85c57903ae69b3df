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
    assert result.change.by == pytest.approx(np.mean(NOW) - np.mean(BEFORE))
    welch = stats.ttest_ind(NOW, BEFORE, equal_var=False).confidence_interval(0.95)
    assert (result.change.low, result.change.high) == pytest.approx(tuple(welch))
    assert result.change.is_clear


def test_a_change_is_clear_where_chance_would_seldom_make_one_in_any_of_the_questions() -> None:
    before = [Answer(dict.fromkeys(QUESTIONS, grade), OTHERS) for grade in BEFORE]
    now = [Answer(dict.fromkeys(QUESTIONS, grade), MANAGEMENT) for grade in NOW]
    welch = stats.ttest_ind(NOW, BEFORE, equal_var=False)
    assert 0.05 / 10 < welch.pvalue < 0.05
    gap = widest_gap([*before, *now])
    assert gap is not None
    for change in (*(result.change for result in results(now, before)), gap[1]):
        assert (change.low, change.high) == pytest.approx(tuple(welch.confidence_interval(1 - 0.05 / 10)))
        assert not change.is_clear


def test_people_who_all_give_one_grade_do_not_all_think_the_same() -> None:
    (result,) = results(answers([4] * 6), answers([4] * 6))
    assert result.change is not None
    assert (result.spread, result.change.by) == (0, 0)
    assert result.change.high == pytest.approx(stats.t.ppf(0.975, 10) * np.sqrt(2 / 12 / 6))  # rounded: ± ½ is 4


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
