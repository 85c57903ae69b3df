"""Orders of nothing count as purchases, which is said where they are many."""

from pathlib import Path

import pytest

from kviboard.workspace import load_workspace
from tests.warehouse.company import company, query
from tests.warehouse.staged import published, refreshed


def orders(free: int, paid: int, nothing: str = "0.00") -> str:
    amounts = [nothing] * free + ["12.50"] * paid
    rows = "".join(f'{n},c{n % 7},2026-01-{n % 28 + 1:02},"{amount}"\n' for n, amount in enumerate(amounts))
    return f"order_id,customer_id,ordered_at,amount\n{rows}"


@pytest.mark.parametrize("nothing", ["0.00", "0", "€0.00", "-0.00", "0E-8"])
def test_trials_are_warned_of_with_the_query_that_sets_them_aside(tmp_path: Path, nothing: str) -> None:
    workspace = company(tmp_path, orders_csv=orders(20, 40, nothing))
    (said,) = (each for each in refreshed(workspace).decisions if "purchase" in each.what)
    assert said.what == (
        "20 of 60 orders are of 0.00, and each counts as a purchase: in orders, ordering customers, repurchases and "
        "the average order."
    )
    assert said.should_be_confirmed
    assert published(workspace, "select count(*), sum(amount)::int from orders") == [(60, 500)]
    query(tmp_path, "staging/orders.sql", said.setting.partition("orders.sql: ")[2])
    workspace = load_workspace(tmp_path)
    assert not [each for each in refreshed(workspace).decisions if "purchase" in each.what]
    assert published(workspace, "select count(*), sum(amount)::int from orders") == [(40, 500)]


@pytest.mark.parametrize(("free", "paid"), [(0, 40), (4, 4), (9, 491)])
def test_a_few_are_no_doubt(tmp_path: Path, free: int, paid: int) -> None:
    assert refreshed(company(tmp_path, orders_csv=orders(free, paid))).decisions == ()


def test_a_free_line_of_an_order_is_no_free_order(tmp_path: Path) -> None:
    rows = "".join(f"{n},c{n},2026-01-0{n},5.00\n{n},c{n},2026-01-0{n},0.00\n" for n in range(1, 9))
    workspace = company(tmp_path, orders_csv=f"order_id,customer_id,ordered_at,amount\n{rows}")
    assert not [each for each in refreshed(workspace).decisions if "purchase" in each.what]
