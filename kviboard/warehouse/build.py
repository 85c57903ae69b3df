"""Builds marts and runs checks over the contract tables, and writes every table of a version as Parquet."""

import re
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import duckdb
import sqlglot

from kviboard.catalog import QueryFile
from kviboard.domain.contract import CONTRACT
from kviboard.errors import Problem, RefreshError
from kviboard.warehouse.engine import literal, parquet_rows, quoted, rows_of, sql_problem
from kviboard.warehouse.manifest import CheckResult

_SEVERITY = re.compile(r"^--\s*severity:\s*(error|warning)\s*$", re.MULTILINE)

_HELPERS = ("slices", "settings", "data_days", "rejected_rows", "file_ledger")


def write_table(connection: duckdb.DuckDBPyConnection, sql: str, path: Path) -> int:
    """Write the rows of `sql` as Parquet; returns how many there are."""
    written = connection.execute(f"copy ({sql}) to {literal(str(path))} (format parquet)").fetchone()
    return int(written[0]) if written else 0


def write_contract_tables(
    connection: duckdb.DuckDBPyConnection, folder: Path, in_place: Container[str]
) -> dict[str, int]:
    """Write the contract tables and what belongs to them, save those that stay in place; rows by table."""
    return {
        name: write_table(connection, f"select * from {quoted(name)}", folder / f"{name}.parquet")
        for name in (*CONTRACT, *_HELPERS)
        if name not in in_place
    }


def build_marts(
    connection: duckdb.DuckDBPyConnection, marts: Mapping[str, QueryFile], dimensions: Sequence[str], folder: Path
) -> Iterator[tuple[str, int]]:
    """Write each mart to `folder` and make it readable for the next ones; yields its name and number of rows.

    A mart with slice_id is published with the dimension columns beside it. Raises RefreshError if a query fails.
    """
    for name, query in marts.items():
        path = folder / f"{name}.parquet"
        sql = query.sql.strip().rstrip(";")
        try:
            columns = [column.lower() for column, *_ in rows_of(connection, f"describe {sql}")]
            has_slices = "slice_id" in columns and bool(dimensions)
            _refuse_taken_names(query, columns, dimensions if has_slices else ())
            rows = write_table(connection, _with_dimensions(sql, columns, dimensions) if has_slices else sql, path)
        except duckdb.Error as error:
            problem = sql_problem(query.path, error)
            raise RefreshError(str(problem), [problem]) from error
        own = f"* exclude ({', '.join(map(quoted, dimensions))})" if has_slices else "*"
        connection.execute(f"create view {quoted(name)} as select {own} from {parquet_rows([path])}")
        yield name, rows


def run_checks(
    connection: duckdb.DuckDBPyConnection, checks: Mapping[str, QueryFile]
) -> tuple[list[CheckResult], list[Problem]]:
    """The result of every check, and a problem for each that does not run."""
    results, problems = [], []
    for name, query in checks.items():
        try:
            results.append(_check(connection, name, query))
        except duckdb.Error as error:
            problems.append(sql_problem(query.path, error))
    return results, problems


def write_checks(connection: duckdb.DuckDBPyConnection, checks: Iterable[CheckResult], folder: Path) -> int:
    """Publish the results as the table check_results."""
    connection.execute(
        "create table check_results (check_name varchar, title varchar, severity varchar, rows_broken bigint, "
        "example varchar)"
    )
    rows = [list(check.model_dump().values()) for check in checks]
    if rows:
        connection.executemany("insert into check_results values (?, ?, ?, ?, ?)", rows)
    return write_table(connection, "select * from check_results", folder / "check_results.parquet")


def _with_dimensions(sql: str, columns: Sequence[str], dimensions: Sequence[str]) -> str:
    """The mart's rows with the dimensions after its slice_id, in the order that the mart asks for."""
    names = ", ".join(
        f"mart.{quoted(column)}" if column != "slice_id" else ", ".join(["mart.slice_id", *map(_of_slice, dimensions)])
        for column in columns
    )
    order = _order(sql, columns)
    sorting = f" order by {', '.join(order)}" if order else ""
    return f"select {names} from ({sql}) as mart left join slices on mart.slice_id = slices.slice_id{sorting}"


def _order(sql: str, columns: Sequence[str]) -> list[str]:
    """The columns that a mart is sorted by at its end: a join does not keep their order."""
    order = sqlglot.parse_one(sql, dialect="duckdb").args.get("order")
    keys = [(key.this.name, " desc" if key.args.get("desc") else "") for key in (order.expressions if order else ())]
    return [f"mart.{quoted(name)}{direction}" for name, direction in keys if name in columns]


def _of_slice(dimension: str) -> str:
    return f"slices.{quoted(dimension)}"


def _refuse_taken_names(query: QueryFile, columns: Sequence[str], dimensions: Sequence[str]) -> None:
    taken = sorted(set(columns) & set(dimensions))
    if taken:
        what = f"has a column {taken[0]}, which is also a dimension of this workspace."
        problem = Problem(query.path, what, "Give the dimension another name under rename in kviboard.toml.")
        raise RefreshError(str(problem), [problem])


def _check(connection: duckdb.DuckDBPyConnection, name: str, query: QueryFile) -> CheckResult:
    rows = query.sql.strip().rstrip(";")
    found = connection.execute(f"select *, count(*) over () from ({rows}) order by all limit 1")  # always the same one
    columns = [column[0] for column in found.description or ()][:-1]
    row = found.fetchone()
    severity = _SEVERITY.search(query.sql)
    return CheckResult(
        check_name=name,
        title=query.title,
        severity="warning" if severity and severity[1] == "warning" else "error",
        rows_broken=row[-1] if row else 0,
        example=", ".join(f"{column} {value}" for column, value in zip(columns, row, strict=False)) if row else None,
    )
