"""How the dates of a column are read: their order, their zone, numbers that stand for moments; said or refused."""

import re
from collections.abc import Iterable

import duckdb

from kviboard.domain.contract import Column
from kviboard.domain.formatting import counted, listed, plural
from kviboard.errors import Problem
from kviboard.warehouse.engine import literal, quoted, row_of, rows_of
from kviboard.warehouse.files.records import FILE, LINE
from kviboard.warehouse.manifest import ExportDecision
from kviboard.warehouse.staging.values.cast import Rules, clean_text, is_native
from kviboard.warehouse.staging.values.dates import PARTS, AmbiguousDatesError, Dates, DateStyle, find_dates, time_of
from kviboard.warehouse.staging.values.numbers import FIRST_WRITTEN, WrittenValues
from kviboard.warehouse.staging.values.place import Place, StagingError
from kviboard.warehouse.staging.values.zones import SeveralZonesError, Zones, zone_called, zone_in_name, zone_suffix

_ZONE_COLUMN = re.compile(
    r"^(time[ _]?zone|timezone ?name|tz|tz ?name|zeitzone|tijdzone|fuseau( horaire)?|zona horaria|fuso( orario)?|"
    r"utc[ _]offset)$"
)
_FEWEST_MONTHS = 5  # with dates on one and the same day from which on it is hardly meant
_FEW = 3  # dates of a kind from which on it is no chance how they are written
_WRITE_UTC = {"amplitude_id": "Amplitude"}  # by a column that tells the tool
_ALWAYS_UTC = ("UTC", "Etc/UTC", "Etc/GMT")
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
        own = rules.source_timezone or _zone_of_headers(place, column, rules.timezone)
        if is_native(column, found_type, place.is_text):
            style = _native_style(connection, place, column, found_type, own, rules.timezone)
            return style, _said_of_zone(place, column, style, rules, found_type == "TIMESTAMP WITH TIME ZONE")
        value = clean_text(column.name, keeps_tokens=False)
        beside, said = _zone_beside(connection, place, column, value, rules) if own is None else (None, [])
        own = own or beside
        dates = find_dates(
            connection, place.rows, value, rules.timezone, rules.date_format, own, rules.source_timezone,
            rules.sheets or "excel",
        )  # fmt: skip
    except AmbiguousDatesError as error:
        raise StagingError(_either_order(place, column, error)) from error
    except SeveralZonesError as error:
        raise StagingError(_several(place, column, error)) from error
    if not rules.sheets and "excel" in dates.numbers:
        raise StagingError(_two_beginnings(place, column, dates.numbers["excel"]))
    said += [_said_of_numbers(connection, place, column, dates, kind, rules) for kind in dates.numbers]
    said += _said_of_swapped(connection, place, column, value, dates.style, rules)
    said += _said_of_other_order(connection, place, column, value, dates.style) if not rules.date_format else []
    said += [_said_of_name(place, column, dates.style.zones, *each) for each in dates.zones.items()]
    said += [_said_of_bare(place, column, dates.bare, rules.timezone)] if dates.bare else []
    if own is None and not dates.style.zones.in_values and not dates.numbers:
        said += _said_of_tool(connection, place, column, value, rules.timezone)
    return dates.style, said if beside else said + _said_of_zone(place, column, dates.style, rules)


def _zone_of_headers(place: Place, column: Column, company: str) -> str | None:
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


def _zone_beside(
    connection: duckdb.DuckDBPyConnection, place: Place, column: Column, value: str, rules: Rules
) -> tuple[str | None, list[ExportDecision]]:
    """The zone that a column beside names for all times which name none; a warning where it names several."""
    name = next((name for name in place.columns if _ZONE_COLUMN.match(name)), "")
    if not name:
        return None, []
    found = rows_of(
        connection,
        f"""
        select zone, count(*)
        from (select {value} as v, {clean_text(name, keeps_tokens=False)} as zone from {place.rows})
        where zone is not null and regexp_matches(v, '\\d:\\d') and {zone_suffix("v")} in ('', 'AM', 'PM', 'UHR')
        group by zone order by count(*) desc, zone
        """,
    )
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


def _said_of_swapped(
    connection: duckdb.DuckDBPyConnection, place: Place, column: Column, value: str, style: DateStyle, rules: Rules
) -> list[ExportDecision]:
    """Dates of which those with a day up to 12 are real ones and all others texts: a spreadsheet with another order of
    day and month read the former, and swapped the two."""
    if not style.formats or style.is_first:
        return []
    one, two = (f"try_cast(regexp_extract(v, '{PARTS}', {part}) as integer)" for part in (1, 3))
    real, highest, texts, *written = row_of(
        connection,
        f"""
        select
            count(*) filter (where one is null and moment is not null), max(day(moment)) filter (where one is null),
            count(one), count(*) filter (where one <= 12 and two <= 12),
            min(v) filter (where one is null and moment is not null), min(v) filter (where one is not null)
        from (
            select v, {one} as one, {two} as two, {time_of("v", style, rules.timezone)} as moment
            from (select {value} as v from {place.rows})
        )
        """,
    )
    either, first, second = written
    if min(real, texts) < _FEW or either or highest > 12:
        return []
    what = f"{counted(real, 'value')} of {column.name} like {first} all have a day up to 12, and all {texts:,} like "
    what += f"{second} one beyond: a spreadsheet seems to have swapped day and month of the former."
    setting = "Export again and do not open and save the file in a spreadsheet, or correct the dates in "
    return [
        ExportDecision(
            where=place.export,
            what=what,
            setting=f"{setting}queries/staging/{place.table}.sql.",
            level="warning",
            moves_kvis=True,
        )
    ]


def _either_order(place: Place, column: Column, error: AmbiguousDatesError) -> Problem:
    where = f"kviboard.toml, [sources.{place.source}] date_format"
    if error.in_both_orders:
        by_day, by_month = error.in_both_orders
        what = f'{column.name} has dates with the day first ("{by_day}") and with the month first ("{by_month}").'
        hint = "Give the files of each order a source of their own with its date_format, such as "
        hint += f'"%d/%m/%Y" and "%m/%d/%Y", and read both in queries/staging/{place.table}.sql, or export all in one.'
        return Problem(where, what, hint)
    what = f'{column.name} has dates like "{error}", where day and month cannot be told apart.'
    hint = 'Set date_format, such as "%d/%m/%Y" for day/month/year or "%m/%d/%Y" for month/day/year.'
    return Problem(where, what, hint)


def _said_of_other_order(
    connection: duckdb.DuckDBPyConnection, place: Place, column: Column, value: str, style: DateStyle
) -> list[ExportDecision]:
    """Files whose dates, read as those of the other files decide, lie on one day of each of several months: read the
    other way round, they are days of one month."""
    is_day_first = any(each.startswith("%d") for each in style.formats)
    if not style.formats or not (is_day_first or any(each.startswith("%m") for each in style.formats)):
        return []
    day, month = ("one", "two") if is_day_first else ("two", "one")
    of_part = "try_cast(regexp_extract(v, {}, {}) as integer) as {}"
    parts = ", ".join(of_part.format(literal(PARTS), part, name) for part, name in ((1, "one"), (3, "two")))
    found = rows_of(
        connection,
        f"""
        select {FILE}, count(*), count(distinct {month}), min(v), min({LINE})
        from (select v, {parts}, {FILE}, {LINE} from (select {value} as v, {FILE}, {LINE} from {place.rows}))
        where v is not null and {FILE} is not null group by {FILE}
        having max(one) <= 12 and max(two) <= 12 and count(one) = count(*)
            and count(distinct {month}) >= {_FEWEST_MONTHS} and count(distinct {day}) = 1
        order by {FILE}
        """,
    )
    order, other = ("day", "month") if is_day_first else ("month", "day")
    return [
        ExportDecision(
            where=file,
            what=f"all {counted(rows, 'date')} of it are read with the {order} first, as those of other files must be, "
            f"and lie on one day of {months} months; with the {other} first they are {months} days of one month.",
            example=WrittenValues(rows, first, None, line).example,
            setting="If the file is written that way, give it a source of its own with "
            f'date_format = "{"%m/%d/%Y" if is_day_first else "%d/%m/%Y"}", or export it as the others are.',
            level="warning",
            moves_kvis=True,
        )
        for file, rows, months, first, line in found
    ]


def _native_style(
    connection: duckdb.DuckDBPyConnection, place: Place, column: Column, found_type: str, own: str | None, company: str
) -> DateStyle:
    """Typed times are days where all are midnight: looked at only where a zone would move them, up to the first one."""
    is_moment = found_type == "TIMESTAMP WITH TIME ZONE"
    zone = "UTC" if is_moment else own
    if zone is None or zone == company or found_type == "DATE":
        return DateStyle()
    name = quoted(column.name)
    clock = f"timezone('UTC', {name})" if is_moment else name
    later = f"select 1 from {place.rows} where cast({clock} as time) <> time '00:00' limit 1"
    return DateStyle(zones=Zones(own=zone), are_days=not rows_of(connection, later))


def _several(place: Place, column: Column, error: SeveralZonesError) -> Problem:
    where = f"kviboard.toml, [sources.{place.source}] timezone"
    what = f"{column.name} has times in {error.name}, which is used in {listed(error.places, 'and')}."
    hint = f'Set timezone = "{error.places[0]}" or {_others(error.places)}.'
    return Problem(where, what, hint)


def _two_beginnings(place: Place, column: Column, written: WrittenValues) -> Problem:
    what = (
        f"{column.name} has numbers that count days (as {written.example}), and some of the workbooks count them from "
    )
    what += "1904, others from 1900."
    hint = 'Give these cells a date format in the workbook, or set date_format = "excel" (all from 1900) or '
    hint += '"excel_1904" (all from 1904).'
    return Problem(f"kviboard.toml, [sources.{place.source}] date_format", what, hint)


def _others(places: Iterable[str]) -> str:
    return " or ".join(f'"{place}"' for place in list(places)[1:])


def _said_of_zone(
    place: Place, column: Column, style: DateStyle, rules: Rules, is_moment: bool = False
) -> list[ExportDecision]:
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


def _said_of_bare(place: Place, column: Column, bare: WrittenValues, company: str) -> ExportDecision:
    times = f"{counted(bare.count, 'time')} of {column.name} {plural(bare.count, 'names', 'name')} no zone"
    return ExportDecision(
        where=place.export,
        what=f"{times} where others do, and {plural(bare.count, 'counts', 'count')} as times of {company}.",
        example=bare.example,
        setting=f'[sources.{place.source}] timezone names theirs, such as "UTC".',
        level="warning",
        moves_kvis=True,
    )


def _said_of_tool(
    connection: duckdb.DuckDBPyConnection, place: Place, column: Column, value: str, company: str
) -> list[ExportDecision]:
    """Times without a zone in the export of a tool that writes those of another zone than the company's."""
    tool = next((tool for mark, tool in _WRITE_UTC.items() if mark in place.columns), "")
    if not tool or company in _ALWAYS_UTC:
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


def _said_of_name(place: Place, column: Column, zones: Zones, suffix: str, written: WrittenValues) -> ExportDecision:
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
