"""The forecast: worked by hand, held to published tables, and checked for its coverage on simulated histories."""

import math

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kviboard.domain.okrs.forecast import describe_forecast, forecast
from kviboard.domain.okrs.model import Measure

STEADY = [10, 12, 11, 13, 12, 14, 13, 15]  # changes 2, −1, 2, −1, 2, −1, 2: mean 5/7, variance 18/7
RISE_TO_20 = Measure("increase", 10, 20)


@pytest.mark.parametrize(
    ("points", "ninety"),
    # Critical values of Student's t for points − 2 degrees of freedom, NIST/SEMATECH e-Handbook of Statistical Methods,
    # table 1.3.6.7.2
    [(8, 1.440), (9, 1.415), (12, 1.372), (32, 1.310), (102, 1.290)],
)
def test_the_interval_is_as_wide_as_the_published_table_of_students_t_says(points, ninety):
    outlook = forecast([0, 1] * (points // 2) + [0] * (points % 2), 1)
    changes = points - 1
    drift = (points - 1) % 2 / changes  # from 0 to 1, or back to 0
    spread = math.sqrt(sum(((-1) ** step - drift) ** 2 for step in range(changes)) / (changes - 1))
    error = spread * math.sqrt(1 + 1 / changes)
    assert (outlook.high - outlook.value) / error == pytest.approx(ninety, abs=5e-4)


def test_drift_and_interval_by_hand():
    outlook = forecast(STEADY, 3)
    margin = 1.440 * math.sqrt(18 / 7 * (3 + 9 / 7))
    assert outlook.value == pytest.approx(15 + 3 * 5 / 7)
    assert (outlook.low, outlook.high) == pytest.approx((outlook.value - margin, outlook.value + margin), abs=2e-3)
    assert outlook.chance is None


def test_the_chance_is_a_half_where_the_target_is_what_is_expected():
    target = 15 + 3 * 5 / 7
    assert forecast(STEADY, 3, Measure("increase", 10, target)).chance == pytest.approx(0.5)
    assert forecast(STEADY, 3, Measure("decrease", 30, target)).chance == pytest.approx(0.5)


def test_the_upper_end_of_the_interval_is_reached_in_one_case_of_ten():
    outlook = forecast(STEADY, 3)
    assert forecast(STEADY, 3, Measure("increase", 10, outlook.high)).chance == pytest.approx(0.1)
    assert forecast(STEADY, 3, Measure("keep_within", lower=outlook.low, upper=outlook.high)).chance == pytest.approx(
        0.8
    )
    assert forecast(STEADY, 3, Measure("keep_within", lower=outlook.low)).chance == pytest.approx(0.9)


@pytest.mark.parametrize("ahead", [1, 4])
@pytest.mark.parametrize("points", [8, 20])
def test_eight_of_ten_futures_end_inside_the_interval(points, ahead):
    random = np.random.default_rng(20261103)
    walks = np.cumsum(random.normal(0.3, 1.0, (2000, points + ahead)), axis=1)
    outlooks = [forecast(walk[:points].tolist(), ahead) for walk in walks]
    inside = [outlook.low <= walk[-1] <= outlook.high for outlook, walk in zip(outlooks, walks, strict=True)]
    assert np.mean(inside) == pytest.approx(0.8, abs=0.03)


def test_what_comes_true_lies_in_every_fifth_of_the_forecast_equally_often():
    random = np.random.default_rng(7)
    walks = np.cumsum(random.normal(-0.2, 1.0, (4000, 14)), axis=1)
    reached = [forecast(walk[:10].tolist(), 4, Measure("increase", -99, walk[-1])).chance for walk in walks]
    assert np.histogram(reached, bins=5, range=(0, 1))[0] / len(walks) == pytest.approx([0.2] * 5, abs=0.03)


LEVEL = [6.0, 2.0, 4.0, 4.0] * 5  # mean 4, variance 40 / 19


def test_a_level_that_long_had_its_usual_ups_and_downs_alone_is_expected_to_stay():
    before, ninety = [90.0, 70.0, 80.0], 1.328  # of Student's t with 19 degrees of freedom, by the same table
    for ahead in (1, 6):
        outlook = forecast([*before, *LEVEL], ahead, Measure("increase", 2, 4), steady=20)
        margin = ninety * math.sqrt(40 / 19 * (1 + 1 / 20))
        assert (outlook.low, outlook.value, outlook.high) == pytest.approx((4 - margin, 4, 4 + margin), abs=1e-3)
        assert (outlook.chance, outlook.is_steady) == (pytest.approx(0.5), True)
    assert "to 5.97, as its usual ups and downs go on." in describe_forecast(outlook, "{:.3g}".format)
    assert forecast([*before, *LEVEL], 6, steady=19) == forecast([*before, *LEVEL], 6), (
        "too few to tell it from a drift"
    )
    assert forecast(LEVEL, 0, steady=20).high == 4, "what has come is known"


@pytest.mark.parametrize("ahead", [1, 4])
def test_of_ups_and_downs_as_much_comes_true_as_is_said(ahead):
    random = np.random.default_rng(20261201)
    series = random.normal(size=(3000, 20 + ahead))
    said = [forecast(values[:20].tolist(), ahead, Measure("increase", -99, values[-1]), steady=20) for values in series]
    inside = [outlook.low <= values[-1] <= outlook.high for outlook, values in zip(said, series, strict=True)]
    assert np.mean(inside) == pytest.approx(0.8, abs=0.03)
    reached = np.histogram([outlook.chance for outlook in said], bins=5, range=(0, 1))[0] / len(series)
    assert reached == pytest.approx([0.2] * 5, abs=0.03)


@pytest.mark.parametrize("history", [[], STEADY[:7], [*STEADY[:7], None], [*STEADY[:7], math.nan]])
def test_fewer_than_eight_points_give_no_forecast(history):
    assert forecast(history, 3) is None


def test_a_milestone_and_the_past_have_no_forecast():
    assert forecast(STEADY, 3, Measure("milestone")) is None
    assert forecast(STEADY, -1) is None


def test_at_the_end_the_value_is_known():
    outlook = forecast(STEADY, 0, RISE_TO_20)
    assert (outlook.low, outlook.value, outlook.high, outlook.chance) == (15, 15, 15, 0)
    assert forecast(STEADY, 0, Measure("increase", 10, 15)).chance == 1
    assert forecast(STEADY, 0, Measure("decrease", 20, 15)).chance == 1


def test_a_gap_within_history_counts_as_several_periods():
    line = [float(value) for value in range(10)]
    gapped = [*line[:4], None, None, *line[6:]]
    assert forecast(gapped, 2).value == pytest.approx(11)
    assert forecast(gapped, 2).high == pytest.approx(11)


def test_a_change_across_a_gap_is_spread_over_its_periods():
    # changes 3 (over two periods), 2, −1, 2, −1, 2, −1: drift 6/8, variance (1.125 + 3 × 1.5625 + 3 × 3.0625) / 6 = 2.5
    outlook = forecast([8, None, 11, 13, 12, 14, 13, 15, 14], 2)
    assert outlook.value == 15.5
    assert outlook.high == pytest.approx(15.5 + 1.440 * math.sqrt(2.5 * (2 + 4 / 8)), abs=2e-3)


def test_a_gap_at_the_end_makes_the_way_longer():
    late, fresh = forecast([*STEADY, None], 2), forecast(STEADY, 3)
    assert late == fresh


def test_the_forecast_stays_within_what_is_possible():
    share = [0.90, 0.93, 0.92, 0.95, 0.94, 0.97, 0.96, 0.99]
    outlook = forecast(share, 3, floor=0, ceiling=1)
    assert outlook.value == outlook.high == 1
    falling = forecast([-value for value in share], 3, floor=-1)
    assert falling.low == falling.value == -1


ROUNDING = 1e-12  # of a distribution's sum: the last bit of 1 is left of one chance and not of another


@given(st.lists(st.floats(-1e6, 1e6), min_size=8, max_size=30), st.integers(0, 12), st.floats(-1e6, 1e6))
@example([16.0, 0.0, 0.0, 0.0, 0.0, 0.0, 2.0, 0.0], 1, 122924.0)
def test_a_chance_is_a_share_and_a_higher_target_is_never_likelier(history, ahead, target):
    lower = forecast(history, ahead, Measure("increase", -2e6, target))
    higher = forecast(history, ahead, Measure("increase", -2e6, target + 1000))
    assert 0 <= higher.chance <= lower.chance + ROUNDING
    assert lower.chance <= 1
    assert lower.low <= lower.value <= lower.high


@pytest.mark.parametrize(
    ("target", "words"),
    [(5, "very likely"), (14.5, "likely"), (17.1, "as likely as not"), (19, "unlikely"), (40, "very unlikely")],
)
def test_chances_in_words(target, words):
    assert forecast(STEADY, 3, Measure("increase", 0, target)).chance_words == words


def test_the_forecast_in_a_sentence():
    certain = describe_forecast(forecast(STEADY, 0, RISE_TO_20))
    assert certain.startswith("Very unlikely to reach the target (under 1 %): 15 expected at the cycle's end, ")
    assert certain.endswith("probably 15 to 15.")
    assert describe_forecast(forecast(STEADY, 3), lambda value: f"{value:.1f} %").startswith(
        "17.1 % expected at the cycle's end, "
    )


def test_a_band_is_held_rather_than_reached():
    band = Measure("keep_within", lower=10, upper=20)
    said = describe_forecast(forecast(STEADY, 0, band), is_band=True)
    assert said.startswith("Very likely to end inside its band (over 99 %): 15 expected at the cycle's end, ")
