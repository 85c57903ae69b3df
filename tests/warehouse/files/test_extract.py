"""A file is read once: its rows are kept until the file or the way it is read changes."""

import os
import shutil
import time
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest

from kviboard.warehouse.files import contents, extract
from kviboard.warehouse.files.contents import Contents
from kviboard.warehouse.files.discovery import FoundFile
from kviboard.warehouse.forgotten import LeftOut
from kviboard.warehouse.origin import needs_refresh
from kviboard.workspace import load_workspace
from kviboard.workspace.settings import Source
from tests.warehouse.company import (
    TEN_ORDERS,
    company,
    frame_bytes,
    ledger,
    published,
    refreshed,
    rejected,
    staging_only,
    write,
)

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


def parquet_order(folder: Path) -> bytes:
    """One order as a Parquet file."""
    order = {"order_id": ["1"], "customer_id": ["c"], "ordered_at": [pd.Timestamp("2026-01-05")], "amount": [1.0]}
    return frame_bytes(pd.DataFrame(order), folder)


def test_a_parquet_export_is_read_where_it_is(tmp_path: Path, read_files: list[str]) -> None:
    workspace = company(tmp_path, TOML, orders_1__parquet=parquet_order(tmp_path))
    refreshed(workspace)
    assert read_files == []
    assert list((workspace.state / "cache").glob("*.parquet")) == []


def age(folder: Path, seconds: float = -10.0) -> None:
    """Let all exports be older, so that what is known of them is believed."""
    for path in (folder / "exports").iterdir():
        stat = path.stat()
        os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns + int(seconds * 1e9)))


def test_rows_of_long_values_are_kept_few_together(tmp_path: Path) -> None:
    rows = "".join(f"{n},c,2026-01-01,{n},{'x' * 500_000}\n" for n in range(30))
    workspace = company(tmp_path, orders_csv=f"order_id,customer_id,ordered_at,amount,note\n{rows}")
    refreshed(workspace)
    (kept,) = (workspace.state / "cache").glob("*.parquet")
    facts = pq.read_metadata(kept)
    assert facts.num_rows == 30
    assert max(facts.row_group(number).num_rows for number in range(facts.num_row_groups)) <= 8


def test_a_file_that_is_only_touched_is_not_read_again(tmp_path: Path, read_files: list[str]) -> None:
    workspace = company(tmp_path, TOML, orders_1__csv=TEN_ORDERS)
    before = refreshed(workspace)
    age(tmp_path)
    assert refreshed(workspace).made_from == before.made_from
    assert not needs_refresh(workspace, staging_only(workspace))
    assert read_files == ["exports/orders_1.csv"]


def test_a_workspace_that_was_copied_or_moved_needs_nothing_read_again(tmp_path: Path, read_files: list[str]) -> None:
    before = company(tmp_path / "old", TOML, orders_1__csv=TEN_ORDERS)
    refreshed(before)
    (tmp_path / "known as").symlink_to(shutil.copytree(before.root, tmp_path / "copy"), target_is_directory=True)
    before.root.rename(tmp_path / "moved")
    for name in ("copy", "moved", "known as"):
        workspace = load_workspace(tmp_path / name)
        assert not needs_refresh(workspace, staging_only(workspace)), name
        assert published(workspace, "select count(*) from orders") == [(10,)]
    refreshed(workspace)
    assert read_files == ["exports/orders_1.csv"]
    write(workspace.root, "orders_1__csv", TEN_ORDERS.replace("c1", "c5"))
    assert needs_refresh(workspace, staging_only(workspace))


def test_a_file_outside_the_workspace_or_read_in_place_is_another_one_elsewhere(tmp_path: Path) -> None:
    """The version may read its Parquet file to the end of its days: it must not be the old folder's."""
    for folder in ("given", "board", "other"):
        (tmp_path / "old" / folder).mkdir(parents=True)
    (tmp_path / "old" / "given" / "orders.csv").write_text(TEN_ORDERS)
    outside = company(tmp_path / "old" / "board", '[sources.orders]\nfiles = "../given/orders.csv"\n')
    refreshed(outside)
    in_place = company(tmp_path / "old" / "other", TOML, orders_1__parquet=parquet_order(tmp_path))
    refreshed(in_place)
    shutil.copytree(tmp_path / "old", tmp_path / "new")
    for name in ("board", "other"):
        old, new = (load_workspace(tmp_path / place / name) for place in ("old", "new"))
        assert not needs_refresh(old, staging_only(old)), name
        assert needs_refresh(new, staging_only(new)), name


def test_other_content_of_the_same_size_and_time_is_read(tmp_path: Path, read_files: list[str]) -> None:
    workspace = company(tmp_path, TOML, orders_1__csv=TEN_ORDERS)
    age(tmp_path, -100)
    refreshed(workspace)
    path = tmp_path / "exports/orders_1.csv"
    stat = path.stat()
    path.write_text(TEN_ORDERS.replace("9.50", "1.50"))
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    assert (path.stat().st_size, path.stat().st_mtime_ns) == (stat.st_size, stat.st_mtime_ns)
    assert needs_refresh(workspace, staging_only(workspace))
    refreshed(workspace)
    assert read_files == ["exports/orders_1.csv"] * 2
    assert published(workspace, "select amount::float from orders where order_id = '9'") == [(1.5,)]


def test_what_is_known_of_a_file_is_believed_only_once_it_is_old_enough(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, place = tmp_path / "a.csv", tmp_path / "state" / "known" / "orders.json"
    path.write_text("one")
    place.parent.parent.mkdir()
    hashed: list[Path] = []
    really = contents._hash
    monkeypatch.setattr(contents, "_hash", lambda file, mark: hashed.append(file) or really(file, mark))

    def look() -> str:
        found = Contents(place)
        content = found.of(path)
        found.keep()
        return content

    first = look()
    assert look() == first  # as young as it is, a second change may have had the same times
    assert len(hashed) == 2
    clock = time.time_ns() + 10_000_000_000
    monkeypatch.setattr(time, "time_ns", lambda: clock)
    assert [look(), look(), look()] == [first] * 3
    assert len(hashed) == 3
    path.write_text("two")
    assert look() != first
    place.write_text('{"a": 5}')
    assert look() != first


def test_a_large_parquet_file_is_known_by_its_marks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.parquet"
    path.write_bytes(b"PAR1")
    monkeypatch.setattr(contents, "_LARGE", 3)
    first = Contents().of(path)
    assert Contents().of(path) == first
    os.utime(path, ns=(0, 0))
    assert Contents().of(path) != first
