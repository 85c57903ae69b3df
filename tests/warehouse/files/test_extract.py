"""A file is read once: its rows are kept until the file or the way it is read changes."""

from pathlib import Path

import pytest

from kviboard.warehouse.files import extract
from kviboard.warehouse.files.discovery import FoundFile
from kviboard.warehouse.forgotten import LeftOut
from kviboard.workspace.settings import Source
from tests.warehouse.company import TEN_ORDERS, company, ledger, published, refreshed, rejected, write

TOML = '[sources.orders]\nfiles = "exports/orders*"\n'


@pytest.fixture
def read_files(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files that are really read."""
    names: list[str] = []
    really = extract._read

    def noting(found: FoundFile, source: Source, cache: Path, left_out: LeftOut) -> extract.Extract:
        names.append(found.name)
        return really(found, source, cache, left_out)

    monkeypatch.setattr(extract, "_read", noting)
    return names


def test_a_refresh_reads_only_what_is_new(tmp_path: Path, read_files: list[str]) -> None:
    workspace = company(tmp_path, TOML, orders_1__csv=TEN_ORDERS)
    refreshed(workspace)
    assert read_files == ["exports/orders_1.csv"]
    write(tmp_path, "orders_2__csv", "order_id,customer_id,ordered_at,amount\n77,c1,2026-01-11,1\n")
    refreshed(workspace)
    assert read_files == ["exports/orders_1.csv", "exports/orders_2.csv"]
    assert published(workspace, "select count(*) from orders") == [(11,)]


def test_a_changed_file_is_read_again(tmp_path: Path, read_files: list[str]) -> None:
    workspace = company(tmp_path, TOML, orders_1__csv=TEN_ORDERS)
    refreshed(workspace)
    write(tmp_path, "orders_1__csv", TEN_ORDERS.replace("c1", "c5"))
    refreshed(workspace)
    assert read_files == ["exports/orders_1.csv"] * 2
    assert published(workspace, "select count(*) from customers where customer_id = 'c1'") == [(0,)]


def test_broken_records_are_remembered_with_the_rows(tmp_path: Path, read_files: list[str]) -> None:
    workspace = company(tmp_path, TOML, orders_1__csv=TEN_ORDERS + "odd\n")
    first = ledger(refreshed(workspace)), rejected(workspace)
    again = ledger(refreshed(workspace)), rejected(workspace)
    assert (
        first
        == again
        == (
            {"exports/orders_1.csv": (11, 10, 1, 0)},
            [(12, None, "odd", "the line has 1 column where the header has 4")],
        )
    )
    assert read_files == ["exports/orders_1.csv"]


def test_what_is_kept_of_vanished_files_goes_with_them(tmp_path: Path) -> None:
    workspace = company(
        tmp_path, TOML, orders_1__csv=TEN_ORDERS, orders_2__csv="order_id,customer_id,ordered_at,amount\n"
    )
    refreshed(workspace)
    cache = workspace.state / "cache"
    assert len(list(cache.iterdir())) == 4
    (tmp_path / "exports/orders_2.csv").unlink()
    refreshed(workspace)
    assert len(list(cache.iterdir())) == 2


def test_a_parquet_export_is_read_where_it_is(tmp_path: Path, read_files: list[str]) -> None:
    import pandas as pd

    from tests.warehouse.company import frame_bytes

    frame = pd.DataFrame(
        {"order_id": ["1"], "customer_id": ["c"], "ordered_at": [pd.Timestamp("2026-01-05")], "amount": [1.0]}
    )
    workspace = company(tmp_path, TOML, orders_1__parquet=frame_bytes(frame, tmp_path))
    refreshed(workspace)
    assert read_files == []
    assert list((workspace.state / "cache").glob("*.parquet")) == []
