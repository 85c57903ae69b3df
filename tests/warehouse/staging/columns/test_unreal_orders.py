"""Tests, orders of the company's own people and tips among the orders of a shop are warned of."""

from pathlib import Path

import pytest

from kviboard.warehouse.manifest import ExportDecision
from tests.warehouse.company import company, query
from tests.warehouse.staged import published, refreshed

HEAD = "order_id,customer_id,ordered_at,amount,"


def said(folder: Path, columns: str, *ends: str) -> list[ExportDecision]:
    rows = "".join(f"{n},c{n},2026-01-0{n},{n}0.00,{end}\n" for n, end in enumerate(ends, 1))
    decisions = refreshed(company(folder, orders_csv=f"{HEAD}{columns}\n{rows}")).decisions
    return [each for each in decisions if each.level == "warning"]


@pytest.mark.parametrize(
    ("column", "values", "shown"),
    [
        ("Payment Method", ["card", "bogus", "contest voucher", "(for testing) Bogus Gateway"], '"(for testing) Bogus'),
        ("Tags", ["vip", '"vip, Staff order"', '"a/b-test, staffordshire"', "test"], '"test" or "vip, Staff order"'),
        ("Customer group", ["Retail", "Mitarbeiter", "Team test", "employees"], '"Mitarbeiter" or "employees"'),
    ],
)
def test_tests_and_orders_of_our_own_people_count_which_is_said(
    tmp_path: Path, column: str, values: list[str], shown: str
) -> None:
    (found,) = said(tmp_path, column, *values)
    assert found.what.startswith(f"{column.lower()} is {shown}")
    assert " in 2 rows, whose amounts count as turnover" in found.what
    query(tmp_path, "staging/orders.sql", found.setting.partition("orders.sql: ")[2])
    assert said(tmp_path, column, *values) == []
    assert published(company(tmp_path), "select sum(amount)::int from orders") == [(10 + 30,)]


def test_tips_beside_an_amount_or_as_lines_are_said(tmp_path: Path) -> None:
    (found,) = said(tmp_path, "Tip Amount", "2.50", "0.00", "")
    assert found.what == "tip amount is above 0 in 1 row: where amounts are with it, tips count as turnover."
    (line,) = said(tmp_path, "Product,Tip rate", "Tea,3", "Tip,4", "Q-tips,5")
    assert line.what == 'product is "Tip" in 1 row, and counts as turnover.'
    query(tmp_path, "staging/orders.sql", line.setting.partition("orders.sql: ")[2].partition(";")[0])
    assert said(tmp_path, "Product", "Tea", "Tip") == []


def test_tips_beside_net_sales_are_no_doubt(tmp_path: Path) -> None:
    toml = '[sources.orders]\nfiles = "exports/orders.csv"\nrename = { "Net Sales" = "amount" }\n'
    text = "order_id,customer_id,ordered_at,Net Sales,Tip\n1,c1,2026-01-01,10.00,2.00\n"
    assert refreshed(company(tmp_path, toml, orders_csv=text)).decisions == ()
