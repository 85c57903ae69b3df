"""Rows that the `where` of a staging query leaves out before others are added up, or where no row says its line.

Elsewhere the ledger misses them line by line, and a refresh is refused. Here they would count as added to others.
"""

import duckdb
from sqlglot import exp

from kviboard.catalog.files import tree_of
from kviboard.domain.formatting import counted, plural
from kviboard.warehouse.engine import rows_of
from kviboard.warehouse.files.records import FILE, LINE
from kviboard.warehouse.manifest import ExportDecision
from kviboard.warehouse.staging.queries.origins import adds_rows_up, sources_read
from kviboard.warehouse.staging.queries.query import CastRows

_SHORT = 80  # characters of a condition that is read in a sentence, not in the query


def rows_filtered(connection: duckdb.DuckDBPyConnection, cast_rows: CastRows, says_lines: bool) -> list[ExportDecision]:
    """How many rows of the main source a query leaves out, counted before its joins, by what it asks of them alone.
    Nothing of a source that it reads twice: what one part leaves out another may take."""
    if says_lines and not adds_rows_up(cast_rows.query):
        return []
    source, tree = sources_read(cast_rows.query)[0], tree_of(cast_rows.query.sql)
    tables = [each for each in tree.find_all(exp.Table) if (each.db, each.name) == ("source", source)]
    select = tables[0].find_ancestor(exp.Select)
    if len(tables) > 1 or select is None or not isinstance(tables[0].parent, exp.From):
        return []
    asked = _asked_alone(select, tables[0].alias_or_name)
    if not asked:
        return []
    condition = exp.and_(*asked, wrap=True).sql("duckdb")
    ((rows, place),) = rows_of(
        connection,
        f"select count(*), min(({FILE}, {LINE})) from {tables[0].sql('duckdb')} where not coalesce({condition}, false)",
    )
    if not rows:
        return []
    file, line = place
    what = f"{counted(rows, 'row')} {plural(rows, 'is', 'are')} left out by {cast_rows.query.path}: "
    told = _readable(condition) if len(condition) <= _SHORT else "what its where asks for"
    return [
        ExportDecision(
            where=f"The {source} export",
            what=f"{what}{told} does not hold for {plural(rows, 'it', 'them')}.",
            example=f"line {line:,} of {file}",
        )
    ]


def _asked_alone(select: exp.Select, name: str) -> list[exp.Expr]:
    """What the `where` of a SELECT asks of one of its tables alone."""
    where = select.args.get("where")
    if where is None:
        return []
    others = ("",) if not select.args.get("joins") else ()
    parts = list(where.this.flatten()) if isinstance(where.this, exp.And) else [where.this]
    return [
        part
        for part in parts
        if not part.find(exp.Query) and all(column.table in (name, *others) for column in part.find_all(exp.Column))
    ]


def _readable(condition: str) -> str:
    """A condition as the rest of a query is written, whose own texts stay as they are."""
    parts = condition.split("'")
    parts[::2] = [part.replace(" AND ", " and ").replace(" OR ", " or ") for part in parts[::2]]
    return "'".join(parts)
