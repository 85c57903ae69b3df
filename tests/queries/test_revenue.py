"""The revenue bridge and twelve-month retention, worked by hand."""

from datetime import date

import pandas as pd
import pytest

from tests.queries.staged import build, order, rows, stage

BRIDGE = (
    "select period, opening, new, expansion, contraction, lost, reactivated, refunds, closing "
    "from revenue_bridge where grain = 'month' order by period, slice_id"
)


def bridge(*orders: dict) -> dict[str, list[float]]:
    found = rows(build(stage(orders=orders), "revenue_bridge"), BRIDGE)
    return {f"{month:%Y-%m}": [float(value) for value in values] for month, *values in found}


def test_each_customer_moves_revenue_in_one_way() -> None:
    found = bridge(
        order("a1", "stays", "2026-01-05", 10),
        order("a2", "stays", "2026-02-05", 10),
        order("b1", "grows", "2026-01-05", 10),
        order("b2", "grows", "2026-02-05", 15),
        order("c1", "shrinks", "2026-01-05", 10),
        order("c2", "shrinks", "2026-02-05", 4),
        order("d1", "leaves", "2026-01-05", 10),
        order("e1", "begins", "2026-02-05", 7),
    )
    assert found["2026-01"] == [0, 40, 0, 0, 0, 0, 0, 40]
    assert found["2026-02"] == [40, 7, 5, 6, 10, 0, 0, 36]


def test_a_customer_who_comes_back_after_a_month_without_is_reactivated() -> None:
    found = bridge(
        order("a1", "anna", "2026-01-31", 10),
        order("a2", "anna", "2026-03-01", 12),
    )
    assert found == {
        "2026-01": [0, 10, 0, 0, 0, 0, 0, 10],
        "2026-02": [10, 0, 0, 0, 10, 0, 0, 0],
        "2026-03": [0, 0, 0, 0, 0, 12, 0, 12],
    }


def test_who_signed_up_before_the_orders_begin_is_not_new_with_the_first_purchase_they_show() -> None:
    bought = (("a1", "anna", "2026-01-05", 10), ("b1", "bea", "2026-02-05", 20), ("c1", "cy", "2026-02-06", 5))
    known = ({"customer_id": "bea", "signed_up_on": "2025-12-31"}, {"customer_id": "cy", "signed_up_on": "2026-01-05"})
    given = [order(*each) for each in bought]
    found = rows(build(stage(orders=given, customers=known), "revenue_bridge"), BRIDGE)
    assert [float(value) for value in found[1][1:]] == [10, 5, 0, 0, 10, 20, 0, 25]


def test_quarters_follow_the_company_s_year_and_compare_whole_ones() -> None:
    given = (
        order("a1", "anna", "2026-01-31", 10),  # the quarter from November
        order("a2", "anna", "2026-02-01", 6),
        order("a3", "anna", "2026-04-30", 6),
        order("b1", "bea", "2026-03-05", 20),
        order("b2", "bea", "2026-05-01", 20),
    )
    built = build(stage(orders=given, quarter_starts_in=2), "revenue_bridge")
    found = rows(built, BRIDGE.replace("'month'", "'quarter'"))
    assert [[str(row[0]), *map(float, row[1:])] for row in found] == [
        ["2025-11-01", 0, 10, 0, 0, 0, 0, 0, 10],
        ["2026-02-01", 10, 20, 2, 0, 0, 0, 0, 32],
        ["2026-05-01", 32, 0, 0, 0, 12, 0, 0, 20],
    ]


def test_the_month_after_the_last_order_is_not_called_a_loss() -> None:
    assert list(bridge(order("a1", "anna", "2026-01-31", 10))) == ["2026-01"]


def test_a_month_without_any_order_still_closes_the_month_before() -> None:
    found = bridge(order("a1", "anna", "2016-10-05", 10), order("b1", "bea", "2016-12-23", 20))
    assert found["2016-11"] == [10, 0, 0, 0, 10, 0, 0, 0]
    assert found["2016-12"] == [0, 20, 0, 0, 0, 0, 0, 20]


def test_refunds_beyond_what_a_customer_bought_are_neither_a_loss_nor_growth() -> None:
    found = bridge(
        order("a1", "anna", "2026-01-05", 10),
        order("a back", "anna", "2026-02-05", -10),
        order("a2", "anna", "2026-03-05", 8),
        order("x back", "order not in the data", "2026-01-05", -3),
        order("x1", "order not in the data", "2026-02-05", 5),
        order("y back", "never buys again", "2026-03-05", -4),
        order("z", "keeps the data going", "2026-04-01", 1),
    )
    assert found["2026-01"] == [0, 10, 0, 0, 0, 0, -3, 7]
    assert found["2026-02"] == [
        7,
        5,
        0,
        0,
        10,
        0,
        3 - 10,
        -5,
    ]  # 10 lost, 10 paid back; -3 to 5 is a first purchase
    assert found["2026-03"] == [-5, 0, 0, 0, 5, 8, 10 - 4, 4]
    assert found["2026-04"] == [4, 1, 0, 0, 8, 0, 4, 1]  # who was paid back in March has not grown by April


RETENTION = (
    "select day, revenue_12m, customers_12m, prior_revenue, prior_customers, retained_revenue, retained_customers, "
    "earned_revenue from retention_12m order by day"
)


def retention(*orders: dict, customers: tuple = ()) -> dict[date, list[float]]:
    found = rows(build(stage(orders=orders, customers=customers), "retention_12m"), RETENTION)
    return {day: [float(value) for value in values] for day, *values in found}


def test_retention_compares_twelve_months_with_the_twelve_before_them() -> None:
    found = retention(
        order("a1", "stays", "2024-01-01", 100),
        order("a2", "stays", "2025-12-31", 80),
        order("b1", "leaves", "2024-12-31", 50),
        order("c1", "earned", "2025-01-01", 30),
        order("d1", "bought", "2025-06-01", 20),
        order("e1", "earned long ago", "2024-05-01", 10),
        order("e2", "earned long ago", "2025-05-01", 15),
        customers=(
            {"customer_id": "earned", "acquisition": "earned"},
            {"customer_id": "earned long ago", "acquisition": "earned"},
            {"customer_id": "bought", "acquisition": "bought"},
        ),
    )
    assert found == {date(2025, 12, 31): [80 + 30 + 20 + 15, 4, 160, 3, 95, 2, 30]}


@pytest.mark.parametrize(
    ("last_day", "days", "days_before"),
    [("2024-02-28", 365, 365), ("2024-02-29", 366, 365), ("2025-02-28", 365, 366), ("2024-12-31", 366, 365)],
)
def test_twelve_months_are_a_year_of_days_whatever_february_has(last_day: str, days: int, days_before: int) -> None:
    """An order of 1 on each day of three years: the 12 months have as many days as the calendar counts."""
    bought = [order(f"o{day:%j%Y}", "anna", f"{day:%Y-%m-%d}", 1) for day in pd.date_range(end=last_day, periods=1_100)]
    connection = build(stage(orders=bought), "retention_12m", "customer_profile")
    found = rows(connection, "select revenue_12m, prior_revenue from retention_12m order by day")[-1]
    assert [float(value) for value in found] == [days, days_before]
    assert rows(connection, "select cast(revenue_12m as double) from customer_profile") == [(days,)]


def test_retention_begins_with_the_first_month_end_that_has_two_whole_years_behind_it() -> None:
    each_year = [order(f"a{year}", "anna", f"{year}-06-01", 1) for year in (2024, 2025)]
    assert list(retention(order("a1", "anna", "2024-01-01", 1), *each_year, order("a9", "anna", "2026-02-15", 1))) == [
        date(2025, 12, 31),
        date(2026, 1, 31),
        date(2026, 2, 15),
    ]
    assert list(retention(order("a1", "anna", "2024-01-02", 1), order("a2", "anna", "2025-12-31", 1))) == []
    assert list(retention(order("a1", "anna", "2024-01-02", 1), order("a2", "anna", "2026-01-01", 1))) == [
        date(2026, 1, 1)
    ]


def test_twelve_months_up_to_the_end_of_february_are_whole_months_in_leap_years_too() -> None:
    found = retention(
        order("a1", "anna", "2023-03-01", 1),
        order("a2", "anna", "2024-02-29", 10),  # the last day of the twelve months before
        order("a3", "anna", "2024-03-01", 100),
        order("a4", "anna", "2025-02-28", 1000),
    )
    assert found[date(2025, 2, 28)] == [1100, 1, 11, 1, 1100, 1, 0]


def test_a_refund_lowers_retained_revenue_and_makes_nobody_a_customer() -> None:
    found = retention(
        order("a1", "anna", "2024-01-01", 100),
        order("a back", "anna", "2025-12-01", -40),
        order("x back", "order not in the data", "2024-06-01", -5),
        order("z", "bea", "2025-12-31", 1),
    )
    assert found == {date(2025, 12, 31): [-39, 1, 95, 1, -40, 0, 0]}
