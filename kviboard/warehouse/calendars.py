"""The days of each period, as tables: those that a reader looks at, and those that a version counts customers by.

Both are made by the calendar of the version's settings. That of a newer kviboard.toml may have periods that no mart
knows, and a count in one of these would be 0 though customers ordered; so it counts from the next refresh on.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

import duckdb
import pyarrow as pa

from kviboard.domain.periods import Calendar, Sprint, calendar_columns
from kviboard.warehouse.engine import rows_of
from kviboard.warehouse.manifest import Reach


def exported_sprints(connection: duckdb.DuckDBPyConnection) -> tuple[Sprint, ...]:
    """The sprints of the export, of all teams."""
    rows = rows_of(connection, "select name, starts_on, ends_on, goal, team from sprints")
    return tuple(Sprint(*row) for row in rows)


def create_calendar(connection: duckdb.DuckDBPyConnection, calendar: Calendar, days: tuple[date, date] | None) -> None:
    """Create calendar, a row per grain and day from the first to the last of `days`, and periods, one per period."""
    connection.execute("create table calendar (grain varchar, day date, period date, ends_on date)")
    if days:
        _insert(connection, "calendar", "*", _table(calendar, *days))
    connection.execute(
        "create table periods as select grain, period, ends_on, min(day) as first_day from calendar group by all"
    )


def create_order_periods(connection: duckdb.DuckDBPyConnection, calendar: Calendar, orders: Reach | None) -> None:
    """Create order_periods: a row per day from the first order to the last, and first day of a period that it lies in.

    The sprints of each team are there, and those of `calendar`: whoever has none looks at these. From a day on which
    periods of several kinds begin, customers are counted once.
    """
    connection.execute("create table order_periods (period_from date, day date)")
    if orders:
        calendars = [calendar, *(replace(calendar, sprints=own) for own in _by_team(exported_sprints(connection)))]
        tables = [_table(each, orders.data_from, orders.data_through) for each in calendars]
        _insert(connection, "order_periods", "distinct period, day", pa.concat_tables(tables))


def _by_team(sprints: Iterable[Sprint]) -> Iterable[tuple[Sprint, ...]]:
    teams: dict[str | None, list[Sprint]] = {}
    for sprint in sprints:
        teams.setdefault(sprint.team, []).append(sprint)
    return map(tuple, teams.values())


def _table(calendar: Calendar, first: date, last: date) -> pa.Table:
    return pa.table({name: pa.array(values) for name, values in calendar_columns(calendar, first, last).items()})


def _insert(connection: duckdb.DuckDBPyConnection, table: str, columns: str, rows: pa.Table) -> None:
    connection.register("rows", rows)
    connection.execute(f"insert into {table} select {columns} from rows")
    connection.unregister("rows")
