"""Stages all contract tables: sources, deliveries, judged rows, customers, slices and the ledger.

Owns the order of these steps and which source's rules a row follows.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain

import duckdb
import sqlglot
from sqlglot import exp

from kviboard.catalog import Catalog, QueryFile
from kviboard.domain.contract import CONTRACT, EVENT_TABLES, ContractTable
from kviboard.errors import Problem
from kviboard.warehouse.accept import REJECTED_ROWS, Accepted, accept
from kviboard.warehouse.cast import SQL_TYPES, Rules
from kviboard.warehouse.customers import complete_customers
from kviboard.warehouse.engine import quoted, row_of, rows_of
from kviboard.warehouse.extract import Extract
from kviboard.warehouse.ledger import ledger_of, list_malformed, lookups
from kviboard.warehouse.manifest import LedgerRow, Reach
from kviboard.warehouse.records import FILE
from kviboard.warehouse.sources import create_source
from kviboard.warehouse.stage import Part, Staging, StagingError, deliver, open_staging
from kviboard.workspace import Workspace

_EXPORTED_CUSTOMERS = "delivered.exported_customers"


@dataclass
class Staged:
    """What staging found out."""

    ledger: list[LedgerRow] = field(default_factory=list)
    provided: dict[str, tuple[str, ...]] = field(default_factory=dict)
    reach: dict[str, Reach] = field(default_factory=dict)
    in_place: tuple[str, ...] = ()  # tables that are views on the company's own Parquet files
    problems: list[Problem] = field(default_factory=list)  # to be known
    refusals: list[Problem] = field(default_factory=list)  # nothing may be published


def stage_all(
    connection: duckdb.DuckDBPyConnection,
    workspace: Workspace,
    catalog: Catalog,
    extracts: Mapping[str, Sequence[Extract]],
) -> Staged:
    """Create the contract tables, slices, settings, data_days, rejected_rows and file_ledger in `connection`."""
    staged = Staged()
    for schema in ("source", "staging", "delivered"):
        connection.execute(f"create schema {schema}")
    connection.execute(f"create table rejected_rows ({', '.join(f'{n} {kind}' for n, kind in REJECTED_ROWS.items())})")
    for name, found in extracts.items():
        staged.problems += create_source(connection, name, workspace.sources[name], found)
    readers: dict[str, str] = {}
    for table in CONTRACT.values():
        target = _EXPORTED_CUSTOMERS if table.name == "customers" else f"main.{table.name}"
        query = catalog.staging.get(table.name)
        sources = _sources_read(query)
        if query is None or not set(sources) <= extracts.keys() or not sources:
            _create_empty(connection, workspace, table, target)
            continue
        try:
            accepted = _stage(connection, workspace, query, table, sources, extracts, target)
        except StagingError as error:
            staged.refusals.append(error.problem)
            _create_empty(connection, workspace, table, target)
            continue
        readers.update({source: table.name for source in sources if source not in readers})
        _note(connection, staged, accepted, extracts, sources[0])
    staged.ledger += lookups(staged.ledger, readers, extracts)
    _create_helpers(connection, workspace, staged)
    return staged


def _sources_read(query: QueryFile | None) -> list[str]:
    """Names of the sources a staging query reads, in the order it names them."""
    if query is None:
        return []
    tables = sqlglot.parse_one(query.sql, dialect="duckdb").find_all(exp.Table)
    return list(dict.fromkeys(table.name for table in tables if table.db == "source"))


def _stage(
    connection: duckdb.DuckDBPyConnection,
    workspace: Workspace,
    query: QueryFile,
    table: ContractTable,
    sources: Sequence[str],
    extracts: Mapping[str, Sequence[Extract]],
    target: str,
) -> Accepted:
    staging = open_staging(connection, table, query)
    parts = _parts(connection, workspace, staging, sources, extracts)
    return accept(connection, deliver(connection, staging, parts, workspace.dimensions), target)


def _parts(
    connection: duckdb.DuckDBPyConnection,
    workspace: Workspace,
    staging: Staging,
    sources: Sequence[str],
    extracts: Mapping[str, Sequence[Extract]],
) -> list[Part]:
    """One part per source that rows come from; all of them in one part where that is a single source."""
    files = {source: tuple(extract.found.name for extract in extracts[source]) for source in sources}
    owners = [sources[0]]
    if len(sources) > 1 and FILE in staging.found:
        seen = {file for (file,) in rows_of(connection, f"select distinct {FILE} from {staging.view}")}
        owners = [source for source in sources if seen & set(files[source])] or owners
    parts = [_part(workspace, source, files[source] if len(owners) > 1 else (), extracts) for source in owners]
    if len(owners) > 1:  # rows that name no file, or one of no source, follow the rules of the first
        known = tuple(chain.from_iterable(files[source] for source in owners))
        parts.append(Part(parts[0].source, (), parts[0].rules, parts[0].is_text, known))
    return parts


def _part(workspace: Workspace, source: str, files: tuple[str, ...], extracts: Mapping[str, Sequence[Extract]]) -> Part:
    given = workspace.sources[source]
    rules = Rules(workspace.company.timezone, given.date_format, given.decimal, workspace.surveys.scale)
    return Part(source, files, rules, is_text=not all(extract.is_in_place for extract in extracts[source]))


def _create_empty(
    connection: duckdb.DuckDBPyConnection, workspace: Workspace, table: ContractTable, target: str
) -> None:
    columns = [f"{quoted(column.name)} {SQL_TYPES[column.kind]}" for column in table.columns]
    if table.time_column:
        columns.append("day date")
    if table.name == "customers":
        columns += [f"{quoted(name)} varchar" for name in workspace.dimensions]
    connection.execute(f"create table {target} ({', '.join(columns)})")


def _note(
    connection: duckdb.DuckDBPyConnection,
    staged: Staged,
    accepted: Accepted,
    extracts: Mapping[str, Sequence[Extract]],
    main_source: str,
) -> None:
    """Record what became of one table's rows."""
    name = accepted.delivery.table.name
    rows = ledger_of(accepted, extracts, main_source)
    for source in sorted({row.source for row in rows if row.role == "rows"}):
        list_malformed(connection, name, source, extracts[source])
    staged.ledger += rows
    staged.problems += accepted.problems
    target = _EXPORTED_CUSTOMERS if name == "customers" else name
    staged.provided[name] = tuple(
        column.name for column in accepted.delivery.provided if _holds_data(connection, target, column.name)
    )
    if accepted.days:
        staged.reach[name] = Reach(data_from=min(accepted.days), data_through=max(accepted.days))
    if accepted.delivery.is_view and name != "customers":
        staged.in_place = (*staged.in_place, name)


def _holds_data(connection: duckdb.DuckDBPyConnection, table: str, column: str) -> bool:
    found = rows_of(connection, f"select 1 from {table} where {quoted(column)} is not null limit 1")
    return bool(found)


def _create_helpers(connection: duckdb.DuckDBPyConnection, workspace: Workspace, staged: Staged) -> None:
    complete_customers(connection, _EXPORTED_CUSTOMERS, workspace.dimensions)
    surveys = workspace.surveys
    connection.execute(
        "create table settings as select ?::integer as valid_days, ?::integer as answer_counts_back_days, ? as survey",
        [surveys.valid_days, surveys.answer_counts_back_days, surveys.survey],
    )
    spans = [staged.reach[name] for name in EVENT_TABLES if name in staged.reach]
    first = min((span.data_from for span in spans), default=None)
    last = max((span.data_through for span in spans), default=None)
    connection.execute("create table data_days as select ?::date as first_day, ?::date as last_day", [first, last])
    fields = ", ".join(
        f"{name} {'bigint' if name.startswith('rows_') else 'varchar'}" for name in LedgerRow.model_fields
    )
    connection.execute(f"create table file_ledger ({fields})")
    if staged.ledger:
        marks = ", ".join("?" * len(LedgerRow.model_fields))
        rows = [list(row.model_dump().values()) for row in staged.ledger]
        connection.executemany(f"insert into file_ledger values ({marks})", rows)


def row_counts(connection: duckdb.DuckDBPyConnection, names: Sequence[str]) -> dict[str, int]:
    """Rows of each table."""
    return {name: row_of(connection, f"select count(*) from {quoted(name)}")[0] for name in names}
