"""A price of one piece beside how many there are: multiplied where its name says so, asked for where it may be both."""

from pathlib import Path

import pytest

from kviboard.board.exports.maintenance import refresh_now
from kviboard.board.exports.setup import build, look_at, plan_for
from kviboard.board.exports.setup_files import Company
from kviboard.workspace import load_workspace
from tests.warehouse.company import published

LINES = """Invoice,StockCode,Quantity,InvoiceDate,{price},Customer ID
1,A,6,2026-01-05 08:26:00,2.55,17850
1,B,2,2026-01-05 08:26:00,"1,000.00",17850
2,A,1,2026-01-06 09:00:00,2.55,13047
C3,A,-3,2026-01-09 10:00:00,2.55,17850
"""
MULTIPLIED = [("1", 2015.30), ("2", 2.55), ("C3", -7.65)]  # by hand: 6 × 2.55 + 2 × 1000
AS_FOUND = [("1", 1002.55), ("2", 2.55), ("C3", 2.55)]


@pytest.mark.parametrize(
    ("price", "choices", "likely", "expected"),
    [
        ("UnitPrice", {}, "Quantity", MULTIPLIED),
        ("Unit Price", {"invoices.csv:times": "none"}, "none", AS_FOUND),
        ("Price", {}, "", None),
        ("Price", {"invoices.csv:times": "Quantity"}, "Quantity", MULTIPLIED),
    ],
)
def test_a_price_is_multiplied_where_it_is_that_of_one(
    tmp_path: Path, price: str, choices: dict[str, str], likely: str, expected: list[tuple[str, float]] | None
) -> None:
    file = tmp_path / "invoices.csv"
    file.write_text(LINES.format(price=price), encoding="utf-8")
    plan = plan_for(look_at([file]), choices)
    (question,) = (each for each in plan.questions if each.key == "invoices.csv:times")
    assert (question.answer, question in plan.open_questions) == (likely, not likely)
    if expected is None:
        return
    build(tmp_path / "board", plan, [file], Company())
    workspace = load_workspace(tmp_path / "board")
    refresh_now(workspace)
    found = published(workspace, "select order_id, amount::double from orders order by 1")
    assert found == [(order, pytest.approx(amount)) for order, amount in expected]
    days = published(workspace, "select count(distinct (customer_id, day)) from activity")
    assert days == [(2 if expected is MULTIPLIED else 3,)]  # what went back is no day on which somebody bought


def test_an_amount_of_the_whole_line_is_no_price(tmp_path: Path) -> None:
    file = tmp_path / "invoices.csv"
    file.write_text(LINES.format(price="Line Total"), encoding="utf-8")
    assert [each.key for each in plan_for(look_at([file])).questions] == ["activity"]
