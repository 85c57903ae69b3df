"""Amounts keep their digits until they are added up, whatever kind of file they come in."""

from decimal import Decimal
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from kviboard.catalog import load_catalog
from kviboard.warehouse.refresh import refresh
from tests.warehouse.company import ORDERS, company, frame_bytes, query
from tests.warehouse.staged import published, refreshed


def added_up(folder: Path, toml: str = "", **files: str | bytes) -> Decimal:
    workspace = company(folder, toml, **files)
    refreshed(workspace)
    ((total,),) = published(workspace, "select sum(amount) from orders")
    return total


@pytest.mark.parametrize(
    ("amount", "times", "total"),
    [
        ("0.004", 10_000, "40"),
        ("0.0000125", 8_000, "0.1"),
        ("33.333333", 300, "9999.9999"),
        ("4e-3", 1_000, "4"),
        ("19.99", 100, "1999"),
        ("€ 0.005", 100, "0.5"),
        ("-0.125", 8, "-1"),
        ("1,234.5678", 10, "12345.678"),
    ],
)
def test_parts_of_a_cent_are_added_up_before_rounding(tmp_path: Path, amount: str, times: int, total: str) -> None:
    rows = "".join(f'{n},c1,2026-01-{n % 28 + 1:02},"{amount}"\n' for n in range(times))
    assert added_up(tmp_path, orders_csv=ORDERS + rows) == Decimal(total)


def test_a_decimal_comma_hides_no_digits(tmp_path: Path) -> None:
    rows = "".join(f"{n};c1;2026-01-05;0,0045\n" for n in range(1_000))
    assert added_up(tmp_path, orders_csv=ORDERS.replace(",", ";") + rows) == Decimal("4.5")


@pytest.mark.parametrize(
    ("amounts", "kind", "total"),
    [
        ([0.004] * 1_000, pa.float64(), "4"),
        ([19.99, 0.1 + 0.2, 1e6 + 0.01], pa.float64(), "1000020.30"),
        ([Decimal("0.0040")] * 1_000, pa.decimal128(19, 4), "4"),
        ([Decimal("12.5000")] * 10, pa.decimal128(19, 4), "125"),
        ([7, -2], pa.int64(), "5"),
    ],
)
def test_amounts_of_a_parquet_export_keep_their_digits_too(
    tmp_path: Path, amounts: list[object], kind: pa.DataType, total: str
) -> None:
    count = len(amounts)
    days = pa.array(pd.date_range("2026-01-01", periods=count, freq="min"))
    columns = {"order_id": [f"o{n}" for n in range(count)], "customer_id": ["c1"] * count, "ordered_at": days}
    pq.write_table(pa.table({**columns, "amount": pa.array(amounts, kind)}), tmp_path / "orders.parquet")
    export = (tmp_path / "orders.parquet").read_bytes()
    assert added_up(tmp_path, orders_parquet=export) == Decimal(total)


def test_lines_of_an_order_are_rounded_after_adding_up(tmp_path: Path) -> None:
    rows = "".join(f"1,c1,2026-01-05,0.00{n % 2 + 1}\n" for n in range(1_000))
    assert added_up(tmp_path, orders_csv=ORDERS + rows) == Decimal("1.5")


def test_cents_stay_cents(tmp_path: Path) -> None:
    frame = pd.DataFrame({"order_id": ["1"], "customer_id": ["c"], "ordered_at": ["2026-01-05"], "amount": [12.5]})
    workspace = company(tmp_path, orders_parquet=frame_bytes(frame, tmp_path))
    refreshed(workspace)
    assert published(workspace, "select typeof(amount) from orders") == [("DECIMAL(18,2)",)]


@pytest.mark.parametrize(
    ("amount", "kind", "total"), [("0.004", "DECIMAL(38,3)", "4"), ("4.25", "DECIMAL(18,2)", "4250")]
)
def test_every_table_of_the_board_adds_up_before_rounding(tmp_path: Path, amount: str, kind: str, total: str) -> None:
    orders = "".join(f"{n},c{n % 50},2026-01-{n % 28 + 1:02},{amount}\n" for n in range(1_000))
    answers = "".join(f"r{n},c{n},2025-12-20,9\n" for n in range(50))
    responses = "response_id,customer_id,responded_at,score\n" + answers
    workspace = company(tmp_path, orders_csv=ORDERS + orders, responses_csv=responses)
    manifest = refresh(workspace, load_catalog(workspace))
    assert [check.check_name for check in manifest.checks if check.rows_broken] == []
    sums = "sum(revenue), sum(eight_plus_revenue), sum(scored_revenue), any_value(typeof(revenue)) from daily"
    assert published(workspace, f"select {sums}") == [(Decimal(total), Decimal(total), Decimal(total), kind)]
    assert published(workspace, "select sum(revenue) from customer_orders") == [(Decimal(total),)]


def test_two_sources_keep_the_digits_of_both(tmp_path: Path) -> None:
    query(tmp_path, "staging/orders.sql", "select * from source.shop union all by name select * from source.app")
    toml = "".join(f'[sources.{name}]\nfiles = "exports/{name}.csv"\n' for name in ("shop", "app"))
    files = {"shop_csv": ORDERS + "1,c1,2026-01-05,0.004\n", "app_csv": ORDERS + "2,c1,2026-01-05,0.0000001\n"}
    assert added_up(tmp_path, toml, **files) == Decimal("0.0040001")
