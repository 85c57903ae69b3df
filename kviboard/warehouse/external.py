"""Large tables that a version does not copy: they stay in the company's own Parquet files, read through views."""

from collections.abc import Iterable, Sequence
from pathlib import Path

import duckdb

from kviboard.files import file_stamp
from kviboard.warehouse.engine import rows_of
from kviboard.warehouse.files.extract import Extract
from kviboard.warehouse.manifest import ExternalTable

SCHEMAS = ("source", "staging", "cast_rows")
_ROWS = 5_000_000  # fewer are copied within a second, and then the version depends on no other file


def external_table(
    connection: duckdb.DuckDBPyConnection, table: str, rows: int, extracts: Sequence[Extract]
) -> dict[str, ExternalTable]:
    """How a reader gets at `table` without a copy; empty where it is small enough to be copied."""
    if rows <= _ROWS:
        return {}
    source = extracts[0].found.source
    views = [("source", source), ("staging", table), ("cast_rows", table), ("main", table)]
    texts = {
        (schema, name): sql
        for schema, name, sql in rows_of(connection, "select schema_name, view_name, sql from duckdb_views()")
    }
    files = {str(extract.parquet): file_stamp(extract.parquet) for extract in extracts}
    return {table: ExternalTable(views=tuple(texts[view] for view in views), files=files)}


def changed_files(found: ExternalTable) -> list[str]:
    """Paths of files that are gone or are not what they were when the version was made."""
    return [path for path, stamp in found.files.items() if not _is_file_with(path, stamp)]


def all_files(tables: Iterable[ExternalTable]) -> list[str]:
    """Paths that a reader needs besides the version's own folder."""
    return sorted({path for found in tables for path in found.files})


def _is_file_with(path: str, stamp: tuple[int, int]) -> bool:
    return Path(path).is_file() and file_stamp(Path(path)) == stamp
