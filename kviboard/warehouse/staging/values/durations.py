"""How long something took, as people and programs write it, in minutes: 0:12:30, 12:30, 12m 30s, PT12M30S.

The unit of plain numbers is minutes unless the column's name tells another, as "Duration (in seconds)".
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

import duckdb

from kviboard.warehouse.engine import literal, row_of, rows_of
from kviboard.warehouse.files.records import FILE, LINE
from kviboard.warehouse.staging.values.numbers import WrittenValues

_NUMBER = r"\d+(?:[.,]\d+)?"
_UNITS = {  # minutes in one: what it is called
    "1440": "d|days?|tage?",
    "60": r"h|hrs?|hours?|std\.?|stunden?",
    "1": r"m|mins?\.?|minutes?|minuten",
    "1.0 / 60": r"s|secs?\.?|seconds?|sek\.?|sekunden?",
}
_WORDS = rf"(?i)^p?(?:t?{_NUMBER}\s*(?:{'|'.join(_UNITS.values())})[\s,]*)+$"
_CLOCK = rf"(?i)^(?:(\d+)(?:\s*days?,?\s+|\.))?(\d+):([0-5]?\d):([0-5]?{_NUMBER})$"
_SHORT = r"^(\d+):([0-5]\d)$"


UNITS = {
    "nanoseconds": 60_000_000_000, "microseconds": 60_000_000, "milliseconds": 60_000, "seconds": 60, "minutes": 1,
    "hours": 1 / 60, "days": 1 / 1440,
}  # fmt: skip
"""How many of a unit make a minute."""
OF_TYPES = {"s": "seconds", "ms": "milliseconds", "us": "microseconds", "ns": "nanoseconds"}
"""Units of the type that Arrow has for durations, which Parquet files hold as whole numbers."""
_CALLED = {
    "milliseconds": "ms msec msecs millis millisecond milliseconds millisekunden",
    "seconds": "sec secs second seconds sek sekunde sekunden seconde secondes seconden sekunder",
    "minutes": "min mins minute minutes minuten minutter",
    "hours": "hr hrs hour hours std stunde stunden heure heures uur uren timer",
    "days": "day days tage",
}
_SHORT_NAMES = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}  # in brackets, or after a _ at the end
_HOURS_AND_MINUTES = re.compile(r"\b(hh?|std?\.?):(mm?|min\.?)\b(?!:)")
_IN_BRACKETS = re.compile(r"[(\[]([^)\]]*)[)\]]")
_A_DAY = 1440  # minutes
_FEWEST = 3  # rows that tell that a unit is another one


@dataclass(frozen=True)
class LongTimes:
    """Numbers of minutes that no day has: how many of all, and one of them with its place."""

    written: WrittenValues
    of: int

    @property
    def is_unit_doubtful(self) -> bool:
        """Whether most are so long, so that they hardly are minutes."""
        return self.written.count >= _FEWEST and 2 * self.written.count > self.of


def find_long_times(connection: duckdb.DuckDBPyConnection, rows: str, number: str, minute: float) -> LongTimes | None:
    """What `number` (SQL) holds in `rows` (SQL) beyond a day, `minute` of it being one minute; None for nothing."""
    is_long = f"n > {_A_DAY * minute!r}"
    if not rows_of(connection, f"select 1 from (select {number} as n from {rows}) where {is_long} limit 1"):
        return None
    of, count, *first = row_of(
        connection,
        f"""
        select
            count(*) filter (where n > 0), count(*) filter (where {is_long}),
            {", ".join(f"arg_min({each}, ({FILE}, {LINE})) filter (where {is_long})" for each in ("n", FILE, LINE))}
        from (select {number} as n, {FILE}, {LINE} from {rows})
        """,
    )
    return LongTimes(WrittenValues(count, f"{first[0]:,.0f}", *first[1:]), of)


@dataclass(frozen=True)
class ShortClocks:
    """Values like 12:30 in a column: how many, one of them, and whether other values say that it is minutes and seconds
    and not hours and minutes."""

    count: int
    example: str
    is_decided: bool


def find_short_clocks(connection: duckdb.DuckDBPyConnection, rows: str, value: str) -> ShortClocks | None:
    """What `value` (SQL) holds of them in `rows` (SQL); None where it holds none."""
    first = f"try_cast(regexp_extract(v, {literal(_SHORT)}, 1) as integer)"
    count, example, whole, most = row_of(
        connection,
        f"""
        select
            count(*) filter (where is_short), min(v) filter (where is_short),
            count(*) filter (where regexp_matches(v, {literal(_CLOCK)})), max({first}) filter (where is_short)
        from (select v, regexp_matches(v, {literal(_SHORT)}) as is_short from (select {value} as v from {rows})
              where contains(v, ':'))
        """,
    )
    return ShortClocks(count, example, is_decided=whole > 0 or most > 23) if count else None


def find_clocks_without_seconds(connection: duckdb.DuckDBPyConnection, rows: str, value: str) -> tuple[int, str] | None:
    """Values like 12:30:00 of `value` (SQL) in `rows` (SQL), how many and one of them, where all are whole minutes and
    most are hours long: so a spreadsheet writes twelve and a half minutes typed as 12:30. None for others."""
    count, whole, long, example = row_of(
        connection,
        f"""
        select
            count(*), count(*) filter (where v like '%:00'),
            count(*) filter (where not regexp_matches(v, '^0+:')), max(v)
        from (select {value} as v from {rows})
        where contains(v, ':') and regexp_matches(v, '^\\d+:\\d\\d:\\d\\d$')
        """,
    )
    return (count, example) if count >= _FEWEST and whole == count and 2 * long > count else None


def are_hours(column: str) -> bool:
    """Whether a column's name says that 1:30 in it is an hour and a half, as "Duration (hh:mm)" does."""
    return bool(_HOURS_AND_MINUTES.search(column.casefold()))


def minutes_of(value: str, has_hours: bool = False) -> str:
    """SQL: the minutes of a text that is written as a duration; null for anything else, plain numbers included.
    `has_hours`: 1:30 is an hour and a half."""
    clock = _total((_part(value, _CLOCK, place), size) for place, size in enumerate(_UNITS, 1))
    short = _total(
        (_part(value, _SHORT, place), size) for place, size in enumerate(list(_UNITS)[2 - has_hours :][:2], 1)
    )
    words = _total(
        (_part(value, rf"(?i)({_NUMBER})\s*(?:{names})(?:[^a-z]|t\d|$)", 1), size) for size, names in _UNITS.items()
    )
    return (
        f"case when regexp_matches({value}, {literal(_SHORT)}) then {short} "
        f"when regexp_matches({value}, {literal(_CLOCK)}) then {clock} "
        f"when regexp_matches({value}, {literal(_WORDS)}) then {words} end"
    )


def _part(value: str, pattern: str, place: int) -> str:
    return f"coalesce(try_cast(replace(regexp_extract({value}, {literal(pattern)}, {place}), ',', '.') as double), 0)"


def _total(parts: Iterable[tuple[str, str]]) -> str:
    return " + ".join(f"{part} * {size}" for part, size in parts)


def unit_in_name(column: str) -> str | None:
    """The unit that a column's name tells, as "Duration (in seconds)", duration_ms or "Handle time [h]"; None for none,
    or for several."""
    plain = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", column).replace("_", " ").casefold()
    bracketed = " ".join(_IN_BRACKETS.findall(plain))
    for text in (bracketed, plain):
        words = re.findall(r"[a-zµ]+", text)
        short = words if text is bracketed else words[-1:] * (len(words) > 1)
        found = {unit for unit, names in _CALLED.items() if set(words) & set(names.split())}
        found |= {_SHORT_NAMES[word] for word in short if word in _SHORT_NAMES}
        if found:
            return next(iter(found)) if len(found) == 1 else None
    return None
