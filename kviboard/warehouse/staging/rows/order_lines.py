"""Rows of one order: within a file its lines, whose amounts are added; across files a later file's order replaces it.

Owns how they become one row. What several rows of one order are is found in order_readings.
"""

from collections.abc import Iterable, Mapping, Sequence

import duckdb

from kviboard.warehouse.engine import columns_of, literal, quoted
from kviboard.warehouse.files.records import FILE, LINE
from kviboard.warehouse.manifest import ExportDecision
from kviboard.warehouse.staging.queries.query import CastRows
from kviboard.warehouse.staging.rows.duplicates import (
    CHANGED_AT,
    FileKey,
    content_hash,
    file_place,
    key_hash,
    repeated_rows,
)
from kviboard.warehouse.staging.rows.order_notes import said_of_lines
from kviboard.warehouse.staging.rows.order_products import split_into_products
from kviboard.warehouse.staging.rows.order_readings import FOUND, SAME, doubled, readings_of

ALL_LINES = "all_lines"  # as lines, and rows of other files are lines of the same orders, too
CONTINUES = "continues"  # the _kind of a row that lacks what an order's first line has said


def fold_orders(
    connection: duckdb.DuckDBPyConnection,
    cast_rows: CastRows,
    valid: str,
    columns: Sequence[str],
    places: Iterable[FileKey],
    given: Mapping[str, str | None],
) -> list[ExportDecision]:
    """Create repeated_rows, with the amount of the whole order in the row that is kept, and order_products.

    `places`: files with whole orders; `given`: order_rows by source.
    Raises StagingError where a file cannot tell what several rows of one order are.
    """
    _find(connection, cast_rows, valid, columns, places)
    readings = readings_of(connection, cast_rows, given)
    twice = doubled(connection, cast_rows, valid, [place for place, rows in readings.items() if rows == "lines"])
    _judge(connection, cast_rows, columns, readings, [source for source, rows in given.items() if rows == ALL_LINES])
    split_into_products(connection, cast_rows)
    return [*twice, *said_of_lines(connection, cast_rows, given)]


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
        create table {FOUND} as
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
    refunded = "coalesce(sum(amount) filter (where is_refund) over counted, 0)"  # under the number of its order
    whole = f"when reading = 'totals' then coalesce(first_price, 0) + {refunded}"
    amount = f"cast(case when {adds} then {total} {whole} else amount end as {_type(connection)})"
    product = f"case when {adds} or reading = 'totals' then first_product else product end"  # the first that is named
    of_order = {quoted("amount"): f"{amount} as amount", quoted("product"): f"{product} as product"}
    content = ", ".join(of_order.get(column, column) for column in columns)
    is_across = f"found._source in ({', '.join(map(literal, across_files))})" if across_files else "false"
    connection.execute(
        f"""
        create table {repeated_rows(cast_rows)} as
        with readings as (
            select * from (values ('', '', ''){f", {known}" if known else ""}) as known (_source, {FILE}, reading)
        ),
        editions as (  -- an order as one file has it
            select
                {SAME}, any_value(file_place) as file_place, not bool_and(continues) as is_whole,
                max({CHANGED_AT}) as changed_at, count(*) as row_count, sum(content_hash::hugeint) as content
            from {FOUND} group by all
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
            from {_numbered() if across_files else FOUND} as found
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
                first_value({FILE}) over first_line as first_file, first_value({LINE}) over first_line as kept_line,
                first_value(case when amount >= 0 and is_counted then amount end ignore nulls) over (
                    first_line rows between unbounded preceding and unbounded following
                ) as first_price,
                first_value(case when is_counted then product end ignore nulls) over (
                    first_line rows between unbounded preceding and unbounded following
                ) as first_product,
                amount < 0 and row_number() over (
                    partition by order_id, is_counted, amount, day order by {FILE}, {LINE}
                ) = 1 as is_refund
            from found
            window first_line as (
                partition by order_id
                order by
                    is_counted desc, is_overlap, continues, if(reading = '{ALL_LINES}', file_place, -file_place),
                    case when reading = 'versions' then {CHANGED_AT} end desc nulls last,
                    reading <> 'versions' and customer_id is null,
                    case when reading = 'versions' then -{LINE} else {LINE} end, day, content_hash
            )
        )
        select
            amount as own_amount, product as own_product, reading = 'totals' as has_totals,
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
    connection.execute(f"drop table {FOUND}")


def _numbered() -> str:
    """SQL: the rows, with those of an order that are alike in one file numbered."""
    number = f"row_number() over (partition by {SAME}, content_hash order by {LINE})"
    return f"(select *, {number} as copy_number from {FOUND})"


def _overlap(is_across: str) -> str:
    """SQL: whether an earlier file has the same row: of n rows alike in one file and m in another the more count."""
    alike = "found.order_id, found.content_hash, found.copy_number"
    return f"{is_across} and row_number() over (partition by {alike} order by found.file_place) > 1"


def _type(connection: duckdb.DuckDBPyConnection) -> str:
    return columns_of(connection, FOUND)["amount"]
