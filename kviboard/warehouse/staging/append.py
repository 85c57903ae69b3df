"""Lets customer_days grow: when activity files with later days come in, only their rows are computed and added.

Owns when that gives exactly the rows that building it whole would give; in any doubt it is built whole. What the mart
computes from new_activity and active_before is written in its query, once for both.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import takewhile
from pathlib import Path

import duckdb

from kviboard.catalog import QueryFile
from kviboard.warehouse.engine import literal, parquet_rows
from kviboard.warehouse.files.records import FILE
from kviboard.warehouse.fingerprints import short_hash
from kviboard.warehouse.manifest import Grown, GrownPart
from kviboard.warehouse.staging.rows.accept import Accepted
from kviboard.warehouse.staging.rows.profile import RowProfile
from kviboard.warehouse.tables import PreviousVersion

GROWING = "customer_days"
_MOST_PARTS = 40  # then it is built whole again: the days of a customer should lie together

Days = Mapping[str, Mapping[date, int]]  # of each export file, by its fingerprint: kept rows by day


@dataclass(frozen=True)
class Growth:
    """How customer_days comes to its rows: `parts` as they were before, and what follows from `new_rows` (SQL)."""

    grown: Grown  # as it will be
    files: tuple[str, ...]  # fingerprints of all activity files
    new_rows: str
    parts: tuple[Path, ...] = ()  # none where the table is built whole
    adds: bool = True  # whether there are new rows


def plan_growth(
    profile: RowProfile, accepted: Accepted, mart: QueryFile | None, before: PreviousVersion, writer_facts: str
) -> Growth | None:
    """How customer_days is to be built; None where it is not fit to be added to, now or later. `writer_facts`: what its
    rows depend on besides what they are made from.

    It is fit where the mart is the board's own and each row of activity is judged by itself and read from its own
    file. It grows where parts of the version before have the rows of files that are all still there, and the days of
    all other files lie after theirs.
    """
    extracts = profile.extracts
    days: Days = {e.found.fingerprint: accepted.days.get((e.found.source, e.found.name), {}) for e in extracts}
    is_counted = accepted.received.total() == sum(e.rows for e in extracts)
    if not (profile.shape and mart and mart.built_in and accepted.is_view and is_counted and any(days.values())):
        return None
    made_by = short_hash(profile.shape, mart.sql, writer_facts)
    kept = _kept_parts(made_by, days, before)
    new = [e for e in extracts if not any(e.found.fingerprint in part.files for part in kept)]
    added = _part([e.found.fingerprint for e in new], days)
    grown = Grown(made_by=made_by, parts=(*kept, added) if added else kept)
    if not kept:
        return Growth(grown, tuple(days), accepted.kept_rows)
    which = f"{FILE} in ({', '.join(literal(e.found.name) for e in new)})" if added else "false"
    parts = tuple(before.whole_files(GROWING)[: sum(part.written for part in kept)])
    return Growth(grown, tuple(days), f"{accepted.kept_rows} and {which}", parts, adds=bool(added))


def _kept_parts(made_by: str, days: Days, before: PreviousVersion) -> tuple[GrownPart, ...]:
    """The first parts of the version before, as many as have the very rows that they would get today.

    None where other files have days that are not later than theirs, or where it is time to build the table whole.
    """
    known = before.manifest.grown.get(GROWING) if before.manifest else None
    if known is None or known.made_by != made_by or not before.whole_files(GROWING):
        return ()
    kept = tuple(takewhile(lambda part: _has_same_rows(part, days), known.parts))
    others = _part([file for file in days if not any(file in part.files for part in kept)], days)
    is_later = others is None or not kept or min(day for file in others.files for day in days[file]) > kept[-1].through
    return kept if is_later and (others is None or len(kept) < _MOST_PARTS) else ()


def _has_same_rows(part: GrownPart, days: Days) -> bool:
    """That the last day is the same says that no row of these files has become plausible or implausible since."""
    found = _part([file for file in part.files if file in days], days)
    return found is not None and (found.files, found.through) == (part.files, part.through)


def _part(files: Sequence[str], days: Days) -> GrownPart | None:
    """A part with the rows of `files`; None where they have none."""
    through = max((day for file in files for day in days[file]), default=None)
    return GrownPart(files=tuple(files), through=through) if through else None


def offer_new_activity(connection: duckdb.DuckDBPyConnection, growth: Growth | None) -> None:
    """Create new_activity and active_before, which customer_days is made from."""
    new_rows = growth.new_rows if growth else "select * from activity"
    connection.execute(f"create view new_activity as {new_rows}")
    if growth and growth.parts:
        rows = f"{parquet_rows(growth.parts)} group by customer_id"
        connection.execute(f"create table active_before as select customer_id, max(day) as last_day from {rows}")
    else:
        connection.execute("create table active_before (customer_id varchar, last_day date)")
