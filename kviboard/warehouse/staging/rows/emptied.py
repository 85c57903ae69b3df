"""Cells of optional columns that cannot be read: they are empty in the table, never cost the row, and are counted."""

from collections import Counter

import duckdb

from kviboard.domain.contract import Column
from kviboard.domain.formatting import counted, plural
from kviboard.warehouse.engine import literal, quoted, row_of, rows_of
from kviboard.warehouse.files.records import FILE, LINE
from kviboard.warehouse.manifest import ExportDecision
from kviboard.warehouse.staging.queries.query import CastRows
from kviboard.warehouse.staging.values.cast import NO_END

_MOVE_KVIS = ("minutes", "signed_up_on")


def emptied_cells(connection: duckdb.DuckDBPyConnection, cast_rows: CastRows, valid: str) -> list[ExportDecision]:
    """What is said of each optional column with such cells, in the rows for which the condition `valid` holds.

    Each of the cells is added to rejected_rows.
    """
    decisions = []
    for column in cast_rows.emptied:
        found = quoted(f"_emptied_{column.name}")
        count, open_ends, file, line, value = row_of(
            connection,
            f"""
            select
                count(*), count(*) filter (where regexp_matches({found}, '{NO_END}')),
                min({FILE}), arg_min({LINE}, ({FILE}, {LINE})), arg_min({found}, ({FILE}, {LINE}))
            from {cast_rows.relation} where {valid} and {found} is not null
            """,
        )
        if count:
            _list_cells(connection, cast_rows, column, valid)
            decisions.append(_decision(cast_rows, column, count, open_ends == count, _example(file, line, value)))
    return decisions


def rows_with_emptied_cells(
    connection: duckdb.DuckDBPyConnection, cast_rows: CastRows, valid: str
) -> Counter[tuple[str, str | None]]:
    """By source and file, how many of the valid rows have such cells, lines of a file counted once."""
    if not cast_rows.emptied:
        return Counter()
    has = " or ".join(f"{quoted(f'_emptied_{column.name}')} is not null" for column in cast_rows.emptied)
    rows = f"coalesce(nullif(count(distinct {LINE}), 0), count(*))"
    found = f"select _source, {FILE}, {rows} from {cast_rows.relation} where {valid} and ({has}) group by all"
    return Counter({(source, file): count for source, file, count in rows_of(connection, found)})


def _list_cells(connection: duckdb.DuckDBPyConnection, cast_rows: CastRows, column: Column, valid: str) -> None:
    found = quoted(f"_emptied_{column.name}")
    reason = f"{column.name} says {_what(column)}, so the cell counts as empty"
    connection.execute(
        f"""
        insert into rejected_rows
        select
            {literal(cast_rows.table.name)}, _source, {FILE}, {LINE}, {literal(column.name)}, {found},
            {literal(reason)}, 'emptied'
        from {cast_rows.relation} where {valid} and {found} is not null
        """
    )


def _what(column: Column) -> str:
    return "no date" if column.kind in ("day", "time") else "no number"


def _decision(cast_rows: CastRows, column: Column, count: int, is_usual: bool, example: str) -> ExportDecision:
    cells = f"{counted(count, 'cell')} of {column.name} {plural(count, 'says', 'say')}"
    return ExportDecision(
        where=f"The {cast_rows.table.name} export",
        what=f"{cells} {_what(column)} and {plural(count, 'counts', 'count')} as empty.",
        example=example,
        setting="" if is_usual else f"Translate such values in queries/staging/{cast_rows.table.name}.sql.",
        level="note" if is_usual else "warning",
        moves_kvis=column.name in _MOVE_KVIS,
    )


def _example(file: str | None, line: int | None, value: str) -> str:
    at = ", ".join(part for part in (file, f"line {line}" if line is not None else None) if part)
    return f'{at}: "{value}"' if at else f'"{value}"'
