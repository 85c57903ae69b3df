"""Days whose times stand in a column of their own, and in another zone than the company's: its days are others."""

import re
from dataclasses import replace

import duckdb

from kviboard.domain.contract import Column
from kviboard.domain.formatting import counted, plural
from kviboard.warehouse.engine import literal, readable, row_of, rows_of
from kviboard.warehouse.files.records import FILE, LINE
from kviboard.warehouse.manifest import ExportDecision
from kviboard.warehouse.staging.columns.date_zones import zones_beside
from kviboard.warehouse.staging.values.cast import Rules, clean_text
from kviboard.warehouse.staging.values.dates import DateStyle, find_dates, time_of
from kviboard.warehouse.staging.values.place import Place
from kviboard.warehouse.staging.values.zones import SeveralZonesError, Zones, zone_called, zone_in_name

_TIME_COLUMN = re.compile(
    r"((order|event|start|created)[ _]?)?time|time[ _]of[ _]day|"
    r"(uhr)?zeit|heure|hora|ora|tijd|tid|klok(ke(n|slæt))?|czas|godzina|時刻"
)
_TIME_OF_DAY = r"\d{1,2}:\d\d(:\d\d(\.\d+)?)?(\s?[AaPp][Mm])?"


def said_of_times_beside(
    connection: duckdb.DuckDBPyConnection, place: Place, column: Column, style: DateStyle, own: str | None, rules: Rules
) -> list[ExportDecision]:
    """A warning where days would be others if their times were read. `own`: the zone that the source or the name of the
    column of days tells."""
    if not column.required or style.zones.in_values or style.numbers:
        return []
    if own is None and any(map(_TIME_COLUMN.fullmatch, place.columns)):
        own = _only_zone_beside(connection, place, column, rules)
    for name in place.columns:
        zone = _likely_zone(name, rules.timezone) or (own if _TIME_COLUMN.fullmatch(name) else None)
        if name == column.name or zone in (None, rules.timezone) or not _are_times_of_day(connection, place, name):
            continue
        count, moved = _moved(connection, place, column, style, name, replace(rules, source_timezone=zone))
        if moved:
            what = f"{column.name} has days and {name} their times in {zone}, which is not read: {moved:,} of "
            what += f"{counted(count, 'row')} {plural(moved, 'is', 'are')} of another day in {rules.timezone}."
            day = _without_midnight(column) if style.are_days else column.name
            both = _returned(connection, place, column, f"{day} || ' ' || {readable(name)} || ' {zone}'")
            how = f"Read both in queries/staging/{place.table}.sql: {both}"
            return [ExportDecision(where=place.export, what=what, setting=how, level="warning", moves_kvis=True)]
    return []


def _only_zone_beside(connection: duckdb.DuckDBPyConnection, place: Place, column: Column, rules: Rules) -> str | None:
    _, found = zones_beside(connection, place, column.name, "v is not null")
    zones = {zone_called(text, rules.timezone) for text, _ in found}
    return zones.pop() if len(zones) == 1 else None


def _likely_zone(name: str, company: str) -> str | None:
    """The zone that a column's name tells; of several places with that short name the first one."""
    try:
        return zone_in_name(name, company)
    except SeveralZonesError as error:
        return error.places[0]


def _are_times_of_day(connection: duckdb.DuckDBPyConnection, place: Place, name: str) -> bool:
    time = clean_text(name, keeps_tokens=False)
    others = f"{time} is not null and not regexp_full_match({time}, {literal(_TIME_OF_DAY)})"
    return not rows_of(connection, f"select 1 from {place.rows} where {others} limit 1")


def _moved(
    connection: duckdb.DuckDBPyConnection, place: Place, column: Column, style: DateStyle, name: str, rules: Rules
) -> tuple[int, int]:
    """How many rows have a day and a time, and how many of them are of another day by their time."""
    day = _without_midnight(column) if style.are_days else clean_text(column.name, keeps_tokens=False)
    time = clean_text(name, keeps_tokens=False)
    both = f"(select {day} as day, {day} || ' ' || {time} as moment, {FILE}, {LINE} from {place.rows})"
    of_both = find_dates(connection, both, "moment", rules.timezone, rules.date_format, own=rules.source_timezone).style
    moment = time_of("moment", replace(of_both, are_days=False), rules.timezone)
    day = time_of("day", replace(style, zones=Zones()), rules.timezone)
    is_moved = f"cast({moment} as date) <> cast({day} as date)"
    count, moved = row_of(connection, f"select count(moment), count(*) filter (where {is_moved}) from {both}")
    return count, moved


def _without_midnight(column: Column) -> str:
    """SQL: a day without the midnight behind it."""
    return f"regexp_replace(cast({column.name} as varchar), '.0?0:00.*$', '')"


def _returned(connection: duckdb.DuckDBPyConnection, place: Place, column: Column, value: str) -> str:
    """The query that returns another value for a column; only the value where a query of the company's makes it."""
    comes_so = "select 1 from duckdb_columns() where schema_name = 'source' and table_name = ? and column_name = ?"
    if rows_of(connection, comes_so, [place.source, column.name]):
        return f"select * replace ({value} as {column.name}) from source.{place.source}"
    return f"{value} as {column.name}"
