"""Small companies with exports as tests need them: a workspace folder, its refresh, and what was published."""

import gzip
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from kviboard.catalog import Catalog, load_catalog
from kviboard.catalog.files import tables_read
from kviboard.warehouse.manifest import Manifest
from kviboard.warehouse.refresh import refresh
from kviboard.warehouse.versions import current_version, version_folder
from kviboard.workspace import Workspace, load_workspace

ORDERS = "order_id,customer_id,ordered_at,amount\n"
REJECTED = "select line, column_name, value, reason from rejected_rows order by all"
TEN_ORDERS = ORDERS + "".join(f"{n},c{n % 3},2026-01-{n + 1:02},{n}.50\n" for n in range(10))


def company(folder: Path, toml: str = "", **files: str | bytes) -> Workspace:
    """A workspace in `folder` with its files in exports/: `orders_csv="…"` becomes exports/orders.csv.

    Each file is a source of its own name unless `toml` names sources itself.
    """
    for name, content in files.items():
        write(folder, name, content)
    if "[sources" not in toml:
        toml += "".join(f'\n[sources.{name.split("_")[0]}]\nfiles = "exports/{file_name(name)}"\n' for name in files)
    (folder / "kviboard.toml").write_text(toml, encoding="utf-8")
    return load_workspace(folder)


def write(folder: Path, name: str, content: str | bytes) -> Path:
    """Write an export; text as UTF-8 with its line ends as they are, packed where the name says gz."""
    path = folder / "exports" / file_name(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    data = content.encode() if isinstance(content, str) else content
    path.write_bytes(gzip.compress(data) if path.suffix == ".gz" and isinstance(content, str) else data)
    return path


def file_name(name: str) -> str:
    """orders_csv_gz -> orders.csv.gz; orders_2024__csv -> orders_2024.csv."""
    stem, _, kind = name.partition("__") if "__" in name else name.partition("_")
    return f"{stem}.{kind.replace('_', '.')}"


def query(folder: Path, path: str, sql: str) -> None:
    """Write a query file of the workspace's own."""
    target = folder / "queries" / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(sql, encoding="utf-8")


def staging_only(workspace: Workspace) -> Catalog:
    """The catalogue without marts and checks: enough where only the contract tables matter, and quick."""
    own = (workspace.root / "queries").exists()
    return replace(load_catalog(workspace) if own else built_in(), marts={}, checks={})


def with_marts(workspace: Workspace, *names: str) -> Catalog:
    """The catalogue with these marts and what they are made of, and the checks of that: half of a refresh."""
    own = (workspace.root / "queries").exists()
    catalog, needed = load_catalog(workspace) if own else built_in(), set(names)
    for name, mart in reversed(catalog.marts.items()):  # the last one built may read all before it
        needed |= tables_read(mart.sql) if name in needed else set()
    others = catalog.marts.keys() - needed
    checks = {name: check for name, check in catalog.checks.items() if not tables_read(check.sql) & others}
    return replace(
        catalog, marts={name: catalog.marts[name] for name in catalog.marts if name in needed}, checks=checks
    )


@cache
def built_in() -> Catalog:
    """The catalogue of a workspace without queries of its own: the same for all of them."""
    return load_catalog(Workspace(root=Path("nowhere"), state=Path("nowhere")))


def refreshed(workspace: Workspace) -> Manifest:
    """Refresh the contract tables."""
    return refresh(workspace, staging_only(workspace))


def published(workspace: Workspace, sql: str) -> list[tuple[Any, ...]]:
    """Rows of `sql` over the tables of the version in use."""
    folder = version_folder(workspace, current_version(workspace))
    with memory().cursor() as connection:
        for name in {path.name.split(".")[0] for path in folder.glob("*.parquet")}:
            if name in sql:
                files = [str(path) for path in folder.glob(f"{name}.*")]
                connection.execute(f"create temp view {name} as from read_parquet({files})")
        return connection.sql(sql).fetchall()


@cache
def memory() -> duckdb.DuckDBPyConnection:
    """Opening a database takes longer than asking it. Temporary views belong to a cursor."""
    return duckdb.connect()


def rejected(workspace: Workspace) -> list[tuple[Any, ...]]:
    """Line, column, value and reason of the rows that were set aside."""
    return published(workspace, REJECTED)


def frame_bytes(frame: pd.DataFrame, folder: Path) -> bytes:
    """A frame as the bytes of a Parquet file."""
    path = folder / "frame.parquet"
    frame.to_parquet(path, index=False)
    return path.read_bytes()


def ledger(manifest: Manifest) -> Mapping[str | None, tuple[int, int, int, int]]:
    """Rows read, kept, rejected and folded by file."""
    return {row.file: (row.rows_read, row.rows_kept, row.rows_rejected, row.rows_duplicate) for row in manifest.files}


def orders(rows: int) -> str:
    """An export of which every number tells how many rows it has: amounts are all the same."""
    return ORDERS + "".join(f"{n},c{n % 40},2026-01-{n % 28 + 1:02},{rows}\n" for n in range(rows))
