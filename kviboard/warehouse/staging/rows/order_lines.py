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
_COPY = f"row_number() over (partition by {SAME}, content_hash order by {LINE})"
_OVERLAP = f"""(pays_back or reading = '{ALL_LINES}') and row_number() over (
    partition by order_id, is_counted, content_hash, copy order by pays_back, file_place
) > 1"""
"""SQL: whether another file has the same row: of n rows alike in one file and m in another the more count."""


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
    places = list(places)
    _find(connection, cast_rows, valid, columns, places)
    readings = readings_of(connection, cast_rows, given)
    twice = doubled(connection, cast_rows, valid, [place for place, rows in readings.items() if rows == "lines"])
    _judge(connection, cast_rows, columns, readings, given, has_files=len(places) > 1)
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
    given: Mapping[str, str | None],
    has_files: bool,
) -> None:
    """Create repeated_rows; `has_files`: whether an order may be in several files. One that only pays something back of
    an order after the others is no other state of it: its rows are lines of the order."""
    known = ", ".join(f"({literal(s)}, {literal(f) if f else 'null'}, {literal(r)})" for (s, f), r in readings.items())
    adds = f"reading in ('lines', '{ALL_LINES}')"
    total = "sum(amount) filter (where not is_overlap) over counted"
    refunded = "coalesce(sum(amount) filter (where is_refund) over counted, 0)"  # under the number of its order
    whole = f"when reading = 'totals' then coalesce(first_price, 0) + {refunded}"
    paid_back = "coalesce(sum(amount) filter (where pays_back and not is_overlap) over counted, 0)"
    copied = f"when is_first then amount + {paid_back}"
    amount = f"cast(case when {adds} then {total} {whole} {copied} else amount end as {_type(connection)})"
    product = f"case when {adds} or reading = 'totals' then first_product else product end"  # the first that is named
    of_order = {quoted("amount"): f"{amount} as amount", quoted("product"): f"{product} as product"}
    content = ", ".join(of_order.get(column, column) for column in columns)
    across = _is_given(given, ALL_LINES).replace("_source", "found._source")
    connection.execute(
        f"""
        create table {repeated_rows(cast_rows)} as
        with readings as (
            select * from (values ('', '', ''){f", {known}" if known else ""}) as known (_source, {FILE}, reading)
        ),
        editions as (  -- an order as one file has it
            select
                {SAME}, any_value(file_place) as file_place, not bool_and(continues) as is_whole,
                max({CHANGED_AT}) as changed_at, count(*) as row_count, sum(content_hash::hugeint) as content,
                max(amount) < 0 as is_refund
            from {FOUND} group by all
        ),
        in_time as (
            select
                *,
                is_refund and bool_or(is_whole and not is_refund) over (partition by order_id)
                and not {_is_given(given, "versions")} as is_of_another,
                row_number() over (
                    partition by order_id order by changed_at desc nulls last, file_place desc, _source desc
                ) as place
            from editions
        ),
        latest as (
            select
                *, row_number() over latest = 1 as is_latest, first_value({FILE}) over latest as kept_file,
                is_of_another and place < first_value(place) over latest as pays_back,
                row_count = first_value(row_count) over latest and content = first_value(content) over latest as is_same
            from in_time
            window latest as (partition by order_id order by is_whole desc, is_of_another, place)
        ),
        counted as (
            select
                found.*, latest.kept_file, latest.is_same, latest.pays_back and not {across} as pays_back,
                latest.is_latest or not latest.is_whole or latest.pays_back or {across} as is_counted,
                case when {across} then '{ALL_LINES}' else coalesce(readings.reading, 'lines') end as reading
            from {FOUND} as found
            inner join latest
                on found.order_id = latest.order_id and found._source = latest._source
                and found.{FILE} is not distinct from latest.{FILE}
            left join readings
                on found._source = readings._source and latest.kept_file is not distinct from readings.{FILE}
        ),
        numbered as (  -- those of an order that are alike in one file
            select *, {_COPY if has_files else "1"} as copy from counted
        ),
        found as (select *, {_OVERLAP if has_files else "false"} as is_overlap from numbered),
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
                    is_counted desc, is_overlap, pays_back, continues,
                    if(reading = '{ALL_LINES}', file_place, -file_place),
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
                when pays_back then 'line'
                when reading = 'copies' or (reading = 'versions' and content_hash = first_content) then 'duplicate'
                when reading = 'versions' then 'replaced'
                else 'line'
            end as outcome
        from placed
        window counted as (partition by order_id, is_counted)
        """
    )
    connection.execute(f"drop table {FOUND}")


def _is_given(given: Mapping[str, str | None], order_rows: str) -> str:
    """SQL: whether a row is of a source with this setting."""
    sources = [literal(source) for source, setting in given.items() if setting == order_rows]
    return f"_source in ({', '.join(sources)})" if sources else "false"


def _type(connection: duckdb.DuckDBPyConnection) -> str:
    return columns_of(connection, FOUND)["amount"]
