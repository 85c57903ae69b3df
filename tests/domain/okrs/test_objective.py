"""Status of an objective: the mean decides, the worst is named, guardrails hold it at risk."""

from datetime import date, timedelta

import pytest

from kviboard.domain.okrs.model import Cycle, KeyResult, Measure
from kviboard.domain.okrs.objective import Graded, JudgedKeyResult, judge_objective
from kviboard.domain.okrs.status import Status, judge_key_result

CYCLE = Cycle("100 days", date(2026, 9, 23), date(2026, 12, 31))
BREACH = "Complaints per 1,000 stands at 6.2, not at most 4"


def on(percent_of_cycle):
    return CYCLE.starts_on + timedelta(days=percent_of_cycle - 1)


def objective(*currents, day=55, breaches=(), weights=None, ambitions=None):
    parts = []
    for number, current in enumerate(currents):
        ambition = ambitions[number] if ambitions else "committed"
        key_result = KeyResult(f"KR {number + 1}", Measure("increase", 0, 100), ambition=ambition)
        verdict = judge_key_result(key_result, current, CYCLE, on(day))
        parts.append(JudgedKeyResult(key_result.title, verdict, weights[number] if weights else 1, ambition))
    return judge_objective(parts, CYCLE, on(day), breaches)


def test_the_mean_decides_and_the_worst_is_named():
    verdict = objective(90, 20, None)
    assert verdict.status == Status.ON_TRACK
    assert (verdict.raw, verdict.worst, verdict.measured_text) == (0.55, 1, "2 of 3 measured")
    assert verdict.reason == (
        "55 % done on average (2 of 3 measured); 55 % of the cycle gone, expected 47 % or more"
        "; worst: “KR 2”, 20 %, off track"
    )


def test_the_worst_that_left_its_band_is_said_to_lie_outside():
    band, way = KeyResult("Band", Measure("keep_within", lower=20, upper=25, tolerance=5)), Measure("increase", 0, 100)
    parts = [
        JudgedKeyResult(each.title, judge_key_result(each, value, CYCLE, on(55)), is_band=each.measure.is_band)
        for each, value in ((band, 40), (KeyResult("Way", way), 90))
    ]
    said = judge_objective(parts, CYCLE, on(55)).reason
    assert said.endswith("; worst: “Band”, outside its band by more than its tolerance, off track")


def test_a_milestone_that_is_not_due_is_not_worse_than_what_is_at_risk():
    later, behind = KeyResult("Later", Measure("milestone")), KeyResult("Behind", Measure("increase", 0, 100))
    parts = [
        JudgedKeyResult(each.title, judge_key_result(each, value, CYCLE, on(55)))
        for each, value in ((later, 0), (behind, 35))
    ]
    verdict = judge_objective(parts, CYCLE, on(55))
    assert verdict.worst == 1
    assert verdict.reason.endswith("; worst: “Behind”, 35 %, at risk")


def test_a_milestone_that_is_not_due_is_no_worse_than_others_on_track():
    told = ((KeyResult("Later", Measure("milestone")), 0), (KeyResult("Even", Measure("increase", 0, 100)), 60))
    parts = [JudgedKeyResult(each.title, judge_key_result(each, value, CYCLE, on(55))) for each, value in told]
    assert judge_objective(parts, CYCLE, on(55)).reason.endswith("; worst: “Even”, 60 %, on track")


def test_closed_before_the_end_it_says_so_and_is_held_against_the_bars():
    ambitious = KeyResult("Bold", Measure("increase", 0, 100), ambition="aspirational")
    verdict = judge_key_result(ambitious, 75, CYCLE, on(40), closed=True)
    closed = judge_objective([JudgedKeyResult("Bold", verdict, ambition="aspirational")], CYCLE, on(40), closed=True)
    assert (verdict.expected, closed.expected) == (0.7, 0.7)
    assert (
        closed.reason == "75 % done on average (1 of 1 measured) when it was closed at 40 % of the cycle; it needs 70 %"
    )


@pytest.mark.parametrize(
    ("grades", "graded", "status"),
    [
        ((1.0, 0.7), Graded(0.9, 0.9), Status.ACHIEVED),  # needs (1.0 + 0.7) / 2 = 0.85
        ((1.0, 0.6), Graded(0.8, 0.8), Status.MISSED),
        ((0.9, 1.0), Graded(0.9, 0.9), Status.MISSED),  # what was committed was not kept
        ((0.9, 1.0), Graded(1.0, 0.9), Status.ACHIEVED),  # its owner says otherwise
        ((1.0, 1.0), Graded(0.5, 1.0), Status.MISSED),
    ],
)
def test_a_closed_objective_is_achieved_or_missed_by_its_grade(grades, graded, status):
    measure = Measure("increase", 0, 100)
    parts = [
        JudgedKeyResult(
            ambition,
            judge_key_result(
                KeyResult(ambition, measure, ambition=ambition), 100 * grade, CYCLE, on(100), closed=True, grade=grade
            ),
            ambition=ambition,
        )
        for ambition, grade in zip(("committed", "aspirational"), grades, strict=True)
    ]
    judged = judge_objective(parts, CYCLE, on(100), closed=True, graded=graded)
    assert (judged.status, judged.expected) == (status, pytest.approx(0.85))


def test_a_closed_objective_that_nobody_measured_is_judged_by_its_grade():
    pending = judge_key_result(KeyResult("Bold", Measure("increase", 0, 100)), None, CYCLE, on(100), closed=True)
    closed = judge_objective([JudgedKeyResult("Bold", pending)], CYCLE, on(100), closed=True, graded=Graded(1.0))
    assert (closed.status, closed.raw) == (Status.ACHIEVED, None)


def test_what_is_past_its_target_does_not_make_up_for_what_is_behind():
    assert objective(300, 0).raw == 0.5


@pytest.mark.parametrize(
    ("currents", "weights", "status"),
    [((60, 0), (3, 1), Status.AT_RISK), ((60, 0), (1, 3), Status.OFF_TRACK), ((60, 0), (9, 1), Status.ON_TRACK)],
)
def test_weights_count(currents, weights, status):
    assert objective(*currents, weights=weights).status == status


def test_without_values_it_is_pending_and_without_key_results_too():
    assert (objective(None, None).status, objective(None).reason) == (Status.PENDING, "no key result has a value yet")
    assert (objective().status, objective().reason) == (Status.PENDING, "it has no key result yet")


def test_early_in_the_cycle_it_is_pending_unless_a_key_result_moved_the_wrong_way():
    early = objective(1, 2, day=9)
    assert (early.status, early.raw) == (Status.PENDING, 0.015)
    assert early.reason.startswith("2 % done on average (2 of 2 measured); 9 % of the cycle gone, judged from 10 % on")
    assert objective(1, -2, day=9).status == Status.OFF_TRACK


@pytest.mark.parametrize(
    ("currents", "ambitions", "status"),
    [
        ((100, 120), ("committed", "committed"), Status.ACHIEVED),
        ((100, 99), ("committed", "committed"), Status.MISSED),
        ((90, 60), ("aspirational", "aspirational"), Status.ACHIEVED),  # mean 75 % against 70 %
        ((80, 50), ("aspirational", "aspirational"), Status.MISSED),
        ((100, 70), ("committed", "aspirational"), Status.ACHIEVED),  # mean 85 % against 85 %
        ((80, 100), ("committed", "aspirational"), Status.MISSED),  # 90 % against 85 %, but a commitment was missed
        ((100, None), ("committed", "committed"), Status.ACHIEVED),
        ((None, None), ("committed", "committed"), Status.PENDING),
    ],
)
def test_at_the_end_commitments_are_kept_and_the_mean_reaches_the_mean_of_the_bars(currents, ambitions, status):
    assert objective(*currents, ambitions=ambitions, day=100).status == status


def test_a_missed_commitment_is_named():
    verdict = objective(80, 100, ambitions=("committed", "aspirational"), day=100)
    assert verdict.reason.startswith(
        "90 % done on average (2 of 2 measured) at the end of the cycle; it needs 85 %"
        " and every committed key result, but “KR 1” was missed"
    )


@pytest.mark.parametrize(
    ("current", "day", "status"),
    [
        (90, 55, Status.AT_RISK),
        (40, 55, Status.AT_RISK),
        (10, 55, Status.OFF_TRACK),
        (100, 100, Status.AT_RISK),
        (10, 100, Status.MISSED),
        (None, 55, Status.PENDING),
    ],
)
def test_a_breached_guardrail_holds_it_at_risk_and_never_lifts_it(current, day, status):
    verdict = objective(current, day=day, breaches=[BREACH])
    assert verdict.status == status
    assert verdict.reason.endswith(BREACH)
