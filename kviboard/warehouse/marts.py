"""Builds marts and runs checks over the contract tables, and puts every table of a version in its folder.

What is taken over from the version before instead is decided in tables, what is added to in staging.append.
"""

import re
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence

import duckdb

from kviboard.catalog import QueryFile
from kviboard.catalog.files import tree_of
from kviboard.domain.contract import CONTRACT
from kviboard.errors import Problem, RefreshError
from kviboard.warehouse.engine import insert_rows, quoted, rows_of, sql_problem
from kviboard.warehouse.files.extract import Extract
from kviboard.warehouse.fingerprints import Fingerprints
from kviboard.warehouse.manifest import CheckResult
from kviboard.warehouse.staging.append import GROWING, Growth
from kviboard.warehouse.staging.queries.origins import sources_read
from kviboard.warehouse.tables import Tables, Writer

_KEPT = 50_000  # rows that stay in memory: planning a query costs a look into each file that it reads
_SEVERITY = re.compile(r"^--\s*severity:\s*(error|warning)\s*$", re.MULTILINE)

_SUM_OF_CENTS = "DECIMAL(38,2)"
_RULES = ("left_out", "customer_aliases", "exchange_rates")
_HELPERS = ("slices", "settings", "data_days", "theme_words", "ratings", "rejected_rows", "file_ledger")


def record_contract_tables(
    fingerprints: Fingerprints, staging: Mapping[str, QueryFile], extracts: Mapping[str, Sequence[Extract]]
) -> None:
    """The fingerprints of what was staged: by files and query where they say it all, else by its rows."""
    for source, found in extracts.items():
        fingerprints.record(f"source.{source}", *(extract.found.fingerprint for extract in found))
    for name in _RULES:
        fingerprints.record_content(name)
    for name in CONTRACT:
        query = staging.get(name)
        if name == "customers":  # whoever is seen in any export
            fingerprints.record_content(name)
        elif query and extracts.keys() >= set(sources_read(query)):
            fingerprints.record_query(name, query.sql, *_RULES)
        else:
            fingerprints.record(name, "not exported")
    for name in _HELPERS:
        fingerprints.record_content(name)


def put_contract_tables(tables: Tables, external: Container[str]) -> None:
    """Put the contract tables and what belongs to them, save those that are external."""
    for name in (*CONTRACT, *_HELPERS):
        if name not in external:
            tables.put(name, f"select * from {quoted(name)}")


def put_marts(
    tables: Tables, marts: Mapping[str, QueryFile], dimensions: Sequence[str], growth: Growth | None, writer: Writer
) -> Iterator[str]:
    """Put each mart, as `writer` writes it, and make it readable for the next ones; yields its name.

    A mart with slice_id is published with the dimension columns beside it. Raises RefreshError if a query fails.
    """
    for name, query in marts.items():
        sql = query.sql.strip().rstrip(";")
        try:
            described = rows_of(tables.connection, f"describe {sql}")
            columns = [column.lower() for column, *_ in described]
            wide = [column for column, kind, *_ in described if kind == _SUM_OF_CENTS]
            added = dimensions if "slice_id" in columns else ()
            _refuse_taken_names(query, columns, added)
            if growth and name == GROWING:
                _put_grown(tables, sql, growth, writer)
            else:
                tables.fingerprints.record_query(name, sql, *(["slices"] if added else []))
                names = [name for column in columns for name in (column, *(added if column == "slice_id" else ()))]
                tables.put(
                    name, _in_cents(_with_dimensions(sql, columns, added) if added else sql, names, wide), writer
                )
        except duckdb.Error as error:
            problem = sql_problem(query.path, error)
            raise RefreshError(str(problem), [problem]) from error
        own = f"* exclude ({', '.join(map(quoted, added))})" if added else "*"
        kept = "table" if tables.rows[name] <= _KEPT else "view"
        tables.connection.execute(f"create {kept} {quoted(name)} as select {own} from {tables.rows_in(name)}")
        yield name


def _put_grown(tables: Tables, sql: str, growth: Growth, writer: Writer) -> None:
    """Put customer_days. Its rows follow from those of activity: whoever the customers are, they only lend numbers."""
    tables.fingerprints.record(GROWING, growth.grown.made_by, *growth.files)
    if growth.parts:
        tables.add(GROWING, sql if growth.adds else None, growth.parts)
    else:
        tables.put(GROWING, sql, writer)


def run_checks(tables: Tables, checks: Mapping[str, QueryFile]) -> tuple[list[CheckResult], list[Problem]]:
    """The result of every check, and a problem for each that does not run; what was checked before is not again."""
    results, problems = [], []
    for name, query in checks.items():
        try:
            results.append(tables.known_check(name, query.sql) or _check(tables.connection, name, query))
        except duckdb.Error as error:
            problems.append(sql_problem(query.path, error))
    return results, problems


def put_check_results(tables: Tables, checks: Iterable[CheckResult]) -> None:
    """Publish the results as the table check_results."""
    connection = tables.connection
    connection.execute(
        "create table check_results (check_name varchar, title varchar, severity varchar, rows_broken bigint, "
        "example varchar)"
    )
    insert_rows(connection, "check_results", [list(check.model_dump().values()) for check in checks])
    tables.fingerprints.record_content("check_results")
    tables.put("check_results", "select * from check_results")


def _in_cents(sql: str, columns: Sequence[str], wide: Container[str]) -> str:
    """Sums of amounts in half the width that DuckDB gives them; those with parts of a cent keep all their digits."""
    narrow = (
        f"cast({name} as decimal(18, 2)) as {name}" if own in wide else name
        for own, name in zip(columns, map(quoted, columns), strict=True)
    )
    return f"select {', '.join(narrow)} from ({sql})" if wide else sql


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
    order = tree_of(sql).args.get("order")
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
