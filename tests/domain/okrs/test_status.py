"""Status of a key result: thresholds, plans, caps, the end of the cycle, and the sentence that says why.

The cycle of 100 days makes shares of it easy to check: day n of the cycle is n % of it.
"""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kviboard.domain.okrs.model import Cycle, KeyResult, Measure, PlanPoint
from kviboard.domain.okrs.status import (
    WORST_FIRST,
    Status,
    comparable,
    elapsed_share,
    expected_share,
    gone_text,
    judge_key_result,
    missed_narrowly,
)
from kviboard.errors import UsageError

CYCLE = Cycle("100 days", date(2026, 9, 23), date(2026, 12, 31))
RISE = KeyResult("Share of promoters", Measure("increase", 0, 100))
BAND = KeyResult("Complaints per 1,000", Measure("keep_within", lower=3, upper=5))
STEP = KeyResult("Returns desk open", Measure("milestone"))


def on(percent_of_cycle):
    return CYCLE.starts_on + timedelta(days=percent_of_cycle - 1)


def plan(*points):
    return tuple(PlanPoint(on(day), share) for day, share in points)


def test_elapsed_is_the_share_of_days_that_are_over():
    assert [elapsed_share(CYCLE, on(day)) for day in (-5, 0, 1, 55, 100, 130)] == [0, 0, 0.01, 0.55, 1, 1]
    day = Cycle("a day", date(2026, 11, 3), date(2026, 11, 3))
    assert elapsed_share(day, date(2026, 11, 3)) == 1


def test_without_a_plan_as_much_is_expected_as_is_over():
    assert [expected_share(CYCLE, on(day)) for day in (0, 25, 50, 100, 120)] == [0, 0.25, 0.5, 1, 1]


def test_a_plan_is_followed_in_straight_lines_from_the_start_through_its_points_to_the_end():
    phased = plan((20, 0.1), (60, 0.9))
    shares = [expected_share(CYCLE, on(day), phased) for day in (0, 10, 20, 40, 60, 80, 100)]
    assert shares == pytest.approx([0, 0.05, 0.1, 0.5, 0.9, 0.95, 1])


def test_a_plan_may_end_below_all():
    assert expected_share(CYCLE, on(100), plan((100, 0.8))) == expected_share(CYCLE, on(130), plan((100, 0.8))) == 0.8


@pytest.mark.parametrize(
    ("current", "status"),
    [
        (46.75, Status.ON_TRACK),  # exactly 0.85 × 55 %
        (46.74, Status.AT_RISK),
        (33, Status.AT_RISK),  # exactly 0.6 × 55 %
        (32.99, Status.OFF_TRACK),
        (-10, Status.OFF_TRACK),
        (120, Status.ON_TRACK),
    ],
)
def test_progress_is_held_against_what_is_expected(current, status):
    assert judge_key_result(RISE, current, CYCLE, on(55)).status == status


LOW = "expected 47 % or more (at risk from 33 % on)"
LOW_BAND = "expected 85 % or more (at risk from 60 % on)"


@pytest.mark.parametrize(
    ("key_result", "current", "day", "reason"),
    [
        (RISE, 40, 55, "40 % done; 55 % of the cycle gone, expected 47 % or more"),
        (RISE, 20, 55, "20 % done; 55 % of the cycle gone, " + LOW),
        (RISE, 46.6, 55, "46.6 % done; 55 % of the cycle gone, expected 46.8 % or more"),
        (
            RISE,
            -25,
            55,
            "moved the wrong way (0 → −25); 55 % of the cycle gone, " + LOW,
        ),
        (RISE, 150, 55, "150 % done, past the target; 55 % of the cycle gone, expected 47 % or more"),
        (RISE, None, 55, "no value yet"),
        (RISE, 5, 8, "5 % done; 8 % of the cycle gone, judged from 10 % on"),
        (RISE, 5, 0, "the cycle starts on 23 Sep 2026"),
        (RISE, 100, 100, "100 % done at the end of the cycle; committed, so it needs 100 %"),
        (RISE, 99.7, 100, "99.7 % done at the end of the cycle; committed, so it needs 100 %"),
        (
            replace(RISE, plan=plan((60, 0.2))),
            10,
            30,
            "10 % done; 30 % of the cycle gone, 10 % planned, expected 8 % or more",
        ),
        (BAND, 4, 55, "inside its band; 55 % of the cycle gone, and it should hold to the end"),
        (
            BAND,
            6,
            55,
            "outside its band, 50 % kept; 55 % of the cycle gone, " + LOW_BAND,
        ),
        (
            BAND,
            9,
            55,
            "outside its band by more than its tolerance; 55 % of the cycle gone, " + LOW_BAND,
        ),
        (STEP, 0, 55, "not done; 55 % of the cycle gone, due 31 Dec 2026"),
        (STEP, 1, 55, "done; 55 % of the cycle gone, due 31 Dec 2026"),
        (STEP, 0, 100, "not done at the end of the cycle; committed, so it needs 100 %"),
        (replace(RISE, measure=Measure("increase", 5)), 40, 55, "its numbers are not complete yet"),
    ],
)
def test_every_status_says_why_in_numbers_and_by_which_rule(key_result, current, day, reason):
    assert judge_key_result(key_result, current, CYCLE, on(day)).reason == reason


def test_no_value_is_pending_even_at_the_end():
    verdict = judge_key_result(RISE, None, CYCLE, on(100))
    assert (verdict.status, verdict.raw) == (Status.PENDING, None)


@pytest.mark.parametrize(("current", "status"), [(0, Status.PENDING), (90, Status.PENDING), (-1, Status.OFF_TRACK)])
def test_before_a_tenth_of_the_cycle_only_a_move_the_wrong_way_counts(current, status):
    assert judge_key_result(RISE, current, CYCLE, on(9)).status == status


def test_from_a_tenth_on_it_is_judged_and_before_the_cycle_never():
    assert judge_key_result(RISE, 0, CYCLE, on(10)).status == Status.OFF_TRACK
    assert judge_key_result(RISE, -50, CYCLE, on(0)).status == Status.PENDING


@pytest.mark.parametrize(
    ("ambition", "current", "status"),
    [
        ("committed", 100, Status.ACHIEVED),
        ("committed", 99.99, Status.MISSED),
        ("aspirational", 70, Status.ACHIEVED),
        ("aspirational", 69.99, Status.MISSED),
        ("committed", 140, Status.ACHIEVED),
    ],
)
def test_at_the_end_committed_needs_all_and_aspirational_seven_tenths(ambition, current, status):
    key_result = replace(RISE, ambition=ambition)
    assert judge_key_result(key_result, current, CYCLE, on(100)).status == status
    assert judge_key_result(key_result, current, CYCLE, on(40), closed=True).status == status


@pytest.mark.parametrize(
    ("ambition", "current", "grade", "status", "said"),
    [
        ("committed", 90, "0.9", Status.MISSED, "90 % done at the end of the cycle; committed, so it needs 100 %"),
        (
            "aspirational", 90, "0.9", Status.ACHIEVED,
            "90 % done at the end of the cycle; aspirational, so it needs 70 %",
        ),
        (
            "aspirational", 60, "0.9", Status.ACHIEVED,
            "60 % done at the end of the cycle; aspirational, so it needs 70 %; "
            "graded 0.9 where 0.7 counts as achieved",
        ),
        (
            "committed", 100, "0.4", Status.MISSED,
            "100 % done at the end of the cycle; committed, so it needs 100 %; graded 0.4 where 1.0 counts as achieved",
        ),
        ("aspirational", None, "0.7", Status.ACHIEVED, "no value yet; graded 0.7 where 0.7 counts as achieved"),
    ],
)  # fmt: skip
def test_what_is_closed_is_achieved_or_missed_by_its_grade(ambition, current, grade, status, said):
    judged = judge_key_result(
        replace(RISE, ambition=ambition), current, CYCLE, on(100), closed=True, grade=Decimal(grade)
    )
    assert (judged.status, judged.reason) == (status, said)


def test_an_unknown_ambition_is_refused():
    with pytest.raises(UsageError, match="committed or aspirational"):
        judge_key_result(replace(RISE, ambition="maybe"), 50, CYCLE, on(100))


@pytest.mark.parametrize(
    ("confidence", "current", "status"),
    [
        (3, 90, Status.AT_RISK),
        (4, 90, Status.ON_TRACK),
        (None, 90, Status.ON_TRACK),
        (3, 40, Status.AT_RISK),
        (0, 10, Status.OFF_TRACK),
    ],
)
def test_a_low_confidence_holds_the_status_at_risk(confidence, current, status):
    assert judge_key_result(RISE, current, CYCLE, on(55), confidence).status == status


def test_a_low_confidence_is_said_in_the_reason_and_does_not_undo_a_result():
    verdict = judge_key_result(RISE, 90, CYCLE, on(55), 3)
    assert verdict.reason.endswith("expected 47 % or more; a confidence of 3 (3 or less) holds it at risk")
    assert judge_key_result(RISE, 100, CYCLE, on(100), 0).status == Status.ACHIEVED


@pytest.mark.parametrize(
    ("current", "status"), [(5, Status.ON_TRACK), (5.3, Status.ON_TRACK), (5.6, Status.AT_RISK), (6, Status.OFF_TRACK)]
)
def test_a_band_must_hold_from_the_first_day(current, status):
    assert judge_key_result(BAND, current, CYCLE, on(20)).status == status


@pytest.mark.parametrize(
    ("day", "current", "status"),
    [(20, 0, Status.ON_TRACK), (59, 0, Status.ON_TRACK), (60, 0, Status.OFF_TRACK), (60, 1, Status.ON_TRACK)],
)
def test_a_milestone_is_behind_only_once_it_is_due(day, current, status):
    step = replace(STEP, plan=plan((60, 1)))
    assert judge_key_result(step, current, CYCLE, on(day)).status == status


def test_statuses_are_ordered_worst_first_and_read_as_people_say_them():
    assert [str(status) for status in WORST_FIRST] == [
        "Missed",
        "Off track",
        "At risk",
        "Pending",
        "On track",
        "Achieved",
    ]


@given(st.floats(-3, 3), st.floats(-3, 3), st.integers(1, 100), st.integers(0, 10))
def test_more_progress_is_never_a_worse_status(one, other, day, confidence):
    low, high = sorted((100 * one, 100 * other))
    worse, better = (judge_key_result(RISE, value, CYCLE, on(day), confidence).status for value in (low, high))
    assert WORST_FIRST.index(worse) <= WORST_FIRST.index(better)


@given(st.floats(-2, 2), st.floats(-2, 2))
def test_unlike_shares_never_read_alike_unless_they_differ_by_less_than_a_hundredth_of_a_per_cent(raw, need):
    texts = comparable(raw, need)
    assert (texts[0] != texts[1]) or abs(raw - need) <= 1e-4


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2026, 10, 31), "a third of the quarter gone"),  # 31 of 92 days
        (date(2026, 11, 15), "half of the quarter gone"),  # 46 of 92
        (date(2026, 11, 30), "two thirds of the quarter gone"),  # 61 of 92
        (date(2026, 12, 20), "88 % of the quarter gone"),  # 81 of 92
    ],
)
def test_how_much_of_a_quarter_is_gone_is_said_in_a_word_where_one_is_close(day, words):
    quarter = Cycle("Q4 2026", date(2026, 10, 1), date(2026, 12, 31))
    assert gone_text(quarter, elapsed_share(quarter, day)) == words


@pytest.mark.parametrize(
    ("current", "grade", "narrowly"),
    [(90, None, True), (85, None, True), (84, None, False), (100, None, False), (90, "0.2", False), (20, "0.9", True)],
)
def test_what_was_missed_by_little_came_as_near_as_is_on_track(current, grade, narrowly):
    """Committed to 100 from 0, so 85 and more of it is near; 100 is achieved. A grade goes first."""
    graded = None if grade is None else Decimal(grade)
    ended = judge_key_result(RISE, current, CYCLE, on(100), closed=True, grade=graded)
    assert missed_narrowly(ended, graded) is narrowly
