"""In which time zone the times of a column are: told by its values, its name, a column beside it or the tool."""

import re
from collections.abc import Iterable

import duckdb

from kviboard.domain.contract import Column
from kviboard.domain.formatting import counted, listed, plural
from kviboard.errors import Problem
from kviboard.warehouse.engine import rows_of
from kviboard.warehouse.files.records import FILE, LINE
from kviboard.warehouse.manifest import ExportDecision
from kviboard.warehouse.staging.values.cast import Rules, clean_text
from kviboard.warehouse.staging.values.dates import DateStyle
from kviboard.warehouse.staging.values.numbers import FIRST_WRITTEN, WrittenValues
from kviboard.warehouse.staging.values.place import Place, StagingError
from kviboard.warehouse.staging.values.zones import (
    ALWAYS_UTC,
    SeveralZonesError,
    Zones,
    zone_called,
    zone_in_name,
    zone_suffix,
)

_ZONE_COLUMN = re.compile(
    r"^(time[ _]?zone|timezone ?name|tz|tz ?name|zeitzone|tijdzone|fuseau( horaire)?|zona horaria|fuso( orario)?|"
    r"(utc|gmt|tz|time[ _]?zone)[ _]?offset)$"
)
_WRITE_UTC = {  # by a column that tells the tool
    "amplitude_id": "Amplitude",
    "original_timestamp": "Segment",
    "collector_tstamp": "Snowplow",
}


def names_zones(column: str) -> bool:
    """Whether a column is called like one that names the zones of times."""
    return bool(_ZONE_COLUMN.match(column.casefold()))


def zone_of_headers(place: Place, column: Column, company: str) -> str | None:
    """The zone that the column's names in the files tell."""
    zones = {header: zone_in_name(header, company) for header in place.headers}
    if len(set(zones.values())) > 1:
        names = listed([f'"{header}"' for header in zones])
        what = f"{column.name} is called {names}, which do not mean the same time zone."
        raise StagingError(
            Problem(
                f"kviboard.toml, [sources.{place.source}] timezone",
                what,
                'Set the one that holds for all of them, such as timezone = "UTC".',
            )
        )
    return next(iter(zones.values()), None)


def zone_beside(
    connection: duckdb.DuckDBPyConnection, place: Place, column: Column, value: str, rules: Rules
) -> tuple[str | None, list[ExportDecision]]:
    """The zone that a column beside names for all times which name none; a warning where it names several."""
    is_bare = f"regexp_matches(v, '\\d:\\d') and {zone_suffix('v')} in ('', 'AM', 'PM', 'UHR')"
    name, found = zones_beside(connection, place, value, is_bare)
    zones = {text: zone_called(text, rules.timezone) for text, _ in found}
    if not zones or set(zones.values()) == {rules.timezone}:
        return None, []
    (zone, *others) = dict.fromkeys(zones.values())
    if zone and not others:
        what = (
            f"{name} is {listed(list(zones), 'and')} beside all times of {column.name}, so they are read as {zone} and "
        )
        what += f"count as {rules.timezone} has them."
        setting = f'[sources.{place.source}] timezone = "{rules.timezone}" keeps them as they are.'
        return zone, [ExportDecision(where=place.export, what=what, setting=setting, moves_kvis=True)]
    shown = listed([f"{text} ({counted(count, 'time')})" for text, count in found[:3]], "and")
    what = f"{name} names time zones such as {shown}, and that is not read: {column.name} counts as times of "
    setting = (
        f"If all times are of one zone, name it: [sources.{place.source}] timezone. If each is of the zone beside "
    )
    setting += f"it, return it with that zone at its end in queries/staging/{place.table}.sql."
    said = ExportDecision(
        where=place.export, what=f"{what}{rules.timezone}.", setting=setting, level="warning", moves_kvis=True
    )
    return None, [said]


def zones_beside(
    connection: duckdb.DuckDBPyConnection, place: Place, value: str, condition: str
) -> tuple[str, list[tuple[str, int]]]:
    """The column that names time zones, and for how many of the values `v` (SQL) with `condition` each is named."""
    name = next(filter(names_zones, place.columns), "")
    if not name:
        return "", []
    zone = clean_text(name, keeps_tokens=False)
    return name, rows_of(
        connection,
        f"""
        select zone, count(*)
        from (select {value} as v, {zone} as zone from {place.rows})
        where zone is not null and {condition}
        group by zone order by count(*) desc, zone
        """,
    )


def several_zones(place: Place, column: Column, error: SeveralZonesError) -> Problem:
    """What to settle where an abbreviation is used in several places."""
    where = f"kviboard.toml, [sources.{place.source}] timezone"
    what = f"{column.name} has times in {error.name}, which is used in {listed(error.places, 'and')}."
    hint = f'Set timezone = "{error.places[0]}" or {_others(error.places)}.'
    return Problem(where, what, hint)


def _others(places: Iterable[str]) -> str:
    return " or ".join(f'"{place}"' for place in list(places)[1:])


def said_of_zone(
    place: Place, column: Column, style: DateStyle, rules: Rules, is_moment: bool = False
) -> list[ExportDecision]:
    """What becomes of times whose zone is another one than the company's."""
    zones, company = style.zones, rules.timezone
    moves = zones.in_values or (zones.own is not None and zones.own != company)
    if style.are_days and moves and (company != "UTC" or zones.own):
        what = f"All times of {column.name} are midnight, so they are read as days that no time zone moves."
    elif zones.own and zones.own != company and is_moment:
        what = f"{column.name} holds moments with their zone, which count as {company} has them."
        return [ExportDecision(where=place.export, what=what, moves_kvis=True)]
    elif zones.own and zones.own != company and place.headers and not rules.source_timezone:
        names = listed([f'"{header}"' for header in place.headers])
        what = f"{column.name} is called {names}, so its times are read as {zones.own} and count as {company} has them."
    else:
        return []
    setting = f'[sources.{place.source}] timezone = "{company}" keeps times that name no zone as they are.'
    return [ExportDecision(where=place.export, what=what, setting=setting, moves_kvis=True)]


def said_of_name(place: Place, column: Column, zones: Zones, suffix: str, written: WrittenValues) -> ExportDecision:
    """How a zone's name or abbreviation at the end of values is read."""
    minutes = zones.minutes.get(suffix, 0)
    sign, hours, rest = "−" if minutes < 0 else "+", *divmod(abs(minutes), 60)
    meaning = zones.places.get(suffix) or f"UTC{sign}{hours:02}:{rest:02}"
    values = f"{counted(written.count, 'time')} of {column.name} {plural(written.count, 'ends', 'end')} in {suffix}"
    return ExportDecision(
        where=place.export,
        what=f"{values}, read as {meaning}.",
        example=written.example,
        setting=f"[sources.{place.source}] timezone names the place that uses {suffix}, if another one is meant.",
        moves_kvis=True,
    )


def said_of_bare(place: Place, column: Column, bare: WrittenValues, company: str) -> ExportDecision:
    """Times that name no zone among those that do."""
    times = f"{counted(bare.count, 'time')} of {column.name} {plural(bare.count, 'names', 'name')} no zone"
    return ExportDecision(
        where=place.export,
        what=f"{times} where others do, and {plural(bare.count, 'counts', 'count')} as times of {company}.",
        example=bare.example,
        setting=f'[sources.{place.source}] timezone names theirs, such as "UTC".',
        level="warning",
        moves_kvis=True,
    )


def said_of_ends_without_zone(
    connection: duckdb.DuckDBPyConnection, place: Place, rules: Rules
) -> list[ExportDecision]:
    """Tickets whose opening names a zone and whose closing names none: the time between them is that of two clocks."""
    in_company = rules.source_timezone or rules.timezone
    if place.table != "tickets" or not place.is_text or "closed_at" not in place.columns or in_company in ALWAYS_UTC:
        return []
    opened, closed = (clean_text(name, keeps_tokens=False) for name in ("opened_at", "closed_at"))
    has_zone = r"\d:\d\d(:\d\d(\.\d+)?)? ?(Z|UTC|GMT|[+-]\d\d(:?\d\d)?)$"
    ((count, *first),) = rows_of(
        connection,
        f"""
        select count(*), {FIRST_WRITTEN}
        from (select {opened} as opened, {closed} as v, {FILE}, {LINE} from {place.rows})
        where regexp_matches(opened, '{has_zone}')
            and regexp_matches(v, '\\d:\\d\\d') and {zone_suffix("v")} in ('', 'AM', 'PM', 'UHR')
        """,
    )
    if not count:
        return []
    tickets = f"{counted(count, 'ticket')} {plural(count, 'names', 'name')}"
    of_utc = "case when closed_at like '%:%' then closed_at || 'Z' else closed_at end as closed_at"
    utc = f"select * replace ({of_utc}) from source.{place.source}"
    return [
        ExportDecision(
            where=place.export,
            what=f"{tickets} a zone in opened_at and none in closed_at, which counts as a time of {in_company}.",
            example=WrittenValues(count, *first).example,
            setting=f"Where it is of UTC, say so in queries/staging/{place.table}.sql: {utc}",
            level="warning",
            moves_kvis=True,
        )
    ]


def said_of_tool(
    connection: duckdb.DuckDBPyConnection, place: Place, column: Column, value: str, company: str
) -> list[ExportDecision]:
    """Times without a zone in the export of a tool that writes those of another zone than the company's."""
    tool = next((tool for mark, tool in _WRITE_UTC.items() if mark in place.columns), "")
    if not tool or company in ALWAYS_UTC:
        return []
    (count, *first), *_ = rows_of(
        connection,
        f"""
        select count(*), {FIRST_WRITTEN}
        from (select {value} as v, {FILE}, {LINE} from {place.rows}) where regexp_matches(v, '\\d:\\d')
        """,
    )
    if not count:
        return []
    are = plural(count, "names no zone and is", "name no zone and are")
    what = f"{counted(count, 'time')} of {column.name} {are} read as times of {company}, where {tool} mostly writes "
    return [
        ExportDecision(
            where=place.export,
            what=f"{what}those of UTC.",
            example=WrittenValues(count, *first).example,
            setting=f'[sources.{place.source}] timezone settles it: "UTC", or "{company}" where they are its own.',
            level="warning",
            moves_kvis=True,
        )
    ]
