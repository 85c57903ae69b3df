"""Orders of guests, whom no id names: they move turnover and orders, and no table of customers."""

from typing import Any

import pandas as pd
import pytest

from tests.queries.staged import Row, active, answer, build, frame, marts, order, rows, stage

OF_CUSTOMERS = [
    order("1", "ann", "2025-01-01 09:00", 100),
    order("2", "ann", "2025-02-11 10:00", 50.25),
    order("3", "ann", "2025-02-13 10:00", -20),
    order("4", "bob", "2025-02-11 11:00", 30),
    order("5", "bob", "2025-03-31 12:00", 70),
]
OF_GUESTS = [
    {**order("g1", "", "2025-02-11 12:00", 5.5), "customer_id": None},
    {**order("g2", "", "2025-02-11 23:59", 0), "customer_id": None},
    {**order("g3", "", "2025-02-14 08:00", 11), "customer_id": None},
    {**order("g4", "", "2025-02-14 08:00", -2.25), "customer_id": None},  # paid back
]
OTHERS: dict[str, list[Row]] = {
    "customers": [
        {"customer_id": "ann", "segment": "Home", "signed_up_on": "2024-12-01"},
        {"customer_id": "bob", "segment": None, "signed_up_on": None},  # in the slice of unknown segments
    ],
    "responses": [answer("r1", "ann", "2025-01-20", 9), answer("r2", "bob", "2025-02-01", 3)],
    "activity": [active("ann", "2025-01-02"), active("bob", "2025-03-30")],
}
MOVED = ("orders_by_day", "daily")


def built(*orders: list[Row]) -> Any:
    return build(stage(orders=[row for some in orders for row in some], **OTHERS))


def test_no_table_of_customers_knows_of_guests() -> None:
    with_guests, without = built(OF_CUSTOMERS, OF_GUESTS), built(OF_CUSTOMERS)
    for name in sorted(marts().keys() - set(MOVED)):
        all_rows = f"select * from {name} order by all"
        assert rows(with_guests, all_rows) == rows(without, all_rows), name


def test_orders_of_guests_do_not_begin_those_of_customers() -> None:
    """Whoever bought two years before was asked for no account: nobody knows what ann and bob brought then."""
    before = [{**order("g0", "", "2023-01-05", 900), "customer_id": None}]
    begun, without = built(OF_CUSTOMERS, before), built(OF_CUSTOMERS)
    for name in ("retention_12m", "customer_periods", "revenue_bridge", "last_complete_year"):
        all_rows = f"select * from {name} order by all"
        assert rows(begun, all_rows) == rows(without, all_rows), name


def test_guests_count_on_their_day_among_those_whose_segment_is_unknown() -> None:
    found = frame(
        built(OF_CUSTOMERS, OF_GUESTS),
        "select strftime(day, '%Y-%m-%d') as day, segment, orders, orders_of_customers, revenue, revenue_of_customers, "
        "unscored_revenue from orders_by_day join slices using (slice_id) order by day, segment",
    )
    assert found.astype(object).to_numpy().tolist() == [
        ["2025-01-01", "Home", 1, 1, 100, 100, 100],
        ["2025-02-11", "Home", 1, 1, 50.25, 50.25, 0],
        ["2025-02-11", "Unknown", 3, 1, 35.5, 30, 5.5],  # bob scored 3 before
        ["2025-02-13", "Home", 0, 0, -20, -20, 0],
        ["2025-02-14", "Unknown", 1, 0, 8.75, 0, 8.75],
        ["2025-03-31", "Unknown", 1, 1, 70, 70, 0],
    ]


@pytest.mark.parametrize("given", [[OF_CUSTOMERS, OF_GUESTS], [OF_CUSTOMERS], [OF_GUESTS]])
def test_every_day_has_all_turnover_and_that_of_customers(given: list[list[Row]]) -> None:
    exported = pd.DataFrame([row for some in given for row in some])
    exported["day"] = exported["ordered_at"].str[:10]
    found = frame(
        built(*given),
        "select strftime(day, '%Y-%m-%d') as day, sum(revenue)::double as revenue, sum(orders) as orders, "
        "sum(revenue_of_customers)::double as known, sum(orders_of_customers) as known_orders "
        "from daily group by day having sum(abs(revenue)) + sum(orders) > 0 order by day",
    ).set_index("day")
    by_day = exported.groupby("day")["amount"].sum()
    named = exported[exported["customer_id"].notna()]
    assert found["revenue"].to_dict() == by_day.to_dict()
    assert found["orders"].sum() == (exported["amount"] >= 0).sum()
    assert found["known"].sum() == named["amount"].sum()
    assert found["known_orders"].sum() == (named["amount"] >= 0).sum()
