"""Shops that sell to guests: set-up asks, and turnover has them while nothing of customers does."""

import re
from pathlib import Path

import pandas as pd
import pytest

from kviboard.board.exports.maintenance import refresh_now
from kviboard.board.exports.setup import build, look_at, plan_for
from kviboard.board.exports.setup_files import Company
from kviboard.domain.recognition.plan import Plan
from kviboard.workspace import load_workspace
from tests.board.exports.test_paid_back import board_of
from tests.warehouse.company import published


def shop(nobody: str, every: int = 3, rows: int = 60) -> str:
    """Every third order names nobody."""
    who = [nobody if n % every == 0 else f"k{n % 13}" for n in range(rows)]
    lines = [f"{n},{who[n]},2026-{n % 5 + 1:02}-{n % 27 + 1:02},{n}.25" for n in range(rows)]
    return "\n".join(["Order ID,Customer ID,Order Date,Order Total", *lines, ""])


def frame(text: str, folder: Path) -> pd.DataFrame:
    (folder / "plain.csv").write_text(text)
    return pd.read_csv(folder / "plain.csv", dtype=str, keep_default_na=False)


@pytest.mark.parametrize("nobody", ["", "0", "Guest", "not logged in"])
def test_orders_of_guests_count_where_nobody_says_no(tmp_path: Path, nobody: str) -> None:
    workspace, report = board_of(tmp_path, shop(nobody))
    assert "guest_orders = true" in (workspace.root / "kviboard.toml").read_text()
    assert not report.problems
    rows = frame(shop(nobody), tmp_path)
    named = rows[rows["Customer ID"] != nobody]
    assert published(workspace, "select count(*), sum(amount)::double, count(customer_id) from orders") == [
        (len(rows), rows["Order Total"].astype(float).sum(), len(named))
    ]
    days = named.groupby("Customer ID")["Order Date"].nunique().sum()
    assert published(workspace, "select count(*), count(distinct customer_id) from customer_days") == [(days, 13)]


def test_whoever_says_that_they_are_none_has_them_rejected(tmp_path: Path) -> None:
    workspace, _ = board_of(tmp_path, shop("", every=30), {"export.csv:guests": "no"})
    assert "guest_orders" not in (workspace.root / "kviboard.toml").read_text()
    assert published(workspace, "select count(*) from orders") == [(58,)]


@pytest.mark.parametrize(
    "text",
    [
        shop("", every=1000),  # one slip
        shop("k9"),
        shop("0", every=9),  # as many as of others
        "Order ID,Customer ID,Order Date,Order Total\n" + "1,a,2026-01-01,10\n1,,,\n" * 30,  # lines of orders
    ],
)
def test_nobody_is_asked_where_there_is_nothing_to_ask(tmp_path: Path, text: str) -> None:
    (tmp_path / "export.csv").write_text(text)
    plan = plan_for(look_at([tmp_path / "export.csv"]), {})
    assert [each.key for each in plan.questions if each.key.endswith("guests")] == []


def test_the_question_says_how_many_rows_it_is_about(tmp_path: Path) -> None:
    (tmp_path / "export.csv").write_text(shop(""))
    plan = plan_for(look_at([tmp_path / "export.csv"]), {})
    (asked,) = (each for each in plan.questions if each.key == "export.csv:guests")
    assert asked.text == ("export.csv: Customer ID names nobody in about 20 rows of 60. Are these orders of guests?")
    assert (asked.answer, [answer for answer, _ in asked.options]) == ("yes", ["yes", "no"])


RECEIPTS = "Receipt No,Date,Time,Cashier,Total\n" + "".join(
    f"R{n},2026-{n % 5 + 1:02}-{n % 27 + 1:02},1{n % 9}:15,K{n % 4},{n}.25\n" for n in range(60)
)


def asked_of(folder: Path, *texts: str, choices: dict[str, str] | None = None) -> Plan:
    paths = [folder / f"export{number}.csv" for number in range(len(texts))]
    for path, text in zip(paths, texts, strict=True):
        path.write_text(text)
    return plan_for(look_at(paths), choices or {})


@pytest.mark.parametrize(("below", "about"), [("", "18 rows of 27"), ("Subtotal,,,9\n", "9 rows of 36")])
def test_rows_of_a_report_with_groups_are_not_taken_for_those_of_guests(tmp_path: Path, below: str, about: str) -> None:
    """The customer stands in the first row of their group alone."""
    rows = [f"Firm {n},A{n},2026-01-0{n},5\n,B{n},2026-02-0{n},4\n,C{n},2026-03-0{n},4\n" for n in range(1, 10)]
    text = "Customer,Order ID,Order Date,Order Total\n" + "".join(row + below for row in rows)
    (asked,) = asked_of(tmp_path, text).open_questions
    assert asked.text == f"export0.csv: Customer names nobody in about {about}. Are these orders of guests?"
    assert asked.why.endswith("export such a one with the customer in every row")
    assert asked_of(tmp_path, text, choices={asked.key: "yes"}).open_questions == ()


def test_who_bought_is_asked_where_no_column_is_called_so(tmp_path: Path) -> None:
    plan = asked_of(tmp_path, RECEIPTS)
    (asked,) = plan.open_questions
    assert asked.text == "export0.csv: which column names the customer?"
    assert [answer for answer, _ in asked.options] == ["Cashier", "none"]  # a time of day is nobody
    assert dict(asked.options)["Cashier"] == "Cashier, such as K0"
    assert plan.lacking == ()
    assert plan.exports[0].fed.keys() == {"order_id", "ordered_at", "amount"}
    chosen = asked_of(tmp_path, RECEIPTS, choices={"export0.csv:customer_id": "Cashier"})
    assert (chosen.open_questions, chosen.exports[0].fed["customer_id"]) == ((), "Cashier")


def test_a_till_without_customers_brings_turnover_alone(tmp_path: Path) -> None:
    workspace, report = board_of(tmp_path, RECEIPTS, {"export.csv:customer_id": "none"})
    assert not report.problems
    total = frame(RECEIPTS, tmp_path)["Total"].astype(float).sum()
    assert published(workspace, "select count(*), sum(amount)::double, count(customer_id) from orders") == [
        (60, total, 0)
    ]
    assert published(workspace, "select count(*) from customers") == [(0,)]
    assert not (workspace.root / "queries" / "staging" / "activity.sql").exists()


def test_a_till_beside_a_shop_that_knows_its_customers(tmp_path: Path) -> None:
    choices = {"export0.csv:customer_id": "none"}
    plan = asked_of(tmp_path, RECEIPTS, shop("k9"), choices=choices)
    build(tmp_path / "board", plan, [tmp_path / "export0.csv", tmp_path / "export1.csv"], Company(currency="USD"))
    workspace = load_workspace(tmp_path / "board")
    assert not refresh_now(workspace).problems
    total = sum(frame(text, tmp_path).iloc[:, -1].astype(float).sum() for text in (RECEIPTS, shop("k9")))
    assert published(workspace, "select count(*), sum(amount)::double, count(customer_id) from orders") == [
        (120, total, 60)
    ]
    assert published(workspace, "select count(*) from activity") == [(60,)]


def test_an_address_names_the_customer_whatever_its_column_is_called(tmp_path: Path) -> None:
    plan = asked_of(tmp_path, re.sub(r"K(\d)", r"k\1@example.org", RECEIPTS.replace("Cashier", "Who")))
    assert plan.open_questions == ()
    assert plan.exports[0].fed["customer_id"] == "Who"


def test_the_amount_is_asked_for_where_no_name_says_it(tmp_path: Path) -> None:
    text = "Kuitti,Asiakas-ID,Pvm,Veroton,Vero\n" + "".join(
        f"R{n},k{n % 9},2026-01-{n % 27 + 1:02},{n}.25,{n % 7}.31\n" for n in range(60)
    )
    choices = {"export0.csv:table": "orders", "export0.csv:customer_id": "Asiakas-ID"}
    plan = asked_of(tmp_path, text, choices=choices)
    (asked,) = (each for each in plan.open_questions if each.key == "export0.csv:amount")
    assert asked.text == "export0.csv: which column is amount?"
    assert [answer for answer, _ in asked.options] == ["Vero", "Veroton"]
    assert "amount" not in plan.exports[0].fed
    chosen = asked_of(tmp_path, text, choices={**choices, "export0.csv:amount": "Veroton"})
    assert chosen.exports[0].fed["amount"] == "Veroton"
    assert [each.key for each in chosen.open_questions] == []
    one = asked_of(tmp_path, text.replace(".31\n", "\n"), choices=choices)
    (asked,) = one.open_questions  # the only one with decimals, which may be a cost
    assert [answer for answer, _ in asked.options] == ["Veroton"]
