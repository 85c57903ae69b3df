"""A file that is tried follows the rules of the workspace: who is left out, which ids are one, what money is worth."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from kviboard.catalog import load_catalog
from kviboard.errors import ExportError
from kviboard.warehouse.recognition.looking import look
from kviboard.warehouse.staging.preview import ImportPreview, preview_import
from tests.warehouse.company import company, query, write

CUSTOMERS = "customer_id,name,email\nc0,Q,qa@own.example\nc1,A,a@x.example\n"
ORDERS = "order_id,customer_id,ordered_at,amount,currency\n"
OLD = ORDERS + "1,c1,2026-01-05,10,EUR\n2,c0,2026-01-05,10,EUR\n"
NEW = ORDERS + "3,c1,2026-02-05,10,USD\n4,c0,2026-02-05,10,EUR\n5,c2,2026-02-05,10,EUR\n"
ANSWERS = "response_id,customer_id,responded_at,score\n1,c1,2026-02-05,9\n2,c0,2026-02-05,0\n"
SOURCES = "".join(f'[sources.{name}]\nfiles = "exports/{name}*.csv"\n' for name in ("orders", "customers", "responses"))


def tried(folder: Path, settings: str, source: str, text: str, **more: str) -> ImportPreview:
    files = {"customers_csv": CUSTOMERS, "orders_1__csv": OLD, "responses_1__csv": ANSWERS.splitlines()[0] + "\n"}
    workspace = company(folder, settings + SOURCES, **files, **more)
    path = write(folder, "tried__csv", text).rename(folder / "tried.csv")
    return preview_import(workspace, load_catalog(workspace), source, path, f"exports/{source}_2.csv")


def own(preview: ImportPreview, source: str) -> tuple[int, int, int]:
    (row,) = [row for row in preview.ledger if row.file == f"exports/{source}_2.csv"]
    return row.rows_read, row.rows_kept, row.rows_set_aside


@pytest.mark.parametrize("leave_out", ["\"email like '%@own.example'\"", '["c0"]'])
@pytest.mark.parametrize(("source", "text"), [("orders", NEW.replace("USD", "EUR")), ("responses", ANSWERS)])
def test_who_is_left_out_is_left_out_of_a_file_that_is_tried(
    tmp_path: Path, leave_out: str, source: str, text: str
) -> None:
    preview = tried(tmp_path, f"[customers]\nleave_out = {leave_out}\n", source, text)
    rows = text.count("\n") - 1
    assert preview.refusals == ()
    assert own(preview, source) == (rows, rows - 1, 1)
    assert {row.table_name for row in preview.ledger} == {source}
    assert not [decision for decision in preview.decisions if "customers export" in decision.where]


def test_whom_the_customers_query_excludes_is_left_out_too(tmp_path: Path) -> None:
    sql = "select *, case when customer_id = 'c0' then 'test account' end as reject_reason from source.customers"
    query(tmp_path, "staging/customers.sql", sql)
    assert own(tried(tmp_path, "", "responses", ANSWERS), "responses") == (2, 1, 1)


def test_aliases_hold_in_a_file_that_is_tried(tmp_path: Path) -> None:
    settings = '[customers]\naliases = "exports/aliases.csv"\nleave_out = ["c1"]\n'
    preview = tried(tmp_path, settings, "responses", ANSWERS, aliases_csv="customer_id,known_as\nc1,c0\n")
    assert own(preview, "responses") == (2, 0, 2)
    assert any("read as the id of another customer" in decision.what for decision in preview.decisions)


@pytest.mark.parametrize("rates", ["{ USD = 0.9 }", '"exports/rates.csv"'])
def test_rates_hold_in_a_file_that_is_tried(tmp_path: Path, rates: str) -> None:
    settings = f"[currency]\nrates = {rates}\n"
    preview = tried(tmp_path, settings, "orders", NEW, rates_csv="currency,day,rate\nUSD,2026-01-01,0.9\n")
    assert preview.refusals == ()
    assert any("1 amount in USD is converted to EUR at 0.90" in decision.what for decision in preview.decisions)


def test_a_currency_without_a_rate_is_refused_before_the_file_joins(tmp_path: Path) -> None:
    (refusal,) = tried(tmp_path, "", "orders", NEW).refusals
    assert "but in USD (1 row" in refusal.what


def test_a_parquet_file_whose_values_are_broken_is_called_unreadable_and_not_too_much(tmp_path: Path) -> None:
    settings = '[sources.orders]\nfiles = "exports/orders*.parquet"\n'
    workspace = company(tmp_path, settings, customers_csv=CUSTOMERS)
    path = tmp_path / "orders_2.parquet"
    rows = [
        dict(zip(ORDERS.strip().split(","), (str(n), "c1", "2026-02-05", "10", "EUR"), strict=True)) for n in range(99)
    ]
    pq.write_table(pa.Table.from_pylist(rows), path, compression="snappy")
    sound = path.read_bytes()
    path.write_bytes(sound[:40] + b"\xff" * 40 + sound[80:])
    with pytest.raises(
        ExportError, match=r"exports/orders_2\.parquet: is not a readable Parquet file; it may be cut off"
    ):
        preview_import(workspace, load_catalog(workspace), "orders", path, "exports/orders_2.parquet")
    (facts,) = look([path], "UTC")
    assert "is not a readable Parquet file" in facts.problem


def test_what_is_said_of_a_parquet_file_that_is_tried_names_it_and_no_folder_of_the_server(tmp_path: Path) -> None:
    settings = '[sources.orders]\nfiles = "exports/orders*.parquet"\n'
    workspace = company(tmp_path, settings, customers_csv=CUSTOMERS)
    path = tmp_path / "orders_2.parquet"
    row = {"order_id": "1", "customer_id": "c1", "ordered_at": "soon", "amount": "10", "currency": "EUR"}
    pq.write_table(pa.Table.from_pylist([row]), path)
    preview = preview_import(workspace, load_catalog(workspace), "orders", path, "exports/orders_2.parquet")
    sentences = [str(each) for each in (*preview.refusals, *preview.notes, *preview.decisions)]
    assert [each for each in sentences if "exports/orders_2.parquet, line 1" in each]
    assert [each for each in sentences if str(tmp_path) in each] == []
