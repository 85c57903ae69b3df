"""Rows with the same key: which one counts, and what becomes of the others.

Owns the relation of all rows that share their key, with the outcome of each. Rows of one order
are lines: see order_lines.
"""

from collections import Counter
from collections.abc import Iterable, Sequence

import duckdb

from kviboard.warehouse.engine import literal, quoted, row_of, rows_of
from kviboard.warehouse.files.order import in_natural_order
from kviboard.warehouse.files.records import FILE, LINE
from kviboard.warehouse.staging.queries.query import IS_ALIAS, CastRows

FileKey = tuple[str, str | None]  # source, file
Outcomes = dict[str, Counter[FileKey]]  # line, replaced or duplicate: rows by file
CHANGED_AT = "updated_at"
SIGN_UP = "signed_up_on"


def repeated_rows(cast_rows: CastRows) -> str:
    """The table of all rows that share their key, with `outcome`: kept, line, replaced or duplicate."""
    return f"cast_rows.{cast_rows.table.name}_repeated"


def has_repeated_keys(connection: duckdb.DuckDBPyConnection, cast_rows: CastRows, valid: str) -> bool:
    """Whether any key is there twice; on hashes, which is cheaper, and can only err to the safe side."""
    if not cast_rows.table.key:
        return False
    sql = f"select count(*) - count(distinct {key_hash(cast_rows)}) from {cast_rows.relation} where {valid}"
    return bool(row_of(connection, sql)[0])


def key_hash(cast_rows: CastRows) -> str:
    """SQL: a number for the key of a row."""
    return f"hash({', '.join(map(quoted, cast_rows.table.key))})"


def alike_hash(cast_rows: CastRows) -> str:
    """SQL: a number for what a row of a table without a key says."""
    return f"hash({', '.join(quoted(column.name) for column in cast_rows.provided)})"


def content_hash(columns: Sequence[str]) -> str:
    """SQL: a number for what a row says, whenever that was last changed."""
    return f"hash({', '.join(column for column in columns if column != quoted(CHANGED_AT))})"


def fold_repeats(
    connection: duckdb.DuckDBPyConnection,
    cast_rows: CastRows,
    valid: str,
    columns: Sequence[str],
    places: Iterable[FileKey],
) -> None:
    """Create repeated_rows: of rows with one key the one changed last counts, else that of the later file or line. What
    is known of a customer under an alias counts where their own row is not there, and so does the day on which they
    signed up under it, if it is earlier."""
    keys, content = ", ".join(map(quoted, cast_rows.table.key)), ", ".join(columns)
    never = "" if quoted(CHANGED_AT) in columns else f"cast(null as timestamp) as {CHANGED_AT}, "
    alias = f"{IS_ALIAS}, " if cast_rows.table.name == "customers" else ""
    kept = ", ".join(_first_sign_up(keys) if alias and column == quoted(SIGN_UP) else column for column in columns)
    connection.execute(
        f"""
        create table {repeated_rows(cast_rows)} as
        with repeated as (
            select {key_hash(cast_rows)} as key_hash
            from {cast_rows.relation} where {valid} group by all having count(*) > 1
        ),
        found as (
            select
                {content}, {never}{alias}_source, {FILE}, {LINE}, {content_hash(columns)} as content_hash,
                {file_place(places)} as file_place
            from {cast_rows.relation}
            where {valid} and {key_hash(cast_rows)} in (select key_hash from repeated)
        )
        select
            {kept}, {CHANGED_AT if never else ""}{", " if never else ""}{alias}_source, {FILE}, {LINE},
            first_value({FILE}) over last_first as kept_file,
            first_value({LINE}) over last_first as kept_line,
            case
                when row_number() over last_first = 1 then 'kept'
                when content_hash = first_value(content_hash) over last_first then 'duplicate'
                else 'replaced'
            end as outcome
        from found
        window last_first as (
            partition by {keys}
            order by {alias}{quoted(CHANGED_AT)} desc nulls last, file_place desc, {LINE} desc, content_hash
        )
        """
    )


def _first_sign_up(keys: str) -> str:
    """SQL: of the row that counts, the earliest day on which the customer signed up, under whichever id."""
    first = f"least({SIGN_UP}, min(case when {IS_ALIAS} then {SIGN_UP} end) over (partition by {keys}))"
    return f"case when row_number() over last_first = 1 then {first} else {SIGN_UP} end as {SIGN_UP}"


def outcomes(connection: duckdb.DuckDBPyConnection, cast_rows: CastRows) -> Outcomes:
    """How many rows of each file have each outcome in repeated_rows."""
    found: Outcomes = {outcome: Counter() for outcome in ("kept", "line", "replaced", "duplicate")}
    counts = f"select outcome, _source, {FILE}, count(*) from {repeated_rows(cast_rows)} group by all"
    for outcome, source, file, count in rows_of(connection, counts):
        found[outcome][source, file] += count
    return found


def once_per_key(cast_rows: CastRows, valid: str, columns: Sequence[str]) -> str:
    """SQL for the valid rows, one per key."""
    content, repeated = ", ".join(columns), repeated_rows(cast_rows)
    return (
        f"select {content} from {cast_rows.relation} where {valid} and {is_unrepeated(cast_rows)} "
        f"union all select {content} from {repeated} where outcome = 'kept'"
    )


def is_unrepeated(cast_rows: CastRows) -> str:
    """SQL: whether a row shares its key with no other; without a key, whether no other file has it."""
    if not cast_rows.table.key:
        place = f"coalesce({FILE}, ''), coalesce({LINE}, 0)"
        known = f"select ({place}, alike) from {repeated_rows(cast_rows)}"
        return f"({place}, {alike_hash(cast_rows)}) not in ({known})"
    return f"{key_hash(cast_rows)} not in (select {key_hash(cast_rows)} from {repeated_rows(cast_rows)})"


def list_replaced(connection: duckdb.DuckDBPyConnection, cast_rows: CastRows) -> None:
    """Add what was replaced to rejected_rows."""
    key = cast_rows.table.key[0]
    connection.execute(
        f"""
        insert into rejected_rows
        select
            {literal(cast_rows.table.name)}, _source, {FILE}, {LINE}, {literal(key)}, {quoted(key)},
            {literal(f"{key} is there again with other values")}
            || coalesce(' in ' || kept_file || ', line ' || kept_line, '') || '; the last one is kept',
            'replaced'
        from {repeated_rows(cast_rows)} where outcome = 'replaced'
        """
    )


def file_place(places: Iterable[FileKey]) -> str:
    """SQL: a row's file as a number that is greater for a later file; sources in the order of their names."""
    named = [(source, file) for source, file in places if file is not None]
    sources = sorted({source for source, _ in named})
    ordered = [(s, file) for s in sources for file in in_natural_order(file for source, file in named if source == s)]
    if len(ordered) < 2:
        return "0"
    names = ", ".join(literal(f"{source}: {file}") for source, file in ordered)
    return f"coalesce(list_position([{names}], _source || ': ' || {FILE}), 0)"
