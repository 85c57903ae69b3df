"""Stages one contract table: its query, how each column is read, which rows count, and what is said of them."""

from functools import partial

import duckdb

from kviboard.catalog import QueryFile
from kviboard.domain.contract import EVENT_TABLES, ContractTable
from kviboard.errors import Problem
from kviboard.warehouse.engine import quoted, rows_of, typed_columns
from kviboard.warehouse.external import external_table
from kviboard.warehouse.forgotten import REASON, left_out_decision, read_forgotten
from kviboard.warehouse.manifest import ExportDecision, Reach, StagedTable
from kviboard.warehouse.spark.session import facts_of
from kviboard.warehouse.staging.append import GROWING, plan_growth
from kviboard.warehouse.staging.casting import cast_table, place_of
from kviboard.warehouse.staging.columns.ticket_states import states_against_days
from kviboard.warehouse.staging.ledger import ledger_of, list_malformed, unaccounted
from kviboard.warehouse.staging.queries.customer_rules import leave_out_excluded
from kviboard.warehouse.staging.queries.diagnostics import failing_query, not_exported
from kviboard.warehouse.staging.queries.nested_columns import nested_columns
from kviboard.warehouse.staging.queries.origins import is_one_to_one, parts_of, sources_read
from kviboard.warehouse.staging.queries.query import open_staging
from kviboard.warehouse.staging.rows.accept import Accepted, accept
from kviboard.warehouse.staging.rows.called_off import by_later_files, without_called_off
from kviboard.warehouse.staging.rows.gaps import said_of_gaps
from kviboard.warehouse.staging.rows.profile import RowProfile
from kviboard.warehouse.staging.staged import Inputs, Staged
from kviboard.warehouse.staging.taken_over import StagedRows, fingerprint_of, take_over_staged
from kviboard.warehouse.staging.values.cast import SQL_TYPES
from kviboard.warehouse.staging.values.place import StagingError
from kviboard.workspace import Workspace

EXPORTED_CUSTOMERS = "cast_rows.exported_customers"


def stage_table(inputs: Inputs, table: ContractTable, staged: Staged) -> list[str]:
    """Stage one table, empty where it is not exported; returns the sources that it reads."""
    workspace, query = inputs.workspace, inputs.catalog.staging.get(table.name)
    sources = sources_read(query) if query else []
    missing = [source for source in sources if source not in inputs.extracts]
    try:
        if query and sources and not missing:
            _stage_exported(inputs, table, query, staged)
            return sources
        staged.problems += not_exported(workspace, query, table, missing)
    except StagingError as error:
        staged.refusals.append(error.problem)
    except duckdb.Error as error:
        staged.refusals.append(failing_query(inputs.connection, workspace, inputs.catalog.staging[table.name], error))
    _create_empty(inputs, table)
    return sources


def _stage_exported(inputs: Inputs, table: ContractTable, query: QueryFile, staged: Staged) -> None:
    connection, workspace, extracts = inputs.connection, inputs.workspace, inputs.extracts
    name, sources = table.name, sources_read(query)
    forgotten = read_forgotten(workspace.state)
    guests = name == "orders" and any(workspace.sources[source].guest_orders for source in sources)
    staging = open_staging(connection, table, query, sources[0], forgotten, staged.customers, guests)
    staging = without_called_off(connection, staging)
    own = workspace.own_columns.get(name, ())
    staged.problems += nested_columns(connection, staging, sources[0], extracts[sources[0]], (*table.columns, *own))
    parts = parts_of(connection, workspace, staging, sources, extracts, staged.rates)
    staged.read.append((staging, parts))
    made_by = fingerprint_of(connection, workspace, query, extracts, sources, forgotten)
    if same := take_over_staged(connection, name, made_by, inputs.before):
        staged.tables[name] = same.said
        _note(staged, name, same)
        return
    cast_rows, target = cast_table(connection, staging, parts, own), _target(table)
    order_rows = {source: workspace.sources[source].order_rows for source in sources}
    if "reject_reason" in staging.found:
        cast_rows = by_later_files(connection, cast_rows, order_rows)
    profile = RowProfile(connection, cast_rows, extracts[sources[0]], workspace.state / "cache")
    accepted = accept(connection, profile, target, order_rows)
    days = {day for found in accepted.days.values() for day in found}
    decisions = [*(_forgotten_rows(connection, name) if forgotten else ()), *accepted.decisions]
    decisions += said_of_gaps(name, days) if name in EVENT_TABLES else []
    for place in (place_of(staging, part) for part in parts):
        decisions += states_against_days(connection, place, accepted.folded_rows)
    problems = [*accepted.problems, *_missing_dimensions(workspace, accepted), *_missing_aspects(workspace, accepted)]
    if name == "customers" and (accepted.excluded or accepted.set_aside):
        staged.customers = leave_out_excluded(connection, staged.customers, target)
    rows = ledger_of(accepted, extracts, sources[0])
    list_malformed(connection, rows, extracts)
    staged.refusals += unaccounted(rows, query.path)
    said = StagedTable(
        made_by=made_by,
        excluded=tuple((*place, count) for place, count in accepted.excluded.items()),
        problems=tuple(problems),
        decisions=tuple(each.without(forgotten.redacted) for each in decisions),
    )
    provided = tuple(c.name for c in cast_rows.provided if _holds_data(connection, target, c.name))
    reach = Reach(data_from=min(days), data_through=max(days)) if days else None
    _note(staged, name, StagedRows(said, tuple(rows), provided, reach))
    if accepted.is_view:
        staged.looks[name] = partial(profile.look, accepted.kept_rows)
        if name != "customers" and is_one_to_one(query):
            staged.external |= external_table(connection, name, staged.rows[name], extracts[sources[0]])
    elif made_by:
        staged.tables[name] = said
    if name == "activity":
        mart, facts = inputs.catalog.marts.get(GROWING), facts_of(workspace.engine)
        staged.growth = plan_growth(profile, accepted, mart, inputs.before, facts)
    if not cast_rows.is_view:
        connection.execute(f"drop table {cast_rows.relation}")  # its memory is worth having back


def _forgotten_rows(connection: duckdb.DuckDBPyConnection, table: str) -> list[ExportDecision]:
    """What to say of rows that could not be left out earlier, because their file is read where it lies."""
    found = rows_of(
        connection,
        "select coalesce(file, ?), count(*) from rejected_rows where table_name = ? and reason = ? "
        "group by 1 order by 1",
        [f"The {table} export", table, REASON],
    )
    return [left_out_decision(file, rows) for file, rows in found]


def _missing_dimensions(workspace: Workspace, accepted: Accepted) -> list[Problem]:
    if accepted.cast_rows.table.name != "customers":
        return []
    found = {column.name for column in accepted.cast_rows.provided}
    missing = [name for name in workspace.dimensions if name not in found]
    what = f"the customers export has no column {' and no column '.join(missing)}."
    hint = f"Until it does, every customer's {' and '.join(missing)} is Unknown."
    return [Problem("kviboard.toml, dimensions", what, hint)] if missing else []


def _missing_aspects(workspace: Workspace, accepted: Accepted) -> list[Problem]:
    found = {column.name for column in accepted.cast_rows.provided}
    missing = [name for name in workspace.surveys.aspects if name not in found]
    if accepted.cast_rows.table.name != "responses" or not missing:
        return []
    what = f"the responses export has no column {' and no column '.join(missing)}."
    return [Problem("kviboard.toml, [surveys] aspects", what, "Until it does, nobody rated it.")]


def _target(table: ContractTable) -> str:
    return EXPORTED_CUSTOMERS if table.name == "customers" else f"main.{table.name}"


def _create_empty(inputs: Inputs, table: ContractTable) -> None:
    all_columns = (*table.columns, *inputs.workspace.own_columns.get(table.name, ()))
    columns = {quoted(column.name): SQL_TYPES[column.kind] for column in all_columns}
    if table.time_column:
        columns["day"] = "date"
    if table.name == "responses":
        columns["scale"] = "varchar"
    sql = f"create table if not exists {_target(table)} ({typed_columns(columns)})"  # it may have failed later
    inputs.connection.execute(sql)


def _note(staged: Staged, name: str, rows: StagedRows) -> None:
    """Record what became of one table's rows."""
    staged.ledger += rows.ledger
    staged.rows[name] = sum(row.rows_staged for row in rows.ledger)
    staged.excluded |= {(name, source, file): count for source, file, count in rows.said.excluded}
    staged.problems += rows.said.problems
    staged.decisions += rows.said.decisions
    staged.provided[name] = rows.provided
    if rows.reach:
        staged.reach[name] = rows.reach


def _holds_data(connection: duckdb.DuckDBPyConnection, table: str, column: str) -> bool:
    return bool(rows_of(connection, f"select 1 from {table} where {quoted(column)} is not null limit 1"))
