"""Rows of one order: within a file its lines, whose amounts are added; across files a later file's order replaces it.

Owns what several rows of one order are. Where a file cannot tell lines from totals or versions, nothing is guessed.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import duckdb

from kviboard.domain.formatting import counted, plural
from kviboard.errors import Problem
from kviboard.warehouse.engine import literal, quoted, row_of, rows_of
from kviboard.warehouse.files.records import FILE, LINE
from kviboard.warehouse.manifest import Decision
from kviboard.warehouse.staging.duplicates import (
    CHANGED_AT,
    FileKey,
    content_hash,
    file_place,
    key_hash,
    repeated_rows,
)
from kviboard.warehouse.staging.order_notes import said_of_lines
from kviboard.warehouse.staging.origins import is_one_to_one
from kviboard.warehouse.staging.place import StagingError
from kviboard.warehouse.staging.query import CastRows

ALL_LINES = "all_lines"  # as lines, and rows of other files are lines of the same orders, too
CONTINUES = "continues"  # the _kind of a row that lacks what an order's first line has said
_FEW = 3  # orders from which on it is no chance that the rows of each have one amount
_FOUND = "cast_rows.orders_found"
_KNOWN = {FILE, LINE, "reject_reason"}
_SAME = f"_source, {FILE}, order_id"


class _Rows(NamedTuple):
    """The orders of one file that have several rows there."""

    source: str
    file: str | None
    orders: int
    differing: int  # whose rows differ
    priced: int  # with several amounts
    one_amount: int  # of these, with the same amount in each row
    amounts: int  # how many different amounts these have
    versioned: int  # with another updated_at in each row


def fold_orders(
    connection: duckdb.DuckDBPyConnection,
    cast_rows: CastRows,
    valid: str,
    columns: Sequence[str],
    places: Iterable[FileKey],
    given: Mapping[str, str | None],
) -> list[Decision]:
    """Create repeated_rows, with the amount of the whole order in the row that is kept.

    `places`: files with whole orders; `given`: order_rows by source.
    Raises StagingError where a file cannot tell what several rows of one order are.
    """
    _find(connection, cast_rows, valid, columns, places)
    readings = _readings(connection, cast_rows, given)
    doubled = _doubled(connection, cast_rows, valid, [place for place, rows in readings.items() if rows == "lines"])
    _judge(connection, cast_rows, columns, readings, [source for source, rows in given.items() if rows == ALL_LINES])
    return [*doubled, *said_of_lines(connection, cast_rows, given)]


def is_continuing(cast_rows: CastRows) -> str:
    """SQL: whether a row became part of an order that another row began."""
    place = f"(order_id, _source, coalesce({FILE}, ''))"
    return f"(_kind = '{CONTINUES}' and {place} in (select {place} from {repeated_rows(cast_rows)} where continues))"


def _find(
    connection: duckdb.DuckDBPyConnection,
    cast_rows: CastRows,
    valid: str,
    columns: Sequence[str],
    places: Iterable[FileKey],
) -> None:
    """All rows of orders that have several. A file without any whole order has no lines either: it lacks columns."""
    places = list(places)
    files = ", ".join(literal(file or "") for _, file in places)
    counted = f"{valid} or (_kind = '{CONTINUES}' and coalesce({FILE}, '') in ({files}))" if files else valid
    connection.execute(
        f"""
        create table {_FOUND} as
        with repeated as (
            select {key_hash(cast_rows)} as key_hash
            from {cast_rows.relation} where {counted}
            group by all having count(*) > 1 and bool_or({valid})
        )
        select
            {", ".join(columns)}, _source, {FILE}, {LINE},
            _kind = '{CONTINUES}' as continues, {content_hash(columns)} as content_hash,
            {file_place(places)} as file_place
        from {cast_rows.relation}
        where ({counted}) and {key_hash(cast_rows)} in (select key_hash from repeated)
        """
    )


def _readings(
    connection: duckdb.DuckDBPyConnection, cast_rows: CastRows, given: Mapping[str, str | None]
) -> dict[FileKey, str]:
    """What several rows of one order are in each file that has such: lines, totals, versions or copies."""
    found = rows_of(
        connection,
        f"""
        with orders as (
            select
                {_SAME}, count(*) as row_count,
                count(distinct content_hash) > 1 or bool_or(continues) as is_differing,
                count(amount) as priced_rows, count(distinct amount) as amounts, min(amount) as amount,
                count(distinct {CHANGED_AT}) as changes
            from {_FOUND} group by all having count(*) > 1
        )
        select
            _source, {FILE}, count(*), count(*) filter (where is_differing), count(*) filter (where priced_rows > 1),
            count(*) filter (where priced_rows > 1 and amounts = 1 and amount <> 0),
            count(distinct amount) filter (where priced_rows > 1 and amounts = 1 and amount <> 0),
            count(*) filter (where changes = row_count)
        from orders group by all
        """,
    )
    files = [_Rows(*row) for row in found]
    undecided = [rows for rows in files if not given.get(rows.source)]
    with_lines = [rows for rows in undecided if _has_lines(connection, cast_rows, rows)]
    for source in sorted({rows.source for rows in with_lines}):
        _refuse_doubt(connection, [rows for rows in with_lines if rows.source == source])
    return {
        (rows.source, rows.file): given.get(rows.source) or ("lines" if rows in with_lines else "copies")
        for rows in files
    }


def _has_lines(connection: duckdb.DuckDBPyConnection, cast_rows: CastRows, rows: _Rows) -> bool:
    """Whether a file has lines of orders; else rows of one order are copies, the same in every column."""
    if rows.differing:
        return True
    described = rows_of(connection, f"describe staging.{cast_rows.table.name}")
    more = [
        quoted(name) for name, *_ in described if name.lower() not in _KNOWN.union(c.name for c in cast_rows.columns)
    ]
    if not more or rows.file is None or not is_one_to_one(cast_rows.query):
        return False
    differing = rows_of(
        connection,
        f"""
        select 1 from {_FOUND} as found
        inner join (
            select {FILE}, {LINE}, hash({", ".join(more)}) as more from staging.{cast_rows.table.name}
            where {FILE} = {literal(rows.file)}
        ) as whole on found.{FILE} = whole.{FILE} and found.{LINE} = whole.{LINE}
        group by found.order_id having count(distinct more) > 1 limit 1
        """,
    )
    return bool(differing)


def _refuse_doubt(connection: duckdb.DuckDBPyConnection, files: Sequence[_Rows]) -> None:
    priced, one_amount = sum(rows.priced for rows in files), sum(rows.one_amount for rows in files)
    if 0 < sum(rows.orders for rows in files) == sum(rows.versioned for rows in files):
        how = f"each with an {CHANGED_AT} of its own"
        other, setting = "each row is a later version of the whole order", "versions"
    elif one_amount == priced >= _FEW and max(rows.amounts for rows in files) > 1:
        how = "all with the same amount"
        other, setting = "each row has the amount of the whole order", "totals"
    else:
        return
    raise StagingError(_doubt(connection, files, how, other, setting))


def _doubt(
    connection: duckdb.DuckDBPyConnection, files: Sequence[_Rows], how: str, other: str, setting: str
) -> Problem:
    source = files[0].source
    orders = sum(rows.orders for rows in files)
    condition = "count(distinct amount) = 1" if setting == "totals" else f"count(distinct {CHANGED_AT}) = count(*)"
    file, order_id, first, second, amounts = row_of(
        connection,
        f"""
        select {FILE}, order_id, min({LINE}), max({LINE}), string_agg(distinct amount::varchar, ' and ')
        from {_FOUND} where _source = {literal(source)} group by all
        having count(*) > 1 and count(amount) > 1 and {condition} order by {FILE}, min({LINE}), order_id limit 1
        """,
    )
    at = f"order {order_id}" + (f", lines {first} and {second} of {file}" if first is not None else "")
    what = f"{counted(orders, 'order')} {plural(orders, 'has', 'have')} several rows, {how} ({at}: {amounts})."
    hint = (
        f"Either each row is a line of the order, or {other}. "
        f'Set [sources.{source}] order_rows = "lines" to add the amounts, or "{setting}" to count one of them.'
    )
    return Problem(f"kviboard.toml, [sources.{source}] order_rows", what, hint)


def _doubled(
    connection: duckdb.DuckDBPyConnection, cast_rows: CastRows, valid: str, places: Sequence[FileKey]
) -> list[Decision]:
    """Files whose lines all stand there an even number of times, as where an export was appended to itself."""
    even = rows_of(
        connection,
        f"""
        with alike as (select {_SAME}, content_hash, count(*) as row_count from {_FOUND} group by all)
        select _source, {FILE}, sum(row_count)::bigint, count(distinct order_id) from alike
        where {FILE} is not null group by all having bool_and(row_count % 2 = 0) and count(distinct order_id) > 1
        """,
    )
    if not even:
        return []
    whole = dict(rows_of(connection, f"select {FILE}, count(*) from {cast_rows.relation} where {valid} group by all"))
    return [
        Decision(
            where=file,
            what=f"All {rows:,} rows stand there an even number of times, as if it had everything twice; all count.",
            setting="If it has, export it again.",
            level="warning",
            moves_kvis=True,
        )
        for source, file, rows, _ in even
        if (source, file) in places and whole.get(file) == rows
    ]


def _judge(
    connection: duckdb.DuckDBPyConnection,
    cast_rows: CastRows,
    columns: Sequence[str],
    readings: Mapping[FileKey, str],
    across_files: Sequence[str],
) -> None:
    """Create repeated_rows; `across_files`: sources whose orders have lines in several files."""
    known = ", ".join(f"({literal(s)}, {literal(f) if f else 'null'}, {literal(r)})" for (s, f), r in readings.items())
    adds = f"reading in ('lines', '{ALL_LINES}')"
    total = "sum(amount) filter (where not is_overlap) over counted"
    amount = f"cast(case when {adds} then {total} else amount end as {_type(connection)})"
    content = ", ".join(f"{amount} as amount" if column == quoted("amount") else column for column in columns)
    is_across = f"found._source in ({', '.join(map(literal, across_files))})" if across_files else "false"
    connection.execute(
        f"""
        create table {repeated_rows(cast_rows)} as
        with readings as (
            select * from (values ('', '', ''){f", {known}" if known else ""}) as known (_source, {FILE}, reading)
        ),
        editions as (  -- an order as one file has it
            select
                {_SAME}, any_value(file_place) as file_place, not bool_and(continues) as is_whole,
                max({CHANGED_AT}) as changed_at, count(*) as row_count, sum(content_hash::hugeint) as content
            from {_FOUND} group by all
        ),
        latest as (
            select
                *, row_number() over latest = 1 as is_latest, first_value({FILE}) over latest as kept_file,
                row_count = first_value(row_count) over latest and content = first_value(content) over latest as is_same
            from editions
            window latest as (
                partition by order_id
                order by is_whole desc, changed_at desc nulls last, file_place desc, _source desc
            )
        ),
        found as (
            select
                found.*, latest.kept_file, latest.is_same,
                latest.is_latest or not latest.is_whole or {is_across} as is_counted,
                case when {is_across} then '{ALL_LINES}' else coalesce(readings.reading, 'lines') end as reading,
                {_overlap(is_across) if across_files else "false"} as is_overlap
            from {_numbered() if across_files else _FOUND} as found
            inner join latest
                on found.order_id = latest.order_id and found._source = latest._source
                and found.{FILE} is not distinct from latest.{FILE}
            left join readings
                on found._source = readings._source and latest.kept_file is not distinct from readings.{FILE}
        ),
        placed as (
            select
                *,
                row_number() over first_line = 1 and is_counted as is_first,
                first_value(content_hash) over first_line as first_content,
                first_value({FILE}) over first_line as first_file, first_value({LINE}) over first_line as kept_line
            from found
            window first_line as (
                partition by order_id
                order by
                    is_counted desc, is_overlap, continues, case when reading = '{ALL_LINES}' then file_place end,
                    case when reading = 'versions' then {CHANGED_AT} end desc nulls last,
                    case when reading = 'versions' then -{LINE} else {LINE} end, day, content_hash
            )
        )
        select
            {content}, _source, {FILE}, {LINE}, first_file as kept_file, kept_line, continues,
            case
                when is_overlap then 'duplicate'
                when not is_counted then if(is_same, 'duplicate', 'replaced')
                when is_first then 'kept'
                when reading = 'copies' or (reading = 'versions' and content_hash = first_content) then 'duplicate'
                when reading = 'versions' then 'replaced'
                else 'line'
            end as outcome
        from placed
        window counted as (partition by order_id, is_counted)
        """
    )
    connection.execute(f"drop table {_FOUND}")


def _numbered() -> str:
    """SQL: the rows, with those of an order that are alike in one file numbered."""
    number = f"row_number() over (partition by {_SAME}, content_hash order by {LINE})"
    return f"(select *, {number} as copy_number from {_FOUND})"


def _overlap(is_across: str) -> str:
    """SQL: whether an earlier file has the same row: of n rows alike in one file and m in another the more count."""
    alike = "found.order_id, found.content_hash, found.copy_number"
    return f"{is_across} and row_number() over (partition by {alike} order by found.file_place) > 1"


def _type(connection: duckdb.DuckDBPyConnection) -> str:
    return next(str(kind) for name, kind, *_ in rows_of(connection, f"describe {_FOUND}") if name == "amount")
