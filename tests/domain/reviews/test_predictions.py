"""Predictions against what came: outcomes, words, hit rates and calibration, from numbers worked out by hand."""

import pytest

from kviboard.domain.formatting import format_change
from kviboard.domain.reviews.predictions import (
    STEPS,
    HitRate,
    Outcome,
    ScoredPrediction,
    brier_score,
    calibration,
    difference_text,
    expectation_text,
    moved_text,
    outcome_of,
    prediction_quality,
)


@pytest.mark.parametrize(
    ("change", "lower", "upper", "outcome"),
    [
        (0.03, 0.02, None, Outcome.HIT),
        (0.02, 0.02, None, Outcome.HIT),  # exactly on the bound
        (0.1 + 0.2, 0.3, 0.3, Outcome.HIT),  # 0.30000000000000004
        (0.019, 0.02, None, Outcome.MISSED),
        (-5.0, None, -3.0, Outcome.HIT),
        (-2.0, None, -3.0, Outcome.MISSED),
        (0.0, -1.0, 1.0, Outcome.HIT),
        (1.5, -1.0, 1.0, Outcome.MISSED),
        (None, 1.0, None, Outcome.NOT_MEASURED),
        (float("nan"), 1.0, None, Outcome.NOT_MEASURED),
    ],
)
def test_a_prediction_is_hit_within_its_bounds(
    change: float | None, lower: float | None, upper: float | None, outcome: Outcome
) -> None:
    assert outcome_of(change, lower, upper) == outcome


@pytest.mark.parametrize(
    ("change", "unit", "words"),
    [
        (0.021, "percent", "+2.1 pp"),
        (-0.0051, "percent", "−0.51 pp"),
        (0.0, "percent", "±0 pp"),
        (-120_000.0, "currency", "−€120 k"),
        (35.0, "customers", "+35"),
        (1.0, "score", "+1 point"),
        (-2.5, "score", "−2.5 points"),
        (0.0, "customers", "±0"),
        (None, "percent", "–"),
    ],
)
def test_a_difference_is_in_the_unit_of_its_values(change: float | None, unit: str, words: str) -> None:
    assert difference_text(change, unit).replace("\u00a0", " ") == words


@pytest.mark.parametrize(
    ("change", "unit", "words"),
    [
        (-0.036957, "percent", "−3.7 pp"),
        (0.004321, "percent", "+0.43 pp"),
        (1.04, "score", "+1 point"),
        (-12.345, "score", "−12.3 points"),
        (0.0, "percent", "±0 pp"),
        (1234.5, "currency", "+€1.23 k"),
        (None, "score", "–"),
    ],
)
def test_what_was_measured_has_the_digits_of_a_change(change: float | None, unit: str, words: str) -> None:
    """As a tile says of the same movement, where a measured −3.70 pp would be another number to those who compare."""
    assert moved_text(change, unit).replace("\u00a0", " ") == words
    if change and unit in ("percent", "score"):
        assert format_change(change, 0.0, unit).lstrip("▲▼\u00a0") == moved_text(change, unit).lstrip("+−")


def test_an_expectation_names_one_bound_both_or_the_only_value() -> None:
    assert expectation_text(0.02, None, "percent").replace("\u00a0", " ") == "at least +2 pp"
    assert expectation_text(0.0, None, "percent") == "no less than before"
    assert expectation_text(None, 0.0, "currency") == "no more than before"
    assert expectation_text(None, -3.0, "customers") == "at most −3"
    assert expectation_text(-1.0, 4.0, "customers") == "between −1 and +4"
    assert expectation_text(4.0, 4.0, "customers") == "+4"
    assert expectation_text(None, None, "customers") == "–"


def test_a_hit_rate_is_shown_with_the_range_its_number_allows() -> None:
    # Wilson's 95 % interval for 7 of 10 is 0.3968 to 0.8922 (z = 1.96), computed by hand from the formula.
    rate = HitRate(7, 10)
    assert rate.rate == pytest.approx(0.7)
    assert rate.interval == pytest.approx((0.3968, 0.8922), abs=5e-5)
    assert rate.text == "7 of 10"


def test_nothing_measured_has_no_rate() -> None:
    assert HitRate(0, 0).rate is None
    assert HitRate(0, 0).interval is None
    assert HitRate(0, 0).text == "none measured yet"
    assert calibration([]) == []
    assert brier_score([]) is None


def test_predictions_of_like_confidence_are_judged_together() -> None:
    predictions = [
        ScoredPrediction(0.7, True),
        ScoredPrediction(0.8, False),
        ScoredPrediction(0.9, True),
        ScoredPrediction(0.6, True),
        ScoredPrediction(0.89, False),
    ]
    bands = calibration(predictions)
    assert [(band.label, band.rate.hits, band.rate.measured) for band in bands] == [
        ("50–69 %", 1, 1),
        ("70–89 %", 1, 3),
        ("90 % and more", 1, 1),
    ]
    assert bands[1].mean_confidence == pytest.approx((0.7 + 0.8 + 0.89) / 3)


def test_too_sure_is_said_only_where_the_range_excludes_it() -> None:
    wrong = calibration([ScoredPrediction(0.9, False)] * 5)  # Wilson for 0 of 5 ends at 0.434
    assert wrong[0].verdict == "too sure: came true less often than said"
    right = calibration([ScoredPrediction(0.9, True)] * 5)  # Wilson for 5 of 5 begins at 0.566
    assert right[0].verdict == "as sure as we should be"
    modest = calibration([ScoredPrediction(0.5, True)] * 5)
    assert modest[0].verdict == "not sure enough: came true more often than said"
    assert calibration([ScoredPrediction(0.9, False)] * 4)[0].verdict == "too few to say (4 of 5)"


def test_prediction_quality_is_said_in_words_beside_a_coin_toss() -> None:
    words = [prediction_quality(score, 5) for score in (0.04, 0.1, 0.23, 0.25, 0.4)]
    coin = "than a coin toss"
    assert words == [f"{how} {coin}" for how in ("far better", "better", "barely better", "no better", "worse")]
    assert prediction_quality(0.49, 1) == "too few to say (1 of 5)"  # one miss of somebody who was 70 % sure


def test_the_brier_score_is_the_mean_squared_distance() -> None:
    assert brier_score([ScoredPrediction(0.7, True), ScoredPrediction(0.9, False)]) == pytest.approx((0.09 + 0.81) / 2)
    assert brier_score([ScoredPrediction(0.5, True), ScoredPrediction(0.5, False)]) == pytest.approx(0.25)  # a coin


def test_both_acts_begin_and_end_on_the_vision() -> None:
    opening, closing = list(STEPS["opening"]), list(STEPS["closing"])
    assert (opening[0], closing[0]) == ("vision", "vision")
    assert (opening[-1], closing[-1]) == ("open", "close")
