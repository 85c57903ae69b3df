"""What the caution lets through and what it keeps back: a chart that never cries wolf could simply be blind.

The series are simulated with a seed; shares are over many of them, so that no one series decides.
"""

from collections.abc import Callable

import numpy as np
import pytest

from kviboard.domain.kvis import xmr
from kviboard.domain.kvis.drift import caution_for

SERIES, HISTORY, AFTER = 200, 30, 8


# periods before, deviations, share told at least
SHORT = [(8, 3.0, 0.75), (14, 3.0, 0.75), (8, 5.0, 0.95)]


def side_of_last(points: np.ndarray, carries_over: bool = False) -> int:
    values = points.tolist()
    caution = caution_for(values, is_open_above=False, carries_over=carries_over)
    return xmr.findings(values, xmr.levels(values, caution), caution)[-1].side


def independent(chance: np.random.Generator, count: int) -> np.ndarray:
    return chance.normal(50, 1, count)


def slow(chance: np.random.Generator, count: int) -> np.ndarray:
    """Chance of each period, and beside it as much that fades by a tenth from period to period."""
    drift = [chance.normal()]
    for _ in range(count - 1):
        drift.append(0.9 * drift[-1] + np.sqrt(1 - 0.81) * chance.normal())
    return 50 + np.array(drift) + chance.normal(0, 1, count)


def alike(chance: np.random.Generator, count: int) -> np.ndarray:
    """Mostly what the period before was: of its distance to 50 two thirds stay, as per quarter where customers do."""
    values = [chance.normal()]
    for _ in range(count - 1):
        values.append(2 / 3 * values[-1] + np.sqrt(5) / 3 * chance.normal())
    return 50 + np.array(values)


def told(change: np.ndarray, seed: int = 7, history: int = HISTORY) -> float:
    """The share of series on which a change of the last periods is told, in its direction, within those periods."""
    chance = np.random.default_rng(seed)
    found = 0
    for number in range(SERIES):
        points, way = independent(chance, history + AFTER), 1 if number % 2 else -1
        points[history:] += way * change
        found += any(side_of_last(points[: history + count]) == way for count in range(1, AFTER + 1))
    return found / SERIES


def false_alarms(series: Callable[[np.random.Generator, int], np.ndarray], count: int, carries_over: bool) -> float:
    chance = np.random.default_rng(11)
    return float(np.mean([side_of_last(series(chance, count), carries_over) != 0 for _ in range(SERIES)]))


@pytest.mark.parametrize(("deviations", "least"), [(2.0, 0.5), (3.0, 0.85), (5.0, 0.99)])
def test_a_step_is_told_within_eight_periods(deviations: float, least: float) -> None:
    assert told(np.full(AFTER, deviations)) >= least


@pytest.mark.parametrize(("history", "deviations", "least"), SHORT)
def test_so_is_a_step_after_a_short_history(history: int, deviations: float, least: float) -> None:
    assert told(np.full(AFTER, deviations), history=history) >= least


@pytest.mark.parametrize(("deviations", "least"), [(3.0, 0.5), (4.0, 0.8)])
def test_so_is_a_slow_slide(deviations: float, least: float) -> None:
    assert told(np.linspace(deviations / AFTER, deviations, AFTER)) >= least


@pytest.mark.parametrize("count", [12, 26, 39, 78])
def test_independent_periods_hardly_ever_give_a_signal(count: int) -> None:
    assert false_alarms(independent, count, carries_over=False) <= 0.02


@pytest.mark.parametrize(("carries_over", "most"), [(False, 0.06), (True, 0.03)])
def test_nor_do_slow_ups_and_downs(carries_over: bool, most: float) -> None:
    found = false_alarms(slow, 78, carries_over)
    plain = np.random.default_rng(11)
    wheeler = np.mean([_plain_side(slow(plain, 78)) != 0 for _ in range(SERIES)])
    assert found <= most < wheeler


def _plain_side(points: np.ndarray) -> int:
    values = points.tolist()
    return xmr.findings(values, xmr.levels(values))[-1].side


def test_a_change_of_the_latest_eight_periods_does_not_pass_for_drift() -> None:
    points = independent(np.random.default_rng(3), HISTORY)
    changed = np.append(points, points.mean() - np.linspace(1, 6, AFTER))
    calm = np.append(points, points[:AFTER])
    assert caution_for(changed.tolist(), False) == caution_for(calm.tolist(), False)


def test_a_step_further_back_counts_little() -> None:
    points = independent(np.random.default_rng(4), 2 * HISTORY)
    stepped = points + np.where(np.arange(2 * HISTORY) < HISTORY, 0, 6)
    assert caution_for(stepped.tolist(), False).widen < 1.5 * caution_for(points.tolist(), False).widen


@pytest.mark.parametrize(("count", "least"), [(8, 1.0), (15, 1.0), (16, 1.1), (24, 1.1), (40, 1.1)])
def test_limits_are_those_of_the_plain_chart_until_drift_can_be_told_and_then_a_tenth_farther(
    count: int, least: float
) -> None:
    widened = [caution_for(independent(np.random.default_rng(seed), count).tolist(), False).widen for seed in range(30)]
    assert min(widened) == least
    assert (max(widened) > 1) == (count >= 16)


@pytest.mark.parametrize(("count", "widen"), [(8, 1.8), (15, 1.8)])
def test_in_a_short_history_periods_known_to_be_alike_have_the_usual_drift(count: int, widen: float) -> None:
    points = independent(np.random.default_rng(1), count).tolist()
    assert caution_for(points, is_open_above=False, carries_over=True).widen == widen


@pytest.mark.parametrize("count", [8, 11, 15])
def test_alike_periods_of_a_short_history_hardly_ever_give_a_signal(count: int) -> None:
    assert false_alarms(alike, count, carries_over=True) <= 0.02 < false_alarms(alike, count, carries_over=False)


@pytest.mark.parametrize("points", [[5.0] * 30, [0.0] * 16, [0.0] * 29 + [1.0]])
def test_periods_that_are_all_alike_have_limits_at_their_centre(points: list[float]) -> None:
    caution = caution_for(points, is_open_above=True)
    (level, *_) = xmr.levels(points, caution)
    assert caution.widen == pytest.approx(1.1)
    assert level.limits.lower <= level.limits.centre <= level.limits.upper


def test_a_mean_must_lie_farther_off_the_more_of_the_ups_and_downs_is_drift() -> None:
    """By hand: below is 3 deviations, widened by 1.25; of eight 3 × sqrt(1/8 + 1.25² − 1) deviations are asked."""
    limits = xmr.Limits(centre=10.0, below=3.75, above=3.75, fuzz=0.0)
    assert xmr.Caution(1.25, 3.0).least(8, limits) == pytest.approx(3 * (1 / 8 + 0.5625) ** 0.5)
    assert xmr.Caution(1.0, 3.0).least(4, limits) == pytest.approx(3.75 / 2)
    assert xmr.NONE.least(8, limits) == 0


def test_a_long_tail_has_its_upper_limit_farther_out() -> None:
    """Of independent values with a long tail few are outside; the lower limit is as without looking at the tail."""
    chance = np.random.default_rng(5)
    outside = {True: 0, False: 0}
    for _ in range(SERIES):
        values = chance.exponential(1.0, 40).tolist()
        careful, other = (xmr.limits_of(values, xmr.Caution(1.1, 3.0, watched)) for watched in (True, False))
        assert careful.below == other.below
        for watched, limits in ((True, careful), (False, other)):
            outside[watched] += limits.outside(values).count(1)
    assert 0 < outside[True] < 0.6 * outside[False]
