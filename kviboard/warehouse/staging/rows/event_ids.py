"""Events are known by their event_id where an export has one on each row; of two rows of one event the later counts.

Some tools call the kind of an event its event_id. Such a one tells no events apart, which its own rows show.
"""

from dataclasses import replace

import duckdb

from kviboard.domain.formatting import counted, plural
from kviboard.warehouse.engine import row_of
from kviboard.warehouse.files.records import FILE, LINE
from kviboard.warehouse.manifest import ExportDecision
from kviboard.warehouse.staging.queries.query import CastRows
from kviboard.warehouse.staging.values.numbers import WrittenValues

_KEY = "event_id"
_SLIPS = 0.01  # ids that are there again with another customer or day, of those that are there again


def has_event_ids(connection: duckdb.DuckDBPyConnection, cast_rows: CastRows, valid: str) -> bool:
    """Whether each of the valid rows of activity names its event."""
    if cast_rows.table.name != "activity" or all(column.name != _KEY for column in cast_rows.provided):
        return False
    missing = f"select count(*) - count({_KEY}) from {cast_rows.relation} where {valid}"
    return not row_of(connection, missing)[0]


def known_by_event(cast_rows: CastRows) -> CastRows:
    """The rows, with the id of their event as their key."""
    return replace(cast_rows, table=replace(cast_rows.table, key=(_KEY,)))


def kinds_for_ids(connection: duckdb.DuckDBPyConnection, cast_rows: CastRows, valid: str) -> list[ExportDecision]:
    """A warning where repeated ids stand for different events, so that they cannot be what events are known by."""
    rows = f"{cast_rows.relation} where {valid}"
    again, differing, *example = row_of(
        connection,
        f"""
        with repeated as (
            select
                {_KEY}, min(customer_id) <> max(customer_id) or min(day) <> max(day) as is_differing,
                arg_min({FILE}, ({FILE}, {LINE})) as file, min({LINE}) as line
            from {rows} group by {_KEY} having count(*) > 1
        )
        select
            count(*), count(*) filter (where is_differing),
            {", ".join(f"arg_min({each}, (file, line)) filter (where is_differing)" for each in (_KEY, "file", "line"))}
        from repeated
        """,
    )
    if differing <= _SLIPS * again:
        return []
    ids = f"{differing:,} of {counted(again, 'event_id')} that {plural(again, 'is', 'are')} there several times"
    return [
        ExportDecision(
            where="The activity export",
            what=f"{ids} {plural(differing, 'stands', 'stand')} for rows of different customers or days, so event_id "
            "tells no events apart and all count; rows alike in every column of two files count once.",
            example=WrittenValues(differing, *example).example,
            setting="Rename the column that has an id of its own for each event to event_id, or this one to event.",
            level="warning",
            moves_kvis=True,
        )
    ]
