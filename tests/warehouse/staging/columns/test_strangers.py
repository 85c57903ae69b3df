"""Tables none of whose customers is in another are warned of, where it can be no chance."""

from pathlib import Path

import pytest

from tests.warehouse.company import company
from tests.warehouse.staged import refreshed
from tests.warehouse.staging.columns.test_alike_ids import said


@pytest.mark.parametrize(
    ("orders", "answers", "strangers"),
    [
        ([f"{n}" for n in range(9)], [f"u{n}@x.example" for n in range(7)], 7),
        ([f"{n}" for n in range(9)], [f"u{n}@x.example" for n in range(4)], 0),  # so few may have bought nothing yet
        ([f"{n}" for n in range(9)], [*(f"u{n}@x.example" for n in range(40)), "8"], 0),
        ([f"{n}" for n in range(4)], [f"u{n}@x.example" for n in range(7)], 0),
    ],
)
def test_tables_that_share_no_customer_are_warned_of(
    tmp_path: Path, orders: list[str], answers: list[str], strangers: int
) -> None:
    found = [each for each in said(tmp_path, orders, answers) if each.level == "warning"]
    assert [each.what for each in found] == [
        f"none of its {strangers} customers is among those of orders, so nothing of the one is known of the other."
    ] * bool(strangers)
    assert all(each.example == '"u0@x.example" in responses and "0" in orders' for each in found)


@pytest.mark.parametrize(
    ("orders", "is_said"),
    [(["shop@x.example"] * 20, True), (["shop@x.example"] * 19, False), (["shop@x.example"] * 30 + ["b"], False)],
)
def test_orders_that_all_name_one_customer_are_warned_of(tmp_path: Path, orders: list[str], is_said: bool) -> None:
    found = [each for each in said(tmp_path, orders, ["a@x.example"]) if "those of one customer" in each.what]
    assert [each.example for each in found] == ['"shop@x.example"'] * is_said
    assert all(each.level == "warning" and each.what.startswith("all 20 orders are") for each in found)


@pytest.mark.parametrize(
    ("rows", "is_said"),
    [
        ([("shop", -1)] * 5 + [("a", 9), ("b", -2)], True),
        ([("shop", -1)] * 4 + [("a", 9), ("b", -2)], False),  # a few may be chance
        ([("shop", -1)] * 5 + [("a", 9), ("shop", 7)], False),  # they bought
        ([("shop", -1)] * 5 + [("a", 9)] + [("b", -2)] * 5, False),
    ],
)
def test_refunds_that_mostly_name_one_who_never_bought_are_warned_of(
    tmp_path: Path, rows: list[tuple[str, int]], is_said: bool
) -> None:
    lines = "".join(f"{n},{who},2026-01-05,{amount}\n" for n, (who, amount) in enumerate(rows))
    manifest = refreshed(company(tmp_path, orders_csv=f"order_id,customer_id,ordered_at,amount\n{lines}"))
    found = [each for each in manifest.decisions if "who never bought" in each.what]
    assert [each.example for each in found] == ['"shop"'] * is_said
    assert all(each.what.startswith("5 of 6 orders below zero are those of one customer") for each in found)
