"""How dates are written in a column of text, decided on all its values and never guessed from the first ones."""

from dataclasses import dataclass

import duckdb

from kviboard.warehouse.engine import literal, row_of

_TIMES = ("", " %H:%M:%S", " %H:%M", "T%H:%M:%S", "T%H:%M", " %I:%M:%S %p", " %I:%M %p", ", %H:%M:%S", ", %H:%M")
_PARTS = r"^(\d{1,2})([-/.])(\d{1,2})[-/.]\d{4}(?:\D.*)?$"
_MOSTLY = 0.99


@dataclass(frozen=True)
class DateStyle:
    """How to read a column's dates. No formats: ISO 8601 only. `is_first`: the formats go before ISO."""

    formats: tuple[str, ...] = ()
    has_offsets: bool = False
    is_first: bool = False


class AmbiguousDatesError(Exception):
    """The day and the month cannot be told apart; carries an example value."""


def given_style(date_format: str, has_offsets: bool = False) -> DateStyle:
    """The style of a format the company gave; a time of day may follow where the format names none."""
    times = ("",) if "%H" in date_format or "%I" in date_format or "%c" in date_format else _TIMES
    return DateStyle(tuple(date_format + time for time in times), has_offsets, is_first=True)


def iso_time(value: str, timezone: str, has_offsets: bool) -> str:
    """SQL: the local time of an ISO 8601 text, null for anything else. `value` is a trimmed text column."""
    plain = f"try_cast({value} as timestamp)"
    if has_offsets:
        tight = rf"regexp_replace({value}, '\s+([+-]\d\d)', '\1')"
        plain = (
            f"case when {_has_offset(value)} then timezone({literal(timezone)}, try_cast({tight} as timestamptz)) "
            f"else {plain} end"
        )
    compact = f"when length({value}) = 8 and try_cast({value} as integer) > 0 then try_strptime({value}, '%Y%m%d')"
    is_iso = f"{value}[5] in ('-', '/') and try_cast({value}[1:4] as integer) >= 1000"
    return f"case when {is_iso} then {plain} {compact} end"


def detect_style(
    connection: duckdb.DuckDBPyConnection, rows: str, value: str, timezone: str, date_format: str | None
) -> DateStyle:
    """The style of the dates `value` (SQL) in `rows` (SQL). Raises AmbiguousDatesError with an example."""
    cleaned = f"select {value} as v from {rows}"
    filled, iso, offsets = row_of(
        connection,
        f"select count(v), count({iso_time('v', timezone, False)}), count(*) filter (where {_has_offset('v')}) "
        f"from ({cleaned})",
    )
    if date_format:
        return given_style(date_format, offsets > 0)
    if iso == filled:
        return DateStyle(has_offsets=offsets > 0)
    odd = f"select v from ({cleaned}) where v is not null and {iso_time('v', timezone, False)} is null"
    return _numeric_style(connection, odd, offsets > 0)


def _numeric_style(connection: duckdb.DuckDBPyConnection, odd: str, has_offsets: bool) -> DateStyle:
    """Day first or month first, for values like 3/11/2026, from those where only one of the two is possible."""
    shaped, day_first, month_first, separator, example = row_of(
        connection,
        f"""
        with shaped as (
            select
                v,
                cast(regexp_extract(v, '{_PARTS}', 1) as integer) as one,
                cast(regexp_extract(v, '{_PARTS}', 3) as integer) as two,
                regexp_extract(v, '{_PARTS}', 2) as separator
            from ({odd}) where regexp_matches(v, '{_PARTS}')
        )
        select
            count(*),
            count(*) filter (where one > 12 and two <= 12),
            count(*) filter (where two > 12 and one <= 12),
            mode(separator),
            min(v)
        from shaped
        """,
    )
    if not shaped:
        return DateStyle(has_offsets=has_offsets)
    decisive = day_first + month_first
    if separator == "." and not month_first:  # nobody writes the month first with points
        day_first = decisive = 1
    if not decisive or max(day_first, month_first) < _MOSTLY * decisive:
        raise AmbiguousDatesError(example)
    order = ("%d", "%m", "%Y") if day_first >= month_first else ("%m", "%d", "%Y")
    return DateStyle(tuple(separator.join(order) + time for time in _TIMES), has_offsets)


def _has_offset(value: str) -> str:
    """SQL: whether a text ends in Z, UTC or a distance from it."""
    return (
        f"(length({value}) > 13 and ({value}[-1] = 'Z' or {value}[-3:] = 'UTC' or {value}[-6] in ('+', '-') "
        f"or {value}[-5] in ('+', '-') or {value}[-3] in ('+', '-')))"
    )
