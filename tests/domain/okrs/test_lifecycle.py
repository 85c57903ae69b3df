"""Draft → Active → Closed: steps, frozen things, closing, carrying over."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from kviboard.domain.okrs.lifecycle import (
    OUTCOMES,
    STEPS,
    State,
    SuggestedGrade,
    carry_over,
    changed_terms,
    check_change,
    check_closing,
    check_step,
    needs_reason,
    suggest_grade,
    suggest_objective_grade,
)
from kviboard.domain.okrs.model import Cycle, KeyResult, KviSource, Measure, PlanPoint

QUARTER = Cycle("Q4 2026", date(2026, 10, 1), date(2026, 12, 31))
RISE = KeyResult("Share of promoters", Measure("increase", 30, 40), owner="Product leadership")


@pytest.mark.parametrize(
    ("step", "state", "allowed"),
    [(step, state, state == STEPS[step][0]) for step in STEPS for state in State],
)
def test_steps_lead_from_draft_to_active_to_closed_and_back_to_active(step, state, allowed):
    assert (check_step(step, state, [RISE], QUARTER) == []) is allowed


def test_the_three_steps():
    assert {step: (str(here), str(there)) for step, (here, there) in STEPS.items()} == {
        "activate": ("Draft", "Active"),
        "close": ("Active", "Closed"),
        "reopen": ("Closed", "Active"),
    }
    assert "is not a step" in str(check_step("delete", State.DRAFT, [RISE], QUARTER)[0])


def test_activating_needs_key_results_whose_numbers_are_complete():
    assert "no key result" in str(check_step("activate", State.DRAFT, [], QUARTER)[0])
    unfinished = replace(RISE, measure=Measure("increase", 30))
    assert "no target" in str(check_step("activate", State.DRAFT, [RISE, unfinished], QUARTER)[0])


def test_the_kind_is_frozen_after_the_first_check_in():
    falling = replace(RISE, measure=Measure("decrease", 40, 30))
    assert check_change(RISE, falling, State.ACTIVE, check_ins=0, reason="typed the wrong way round") == []
    assert "kind is frozen" in str(check_change(RISE, falling, State.ACTIVE, check_ins=1, reason="because")[0])
    assert check_change(RISE, falling, State.DRAFT) == []


@pytest.mark.parametrize(
    ("after", "term"),
    [
        (replace(RISE, measure=replace(RISE.measure, target=45)), "target"),
        (replace(RISE, measure=replace(RISE.measure, baseline=29)), "baseline"),
        (replace(RISE, plan=(PlanPoint(date(2026, 11, 1), 0.2),)), "plan"),
        (replace(RISE, source=KviSource("nps", "month")), "KVI"),
        (replace(RISE, ambition="aspirational"), "ambition"),
    ],
)
def test_what_an_active_key_result_is_judged_by_changes_with_a_reason_only(after, term):
    assert changed_terms(RISE, after) == [term]
    assert f"the {term} of an active key result changes" in str(check_change(RISE, after, State.ACTIVE, reason=" ")[0])
    assert check_change(RISE, after, State.ACTIVE, reason="The survey moved to another scale.") == []
    assert check_change(RISE, after, State.DRAFT) == []
    assert not needs_reason(RISE, after, State.DRAFT)


def test_the_same_number_typed_another_way_is_no_change():
    assert changed_terms(RISE, replace(RISE, measure=Measure("increase", Decimal("30.0"), 40.0))) == []
    tenth, planned = Measure("increase", 0.1, 0.3), (PlanPoint(date(2026, 11, 1), 0.1),)
    typed = replace(RISE, measure=tenth, plan=planned)
    stored = replace(
        RISE,
        measure=Measure("increase", Decimal("0.1"), Decimal("0.3")),
        plan=(PlanPoint(date(2026, 11, 1), Decimal("0.10")),),
    )
    assert changed_terms(typed, stored) == check_change(typed, stored, State.ACTIVE) == []


def test_title_owner_weight_and_cadence_change_freely_while_active():
    after = replace(RISE, title="Promoters", owner="Support", weight=2, cadence_days=7)
    assert check_change(RISE, after, State.ACTIVE, check_ins=5) == []


def test_nothing_changes_once_closed():
    assert "is closed" in str(check_change(RISE, replace(RISE, title="Other"), State.CLOSED, reason="because")[0])
    assert check_change(RISE, RISE, State.CLOSED) == []


@pytest.mark.parametrize(
    ("ambition", "current", "grade", "verdict"),
    [
        ("committed", 37, 0.7, "not reached"),
        ("aspirational", 37, 0.7, "reached"),
        ("aspirational", 36.9, 0.6, "not reached"),  # 69 % is not rounded up to its bar
        ("committed", 39.99, 0.9, "not reached"),
        ("committed", 40, 1.0, "reached"),
        ("committed", 60, 1.0, "reached"),
        ("committed", 20, 0.0, "not reached"),
        ("committed", 34.96, 0.5, "not reached"),  # 49.6 % reads as 50 %
        ("committed", 37.5, 0.8, "not reached"),
    ],
)
def test_the_suggested_grade_is_the_progress_in_tenths_and_no_rounding_reaches_a_bar(ambition, current, grade, verdict):
    suggested = suggest_grade(replace(RISE, ambition=ambition), current)
    assert suggested.grade == grade
    assert suggested.reason.endswith(f": {verdict}")


def test_a_grade_short_of_its_bar_does_not_read_as_the_bar():
    reasons = [
        suggest_grade(replace(RISE, ambition=a), c).reason for a, c in (("aspirational", 36.98), ("committed", 39.96))
    ]
    assert reasons == [
        "69.8 %; aspirational, so 0.7 counts as achieved: not reached",
        "99.6 %; committed, so 1.0 counts as achieved: not reached",
    ]


def test_what_moved_the_wrong_way_is_graded_0_without_a_negative_share():
    assert suggest_grade(RISE, 20).reason == "moved the wrong way; committed, so 1.0 counts as achieved: not reached"


def test_no_value_no_grade():
    assert suggest_grade(RISE, None).grade is suggest_objective_grade([RISE], [None]).grade is None


def test_an_objective_is_graded_by_the_weighted_mean_of_what_was_measured():
    key_results = [RISE, replace(RISE, weight=3), RISE]
    suggested = suggest_objective_grade(key_results, [40, 35, None])  # (1 × 1 + 0.5 × 3) / 4
    assert suggested == SuggestedGrade(0.6, "62 % done on average (2 of 3 measured)")


@pytest.mark.parametrize(
    ("grade", "reason", "outcome", "note", "complaint"),
    [
        (1.1, "", "keep", "Learned a lot.", "between 0.0 and 1.0"),
        (None, "", "keep", "Learned a lot.", "between 0.0 and 1.0"),
        (0.9, " ", "keep", "Learned a lot.", "differs from the suggested 0.7"),
        (0.7, "", "", "Learned a lot.", "no decision"),
        (0.7, "", "keep", " ", "note is empty"),
    ],
)
def test_closing_needs_a_grade_a_reason_to_override_it_a_decision_and_a_note(grade, reason, outcome, note, complaint):
    problems = check_closing(SuggestedGrade(0.7, ""), grade, reason, outcome, note)
    assert complaint in " ".join(str(problem) for problem in problems)


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_a_complete_closing_is_accepted(outcome):
    assert check_closing(SuggestedGrade(0.7, ""), 0.7, "", outcome, "Learned a lot.") == []
    assert check_closing(SuggestedGrade(0.7, ""), 0.9, "The survey ran late.", outcome, "Learned a lot.") == []
    assert check_closing(SuggestedGrade(None, ""), 0.5, "", outcome, "Learned a lot.") == []


def test_carrying_over_starts_from_the_current_value_without_the_old_plan():
    planned = replace(RISE, plan=(PlanPoint(date(2026, 11, 1), 0.2),), weight=2)
    copy = carry_over(planned, 36)
    assert copy == replace(RISE, weight=2, measure=Measure("increase", 36, 40))
    assert planned.measure.baseline == 30


def test_a_target_already_reached_is_left_for_the_owner_to_set():
    assert carry_over(RISE, 40).measure == carry_over(RISE, 40.0).measure == Measure("increase", 40)
    assert carry_over(RISE, 55).measure == Measure("increase", 55)


def test_without_a_value_the_old_baseline_is_kept_and_bands_keep_their_bounds():
    assert carry_over(RISE, None).measure == RISE.measure
    band = replace(RISE, measure=Measure("keep_within", upper=5))
    assert carry_over(band, 6).measure == Measure("keep_within", baseline=6, upper=5)
