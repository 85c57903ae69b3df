"""Lines of which a staging query makes several rows that say the same, because a join finds several rows for one."""

from collections.abc import Sequence

import duckdb
from sqlglot import exp

from kviboard.catalog.files import tree_of
from kviboard.domain.formatting import counted, plural
from kviboard.warehouse.engine import rows_of
from kviboard.warehouse.files.records import FILE, LINE
from kviboard.warehouse.manifest import ExportDecision
from kviboard.warehouse.staging.queries.query import CastRows

_ADDED_UP = ("orders", "activity", "invitations")
"""Tables in which rows that say the same can all count: of others one counts for each key."""


def rows_multiplied(
    connection: duckdb.DuckDBPyConnection, cast_rows: CastRows, valid: str, columns: Sequence[str]
) -> list[ExportDecision]:
    """A warning where amounts or minutes may count several times. `columns`: those of the table, as SQL. Not of lists
    in a row, which may hold the same twice."""
    tree = tree_of(cast_rows.query.sql)
    if cast_rows.table.name not in _ADDED_UP or not tree.find(exp.Join) or tree.find(exp.UDTF, exp.Explode):
        return []
    ((lines, more, place),) = rows_of(
        connection,
        f"""
        select count(*), sum(alike - 1), min(({FILE}, {LINE})) from (
            select {FILE}, {LINE}, count(*) as alike
            from {cast_rows.relation} where {valid} and {LINE} is not null
            group by _source, {FILE}, {LINE}, {", ".join(columns)} having count(*) > 1
        )
        """,
    )
    if not lines:
        return []
    file, line = place
    rows = f"{counted(lines, 'line')} of the export {plural(lines, 'becomes', 'become')} several rows"
    return [
        ExportDecision(
            where=cast_rows.query.path,
            what=f"{rows} that say the same, {more:,} more than there are: what they add up to counts several times.",
            example=f"line {line:,} of {file}",
            setting="A join finds several rows for one. Join one for each: (select distinct …), or a group by.",
            level="warning",
            moves_kvis=True,
        )
    ]
