"""Rows of tables without a key that several files have alike: where files overlap, each counts once.

Of n rows alike in one file and m in another, the more are kept. Where no two files overlap in time, nothing is read.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from itertools import pairwise

import duckdb

from kviboard.domain.formatting import counted, listed, plural
from kviboard.warehouse.engine import columns_of, literal, quoted, row_of, rows_of
from kviboard.warehouse.files.records import FILE, LINE
from kviboard.warehouse.manifest import ExportDecision
from kviboard.warehouse.staging.queries.origins import is_one_to_one
from kviboard.warehouse.staging.queries.query import CastRows
from kviboard.warehouse.staging.rows.duplicates import FileKey, alike_hash, file_place, repeated_rows
from kviboard.warehouse.staging.rows.profile import RowProfile

Days = Mapping[FileKey, Counter[date]]
_TELLS_APART = "(customer_id is not null or responded_at <> day)"
"""SQL: that an answer names its customer, or the time of day: those of a day alone may be as many people's."""
_NAMELESS = re.compile(r"column_\d+")  # what `files` calls a column without a name


def overlap_of(profile: RowProfile, places: Sequence[FileKey], days: Days) -> str | None:
    """SQL for rows that another file may have, too; None where no two files overlap. `days`: valid rows by day."""
    connection, cast_rows = profile.connection, profile.cast_rows
    files = [place for place in places if place[1] is not None]
    if cast_rows.table.key or len(files) < 2:
        return None
    if not cast_rows.table.time_column:
        return "true"
    held: dict[date, list[FileKey]] = defaultdict(list)
    for place in files:
        for day in days.get(place, ()):
            held[day].append(place)
    common = {day: several for day, several in held.items() if len(several) > 1}
    find = partial(_crossing, connection, cast_rows)
    crossing = profile.crossing(common, find) if common else []
    if not crossing:
        return None
    on_days = f"day in ({', '.join(f'date {literal(str(day))}' for day in crossing)})"
    return f"{on_days} and {_TELLS_APART}" if cast_rows.table.name == "responses" else on_days


def without_ids(cast_rows: CastRows) -> CastRows:
    """Rows of a table whose key was not exported, as answers to a form of which each download has all before: they are
    known by what they say."""
    if all(column.name not in cast_rows.table.key for column in cast_rows.provided):
        return replace(cast_rows, table=replace(cast_rows.table, key=()))
    return cast_rows


def _crossing(connection: duckdb.DuckDBPyConnection, cast_rows: CastRows, days: Sequence[date]) -> list[date]:
    """Those of `days` on which the times of two files cross: one file may begin where another ended."""
    time = quoted(str(cast_rows.table.time_column))
    # as ranges of time, which the statistics of a file answer for most of its rows: `day in (...)` reads all
    on_days = " or ".join(
        f"{time} >= date {literal(str(day))} and {time} < date {literal(str(day + timedelta(1)))}" for day in days
    )
    spans: dict[date, list[tuple[object, object]]] = defaultdict(list)
    found = f"select day, min({time}), max({time}) from {cast_rows.relation} where _reason is null"
    for day, first, last in rows_of(
        connection, f"{found} and ({on_days}) group by day, _source, {FILE} order by 1, 2, 3"
    ):
        spans[day].append((first, last))
    return [day for day, held in spans.items() if any(b[0] <= a[1] for a, b in pairwise(held))]  # type: ignore[operator]


def fold_overlaps(
    connection: duckdb.DuckDBPyConnection,
    cast_rows: CastRows,
    valid: str,
    columns: Sequence[str],
    places: Sequence[FileKey],
    overlap: str,
) -> list[ExportDecision]:
    """Create repeated_rows of the rows that several files have alike; those of all but one file are duplicates."""
    more = _more_columns(connection, cast_rows)
    whole = f"hash({', '.join(map(quoted, more))})" if more else "0"
    join = (
        f"left join (select {FILE}, {LINE}, {whole} as more from staging.{cast_rows.table.name}) as whole "
        f"on found.{FILE} = whole.{FILE} and found.{LINE} = whole.{LINE}"
    )
    connection.execute(
        f"""
        create table {repeated_rows(cast_rows)}_found as
        with found as (
            select
                {", ".join(columns)}, _source, {FILE}, {LINE}, {alike_hash(cast_rows)} as alike,
                {file_place(places)} as file_place
            from {cast_rows.relation} where {valid} and {overlap}
        ),
        shared as (select alike from found group by alike having count(distinct (_source, {FILE})) > 1)
        select found.*, {"whole.more" if more else "0 as more"} from found {join if more else ""}
        where alike in (select alike from shared)
        """
    )
    connection.execute(
        f"""
        create table {repeated_rows(cast_rows)} as
        with counts as (
            select alike, more, _source, {FILE}, file_place, count(*) as row_count
            from {repeated_rows(cast_rows)}_found group by all
        ),
        best as (
            select
                *,
                row_number() over most_first = 1 as is_best, count(*) over (partition by alike, more) as files,
                first_value({FILE}) over most_first as kept_file
            from counts
            window most_first as (partition by alike, more order by row_count desc, file_place)
        )
        select found.*, kept_file, files, case when is_best then 'kept' else 'duplicate' end as outcome
        from {repeated_rows(cast_rows)}_found as found
        inner join best
            on found.alike = best.alike and found.more = best.more
            and found._source = best._source and found.{FILE} = best.{FILE}
        """
    )
    connection.execute(f"drop table {repeated_rows(cast_rows)}_found")
    return [*_said(connection, cast_rows, more), *_corrected(connection, cast_rows, f"{valid} and {overlap}")]


def _more_columns(connection: duckdb.DuckDBPyConnection, cast_rows: CastRows) -> list[str]:
    """Columns of the export beside those of the contract: rows that differ there are not the same."""
    if not is_one_to_one(cast_rows.query):
        return []
    described = columns_of(connection, f"staging.{cast_rows.table.name}")
    if FILE not in described:
        return []
    known = {FILE, LINE, "reject_reason", *(column.name for column in cast_rows.columns)}
    more = [name for name in described if name.lower() not in known]
    return [name for name in more if not (_NAMELESS.fullmatch(name) and _numbers_rows(connection, cast_rows, name))]


def _numbers_rows(connection: duckdb.DuckDBPyConnection, cast_rows: CastRows, name: str) -> bool:
    """Whether a column without a name numbers the rows of each file, as R and pandas write one: it says nothing of what
    happened, and the same row has other numbers in other files."""
    value = f"try_cast({quoted(name)} as bigint)"
    rows, whole, places = row_of(
        connection,
        f"select count(*), count({value}), count(distinct ({FILE}, {value})) from staging.{cast_rows.table.name} "
        f"semi join (from {cast_rows.relation} where _reason is null) as valid using ({FILE}, {LINE})",
    )
    return bool(rows == whole == places)


def _said(connection: duckdb.DuckDBPyConnection, cast_rows: CastRows, more: Sequence[str]) -> list[ExportDecision]:
    rows, at = repeated_rows(cast_rows), f"({FILE}, {LINE})"
    first = quoted(cast_rows.provided[0].name)
    example = f"arg_min(({first}::varchar, {FILE}, {LINE}, kept_file), {at})"
    copies, files, copied = row_of(
        connection, f"select count(*), count(distinct {FILE}), {example} from {rows} where outcome = 'duplicate'"
    )
    apart, differing = row_of(
        connection,
        f"select count(*), arg_min(({first}::varchar, {FILE}, {LINE}), {at}) from {rows} "
        f"where files = 1 and alike in (select alike from {rows} group by alike having count(distinct more) > 1)",
    )
    said = []
    if copies:
        said.append(_copied(cast_rows, copies, files, *copied))
    if apart:
        said.append(_apart(cast_rows, apart, more, *differing))
    return said


def _corrected(connection: duckdb.DuckDBPyConnection, cast_rows: CastRows, rows: str) -> list[ExportDecision]:
    """Rows that several files have with other minutes: a later file seems to say again what an earlier one did."""
    if not {"minutes", "customer_id"} <= {column.name for column in cast_rows.provided}:
        return []
    of = ", ".join(quoted(column.name) for column in cast_rows.columns if column.name != "minutes")
    count, first, files = row_of(
        connection,
        f"""
        select count(*), min((customer_id, day::varchar)), min(files) from (
            select {of}, day, list(distinct {FILE} order by {FILE}) as files
            from {cast_rows.relation} where {rows} group by all
            having count(*) > 1 and count(*) = count(distinct {FILE}) and count(distinct minutes) > 1
        )
        """,
    )
    if not count:
        return []
    are = plural(count, "row is", "rows are")
    return [
        ExportDecision(
            where=f"The {cast_rows.table.name} export",
            what=f"{count:,} {are} in several files with other minutes, as if a later file had corrected an earlier "
            "one; all count.",
            example=f"{first[0]} on {first[1]} in {files[0]} and {files[1]}",
            setting="If so, keep only the later file for these days.",
            level="warning",
            moves_kvis=True,
        )
    ]


def _copied(cast_rows: CastRows, rows: int, files: int, first: str, file: str, line: int, other: str) -> ExportDecision:
    are = plural(rows, "is in another file as well and counts", "are in other files as well and count")
    return ExportDecision(
        where=file if files == 1 else f"The {cast_rows.table.name} export",
        what=f"{counted(rows, 'row')} {are} once.",
        example=f"{first} in {file}, line {line:,}, and in {other}",
        setting="An event_id that differs keeps rows apart." if cast_rows.table.name == "activity" else "",
        moves_kvis=True,
    )


def _apart(cast_rows: CastRows, rows: int, more: Sequence[str], first: str, file: str, line: int) -> ExportDecision:
    columns = listed(more[:3], "or") + (f" or {len(more) - 3:,} more columns" if len(more) > 3 else "")
    differ = plural(rows, "differs from a row", "differ from rows")
    return ExportDecision(
        where=f"The {cast_rows.table.name} export",
        what=f"{counted(rows, 'row')} {differ} of another file only in {columns}, and all count.",
        example=f"{first} in {file}, line {line:,}",
        setting=f"Where they are the same, select only our columns in queries/staging/{cast_rows.table.name}.sql.",
        level="warning",
        moves_kvis=True,
    )
