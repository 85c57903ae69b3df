"""DuckDB connections for building: their limits, what their SQL may touch, and file functions as SQL text."""

import re
import string
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb

from kviboard.apart import allowed_gigabytes
from kviboard.errors import Problem
from kviboard.warehouse.bounded import bound
from kviboard.workspace import Workspace

BY_NAME = "union_by_name = true"
_FEW_ROWS = 50_000  # to plan a query over them takes longer than to run it
_SMALL = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)
_PLAIN = re.compile(r"[a-z_][a-z0-9_]*")
_RESERVED = {
    "order",
    "group",
    "select",
    "from",
    "where",
    "end",
    "case",
    "when",
    "desc",
    "asc",
    "all",
    "user",
    "table",
    "limit",
    "to",
}
_WORTH_PLANNING = {  # also for few rows: how tables are joined, and which rows and columns of them are read at all
    "build_side_probe_side", "column_lifetime", "cte_filter_pusher", "cte_inlining", "deliminator",
    "empty_result_pullup", "extension", "filter_pushdown", "join_elimination", "join_filter_pushdown", "join_order",
    "limit_pushdown", "materialized_cte", "outer_join_simplification", "top_n", "unnest_rewriter", "unused_columns",
}  # fmt: skip
_LINE = re.compile(r"^LINE (\d+):", re.MULTILINE)


def open_for_building(workspace: Workspace, scratch: Path, rows: int) -> duckdb.DuckDBPyConnection:
    """An in-memory database for `rows` rows of exports, which spills to `scratch` and never fetches anything from the
    network."""
    config: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": memory_limit(workspace.engine.memory_gb),
        "temp_directory": str(scratch / "spill"),
        "preserve_insertion_order": False,
        "perfect_ht_threshold": 20,  # rows are summed by day and slice in an array, which a hash table takes longer for
        "approximate_join_order_threshold": 8,  # to try all orders of ten joined tables takes longer than to join them
        "autoinstall_known_extensions": False,
    }
    if workspace.engine.threads:
        config["threads"] = workspace.engine.threads
    connection = duckdb.connect(config=config)
    bound(connection)
    if rows <= _FEW_ROWS:
        _plan_less(connection)
    return connection


def _plan_less(connection: duckdb.DuckDBPyConnection) -> None:
    """Leave out what makes a plan quicker for many rows, and itself takes a third of a small refresh."""
    known = {name for (name,) in rows_of(connection, "select name from duckdb_optimizers()")}
    connection.execute(f"set disabled_optimizers = {literal(','.join(sorted(known - _WORTH_PLANNING)))}")


def memory_limit(most: float) -> str:
    """What DuckDB may use of `most` GB: no more than half of what this process may have, if it is limited itself."""
    return f"{min(most, allowed_gigabytes() / 2):.3f}GB"


def confine(
    connection: duckdb.DuckDBPyConnection, workspace: Workspace, files: Iterable[Path], folders: Iterable[Path]
) -> None:
    """From now on SQL reads `files`, reads and writes in `folders`, reaches nothing else on this machine, and no
    statement runs longer than [engine] query_minutes. Cannot be undone on this connection."""
    for setting in (
        f"max_execution_time = {round(workspace.engine.query_minutes * 60_000)}",
        f"allowed_paths = [{', '.join(literal(path.as_posix()) for path in files)}]",
        f"allowed_directories = [{', '.join(literal(path.as_posix()) for path in folders)}]",
        "enable_external_access = false",
        "lock_configuration = true",
    ):
        connection.execute(f"set {setting}")


def quoted(name: str) -> str:
    """A column or table name as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def readable(name: str) -> str:
    """A column name in SQL that people read: quoted only where it has to be."""
    return name if _PLAIN.fullmatch(name) and name not in _RESERVED else quoted(name)


def folded(name: str) -> str:
    """A column name as DuckDB compares it: of capitals only A to Z are the same as small letters, É is not é."""
    return name.translate(_SMALL)


def literal(text: str) -> str:
    """A text as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def parquet_rows(paths: Iterable[Path], *options: str) -> str:
    """SQL that reads Parquet files; columns are matched by name where there are several files."""
    files = [literal(path.as_posix()) for path in paths]
    by_name = [BY_NAME] if len(files) > 1 and BY_NAME not in options else []
    arguments = [f"[{', '.join(files)}]", *by_name, *options]
    return f"read_parquet({', '.join(arguments)})"


def typed_columns(columns: Mapping[str, str]) -> str:
    """Columns with their types, as SQL makes a table of them."""
    return ", ".join(f"{name} {kind}" for name, kind in columns.items())


def sql_problem(path: str, error: duckdb.Error) -> Problem:
    """What DuckDB has against a query file, with the line where it says one."""
    if isinstance(error, duckdb.InterruptException):
        return Problem(path, "takes longer than [engine] query_minutes allows.", "Make it quicker, or allow more.")
    if isinstance(error, duckdb.OutOfMemoryException):
        return Problem(path, "needs more memory than [engine] memory_gb allows.", "Make it smaller, or allow more.")
    line = _LINE.search(str(error))
    what = str(error).splitlines()[0].partition(": ")[-1].rstrip(".")
    return Problem(f"{path}, line {line[1]}" if line else path, f"does not run: {what}.")


def insert_rows(connection: duckdb.DuckDBPyConnection, table: str, rows: Sequence[Sequence[object]]) -> None:
    """Add rows to a table, all at once: one by one takes a millisecond each."""
    if rows:
        columns = [list(column) for column in zip(*rows, strict=True)]
        connection.execute(f"insert into {table} select {', '.join(['unnest(?)'] * len(columns))}", columns)


def rows_of(connection: duckdb.DuckDBPyConnection, sql: str, parameters: object = None) -> list[tuple[Any, ...]]:
    """All rows of a query."""
    return connection.execute(sql, parameters).fetchall()


def row_of(connection: duckdb.DuckDBPyConnection, sql: str, parameters: object = None) -> tuple[Any, ...]:
    """The only row of a query."""
    (row,) = rows_of(connection, sql, parameters)
    return row


def columns_of(connection: duckdb.DuckDBPyConnection, sql: str) -> dict[str, str]:
    """Columns of a query and their types, as DuckDB calls them."""
    return {column: kind for column, kind, *_ in rows_of(connection, f"describe {sql}")}
