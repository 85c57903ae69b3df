"""Which of day and month comes first in the dates of a column, and dates of which that is in doubt."""

import duckdb

from kviboard.domain.contract import Column
from kviboard.domain.formatting import counted
from kviboard.errors import Problem
from kviboard.warehouse.engine import literal, row_of, rows_of
from kviboard.warehouse.files.records import FILE, LINE
from kviboard.warehouse.manifest import ExportDecision
from kviboard.warehouse.staging.values.cast import Rules
from kviboard.warehouse.staging.values.dates import PARTS, AmbiguousDatesError, DateStyle, time_of
from kviboard.warehouse.staging.values.numbers import WrittenValues
from kviboard.warehouse.staging.values.place import Place

_FEWEST_MONTHS = 5  # with dates on one and the same day from which on it is hardly meant
_FEW = 3  # dates of a kind from which on it is no chance how they are written


def either_order(place: Place, column: Column, error: AmbiguousDatesError) -> Problem:
    """What to settle where day and month cannot be told apart."""
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


def said_of_swapped(
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


def said_of_other_order(
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
