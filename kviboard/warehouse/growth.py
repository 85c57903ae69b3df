"""Lets customer_days grow: when activity files with later days come in, only their rows are computed and added.

Owns when that gives exactly the rows that building it whole would give; in any doubt it is built whole. What the mart
computes from new_activity and active_before is written in its query, once for both.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from kviboard.catalog import QueryFile
from kviboard.warehouse.accept import Accepted
from kviboard.warehouse.engine import literal, parquet_rows
from kviboard.warehouse.facts import Facts
from kviboard.warehouse.fingerprints import short_hash
from kviboard.warehouse.manifest import Grown
from kviboard.warehouse.records import FILE
from kviboard.warehouse.tables import Before

GROWING = "customer_days"
_MOST_PARTS = 40  # then it is built whole again: the days of a customer should lie together


@dataclass(frozen=True)
class Growth:
    """How customer_days comes to its rows: `parts` as they were before, and what follows from `new_rows` (SQL)."""

    grown: Grown
    new_rows: str
    parts: tuple[Path, ...] = ()  # none where the table is built whole
    adds: bool = True  # whether there are new rows


def plan_growth(facts: Facts, accepted: Accepted, mart: QueryFile | None, before: Before) -> Growth | None:
    """How customer_days is to be built; None where it is not fit to be added to, now or later.

    It is fit where the mart is the board's own and each row of activity is judged by itself and read from its own
    file. It grows where the version before has the same rows of files that are all still there, and the days of the
    new files lie after theirs.
    """
    days: dict[str, Mapping[date, int]] = {
        e.found.fingerprint: accepted.days.get((e.found.source, e.found.name), {}) for e in facts.extracts
    }
    all_days = [day for found in days.values() for day in found]
    shape, extracts = facts.shape, facts.extracts
    is_counted = accepted.delivered.total() == sum(e.rows for e in extracts)
    if not (shape and mart and mart.built_in and accepted.is_view and is_counted and all_days):
        return None
    grown = Grown(made_by=short_hash(shape, mart.sql), files=tuple(days), through=max(all_days))
    known = before.manifest.grown.get(GROWING) if before.manifest else None
    if known and known.made_by == grown.made_by and known.files and set(known.files) <= days.keys():
        old_days = [day for file in known.files for day in days[file]]
        new_days = [day for file in days.keys() - set(known.files) for day in days[file]]
        parts = tuple(before.whole_files(GROWING))
        has_room = len(parts) < _MOST_PARTS or not new_days
        if parts and has_room and max(old_days) == known.through < min(new_days, default=date.max):
            names = [literal(e.found.name) for e in extracts if e.found.fingerprint not in known.files]
            which = f"{FILE} in ({', '.join(names)})" if new_days else "false"
            return Growth(grown, f"{accepted.kept_rows} and {which}", parts, adds=bool(new_days))
    return Growth(grown, accepted.kept_rows)


def offer_new_activity(connection: duckdb.DuckDBPyConnection, growth: Growth | None) -> None:
    """Create new_activity and active_before, which customer_days is made from."""
    new_rows = growth.new_rows if growth else "select * from activity"
    connection.execute(f"create view new_activity as {new_rows}")
    connection.execute("create table active_before (customer_id varchar, last_day date)")
    if growth and growth.parts:
        connection.execute(
            "insert into active_before select customer_id, max(day) as last_day "
            f"from {parquet_rows(growth.parts)} group by customer_id"
        )
