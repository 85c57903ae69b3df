"""Earned against bought customers, worked by hand."""

import math

import pandas as pd
import pytest

from kviboard.domain.customers.first_year import Difference, earned_against_bought


def cohorts(*rows):
    """quarter, acquisition, customers, mean, half the width of the 95 % interval."""
    frame = pd.DataFrame(
        rows, columns=["cohort_quarter", "acquisition", "customers", "revenue_per_customer_12m", "half"]
    )
    return frame.assign(revenue_high=frame["revenue_per_customer_12m"] + frame["half"])


def test_quarters_weigh_as_their_customers_do_and_only_those_with_both_kinds_count():
    found = earned_against_bought(
        cohorts(
            ("Q1", "earned", 30, 120.0, 9.8),
            ("Q1", "bought", 30, 100.0, 9.8),
            ("Q2", "earned", 10, 200.0, 19.6),
            ("Q2", "bought", 10, 150.0, 19.6),
            ("Q3", "earned", 500, 900.0, 1.0),  # nobody bought
            ("Q2", "unknown", 70, 0.0, 1.0),
        )
    )
    # weights 60/80 and 20/80; standard errors 5 and 10
    assert (found.earned, found.bought) == (0.75 * 120 + 0.25 * 200, 0.75 * 100 + 0.25 * 150)
    margin = 1.96 * math.sqrt(2 * (0.75 * 5) ** 2 + 2 * (0.25 * 10) ** 2)
    assert (found.low, found.high) == pytest.approx((27.5 - margin, 27.5 + margin))
    assert found.is_shown


def test_one_kind_alone_or_single_customers_are_not_compared():
    assert earned_against_bought(cohorts(("Q1", "earned", 30, 120.0, 9.8))) is None
    assert earned_against_bought(cohorts(("Q1", "earned", 1, 120.0, 9.8), ("Q1", "bought", 9, 1.0, 1.0))) is None
    assert earned_against_bought(cohorts()) is None
    two = earned_against_bought(cohorts(("Q1", "earned", 2, 120.0, 9.8), ("Q1", "bought", 2, 100.0, 9.8)))
    assert two.value == 20


@pytest.mark.parametrize(
    ("low", "high", "is_shown"),
    [(0.5, 5.5, True), (-5.5, -0.5, True), (-1.0, 7.0, False), (0.0, 6.0, False), (-6.0, 0.0, False)],
)
def test_a_difference_is_shown_where_its_interval_leaves_out_nothing_at_all(low, high, is_shown):
    assert Difference(103, 100, low, high).is_shown == is_shown
