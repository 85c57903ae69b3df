"""Columns find their names, and where one is missing the sentence says what would fix it."""

import re
from io import BytesIO
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from kviboard.errors import RefreshError
from kviboard.warehouse.manifest import Manifest
from tests.warehouse.company import ORDERS, company
from tests.warehouse.staged import published, refreshed

ROWS = "".join(f"O{n},C{n},2026-01-{n:02},{n}.50\n" for n in range(1, 10))
TOTAL = 49.5  # 1.5 + 2.5 + … + 9.5


def refusal(folder: Path, toml: str = "", **files: str) -> str:
    with pytest.raises(RefreshError) as caught:
        refreshed(company(folder, toml, **files))
    return str(caught.value)


def whats(manifest: Manifest) -> list[str]:
    return [f"{decision.where}: {decision.what}" for decision in manifest.decisions]


@pytest.mark.parametrize(
    "names",
    [
        "Order ID,Customer-ID,Ordered At,Amount",
        "orderId,customerId,orderedAt,AMOUNT",
        "ORDER_ID,customer id,ordered.at,amount:",
    ],
)
def test_names_that_are_all_but_ours_are_read_as_ours_and_said(tmp_path: Path, names: str) -> None:
    workspace = company(tmp_path, orders_csv=f"{names}\n{ROWS}")
    (said,) = whats(refreshed(workspace))
    assert said.startswith("The files of orders: have columns under names like ours: ")
    assert published(workspace, "select count(*), sum(amount)::float from orders") == [(9, TOTAL)]


def parquet(**columns: object) -> bytes:
    held = {"order_id": ["1"], "customer_id": ["a"], "ordered_at": ["2026-01-01"], "amount": [1.5]}
    stream = BytesIO()
    pq.write_table(pa.table(held | columns), stream)
    return stream.getvalue()


@pytest.mark.parametrize(("value", "held"), [([{"id": "a"}], "objects"), ([["a"]], "lists")])
def test_a_column_of_lists_or_objects_is_named_with_its_file(tmp_path: Path, value: object, held: str) -> None:
    toml = '[sources.orders]\nfiles = "exports/*"\nrename = {buyer = "customer_id", customer_id = "name"}\n'
    text = refusal(tmp_path, toml, orders_parquet=parquet(buyer=value))
    assert f"exports/orders.parquet: its column buyer holds {held}, and customer_id is one value." in text


def test_an_optional_one_is_warned_of(tmp_path: Path) -> None:
    (said,) = refreshed(company(tmp_path, orders_parquet=parquet(product=[["A", "B"]]))).problems
    assert str(said).startswith("exports/orders.parquet: its column product holds lists, and product is one value.")


def test_what_holds_no_row_says_why(tmp_path: Path) -> None:
    text = refusal(tmp_path, orders_jsonl='{"a":' * 10_000 + "1" + "}" * 10_000)
    assert "exports/orders.jsonl: has no row that can be read: line 1 is nested more deeply than any table." in text


def test_a_name_that_is_ours_wins_over_one_that_is_like_it(tmp_path: Path) -> None:
    rows = "".join(f"{line},X\n" for line in ROWS.splitlines())
    workspace = company(tmp_path, orders_csv=f"{ORDERS.strip()},Order ID\n{rows}")
    assert refreshed(workspace).decisions == ()
    assert published(workspace, "select min(order_id) from orders") == [("O1",)]


def test_two_names_like_ours_are_not_chosen_from(tmp_path: Path) -> None:
    rows = "".join(f"{line},X\n" for line in ROWS.splitlines())
    text = refusal(tmp_path, orders_csv=f"order-id,customer_id,ordered_at,amount,Order ID\n{rows}")
    assert 'has no column order_id. "order-id" and "Order ID" could both be order_id; rename one of them.' in text


def test_a_letter_that_only_looks_like_ours_is_named(tmp_path: Path) -> None:
    text = refusal(tmp_path, orders_csv=f"\u043erder_id,customer_id,ordered_at,amount\n{ROWS}")
    assert '"\u043erder_id" only looks like it: it is written with "\u043e" (U+043E, cyrillic small letter o).' in text


def test_the_line_that_is_offered_works(tmp_path: Path) -> None:
    export = f"Invoice No,Customer Email,Date,Total\n{ROWS}"
    line = re.search(r"\[sources\.orders\] (rename = \{.*\})", refusal(tmp_path, orders_csv=export))
    assert line
    corrected = company(tmp_path, f'[sources.orders]\nfiles = "exports/orders.csv"\n{line[1]}\n')
    refreshed(corrected)
    assert published(corrected, "select count(*), sum(amount)::float from orders") == [(9, TOTAL)]


def test_no_line_is_offered_that_would_not_work(tmp_path: Path) -> None:
    export = f"Invoice No,Customer Email,Date,Total\n{ROWS}".replace("2026-01-", "week ")
    assert "rename = {" not in refusal(tmp_path, orders_csv=export)


def test_a_file_without_column_names_is_told_how_to_name_them(tmp_path: Path) -> None:
    text = refusal(tmp_path, orders_csv=ROWS)
    assert "has no line of column names: its first line looks like a row" in text
    line = re.search(r"\[sources\.orders\] (columns = \[.*\])", text)
    assert line
    corrected = company(tmp_path, f'[sources.orders]\nfiles = "exports/orders.csv"\n{line[1]}\n')
    refreshed(corrected)
    assert published(corrected, "select count(*), sum(amount)::float from orders") == [(9, TOTAL)]


def test_of_hundreds_of_columns_the_nearest_are_named(tmp_path: Path) -> None:
    names = [f"field {n}" for n in range(300)] + ["Clients"]
    text = refusal(tmp_path, orders_csv=",".join(["order_id", "ordered_at", "amount", *names]) + "\n")
    assert "more columns" in text
    assert len(text) < 600


def test_two_columns_of_one_name_are_refused_where_they_differ(tmp_path: Path) -> None:
    rows = "".join(f"{line},{n}\n" for n, line in enumerate(ROWS.splitlines(), start=1))
    text = refusal(tmp_path, orders_csv=f"{ORDERS.strip()},Amount\n{rows}")
    assert 'has two columns "amount" that differ: line 2 has "1.50" and "1".' in text
    line = re.search(r"\[sources\.orders\] (rename = \{.*\})", text)
    assert line
    first = company(tmp_path, f'[sources.orders]\nfiles = "exports/orders.csv"\n{line[1]}\n')
    refreshed(first)
    assert published(first, "select sum(amount)::float from orders") == [(TOTAL,)]
    same = "".join(f"{line},{line.rpartition(',')[2]}\n" for line in ROWS.splitlines())
    refreshed(company(tmp_path, orders_csv=f"{ORDERS.strip()},Amount\n{same}"))


def test_what_many_files_have_in_common_is_one_sentence(tmp_path: Path) -> None:
    toml = '[sources.orders]\nfiles = "exports/orders*.csv"\n'
    with_product = f"{ORDERS.strip()},product\nP1,C1,2026-01-05,1,tea\n"
    files = {f"orders_{n}__csv": f"{ORDERS}A{n},C1,2026-01-05,1\n" for n in range(1, 12)}
    manifest = refreshed(company(tmp_path, toml, **files, orders_12__csv=with_product))
    assert manifest.problems == ()
    assert whats(manifest) == [
        "11 files, such as exports/orders_1.csv: have no column product yet, which is there from "
        "exports/orders_12.csv on."
    ]
    manifest = refreshed(company(tmp_path, toml, orders_0__csv=with_product))
    assert [str(problem) for problem in manifest.problems] == [
        "11 files, such as exports/orders_1.csv: have no column product, which other files of this source have. "
        "If it has another name there, add that to [sources.orders] rename."
    ]
