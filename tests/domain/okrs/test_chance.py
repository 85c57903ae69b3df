"""Targets that luck alone could reach, and movements that are no signal."""

import math

import pytest

from kviboard.domain.kvis.signals import DOWN, UP, WITHIN, assess
from kviboard.domain.okrs.chance import movement_since_baseline, reachable_by_luck
from kviboard.domain.okrs.model import Measure


@pytest.mark.parametrize(
    ("measure", "lucky"),
    [
        (Measure("increase", 36, 40), True),
        (Measure("increase", 36, 44), True),  # on the limit
        (Measure("increase", 36, 44.1), False),
        (Measure("decrease", 36, 31), True),
        (Measure("decrease", 36, 30.9), False),
        (Measure("keep_within", lower=30, upper=45), True),  # holds the normal range as it is
        (Measure("keep_within", lower=30), True),
        (Measure("keep_within", lower=33, upper=45), False),
        (Measure("keep_within", upper=40), False),
        (Measure("milestone"), False),
        (Measure("increase", 36), False),
    ],
)
def test_a_target_inside_the_normal_range_could_be_luck(measure, lucky):
    assert (reachable_by_luck(measure, 31, 44) is not None) is lucky


def test_the_warning_says_the_range_and_what_would_be_real():
    assert reachable_by_luck(Measure("increase", 36, 40), 31, 44) == (
        "40 is inside the usual range 31 to 44: you could reach this by chance."
        " A target above 44 would be a real change."
    )


def test_where_the_usual_range_ends_at_what_can_be_no_target_beyond_is_named():
    calm = "you could reach this by chance. No target lies beyond:"
    assert reachable_by_luck(Measure("increase", 36, 40), 31, 44, limits=(0, 44)) == (
        f"40 is inside the usual range 31 to 44: {calm} 44 is the most it can be."
    )
    assert reachable_by_luck(Measure("decrease", 36, 10), 0, 44, limits=(0, 100)) == (
        f"10 is inside the usual range 0 to 44: {calm} 0 is the least it can be."
    )
    assert "A target above 44" in str(reachable_by_luck(Measure("increase", 36, 40), 0, 44, limits=(0, 100)))


@pytest.mark.parametrize("limit", [None, math.nan])
def test_too_little_history_warns_of_nothing(limit):
    assert reachable_by_luck(Measure("increase", 36, 40), limit, limit) is None


def test_limits_come_from_the_process_behaviour_chart():
    history = [10, 12, 11, 9, 10, 11, 12, 9]  # mean 10.5, mean moving range 11 / 7
    level = assess(history).levels[-1]
    assert (level.lower, level.upper) == pytest.approx((10.5 - 2.66 * 11 / 7, 10.5 + 2.66 * 11 / 7))
    assert reachable_by_luck(Measure("increase", 10.5, 14.6), level.lower, level.upper)
    assert reachable_by_luck(Measure("increase", 10.5, 14.7), level.lower, level.upper) is None


@pytest.mark.parametrize(
    ("verdicts", "verdict", "sentence"),
    [
        ([WITHIN, WITHIN], WITHIN, "▲ 2.1 pp since the baseline: the usual ups and downs."),
        ([WITHIN, UP, WITHIN], UP, "▲ 2.1 pp since the baseline, a real change (unusually high)."),
        ([UP, DOWN, None], DOWN, "▲ 2.1 pp since the baseline, a real change (unusually low)."),
        (
            ["too little history (3 of 8)"],
            "too little history (3 of 8)",
            "▲ 2.1 pp since the baseline; too little history (3 of 8).",
        ),
    ],
)
def test_the_movement_since_the_baseline_is_a_signal_if_any_period_since_was(verdicts, verdict, sentence):
    movement = movement_since_baseline(verdicts, "▲ 2.1 pp")
    assert (movement.verdict, movement.sentence) == (verdict, sentence)


def test_no_period_since_the_baseline_says_nothing():
    assert movement_since_baseline([], "▲ 2.1 pp") is movement_since_baseline([None], "▲ 2.1 pp") is None
