"""What is refused when a measure, key result, plan or check-in is saved, and the hints that never refuse."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from kviboard.domain.okrs.model import (
    Cycle,
    KeyResult,
    KviSource,
    Measure,
    PlanPoint,
    band_text,
    check_check_in,
    check_key_result,
    check_measure,
    key_result_limit_hint,
    objective_limit_hint,
    plain,
)

QUARTER = Cycle("Q4 2026", date(2026, 10, 1), date(2026, 12, 31))
SOUND = KeyResult("Share of promoters", Measure("increase", Decimal("31.5"), 40))
DRIVEN = replace(SOUND, source=KviSource("promoter_revenue_share", "month", {"segment": ["Trial"]}))


def texts(problems):
    return " ".join(str(problem) for problem in problems)


@pytest.mark.parametrize(
    ("measure", "complaint"),
    [
        (Measure("increase", 50, 50), "equals the baseline"),
        (Measure("increase", 50, 40), 'Choose the kind "decrease"'),
        (Measure("decrease", 50, 60), 'Choose the kind "increase"'),
        (Measure("increase", 50), "there is no target."),
        (Measure("decrease"), "there is no baseline and no target."),
        (Measure("increase", 1, float("inf")), "the target is not a number."),
        (Measure("keep_within"), "no bound"),
        (Measure("keep_within", lower=5, upper=3), "lower bound lies above"),
        (Measure("keep_within", upper=0), "tolerance greater than 0"),
        (Measure("keep_within", lower=3, upper=5, tolerance=-1), "tolerance greater than 0"),
        (Measure("keep_within", lower=4, upper=4), "tolerance greater than 0"),
        (Measure("guess", 1, 2), 'kind "guess" is not known'),
    ],
)
def test_a_measure_that_cannot_be_computed_is_refused(measure, complaint):
    assert complaint in texts(check_measure(measure, "here"))


@pytest.mark.parametrize(
    "measure",
    [
        Measure("increase", -20, 10),
        Measure("decrease", 0, Decimal("-0.5")),
        Measure("keep_within", lower=3),
        Measure("keep_within", upper=0, tolerance=1),
        Measure("keep_within", lower=4, upper=4, tolerance=1),
        Measure("milestone"),
    ],
)
def test_a_sound_measure_is_accepted(measure):
    assert check_measure(measure, "here") == []


@pytest.mark.parametrize("measure", [Measure("increase", 50), Measure("decrease"), Measure("keep_within")])
def test_a_draft_may_miss_numbers(measure):
    assert check_measure(measure, "here", draft=True) == []


def test_a_draft_may_not_contradict_itself():
    assert check_measure(Measure("increase", 50, 50), "here", draft=True)


def test_all_problems_of_a_key_result_are_told_at_once():
    broken = KeyResult(" ", Measure("increase", 1, 1), weight=0, ambition="maybe", cadence_days=0)
    found = texts(check_key_result(broken, QUARTER))
    for complaint in ("title is empty", "weight is not greater than 0", '"maybe"', "cadence", "equals the baseline"):
        assert complaint in found
    assert check_key_result(SOUND, QUARTER) == check_key_result(DRIVEN, QUARTER) == []


def test_no_kvi_drives_a_milestone():
    assert "driven by a KVI" in texts(check_key_result(replace(DRIVEN, measure=Measure("milestone")), QUARTER))


@pytest.mark.parametrize(
    ("points", "complaint"),
    [
        ([(date(2026, 11, 1), 0.5), (date(2026, 11, 1), 0.6)], "not in order"),
        ([(date(2027, 1, 1), 0.5)], "outside the cycle"),
        ([(date(2026, 11, 1), 1.2)], "more than 100 %"),
        ([(date(2026, 11, 1), float("nan"))], "less than 0 %"),
    ],
)
def test_a_plan_has_its_days_in_order_and_its_shares_within_bounds(points, complaint):
    plan = tuple(PlanPoint(day, share) for day, share in points)
    assert complaint in texts(check_key_result(replace(SOUND, plan=plan), QUARTER))


def test_a_plan_may_expect_nothing_at_first_and_all_before_the_end():
    plan = (PlanPoint(date(2026, 10, 1), 0), PlanPoint(date(2026, 12, 31), 1))
    assert check_key_result(replace(SOUND, plan=plan), QUARTER) == []


def test_a_check_in_on_a_driven_key_result_takes_no_value():
    assert "comes from the data" in texts(check_check_in(DRIVEN, 35, 7))
    assert check_check_in(DRIVEN, None, 7) == check_check_in(SOUND, 35, None) == []


@pytest.mark.parametrize("confidence", [-1, 11])
def test_confidence_is_0_to_10(confidence):
    assert "between 0 and 10" in texts(check_check_in(SOUND, 35, confidence))


def test_a_check_in_needs_a_number_and_a_milestone_a_yes_or_no():
    assert "not a number" in texts(check_check_in(SOUND, float("nan"), 5))
    milestone = replace(SOUND, measure=Measure("milestone"))
    assert "done or not" in texts(check_check_in(milestone, 0.5, 5))
    assert check_check_in(milestone, 1, 5) == []


@pytest.mark.parametrize(("count", "hinted"), [(0, True), (1, True), (2, False), (5, False), (6, True)])
def test_two_to_five_key_results_keep_an_objective_in_focus(count, hinted):
    assert (key_result_limit_hint(count) is not None) is hinted


@pytest.mark.parametrize(("count", "hinted"), [(0, True), (1, False), (5, False), (6, True)])
def test_one_to_five_objectives_keep_a_team_in_focus(count, hinted):
    assert (objective_limit_hint(count) is not None) is hinted


def test_hints_say_how_many_there_are():
    assert key_result_limit_hint(1) == "1 key result: 2 to 5 keep an objective in focus."
    assert objective_limit_hint(7) == "7 objectives: 1 to 5 keep a team in focus."


def test_bands_in_words():
    shown = [band_text(3, None), band_text(None, 5), band_text(3, 5), band_text(None, None)]
    assert shown == ["at least 3", "at most 5", "between 3 and 5", "no bounds"]
    assert plain(-1234.5) == "−1,234.5"
