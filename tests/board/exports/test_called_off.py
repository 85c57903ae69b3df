"""Orders that never were, in the words of shops, payment services and offices of several languages: set-up leaves them
out of turnover."""

from collections.abc import Iterable
from pathlib import Path

import pandas as pd
import pytest

from kviboard.board.exports.setup import build, look_at, plan_for
from kviboard.board.exports.setup_files import Company
from kviboard.warehouse.refresh import refresh
from kviboard.workspace import load_workspace
from tests.warehouse.company import published, staging_only

NEEDED = {
    "en": "Order Reference,Customer,Order Date,Total,Status",
    "de": "Bestellnummer,Kundennummer,Datum,Betrag,Status",
    "fr": "Numéro de commande,Client,Date de commande,Montant,État",
    "nl": "Bestelnummer,Klantnummer,Besteldatum,Bedrag,Status",
}


@pytest.mark.parametrize(
    ("language", "counts", "none"),
    [
        ("en", "Sales Order", ("Quotation", "Quotation Sent", "Cancelled")),
        ("en", "Paid", ("Not Paid", "Voided")),
        ("en", "Attending", ("Deleted", "Not Attending")),
        ("en", "settled", ("customer_approval_denied", "Processor Declined", "Gateway Rejected", "failed")),
        ("de", "Bezahlt", ("Abgelaufen", "Abgebrochen", "Fehlgeschlagen")),
        ("de", "Auftrag", ("Angebot", "Angebot verschickt")),
        ("fr", "Paiement accepté", ("Erreur de paiement", "Annulé", "Devis envoyé")),
        ("nl", "Betaald", ("Offerte", "Verlopen", "Geannuleerd")),
    ],
)
def test_what_was_never_bought_is_no_turnover(
    tmp_path: Path, language: str, counts: str, none: tuple[str, ...]
) -> None:
    states = [counts, *none, counts, *none]
    rows = "".join(f"A-{n},K{n % 3},2026-01-{n + 1:02},{2**n}.50,{state}\n" for n, state in enumerate(states))
    file = tmp_path / "orders.csv"
    file.write_text(f"{NEEDED[language]}\n{rows}", encoding="utf-8")
    build(tmp_path / "board", plan_for(look_at([file])), [file], Company())
    workspace = load_workspace(tmp_path / "board")
    refresh(workspace, staging_only(workspace))
    second = len(none) + 1  # place of the other order that counts
    assert published(workspace, "select count(*), sum(amount)::double from orders") == [(2, 1.5 + 2**second + 0.5)]


@pytest.mark.parametrize("first", ["Auftrag erhalten", "Beauftragt", "受注", "Received", "Forsvundet"])
def test_an_order_that_was_placed_is_no_deal_that_was_won(tmp_path: Path, first: str) -> None:
    """Beside it those that were shipped count, too."""
    rows = [
        f"A-{n},K1,2026-01-0{n + 1},10.50,{state}"
        for n, state in enumerate([first, "Shipped", "Versendet", "発送済み"])
    ]
    (tmp_path / "orders.csv").write_text("\n".join([NEEDED["en"], *rows, ""]), encoding="utf-8")
    assert plan_for(look_at([tmp_path / "orders.csv"])).exports[0].void == ()


def test_further_lines_of_an_order_are_called_off_with_it(tmp_path: Path) -> None:
    """Shops write an order's state into its first line alone: a day with nothing else is none of activity."""
    rows = "1,a,2026-01-05,10,paid\n1,a,2026-01-05,,\n2,b,2026-01-06,20,voided\n2,b,2026-01-06,,\n2,b,2026-01-06,,\n"
    file = tmp_path / "orders.csv"
    file.write_text(f"Order ID,Customer,Order Date,Total,Status\n{rows}", encoding="utf-8")
    build(tmp_path / "board", plan_for(look_at([file])), [file], Company())
    workspace = load_workspace(tmp_path / "board")
    refresh(workspace, staging_only(workspace))
    assert published(workspace, "select order_id, customer_id, amount::double from orders") == [("1", "a", 10)]
    assert published(workspace, "select distinct customer_id from activity") == [("a",)]
    assert published(workspace, "select distinct reason, count(*) from rejected_rows group by 1") == [
        ("the order was voided", 3)
    ]


def test_further_lines_have_the_state_that_their_own_file_says(tmp_path: Path) -> None:
    """A first attempt that failed, in an earlier file, left out the further lines of the order that was paid."""
    head, other = "Order ID,Customer,Order Date,Total,Status\n", "2,b,2026-01-06,20,paid\n2,b,2026-01-06,5,\n"
    orders = {"orders-1": "1,a,2026-01-05,10,voided\n1,a,2026-01-05,7,\n", "orders-2": "1,a,2026-01-05,10,paid\n"}
    orders["orders-2"] += "1,a,2026-01-05,7,\n"
    files = [tmp_path / f"{name}.csv" for name in orders]
    for file, rows in zip(files, orders.values(), strict=True):
        file.write_text(head + rows + other)
    build(tmp_path / "board", plan_for(look_at(files)), files, Company())
    workspace = load_workspace(tmp_path / "board")
    refresh(workspace, staging_only(workspace))
    found = published(workspace, "select order_id, amount::double from orders order by order_id")
    assert found == [("1", 17), ("2", 25)]


def test_the_day_of_an_order_that_was_called_off_since_is_none_of_activity(tmp_path: Path) -> None:
    """Nor is it after a refresh that takes the orders over as they were; where an order of that day counts, it is."""
    head = "Order ID,Customer,Order Date,Total,Status\n"
    rows = [  # a's first day is called off later; b has another order on that day; d's is paid at the second attempt
        "1,a,2026-01-05,10,paid\n2,b,2026-01-05,20,paid\n3,b,2026-01-05,5,paid\n4,d,2026-01-06,7,voided\n",
        "1,a,2026-01-05,10,voided\n2,b,2026-01-05,20,voided\n4,d,2026-01-06,7,paid\n5,a,2026-02-01,8,paid\n",
        "5,a,2026-02-01,8,voided\n6,d,2026-03-01,4,paid\n",
    ]
    files = [tmp_path / f"orders-{number}.csv" for number in (9, 10, 11)]  # 9 is before 10
    for file, text in zip(files, rows, strict=True):
        file.write_text(head + text)
    a, b, d = ("a", "2026-02-01"), ("b", "2026-01-05"), ("d", "2026-01-06")
    build(tmp_path / "board", plan_for(look_at(files)), files[:2], Company())
    workspace = load_workspace(tmp_path / "board")
    for known, days in ((2, [a, b, d]), (2, [a, b, d]), (3, [b, d, ("d", "2026-03-01")])):
        (tmp_path / "board" / "exports" / files[known - 1].name).write_text(head + rows[known - 1])
        refresh(workspace, staging_only(workspace))
        found = "select distinct customer_id, day::varchar from {} order by all"
        assert published(workspace, found.format("activity")) == days
        assert published(workspace, found.format("orders")) == days
    query = tmp_path / "board" / "queries" / "staging" / "orders.sql"
    query.write_text(query.read_text().replace("end as reject_reason", "end as said"))  # now all of them count
    refresh(workspace, staging_only(workspace))
    all_days = sorted([("a", "2026-01-05"), *days, a])
    assert [published(workspace, found.format(table)) for table in ("activity", "orders")] == [all_days, all_days]


UNPAID = "id,customer_id,issued_on,paid_at,total\n" + "".join(
    f"{n},c{n % 3},2026-01-{n:02},{'' if n % 4 == 0 else f'2026-02-{n:02}'},{n}.50\n" for n in range(1, 21)
)


@pytest.mark.parametrize(("day", "first", "orders"), [("paid_at", "2026-02-01", 15), ("issued_on", "2026-01-01", 20)])
def test_orders_without_the_day_of_their_payment_are_asked_about(
    tmp_path: Path, day: str, first: str, orders: int
) -> None:
    file = tmp_path / "orders.csv"
    file.write_text(UNPAID, encoding="utf-8")
    (question,) = plan_for(look_at([file])).open_questions
    assert question.text == "orders.csv: paid_at is empty in 5 of 20 rows. Which is the day of an order?"
    assert [value for value, _ in question.options] == ["paid_at", "issued_on"]
    build(tmp_path / "board", plan_for(look_at([file]), {question.key: day}), [file], Company())
    workspace = load_workspace(tmp_path / "board")
    refresh(workspace, staging_only(workspace))
    amount = sum(n + 0.5 for n in range(1, 21) if n % 4 or day == "issued_on")
    found = published(workspace, "select count(*), sum(amount)::double, min(day)::varchar from orders")
    assert found == [(orders, amount, first)]


IMPORTED = "id,customer_id,created_at,completed_at,total\n" + "".join(
    f"{n},c{n % 3},2026-03-09 04:{n:02}:07,{'' if n == 8 else f'2026-02-{n:02}'},{n}.50\n" for n in range(1, 9)
)


@pytest.mark.parametrize(("day", "days"), [("completed_at", range(1, 8)), ("created_at", [9] * 8)])
def test_which_day_is_asked_where_all_orders_were_brought_from_elsewhere_on_one(
    tmp_path: Path, day: str, days: Iterable[int]
) -> None:
    file = tmp_path / "orders.csv"
    file.write_text(IMPORTED, encoding="utf-8")
    (question,) = plan_for(look_at([file])).open_questions
    earlier = "created_at is the same day in all rows, and completed_at has earlier ones"
    assert question.text == f"orders.csv: {earlier}. Which is the day of an order?"
    assert [value for value, _ in question.options] == ["completed_at", "created_at"]
    assert "rows without it are left out" in question.options[0][1]
    build(tmp_path / "board", plan_for(look_at([file]), {question.key: day}), [file], Company())
    workspace = load_workspace(tmp_path / "board")
    refresh(workspace, staging_only(workspace))
    assert published(workspace, "select day(day) from orders order by order_id") == [(each,) for each in days]


def test_no_day_is_asked_where_others_follow_it(tmp_path: Path) -> None:
    """As in an export of each day, whose orders are delivered in the days after."""
    file = tmp_path / "orders.csv"
    file.write_text(IMPORTED.replace("2026-02", "2026-04"))
    assert plan_for(look_at([file])).open_questions == ()


def test_further_lines_of_an_order_need_no_day(tmp_path: Path) -> None:
    file = tmp_path / "orders.csv"
    file.write_text("order id,customer id,paid at,created at,total\n1,a,2026-01-01,2026-01-01,5\n1,a,,,6\n")
    assert plan_for(look_at([file])).open_questions == ()


@pytest.mark.parametrize(
    ("columns", "deals"),
    [
        (("Stage", "Probability (%)"), [("Prospecting", "10"), ("Closed Won", "100"), ("Closed Lost", "0")]),
        (("Stage", "Probability (%)"), [("Handshake", "90"), ("Won", "80")]),  # a tool may keep the chance of a stage
        (("Phase", "Probability (%)"), [("Talks", "60"), ("Signed", "100")]),
        (("Phase", "Win probability"), [("Talks", "0.6"), ("Signed", "1")]),
        (("Phase", "Wahrscheinlichkeit"), [("Gespräch", "60 %"), ("Vertrag", "100 %")]),
        (("Status", "Wahrscheinlichkeit"), [("In Verhandlung", "60"), ("Gewonnen", "100")]),
    ],
)
def test_of_deals_only_those_that_are_won_are_turnover(
    tmp_path: Path, columns: tuple[str, ...], deals: list[tuple[str, str]]
) -> None:
    """Every deal twice, of 1, 2, 4, 8, …; pandas adds up those that are won, and nothing is left to warn of."""
    rows = enumerate([*deals, *deals])
    lines = [f"D-{n},K{n % 2},2026-01-{n + 1:02},{2**n}.50,{state},{chance}" for n, (state, chance) in rows]
    file = tmp_path / "deals.csv"
    file.write_text("\n".join(["Deal ID,Customer,Close Date,Amount," + ",".join(columns), *lines, ""]))
    build(tmp_path / "board", plan_for(look_at([file])), [file], Company())
    workspace = load_workspace(tmp_path / "board")
    report = refresh(workspace, staging_only(workspace))
    frame = pd.read_csv(file, dtype={columns[1]: str})
    won = frame[frame[columns[0]].isin(["Closed Won", "Won", "Signed", "Vertrag", "Gewonnen"])]
    assert len(won) == 2
    assert published(workspace, "select count(*), sum(amount)::double from orders") == [(2, won["Amount"].sum())]
    assert [said for said in report.decisions if "count as turnover" in said.what] == []


def test_a_stage_that_only_a_later_file_has_is_no_turnover_either(tmp_path: Path) -> None:
    """Of an export of HubSpot, where set-up saw three stages, and of one with a pipeline of its own."""
    head = "Record ID,Deal Name,Deal Stage,Close Date,Deal owner,Amount,Pipeline,Associated Company IDs"
    rows = [f"{n},D{n},{{}},2026-03-{n + 1:02} 10:00,Dee,{2**n}.50,Sales,C-{n % 2}" for n in range(6)]
    for won in ("Closed won", "Closed won (Sales Pipeline)"):
        stages = [won, "Closed lost", "Contract sent", won, "Legal review", "Partner call"]
        deals = [row.format(stage) for row, stage in zip(rows, stages, strict=True)]
        folder = tmp_path / won
        folder.mkdir()
        file = folder / "deals-1.csv"
        file.write_text("\n".join([head, *deals[:3], ""]))
        build(folder / "board", plan_for(look_at([file])), [file], Company())
        workspace = load_workspace(folder / "board")
        (workspace.root / "exports" / "deals-2.csv").write_text("\n".join([head, *deals[3:], ""]))
        refresh(workspace, staging_only(workspace))
        assert published(workspace, "select sum(amount)::double from orders") == [(1.5 + 8.5,)]
        assert published(workspace, "select count(*) from activity") == [(2,)]


@pytest.mark.parametrize(
    ("due", "unpaid"), [("Due Date", "Unpaid"), ("Fälligkeitsdatum", "Nicht bezahlt"), ("Échéance", "Impayée")]
)
def test_invoices_that_are_not_due_yet_are_turnover(tmp_path: Path, due: str, unpaid: str) -> None:
    """Else turnover falls at its end, whenever it is looked at. Of a shop's orders those that nobody paid are none."""
    states = ["Paid", unpaid, "Void"]
    for column, counts in ((due, ["Paid", unpaid]), ("Note", ["Paid"])):
        rows = [f"A-{n},K{n % 2},2026-01-{n + 1:02},{2**n}.50,{state},2026-02-01" for n, state in enumerate(2 * states)]
        file = tmp_path / f"{column}.csv"
        file.write_text("\n".join([f"Invoice Number,Customer,Invoice Date,Total,Status,{column}", *rows, ""]))
        build(tmp_path / column, plan_for(look_at([file])), [file], Company())
        workspace = load_workspace(tmp_path / column)
        refresh(workspace, staging_only(workspace))
        frame = pd.read_csv(file)
        turnover = frame.loc[frame["Status"].isin(counts), "Total"].sum()
        assert published(workspace, "select sum(amount)::double from orders") == [(turnover,)]
