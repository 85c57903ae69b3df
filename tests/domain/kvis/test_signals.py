"""Signals against published charts, charts worked by hand, and what must hold for any series."""

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from kviboard.domain.kvis.signals import (
    DOWN,
    UP,
    WITHIN,
    Level,
    assess,
    explain,
    good_or_bad,
)

QUIET = [9, 11] * 5  # centre 10, every moving range 2, so limits 10 ± 5.32
HIGHER = [13, 15] * 4  # the same around 14


def signals(values, **limits):
    """Place, rule and verdict of every signal."""
    found = assess(values, **limits)
    return [(i, rule, found.verdict[i]) for i, rule in enumerate(found.rule) if rule]


def one_level(values):
    (level,) = assess(values).levels
    return level


# Published charts


def test_limits_agree_with_the_data_set_for_verifying_software():
    """D. J. Wheeler, "Making Sense of Data" (SPC Press 2003), p. 382: average 4135.50, average moving range 355.93,
    natural process limits 3188.72 and 5082.28."""
    ohms = [5045, 4350, 4350, 3975, 4290, 4430, 4485, 4285, 3980, 3925, 3645, 3760, 3300, 3685, 3463, 5200]
    assert one_level(ohms) == Level(0, *(pytest.approx(limit, abs=0.005) for limit in (4135.50, 3188.72, 5082.28)))
    assert signals(ohms) == [(15, 1, UP)]


def test_limits_agree_with_the_peak_flow_rates():
    """Wheeler, "Making Sense of Data", Figure 9.9, p. 130: average 183.1, limits 322.5 and 43.7, which the book
    computed from the rounded average moving range (hence 0.2). Three of four near the upper limit, days 9 to 12."""
    rates = [120, 140, 100, 150, 260, 150, 100, 120, 300, 300, 275, 300, 140, 170, 150, 150, 190, 180]
    assert one_level(rates) == Level(0, *(pytest.approx(limit, abs=0.2) for limit in (183.1, 43.7, 322.5)))
    assert signals(rates) == [(10, 3, UP), (11, 3, UP)]


@pytest.mark.parametrize(
    ("accidents", "lower", "upper"),
    [
        ([43, 40, 37, 33, 30, 33, 34, 35, 29, 33, 31, 39], 25.6, 43.9),
        ([35, 37, 33, 32, 27, 29, 31, 22, 25, 30, 24, 19], 18.0, 39.3),
    ],
)
def test_limits_agree_with_the_accident_rates(accidents, lower, upper):
    """Wheeler, "Making Sense of Data", Table 9.1: limits of the two groups."""
    level = one_level(accidents)
    assert (level.lower, level.upper) == pytest.approx((lower, upper), abs=0.06)
    assert signals(accidents) == []


def test_the_first_year_of_receivables_has_the_published_limit():
    """Wheeler, "Making Sense of Data", Table 9.2, year one: upper limit 60.7, month 12 beyond it."""
    receivables = [55.6, 54.7, 54.9, 54.8, 56.9, 55.7, 53.8, 54.8, 53.4, 57.0, 59.4, 63.2]
    assert one_level(receivables).upper == pytest.approx(60.7, abs=0.05)
    assert signals(receivables) == [(11, 1, UP)]


def test_the_last_eight_years_of_smoking_are_below_the_centre():
    """Wheeler, "Making Sense of Data", Table 8.1, seniors who smoke daily (%): a run of eight about the average of all
    fourteen years ends in the last one."""
    smoking = [21.3, 20.2, 20.9, 21.0, 18.8, 19.6, 18.7, 18.6, 18.1, 18.9, 19.2, 18.2, 17.3, 19.0]
    found = assess(smoking)
    assert (found.rule[-1], found.verdict[-1]) == (2, DOWN)
    assert [level.start_index for level in found.levels] == [0, 6]
    assert found.levels[0].centre == pytest.approx(np.mean(smoking[:6]))
    assert found.levels[1].centre == pytest.approx(np.mean(smoking[6:]))


def test_limits_agree_with_the_nist_flow_rates():
    """NIST/SEMATECH e-Handbook of Statistical Methods, 6.3.2.2: centre 50.81, limits 55.8041 and 45.8159; they use
    3 / 1.128 = 2.6596 for Wheeler's 2.66, hence the tolerance. No point is out of control."""
    flow = [49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1]
    assert one_level(flow) == Level(0, *(pytest.approx(limit, abs=0.001) for limit in (50.81, 45.8159, 55.8041)))
    assert signals(flow) == []


# The rules, by hand


def test_a_point_outside_the_limits_is_a_signal():
    """Mean 130 / 11 = 11.82, mean moving range 27 / 10 = 2.7, so 11.82 ± 7.18."""
    values = [*QUIET, 20]
    assert one_level(values) == Level(
        0, *(pytest.approx(limit) for limit in (120 / 11, 120 / 11 - 7.182, 120 / 11 + 7.182))
    )
    assert signals(values) == [(10, 1, UP)]
    assert signals([*QUIET, 0]) == [(10, 1, DOWN)]


def test_the_eighth_in_a_row_is_a_signal_and_begins_a_new_level():
    """Mean of all 18 is 212 / 18 = 11.8; the last eight are above it, the first ten around 10."""
    found = assess([*QUIET, *HIGHER])
    assert signals([*QUIET, *HIGHER]) == [(17, 2, UP)]
    assert found.levels == (
        Level(0, pytest.approx(10), pytest.approx(4.68), pytest.approx(15.32)),
        Level(10, pytest.approx(14), pytest.approx(8.68), pytest.approx(19.32)),
    )
    assert found.centre[9:11] == pytest.approx((10, 14))
    assert found.verdict[16] == WITHIN


def test_a_new_level_grows_with_what_follows():
    found = assess([*QUIET, *HIGHER, 13, 15])
    assert signals([*QUIET, *HIGHER, 13, 15]) == [(17, 2, UP)]
    assert found.levels[1].centre == pytest.approx(14)
    assert found.verdict[-1] == WITHIN


def test_seven_in_a_row_are_no_signal():
    assert signals([*QUIET, *HIGHER[:7]]) == []


def test_a_value_on_the_centre_ends_a_run():
    """The fifth of the eight lies on the mean of all 18: c = (100 + 97 + c) / 18, c = 197 / 17."""
    values = [*QUIET, 13, 15, 13, 15, 197 / 17, 13, 15, 13]
    assert one_level(values).centre == pytest.approx(197 / 17)
    assert signals(values) == []


NEAR = [*QUIET, 9, 11, 14, 14, 10, 14, 10]
"""Mean 182 / 17 = 10.71, mean moving range 37 / 16 = 2.31, so 10.71 ± 6.15: 14 is nearer to 16.86 than to 10.71."""


def test_three_of_four_near_a_limit_are_a_signal_only_for_those_near_it():
    assert signals(NEAR) == [(15, 3, UP)]


def test_two_of_four_near_a_limit_are_no_signal():
    assert signals([*QUIET, 9, 11, 14, 10, 14, 10]) == []


def test_the_same_rules_hold_downwards():
    assert signals([20 - value for value in NEAR]) == [(15, 3, DOWN)]
    assert signals([20 - value for value in [*QUIET, *HIGHER]]) == [(17, 2, DOWN)]


# Levels and hindsight


def test_a_step_back_is_a_level_again():
    found = assess([*QUIET, *HIGHER, 13, 15, *QUIET])
    assert [(level.start_index, level.centre) for level in found.levels] == [
        (0, pytest.approx(10)),
        (10, pytest.approx(14)),
        (20, pytest.approx(10)),
    ]
    assert [(place, verdict) for place, rule, verdict in signals([*QUIET, *HIGHER, 13, 15, *QUIET])] == [
        (17, UP),
        (27, DOWN),
    ]


def test_later_values_do_not_turn_the_level_they_left_into_a_run():
    """All 19 zeros lie below the mean 0.25, but nothing happened before the twentieth value."""
    assert signals([0] * 19 + [5]) == [(19, 1, UP)]


def test_a_fall_is_never_called_up():
    """Eight middle values in a row lie above the mean of all (13.49), but far below the level they left."""
    values = [20] * 10 + [14, 12.5, 14, 15, 14, 14.2, 14, 14.1, 14, 13.8] + [10] * 20
    assert [level.start_index for level in assess(values).levels] == [0, 10, 20]
    assert [(place, verdict) for place, rule, verdict in signals(values) if rule == 2] == [(17, DOWN), (27, DOWN)]


def test_two_odd_values_at_the_start_make_no_level_but_three_do():
    assert [level.start_index for level in assess([3, 2, *HIGHER]).levels] == [0]
    assert [level.start_index for level in assess([3, 2, 3, *HIGHER]).levels] == [0, 3]
    assert signals([3, 2, 3, *HIGHER]) == [(10, 2, UP)]


def test_a_doubling_after_five_periods_is_a_new_level_with_the_eighth():
    values = [990, 1010, 1030, 970, 1000, 1990, 2010, 2030, 1970, 2000, 1990, 2020, 1980]
    found = assess(values)
    assert signals(values) == [(12, 2, UP)]
    assert [(level.start_index, level.centre) for level in found.levels] == [(0, 1000), (5, 1998.75)]


def test_a_short_first_level_has_a_centre_but_no_limits():
    found = assess([None, 990, 1010, 1030, 970, 1000, *(1990 + value for value in HIGHER * 2)])
    assert found.verdict[:7] == (None, *["too little history (5 of 8)"] * 5, WITHIN)
    assert found.centre[0] == 1000
    assert math.isnan(found.levels[0].lower)
    assert math.isnan(found.upper[5])
    assert not math.isnan(found.upper[6])


@pytest.mark.parametrize("length", range(3, 8))
def test_a_crash_does_not_turn_sound_history_into_signals(length):
    quiet = [990, 1010, 1030, 970, 1000] * 5
    values = quiet + [100, 110, 90, 105, 95, 100, 90][:length]
    assert one_level(values).centre == pytest.approx(1000)
    assert signals(values) == [(25 + i, 1, DOWN) for i in range(length)]


def test_after_eight_periods_the_crash_is_the_level():
    values = [990, 1010, 1030, 970, 1000] * 5 + [100, 110, 90, 105, 95, 100, 90, 110]
    assert signals(values) == [(32, 2, DOWN)]
    assert assess(values).levels[1].centre == pytest.approx(100)


def test_a_steady_climb_keeps_the_limits_of_all_its_points():
    """0…14 is one level (mean 7, ± 2.66): no gap sets its ends apart, and no eight in a row leave it."""
    assert one_level(range(15)) == Level(0, *(pytest.approx(limit) for limit in (7, 4.34, 9.66)))


# Gaps, short and constant series


@pytest.mark.parametrize("gap", [None, math.nan, math.inf])
def test_a_gap_takes_no_part(gap):
    values = [*QUIET, *HIGHER, 13]
    gaps = (0, 4, 12, 13, 20, 22)
    with_gaps = list(values)
    for place in gaps:
        with_gaps.insert(place, gap)
    whole, found = assess(values), assess(with_gaps)
    kept = [place for place in range(len(with_gaps)) if place not in gaps]
    assert [found.verdict[place] for place in gaps] == [None] * len(gaps)
    assert tuple(found.verdict[place] for place in kept) == whole.verdict
    assert tuple(found.upper[place] for place in kept) == whole.upper
    assert not any(math.isnan(limit) for limit in found.centre)
    assert [level.start_index for level in found.levels] == [0, with_gaps.index(13)]


def test_fewer_than_eight_values_are_too_little_history():
    found = assess([1, 2, None, 3, 4, 5, 6, 700])
    assert found.verdict == ("too little history (7 of 8)",) * 2 + (None,) + ("too little history (7 of 8)",) * 5
    assert found.levels == ()
    assert len(found.centre) == 8
    assert all(math.isnan(limit) for limit in found.centre + found.lower + found.upper)
    assert assess([]).verdict == ()


@pytest.mark.parametrize("value", [0, 0.1, 1 / 3, -7, 1e9])
def test_a_constant_series_never_signals(value):
    assert signals([value] * 30) == []
    assert one_level([value] * 30).upper == pytest.approx(value)


def test_limits_are_shown_no_further_than_the_kvi_can_go():
    values = [0.0, 0.9, 0.1, 1.0, 0.05, 0.95, 0.0, 1.0, 0.1]
    found = assess(values, floor=0, ceiling=1)
    assert (found.levels[0].lower, found.levels[0].upper) == (0, 1)
    assert found.verdict == assess(values).verdict
    assert found.centre == assess(values).centre


# What holds for any series

series = st.lists(st.integers(-60, 60), min_size=8, max_size=60)
stepped = st.lists(st.tuples(st.integers(-40, 40), st.integers(3, 20)), min_size=2, max_size=4).flatmap(
    lambda steps: st.tuples(
        *(st.lists(st.integers(level - 4, level + 4), min_size=size, max_size=size) for level, size in steps)
    ).map(lambda parts: [value for part in parts for value in part])
)
any_series = st.one_of(series, stepped).filter(lambda values: len(values) >= 8)


@given(any_series, st.integers(-1000, 1000), st.sampled_from([0.001, 0.5, 3, 1e6]))
def test_moving_and_stretching_a_series_moves_its_limits_and_keeps_its_verdicts(values, move, stretch):
    before, after = assess(values), assess([stretch * (value + move) for value in values])
    assert (after.verdict, after.rule) == (before.verdict, before.rule)
    for name in ("centre", "lower", "upper"):
        expected = [stretch * (limit + move) for limit in getattr(before, name)]
        assert getattr(after, name) == pytest.approx(expected, abs=1e-6 * stretch, nan_ok=True)


@given(any_series)
def test_turning_a_series_upside_down_swaps_up_and_down(values):
    before, after = assess(values), assess([-value for value in values])
    swap = {UP: DOWN, DOWN: UP}
    assert after.verdict == tuple(swap.get(verdict, verdict) for verdict in before.verdict)
    assert after.lower == pytest.approx([-limit for limit in before.upper], nan_ok=True)


@given(any_series)
def test_levels_are_in_order_and_long_enough(values):
    found = assess(values)
    starts = [level.start_index for level in found.levels]
    assert starts[0] == 0
    lengths = [after - before for before, after in pairwise([*starts, len(values)])]
    assert all(length >= 8 for length in lengths[1:])
    assert [found.rule[start + 7] for start in starts[1:]] == [2] * (len(starts) - 1)
    assert found.rule.count(2) == len(starts) - 1


@given(any_series)
def test_the_eight_that_begin_a_level_lie_beyond_the_centre_before(values):
    found = assess(values)
    for before, level in pairwise(found.levels):
        eight = values[level.start_index : level.start_index + 8]
        up = found.verdict[level.start_index + 7] == UP
        assert all(value > before.centre if up else value < before.centre for value in eight)


@given(series)
def test_a_single_level_without_an_episode_follows_the_plain_definitions(values):
    """A second route: mean, mean moving range and the rules as one reads them, by numpy."""
    found = assess(values)
    points = np.array(values, dtype=float)
    centre, spread = points.mean(), 2.66 * np.abs(np.diff(points)).mean()
    assume(len(found.levels) == 1)
    assume(found.centre[0] == pytest.approx(centre))
    distance = (points - centre) / (spread or 1)
    assume(np.abs(np.abs(distance)[:, None] - [0.5, 1]).min() > 1e-9)
    expected = []
    for place, here in enumerate(distance):
        last = distance[max(0, place - 3) : place + 1]
        near = abs(here) > 0.5 and (np.sign(here) * last > 0.5).sum() >= 3
        expected.append(1 if abs(here) > 1 else 3 if near else None)
    assert list(found.rule) == expected
    assert found.upper[0] == pytest.approx(centre + spread)


# Words


@pytest.mark.parametrize(
    ("rule", "verdict", "words"),
    [
        (1, UP, "outside the usual range (44.1–51.9 %)"),
        (2, UP, "the eighth sprint in a row above the average"),
        (2, DOWN, "the eighth sprint in a row below the average"),
        (3, UP, "3 of the last 4 sprints were unusually high"),
        (3, DOWN, "3 of the last 4 sprints were unusually low"),
        (None, WITHIN, "within the usual range (44.1–51.9 %)"),
        (None, "too little history (3 of 8)", "it takes 8 complete sprints to tell a change from chance"),
        (None, None, "no value in this period"),
    ],
)
def test_a_verdict_is_explained_in_plain_words(rule, verdict, words):
    assert explain(rule, verdict, "44.1–51.9 %", "sprint") == words


@pytest.mark.parametrize(
    ("verdict", "better", "meaning"),
    [
        (UP, "up", "good"),
        (DOWN, "up", "bad"),
        (UP, "down", "bad"),
        (DOWN, "down", "good"),
        (UP, None, None),
        (WITHIN, "up", None),
        (None, "up", None),
    ],
)
def test_better_turns_a_direction_into_good_or_bad(verdict, better, meaning):
    assert good_or_bad(verdict, better) == meaning
