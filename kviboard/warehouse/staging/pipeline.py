"""Stages all contract tables: sources, cast rows, judged rows, customers, slices and the ledger.

Owns the order of these steps. What they share is in staged; how one table is staged, in table.
"""

from datetime import date
from functools import partial

import duckdb

from kviboard.catalog import Catalog
from kviboard.domain.contract import CONTRACT, EVENT_TABLES
from kviboard.errors import ExportError
from kviboard.warehouse.calendars import create_order_periods
from kviboard.warehouse.engine import insert_rows, sql_problem, typed_columns
from kviboard.warehouse.forgotten import read_forgotten
from kviboard.warehouse.staging.append import offer_new_activity
from kviboard.warehouse.staging.columns.alike_ids import alike_ids, missed_customers
from kviboard.warehouse.staging.columns.alike_slices import alike_slices
from kviboard.warehouse.staging.columns.exchange_rates import open_rates
from kviboard.warehouse.staging.columns.several_values import LISTED, several_values
from kviboard.warehouse.staging.columns.strangers import only_customer, refunded_to_one, strangers
from kviboard.warehouse.staging.columns.unnamed_surveys import unnamed_surveys
from kviboard.warehouse.staging.customers import complete_customers, unknown_slice
from kviboard.warehouse.staging.ledger import FILE_LEDGER, lookups
from kviboard.warehouse.staging.queries.customer_rules import open_rules
from kviboard.warehouse.staging.queries.diagnostics import (
    guests_of_no_orders,
    ineffective_settings,
    unread,
)
from kviboard.warehouse.staging.queries.origins import columns_read
from kviboard.warehouse.staging.queries.sources import (
    create_source,
    moments_without_zone,
    wrong_format,
    zones_in_headers,
)
from kviboard.warehouse.staging.ratings import create_ratings
from kviboard.warehouse.staging.refusals import nothing_exported, unusable_rows
from kviboard.warehouse.staging.rows.accept import REJECTED_ROWS
from kviboard.warehouse.staging.rows.called_off import offer_called_off
from kviboard.warehouse.staging.rows.order_products import no_order_products
from kviboard.warehouse.staging.rows.row_notes import row_notes
from kviboard.warehouse.staging.silences import whole_through
from kviboard.warehouse.staging.sprint_days import sprints_at_once, sprints_twice
from kviboard.warehouse.staging.staged import Extracts, Inputs, Staged
from kviboard.warehouse.staging.starts import begin_later, create_starting_exports, starts_of
from kviboard.warehouse.staging.table import EXPORTED_CUSTOMERS, stage_table
from kviboard.warehouse.staging.told_columns import told_days
from kviboard.warehouse.staging.values.identity import anonymous_answers, orders_of_guests
from kviboard.warehouse.staging.values.place import StagingError
from kviboard.warehouse.staging.values.scores import other_scales
from kviboard.warehouse.tables import PreviousVersion
from kviboard.workspace import Workspace

_FIRST = ("customers", "orders")
"""Tables that decide what becomes of rows of others: who is left out, and what was called off."""


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
    connection.execute(f"create table rejected_rows ({typed_columns(REJECTED_ROWS)})")
    offer_called_off(connection)
    extracts = _create_sources(connection, workspace, catalog, extracts, staged)
    inputs = Inputs(connection, workspace, catalog, extracts, before)
    readers: dict[str, str] = {}
    _open_customer_rules(inputs, staged, readers)
    _open_rates(inputs, staged, readers)
    for table in sorted(CONTRACT.values(), key=lambda each: each.name not in _FIRST):
        for source in stage_table(inputs, table, staged):
            readers.setdefault(source, table.name)
    staged.ledger.sort(key=lambda row: list(CONTRACT).index(row.table_name))
    staged.ledger += lookups(staged.ledger, readers, extracts)
    staged.problems += unread(workspace, readers.keys() | {name for name in workspace.sources if name not in extracts})
    staged.problems += ineffective_settings(workspace, staged.read)
    staged.refusals += guests_of_no_orders(workspace, catalog.staging.get("orders"))
    offer_new_activity(connection, staged.growth)
    staged.whole_through, said = whole_through(connection, staged.reach, EXPORTED_CUSTOMERS)
    staged.decisions += said
    staged.told, said = told_days(connection, staged.provided, staged.reach)
    staged.decisions += said
    staged.starts = starts_of(staged)
    _create_helpers(connection, workspace, staged)
    staged.decisions += begin_later(connection, staged.starts.keys(), staged.reach)
    staged.decisions += staged.look("responses", "anonymous", partial(anonymous_answers, connection))
    if any(source.guest_orders for source in workspace.sources.values()):  # else each order has a customer
        staged.decisions += staged.look("orders", "guests", partial(orders_of_guests, connection))
    staged.decisions += alike_ids(connection, staged.rows, staged.look)
    staged.decisions += alike_slices(connection, workspace.dimensions)
    for of, column in (*LISTED, *(("customers", name) for name in workspace.dimensions)):
        look = partial(several_values, connection, of, column)
        staged.decisions += staged.look(of, f"several values of {column}", look)
    staged.decisions += [*strangers(connection, staged.rows), *only_customer(connection, staged.rows)]
    staged.decisions += [*refunded_to_one(connection, staged.rows), *unnamed_surveys(connection, staged.rows)]
    if "sprints" in staged.rows:
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


def _open_customer_rules(inputs: Inputs, staged: Staged, readers: dict[str, str]) -> None:
    source = inputs.workspace.aliases_source
    try:
        staged.customers, said = open_rules(inputs.connection, inputs.workspace.customers, source, inputs.extracts)
        staged.decisions += said
    except StagingError as error:
        staged.refusals.append(error.problem)
    if source:
        readers[source] = "customers"


def _open_rates(inputs: Inputs, staged: Staged, readers: dict[str, str]) -> None:
    workspace, extracts = inputs.workspace, inputs.extracts
    rates, source = workspace.currency.rates, workspace.rates_source
    settings = workspace.sources[source] if source and source in extracts else None
    is_text = bool(settings) and not all(extract.is_external for extract in extracts[str(source)])
    given = rates if isinstance(rates, dict) else {}
    try:
        staged.rates = open_rates(inputs.connection, given, source, settings, is_text)
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
            used, source = columns_read(catalog.staging, name, workspace.own_columns), workspace.sources[name]
            notes = create_source(connection, name, source, found, used)
            staged.problems += notes.problems
            staged.decisions += notes.decisions
            zone = workspace.company.timezone
            staged.decisions += moments_without_zone(connection, name, source, found, used, zone)
            staged.decisions += zones_in_headers(name, source, found, zone)
            readable[name] = found
        except ExportError as error:
            staged.refusals += error.problems
        except duckdb.Error as error:
            staged.refusals.append(sql_problem(f"kviboard.toml, [sources.{name}]", error))
        staged.refusals += wrong_format(connection, name, workspace.sources[name].date_format)
    return readable


def _create_helpers(connection: duckdb.DuckDBPyConnection, workspace: Workspace, staged: Staged) -> None:
    complete_customers(connection, EXPORTED_CUSTOMERS, workspace.dimensions)
    no_order_products(connection)
    create_ratings(connection, workspace.surveys.aspects)
    staged.decisions += staged.look("responses", "other_scales", partial(other_scales, connection))
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
    until = {name: staged.whole_through.get(name, span.data_through) for name, span in staged.reach.items()}
    starts_until = min((days.data_through for days in staged.starts.values()), default=None)
    tickets = staged.reach.get("tickets")
    kinds = staged.told.get("tickets.kind", tickets)  # on other days nobody knows of complaints
    kinds_end_early = kinds is not None and tickets is not None and kinds.data_through < tickets.data_through
    ends = {
        "first_day": first,
        "last_day": last,
        "active_until": until.get("activity", last),
        "orders_until": until.get("orders"),
        "responses_until": until.get("responses"),
        "kinds_from": kinds.data_from if kinds else None,
        "kinds_until": kinds.data_through if kinds and kinds_end_early else until.get("tickets"),
        "customers_until": until.get("customers", starts_until),
    }
    days = ", ".join(f"?::date as {name}" for name in ends)
    connection.execute(f"create table data_days as select {days}", list(ends.values()))
    last_of_all = max((span.data_through for span in staged.reach.values()), default=date.min)
    staged.calendar = workspace.make_calendar(last_of_all)
    create_order_periods(connection, staged.calendar, staged.reach.get("orders"))
    create_starting_exports(connection, staged.starts)
    connection.execute(f"create table file_ledger ({typed_columns(FILE_LEDGER)})")
    insert_rows(connection, "file_ledger", [list(row.model_dump().values()) for row in staged.ledger])
