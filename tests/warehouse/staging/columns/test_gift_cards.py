"""Gift cards that are sold and used count twice, which is warned of."""

from pathlib import Path

import pytest

from kviboard.warehouse.manifest import ExportDecision
from tests.warehouse.company import company, query
from tests.warehouse.staged import published, refreshed

HEAD = "order_id,customer_id,ordered_at,amount,product,Payment Method\n"


def said(folder: Path, *ends: str) -> list[ExportDecision]:
    rows = "".join(f"{n},c{n},2026-01-0{n},{n}0,{end}\n" for n, end in enumerate(ends, 1))
    decisions = refreshed(company(folder, orders_csv=HEAD + rows)).decisions
    return [each for each in decisions if each.level == "warning"]


@pytest.mark.parametrize(("card", "used"), [("Gift card 20", "gift_card"), ("Geschenkgutschein", "Geschenkgutschein")])
def test_cards_that_are_sold_and_used_count_twice(tmp_path: Path, card: str, used: str) -> None:
    orders = [f"{card},card", f"Tea,{used}", "Tea,card", f"{card},card"]
    (found,) = said(tmp_path, *orders)
    assert found.what == (
        "2 rows are gift cards, and 1 is paid with one, as payment method says: what is bought with one counts as "
        "turnover twice."
    )
    assert found.example == f'"{card}" in exports/orders.csv, line 2'
    query(tmp_path, "staging/orders.sql", found.setting.partition("orders.sql: ")[2])
    assert said(tmp_path, *orders) == []
    assert published(company(tmp_path), "select sum(amount)::int from orders") == [(20 + 30,)]


@pytest.mark.parametrize(
    "orders", [["Gift card,card", "Tea,card"], ["Tea,gift_card", "Tea,card"], ["Gift wrap,card", "Tea,gift card"]]
)
def test_cards_that_are_only_sold_or_only_used_are_no_doubt(tmp_path: Path, orders: list[str]) -> None:
    assert said(tmp_path, *orders) == []
