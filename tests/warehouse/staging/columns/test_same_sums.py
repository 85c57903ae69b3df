"""Exports of tills that have the sale, its lines and its payment as rows of one number: that each counts is said."""

from pathlib import Path

import pytest

from tests.warehouse.company import company, query
from tests.warehouse.staged import published, refreshed

HEAD = "order_id;customer_id;ordered_at;amount;Line Type"
AMOUNTS = [(1000.5, 250.0), (7.25, 5.0), (12.0, 5.0), (3.3, 1.1), (8.0, 2.5), (9.5, 2.25)]


def rows(kinds: tuple[str, str, str], comma: bool = False) -> list[str]:
    """Of each order what it came to, its two lines and its payment."""
    found = []
    for number, (one, other) in enumerate(AMOUNTS):
        of_kinds = [(kinds[0], one + other), (kinds[1], one), (kinds[1], other), (kinds[2], one + other)]
        for kind, amount in of_kinds:
            text = f"{amount:,.2f}".translate(str.maketrans(",.", ".,")) if comma else f"{amount}"
            found.append(f"{number};c{number};2026-01-0{number + 1};{text};{kind}")
    return found


def said(folder: Path, lines: list[str], toml: str = "") -> list[str]:
    manifest = refreshed(company(folder, toml, orders_csv="\n".join([HEAD, *lines, ""])))
    return [str(each) for each in manifest.decisions if "come to the same amount" in each.what]


@pytest.mark.parametrize("comma", [False, True])
def test_kinds_of_rows_that_each_come_to_the_whole_sale_are_warned_of(tmp_path: Path, comma: bool) -> None:
    (found,) = said(tmp_path, rows(("Sale", "Sale Line", "Payment"), comma))
    assert found.startswith(
        'The orders export: rows with "Payment", "Sale" and "Sale Line" in line type come to the same amount in 6 '
        "orders, and all of them count as turnover."
    )
    query(tmp_path, "staging/orders.sql", found.partition("staging/orders.sql: ")[2])
    assert said(tmp_path, rows(("Sale", "Sale Line", "Payment"), comma)) == []
    sold = sum(map(sum, AMOUNTS))
    assert published(company(tmp_path), "select sum(amount)::double from orders") == [(pytest.approx(sold),)]


def test_kinds_of_rows_that_are_sold_together_are_not(tmp_path: Path) -> None:
    """A fee and a ticket of different amounts; a cup and a plate that have one price; two kinds in four orders only."""
    assert said(tmp_path, rows(("Ticket", "Ticket", "Seat"))) == []
    pair = [f"{n};c{n};2026-01-0{n};5;{kind}" for n in range(1, 8) for kind in ("Cup", "Plate")][:-1]
    assert said(tmp_path, pair) == []
    assert said(tmp_path, rows(("Sale", "Sale Line", "Part"))[:16]) == []
