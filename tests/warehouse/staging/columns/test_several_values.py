"""Cells with several values at once are warned of: each list would be a topic, a product or a slice of its own."""

from pathlib import Path

import pytest

from kviboard.warehouse.manifest import ExportDecision
from tests.warehouse.company import company, query
from tests.warehouse.staged import published, refreshed

ORDERS = "order_id,customer_id,ordered_at,amount\n1,c1,2026-01-02,5\n"
HEAD = "ticket_id;customer_id;opened_at;topic\n"


def said(folder: Path, *topics: str) -> list[ExportDecision]:
    rows = "".join(f'{n};c1;2026-01-02;"{topic}"\n' for n, topic in enumerate(topics))
    workspace = company(folder, orders_csv=ORDERS, tickets_csv=HEAD + rows)
    return [each for each in refreshed(workspace).decisions if "several values at once" in each.what]


@pytest.mark.parametrize(
    ("topics", "example", "firsts"),
    [
        (["billing; delivery"] * 3 + ["delivery; quality", "quality; billing"], "billing; delivery", 3),
        (["billing|Delivery"] * 4 + ["delivery", "billing"], "billing|Delivery", 5),
        (["billing, delivery"] * 3 + ["delivery", "billing"], "billing, delivery", 4),
    ],
)
def test_lists_of_topics_are_warned_of(tmp_path: Path, topics: list[str], example: str, firsts: int) -> None:
    (found,) = said(tmp_path, *topics)
    assert found.example == f'"{example}"'
    lists = sum(any(sign in topic for sign in ";|,") for topic in topics)
    assert found.what == (
        f"topic holds several values at once in {lists} rows: each such list counts as one of its own, and "
        '"billing" lacks them.'
    )
    query(tmp_path, "staging/tickets.sql", found.setting.partition("tickets.sql: ")[2])
    assert said(tmp_path, *topics) == []
    counted = "select count(*) from tickets where topic = 'billing'"
    assert published(company(tmp_path), counted) == [(firsts,)]


@pytest.mark.parametrize(
    "topics",
    [
        ["Shirt, red", "Shirt, blue", "Shoe, red", "Shoe, blue"],
        ["Berlin; Germany", "Bonn; Germany", "Berlin", "Bonn; Germany"],
        ["billing; delivery", "billing", "delivery", "billing"],
        ["Bags, belts and more"] * 5 + ["Bags"],
    ],
)
def test_one_value_with_a_comma_in_it_is_no_list(tmp_path: Path, topics: list[str]) -> None:
    assert said(tmp_path, *topics) == []


def test_slices_are_looked_at_too(tmp_path: Path) -> None:
    rows = "".join(f"c{n},{segment}\n" for n, segment in enumerate(["vip|shop", "shop|vip", "vip|shop", "shop"]))
    workspace = company(
        tmp_path, 'dimensions = ["segment"]\n', orders_csv=ORDERS, customers_csv=f"customer_id,segment\n{rows}"
    )
    (found,) = [each for each in refreshed(workspace).decisions if each.where == "The customers export"]
    assert found.what.startswith("segment holds several values at once in 3 rows")
