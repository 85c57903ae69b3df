"""Rows that a column marks by yes, no or a day count, and are warned of with the line that sets them aside."""

from pathlib import Path

import pandas as pd
import pytest

from kviboard.warehouse.manifest import ExportDecision
from tests.warehouse.company import company, frame_bytes, query
from tests.warehouse.staged import published, refreshed

HEADS = {
    "orders": "order_id,customer_id,ordered_at,amount",
    "responses": "response_id,customer_id,responded_at,score",
    "activity": "customer_id,occurred_at,minutes",
    "tickets": "ticket_id,customer_id,opened_at",
    "customers": "customer_id,signed_up_on",
}
ROWS = {
    "orders": "O{n},c{n},2026-01-0{n},10", "responses": "R{n},c{n},2026-01-0{n},9", "activity": "c{n},2026-01-0{n},10",
    "tickets": "T{n},c{n},2026-01-0{n}", "customers": "c{n},2026-01-0{n}",
}  # fmt: skip


def export(table: str, column: str, *values: str) -> str:
    rows = (f"{ROWS[table].format(n=n)},{value}\n" for n, value in enumerate(values, 1))
    return f"{HEADS[table]},{column}\n" + "".join(rows)


def marked(folder: Path, table: str, column: str, *values: str, toml: str = "") -> list[ExportDecision]:
    """The warnings of a refresh of `table`, beside orders where these alone make no board."""
    files = {f"{table}_csv": export(table, column, *values)}
    files.setdefault("orders_csv", export("orders", "plain", ""))
    sources = "".join(f'[sources.{name[:-4]}]\nfiles = "exports/{name[:-4]}.csv"\n' for name in files)
    decisions = refreshed(company(folder, toml + sources, **files)).decisions
    return [said for said in decisions if said.level == "warning" and table in said.where]


@pytest.mark.parametrize(
    ("table", "column", "mark", "words"),
    [
        ("orders", "is_archived", "true", 'is_archived is "true" in 1 row, whose amounts count as turnover.'),
        ("orders", "_fivetran_deleted", "TRUE", '_fivetran_deleted is "TRUE" in 1 row'),
        ("orders", "Test", "1", 'test is "1" in 1 row'),
        ("orders", "storniert", "ja", 'storniert is "ja" in 1 row'),
        ("orders", "Cancelled at", "2026-01-20 10:00:00 +0100", "cancelled at holds a day in 1 row"),
        ("orders", "OXSTORNO", "1", 'oxstorno is "1" in 1 row'),
        ("orders", "Storno-Kennzeichen", "X", 'storno-kennzeichen is "X" in 1 row'),
        ("orders", "paid", "false", 'paid is "false" in 1 row'),
        ("orders", "is_refund", "true", 'is_refund is "true" in 1 row, whose amounts count as turnover.'),
        ("orders", "Refund", "Yes", 'refund is "Yes" in 1 row'),
        ("orders", "isActive", "0", 'isactive is "0" in 1 row'),
        ("tickets", "Status", "Spam", 'status is "Spam" in 1 row, which count as tickets.'),
        ("tickets", "Ticket status", "Merged", 'ticket status is "Merged" in 1 row'),
        ("tickets", "deleted_at", "2026-01-20", "deleted_at holds a day in 1 row, which count as tickets."),
        ("tickets", "Merged into", "T7", "merged into names another in 1 row, which count as tickets."),
        ("tickets", "Duplicate of", "#7", "duplicate of names another in 1 row, which count as tickets."),
        ("activity", "is_bot", "yes", 'is_bot is "yes" in 1 row, which count as activity.'),
        ("responses", "archived", "true", 'archived is "true" in 1 row, which count.'),
        ("responses", "Excluded from calculations", "true", 'excluded from calculations is "true" in 1 row'),
    ],
)
def test_a_mark_is_warned_of_with_the_query_that_sets_aside(
    tmp_path: Path, table: str, column: str, mark: str, words: str
) -> None:
    values = ["", "", mark] if not mark.islower() else ["true" if mark == "false" else "false", "", mark]
    (said,) = marked(tmp_path, table, column, *values)
    assert words in str(said)
    assert f'For example, "{mark}" in exports/{table}.csv, line 4.' in str(said)
    assert said.moves_kvis
    query(tmp_path, f"staging/{table}.sql", said.setting.partition(f"{table}.sql: ")[2])
    assert marked(tmp_path, table, column, *values) == []
    assert published(company(tmp_path), f"select count(*) from {table}") == [(2,)]


def test_a_test_account_is_left_out_everywhere_as_the_warning_says(tmp_path: Path) -> None:
    (said,) = marked(tmp_path, "customers", "is_test", "no", "yes")
    assert 'is_test is "yes" in 1 row, which count as customers.' in said.what
    setting = said.setting.partition("leave_out = ")[2].removesuffix(".")
    assert marked(tmp_path, "customers", "is_test", "no", "yes", toml=f"[customers]\nleave_out = {setting}\n") == []
    assert published(company(tmp_path), "select customer_id from customers") == [("c1",)]


def test_a_customer_who_was_merged_is_one_with_the_other_as_the_warning_says(tmp_path: Path) -> None:
    (said,) = marked(tmp_path, "customers", "Merged into", "c2", "")
    assert said.what == "merged into names another in 1 row, which count as customers."
    rename = said.setting.partition("rename = ")[2].removesuffix(".")
    settings = '[customers]\naliases = "merged"\n[sources.merged]\nfiles = "exports/customers.csv"\n'
    settings += f"rename = {rename.replace('merged into', 'Merged into')}\n"
    assert marked(tmp_path, "customers", "Merged into", "c2", "", toml=settings) == []
    assert published(company(tmp_path), "select customer_id from customers") == [("c2",)]


@pytest.mark.parametrize(
    ("table", "column", "value"),
    [
        ("orders", "test", "B"), ("orders", "cancelled", "no"), ("orders", "cancelled_at", "0000-00-00"),
        ("orders", "returned", "1"), ("orders", "latest", "true"), ("orders", "deleted_by", "2026-01-02"),
        ("tickets", "archived", "true"), ("activity", "is_active", "false"), ("customers", "deleted", "true"),
        ("customers", "is_active", "false"), ("tickets", "Merged into", "-"), ("tickets", "merged contacts", "c7"),
    ],
)  # fmt: skip
def test_what_is_no_mark_or_not_of_this_table_is_no_doubt(tmp_path: Path, table: str, column: str, value: str) -> None:
    assert marked(tmp_path, table, column, "", value) == []


def test_a_called_off_order_of_nothing_is_no_doubt(tmp_path: Path) -> None:
    text = export("orders", "cancelled", "false") + "O9,c9,2026-01-09,0,true\nO8,c8,2026-01-08,-5,true\n"
    assert not refreshed(company(tmp_path, orders_csv=text)).decisions


def test_typed_marks_are_seen_too(tmp_path: Path) -> None:
    frame = pd.DataFrame({"order_id": ["1", "2"], "customer_id": ["a", "b"], "amount": [10, 20]})
    frame["deleted"] = [False, True]
    frame["ordered_at"] = pd.to_datetime(["2026-01-01", "2026-01-02"])
    workspace = company(tmp_path, orders_parquet=frame_bytes(frame, tmp_path))
    (said,) = refreshed(workspace).decisions
    assert 'deleted is "true" in 1 row' in said.what
    query(tmp_path, "staging/orders.sql", said.setting.partition("orders.sql: ")[2])
    refreshed(workspace)
    assert published(workspace, "select sum(amount)::int from orders") == [(10,)]


def test_answers_that_are_set_aside_for_a_mark_are_not_warned_of_as_well(tmp_path: Path) -> None:
    assert marked(tmp_path, "responses", "deleted", "", "true") == []
    assert published(company(tmp_path), "select count(*) from responses") == [(1,)]
