"""What is said of rows that share a key and do not count: which one counts, why, and what would decide otherwise."""

import re
from collections.abc import Container, Sequence
from typing import NamedTuple

import duckdb

from kviboard.domain.formatting import counted, listed, plural
from kviboard.warehouse.engine import columns_of, literal, quoted, row_of, rows_of
from kviboard.warehouse.files.records import FILE, LINE
from kviboard.warehouse.manifest import ExportDecision
from kviboard.warehouse.staging.queries.query import IS_ALIAS, CastRows
from kviboard.warehouse.staging.rows.duplicates import CHANGED_AT, repeated_rows

_TIMES_OF_CHANGE = re.compile(
    r"chang|updat|modif|edit|synced|snapshot|valid_?from|as_?of|version_?(at|date)|last_?seen"
)
_OF_CUSTOMERS = ("orders", "responses", "tickets")  # whose rows belong to one customer for good
_WHY = {
    CHANGED_AT: f"changed later, by {CHANGED_AT}",
    "file": "in a later file, by the names of the files",
    "line": "further down",
    "alias": "which is no alias",
}
_DECIDED = (CHANGED_AT, "alias")


class _Replaced(NamedTuple):
    """Rows of one table that others replaced for one reason, and one of them."""

    why: str
    rows: int
    files: int
    apart: int  # of another customer than what replaced them, or of another day: orders, or those of another export
    source: str
    file: str | None
    line: int | None
    kept_file: str | None
    kept_line: int | None
    keys: tuple[str, ...]
    differs: str | None  # a column in which it differs
    before: str | None
    after: str | None


def replacements(
    connection: duckdb.DuckDBPyConnection, cast_rows: CastRows, decided: Container[str]
) -> list[ExportDecision]:
    """One decision for each way in which it was told which of several rows counts.

    `decided`: sources of which a setting says what several rows of one order in a file are.
    """
    found = [rows for rows in _replaced(connection, cast_rows) if rows.why != "line" or rows.source not in decided]
    hint = _what_decides(connection, cast_rows) if any(rows.why not in _DECIDED for rows in found) else ""
    return [_decision(cast_rows, rows, "" if rows.why in _DECIDED else hint) for rows in found]


def _may_be_lines(cast_rows: CastRows, rows: _Replaced) -> bool:
    """Whether a later file may have further lines of the same orders instead, or other orders of the same numbers."""
    return cast_rows.table.name == "orders" and rows.why == "file" and rows.apart > 0


def copies(connection: duckdb.DuckDBPyConnection, cast_rows: CastRows, decided: Container[str]) -> list[ExportDecision]:
    """What is said of rows that are the same in all columns, in several files or, where they may be lines, in one."""
    rows, key = repeated_rows(cast_rows), quoted(cast_rows.table.key[0])
    example = f"arg_min(({key}, _source, {FILE}, {LINE}, kept_file, kept_line), ({FILE}, {LINE}))"
    found = rows_of(
        connection,
        f"select kept_file is distinct from {FILE} as is_overlap, count(*), count(distinct {FILE}), {example} "
        f"from {rows} where outcome = 'duplicate' group by all order by all",
    )
    return [
        _copied(cast_rows, count, files, *example) if not is_overlap else _overlap(cast_rows, count, files, *example)
        for is_overlap, count, files, example in found
        if is_overlap
        or cast_rows.table.name == "activity"
        or (cast_rows.table.name == "orders" and example[1] not in decided)
    ]


def _overlap(
    cast_rows: CastRows, rows: int, files: int, key: str, source: str, file: str, line: int, other: str, kept: int
) -> ExportDecision:
    are = plural(rows, "is in another file as well and counts", "are in other files as well and count")
    return ExportDecision(
        where=file if files == 1 else f"The {cast_rows.table.name} export",
        what=f"{counted(rows, 'row')} {are} once.",
        example=f"{key} in {file}, line {line:,}, and {other}, line {kept:,}",
    )


def _copied(
    cast_rows: CastRows, rows: int, files: int, key: str, source: str, file: str | None, line: int | None,
    other: str | None, kept: int | None,
) -> ExportDecision:  # fmt: skip
    are = plural(rows, "is an exact copy of another row of its file and counts", "are exact copies of others and count")
    if cast_rows.table.name == "activity":
        at = f", lines {kept:,} and {line:,} of {file}" if line is not None else ""
        what = f"{counted(rows, 'row')} {are} once, by their event_id."
        return ExportDecision(where="The activity export", what=what, example=f"event {key}{at}", moves_kvis=True)
    return ExportDecision(
        where=file if files == 1 and file else f"The {cast_rows.table.name} export",
        what=f"{counted(rows, 'row')} {are} once: the file has no order with lines that differ.",
        example=f"order {key}" + (f", lines {kept:,} and {line:,} of {file}" if line is not None else ""),
        setting=f'If they are lines of their orders, set [sources.{source}] order_rows = "lines".',
        moves_kvis=True,
    )


def _replaced(connection: duckdb.DuckDBPyConnection, cast_rows: CastRows) -> list[_Replaced]:
    rows, keys = repeated_rows(cast_rows), cast_rows.table.key
    same_key = " and ".join(f"old.{quoted(key)} is not distinct from kept.{quoted(key)}" for key in keys)
    others = [c.name for c in cast_rows.provided if c.name not in (*keys, CHANGED_AT)]
    differing = [f"when old.{quoted(c)} is distinct from kept.{quoted(c)}" for c in others]
    named = " ".join(f"{when} then {literal(c)}" for when, c in zip(differing, others, strict=True))
    values = {
        side: " ".join(
            f"{when} then coalesce({side}.{quoted(c)}::varchar, 'nothing')"
            for when, c in zip(differing, others, strict=True)
        )
        for side in ("old", "kept")
    }
    case = "case {} end" if others else "null"
    is_own = f"when old.{IS_ALIAS} and not kept.{IS_ALIAS} then 'alias'" if cast_rows.table.name == "customers" else ""
    apart = "coalesce(old.customer_id <> kept.customer_id, false)" if cast_rows.table.name in _OF_CUSTOMERS else "false"
    if cast_rows.table.name in _OF_CUSTOMERS:  # an answer that was changed has another day, and a survey its own export
        is_other = "true" if cast_rows.table.name == "orders" else "old._source <> kept._source"
        apart = f"(old.day <> kept.day and {is_other}) or {apart}"
    place = f"(old.{FILE}, old.{LINE}, {', '.join(f'old.{quoted(key)}' for key in keys)})"
    facts = rows_of(
        connection,
        f"""
        with facts as (
            select
                case
                    {is_own}
                    when coalesce(kept.{CHANGED_AT} > old.{CHANGED_AT}, kept.{CHANGED_AT} is not null)
                        then '{CHANGED_AT}'
                    when old.kept_file is distinct from old.{FILE} then 'file'
                    else 'line'
                end as why,
                {apart} as is_apart, old.{FILE}, {place} as place,
                (
                    old._source, old.{FILE}, old.{LINE}, old.kept_file, old.kept_line,
                    [{", ".join(f"old.{quoted(key)}::varchar" for key in keys)}],
                    {case.format(named)}, {case.format(values["old"])}, {case.format(values["kept"])}
                ) as example
            from {rows} as old inner join {rows} as kept on {same_key} and kept.outcome = 'kept'
            where old.outcome = 'replaced'
        )
        select
            why, count(*), count(distinct {FILE}), count(*) filter (where is_apart),
            arg_min(example, (not is_apart, place))
        from facts group by why order by why
        """,
    )
    return [_Replaced(*counts, *example) for *counts, example in facts]


def _decision(cast_rows: CastRows, rows: _Replaced, hint: str) -> ExportDecision:
    key = listed(cast_rows.table.key)
    lines = _may_be_lines(cast_rows, rows)
    if lines:
        hint = (
            f"{rows.apart:,} of them {plural(rows.apart, 'is', 'are')} of another day or customer: if a later file has "
            f'further lines or refunds of the same orders, set [sources.{rows.source}] order_rows = "all_lines"; '
            f"if it has other orders, make their order_id differ in {cast_rows.query.path}. {hint}"
        )
    elif rows.apart:
        hint = (
            f"{rows.apart:,} of them {plural(rows.apart, 'is', 'are')} of another customer or, in another export, of "
            "another day: if the files are of two systems or surveys that count from 1 each, make their "
            f"{key} differ in {cast_rows.query.path}. {hint}"
        )
    what = f"{counted(rows.rows, 'row')} {plural(rows.rows, 'is', 'are')} replaced by a row with the same {key} "
    return ExportDecision(
        where=str(rows.file) if rows.files == 1 and rows.file else f"The {cast_rows.table.name} export",
        what=f"{what}{_WHY[rows.why]}.",
        example=_example(rows),
        setting=hint,
        level="warning" if rows.why == "line" or rows.apart else "note",
        moves_kvis=True,
    )


def _example(rows: _Replaced) -> str:
    """ "O1 (exports/orders.csv, line 2) by line 2 of exports/orders (1).csv: amount 10.00, now 25.00" """
    named = " ".join(key for key in rows.keys if key is not None)
    if rows.line is None:
        return named
    other = f" of {rows.kept_file}" if rows.kept_file != rows.file else ""
    change = f": {rows.differs} {rows.before}, now {rows.after}" if rows.differs else ""
    return f"{named} in {rows.file}, line {rows.line:,}, by line {rows.kept_line:,}{other}{change}"


def _what_decides(connection: duckdb.DuckDBPyConnection, cast_rows: CastRows) -> str:
    if all(column.name != CHANGED_AT for column in cast_rows.columns):
        return ""
    if any(column.name == CHANGED_AT for column in cast_rows.provided):
        return f"Their {CHANGED_AT} is the same or empty; where it differs, it decides."
    source = row_of(connection, f"select min(_source) from {repeated_rows(cast_rows)} where outcome = 'replaced'")[0]
    for name in times_of_change(connection, cast_rows):
        rename = f'add "{name}" = "{CHANGED_AT}" to [sources.{source}] rename'
        return f"If {name} says when a row was last changed, {rename}: then the row changed last counts."
    return f"A column {CHANGED_AT}, the time of the last change, would decide."


def times_of_change(connection: duckdb.DuckDBPyConnection, cast_rows: CastRows) -> Sequence[str]:
    """Columns that sound like a time of change, and would tell repeated rows apart if they were taken for it."""
    described = columns_of(connection, f"staging.{cast_rows.table.name}")
    names = [name for name in described if _TIMES_OF_CHANGE.search(name.lower())]
    own = {column.name for column in cast_rows.columns}
    return [name for name in names if name.lower() not in own and _is_time(connection, cast_rows, name)]


def _is_time(connection: duckdb.DuckDBPyConnection, cast_rows: CastRows, name: str) -> bool:
    found, times = row_of(
        connection,
        f"select count({quoted(name)}), count(try_cast({quoted(name)}::varchar as timestamp)) "
        f"from staging.{cast_rows.table.name}",
    )
    return bool(found) and found == times
