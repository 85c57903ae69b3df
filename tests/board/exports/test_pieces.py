"""A price of one piece beside how many there are: multiplied where its name says so, asked for where it may be both."""

from pathlib import Path

import pytest

from kviboard.board.exports.maintenance import refresh_now
from kviboard.board.exports.setup import build, look_at, plan_for
from kviboard.board.exports.setup_files import Company
from kviboard.domain.recognition.plan import Plan
from kviboard.errors import RefreshError
from kviboard.workspace import Workspace, load_workspace
from tests.warehouse.company import published

pytestmark = pytest.mark.usefixtures("exports_alone")

LINES = """Invoice,StockCode,Quantity,InvoiceDate,{price},Customer ID
1,A,6,2026-01-05 08:26:00,2.55,17850
1,B,2,2026-01-05 08:26:00,"1,000.00",17850
2,A,1,2026-01-06 09:00:00,2.55,13047
C3,A,-3,2026-01-09 10:00:00,2.55,17850
"""
MULTIPLIED = [("1", 2015.30), ("2", 2.55), ("C3", -7.65)]  # by hand: 6 × 2.55 + 2 × 1000
AS_FOUND = [("1", 1002.55), ("2", 2.55), ("C3", 2.55)]


def built(folder: Path, plan: Plan, file: Path) -> Workspace:
    build(folder, plan, [file], Company())
    workspace = load_workspace(folder)
    refresh_now(workspace)
    return workspace


def settled(file: Path, key: str, choices: dict[str, str], likely: str) -> Workspace | None:
    """The board of a file where a question has the likely answer; None where nothing answers it."""
    plan = plan_for(look_at([file]), choices)
    (question,) = (each for each in plan.questions if each.key == key)
    assert (question.answer, question in plan.open_questions) == (likely, not likely)
    return built(file.parent / "board", plan, file) if likely else None


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
    workspace = settled(file, "invoices.csv:times", choices, likely)
    assert (workspace is None) is (expected is None)
    if workspace is None or expected is None:
        return
    found = published(workspace, "select order_id, amount::double from orders order by 1")
    assert found == [(order, pytest.approx(amount)) for order, amount in expected]
    days = published(workspace, "select count(distinct (customer_id, day)) from activity")
    assert days == [(2 if expected is MULTIPLIED else 3,)]  # what went back is no day on which somebody bought


def test_an_amount_of_the_whole_line_is_no_price(tmp_path: Path) -> None:
    file = tmp_path / "invoices.csv"
    file.write_text(LINES.format(price="Line Total"), encoding="utf-8")
    assert [each.key for each in plan_for(look_at([file])).questions] == ["activity"]


REDUCED = """Invoice,Quantity,InvoiceDate,Unit Price,{discount},Customer ID
1,6,2026-01-05,2.50,{a},17850
1,2,2026-01-05,"1,000.00",{b},17850
2,1,2026-01-06,2.50,,13047
2,3,2026-01-06,10.00,{c},13047
"""
SHARES = [("1", 6 * 2.5 + 2000 * 0.75), ("2", 2.5 + 30 * 0.95)]  # by hand
AMOUNTS = [("1", 15 + 1990), ("2", 2.5 + 25)]


@pytest.mark.parametrize(
    ("discount", "cells", "choices", "likely", "expected"),
    [
        ("Discount", ("0", "0.25", "0.05"), {}, "share", SHARES),
        ("Discount %", ("0", "25", "5"), {}, "percent", SHARES),
        ("Discount", ("0%", "25%", "5%"), {}, "percent", SHARES),
        ("Discount", ("0", "25", "5"), {"lines.csv:discount": "percent"}, "percent", SHARES),
        ("Discount Amount", ("0", "10", "5"), {}, "money", AMOUNTS),
        ("Discount", ("0", "10", "5"), {}, "", None),  # percent or money
        ("Discount", ("0", "0.25", "0.05"), {"lines.csv:discount": "none"}, "none", [("1", 2015), ("2", 32.5)]),
    ],
)
def test_what_a_price_of_one_is_less_by_is_taken_off(
    tmp_path: Path, discount: str, cells: tuple[str, str, str], choices: dict[str, str], likely: str,
    expected: list[tuple[str, float]] | None,
) -> None:  # fmt: skip
    file = tmp_path / "lines.csv"
    a, b, c = cells
    file.write_text(REDUCED.format(discount=discount, a=a, b=b, c=c), encoding="utf-8")
    workspace = settled(file, "lines.csv:discount", choices, likely)
    assert (workspace is None) is (expected is None)
    if workspace is None or expected is None:
        return
    found = published(workspace, "select order_id, amount::double from orders order by 1")
    assert found == [(order, pytest.approx(amount)) for order, amount in expected]


def test_a_discount_that_cannot_be_read_stops_the_refresh(tmp_path: Path) -> None:
    file = tmp_path / "lines.csv"
    file.write_text(REDUCED.format(discount="Discount", a="0", b="0.25", c="0.05"), encoding="utf-8")
    workspace = built(tmp_path / "board", plan_for(look_at([file])), file)
    (workspace.root / "exports" / "lines.csv").write_text(REDUCED.format(discount="Discount", a="0", b="VIP", c="0"))
    with pytest.raises(RefreshError, match="VIP"):
        refresh_now(workspace)


def test_a_line_total_is_less_by_its_discount_already(tmp_path: Path) -> None:
    file = tmp_path / "invoices.csv"
    file.write_text(REDUCED.replace("Unit Price", "Line Total").format(discount="Discount", a="0", b="0.25", c="0.05"))
    assert [each.key for each in plan_for(look_at([file])).questions] == ["activity"]
