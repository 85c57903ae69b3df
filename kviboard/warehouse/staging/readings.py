"""How the values of one column are read: decided on all of them, said, or refused where they do not decide it.

Owns the order of the questions and their sentences; the answers are found in dates and durations.
"""

from dataclasses import dataclass, field

import duckdb

from kviboard.domain.contract import Column
from kviboard.domain.formatting import counted, plural
from kviboard.errors import Problem
from kviboard.warehouse.manifest import Decision
from kviboard.warehouse.staging.cast import Rules, clean_text, is_native
from kviboard.warehouse.staging.dates import AmbiguousDatesError, DateStyle, detect_style
from kviboard.warehouse.staging.durations import find_short_clocks


class StagingError(Exception):
    """A table cannot be accepted; carries the problem."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem


@dataclass(frozen=True)
class Place:
    """Where the values of a column are: `rows` is SQL for the rows of one source in a staging query."""

    table: str
    source: str
    rows: str
    is_text: bool


@dataclass
class Reading:
    """How a column is read, and what was decided."""

    rules: Rules
    dates: DateStyle = field(default_factory=DateStyle)
    decisions: list[Decision] = field(default_factory=list)


def read_column(
    connection: duckdb.DuckDBPyConnection, place: Place, column: Column, found_type: str, rules: Rules
) -> Reading:
    """Decide how to read `column`. Raises StagingError where it can be read in two ways and nothing decides."""
    reading = Reading(rules)
    if is_native(column, found_type, place.is_text):
        return reading
    if column.kind in ("day", "time"):
        reading.dates = _date_style(connection, place, column, rules)
    if column.kind == "minutes":
        reading.decisions += _short_clocks(connection, place, column)
    return reading


def _date_style(connection: duckdb.DuckDBPyConnection, place: Place, column: Column, rules: Rules) -> DateStyle:
    value = clean_text(column.name, keeps_tokens=False)
    where = f"kviboard.toml, [sources.{place.source}] date_format"
    try:
        return detect_style(connection, place.rows, value, rules.timezone, rules.date_format)
    except AmbiguousDatesError as error:
        what = f'{column.name} has dates like "{error}", where day and month cannot be told apart.'
        hint = 'Set date_format, such as "%d/%m/%Y" for day/month/year or "%m/%d/%Y" for month/day/year.'
        raise StagingError(Problem(where, what, hint)) from error


def _short_clocks(connection: duckdb.DuckDBPyConnection, place: Place, column: Column) -> list[Decision]:
    found = find_short_clocks(connection, place.rows, clean_text(column.name, keeps_tokens=False))
    if found is None:
        return []
    first, second = found.example.split(":")
    values = f"{counted(found.count, 'value')} of {column.name} {plural(found.count, 'is', 'are')}"
    return [
        Decision(
            where=f"The {place.table} export",
            what=f"{values} written like {found.example} and read as minutes and seconds.",
            example=f"{found.example} is {int(first)} min {int(second)} s, not {int(first)} h {int(second)} min",
            setting=f"Where it is hours and minutes, compute the minutes in queries/staging/{place.table}.sql.",
            level="note" if found.is_decided else "warning",
            moves_kvis=True,
        )
    ]
