"""Progress and roll-up: every row of the table of test vectors, and what must hold for any numbers."""

import math
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from kviboard.domain.okrs.model import Measure, check_measure
from kviboard.domain.okrs.progress import (
    Guardrail,
    describe_progress,
    guardrail_breach,
    is_worse_than_baseline,
    progress,
    roll_up,
    rolled_up,
    value_at,
)
from kviboard.errors import UsageError

BETWEEN_3_AND_5 = Measure("keep_within", lower=3, upper=5)

TABLE = [
    (Measure("increase", 0, 100), 50, 0.5, 0.5),
    (Measure("decrease", 100, 20), 80, 0.25, 0.25),
    (Measure("increase", 20, 100), 0, -0.25, 0),
    (Measure("increase", 0, 100), 150, 1.5, 1),
    (Measure("increase", -20, 10), -5, 0.5, 0.5),
    (BETWEEN_3_AND_5, 4, 1, 1),
    (BETWEEN_3_AND_5, 5, 1, 1),
    (BETWEEN_3_AND_5, 6, 0.5, 0.5),
    (BETWEEN_3_AND_5, 8, -0.5, 0),
    (Measure("increase", 0, 100), None, None, None),
    (Measure("decrease", 100, 20), None, None, None),
    (BETWEEN_3_AND_5, None, None, None),
    (Measure("milestone"), None, None, None),
]
NUMBERS = st.decimals(-(10**9), 10**9, allow_nan=False, places=4)
WAYS = st.tuples(NUMBERS, NUMBERS).filter(lambda way: way[0] != way[1])


def way(baseline, target):
    return Measure("increase" if target > baseline else "decrease", baseline, target)


@pytest.mark.parametrize(("measure", "current", "raw", "clamped"), TABLE)
@pytest.mark.parametrize("kind_of_number", [float, Decimal])
def test_every_row_of_the_table(measure, current, raw, clamped, kind_of_number):
    value = None if current is None else kind_of_number(current)
    assert progress(measure, value) == raw
    assert rolled_up(progress(measure, value)) == clamped


def test_a_target_that_equals_the_baseline_is_refused():
    measure = Measure("increase", 50, Decimal("50.0"))
    assert [problem.what for problem in check_measure(measure, "here")] == ["the target equals the baseline."]
    with pytest.raises(UsageError, match="target equals the baseline"):
        progress(measure, 60)


@pytest.mark.parametrize(("current", "raw"), [(0, 0), (1, 1), (True, 1), (False, 0)])
def test_a_milestone_is_done_or_not(current, raw):
    assert progress(Measure("milestone"), current) == raw


@pytest.mark.parametrize(
    ("measure", "current", "raw"),
    [
        (Measure("keep_within", lower=50), 60, 1),  # at least 50; tolerance 10 % of the bound: 5
        (Measure("keep_within", lower=50), 48, 0.6),
        (Measure("keep_within", upper=-50), -48, 0.6),
        (Measure("keep_within", upper=4), 4.2, 0.5),
        (Measure("keep_within", upper=0, tolerance=2), 1, 0.5),
        (Measure("keep_within", lower=3, upper=5, tolerance=1), 5.5, 0.5),
        (Measure("keep_within", lower=5, upper=5, tolerance=2), 6, 0.5),
        (Measure("keep_within", lower=3, upper=5), 1, 0),
    ],
)
def test_outside_a_band_progress_falls_by_one_per_tolerance(measure, current, raw):
    assert progress(measure, current) == raw


@pytest.mark.parametrize("nothing", [math.nan, math.inf, -math.inf, Decimal("NaN")])
def test_what_is_no_number_is_no_value(nothing):
    assert progress(Measure("increase", 0, 100), nothing) is None


@pytest.mark.parametrize("measure", [Measure("increase", 5), Measure("decrease", None, 5), Measure("keep_within")])
def test_a_draft_without_its_numbers_has_no_progress_yet(measure):
    assert progress(measure, 5) is None


def test_numbers_count_as_typed_not_as_stored_in_binary():
    measure = Measure("increase", Decimal("0.1"), 0.3)
    assert progress(measure, 0.1) == 0
    assert progress(measure, Decimal("0.2")) == 0.5
    assert progress(measure, 0.1 + 0.2) > 1 == progress(measure, Decimal("0.3"))


@given(WAYS)
def test_progress_is_0_at_the_baseline_and_1_at_the_target(ends):
    measure = way(*ends)
    assert progress(measure, measure.baseline) == 0
    assert math.copysign(1, progress(measure, measure.baseline)) == 1
    assert progress(measure, measure.target) == 1


@given(st.floats(allow_nan=False, allow_infinity=False), st.floats(allow_nan=False, allow_infinity=False))
def test_the_edges_are_exact_for_any_floats(baseline, target):
    assume(baseline != target)
    assert progress(way(baseline, target), baseline) == 0
    assert progress(way(baseline, target), target) == 1


@given(WAYS, NUMBERS, NUMBERS)
def test_nearer_to_the_target_is_never_less_progress(ends, one, other):
    measure = way(*ends)
    low, high = sorted((one, other), reverse=measure.kind == "decrease")
    assert progress(measure, low) <= progress(measure, high)


@given(WAYS, NUMBERS, st.integers(-4, 4), NUMBERS)
def test_progress_does_not_depend_on_unit_or_origin(ends, current, power, shift):
    scale = Decimal(10) ** power
    moved = [number * scale + shift for number in (*ends, current)]
    assert progress(way(moved[0], moved[1]), moved[2]) == progress(way(*ends), current)


@given(WAYS, NUMBERS)
def test_rising_and_falling_mirror_each_other(ends, current):
    mirrored = way(-ends[0], -ends[1])
    assert mirrored.kind != way(*ends).kind
    assert progress(mirrored, -current) == progress(way(*ends), current)


@given(WAYS, st.decimals(-2, 2, places=3))
def test_the_value_at_a_share_has_that_share_of_progress(ends, share):
    value = value_at(way(*ends), share)
    assert math.isclose(value, float(ends[0]) + float(share) * float(ends[1] - ends[0]), rel_tol=1e-9, abs_tol=1e-3)


def test_no_value_at_a_share_without_a_way():
    assert value_at(BETWEEN_3_AND_5, 0.5) is value_at(Measure("increase", 1), 0.5) is None


@given(st.decimals(-20, 20, places=3))
def test_a_band_is_full_inside_and_less_outside(current):
    raw = progress(BETWEEN_3_AND_5, current)
    assert (raw == 1) == (3 <= current <= 5)
    assert raw <= 1


@pytest.mark.parametrize(
    ("measure", "current", "worse"),
    [
        (Measure("increase", 20, 100), 19.9, True),
        (Measure("increase", 20, 100), 20, False),
        (Measure("decrease", 100, 20), 101, True),
        (Measure("keep_within", baseline=6, upper=5), 7, True),
        (Measure("keep_within", baseline=6, upper=5), 5.5, False),
        (Measure("keep_within", upper=5), 7, False),
        (Measure("milestone"), 0, False),
        (Measure("increase", 20, 100), None, False),
    ],
)
def test_worse_than_the_baseline(measure, current, worse):
    assert is_worse_than_baseline(measure, current) is worse


def test_an_objective_is_the_weighted_mean_of_what_is_measured():
    rolled = roll_up([1.5, None, -0.25], [3, 5, 1])
    assert rolled.mean == 0.75  # (1 × 3 + 0 × 1) / 4
    assert rolled.measured_text == "2 of 3 measured"


def test_nothing_measured_is_no_progress_rather_than_none_done():
    assert roll_up([None, None]).mean is roll_up([]).mean is None


@given(st.lists(st.one_of(st.none(), st.floats(-5, 5)), min_size=1), st.data())
def test_a_roll_up_stays_between_worst_and_best(raws, data):
    weights = data.draw(st.lists(st.floats(0.01, 100), min_size=len(raws), max_size=len(raws)))
    rolled, clamped = roll_up(raws, weights), [rolled_up(raw) for raw in raws if raw is not None]
    if clamped:
        assert min(clamped) - 1e-12 <= rolled.mean <= max(clamped) + 1e-12


def test_all_targets_reached_is_exactly_one():
    assert roll_up([1.0, 1.2, 1.0], [0.1, 0.2, 0.3]).mean == 1


@pytest.mark.parametrize("weights", [[1], [1, 0], [1, -2], [1, math.nan]])
def test_weights_are_positive_and_one_each(weights):
    with pytest.raises(UsageError, match="weight"):
        roll_up([0.5, 0.5], weights)


def test_a_guardrail_is_breached_outside_its_band_only():
    complaints = Guardrail("Complaints per 1,000", upper=4)
    assert guardrail_breach(complaints, 4) is guardrail_breach(complaints, None) is None
    assert guardrail_breach(complaints, 6.2) == "Complaints per 1,000 stands at 6.2, not at most 4"
    assert guardrail_breach(Guardrail("NPS", 30, 60), -5) == "NPS stands at −5, not between 30 and 60"


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (0.4, "40 %"),
        (-0.25, "moved the wrong way"),
        (1.5, "150 %: past the target"),
        (None, "no value yet"),
        (-0.0001, "moved the wrong way"),
        (0.996, "99.6 %"),  # 39.96 of 40: not there yet
        (1.004, "100.4 %: past the target"),
    ],
)
def test_progress_in_words(raw, text):
    assert describe_progress(raw) == text


@pytest.mark.parametrize(
    ("current", "text"),
    [(22, "100 %"), (27.5, "50 %"), (30, "0 %"), (34.5, "outside its band by more than its tolerance")],
)
def test_what_left_its_band_went_no_wrong_way(current, text):
    band = Measure("keep_within", lower=20, upper=25, tolerance=5)
    assert describe_progress(progress(band, current), band.is_band) == text
