"""Cells that hold several values at once, as "billing; delivery": each such list counts as a value of its own, and what
is in it lacks the row."""

import duckdb

from kviboard.domain.formatting import counted
from kviboard.warehouse.engine import literal, quoted, readable, rows_of
from kviboard.warehouse.manifest import ExportDecision

LISTED = (("tickets", "topic"), ("responses", "touchpoint"), ("orders", "product"))
"""Columns, with their tables, by whose values KVIs are compared."""
_SEPARATORS = {";": "contained > 1", "|": "contained > 1", ",": "false"}
"""What stands between values, with when one that never stands alone is a value: "Shirt, red" is one, and not two."""
_FEWEST = 3  # rows; fewer are slips


def several_values(connection: duckdb.DuckDBPyConnection, table: str, column: str) -> list[ExportDecision]:
    """What is said of cells of a staged table that hold several values of a column, each of which is in others, too."""
    for separator, is_value in _SEPARATORS.items():
        sign = literal(separator)
        ((rows, first),) = rows_of(
            connection,
            f"""
            with found as (
                select {quoted(column)} as v, count(*) as n from {table} where {quoted(column)} is not null group by all
            ),
            listed as (select distinct v, n, lower(trim(unnest(string_split(v, {sign})))) as part from found),
            parts as (select *, count(*) over (partition by part) as contained from listed where contains(v, {sign})),
            alone as (select distinct part from listed where not contains(v, {sign})),
            lists as (
                select v, any_value(n) as n
                from parts left join alone on parts.part = alone.part
                where parts.part <> ''
                group by v having count(*) > 1 and bool_and(alone.part is not null or {is_value})
            )
            select coalesce(sum(n), 0)::bigint, arg_max(v, (n, v)) from lists
            """,
        )
        if rows >= _FEWEST:
            return [_said(table, column, separator, rows, first)]
    return []


def _said(table: str, column: str, separator: str, rows: int, first: str) -> ExportDecision:
    name, value = readable(column), first.partition(separator)[0].strip()
    return ExportDecision(
        where=f"The {table} export",
        what=f"{column} holds several values at once in {counted(rows, 'row')}: each such list counts as one of its "
        f'own, and "{value}" lacks them.',
        example=f'"{first}"',
        setting=f"To count each under the first of its values, say so in queries/staging/{table}.sql: select * "
        f"replace (trim(split_part({name}, {literal(separator)}, 1)) as {name}) from source.{table}",
        level="warning",
    )
