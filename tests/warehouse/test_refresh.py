"""From messy exports to contract tables: what is kept, what is set aside and why, and that every row is counted."""

import os
import sys
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest

from kviboard.catalog import load_catalog
from kviboard.errors import Problem, RefreshError, WorkspaceError
from kviboard.warehouse.files import searching
from kviboard.warehouse.files.discovery import find_files
from kviboard.warehouse.origin import needs_refresh
from kviboard.warehouse.refresh import refresh
from kviboard.workspace import load_workspace
from tests.warehouse.company import (
    ORDERS,
    TEN_ORDERS,
    company,
    frame_bytes,
    ledger,
    published,
    query,
    refreshed,
    rejected,
    staging_only,
    write,
)

MANY = "".join(f"x{n},c{n % 7},2026-01-{n % 28 + 1:02},5\n" for n in range(100))
RESPONSES = "response_id,customer_id,responded_at,score\n"


def problems_of(manifest_problems: tuple[Problem, ...]) -> str:
    return "\n".join(map(str, manifest_problems))


def test_a_small_export_arrives_typed(tmp_path: Path) -> None:
    export = "order_id,customer_id,ordered_at,amount,product\n007,c1,2026-01-31 23:30,1.5,\n"
    workspace = company(tmp_path, orders_csv=export)
    manifest = refreshed(workspace)
    assert published(workspace, "select * from orders") == [
        ("007", "c1", datetime(2026, 1, 31, 23, 30), Decimal("1.50"), None, None, date(2026, 1, 31))
    ]
    assert manifest.provided == {"orders": ("order_id", "customer_id", "ordered_at", "amount")}
    assert str(manifest.reach["orders"].data_through) == "2026-01-31"
    (days,) = published(workspace, "select * from data_days")
    assert days == (*[date(2026, 1, 31)] * 4, None, None, None, date(2026, 1, 31))  # no answers and no tickets


def test_tables_that_are_not_exported_are_there_and_empty(tmp_path: Path) -> None:
    workspace = company(tmp_path, orders_csv=TEN_ORDERS)
    refreshed(workspace)
    for table in ("activity", "responses", "invitations", "tickets", "sprints", "releases"):
        assert published(workspace, f"select * from {table}") == []
    assert published(workspace, "select count(*), count(distinct slice_id) from customers") == [(3, 1)]


def test_each_rejected_row_says_where_it_stands_and_what_is_wrong(tmp_path: Path) -> None:
    bad = "b1,,2026-01-05,1\nb2,c1,soon,1\nb3,c1,2026-01-05,free\nb4,c1,2026-01-05,\nTotal,,,550\n,c1,2026-01-05,1\n"
    workspace = company(tmp_path, orders_csv=ORDERS + MANY + bad)
    manifest = refreshed(workspace)
    assert rejected(workspace) == [
        (102, "customer_id", None, "customer_id is missing"),
        (103, "ordered_at", "soon", "ordered_at is not a date"),
        (104, "amount", "free", "amount is not an amount"),
        (105, "amount", None, "amount is missing"),
        (106, "order_id", "Total", "the line is a total or a remark below the rows"),
        (107, "order_id", None, "order_id is missing"),
    ]
    assert ledger(manifest) == {"exports/orders.csv": (106, 100, 5, 0)}


def test_an_optional_value_that_cannot_be_read_keeps_its_row_and_is_never_dropped_silently(tmp_path: Path) -> None:
    rows = "".join(f"c{n},2026-01-05,3\n" for n in range(20))
    bad = "c1,2026-01-06,long\nc1,2026-01-07,-2\n"
    workspace = company(tmp_path, activity_csv="customer_id,occurred_at,minutes\n" + rows + bad)
    manifest = refreshed(workspace)
    assert ledger(manifest) == {"exports/activity.csv": (22, 22, 0, 0)}
    assert rejected(workspace) == [
        (22, "minutes", "long", "minutes says no number, so the cell counts as empty"),
        (23, "minutes", "-2", "minutes says no number, so the cell counts as empty"),
    ]


def test_equal_rows_are_folded_and_of_different_ones_the_last_counts(tmp_path: Path) -> None:
    toml = '[sources.orders]\nfiles = "exports/orders*.csv"\n'
    first = ORDERS + "1,c1,2026-01-01,10\n1,c1,2026-01-01,10.00\n2,c2,2026-01-02,20\n"
    second = ORDERS + "2,c2,2026-01-02,25\n3,c3,2026-01-03,30\n"
    workspace = company(tmp_path, toml, orders_2025__csv=first, orders_2026__csv=second)
    manifest = refreshed(workspace)
    kept = published(workspace, "select order_id, amount::int from orders order by order_id")
    assert kept == [("1", 10), ("2", 25), ("3", 30)]
    assert published(workspace, "select file, line, column_name, value, reason, kind from rejected_rows") == [
        (
            "exports/orders_2025.csv", 4, "order_id", "2",
            "order_id is there again with other values in exports/orders_2026.csv, line 2; the last one is kept",
            "replaced",
        )
    ]  # fmt: skip
    assert ledger(manifest) == {"exports/orders_2025.csv": (3, 1, 0, 1), "exports/orders_2026.csv": (2, 2, 0, 0)}
    assert [row.rows_replaced for row in manifest.files] == [1, 0]


def test_dates_far_beyond_the_rest_are_set_aside_without_asking_the_clock(tmp_path: Path) -> None:
    workspace = company(tmp_path, orders_csv=ORDERS + MANY + MANY.replace("x", "y") + "late,c1,2062-03-01,9\n")
    manifest = refreshed(workspace)
    reason = "ordered_at lies long after 2026-01-28, the last day with usual rows"
    assert rejected(workspace) == [(202, "ordered_at", "2062-03-01 00:00:00", reason)]
    assert str(manifest.reach["orders"].data_through) == "2026-01-28"


def test_names_are_mapped_by_rename_whatever_their_capitals(tmp_path: Path) -> None:
    toml = """[sources.orders]
files = "exports/orders.csv"
rename = { "Order No" = "order_id", "Customer" = "customer_id", "date" = "ordered_at", "Total (EUR)" = "amount" }
"""
    workspace = company(tmp_path, toml, orders_csv='Order No,Customer,Date,Total (EUR)\n1,c1,2026-01-01,"1,000.00"\n')
    refreshed(workspace)
    assert published(workspace, "select order_id, amount::int from orders") == [("1", 1000)]


def test_a_missing_column_names_the_ones_that_are_there(tmp_path: Path) -> None:
    workspace = company(tmp_path, orders_csv="order_id,Client No,ordered_at,amount\n1,c1,2026-01-01,1\n")
    with pytest.raises(RefreshError) as caught:
        refreshed(workspace)
    text = str(caught.value)
    assert "The orders export: has no column customer_id." in text
    assert "Found: order_id, Client No, ordered_at, amount. Map one to it under rename" in text


def test_a_column_renamed_on_the_way_is_reported_and_both_names_can_be_mapped(tmp_path: Path) -> None:
    toml = '[sources.orders]\nfiles = "exports/orders*.csv"\n'
    old = "order_id,customer_id,ordered_at,amount,product\n" + MANY.replace(",5\n", ",5,tea\n")
    new = "order_id,customer_id,ordered_at,amount,article\n" + MANY.replace(",5\n", ",5,tea\n").replace("x", "y")
    workspace = company(tmp_path, toml, orders_1__csv=old, orders_2__csv=new)
    found = problems_of(refreshed(workspace).problems)
    assert "exports/orders_2.csv: has no column product, which other files of this source have." in found
    assert "article, which" not in found

    mapped = company(tmp_path, toml + 'rename = { "article" = "product" }\n')
    assert refreshed(mapped).problems == ()
    assert published(mapped, "select count(*), count(product) from orders") == [(200, 200)]


def test_a_new_column_that_no_query_reads_is_not_missed_in_older_files(tmp_path: Path) -> None:
    toml = '[sources.orders]\nfiles = "exports/orders*.csv"\n'
    more = "order_id,customer_id,ordered_at,amount,warehouse\n" + MANY.replace(",5\n", ",5,north\n").replace("x", "y")
    old = "order_id,customer_id,ordered_at,amount\n" + MANY
    workspace = company(tmp_path, toml, orders_1__csv=old, orders_2__csv=more)
    assert refreshed(workspace).problems == ()
    query(tmp_path, "staging/orders.sql", "select *, warehouse as product from source.orders")
    manifest = refreshed(workspace)
    assert manifest.problems == ()
    assert [str(decision) for decision in manifest.decisions] == [
        "exports/orders_1.csv: has no column warehouse yet, which is there from exports/orders_2.csv on."
    ]


def test_a_rename_of_a_column_that_is_nowhere_is_reported(tmp_path: Path) -> None:
    toml = '[sources.orders]\nfiles = "exports/orders.csv"\nrename = { "Artikel" = "product" }\n'
    found = problems_of(refreshed(company(tmp_path, toml, orders_csv=TEN_ORDERS)).problems)
    assert found.startswith('kviboard.toml, [sources.orders] rename: no file has a column "Artikel".')


def test_a_rename_onto_a_column_that_the_file_has_already_is_refused(tmp_path: Path) -> None:
    toml = '[sources.orders]\nfiles = "exports/orders.csv"\nrename = { "Total" = "amount" }\n'
    export = "order_id,customer_id,ordered_at,amount,Total\n1,c1,2026-01-05,1,2\n"
    with pytest.raises(RefreshError) as caught:
        refreshed(company(tmp_path, toml, orders_csv=export))
    assert [str(problem) for problem in caught.value.problems] == [
        "exports/orders.csv: has the columns amount and Total, and rename makes amount of each. "
        "Give all but one another name under [sources.orders] rename."
    ]


def test_ambiguous_dates_are_not_guessed_but_asked_for(tmp_path: Path) -> None:
    export = ORDERS + "1,c1,01/02/2026,1\n2,c1,03/04/2026,1\n"
    with pytest.raises(RefreshError) as caught:
        refreshed(company(tmp_path, orders_csv=export))
    assert 'kviboard.toml, [sources.orders] date_format: ordered_at has dates like "01/02/2026"' in str(caught.value)

    toml = '[sources.orders]\nfiles = "exports/orders.csv"\ndate_format = "%d/%m/%Y"\n'
    workspace = company(tmp_path, toml)
    refreshed(workspace)
    assert published(workspace, "select day from orders order by day") == [(date(2026, 2, 1),), (date(2026, 4, 3),)]


def test_a_date_format_that_is_none_names_the_key(tmp_path: Path) -> None:
    toml = '[sources.orders]\nfiles = "exports/orders.csv"\ndate_format = "%Q"\n'
    with pytest.raises(RefreshError) as caught:
        refreshed(company(tmp_path, toml, orders_csv=TEN_ORDERS))
    assert '[sources.orders] date_format: "%Q" is not a date format.' in str(caught.value)


def test_times_become_days_in_the_companys_time_zone(tmp_path: Path) -> None:
    toml = '[company]\ntimezone = "America/New_York"\n[sources.orders]\nfiles = "exports/orders.csv"\n'
    workspace = company(tmp_path, toml, orders_csv=ORDERS + "1,c1,2026-01-01T02:00:00Z,1\n2,c1,2026-01-01 02:00,1\n")
    refreshed(workspace)
    assert published(workspace, "select order_id, day from orders order by order_id") == [
        ("1", date(2025, 12, 31)),
        ("2", date(2026, 1, 1)),
    ]


def test_five_point_answers_are_doubled(tmp_path: Path) -> None:
    toml = '[surveys]\nscale = "1-5"\n[sources.responses]\nfiles = "exports/responses.csv"\n'
    rows = "".join(f"{n},c{n},2026-01-05,{n}\n" for n in range(1, 6))
    workspace = company(tmp_path, toml, responses_csv=RESPONSES + rows)
    refreshed(workspace)
    assert published(workspace, "select score from responses order by score") == [(2,), (4,), (6,), (8,), (10,)]


def test_an_unknown_choice_is_null_and_named(tmp_path: Path) -> None:
    customers = "customer_id,acquisition\nc1,Earned\nc2,ads\nc3,\nc4,ads\n"
    workspace = company(tmp_path, orders_csv=TEN_ORDERS, customers_csv=customers)
    found = problems_of(refreshed(workspace).problems)
    assert 'acquisition has values that are none of earned, bought: "ads" (2 rows).' in found
    sql = "select customer_id, acquisition from customers order by customer_id"
    assert published(workspace, sql) == [("c0", None), ("c1", "earned"), ("c2", None), ("c3", None), ("c4", None)]


def test_customers_share_a_slice_if_all_their_dimensions_agree(tmp_path: Path) -> None:
    toml = 'dimensions = ["segment", "country"]\n' + "".join(
        f'[sources.{name}]\nfiles = "exports/{name}.csv"\n' for name in ("orders", "customers")
    )
    customers = "customer_id,segment,country\nc0,Home,NL\nc1,Home,NL\nc9,,NA\n"
    workspace = company(tmp_path, toml, orders_csv=TEN_ORDERS, customers_csv=customers)
    refreshed(workspace)
    assert published(workspace, "select * from slices order by slice_id") == [
        (1, "Home", "NL"),
        (2, "Unknown", "NA"),
        (3, "Unknown", "Unknown"),
    ]
    assert published(workspace, "select customer_id, slice_id, segment from customers order by customer_id") == [
        ("c0", 1, "Home"),
        ("c1", 1, "Home"),
        ("c2", 3, "Unknown"),
        ("c9", 2, "Unknown"),
    ]


def test_a_dimension_that_is_not_exported_is_unknown_for_all(tmp_path: Path) -> None:
    toml = 'dimensions = ["plan"]\n' + "".join(
        f'[sources.{name}]\nfiles = "exports/{name}.csv"\n' for name in ("orders", "customers")
    )
    workspace = company(tmp_path, toml, orders_csv=TEN_ORDERS, customers_csv="customer_id\nc0\n")
    found = problems_of(refreshed(workspace).problems)
    assert "kviboard.toml, dimensions: the customers export has no column plan" in found
    assert published(workspace, "select * from slices") == [(1, "Unknown")]


def test_a_companys_own_staging_query_may_set_rows_aside_with_its_reason(tmp_path: Path) -> None:
    export = "order_id,customer_id,ordered_at,amount,status\n" + "".join(
        f"{n},c1,2026-01-05,1,{'canceled' if n % 3 == 0 else 'paid'}\n" for n in range(30)
    )
    sql = "select *, case when status = 'canceled' then 'was canceled' end as reject_reason from source.orders"
    query(tmp_path, "staging/orders.sql", sql)
    workspace = company(tmp_path, orders_csv=export)
    manifest = refreshed(workspace)
    assert ledger(manifest) == {"exports/orders.csv": (30, 20, 10, 0)}
    assert published(workspace, "select distinct reason, kind from rejected_rows") == [("was canceled", "excluded")]


def test_rows_that_a_staging_query_drops_without_a_reason_stop_the_refresh(tmp_path: Path) -> None:
    query(tmp_path, "staging/orders.sql", "select * from source.orders where customer_id <> 'c1'")
    with pytest.raises(RefreshError) as caught:
        refreshed(company(tmp_path, orders_csv=TEN_ORDERS))
    sentence = "leaves out 3 of 10 rows of exports/orders.csv without saying why."
    hint = "Return them with a text in a column reject_reason"
    assert f"queries/staging/orders.sql: {sentence} {hint}" in str(caught.value)


def test_one_line_may_become_several_rows_and_is_still_counted_once(tmp_path: Path) -> None:
    wide = "id,customer_id,asked,before,after\n1,c1,2026-01-05,7,9\n2,c2,2026-01-06,,8\n3,c3,2026-01-07,x,y\n"
    wide += "".join(f"{n},c4,2026-01-08,5,6\n" for n in range(4, 40))
    query(
        tmp_path,
        "staging/responses.sql",
        "select id || '-before' as response_id, customer_id, asked as responded_at, before as score, _file, _line "
        "from source.survey union all "
        "select id || '-after' as response_id, customer_id, asked as responded_at, after as score, _file, _line "
        "from source.survey",
    )
    workspace = company(tmp_path, survey_csv=wide)
    manifest = refreshed(workspace)
    assert published(workspace, "select count(*) from responses") == [(75,)]
    assert len(rejected(workspace)) == 3
    assert ledger(manifest) == {"exports/survey.csv": (39, 38, 1, 0)}


def test_a_staging_query_may_join_other_exports_and_these_are_in_the_ledger_too(tmp_path: Path) -> None:
    query(
        tmp_path,
        "staging/orders.sql",
        "select shop.order_id, people.person as customer_id, shop.ordered_at, shop.amount, shop._file, shop._line "
        "from source.shop as shop inner join source.people as people on shop.customer_id = people.id",
    )
    workspace = company(tmp_path, shop_csv=TEN_ORDERS, people_csv="id,person\nc0,ann\nc1,ann\nc2,bo\n")
    manifest = refreshed(workspace)
    counts = published(workspace, "select customer_id, count(*) from orders group by all order by all")
    assert counts == [("ann", 7), ("bo", 3)]
    assert [(row.source, row.role, row.rows_read, row.rows_kept) for row in manifest.files] == [
        ("shop", "rows", 10, 10),
        ("people", "lookup", 3, 3),
    ]


def test_a_table_made_of_other_exports_is_counted_as_derived(tmp_path: Path) -> None:
    query(tmp_path, "staging/activity.sql", "select customer_id, ordered_at as occurred_at from source.orders")
    workspace = company(tmp_path, orders_csv=TEN_ORDERS)
    roles = [(row.table_name, row.file, row.role, row.rows_read, row.rows_kept) for row in refreshed(workspace).files]
    assert roles == [("activity", None, "derived", 10, 10), ("orders", "exports/orders.csv", "rows", 10, 10)]


def test_two_exports_of_one_table_follow_their_own_rules(tmp_path: Path) -> None:
    toml = """
[sources.shop_nl]
files = "exports/nl.csv"
date_format = "%d/%m/%Y"
decimal = ","
[sources.shop_us]
files = "exports/us.csv"
date_format = "%m/%d/%Y"
"""
    query(tmp_path, "staging/orders.sql", "select * from source.shop_nl union all select * from source.shop_us")
    nl = "order_id;customer_id;ordered_at;amount\nn1;c1;01/02/2026;1.000,50\n"
    us = 'order_id,customer_id,ordered_at,amount\nu1,c2,01/02/2026,"1,000.50"\n'
    workspace = company(tmp_path, toml, nl_csv=nl, us_csv=us)
    manifest = refreshed(workspace)
    assert published(workspace, "select order_id, day, amount from orders order by order_id") == [
        ("n1", date(2026, 2, 1), Decimal("1000.50")),
        ("u1", date(2026, 1, 2), Decimal("1000.50")),
    ]
    assert ledger(manifest) == {"exports/nl.csv": (1, 1, 0, 0), "exports/us.csv": (1, 1, 0, 0)}


def test_a_broken_staging_query_is_named_with_its_line(tmp_path: Path) -> None:
    query(tmp_path, "staging/orders.sql", "-- one row per order\nselect order_id,\n    kustomer_id\nfrom source.orders")
    with pytest.raises(RefreshError, match=r"orders\.sql, line 3: reads a column kustomer_id, which is not there"):
        refreshed(company(tmp_path, orders_csv=TEN_ORDERS))


def test_a_staging_query_of_an_unknown_source_is_reported(tmp_path: Path) -> None:
    query(tmp_path, "staging/tickets.sql", "select * from source.helpdesk")
    found = problems_of(refreshed(company(tmp_path, orders_csv=TEN_ORDERS)).problems)
    assert "queries/staging/tickets.sql: reads source.helpdesk, which kviboard.toml does not name." in found


def test_a_source_that_nothing_reads_is_reported(tmp_path: Path) -> None:
    found = problems_of(refreshed(company(tmp_path, orders_csv=TEN_ORDERS, clicks_csv="a,b\n1,2\n")).problems)
    assert "kviboard.toml, [sources.clicks]: is read by no staging query" in found


@pytest.mark.parametrize("kind", ["csv", "csv_gz", "tsv", "jsonl", "parquet", "xlsx"])
def test_every_kind_of_file_gives_the_same_table(tmp_path: Path, kind: str) -> None:
    frame = pd.DataFrame(
        {
            "order_id": ["007", "008"],
            "customer_id": ["c1", "c2"],
            "ordered_at": pd.to_datetime(["2026-01-05 10:00", "2026-01-06 11:30"]),
            "amount": [12.5, -3.0],
        }
    )
    writers = {
        "csv": lambda: frame.to_csv(index=False),
        "csv_gz": lambda: frame.to_csv(index=False),
        "tsv": lambda: frame.to_csv(index=False, sep="\t"),
        "jsonl": lambda: frame.to_json(orient="records", lines=True, date_format="iso"),
        "parquet": lambda: frame_bytes(frame, tmp_path),
        "xlsx": lambda: _workbook(frame, tmp_path),
    }
    workspace = company(tmp_path, **{f"orders_{kind}": writers[kind]()})
    manifest = refreshed(workspace)
    assert published(workspace, "select * exclude (product, updated_at) from orders order by order_id") == [
        ("007", "c1", datetime(2026, 1, 5, 10), Decimal("12.50"), date(2026, 1, 5)),
        ("008", "c2", datetime(2026, 1, 6, 11, 30), Decimal("-3.00"), date(2026, 1, 6)),
    ]
    assert list(ledger(manifest).values()) == [(2, 2, 0, 0)]


def _workbook(frame: pd.DataFrame, folder: Path) -> bytes:
    frame.to_excel(folder / "frame.xlsx", index=False)
    return (folder / "frame.xlsx").read_bytes()


def test_rows_of_a_parquet_export_are_rejected_by_their_row_number(tmp_path: Path) -> None:
    frame = pd.DataFrame({"order_id": [f"o{n}" for n in range(20)], "customer_id": "c1", "amount": 1.0})
    frame["ordered_at"] = pd.Timestamp("2026-01-05")
    frame.loc[3, "customer_id"] = None
    workspace = company(tmp_path, orders_parquet=frame_bytes(frame, tmp_path))
    manifest = refreshed(workspace)
    assert published(workspace, "select file, line, reason from rejected_rows") == [
        ("exports/orders.parquet", 4, "customer_id is missing")
    ]
    assert ledger(manifest) == {"exports/orders.parquet": (20, 19, 1, 0)}


def test_a_refresh_is_needed_when_exports_settings_or_queries_change(tmp_path: Path) -> None:
    workspace = company(tmp_path, orders_csv=TEN_ORDERS)
    assert needs_refresh(workspace, staging_only(workspace))
    refreshed(workspace)
    assert not needs_refresh(workspace, staging_only(workspace))
    write(tmp_path, "orders_csv", TEN_ORDERS + "11,c1,2026-01-20,1\n")
    assert needs_refresh(workspace, staging_only(workspace))
    refreshed(workspace)
    query(tmp_path, "staging/orders.sql", "select * from source.orders -- again")
    assert needs_refresh(workspace, staging_only(workspace))
    (tmp_path / "queries/staging/orders.sql").unlink()
    zoned = company(tmp_path, '[company]\ntimezone = "Asia/Tokyo"\n[sources.orders]\nfiles = "exports/orders.csv"\n')
    assert needs_refresh(zoned, staging_only(zoned))


def test_a_rehearsal_publishes_nothing(tmp_path: Path) -> None:
    workspace = company(tmp_path, orders_csv=TEN_ORDERS)
    manifest = refresh(workspace, staging_only(workspace), look=lambda version: None)
    assert manifest.tables["orders"] == 10
    assert needs_refresh(workspace, staging_only(workspace))


@pytest.mark.parametrize("name", ["our board", "board [2026]", "what's * new"])
def test_a_workspace_may_lie_in_any_folder(tmp_path: Path, name: str) -> None:
    frame = pd.DataFrame({"customer_id": ["c1"], "occurred_at": [pd.Timestamp("2026-01-05")]})
    (tmp_path / name).mkdir()
    files = {"orders_csv": TEN_ORDERS, "activity_parquet": frame_bytes(frame, tmp_path)}
    manifest = refreshed(company(tmp_path / name, **files))
    assert ledger(manifest) == {"exports/activity.parquet": (1, 1, 0, 0), "exports/orders.csv": (10, 10, 0, 0)}


def test_exports_may_lie_outside_of_the_workspace(tmp_path: Path) -> None:
    (tmp_path / "board").mkdir()
    path = write(tmp_path / "shop", "orders_csv", TEN_ORDERS)
    manifest = refreshed(company(tmp_path / "board", f'[sources.orders]\nfiles = "{path}"\n'))
    assert ledger(manifest) == {str(path): (10, 10, 0, 0)}


def test_a_source_of_many_small_files_has_the_rows_of_all(tmp_path: Path) -> None:
    files = {f"orders_{n:03}__csv": ORDERS + f"o{n},c{n % 7},2026-01-{n % 28 + 1:02},{n}.25\n" for n in range(250)}
    toml = '[sources.orders]\nfiles = "exports/*.csv"\n'
    here = company(tmp_path, toml, **files)
    manifest = refreshed(here)
    amount = sum(Decimal(n) + Decimal("0.25") for n in range(250))
    assert published(here, "select count(*), sum(amount) from orders") == [(250, amount)]
    names = [(f"exports/orders_{n:03}.csv", 1) for n in range(250)]
    assert [(row.file, row.rows_kept) for row in manifest.files] == names
    assert published(here, "select count(*), sum(rows_kept) from file_ledger") == [(250, 250)]


def test_a_pattern_into_all_folders_follows_no_links_and_looks_into_no_hidden_ones(tmp_path: Path) -> None:
    here = company(tmp_path, '[sources.orders]\nfiles = "exports/**/*.csv"\n', orders_csv=TEN_ORDERS)
    for place in ("2026/01", ".old", "2026/.old"):
        folder = tmp_path / "exports" / place
        folder.mkdir(parents=True)
        (folder / "more.csv").write_text(TEN_ORDERS)
    for name in "abcdefgh":
        (tmp_path / "exports" / name).symlink_to(tmp_path / "exports")
    names = [file.name for file in find_files(here, "orders")[0]]
    assert names == ["exports/2026/01/more.csv", "exports/orders.csv"]


def test_a_search_that_does_not_end_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    here = company(tmp_path, '[sources.orders]\nfiles = "**/*.csv"\n', orders_csv=TEN_ORDERS)
    monkeypatch.setattr(searching, "MOST_SECONDS", -1.0)
    files, (problem,) = find_files(here, "orders")
    assert files == []
    assert str(problem).startswith("kviboard.toml, [sources.orders] files: takes longer than")


@pytest.mark.skipif(sys.platform != "linux", reason="there is no file that fails when it is read")
def test_a_file_that_fails_when_it_is_read_is_named_and_the_others_are_read(tmp_path: Path) -> None:
    here = company(tmp_path, '[sources.orders]\nfiles = "exports/*.csv"\n', orders_csv=TEN_ORDERS)
    (tmp_path / "exports" / "failing.csv").symlink_to("/proc/self/mem")
    files, (problem,) = find_files(here, "orders")
    assert [file.name for file in files] == ["exports/orders.csv"]
    assert str(problem).startswith("exports/failing.csv: cannot be read (Input/output error). See to the disk")


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such names")
def test_names_that_are_no_utf_8_are_said_and_what_has_them_is_left_out(tmp_path: Path) -> None:
    here = company(tmp_path, '[sources.orders]\nfiles = "exports/*.csv"\n', orders_csv=TEN_ORDERS)
    odd = os.fsdecode(b"M\xe4rz")
    (tmp_path / "exports" / f"{odd}.csv").write_text(TEN_ORDERS)
    (tmp_path / "queries" / "checks").mkdir(parents=True)
    (tmp_path / "queries" / "checks" / f"{odd}.sql").write_text("select 1")
    said = [str(problem) for problem in (*find_files(here, "orders")[1], *load_catalog(here).problems)]
    assert said[0] == "exports/M?rz.csv: has a name that is not UTF-8. Give it another name."
    assert said[1].startswith("queries/checks/M?rz.sql: cannot be read (its name is not UTF-8).")
    (tmp_path / odd).mkdir()
    with pytest.raises(WorkspaceError, match="because its name is not UTF-8; rename the folder"):
        load_workspace(tmp_path / odd)
