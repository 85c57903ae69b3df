"""Rows that a later file has as one that the company's own query leaves out, such as orders called off since.

Without this the row of the earlier file would count for ever: what is left out replaces nothing.
"""

from collections.abc import Collection, Mapping
from dataclasses import replace

import duckdb
import sqlglot
from sqlglot import exp

from kviboard.catalog.files import tree_of
from kviboard.warehouse.engine import literal, quoted, row_of, rows_of
from kviboard.warehouse.files.records import FILE, LINE
from kviboard.warehouse.staging.queries.query import CastRows, Staging
from kviboard.warehouse.staging.rows.duplicates import CHANGED_AT, FileKey, file_place
from kviboard.warehouse.staging.rows.order_lines import ALL_LINES, CONTINUES

CALLED_OFF = "called_off"
"""The view of the files and lines of orders that a later file calls off."""
_OF_CUSTOMERS = ("orders", "responses", "tickets")
_SINCE = ", as a later file says"


def by_later_files(
    connection: duckdb.DuckDBPyConnection, cast_rows: CastRows, order_rows: Mapping[str, str | None]
) -> CastRows:
    """The rows, of which those are left out, too, that the last file with their key leaves out.

    Only where that file has the same customer and day: else it may mean something else by the number, as a payment that
    is left out names its invoice. Not of sources in which later files have further lines of an order.
    """
    sources = {source for source, setting in order_rows.items() if setting != ALL_LINES}
    places = _places(connection, cast_rows, sources) if cast_rows.table.name in _OF_CUSTOMERS else []
    if len(places) < 2:
        return cast_rows
    found, key = f"{cast_rows.relation}_called_off", quoted(cast_rows.table.key[0])
    connection.execute(f"create table {found} as {_called_off(cast_rows, key, places)}")
    if not row_of(connection, f"select count(*) from {found}")[0]:
        return cast_rows
    judged = f"{cast_rows.relation}_judged"
    is_off = f"_reason is null or _kind = '{CONTINUES}'"
    connection.execute(
        f"""
        create table {judged} as
        select
            found.* exclude (_reason, _kind),
            case when called_off.reason is not null and ({is_off}) then called_off.reason else _reason end as _reason,
            case when called_off.reason is not null and ({is_off}) then 'excluded' else _kind end as _kind
        from {cast_rows.relation} as found
        left join {found} as called_off
            on found.{key} = called_off.row_key and found._source = called_off.source
            and found.{FILE} = called_off.file
        """
    )
    connection.execute(f"drop {'view' if cast_rows.is_view else 'table'} {cast_rows.relation}")
    return replace(cast_rows, is_view=False, judged=judged)


def offer_called_off(connection: duckdb.DuckDBPyConnection) -> None:
    """Create the view called_off over rejected_rows."""
    connection.execute(
        f"create view {CALLED_OFF} as select file, line from rejected_rows where table_name = 'orders' "
        f"and kind = 'excluded' and file is not null and line is not null and ends_with(reason, '{_SINCE}')"
    )


def without_called_off(connection: duckdb.DuckDBPyConnection, staging: Staging) -> Staging:
    """Activity that is made of the rows of orders: not of those that a later file calls off, whose own query cannot
    know that. Rows that are looked up stay, and where a query says of which line a row is, the row is a fact of its
    own."""
    if staging.table.name != "activity" or FILE in staging.found:
        return staging
    if not row_of(connection, f"select count(*) from {CALLED_OFF}")[0]:
        return staging
    tree = tree_of(staging.query.sql).copy()
    for table in [each for each in tree.find_all(exp.Table) if each.db == "source" and _gives_rows(each)]:
        counts = f"({FILE}, {LINE}) not in (select (file, line) from {CALLED_OFF})"
        rows = f"(select * from source.{quoted(table.name)} where {counts}) as {quoted(table.alias_or_name)}"
        table.replace(sqlglot.parse_one(f"from {rows}", read="duckdb").find(exp.Subquery))
    for column in tree.find_all(exp.Column):
        column.set("db", None)  # source.orders.amount: it is of a subquery now
    connection.execute(f"create or replace view {staging.view} as {tree.sql('duckdb')}")
    return replace(staging, is_as_exported=False)


def _gives_rows(table: exp.Table) -> bool:
    """Whether the rows of a query come from this table: it is no join's, no condition's and no step's."""
    select = table.find_ancestor(exp.Select)
    inner = (exp.CTE, exp.Subquery, exp.In, exp.Exists)
    return isinstance(table.parent, exp.From) and select is not None and not select.find_ancestor(*inner)


def _places(connection: duckdb.DuckDBPyConnection, cast_rows: CastRows, sources: Collection[str]) -> list[FileKey]:
    """The files of these sources, if the company's own query leaves any row out."""
    if not sources:
        return []
    found = rows_of(
        connection,
        f"""
        select distinct _source, {FILE} from {cast_rows.relation}
        where _source in ({", ".join(map(literal, sources))}) and {FILE} is not null
            and exists (select 1 from {cast_rows.relation} where _kind = 'excluded')
        """,
    )
    return [(source, file) for source, file in found]


def _called_off(cast_rows: CastRows, key: str, places: Collection[FileKey]) -> str:
    """SQL for the keys that the last file with them leaves out, with each earlier file that has them."""
    rows, sources = cast_rows.relation, ", ".join(sorted({literal(source) for source, _ in places}))
    return f"""
        with left_out as (select distinct {key} as row_key from {rows} where _kind = 'excluded'),
        editions as (  -- what one file has of an order, an answer or a contact
            select
                _source as source, {FILE} as file, {key} as row_key, {file_place(places)} as place,
                bool_and(_kind = 'excluded') as is_left_out, min(_reason) as reason, max({CHANGED_AT}) as changed_at,
                min(day) as day, min(customer_id) as customer_id
            from {rows}
            where (_reason is null or _kind in ('excluded', '{CONTINUES}')) and {FILE} is not null
                and {key} in (select row_key from left_out) and _source in ({sources})
            group by all
        ),
        in_time as (
            select
                *, row_number() over (
                    partition by row_key order by changed_at desc nulls last, place desc
                ) as recency
            from editions
        )
        select earlier.source, earlier.file, earlier.row_key, latest.reason || '{_SINCE}' as reason
        from in_time as earlier
        inner join in_time as latest on earlier.row_key = latest.row_key
        where latest.recency = 1 and latest.is_left_out and not earlier.is_left_out
            and coalesce(earlier.day = latest.day, true)
            and coalesce(earlier.customer_id = latest.customer_id, true)
    """
