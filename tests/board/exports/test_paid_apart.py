"""Orders whose amounts stand in a file of payments: what failed is not paid, and what a refresh warns of or refuses
beside amounts it does for these, too."""

from pathlib import Path

import pytest

from kviboard.board.exports.setup import build, look_at, plan_for
from kviboard.board.exports.setup_files import Company
from kviboard.errors import RefreshError
from kviboard.warehouse.refresh import refresh
from kviboard.workspace import load_workspace
from tests.warehouse.company import published, staging_only

ORDERS = "order_id,customer_id,order date\n" + "".join(f"{n},c{n % 2},2026-01-0{n}\n" for n in range(1, 5))


def paid(folder: Path, payments: str, currency: str = "EUR") -> tuple[dict[str, float], list[str]]:
    """The amount of each order, and the warnings."""
    for name, text in (("orders.csv", ORDERS), ("payments.csv", payments)):
        (folder / name).write_text(text, encoding="utf-8")
    files = [folder / "orders.csv", folder / "payments.csv"]
    build(folder / "board", plan_for(look_at(files)), files, Company(currency=currency))
    workspace = load_workspace(folder / "board")
    said = refresh(workspace, staging_only(workspace)).decisions
    amounts = published(workspace, "select order_id, amount::double from orders order by 1")
    return dict(amounts), [each.what for each in said if each.level == "warning"]


def test_a_payment_that_failed_is_none(tmp_path: Path) -> None:
    rows = "1,10.50,paid\n2,20.50,failed\n2,20.50,paid\n3,30.50,failed\n4,40.50,paid\n"
    amounts, said = paid(tmp_path, f"order_id,amount,status\n{rows}")
    assert amounts == {"1": 10.5, "2": 20.5, "3": 0, "4": 40.5}
    assert said == []


def test_what_was_paid_back_is_taken_off(tmp_path: Path) -> None:
    rows = "1,10.50,0\n2,20.50,5.25\n3,30.50,0\n4,40.50,40.50\n"
    amounts, said = paid(tmp_path, f"order_id,amount,amount_refunded\n{rows}")
    assert amounts == {"1": 10.5, "2": 15.25, "3": 30.5, "4": 0}
    assert said == []


def test_a_state_that_says_paid_back_is_warned_of(tmp_path: Path) -> None:
    rows = "1,10.50,paid,card\n2,20.50,refunded,card\n3,30.50,paid,voucher\n4,40.50,paid,card\n"
    amounts, said = paid(tmp_path, f"order_id,amount,status,payment_type\n{rows}")
    assert amounts["2"] == 20.5  # as it stands, and therefore:
    assert said == ['payments_status is "refunded" in 1 row, whose amounts count as turnover.']


@pytest.mark.parametrize(
    ("head", "end"),
    [("amount,currency", ",USD"), ("amount (USD)", ""), ("amount_usd", "")],
)
def test_another_currency_is_refused_and_the_companys_own_is_not(tmp_path: Path, head: str, end: str) -> None:
    payments = f"order_id,{head}\n" + "".join(f"{n},{n}0.50{end}\n" for n in range(1, 5))
    with pytest.raises(RefreshError, match=r"amount is not in EUR.* but in USD \(4 rows"):
        paid(tmp_path, payments)
    (tmp_path / "second").mkdir()
    assert paid(tmp_path / "second", payments, "USD")[0] == {"1": 10.5, "2": 20.5, "3": 30.5, "4": 40.5}


def test_cents_are_told_by_the_name_of_their_column(tmp_path: Path) -> None:
    payments = "order_id,amount_cents\n" + "".join(f"{n},{n}050\n" for n in range(1, 5))
    assert paid(tmp_path, payments)[0] == {"1": 10.5, "2": 20.5, "3": 30.5, "4": 40.5}


HEADERS = "OrderID,CustomerID,OrderDate,Freight{more}\n" + "".join(
    f"{n},c{n % 2},2026-01-0{n},{n}.45{{cell}}\n" for n in range(1, 5)
)
LINES = (
    "OrderID,ProductID,UnitPrice,Quantity,Discount\n1,7,14.00,10,0\n1,8,2.50,4,0.1\n2,7,14.00,1,0\n3,9,0.10,3,0.25\n"
)


def test_lines_of_orders_in_a_file_of_their_own_are_their_amounts(tmp_path: Path) -> None:
    files = [tmp_path / "orders.csv", tmp_path / "order details.csv"]
    files[0].write_text(HEADERS.format(more="", cell=""), encoding="utf-8")  # a freight is no amount of an order
    files[1].write_text(LINES, encoding="utf-8")
    plan = plan_for(look_at(files))
    assert plan.open_questions == ()
    build(tmp_path / "board", plan, files, Company())
    workspace = load_workspace(tmp_path / "board")
    refresh(workspace, staging_only(workspace))
    amounts = dict(published(workspace, "select order_id, amount::double from orders order by 1"))
    assert amounts == {"1": 140 + 9, "2": 14, "3": 0.225, "4": 0}  # by hand


def test_lines_are_left_out_where_the_orders_have_their_amounts(tmp_path: Path) -> None:
    files = [tmp_path / "orders.csv", tmp_path / "order details.csv"]
    files[0].write_text(HEADERS.format(more=",Order Total", cell=",9.50"), encoding="utf-8")
    files[1].write_text(LINES, encoding="utf-8")
    orders, lines = plan_for(look_at(files)).exports
    assert (orders.role, orders.fed["amount"]) == ("orders", "Order Total")
    assert (lines.role, lines.why) == ("", "it has the lines of orders.csv, where the amounts are")
    files[1].write_text(LINES.replace(",14.00,1,", ",-14.00,1,"), encoding="utf-8")  # may be what was paid back
    assert [each.role for each in plan_for(look_at(files)).exports] == ["orders", "orders"]
    chosen = plan_for(look_at(files), {"order details.csv:table": "orders"})
    assert [each.role for each in chosen.exports] == ["orders", "orders"]  # who says so is asked what it lacks


def test_the_lines_of_a_database_name_the_id_of_their_order(tmp_path: Path) -> None:
    files = [tmp_path / "orders.csv", tmp_path / "order_items.csv"]
    heads = "".join(f"{n},c{n % 2},2026-01-{n:02} 10:00:00,paid\n" for n in range(1, 10))
    files[0].write_text(f"id,customer_id,created_at,status\n{heads}", encoding="utf-8")
    rows = [(n, n % 7 + 1, n % 3 + 1, f"{n}.50") for n in range(1, 21)]  # of 7 of the 9 orders
    lines = "".join(f"{number},{order},sku{number % 4},{pieces},{price}\n" for number, order, pieces, price in rows)
    files[1].write_text(f"id,order_id,sku,quantity,unit_price\n{lines}", encoding="utf-8")
    plan = plan_for(look_at(files))
    assert [each.role for each in plan.exports] == ["orders", "payments"]
    assert plan.open_questions == ()
    build(tmp_path / "board", plan, files, Company())
    workspace = load_workspace(tmp_path / "board")
    refresh(workspace, staging_only(workspace))
    amounts = dict(published(workspace, "select order_id, amount::double from orders"))
    assert amounts == {
        str(order): sum(pieces * float(price) for _, of, pieces, price in rows if of == order) for order in range(1, 10)
    }
    by_product: dict[str, float] = {}
    for number, _, pieces, price in rows:
        by_product[f"sku{number % 4}"] = by_product.get(f"sku{number % 4}", 0) + pieces * float(price)
    split = """
        select product, sum(amount)::double from (
            select product, amount from order_products
            union all
            select product, amount from orders where order_id not in (select order_id from order_products)
        ) where product is not null group by 1
    """
    assert dict(published(workspace, split)) == by_product


def test_numbers_of_other_orders_are_no_lines_of_these(tmp_path: Path) -> None:
    files = [tmp_path / "orders.csv", tmp_path / "order_items.csv"]
    heads = "".join(f"{n},c{n % 2},2026-01-{n:02} 10:00:00,paid\n" for n in range(1, 10))
    files[0].write_text(f"id,customer_id,created_at,status\n{heads}", encoding="utf-8")
    lines = "".join(f"{n},{n + 500},sku{n},2,{n}.50\n" for n in range(1, 21))
    files[1].write_text(f"id,order_id,sku,quantity,unit_price\n{lines}", encoding="utf-8")
    assert plan_for(look_at(files)).amounts is None
