"""What is held out, tenths by predicted revenue, and when a model is not to be used."""

from datetime import date

import pandas as pd
import pytest

from kviboard.domain.customers.trial import ModelTrial, by_decile, held_out_from


def predictions(predicted, actual):
    money = pd.DataFrame({"predicted_revenue": predicted, "actual_revenue": actual})
    return money.assign(predicted_orders=money["predicted_revenue"] / 10, actual_orders=money["actual_revenue"] / 10)


def trial_of(predicted, actual) -> ModelTrial:
    return ModelTrial(date(2026, 1, 1), date(2026, 12, 31), by_decile(predictions(predicted, actual)))


@pytest.mark.parametrize(
    ("first", "last", "held_out"),
    [
        (date(2022, 1, 1), date(2025, 12, 31), date(2025, 1, 1)),  # 12 of 48 months
        (date(2026, 1, 1), date(2026, 1, 30), date(2026, 1, 21)),  # 10 of 30 days
    ],
)
def test_the_last_12_months_are_held_out_at_most_the_last_third(first, last, held_out):
    assert held_out_from(first, last) == held_out


def test_tenths_go_from_the_highest_prediction_to_the_lowest():
    found = by_decile(predictions([float(n) for n in range(20)], [1.0] * 20))
    assert found["decile"].tolist() == list(range(1, 11))
    assert found["customers"].tolist() == [2] * 10
    assert found["predicted_revenue"].tolist() == [37.0, 33.0, 29.0, 25.0, 21.0, 17.0, 13.0, 9.0, 5.0, 1.0]
    assert found["actual_revenue"].tolist() == [2.0] * 10


def test_fewer_customers_than_tenths_and_none_at_all():
    assert by_decile(predictions([5.0, 9.0, 7.0], [1.0, 2.0, 3.0]))["actual_revenue"].tolist() == [2.0, 3.0, 1.0]
    assert by_decile(predictions([], [])).empty


@pytest.mark.parametrize(("actual", "holds"), [(100, True), (84, True), (83, False), (126, False), (0, False)])
def test_a_total_off_by_more_than_a_fifth_is_not_used(actual, holds):
    assert trial_of([60.0, 40.0], [actual, 0.0]).holds is holds


def test_errors_are_relative_to_what_came():
    assert trial_of([60.0, 40.0], [50.0, 30.0]).revenue_error == pytest.approx(0.25)
    assert pd.isna(trial_of([60.0], [0.0]).orders_error)
