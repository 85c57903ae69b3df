"""Builds marts and runs checks over the contract tables, and puts every table of a version in its folder.

What is taken over from the version before instead is decided in tables, what is added to in staging.append
and adding.
"""

import re
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from itertools import chain

import duckdb

from kviboard.catalog import QueryFile
from kviboard.catalog.files import tables_named, tree_of
from kviboard.domain.contract import CONTRACT
from kviboard.errors import Problem, RefreshError
from kviboard.warehouse.adding import added_rows
from kviboard.warehouse.engine import columns_of, insert_rows, quoted, sql_problem
from kviboard.warehouse.files.extract import Extract
from kviboard.warehouse.fingerprints import Fingerprints
from kviboard.warehouse.manifest import CheckResult
from kviboard.warehouse.staging.append import GROWING, Growth
from kviboard.warehouse.staging.queries.origins import sources_read
from kviboard.warehouse.staging.rows.order_products import ORDER_PRODUCTS
from kviboard.warehouse.staging.taken_over import RULES, RULES_OF
from kviboard.warehouse.tables import HERE, Tables, Writer

_KEPT = 50_000  # rows that stay in memory: planning a query costs a look into each file that it reads
_SEVERITY = re.compile(r"^--\s*severity:\s*(error|warning)\s*$", re.MULTILINE)

_SUM_OF_CENTS = "DECIMAL(38,2)"
_IS_KEPT = re.compile(r"BOOLEAN|U?(TINY|SMALL|BIG)INT|U?INTEGER|FLOAT|DOUBLE|VARCHAR|DATE|TIMESTAMP|DECIMAL\(.*\)")
_CODED_SLICES = "staging.slices"
_HELPERS = (
    "slices", "settings", "data_days", "starting_exports", "order_periods", "theme_words", "ratings", "rejected_rows",
    "file_ledger"
)  # fmt: skip


def record_contract_tables(
    fingerprints: Fingerprints,
    staging: Mapping[str, QueryFile],
    extracts: Mapping[str, Sequence[Extract]],
    growth: Growth | None,
) -> None:
    """The fingerprints of what was staged: by files and query where they say it all, else by its rows."""
    for source, found in extracts.items():
        fingerprints.record(f"source.{source}", *(extract.found.fingerprint for extract in found))
    rules = (*RULES, *chain.from_iterable(RULES_OF.values()))
    fingerprints.record_contents((*rules, *_HELPERS, "customers"))  # customers: whoever is seen in any export
    fingerprints.record("customers", fingerprints["customers"], fingerprints["slices"])  # their slice_id means those
    for name in [name for name in CONTRACT if name != "customers"]:
        query = staging.get(name)
        if query and extracts.keys() >= set(sources_read(query)):
            fingerprints.record_query(name, query.sql, *RULES, *RULES_OF.get(name, ()))
        else:
            fingerprints.record(name, "not exported")
    fingerprints.record(ORDER_PRODUCTS, fingerprints["orders"])  # the same rows make it
    if growth is None:  # then customer_days is made of all activity, as any other mart of its tables
        fingerprints.record("new_activity", fingerprints["activity"])
        fingerprints.record("active_before", "nobody")


def put_contract_tables(tables: Tables, external: Container[str]) -> None:
    """Put the contract tables and what belongs to them, save those that are external."""
    for name in (*CONTRACT, ORDER_PRODUCTS, *_HELPERS):
        if name not in external:
            tables.put(name, f"select * from {quoted(name)}")


def put_marts(
    tables: Tables, marts: Mapping[str, QueryFile], dimensions: Sequence[str], growth: Growth | None, writer: Writer
) -> Iterator[str]:
    """Put each mart, as `writer` writes it, and make it readable for the next ones; yields its name.

    A mart with slice_id is published with the dimension columns beside it. Raises RefreshError if a query fails.
    """
    are_few = writer is HERE and sum(tables.rows.get(name, _KEPT + 1) for name in CONTRACT) <= _KEPT
    is_coded = marts and writer is HERE and not are_few and _code_slices(tables, dimensions)
    slices = _CODED_SLICES if is_coded else "slices"
    for name, query in marts.items():
        sql = query.sql.strip().rstrip(";")
        try:
            if growth and name == GROWING:
                _put_grown(tables, sql, growth, writer)
                _make_readable(tables, name, ())
            else:
                tables.fingerprints.record_query(name, sql, *(["slices"] if "slice_id" in sql.lower() else []))
                if tables.keep_same(name):
                    tables.unread[name] = dimensions
                else:
                    _offer_marts(tables, query)
                    added = added_rows(tables, marts, name, sql, growth)
                    if added or not (are_few and _hold(tables, query, sql, dimensions)):
                        _put(tables, query, added or sql, dimensions, slices, HERE if added else writer)
        except duckdb.Error as error:
            problem = sql_problem(query.path, error)
            raise RefreshError(str(problem), [problem]) from error
        yield name


def _put_grown(tables: Tables, sql: str, growth: Growth, writer: Writer) -> None:
    """Put customer_days. Its rows follow from those of activity: whoever the customers are, they only lend numbers."""
    tables.fingerprints.record(GROWING, growth.grown.made_by, *growth.files)
    if growth.parts:
        tables.add(GROWING, sql if growth.adds else None, growth.parts)
    else:
        tables.put(GROWING, sql, writer)


def _code_slices(tables: Tables, dimensions: Sequence[str]) -> bool:
    """Offer the slices with numbers for their texts, where there are any: in a file they are the same, and written in a
    fraction of the time."""
    if not dimensions or not tables.rows["slices"]:
        return False
    coded = []
    for name in map(quoted, dimensions):
        values = f"select distinct {name} from slices order by {name}"
        tables.connection.execute(f"create type staging.{name} as enum ({values})")
        coded.append(f"cast({name} as staging.{name}) as {name}")
    tables.connection.execute(f"create table {_CODED_SLICES} as select slice_id, {', '.join(coded)} from slices")
    return True


def _put(tables: Tables, query: QueryFile, sql: str, dimensions: Sequence[str], slices: str, writer: Writer) -> None:
    """Write a mart, and read it from its files from then on."""
    kinds = _kinds(tables.connection, sql)
    added = _added(query, kinds, dimensions)
    names = [each for column in kinds for each in (column, *(added if column == "slice_id" else ()))]
    wide = [column for column, kind in kinds.items() if kind == _SUM_OF_CENTS]
    rows = _with_dimensions(f"({sql})", sql, list(kinds), added, slices) if added else sql
    tables.write(query.name, _in_cents(rows, names, wide), writer)
    _make_readable(tables, query.name, added)


def _offer_marts(tables: Tables, query: QueryFile) -> None:
    """Make the marts readable that were taken over and that a query reads; all of them for a company's own, which may
    name them in any way that DuckDB knows."""
    named, _ = tables_named(query.sql)
    for name in [name for name in tables.unread if name in named or not query.built_in]:
        dimensions, rows = tables.unread.pop(name), f"select * from {tables.rows_in(name)}"
        _make_readable(tables, name, dimensions if "slice_id" in _kinds(tables.connection, rows) else ())


def _make_readable(tables: Tables, name: str, added: Sequence[str]) -> None:
    """Offer a mart as it was before the dimensions were `added`."""
    own = f"* exclude ({', '.join(map(quoted, added))})" if added else "*"
    kept = "table" if tables.rows[name] <= _KEPT else "view"
    tables.connection.execute(f"create {kept} {quoted(name)} as select {own} from {tables.rows_in(name)}")


def _hold(tables: Tables, query: QueryFile, sql: str, dimensions: Sequence[str]) -> bool:
    """Make a mart in memory and write it from there: to plan its query takes longer than all else where rows are few.

    False, and nothing is made, where it has many rows, or types that do not come out of a file as they went in.
    """
    connection, name = tables.connection, quoted(query.name)
    made = connection.execute(f"create table {name} as {sql}").fetchone()
    found = connection.table(name)
    kinds = {column.lower(): str(kind) for column, kind in zip(found.columns, found.types, strict=True)}
    added = _added(query, kinds, dimensions)
    if not made or made[0] > _KEPT or not all(_IS_KEPT.fullmatch(kind) for kind in kinds.values()):
        connection.execute(f"drop table {name}")
        return False
    if wide := [column for column, kind in kinds.items() if kind == _SUM_OF_CENTS]:
        connection.execute(f"create or replace table {name} as {_in_cents(f'from {name}', list(kinds), wide)}")
    rows = _with_dimensions(name, sql, list(kinds), added) if added else f"select * from {name}"
    tables.write(query.name, rows)
    return True


def _kinds(connection: duckdb.DuckDBPyConnection, sql: str) -> dict[str, str]:
    """The columns of a query, in lower case, with their types."""
    return {column.lower(): kind for column, kind in columns_of(connection, sql).items()}


def _added(query: QueryFile, columns: Container[str], dimensions: Sequence[str]) -> Sequence[str]:
    """The dimensions, where a mart is published with them. Raises RefreshError where it has a column of that name."""
    if "slice_id" not in columns:
        return ()
    taken = sorted(name for name in dimensions if name in columns)
    if taken:
        what = f"has a column {taken[0]}, which is also a dimension of this workspace."
        problem = Problem(query.path, what, "Give the dimension another name under rename in kviboard.toml.")
        raise RefreshError(str(problem), [problem])
    return dimensions


def run_checks(tables: Tables, checks: Mapping[str, QueryFile]) -> tuple[list[CheckResult], list[Problem]]:
    """The result of every check, and a problem for each that does not run; what was checked before is not again."""
    results, problems = [], []
    for name, query in checks.items():
        try:
            known = tables.known_check(name, query.sql)
            if not known:
                _offer_marts(tables, query)
            results.append(known or _check(tables.connection, name, query))
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
    tables.fingerprints.record_contents(["check_results"])
    tables.put("check_results", "select * from check_results")


def _in_cents(sql: str, columns: Sequence[str], wide: Container[str]) -> str:
    """Sums of amounts in half the width that DuckDB gives them; those with parts of a cent keep all their digits."""
    narrow = (
        f"cast({name} as decimal(18, 2)) as {name}" if own in wide else name
        for own, name in zip(columns, map(quoted, columns), strict=True)
    )
    return f"select {', '.join(narrow)} from ({sql})" if wide else sql


def _with_dimensions(
    rows: str, sql: str, columns: Sequence[str], dimensions: Sequence[str], slices: str = "slices"
) -> str:
    """The rows of the mart `sql` with the dimensions after their slice_id, in the order that the mart asks for."""
    names = ", ".join(
        f"mart.{quoted(column)}" if column != "slice_id" else ", ".join(["mart.slice_id", *map(_of_slice, dimensions)])
        for column in columns
    )
    order = _order(sql, columns)
    sorting = f" order by {', '.join(order)}" if order else ""
    return (
        f"select {names} from {rows} as mart left join {slices} as slices on mart.slice_id = slices.slice_id{sorting}"
    )


def _order(sql: str, columns: Sequence[str]) -> list[str]:
    """The columns that a mart is sorted by at its end: a join does not keep their order."""
    order = tree_of(sql).args.get("order")
    keys = [(key.this.name, " desc" if key.args.get("desc") else "") for key in (order.expressions if order else ())]
    return [f"mart.{quoted(name)}{direction}" for name, direction in keys if name in columns]


def _of_slice(dimension: str) -> str:
    return f"slices.{quoted(dimension)}"


def _check(connection: duckdb.DuckDBPyConnection, name: str, query: QueryFile) -> CheckResult:
    rows = query.sql.strip().rstrip(";")
    found = connection.execute(f"select * from ({rows}\n) limit 1")  # its last line may be a comment
    columns = [column[0] for column in found.description or ()]
    row = found.fetchone()
    if row:
        found = connection.execute(
            f"select *, count(*) over () from ({rows}\n) order by all limit 1"
        )  # the same each time
        row = found.fetchone()
    severity = _SEVERITY.search(query.sql)
    return CheckResult(
        check_name=name,
        title=query.title,
        severity="warning" if severity and severity[1] == "warning" else "error",
        rows_broken=row[-1] if row else 0,
        example=", ".join(f"{column} {value}" for column, value in zip(columns, row, strict=False)) if row else None,
    )
