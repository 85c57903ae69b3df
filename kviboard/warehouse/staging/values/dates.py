"""How dates are written in a column of text, decided on all its values and never guessed from the first ones."""

import re
from dataclasses import dataclass, field, replace
from itertools import count

import duckdb

from kviboard.warehouse.engine import literal, row_of, rows_of
from kviboard.warehouse.files.records import FILE, LINE
from kviboard.warehouse.staging.values.date_numbers import (
    DAYS_TO_1970,
    NUMBERS,
    all_whole,
    find_numbers,
    time_of_number,
    zone_of_number,
)
from kviboard.warehouse.staging.values.date_texts import tidied
from kviboard.warehouse.staging.values.month_names import is_named, named_time
from kviboard.warehouse.staging.values.numbers import FIRST_WRITTEN, WrittenValues
from kviboard.warehouse.staging.values.zones import (
    UNIVERSAL,
    Zones,
    in_company_time,
    resolve,
    without_suffix,
    zone_suffix,
)

_TIMES = (
    "", " %H:%M:%S", " %H:%M", "T%H:%M:%S", "T%H:%M", " %I:%M:%S %p", " %I:%M %p", ", %H:%M:%S", ", %H:%M",
    " %H:%M:%S.%f", ", %I:%M:%S %p", ", %I:%M %p",
)  # fmt: skip
_DAYS = ("%d.%m.%Y", "%d/%m/%Y", "%m/%d/%Y", "%d-%m-%Y", "%m-%d-%Y", "%Y-%m-%d", "%Y/%m/%d", "%d %b %Y", "%b %d, %Y")
PARTS = r"^(\d{1,2})([-/.])(\d{1,2})[-/.]\d{4}(?:\D.*)?$"
_MOSTLY = 0.99
_KEPT = 1_000_000  # values that are written in unusual ways
_NUMBERS = count()
_LOOKED_AT = 20_000  # different dates of which the formats are found
ZONE_AT_END = r" ?(?:[A-Z]{3,5}|Z|[+-]\d{2}:?\d{2})$"
_SUMMER_AND_WINTER = 2  # zones of one place, whose clocks tell what was later
_SORTS = r"^[1-9]\d{3}-\d{2}-\d{2}(?:\D|$)"
_ISO = r"^[1-9]\d{3}[-/]\d{1,2}[-/]\d{1,2}(?:[T\s]\s*\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?$"
_ISO_IN_HALVES = ("%Y-%m-%d %I:%M:%S %p", "%Y-%m-%d %I:%M %p", "%Y/%m/%d %I:%M:%S %p", "%Y/%m/%d %I:%M %p")
_DAY = r"[1-9]\d{3}-\d\d-\d\d"
_TIME = rf"{_DAY}[ T]\d\d:\d\d:\d\d"
_MIDNIGHT = r"[T\s]0?0:00(?::00(?:[.,]0+)?)?(?:[^\d:.,].*)?$"


@dataclass(frozen=True)
class DateStyle:
    """How to read a column's dates. No formats: ISO 8601 only. `is_first`: the formats go before ISO.

    `has_names`: some have their month as a word. `is_tidied`: some are written in a form that is tidied first.
    `numbers`: names of the kinds of numbers to read as moments, each in its plausible span unless `any_number`.
    `are_days`: all times are midnight, so they are days, which no zone moves.
    """

    formats: tuple[str, ...] = ()
    is_first: bool = False
    zones: Zones = field(default_factory=Zones)
    numbers: tuple[str, ...] = ()
    any_number: bool = False
    has_names: bool = False
    is_tidied: bool = False
    are_days: bool = False


@dataclass(frozen=True)
class Dates:
    """The style of a column, and what should be said of it: numbers by kind and zones by suffix, each with a value."""

    style: DateStyle
    numbers: dict[str, WrittenValues]
    zones: dict[str, WrittenValues]
    bare: WrittenValues | None = (
        None  # times without a zone, where others of the column have one and nothing says theirs
    )


class AmbiguousDatesError(Exception):
    """The day and the month cannot be told apart; carries an example value, and where some values can only be read day
    first and some only month first, one of each."""

    def __init__(self, example: str, in_both_orders: tuple[str, str] | None = None) -> None:
        super().__init__(example)
        self.in_both_orders = in_both_orders


def given_style(date_format: str, zones: Zones | None = None) -> DateStyle:
    """The style of a format the company gave; a time of day may follow where the format names none."""
    zones = zones or Zones()
    if date_format in NUMBERS:
        return DateStyle(zones=zones, numbers=(date_format,), any_number=True)
    date_format = re.sub(r"\s*%[zZ]", "", date_format)  # a value's zone is read before its date
    times = ("",) if "%H" in date_format or "%I" in date_format or "%c" in date_format else _TIMES
    return DateStyle(tuple(date_format + time for time in times), is_first=True, zones=zones)


def formats_used(connection: duckdb.DuckDBPyConnection, rows: str, value: str) -> tuple[str, ...] | None:
    """The formats in which the dates `value` (SQL) in `rows` (SQL) are written; both orders of day and month where
    either can be. () where they sort as they are written, as 2026-01-31 does; None where no format says them, or their
    zones are more than those of one place; %Z stands for the zone that ends them."""
    dates = f"(select distinct {value} as v from {rows} where {value} is not null limit {_LOOKED_AT})"
    if not row_of(connection, f"select count(*) from {dates} where not regexp_matches(v, '{_SORTS}')")[0]:
        return ()
    zone = f"regexp_extract(v, '{ZONE_AT_END}')"
    zones = [suffix for (suffix,) in rows_of(connection, f"select distinct {zone} from {dates} order by 1")]
    if zones == [""]:
        return _plain_formats(connection, dates)
    if "" in zones or len(zones) > _SUMMER_AND_WINTER:
        return None
    bare = _plain_formats(connection, f"(select left(v, length(v) - length({zone})) as v from {dates})")
    return bare and tuple(f"{each} %Z" for each in bare)


def _plain_formats(connection: duckdb.DuckDBPyConnection, dates: str) -> tuple[str, ...] | None:
    """The formats of dates `v` without a zone; None where no format says them."""
    known = tuple(day + time for day in _DAYS for time in _TIMES)
    counts = ", ".join(f"count(try_strptime(v, {literal(each)}))" for each in known)
    any_of = f"try_strptime(v, [{', '.join(map(literal, known))}])"
    others, *found = row_of(connection, f"select count(*) - count({any_of}), {counts} from {dates}")
    if others:
        return None
    used = {each: count for each, count in zip(known, found, strict=True) if count}
    for sign in "/-":
        orders = (f"%d{sign}%m{sign}%Y", f"%m{sign}%d{sign}%Y")
        day, month = (sum(count for each, count in used.items() if each.startswith(order)) for order in orders)
        if day != month:
            used = {each: count for each, count in used.items() if not each.startswith(orders[day > month])}
    return tuple(used)


def time_of(value: str, style: DateStyle, company: str) -> str:
    """SQL: the company's time of a trimmed text; null where it is no date."""
    zones = Zones(style.zones.minutes, style.zones.places, style.zones.has_offsets) if style.are_days else style.zones
    text = without_suffix(value, zones)
    text = tidied(text) if style.is_tidied else text
    local = iso_time(text)
    if style.formats:
        formatted = f"try_strptime({text}, [{', '.join(map(literal, style.formats))}])"
        local = f"coalesce({formatted}, {local})" if style.is_first else f"coalesce({local}, {formatted})"
    if style.has_names:
        local = f"coalesce({local}, {named_time(text)})"
    moment = local if style.are_days else in_company_time(local, value, zones, company)
    own, is_moved = style.zones.own, not style.are_days
    numbers = [
        time_of_number(value, kind, company, zone_of_number(kind, own) if is_moved else None, style.any_number)
        for kind in style.numbers
    ]
    if style.any_number:
        numbers.reverse()
        return f"coalesce({', '.join([*numbers, moment])})"
    return f"coalesce({', '.join([moment, *numbers])})" if numbers else moment


def iso_time(value: str) -> str:
    """SQL: the time of an ISO 8601 text without a zone, null for anything else. `value` is a trimmed text column."""
    compact = f"when length({value}) = 8 and try_cast({value} as integer) > 0 then try_strptime({value}, '%Y%m%d')"
    return f"case when regexp_matches({value}, {literal(_ISO)}) then try_cast({value} as timestamp) {compact} end"


def find_dates(
    connection: duckdb.DuckDBPyConnection,
    rows: str,
    value: str,
    company: str,
    date_format: str | None = None,
    own: str | None = None,
    home: str | None = None,
    sheets: str = "excel",
) -> Dates:
    """How the dates `value` (SQL) in `rows` (SQL) are written. `own`: the zone of times that name none; `home`: the
    zone that a setting names for them; `sheets`: from when days in spreadsheets are counted, as date_format names it.

    Raises AmbiguousDatesError with an example, and SeveralZonesError.
    """
    cleaned = f"(from (select {value} as v, {FILE}, {LINE} from {rows}) where v is not null)"
    found, others_than_days = _found(connection, cleaned)
    zones = replace(resolve(found, home or company, is_given=home is not None), own=own)
    known = {suffix: some for suffix, some in found.items() if suffix == "" or _names_zone(suffix, zones)}
    are_days = sum(some.clocks for some in known.values()) > 0 and all(s.clocks == s.midnights for s in known.values())
    names = (zones.minutes.keys() | zones.places.keys()) - set(UNIVERSAL)
    said = {suffix: some.written for suffix, some in known.items() if suffix in names and not are_days}
    without = found.get("")
    is_mixed = without is not None and without.clocks > without.midnights and len(known) > 1 and own is None
    bare = replace(without.written, count=without.clocks) if without and is_mixed and not are_days else None
    if date_format:
        style = given_style(date_format, zones)
        whole = find_numbers(connection, cleaned, style.numbers, any_number=True)
        return Dates(replace(style, are_days=are_days or all_whole(whole)), {}, said, bare)
    style = DateStyle(zones=zones, are_days=are_days)
    others = sum(some.written.count for some in found.values()) - sum(some.iso for some in known.values())
    if not others:
        return Dates(style, {}, said, bare)
    text = without_suffix("v", zones)
    odd = f"(select {text} as v, {FILE}, {LINE} from {others_than_days} where {iso_time(text)} is null)"
    odd = _kept(connection, odd, others)  # looked at five times below
    is_tidied = bool(rows_of(connection, f"select 1 from {odd} where {tidied('v')} <> v limit 1"))
    if is_tidied:
        odd = f"(select {tidied('v')} as v, {FILE}, {LINE} from {odd} where {iso_time(tidied('v'))} is null)"
    numbers = find_numbers(connection, odd, [kind for kind in NUMBERS if kind not in DAYS_TO_1970 or kind == sheets])
    are_days = all_whole(numbers) if numbers and not are_days else are_days and not numbers
    named = bool(rows_of(connection, f"select 1 from {odd} where {is_named('v')} limit 1"))
    style = replace(
        style,
        formats=_formats(connection, odd),
        numbers=tuple(numbers),
        are_days=are_days,
        has_names=named,
        is_tidied=is_tidied,
    )
    return Dates(style, {kind: some.written for kind, some in numbers.items()}, said, bare)


@dataclass(frozen=True)
class _Some:
    """Values with one suffix: how many have a time of day, are midnight, are ISO 8601."""

    written: WrittenValues
    clocks: int
    midnights: int
    iso: int


def _found(connection: duckdb.DuckDBPyConnection, cleaned: str) -> tuple[dict[str, _Some], str]:
    """What _by_suffix finds, sooner where most values are written like 2026-01-31, or all like that or like
    2026-01-31 09:30:00; and SQL for the other values."""
    is_day = f"regexp_full_match(v, {literal(_DAY)}) and try_cast(v as date) is not null"
    is_day = f"case when strlen(v) = 10 then {is_day} else false end"  # of times, nothing more is asked
    values, days, as_long, first = row_of(
        connection,
        f"select count(*), count(*) filter (where {is_day}), count(*) filter (where strlen(v) = 19), min(v) "
        f"from {cleaned}",
    )
    if 0 < as_long == values - days:
        is_time = f"regexp_full_match(v, {literal(_TIME)}) and try_cast(v as timestamp) is not null"
        times, midnights = row_of(
            connection,
            f"select count(*), count(*) filter (where ends_with(v, '00:00:00')) from {cleaned} where {is_time}",
        )
        if times == as_long:
            return {"": _Some(WrittenValues(values, first, None, None), times, midnights, values)}, cleaned
    if not days:
        return _by_suffix(connection, cleaned), cleaned
    others = _kept(connection, f"(from {cleaned} where not ({is_day}))", values - days)
    found = _by_suffix(connection, others) if days < values else {}
    some = found.get("", _Some(WrittenValues(0, first, None, None), 0, 0, 0))
    written = replace(some.written, count=some.written.count + days)
    return found | {"": replace(some, written=written, iso=some.iso + days)}, others


def _kept(connection: duckdb.DuckDBPyConnection, values: str, number: int) -> str:
    """SQL for the same values, held for as long as a refresh takes where they are few enough for it."""
    if not 0 < number <= _KEPT:
        return values
    name = f"odd_dates_{next(_NUMBERS)}"
    connection.execute(f"create temp table {name} as {values[1:-1]}")
    return name


def _by_suffix(connection: duckdb.DuckDBPyConnection, cleaned: str) -> dict[str, _Some]:
    maybe = "contains(v, ':') and (not regexp_matches(v, '\\d(?:\\.\\d+)?$') or regexp_matches(v, ':.*[+−-]'))"
    found = rows_of(
        connection,
        f"""
        select
            suffix, count(*), {FIRST_WRITTEN},
            count(*) filter (where contains(v, ':')),
            count(*) filter (where contains(v, ':') and regexp_matches(v, {literal(_MIDNIGHT)})),
            count({iso_time("bare")})
        from (
            select *, case when suffix = '' then v else trim(left(v, length(v) - length(suffix))) end as bare
            from (select *, case when {maybe} then {zone_suffix("v")} else '' end as suffix from {cleaned})
        )
        group by suffix
        """,
    )
    return {suffix: _Some(WrittenValues(*rest[:4]), *rest[4:]) for suffix, *rest in found}


def _names_zone(suffix: str, zones: Zones) -> bool:
    is_offset = zones.has_offsets and bool(resolve([suffix], "UTC", is_given=False).has_offsets)
    return suffix in zones.minutes or suffix in zones.places or is_offset


def _formats(connection: duckdb.DuckDBPyConnection, odd: str) -> tuple[str, ...]:
    """Day first or month first, for values like 3/11/2026, from those where only one of the two is possible."""
    shaped, day_first, month_first, first_of_day, first_of_month, separator, example, halves = row_of(
        connection,
        f"""
        with shaped as (
            select
                v,
                try_cast(regexp_extract(v, '{PARTS}', 1) as integer) as one,
                try_cast(regexp_extract(v, '{PARTS}', 3) as integer) as two,
                regexp_extract(v, '{PARTS}', 2) as separator
            from {odd}
        )
        select
            count(one),
            count(*) filter (where one > 12 and two <= 12),
            count(*) filter (where two > 12 and one <= 12),
            min(v) filter (where one > 12 and two <= 12),
            min(v) filter (where two > 12 and one <= 12),
            mode(separator) filter (where one is not null),
            min(v) filter (where one is not null),
            count(*) filter (where regexp_matches(v, '^\\d{{4}}[-/].*[AaPp]\\.?[Mm]\\.?$'))
        from shaped
        """,
    )
    in_halves = _ISO_IN_HALVES if halves else ()
    if not shaped:
        return in_halves
    decisive = day_first + month_first
    if separator == "." and not month_first:  # nobody writes the month first with points
        day_first = decisive = 1
    if not decisive or max(day_first, month_first) < _MOSTLY * decisive:
        raise AmbiguousDatesError(example, (first_of_day, first_of_month) if decisive else None)
    order = ("%d", "%m", "%Y") if day_first >= month_first else ("%m", "%d", "%Y")
    return tuple(separator.join(order) + time for time in _TIMES) + in_halves
