"""Stages all contract tables: sources, cast rows, judged rows, customers, slices and the ledger.

Owns the order of these steps and what is found out on the way. How one table is staged belongs to query and accept.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial

import duckdb

from kviboard.catalog import Catalog, QueryFile
from kviboard.domain.contract import CONTRACT, EVENT_TABLES, ContractTable
from kviboard.domain.periods import Calendar
from kviboard.errors import ExportError, Problem
from kviboard.warehouse.calendars import create_order_periods
from kviboard.warehouse.engine import insert_rows, quoted, rows_of, sql_problem
from kviboard.warehouse.external import external_table
from kviboard.warehouse.files.extract import Extract
from kviboard.warehouse.forgotten import REASON, left_out_decision, read_forgotten
from kviboard.warehouse.manifest import ExportDecision, ExternalTable, LedgerRow, Reach, StagedTable
from kviboard.warehouse.spark.session import facts_of
from kviboard.warehouse.staging.append import GROWING, Growth, offer_new_activity, plan_growth
from kviboard.warehouse.staging.casting import cast_table
from kviboard.warehouse.staging.columns.alike_ids import alike_ids, missed_customers
from kviboard.warehouse.staging.columns.alike_slices import alike_slices
from kviboard.warehouse.staging.columns.exchange_rates import open_rates
from kviboard.warehouse.staging.columns.strangers import only_customer, refunded_to_one, strangers
from kviboard.warehouse.staging.columns.unnamed_surveys import unnamed_surveys
from kviboard.warehouse.staging.customers import complete_customers, unknown_slice
from kviboard.warehouse.staging.ledger import FILE_LEDGER, ledger_of, list_malformed, lookups, unaccounted
from kviboard.warehouse.staging.queries.customer_rules import NO_RULES, CustomerRules, leave_out_excluded, open_rules
from kviboard.warehouse.staging.queries.diagnostics import (
    failing_query,
    guests_of_no_orders,
    ineffective_settings,
    not_exported,
    unread,
)
from kviboard.warehouse.staging.queries.nested_columns import nested_columns
from kviboard.warehouse.staging.queries.origins import columns_read, is_one_to_one, parts_of, sources_read
from kviboard.warehouse.staging.queries.query import Part, Staging, open_staging
from kviboard.warehouse.staging.queries.sources import create_source, wrong_format
from kviboard.warehouse.staging.ratings import create_ratings
from kviboard.warehouse.staging.refusals import nothing_exported, unusable_rows
from kviboard.warehouse.staging.rows.accept import REJECTED_ROWS, Accepted, accept
from kviboard.warehouse.staging.rows.gaps import said_of_gaps
from kviboard.warehouse.staging.rows.profile import Look, Looked, RowProfile
from kviboard.warehouse.staging.rows.row_notes import row_notes
from kviboard.warehouse.staging.sprint_days import sprints_at_once, sprints_twice
from kviboard.warehouse.staging.taken_over import StagedRows, fingerprint_of, take_over_staged
from kviboard.warehouse.staging.values.cast import SQL_TYPES
from kviboard.warehouse.staging.values.identity import anonymous_answers, orders_of_guests
from kviboard.warehouse.staging.values.place import StagingError
from kviboard.warehouse.staging.values.scores import other_scales
from kviboard.warehouse.tables import PreviousVersion
from kviboard.workspace import Workspace

_EXPORTED_CUSTOMERS = "cast_rows.exported_customers"
Extracts = Mapping[str, Sequence[Extract]]


@dataclass
class Staged:
    """What staging found out."""

    ledger: list[LedgerRow] = field(default_factory=list)
    rows: dict[str, int] = field(default_factory=dict)  # kept rows by exported table
    provided: dict[str, tuple[str, ...]] = field(default_factory=dict)
    reach: dict[str, Reach] = field(default_factory=dict)
    external: dict[str, ExternalTable] = field(default_factory=dict)
    tables: dict[str, StagedTable] = field(default_factory=dict)  # those that the next refresh may take over
    excluded: dict[tuple[str, str, str | None], int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)  # to be known
    decisions: list[ExportDecision] = field(default_factory=list)
    refusals: list[Problem] = field(default_factory=list)  # nothing may be published
    growth: Growth | None = None  # of customer_days
    customers: CustomerRules = NO_RULES
    rates: frozenset[str] = frozenset()  # currencies with an exchange rate
    calendar: Calendar = field(default_factory=Calendar)  # by the settings, as marts count by it
    looks: dict[str, Looked] = field(default_factory=dict)  # into tables that are the valid rows of their files
    read: list[tuple[Staging, Sequence[Part]]] = field(default_factory=list)  # queries, and where their rows come from


def stage_all(
    connection: duckdb.DuckDBPyConnection,
    workspace: Workspace,
    catalog: Catalog,
    extracts: Extracts,
    before: PreviousVersion,
) -> Staged:
    """Create the contract tables and what belongs to them (slices, settings, data_days, …) in `connection`.

    Beside them, new_activity and active_before say what is new since the version `before`.
    """
    staged = Staged(decisions=[said for found in extracts.values() for extract in found for said in extract.decisions])
    for schema in ("source", "staging", "cast_rows"):
        connection.execute(f"create schema {schema}")
    connection.execute(f"create table rejected_rows ({_fields(REJECTED_ROWS)})")
    extracts = _create_sources(connection, workspace, catalog, extracts, staged)
    readers: dict[str, str] = {}
    _open_customer_rules(connection, workspace, extracts, staged, readers)
    _open_rates(connection, workspace, extracts, staged, readers)
    for table in CONTRACT.values():
        for source in _stage(connection, workspace, catalog, table, extracts, before, staged):
            readers.setdefault(source, table.name)
    staged.ledger += lookups(staged.ledger, readers, extracts)
    staged.problems += unread(workspace, readers.keys() | {name for name in workspace.sources if name not in extracts})
    staged.problems += ineffective_settings(workspace, staged.read)
    staged.refusals += guests_of_no_orders(workspace, catalog.staging.get("orders"))
    offer_new_activity(connection, staged.growth)
    _create_helpers(connection, workspace, staged)
    staged.decisions += _look(staged, "responses", "anonymous", partial(anonymous_answers, connection))
    if any(source.guest_orders for source in workspace.sources.values()):  # else each order has a customer
        staged.decisions += _look(staged, "orders", "guests", partial(orders_of_guests, connection))
    staged.decisions += alike_ids(connection, staged.rows, partial(_look, staged))
    staged.decisions += alike_slices(connection, workspace.dimensions)
    staged.decisions += [*strangers(connection, staged.rows), *only_customer(connection, staged.rows)]
    staged.decisions += [*refunded_to_one(connection, staged.rows), *unnamed_surveys(connection, staged.rows)]
    staged.decisions += sprints_twice(connection) + sprints_at_once(connection)
    staged.decisions += missed_customers(connection) if workspace.customers.leave_out else []
    most = workspace.refresh.max_reject_share
    if not staged.refusals:
        staged.refusals += nothing_exported(staged.rows)
        staged.refusals += unusable_rows(connection, staged.rows, staged.ledger, staged.excluded, most)
    # what stops the refresh is said with it, and not once more
    staged.decisions += row_notes(connection, staged.ledger, 1 if staged.refusals else most)
    staged.decisions = [said.without(read_forgotten(workspace.state).redacted) for said in staged.decisions]
    return staged


def _look(staged: Staged, table: str, what: str, look: Look) -> list[ExportDecision]:
    """What is said of the rows of an exported table."""
    if table in staged.looks:
        return staged.looks[table](what, look)
    return look() if table in staged.rows else []


def _open_customer_rules(
    connection: duckdb.DuckDBPyConnection,
    workspace: Workspace,
    extracts: Extracts,
    staged: Staged,
    readers: dict[str, str],
) -> None:
    source = workspace.aliases_source
    try:
        staged.customers, said = open_rules(connection, workspace.customers, source, extracts)
        staged.decisions += said
    except StagingError as error:
        staged.refusals.append(error.problem)
    if source:
        readers[source] = "customers"


def _open_rates(
    connection: duckdb.DuckDBPyConnection,
    workspace: Workspace,
    extracts: Extracts,
    staged: Staged,
    readers: dict[str, str],
) -> None:
    rates, source = workspace.currency.rates, workspace.rates_source
    settings = workspace.sources[source] if source and source in extracts else None
    is_text = bool(settings) and not all(extract.is_external for extract in extracts[str(source)])
    given = rates if isinstance(rates, dict) else {}
    try:
        staged.rates = open_rates(connection, given, source, settings, is_text)
    except StagingError as error:
        staged.refusals.append(error.problem)
    if source:
        readers[source] = "orders"


def _create_sources(
    connection: duckdb.DuckDBPyConnection, workspace: Workspace, catalog: Catalog, extracts: Extracts, staged: Staged
) -> Extracts:
    """Make the sources readable; returns those that are."""
    readable = {}
    for name, found in extracts.items():
        try:
            used = columns_read(catalog.staging, name, workspace.own_columns)
            notes = create_source(connection, name, workspace.sources[name], found, used)
            staged.problems += notes.problems
            staged.decisions += notes.decisions
            readable[name] = found
        except ExportError as error:
            staged.refusals += error.problems
        except duckdb.Error as error:
            staged.refusals.append(sql_problem(f"kviboard.toml, [sources.{name}]", error))
        staged.refusals += wrong_format(connection, name, workspace.sources[name].date_format)
    return readable


def _stage(
    connection: duckdb.DuckDBPyConnection,
    workspace: Workspace,
    catalog: Catalog,
    table: ContractTable,
    extracts: Extracts,
    before: PreviousVersion,
    staged: Staged,
) -> list[str]:
    """Stage one table, empty where it is not exported; returns the sources that it reads."""
    target = _EXPORTED_CUSTOMERS if table.name == "customers" else f"main.{table.name}"
    query = catalog.staging.get(table.name)
    sources = sources_read(query) if query else []
    missing = [source for source in sources if source not in extracts]
    try:
        if query and sources and not missing:
            _stage_exported(connection, workspace, catalog, table, query, extracts, before, staged, target)
            return sources
        staged.problems += not_exported(workspace, query, table, missing)
    except StagingError as error:
        staged.refusals.append(error.problem)
    except duckdb.Error as error:
        staged.refusals.append(failing_query(connection, workspace, catalog.staging[table.name], error))
    _create_empty(connection, workspace, table, target)
    return sources


def _stage_exported(
    connection: duckdb.DuckDBPyConnection,
    workspace: Workspace,
    catalog: Catalog,
    table: ContractTable,
    query: QueryFile,
    extracts: Extracts,
    before: PreviousVersion,
    staged: Staged,
    target: str,
) -> None:
    name, sources = table.name, sources_read(query)
    forgotten = read_forgotten(workspace.state)
    guests = name == "orders" and any(workspace.sources[source].guest_orders for source in sources)
    staging = open_staging(connection, table, query, sources[0], forgotten, staged.customers, guests)
    own = workspace.own_columns.get(name, ())
    staged.problems += nested_columns(connection, staging, sources[0], extracts[sources[0]], (*table.columns, *own))
    parts = parts_of(connection, workspace, staging, sources, extracts, staged.rates)
    staged.read.append((staging, parts))
    made_by = fingerprint_of(connection, workspace, query, extracts, sources, forgotten)
    if same := take_over_staged(connection, name, made_by, before):
        staged.tables[name] = same.said
        _note(staged, name, same)
        return
    cast_rows = cast_table(connection, staging, parts, own)
    profile = RowProfile(connection, cast_rows, extracts[sources[0]], workspace.state / "cache")
    order_rows = {source: workspace.sources[source].order_rows for source in sources}
    accepted = accept(connection, profile, target, order_rows)
    days = {day for found in accepted.days.values() for day in found}
    decisions = [*(_forgotten_rows(connection, name) if forgotten else ()), *accepted.decisions]
    decisions += said_of_gaps(name, days) if name in EVENT_TABLES else []
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
        mart, facts = catalog.marts.get(GROWING), facts_of(workspace.engine)
        staged.growth = plan_growth(profile, accepted, mart, before, facts)
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


def _create_empty(
    connection: duckdb.DuckDBPyConnection, workspace: Workspace, table: ContractTable, target: str
) -> None:
    all_columns = (*table.columns, *workspace.own_columns.get(table.name, ()))
    columns = {quoted(column.name): SQL_TYPES[column.kind] for column in all_columns}
    if table.time_column:
        columns["day"] = "date"
    if table.name == "responses":
        columns["scale"] = "varchar"
    connection.execute(f"create table if not exists {target} ({_fields(columns)})")  # it may have failed later


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


def _create_helpers(connection: duckdb.DuckDBPyConnection, workspace: Workspace, staged: Staged) -> None:
    complete_customers(connection, _EXPORTED_CUSTOMERS, workspace.dimensions)
    create_ratings(connection, workspace.surveys.aspects)
    staged.decisions += _look(staged, "responses", "other_scales", partial(other_scales, connection))
    surveys, first_month = workspace.surveys, workspace.calendar.first_month
    connection.execute(
        "create table settings as select ?::integer as valid_days, ?::integer as answer_counts_back_days, ? as survey, "
        f"?::integer as quarter_starts_in, {unknown_slice(workspace.dimensions)} as unknown_slice_id, "
        "not exists (select 1 from responses where scale = '0-10') as nps_of_any_scale",
        [surveys.valid_days, surveys.answer_counts_back_days, surveys.survey, first_month],
    )
    spans = [staged.reach[name] for name in EVENT_TABLES if name in staged.reach]
    first = min((span.data_from for span in spans), default=None)
    last = max((span.data_through for span in spans), default=None)
    active_until = staged.reach["activity"].data_through if "activity" in staged.reach else last
    connection.execute(
        "create table data_days as select ?::date as first_day, ?::date as last_day, ?::date as active_until",
        [first, last, active_until],
    )
    last_of_all = max((span.data_through for span in staged.reach.values()), default=date.min)
    staged.calendar = workspace.make_calendar(last_of_all)
    create_order_periods(connection, staged.calendar, staged.reach.get("orders"))
    connection.execute(f"create table file_ledger ({_fields(FILE_LEDGER)})")
    insert_rows(connection, "file_ledger", [list(row.model_dump().values()) for row in staged.ledger])


def _fields(columns: Mapping[str, str]) -> str:
    return ", ".join(f"{name} {kind}" for name, kind in columns.items())
