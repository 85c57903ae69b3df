"""What was paid back, in exports that set-up recognises: taken off, set aside or warned of, and no day of activity."""

from pathlib import Path

import pytest

from kviboard.board.exports.maintenance import MaintenanceReport, refresh_now
from kviboard.board.exports.setup import build, look_at, plan_for
from kviboard.board.exports.setup_files import Company
from kviboard.errors import RefreshError
from kviboard.workspace import Workspace, load_workspace
from tests.warehouse.company import published

pytestmark = pytest.mark.usefixtures("exports_alone")

BESIDE = """Order ID,Customer ID,Order Date,Order Status,Order Total (inc tax),Refunded Amount
1,a,14/03/2026,Completed,"$1,250.00",$0.00
2,b,15/03/2026,Cancelled,$80.00,$0.00
3,b,16/03/2026,Partially Refunded,$90.50,$20.25
4,c,17/03/2026,Refunded,$60.00,$0.00
"""
AS_ROWS = """Date,Transaction ID,Customer ID,Net Sales
03/14/26,t1,a,"$1,200.00"
03/15/26,t2,b,$100.00
03/16/26,t3,b,-$40.00
03/17/26,t4,a,($20.00)
"""
WITH_LINES = """Order ID,Email,Financial Status,Paid at,Amount Refunded,Total,Created at,Lineitem name
1,a@x.example,PAID,2026-03-14 10:00:00,5.00,50.00,2026-03-14 10:00:00,Tea
1,a@x.example,,,,,,Cup
2,b@x.example,PAID,2026-03-15 10:00:00,0.00,30.00,2026-03-15 10:00:00,Tea
2,b@x.example,,,,,,Pot
"""


def board_of(folder: Path, text: str, choices: dict[str, str] | None = None) -> tuple[Workspace, MaintenanceReport]:
    file = folder / "export.csv"
    file.write_text(text, encoding="utf-8")
    build(folder / "board", plan_for(look_at([file]), choices), [file], Company(currency="USD"))
    workspace = load_workspace(folder / "board")
    return workspace, refresh_now(workspace)


def orders_of(workspace: Workspace) -> dict[str, float]:
    return {order: float(amount) for order, amount in published(workspace, "select order_id, amount from orders")}


def test_a_column_of_refunds_is_taken_off_and_a_state_that_says_more_is_warned_of(tmp_path: Path) -> None:
    workspace, report = board_of(tmp_path, BESIDE)
    assert orders_of(workspace) == {"1": 1250.0, "3": 70.25, "4": 60.0}  # by hand: 90.50 - 20.25
    doubts = [decision.what for decision in report.decisions if decision.level == "warning"]
    assert doubts == ['order status is "Refunded" in 1 row, whose amounts count as turnover.']


def test_amounts_may_be_those_that_are_left(tmp_path: Path) -> None:
    workspace, report = board_of(tmp_path, BESIDE, {"export.csv:minus": "none"})
    assert orders_of(workspace) == {"1": 1250.0, "3": 90.5, "4": 60.0}
    assert any("Partially Refunded" in decision.what for decision in report.decisions)


def test_a_day_of_a_refund_is_none_on_which_the_customer_bought(tmp_path: Path) -> None:
    workspace, _ = board_of(tmp_path, AS_ROWS)
    assert sum(orders_of(workspace).values()) == 1240.0
    days = published(workspace, "select distinct customer_id, day::varchar from activity order by all")
    assert days == [("a", "2026-03-14"), ("b", "2026-03-15")]


@pytest.mark.parametrize(
    ("name", "header", "sign", "role"),
    [
        ("refunds.csv", "Order ID,Customer ID,Date,Amount", "", ""),
        ("march.csv", "Refund ID,Customer ID,Date,Amount", "", ""),
        ("Retouren.csv", "Bestellnummer,Kundennummer,Datum,Betrag", "", ""),
        ("refunds.csv", "Order ID,Customer ID,Date,Amount", "-", "orders"),  # as the board counts them
        ("sales.csv", "Order ID,Customer ID,Date,Amount", "", "orders"),
    ],
)
def test_a_list_of_refunds_above_zero_is_no_turnover(
    tmp_path: Path, name: str, header: str, sign: str, role: str
) -> None:
    rows = [f"{n},c{n % 9},2026-01-{n % 27 + 1:02},{sign}{n + 1}.50" for n in range(40)]
    (tmp_path / name).write_text("\n".join([header, *rows, ""]))
    (export,) = plan_for(look_at([tmp_path / name])).exports
    assert export.role == role
    assert ("refunds, none below zero" in export.why) == (role == "")


def test_a_line_that_only_continues_its_order_is_no_day_of_activity_and_no_reason_to_refuse(tmp_path: Path) -> None:
    workspace, report = board_of(tmp_path, WITH_LINES)
    assert orders_of(workspace) == {"1": 45.0, "2": 30.0}
    days = published(workspace, "select customer_id, day::varchar from activity order by all")
    assert days == [("a@x.example", "2026-03-14"), ("b@x.example", "2026-03-15")]
    assert [each.what for each in report.decisions if each.level == "warning"] == []


@pytest.mark.parametrize(("name", "sign"), [("Amount (USD)", ""), ("Amount", "$")])
def test_the_currency_of_an_amount_stays_where_something_is_taken_off(tmp_path: Path, name: str, sign: str) -> None:
    rows = "".join(f"{n},c{n % 2},2026-03-1{n},{sign}50.00,{sign}{n // 2}.25\n" for n in range(4))
    text = f"Order ID,Customer ID,Order Date,{name},Amount Refunded\n{rows}"
    assert orders_of(board_of(tmp_path, text)[0]) == {"0": 49.75, "1": 49.75, "2": 48.75, "3": 48.75}
    other = tmp_path / "euro"
    other.mkdir()
    file = other / "export.csv"
    file.write_text(text, encoding="utf-8")
    build(other / "board", plan_for(look_at([file])), [file], Company(currency="EUR"))
    with pytest.raises(RefreshError, match=r"amount is not in EUR, the company's currency, but in (USD|\$)"):
        refresh_now(load_workspace(other / "board"))


def test_cents_stay_cents_where_something_is_taken_off(tmp_path: Path) -> None:
    text = "Order ID,Customer ID,Order Date,amount_cents,amount_refunded_cents\n"
    text += "1,a,2026-03-14,5000,0\n2,b,2026-03-15,3000,550\n3,b,2026-03-16,4000,0\n"
    assert orders_of(board_of(tmp_path, text)[0]) == {"1": 50.0, "2": 24.5, "3": 40.0}
