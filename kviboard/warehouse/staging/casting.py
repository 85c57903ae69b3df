"""From the rows of a staging query to typed rows: decides how each column is read and casts all in one SELECT."""

from collections.abc import Sequence
from dataclasses import replace

import duckdb

from kviboard.domain.contract import Column
from kviboard.warehouse.engine import quoted, rows_of
from kviboard.warehouse.manifest import ExportDecision
from kviboard.warehouse.staging.columns.currencies import coded_columns
from kviboard.warehouse.staging.columns.date_zones import said_of_ends_without_zone
from kviboard.warehouse.staging.columns.exchange_rates import converted, rate_places, said_of_rates
from kviboard.warehouse.staging.columns.marked_rows import marked_rows
from kviboard.warehouse.staging.columns.prospects import prospects
from kviboard.warehouse.staging.columns.readings import read_column
from kviboard.warehouse.staging.columns.status_codes import status_codes
from kviboard.warehouse.staging.queries.query import HIDDEN, CastRows, Part, Staging
from kviboard.warehouse.staging.values.cast import Cast, cast_column, implausible_day
from kviboard.warehouse.staging.values.money import common_type, times_type
from kviboard.warehouse.staging.values.money_names import currency_columns, is_in_own_currency
from kviboard.warehouse.staging.values.place import Place
from kviboard.warehouse.staging.verdicts import select_of


def cast_table(
    connection: duckdb.DuckDBPyConnection, staging: Staging, parts: Sequence[Part], own: Sequence[Column]
) -> CastRows:
    """Create cast_rows.<table>: contract columns, the workspace's `own`, `day`, provenance,
    and `_column`, `_value`, `_reason`, `_kind`.

    Raises StagingError where dates are ambiguous.
    """
    columns = (*staging.table.columns, *own)
    decisions: list[ExportDecision] = []
    casts = [_casts(connection, staging, part, columns, decisions) for part in parts]
    is_native = all(cast.is_native for some in casts for cast in some.values())
    foreign = [cast for some in casts for cast in some.values() if cast.currency]
    is_as_found = staging.is_as_exported and not foreign and not any(part.rules.guests for part in parts)
    is_view = is_native and is_as_found and not (staging.customers and "customer_id" in staging.found)
    emptied = tuple(
        c for c in columns if not c.required and any(c.name in some and some[c.name].reason for some in casts)
    )
    provided = tuple(column for column in columns if column.name in staging.found)
    cast_rows = CastRows(staging.table, staging.query, columns, provided, is_view, emptied, tuple(decisions))
    selects = [select_of(staging, part, cast_rows, some) for part, some in zip(parts, casts, strict=True)]
    money = {cast.money for some in casts for cast in some.values() if cast.column.kind == "money"}
    if len(money) > 1:
        selects = [f"select * replace (cast(amount as {common_type(money)}) as amount) from ({s})" for s in selects]
    rows, kind = " union all ".join(selects), "view" if is_view else "table"
    if foreign:
        rows = converted(rows, common_type(money, rate_places(connection)))
    connection.execute(f"create {kind} {cast_rows.relation} as {rows}")
    if foreign:
        decisions += said_of_rates(connection, cast_rows.relation, parts[0].rules.currency)
        cast_rows = replace(cast_rows, decisions=tuple(decisions))
    return cast_rows


def place_of(staging: Staging, part: Part) -> Place:
    """Where the rows of a part are, with the names of all their columns."""
    rows, all_rows = _own_rows(staging, part), f"(from {staging.view} {part.condition})"
    return Place(staging.table.name, part.source, rows, all_rows, part.is_text, columns=tuple(staging.found))


def _casts(
    connection: duckdb.DuckDBPyConnection,
    staging: Staging,
    part: Part,
    columns: Sequence[Column],
    decisions: list[ExportDecision],
) -> dict[str, Cast]:
    """How each column that is there is cast in one part; adds what was decided to `decisions`."""
    whole, casts = place_of(staging, part), {}
    decisions += [
        *marked_rows(connection, whole),
        *prospects(connection, whole),
        *status_codes(connection, whole, part.names),
    ]
    for known in columns:
        column = replace(known, required=False) if part.rules.guests and known.name == "customer_id" else known
        found_type = staging.found.get(column.name)
        if found_type is None:
            continue
        currencies = _currency_columns(connection, staging, part, whole.rows) if column.kind == "money" else ()
        headers = part.headers.get(column.name, ())
        units = {file: unit for header in headers for file, unit in part.durations.get(header, {}).items()}
        place = replace(whole, headers=headers, currency_columns=currencies, units=units)
        reading = read_column(connection, place, column, found_type, part.rules)
        decisions += reading.decisions
        cast = cast_column(column, found_type, part.is_text, reading.rules, reading.dates)
        cast = replace(
            cast,
            currency=reading.currency,
            scales=reading.rules.scales,
            scale=reading.scale,
            money=times_type(reading.rules.money, reading.rules.factor),
        )
        if cast.is_native and not column.required and not _may_be_wrong(connection, place, column):
            cast = replace(cast, reason=None)
        casts[column.name] = cast
    if casts.keys() >= {"opened_at", "closed_at"}:
        decisions += said_of_ends_without_zone(connection, whole, part.rules)
    return casts


def _currency_columns(
    connection: duckdb.DuckDBPyConnection, staging: Staging, part: Part, rows: str
) -> tuple[str, ...]:
    """The columns that tell the currency of amounts: by their names, else by their values where nobody renamed them."""
    headers = part.headers.get("amount", ())
    if headers and all(map(is_in_own_currency, headers)):
        return ()
    if named := currency_columns(staging.found):
        return tuple(named)
    own = {column.name for column in staging.table.columns}
    texts = [name for name, kind in staging.found.items() if kind == "VARCHAR" and name not in (*own, *HIDDEN)]
    as_found = [name for name in texts if [each.casefold() for each in part.headers.get(name, (name,))] == [name]]
    return coded_columns(connection, rows, as_found)


def _own_rows(staging: Staging, part: Part) -> str:
    """SQL for the rows of a part that the company's own query does not set aside, nor its [customers] leave_out."""
    absent = [f", cast(null as {kind}) as {name}" for name, kind in HIDDEN.items() if name not in staging.found]
    rows = f"(select *{''.join(absent)} from {staging.view} {part.condition})"
    if staging.customers.condition:
        rows = f"(select * from {rows} where not coalesce(({staging.customers.condition}), false))"
    return f"(select * from {rows} where reject_reason is null)" if "reject_reason" in staging.found else rows


def _may_be_wrong(connection: duckdb.DuckDBPyConnection, place: Place, column: Column) -> bool:
    """Whether a typed column has a value that no contract allows; its file's statistics mostly tell without reading."""
    name = quoted(column.name)
    odd = {"day": implausible_day(name), "time": implausible_day(name), "minutes": f"{name} < 0"}.get(column.kind)
    return bool(odd and rows_of(connection, f"select 1 from {place.rows} where {odd} limit 1"))
