"""What several rows of one order in a file are: its lines, totals, versions or copies; refused where nothing tells."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import duckdb

from kviboard.domain.formatting import counted, plural
from kviboard.errors import Problem
from kviboard.warehouse.engine import columns_of, literal, quoted, row_of, rows_of
from kviboard.warehouse.files.records import FILE, LINE
from kviboard.warehouse.manifest import ExportDecision
from kviboard.warehouse.staging.queries.origins import is_one_to_one
from kviboard.warehouse.staging.queries.query import CastRows
from kviboard.warehouse.staging.rows.duplicates import CHANGED_AT, FileKey
from kviboard.warehouse.staging.rows.replaced import times_of_change
from kviboard.warehouse.staging.values.place import StagingError

FOUND = "cast_rows.orders_found"  # all rows of orders that have several
SAME = f"_source, {FILE}, order_id"
# Whether a row has a price: a refund under the order's own number says nothing of what the other rows are.
_PRICED = f"(select *, amount > 0 or max(amount) over (partition by {SAME}) <= 0 as is_price from {FOUND})"
_FEW = 3  # orders from which on it is no chance that the rows of each have one amount
_NEARLY_ALL = 0.8  # of the orders with several rows
_KNOWN = {FILE, LINE, "reject_reason"}


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


def readings_of(
    connection: duckdb.DuckDBPyConnection, cast_rows: CastRows, given: Mapping[str, str | None]
) -> dict[FileKey, str]:
    """What several rows of one order are in each file that has such: lines, totals, versions or copies."""
    found = rows_of(
        connection,
        f"""
        with orders as (
            select
                {SAME}, count(*) as row_count,
                count(distinct content_hash) > 1 or bool_or(continues) as is_differing,
                count(*) filter (where is_price) as priced_rows,
                count(distinct amount) filter (where is_price) as amounts,
                min(amount) filter (where is_price) as amount,
                count(distinct {CHANGED_AT}) as changes
            from {_PRICED} group by all having count(*) > 1
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
        doubtful = [rows for rows in with_lines if rows.source == source]
        _refuse_doubt(connection, doubtful)
        _refuse_versions(connection, cast_rows, doubtful)
    return {
        (rows.source, rows.file): given.get(rows.source) or ("lines" if rows in with_lines else "copies")
        for rows in files
    }


def _has_lines(connection: duckdb.DuckDBPyConnection, cast_rows: CastRows, rows: _Rows) -> bool:
    """Whether a file has lines of orders; else rows of one order are copies, the same in every column."""
    if rows.differing:
        return True
    described = columns_of(connection, f"staging.{cast_rows.table.name}")
    more = [quoted(name) for name in described if name.lower() not in _KNOWN.union(c.name for c in cast_rows.columns)]
    if not more or rows.file is None or not is_one_to_one(cast_rows.query):
        return False
    differing = rows_of(
        connection,
        f"""
        select 1 from {FOUND} as found
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
    elif one_amount >= max(_FEW, _NEARLY_ALL * priced) and max(rows.amounts for rows in files) > 1:
        how = "all with the same amount" if one_amount == priced else f"{one_amount:,} with the same amount in each"
        other, setting = "each row has the amount of the whole order", "totals"
    else:
        return
    raise StagingError(_doubt(connection, files, how, other, setting))


def _refuse_versions(connection: duckdb.DuckDBPyConnection, cast_rows: CastRows, files: Sequence[_Rows]) -> None:
    """Rows of one order that a column such as last_modified tells apart may be its versions, too."""
    if any(rows.file is None for rows in files) or not is_one_to_one(cast_rows.query):
        return
    names = ", ".join(literal(str(rows.file)) for rows in files)
    for name in times_of_change(connection, cast_rows):
        orders, versioned, first = row_of(
            connection,
            f"""
            with orders as (
                select {SAME}, count(*) = count(distinct changed) as is_versioned, min({LINE}) as one,
                    max({LINE}) as other
                from {FOUND} inner join (
                    select {FILE}, {LINE}, {quoted(name)} as changed from staging.{cast_rows.table.name}
                ) using ({FILE}, {LINE})
                where {FILE} in ({names}) group by all having count(*) > 1
            )
            select count(*), count(*) filter (where is_versioned), min_by((order_id, one, other, {FILE}), ({FILE}, one))
            from orders
            """,
        )
        if orders and versioned == orders:
            source, (order_id, one, other, file) = files[0].source, first
            what = f"{counted(orders, 'order')} {plural(orders, 'has', 'have')} several rows, each with another {name} "
            hint = "Either each row is a line of the order, or each row is a later version of the whole order. Set "
            hint += f'[sources.{source}] order_rows = "lines" to add the amounts, or "versions" to count one of them; '
            hint += f'with "{name}" = "{CHANGED_AT}" under rename that is the one changed last.'
            where = f"kviboard.toml, [sources.{source}] order_rows"
            raise StagingError(Problem(where, f"{what}(order {order_id}, lines {one} and {other} of {file}).", hint))


def _doubt(
    connection: duckdb.DuckDBPyConnection, files: Sequence[_Rows], how: str, other: str, setting: str
) -> Problem:
    source = files[0].source
    orders = sum(rows.orders for rows in files)
    same, versions = "count(distinct amount) = 1", f"count(distinct {CHANGED_AT}) = count(*)"
    rows, condition = (f"{_PRICED} where is_price and", same) if setting == "totals" else (f"{FOUND} where", versions)
    file, order_id, first, second, amounts = row_of(
        connection,
        f"""
        select {FILE}, order_id, min({LINE}), max({LINE}), string_agg(distinct amount::varchar, ' and ')
        from {rows} _source = {literal(source)} group by all
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


def doubled(
    connection: duckdb.DuckDBPyConnection, cast_rows: CastRows, valid: str, places: Sequence[FileKey]
) -> list[ExportDecision]:
    """Files whose lines all stand there an even number of times, as where an export was appended to itself."""
    even = rows_of(
        connection,
        f"""
        with alike as (select {SAME}, content_hash, count(*) as row_count from {FOUND} group by all)
        select _source, {FILE}, sum(row_count)::bigint, count(distinct order_id) from alike
        where {FILE} is not null group by all having bool_and(row_count % 2 = 0) and count(distinct order_id) > 1
        """,
    )
    if not even:
        return []
    whole = dict(rows_of(connection, f"select {FILE}, count(*) from {cast_rows.relation} where {valid} group by all"))
    return [
        ExportDecision(
            where=file,
            what=f"All {rows:,} rows stand there an even number of times, as if it had everything twice; all count.",
            setting="If it has, export it again.",
            level="warning",
            moves_kvis=True,
        )
        for source, file, rows, _ in even
        if (source, file) in places and whole.get(file) == rows
    ]
