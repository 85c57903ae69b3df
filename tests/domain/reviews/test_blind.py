"""Blind predictions: spread, median and the team's prediction, by hand and against numpy."""

import numpy as np
import pytest

from kviboard.domain.reviews.blind import Guess, TeamPrediction, bins_of, spread_of, team_prediction, usual_move
from kviboard.domain.reviews.predictions import Outcome, outcome_of


def guesses(*changes: float, sure: int = 70) -> list[Guess]:
    return [Guess(change, sure) for change in changes]


def test_the_spread_by_hand() -> None:
    found = spread_of([Guess(3, 70), Guess(-2, 50, "Summer"), Guess(8, 90, "New app"), Guess(3, 60)])
    assert (found.n, found.middle, found.lower_quarter, found.upper_quarter) == (4, 3, 1.75, 4.25)
    assert (found.lowest, found.highest) == (Guess(-2, 50, "Summer"), Guess(8, 90, "New app"))
    assert not found.is_agreed


@pytest.mark.parametrize("changes", [(1.0,), (1.0, 2.0), (5.0, 5.0, 5.0), (0.1, -0.3, 0.2, 7.0, 1.5, -4.0, 0.0)])
def test_the_spread_is_that_of_numpy(changes: tuple[float, ...]) -> None:
    found = spread_of(guesses(*changes))
    wanted = np.percentile(changes, [0, 25, 50, 75, 100])
    got = (found.lowest.change, found.lower_quarter, found.middle, found.upper_quarter, found.highest.change)
    assert got == pytest.approx(wanted)
    assert found.is_agreed == (len(set(changes)) == 1)


def test_nobody_s_guesses_have_no_spread_and_make_no_prediction() -> None:
    assert spread_of([]) is None
    assert team_prediction([], "up") is None


@pytest.mark.parametrize(
    ("changes", "better", "lower", "upper"),
    [
        ((1, 3, 9), "up", 3, None),
        ((1, 3, 9), "down", 3, None),
        ((-4, -1, 2), "up", None, -1),
        ((-1, 0, 1), "up", 0, None),
        ((-1, 0, 1), "down", None, 0),
        ((-1, 0, 1), "neither", None, 0),
    ],
)
def test_the_median_becomes_a_bound(
    changes: tuple[float, ...], better: str, lower: float | None, upper: float | None
) -> None:
    assert team_prediction(guesses(*changes), better) == TeamPrediction(lower, upper, 70)


def test_a_team_prediction_is_hit_by_the_median_itself_and_by_more() -> None:
    up, down = team_prediction(guesses(1, 3, 9), "up"), team_prediction(guesses(-1, -3, -9), "up")
    assert [outcome_of(change, up.lower, up.upper) for change in (3, 4)] == [Outcome.HIT, Outcome.HIT]
    assert outcome_of(2.9, up.lower, up.upper) == Outcome.MISSED
    assert [outcome_of(change, down.lower, down.upper) for change in (-3, -4)] == [Outcome.HIT, Outcome.HIT]
    assert outcome_of(-2.9, down.lower, down.upper) == Outcome.MISSED


@pytest.mark.parametrize(("sure", "wanted"), [((50, 95), 70), ((50, 50, 95), 50), ((60, 70), 60), ((95, 95), 95)])
def test_the_team_is_as_sure_as_its_middle_rounded_to_what_can_be_said(sure: tuple[int, ...], wanted: int) -> None:
    assert team_prediction([Guess(1, each) for each in sure], "up").confidence == wanted


def test_the_usual_move_is_the_median_of_its_changes_and_needs_eight() -> None:
    values = [10, 12, 11, 15, 15, 12, 13, 18, 10]  # moves 2, 1, 4, 0, 3, 1, 5, 8
    assert usual_move(values) == 2.5
    assert usual_move(values[1:]) is None
    assert usual_move([*values[:4], None, *values[4:]]) is None  # 2, 1, 4 and 3, 1, 5, 8: seven are left
    assert usual_move([]) is None


def test_few_values_stand_by_themselves_and_many_in_parts_of_equal_width() -> None:
    few = bins_of([Guess(3, 70), Guess(3, 90), Guess(-2, 50)])
    assert [(each.low, each.high, each.count, each.confidence) for each in few] == [(-2, -2, 1, 50), (3, 3, 2, 80)]
    many = bins_of(guesses(*range(15)), most=7)
    assert [each.count for each in many] == [2, 2, 2, 2, 2, 2, 3]
    counts, _ = np.histogram(range(15), bins=7)
    assert [each.count for each in many] == list(counts)
    apart = bins_of(guesses(0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 100))
    assert [(each.low, each.high, each.count) for each in apart] == [(0, 0.6, 7), (100, 100, 1)]
    assert bins_of([]) == []
