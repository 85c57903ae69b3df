"""In which days of a table a column tells anything, where exports have it only from some day on, or not any more."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

import duckdb

from kviboard.domain.contract import CONTRACT, EVENT_TABLES
from kviboard.domain.formatting import counted, format_day
from kviboard.domain.kvis.silence import BEYOND_CHANCE
from kviboard.warehouse.engine import quoted, row_of
from kviboard.warehouse.manifest import ExportDecision, Reach

_SILENT_DAYS = 7  # at least: a few rows at the edge of an export are no other export
_OF_GUESTS = ("orders", "customer_id")  # the only needed column that rows may lack
_LATER = ("closed_at", "updated_at", "comment", "event_id", "response_id")
"""Columns that say nothing of a row until later, or only of some, and ids that no KVI needs."""


def told_days(
    connection: duckdb.DuckDBPyConnection, provided: Mapping[str, tuple[str, ...]], reach: Mapping[str, Reach]
) -> tuple[dict[str, Reach], list[ExportDecision]]:
    """By "table.column" the first and last day that it tells something of, where these are not those of its table; and
    what is said of it. Of the days before and after nobody knows whether it was nothing."""
    told: dict[str, Reach] = {}
    said: list[ExportDecision] = []
    for table in (name for name in EVENT_TABLES if name in reach):
        columns = CONTRACT[table].columns
        optional = (c.name for c in columns if not c.required or (table, c.name) == _OF_GUESTS)
        known = [name for name in optional if name in provided.get(table, ()) and name not in _LATER]
        for column in _silent(connection, table, known, reach[table]):
            found = _told(connection, table, column, reach[table])
            if found != reach[table]:
                told[f"{table}.{column}"] = found
                said += _said(connection, table, column, reach[table], found)
    return told, said


def _silent(connection: duckdb.DuckDBPyConnection, table: str, columns: Sequence[str], whole: Reach) -> list[str]:
    """Those of the columns that tell nothing in the first or in the last days of a table; all of them at one look."""
    if not columns:
        return []
    long = timedelta(days=_SILENT_DAYS)
    begins = f"day < cast('{whole.data_from + long}' as date)"
    ends = f"day > cast('{whole.data_through - long}' as date)"
    told = ", ".join(f"count({quoted(each)}) filter (where {days})" for each in columns for days in (begins, ends))
    counts = row_of(connection, f"select {told} from {table} where {begins} or {ends}")
    return [each for place, each in enumerate(columns) if not all(counts[2 * place : 2 * place + 2])]


def _told(connection: duckdb.DuckDBPyConnection, table: str, column: str, whole: Reach) -> Reach:
    long = timedelta(days=_SILENT_DAYS)
    first, last, rows, filled = row_of(
        connection,
        f"""
        with told as (select min(day) as first, max(day) as last from {table} where {quoted(column)} is not null)
        select any_value(first), any_value(last), count(*), count({quoted(column)})
        from {table}, told where day between first and last
        """,
    )
    before, after = row_of(
        connection,
        f"select count(*) filter (where day < ?), count(*) filter (where day > ?) from {table}",
        [first, last],
    )
    empty = (rows - filled + 1) / (rows + 2)  # the rule of succession: a few rows that have it do not say that all have
    is_late = first - whole.data_from >= long and empty**before < BEYOND_CHANCE
    is_gone = whole.data_through - last >= long and empty**after < BEYOND_CHANCE
    return Reach(data_from=first if is_late else whole.data_from, data_through=last if is_gone else whole.data_through)


def _said(
    connection: duckdb.DuckDBPyConnection, table: str, column: str, whole: Reach, told: Reach
) -> list[ExportDecision]:
    found = []
    for day, is_gone in ((told.data_from, False), (told.data_through, True)):
        if day in (whole.data_from, whole.data_through):
            continue
        sign, when = (">", "after") if is_gone else ("<", "before")
        (rows,) = row_of(connection, f"select count(*) from {table} where day {sign} ?", [day])
        ends = f"{'end' if is_gone else 'begin'} with that day"
        empty = f"{column} is empty in all {counted(rows, 'row')} {when} {format_day(day)}"
        found.append(
            ExportDecision(
                where=f"The {table} export",
                what=f"{empty}. KVIs that need it {ends}.",
                setting="If it has another name in these files, add that under rename." if is_gone else "",
                level="warning" if is_gone else "note",
                moves_kvis=is_gone,
            )
        )
    return found
