"""How the dates of a column are read: their order, their zone, numbers that stand for moments; said or refused."""

import duckdb

from kviboard.domain.contract import Column
from kviboard.domain.formatting import counted, plural
from kviboard.errors import Problem
from kviboard.warehouse.engine import literal, quoted, row_of, rows_of
from kviboard.warehouse.manifest import ExportDecision
from kviboard.warehouse.staging.columns.date_orders import either_order, said_of_other_order, said_of_swapped
from kviboard.warehouse.staging.columns.date_zones import (
    said_of_bare,
    said_of_name,
    said_of_tool,
    said_of_zone,
    several_zones,
    zone_beside,
    zone_of_headers,
)
from kviboard.warehouse.staging.columns.times_beside import said_of_times_beside
from kviboard.warehouse.staging.values.cast import Rules, clean_text, is_moment, is_native
from kviboard.warehouse.staging.values.dates import AmbiguousDatesError, Dates, DateStyle, find_dates, time_of
from kviboard.warehouse.staging.values.numbers import WrittenValues
from kviboard.warehouse.staging.values.place import Place, StagingError
from kviboard.warehouse.staging.values.zones import SeveralZonesError, Zones

_KINDS = {
    "epoch": "seconds since 1970 in UTC",
    "epoch_ms": "milliseconds since 1970 in UTC",
    "epoch_us": "microseconds since 1970 in UTC",
    "epoch_ns": "nanoseconds since 1970 in UTC",
    "excel": "days as spreadsheets count them",
    "excel_1904": "days as spreadsheets count them from 1904 on",
}


def read_dates(
    connection: duckdb.DuckDBPyConnection, place: Place, column: Column, found_type: str, rules: Rules
) -> tuple[DateStyle, list[ExportDecision]]:
    """Decide how to read a column of days or times. Raises StagingError where nothing decides."""
    try:
        own = rules.source_timezone or zone_of_headers(place, column, rules.timezone)
        if is_native(column, found_type, place.is_text):
            style = _native_style(connection, place, column, found_type, own, rules.timezone)
            said = said_of_times_beside(connection, place, column, style, own, rules)
            return style, said or said_of_zone(place, column, style, rules, is_moment(found_type))
        value = clean_text(column.name, keeps_tokens=False)
        beside, said = zone_beside(connection, place, column, value, rules) if own is None else (None, [])
        own = own or beside
        dates = find_dates(
            connection, place.rows, value, rules.timezone, rules.date_format, own, rules.source_timezone,
            rules.sheets or "excel",
        )  # fmt: skip
    except AmbiguousDatesError as error:
        raise StagingError(either_order(place, column, error)) from error
    except SeveralZonesError as error:
        raise StagingError(several_zones(place, column, error)) from error
    if not rules.sheets and "excel" in dates.numbers:
        raise StagingError(_two_beginnings(place, column, dates.numbers["excel"]))
    said += [_said_of_numbers(connection, place, column, dates, kind, rules) for kind in dates.numbers]
    said += said_of_swapped(connection, place, column, value, dates.style, rules)
    said += said_of_other_order(connection, place, column, value, dates.style) if not rules.date_format else []
    said += [said_of_name(place, column, dates.style.zones, *each) for each in dates.zones.items()]
    said += [said_of_bare(place, column, dates.bare, rules.timezone)] if dates.bare else []
    if own is None and not dates.style.zones.in_values and not dates.numbers:
        said += said_of_tool(connection, place, column, value, rules.timezone)
    days = said_of_times_beside(connection, place, column, dates.style, own, rules)
    return dates.style, said + (days or ([] if beside else said_of_zone(place, column, dates.style, rules)))


def _native_style(
    connection: duckdb.DuckDBPyConnection, place: Place, column: Column, found_type: str, own: str | None, company: str
) -> DateStyle:
    """Typed times are days where all are midnight: looked at only where a zone would move them, up to the first one."""
    knows_zone = is_moment(found_type)
    zone = "UTC" if knows_zone else own
    if zone is None or zone == company or found_type == "DATE":
        return DateStyle()
    name = quoted(column.name)
    clock = f"timezone('UTC', {name})" if knows_zone else name
    later = f"select 1 from {place.rows} where cast({clock} as time) <> time '00:00' limit 1"
    return DateStyle(zones=Zones(own=zone), are_days=not rows_of(connection, later))


def _two_beginnings(place: Place, column: Column, written: WrittenValues) -> Problem:
    what = (
        f"{column.name} has numbers that count days (as {written.example}), and some of the workbooks count them from "
    )
    what += "1904, others from 1900."
    hint = 'Give these cells a date format in the workbook, or set date_format = "excel" (all from 1900) or '
    hint += '"excel_1904" (all from 1904).'
    return Problem(f"kviboard.toml, [sources.{place.source}] date_format", what, hint)


def _said_of_numbers(
    connection: duckdb.DuckDBPyConnection, place: Place, column: Column, dates: Dates, kind: str, rules: Rules
) -> ExportDecision:
    written = dates.numbers[kind]
    (time,) = row_of(connection, f"select strftime({time_of(literal(written.value), dates.style, rules.timezone)}, "
                     "'%Y-%m-%d %H:%M:%S')")  # fmt: skip
    values = f"{counted(written.count, 'value')} of {column.name} {plural(written.count, 'is a number', 'are numbers')}"
    setting = f'[sources.{place.source}] date_format = "{kind}" settles it, or another one decides otherwise'
    setting += ', such as "excel_1904" for days since 1904.' if kind == "excel" else "."
    return ExportDecision(
        where=place.export,
        what=f"{values}, read as {_KINDS[kind]}.",
        example=f"{written.example} is {time}",
        setting=setting,
        level="note" if len(dates.numbers) == 1 else "warning",
        moves_kvis=True,
    )
