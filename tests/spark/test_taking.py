"""What lies in a lake is taken from there: files as they are, once; tables of the catalogue as Parquet."""

from pathlib import Path
from typing import Any

import pytest

from kviboard.errors import RefreshError
from kviboard.warehouse.refresh import refresh
from kviboard.workspace import load_workspace
from tests.spark.conftest import ENGINE
from tests.spark.same import published
from tests.warehouse.company import TEN_ORDERS, company, staging_only

SETTINGS = """
[sources.orders]
lake = "{lake}/*/*.csv"
files = "lake/orders/*.csv"

[sources.tickets]
lake = "table:parquet.`{lake}/tickets`"
files = "lake/tickets/*.parquet"
"""

pytestmark = pytest.mark.usefixtures("shared")


def test_files_and_tables_are_taken_and_what_is_there_is_not_copied_again(tmp_path: Path, started: Any) -> None:
    lake = tmp_path / "lake+1"
    for month, orders in (
        ("2026-01", TEN_ORDERS),
        ("2026-02", "order_id,customer_id,ordered_at,amount\nx,c1,2026-02-01,3\n"),
    ):
        (lake / month).mkdir(parents=True)
        (lake / month / "orders+1.csv").write_text(orders)
    rows = "select 't1' as ticket_id, 'c1' as customer_id, date '2026-01-03' as opened_at"
    started.sql(rows).write.parquet(f"file://{lake}/tickets")
    (tmp_path / "board").mkdir()
    address = f"file://{lake}"
    workspace = company(tmp_path / "board", SETTINGS.format(lake=address) + ENGINE)
    refresh(workspace, staging_only(workspace))
    kept = {row.file: row.rows_kept for row in published(workspace.root)[1].files}
    assert kept == {
        "lake/orders/2026-01_orders+1.csv": 10, "lake/orders/2026-02_orders+1.csv": 1,
        "lake/tickets/tickets-00001.parquet": 1,
    }  # fmt: skip
    here = workspace.root / "lake" / "orders"
    assert (here / "2026-01_orders+1.csv").read_text() == TEN_ORDERS
    before = (here / "2026-01_orders+1.csv").stat().st_mtime_ns
    (lake / "2026-02" / "orders+1.csv").unlink()
    refresh(workspace, staging_only(workspace))
    assert (here / "2026-01_orders+1.csv").stat().st_mtime_ns == before
    assert sorted(path.name for path in here.iterdir()) == ["2026-01_orders+1.csv"]


def test_a_lake_without_a_file_leaves_the_version_before(tmp_path: Path) -> None:
    (tmp_path / "board").mkdir()
    settings = SETTINGS.format(lake=f"file://{tmp_path}/nowhere") + ENGINE
    workspace = company(tmp_path / "board", settings)
    with pytest.raises(RefreshError, match=r"\[sources.orders\] lake: nothing is at file://"):
        refresh(workspace, staging_only(load_workspace(workspace.root)))
