"""Of rows with one key that differ one counts, and what is said tells which, why, and what would decide otherwise."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from kviboard.warehouse.manifest import ExportDecision
from tests.warehouse.company import ORDERS, company, query
from tests.warehouse.staged import published, refreshed

TWO_FILES = '[sources.orders]\nfiles = "exports/orders*.csv"\n'
CUSTOMERS = """dimensions = ["plan"]
[sources.activity]
files = "exports/activity.csv"
[sources.customers]
files = "exports/customers*.csv"
"""
ACTIVITY = "customer_id,occurred_at\nc1,2026-01-01\nc2,2026-01-02\nc3,2026-01-02\n"
NEWEST_FIRST = (
    "customer_id,plan,changed_at\nc1,Pro,2026-02-01\nc2,Pro,2026-02-01\n"
    "c1,Basic,2025-01-01\nc2,Basic,2025-01-01\nc3,Basic,2025-01-01\n"
)
PLANS = "select customer_id, plan from customers order by customer_id"


def only(decisions: Sequence[ExportDecision]) -> ExportDecision:
    (said,) = decisions
    return said


def test_the_file_that_was_downloaded_again_replaces_the_first(tmp_path: Path) -> None:
    files = {
        "orders__csv": ORDERS + "".join(f"{n},c{n},2026-01-01,10\n" for n in range(9)),
        "orders (1)__csv": ORDERS + "".join(f"{n},c{n},2026-01-01,25\n" for n in range(9)),
    }
    workspace = company(tmp_path, TWO_FILES, **files)
    said = only(refreshed(workspace).decisions)
    assert published(workspace, "select sum(amount)::int from orders") == [(9 * 25,)]
    assert (
        said.what == "9 rows are replaced by a row with the same order_id in a later file, by the names of the files."
    )
    assert said.example == (
        "0 in exports/orders.csv, line 2, by line 2 of exports/orders (1).csv: amount 10.00, now 25.00"
    )
    assert (said.where, said.level, said.moves_kvis) == ("exports/orders.csv", "note", True)
    assert "updated_at" in said.setting


def test_a_row_further_down_counts_and_the_time_of_change_that_would_decide_is_named(tmp_path: Path) -> None:
    workspace = company(tmp_path, CUSTOMERS, activity_csv=ACTIVITY, customers_csv=NEWEST_FIRST)
    said = only(refreshed(workspace).decisions)
    assert published(workspace, PLANS) == [("c1", "Basic"), ("c2", "Basic"), ("c3", "Basic")]
    assert (said.level, said.moves_kvis) == ("warning", True)
    assert said.example == "c1 in exports/customers.csv, line 2, by line 4: plan Pro, now Basic"
    assert 'add "changed_at" = "updated_at" to [sources.customers] rename' in said.setting

    workspace = company(tmp_path, CUSTOMERS + 'rename = { "changed_at" = "updated_at" }\n')
    said = only(refreshed(workspace).decisions)
    assert published(workspace, PLANS) == [("c1", "Pro"), ("c2", "Pro"), ("c3", "Basic")]
    assert (said.level, said.setting) == ("note", "")
    assert said.what == "2 rows are replaced by a row with the same customer_id changed later, by updated_at."


@pytest.mark.parametrize("column", ["changed_by", "edit_count"])
def test_a_column_that_holds_no_times_is_not_offered_as_the_time_of_change(tmp_path: Path, column: str) -> None:
    customers = NEWEST_FIRST.replace("changed_at", column).replace("2026-02-01", "Ann").replace("2025-01-01", "Bob")
    workspace = company(tmp_path, CUSTOMERS, activity_csv=ACTIVITY, customers_csv=customers)
    said = only(refreshed(workspace).decisions)
    assert column not in said.setting
    assert said.setting == "A column updated_at, the time of the last change, would decide."


def test_rows_that_two_files_have_alike_count_once_and_are_said(tmp_path: Path) -> None:
    files = {f"customers_{n}__csv": "customer_id,plan\nc1,Pro\nc2,Basic\n" + f"x{n},Pro\n" for n in (1, 2)}
    workspace = company(tmp_path, CUSTOMERS, activity_csv=ACTIVITY, **files)
    manifest = refreshed(workspace)
    said = only(manifest.decisions)
    assert said.what == "2 rows are in other files as well and count once."
    assert said.example == "c1 in exports/customers_1.csv, line 2, and exports/customers_2.csv, line 2"
    assert [row.rows_duplicate for row in manifest.files if row.table_name == "customers"] == [2, 0]


@pytest.mark.parametrize("setting", ["", 'order_rows = "all_lines"\n'])
def test_a_refund_in_a_later_file_is_taken_off_as_one_in_the_same_file_is(tmp_path: Path, setting: str) -> None:
    first = ORDERS + "1,c1,2026-01-05,100\n2,c2,2026-01-06,30\n3,c1,2026-01-07,8\n"
    later = ORDERS + "3,c1,2026-01-07,8\n1,c1,2026-02-03,-40\n4,c2,2026-02-05,9\n"
    files = {"orders_jan__csv": first, "orders_feb__csv": later}
    workspace = company(tmp_path, TWO_FILES + setting, **files)
    manifest = refreshed(workspace)
    warned = only([said for said in manifest.decisions if said.level == "warning"])
    assert warned.what.startswith("1 order has lines of a later day that pay something back")
    assert (warned.where, warned.example) == ("The orders export", "order 1")
    amounts = published(workspace, "select order_id, amount::int, day::varchar from orders order by order_id")
    assert amounts == [
        ("1", 60, "2026-01-05"),
        ("2", 30, "2026-01-06"),
        ("3", 8, "2026-01-07"),
        ("4", 9, "2026-02-05"),
    ]
    counts = {row.file: (row.rows_kept, row.rows_lines, row.rows_duplicate) for row in manifest.files}
    jan, feb = ((3, 0, 0), (1, 1, 1)) if setting else ((2, 0, 1), (2, 1, 0))  # which of two alike counts
    assert counts == {"exports/orders_jan.csv": jan, "exports/orders_feb.csv": feb}


def test_sprints_named_alike_are_told_apart_by_their_first_day(tmp_path: Path) -> None:
    days = [f"Iteration {n % 3},2026-0{n + 1}-01,2026-0{n + 1}-14" for n in range(6)]
    sprints = "\n".join(["name,starts_on,ends_on", *days, days[0]])
    workspace = company(tmp_path, activity_csv=ACTIVITY, sprints_csv=sprints)
    manifest = refreshed(workspace)
    assert published(workspace, "select count(*), count(distinct name) from sprints") == [(6, 3)]
    assert [row.rows_duplicate for row in manifest.files if row.table_name == "sprints"] == [1]


def test_orders_of_two_shops_with_the_same_numbers_are_to_be_confirmed(tmp_path: Path) -> None:
    query(tmp_path, "staging/orders.sql", "select * from source.nl union all select * from source.us")
    nl, us = (ORDERS + f"1,{shop}-7,2026-01-05,{amount}\n" for shop, amount in (("nl", 10), ("us", 20)))
    said = only(refreshed(company(tmp_path, nl_csv=nl, us_csv=us)).decisions)
    assert (said.level, said.moves_kvis) == ("warning", True)
    assert said.example.endswith("customer_id nl-7, now us-7")
    assert "1 of them is of another day or customer" in said.setting
    assert "make their order_id differ in queries/staging/orders.sql" in said.setting


@pytest.mark.parametrize("table", ["responses", "tickets"])
def test_numbers_that_two_systems_both_count_from_one_are_warned_of(tmp_path: Path, table: str) -> None:
    head = {
        "responses": "response_id,customer_id,responded_at,score",
        "tickets": "ticket_id,customer_id,opened_at,kind",
    }
    row = {"responses": "{n},{c}{n},2026-01-0{n},9", "tickets": "{n},{c}{n},2026-01-0{n},complaint"}[table]
    files = {
        f"{table}-{place}_csv": head[table] + "\n" + "".join(row.format(n=n, c=place) + "\n" for n in range(1, 4))
        for place in ("berlin", "madrid")
    }
    toml = f'[sources.{table}]\nfiles = "exports/{table}-*.csv"\n'
    if table == "tickets":
        files["activity_csv"] = "customer_id,occurred_at\nc,2026-01-01\n"
        toml += '[sources.activity]\nfiles = "exports/activity.csv"\n'
    (said,) = [each for each in refreshed(company(tmp_path, toml, **files)).decisions if "replaced" in each.what]
    assert said.level == "warning"
    assert "3 of them are of another customer or" in said.setting
    assert "if the files are of two systems or surveys that count from 1 each" in said.setting


def test_anonymous_answers_to_two_surveys_that_both_count_from_one_are_warned_of(tmp_path: Path) -> None:
    """Two of three have another day in the other export; the third is an answer that somebody changed."""
    query(tmp_path, "staging/responses.sql", "select * from source.csat union all select * from source.nps")
    head = "response_id,responded_at,score\n"
    csat = head + "1,2026-01-01,3\n2,2026-01-02,4\n3,2026-01-09,5\n"
    nps = head + "1,2026-02-01,9\n2,2026-02-02,8\n3,2026-01-09,6\n"
    (said,) = [
        each for each in refreshed(company(tmp_path, csat_csv=csat, nps_csv=nps)).decisions if "replaced" in each.what
    ]
    assert (said.level, said.moves_kvis) == ("warning", True)
    assert said.setting.startswith("2 of them are of another customer or, in another export, of another day")
    assert "make their response_id differ in queries/staging/responses.sql" in said.setting
    changed = {"responses_1_csv": csat, "responses_2_csv": nps}
    (tmp_path / "one").mkdir()
    toml = '[sources.responses]\nfiles = "exports/responses*.csv"\n'
    (said,) = [
        each for each in refreshed(company(tmp_path / "one", toml, **changed)).decisions if "replaced" in each.what
    ]
    assert said.level == "note"  # a later export of one survey
