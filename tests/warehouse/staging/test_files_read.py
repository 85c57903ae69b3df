"""Rows read are counted per file and once, whatever staging queries make of them."""

from pathlib import Path

import pytest

from kviboard.board.exports.maintenance import check
from kviboard.board.exports.row_outcomes import each_file_once
from kviboard.catalog import QueryFile
from kviboard.warehouse.staging.queries.origins import adds_rows_up
from tests.warehouse.company import TEN_ORDERS, company, query
from tests.warehouse.staged import published, refreshed

LINES = "order_id,customer_id,ordered_at,amount\n" + "".join(f"{n // 2},c1,2026-01-05,{n}\n" for n in range(10))
GROUPED = "select order_id, min(customer_id) as customer_id, min(ordered_at) as ordered_at, sum(amount::int) as amount"
TOML = '[sources.orders]\nfiles = "exports/orders*.csv"\n'


def test_a_query_that_adds_up_without_naming_files_still_has_read_them(tmp_path: Path) -> None:
    query(tmp_path, "staging/orders.sql", f"{GROUPED} from source.orders group by order_id")
    workspace = company(tmp_path, TOML, orders_1__csv=LINES, orders_2__csv=LINES.replace("\n", "\n1"))
    manifest = refreshed(workspace)
    assert [(row.file, row.rows_read) for row in each_file_once(manifest.files)] == [
        ("exports/orders_1.csv", 10),
        ("exports/orders_2.csv", 11),
    ]


def test_a_query_that_adds_up_and_names_files_keeps_the_ledger_exact(tmp_path: Path) -> None:
    more = ", min(_file) as _file, min(_line) as _line from source.orders group by order_id"
    query(tmp_path, "staging/orders.sql", GROUPED + more)
    manifest = refreshed(company(tmp_path, orders_csv=LINES))
    (row,) = manifest.files
    assert (row.rows_read, row.rows_kept, row.rows_lines, row.rows_staged) == (10, 5, 5, 5)


def test_a_file_that_two_tables_read_is_counted_once_and_the_sentence_adds_up(tmp_path: Path) -> None:
    sql = "select customer_id, ordered_at as occurred_at, _file, _line from source.orders"
    query(tmp_path, "staging/activity.sql", sql)
    workspace = company(tmp_path, orders_csv=TEN_ORDERS)
    assert "10 rows of 1 file read = 10 kept + 0 rejected + 0 duplicates." in check(workspace).lines
    assert [row.table_name for row in refreshed(workspace).files] == ["activity", "orders"]


def test_one_row_is_said_in_the_singular(tmp_path: Path) -> None:
    one = "order_id,customer_id,ordered_at,amount\n1,a,2026-01-05,1.00\n"
    assert (
        "1 row of 1 file read = 1 kept + 0 rejected + 0 duplicates." in check(company(tmp_path, orders_csv=one)).lines
    )


def test_a_line_that_makes_several_rows_breaks_no_check(tmp_path: Path) -> None:
    sides = [
        f"select id || '-{side}' as response_id, customer_id, asked as responded_at, {side} as score, _file, _line "
        "from source.survey"
        for side in ("before", "after")
    ]
    query(tmp_path, "staging/responses.sql", " union all ".join(sides))
    survey = "id,customer_id,asked,before,after\n" + "".join(f"{n},c{n},2026-01-05,7,9\n" for n in range(30))
    workspace = company(tmp_path, survey_csv=survey)
    assert "30 rows of 1 file read = 30 kept + 0 rejected + 0 duplicates." in check(workspace).lines
    refreshed(workspace)
    assert published(workspace, "select sum(rows_kept), sum(rows_staged) from file_ledger") == [(30, 60)]


@pytest.mark.parametrize(
    ("sql", "adds_up"),
    [
        ("select * from source.orders", False),
        ("select *, sum(amount) over (partition by customer_id) as total from source.orders", False),
        ("select distinct * from source.orders", True),
        ("select order_id, sum(amount) as amount from source.orders group by all", True),
        ("with sums as (select order_id, sum(a) as a from source.orders group by 1) select * from sums", True),
        ("select * from (select order_id, sum(a) as a from source.orders group by 1)", True),
        (
            "with s as (select id, sum(a) as a from source.p group by 1) select * from source.o join s using (id)",
            False,
        ),
    ],
)
def test_what_adds_rows_up_is_told_from_the_query(sql: str, adds_up: bool) -> None:
    assert adds_rows_up(QueryFile("orders", "queries/staging/orders.sql", sql, built_in=False)) is adds_up
