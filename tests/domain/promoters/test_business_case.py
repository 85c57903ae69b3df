"""The business case by hand, and where its interval must lie: by formula, and by how often it holds the truth."""

import math

import numpy as np
import pytest

from kviboard.domain.promoters.business_case import AT_THE_END, PROSPECTIVE, Cell, basis_of, case_of

LIFT = "passives_to_promoters"


def cell(band: str, tier: str, revenues) -> Cell:
    values = np.asarray(revenues, dtype=float)
    return Cell(band, tier, values.size, float(values.mean()), float(values.var(ddof=1)), values)


def steady(band: str, tier: str, revenue: float, customers: int = 10) -> Cell:
    return cell(band, tier, [revenue] * customers)


def test_the_difference_within_tiers_is_weighted_by_those_to_be_lifted() -> None:
    cells = [
        steady("passive", "top 10 %", 1000, 10), steady("promoter", "top 10 %", 1300, 90),
        steady("passive", "rest", 100, 30), steady("promoter", "rest", 120, 10),
    ]  # fmt: skip
    case = case_of(LIFT, cells)
    # 10 of 40 passives gain 300, 30 of 40 gain 20: 75 + 15. Promoters alone are 90 % big spenders: 1182 against 325.
    assert case.gain_per_customer == pytest.approx(90)
    assert (case.customers, case.low, case.high) == (40, pytest.approx(90), pytest.approx(90))
    assert case.left_out == ()


def test_a_tier_without_enough_of_both_bands_is_left_out_and_named() -> None:
    cells = [
        steady("passive", "top 10 %", 1000), steady("promoter", "top 10 %", 9999, 9),
        steady("passive", "no revenue", 0),
        steady("passive", "rest", 100), steady("promoter", "rest", 110),
        steady("promoter", "next 40 %", 500),
    ]  # fmt: skip
    case = case_of(LIFT, cells)
    assert (case.gain_per_customer, case.customers) == (pytest.approx(10), 10)
    assert case.left_out == ("top 10 %", "no revenue")  # nobody is to be lifted from the next 40 %


def test_without_any_tier_to_compare_there_is_no_number() -> None:
    case = case_of(LIFT, [steady("passive", "rest", 100)])
    assert (case.customers, case.left_out) == (0, ("rest",))
    assert np.isnan([case.gain_per_customer, case.low, case.high]).all()
    assert case_of(LIFT, []).left_out == ()


def test_the_other_lift_compares_passives_with_detractors() -> None:
    cells = [steady("detractor", "rest", 50), steady("passive", "rest", 80), steady("promoter", "rest", 500)]
    assert case_of("detractors_to_passives", cells).gain_per_customer == pytest.approx(30)


@pytest.mark.parametrize(("detractors", "basis"), [(100, PROSPECTIVE), (99, AT_THE_END), (0, AT_THE_END)])
def test_every_band_needs_a_hundred_customers_before_the_window(detractors: int, basis: str) -> None:
    cells = [
        steady("promoter", "rest", 1, 100),
        steady("passive", "rest", 1, 60),
        steady("passive", "no revenue", 1, 40),
    ]
    if detractors:
        cells.append(steady("detractor", "rest", 1, detractors))
    assert basis_of(cells) == basis


def test_resampling_and_the_normal_interval_agree_where_both_hold() -> None:
    random = np.random.default_rng(7)
    start, end = random.gamma(2, 50, 3000), random.gamma(2, 60, 3000)
    cells = [cell("passive", "rest", start), cell("promoter", "rest", end)]
    resampled = case_of(LIFT, cells)
    whole = [Cell(c.band, c.tier, c.customers, c.mean, c.variance, None) for c in cells]
    normal = case_of(LIFT, whole)
    margin = 1.645 * math.sqrt(start.var(ddof=1) / 3000 + end.var(ddof=1) / 3000)
    assert (resampled.method, normal.method) == ("bootstrap", "normal")
    assert (normal.low, normal.high) == pytest.approx((end.mean() - start.mean() - margin, normal.low + 2 * margin))
    assert resampled.low == pytest.approx(normal.low, abs=margin / 5)
    assert resampled.high == pytest.approx(normal.high, abs=margin / 5)


def test_the_same_customers_give_the_same_interval_in_any_order() -> None:
    random = np.random.default_rng(3)
    start, end = random.exponential(80, 40), random.exponential(100, 55)
    found = [case_of(LIFT, [cell("passive", "rest", s), cell("promoter", "rest", e)])
             for s, e in ((start, end), (start[::-1], end[::-1]))]  # fmt: skip
    assert (found[0].low, found[0].high) == (found[1].low, found[1].high)


def test_the_interval_holds_the_truth_about_nine_times_in_ten() -> None:
    random = np.random.default_rng(11)
    truth, held = 20.0, 0
    for _ in range(100):
        start, end = random.gamma(2, 50, 60), random.gamma(2, 60, 60)
        case = case_of(LIFT, [cell("passive", "rest", start), cell("promoter", "rest", end)])
        held += case.low <= truth <= case.high
    assert 80 <= held <= 97  # 90 ± 3.2 standard errors, less what a bootstrap of 60 skewed values gives away
