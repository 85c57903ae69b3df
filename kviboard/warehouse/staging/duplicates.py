"""Rows with the same key: identical ones are folded, of differing ones the last in file order is kept.

Owns which row wins. What else is wrong with a row is found in accept.
"""

from collections import Counter
from collections.abc import Sequence

import duckdb

from kviboard.warehouse.engine import literal, quoted, row_of, rows_of
from kviboard.warehouse.files.records import FILE, LINE
from kviboard.warehouse.staging.query import Delivery

Place = tuple[str, str | None]  # source, file


def repeated_rows(delivery: Delivery) -> str:
    """The table of all rows that share their key; `place` 1 is the one that is kept."""
    return f"delivered.{delivery.table.name}_repeated"


def has_repeated_keys(connection: duckdb.DuckDBPyConnection, delivery: Delivery, sound: str) -> bool:
    """Whether any key is there twice; on hashes, which is cheaper, and can only err to the safe side."""
    if not delivery.table.key:
        return False
    sql = f"select count(*) - count(distinct {_key_hash(delivery)}) from {delivery.relation} where {sound}"
    return bool(row_of(connection, sql)[0])


def fold_repeats(
    connection: duckdb.DuckDBPyConnection, delivery: Delivery, sound: str, columns: Sequence[str]
) -> Counter[Place]:
    """Rank the rows that share a key, add differing ones to rejected_rows; the number of rows folded per file."""
    keys, content = ", ".join(map(quoted, delivery.table.key)), ", ".join(columns)
    connection.execute(
        f"""
        create table {repeated_rows(delivery)} as
        with repeated as (
            select {_key_hash(delivery)} as key_hash
            from {delivery.relation} where {sound} group by all having count(*) > 1
        )
        select
            {content}, _source, {FILE}, {LINE},
            row_number() over last_first as place,
            first_value({FILE}) over last_first as kept_file,
            first_value({LINE}) over last_first as kept_line,
            hash({content}) = first_value(hash({content})) over last_first as is_same
        from {delivery.relation}
        where {sound} and {_key_hash(delivery)} in (select key_hash from repeated)
        window last_first as (partition by {keys} order by {FILE} desc, {LINE} desc, {content})
        """
    )
    _list_replaced(connection, delivery)
    counted = f"select _source, {FILE}, count(*) from {repeated_rows(delivery)} where place > 1 group by all"
    return Counter({(source, file): rows for source, file, rows in rows_of(connection, counted)})


def once_per_key(delivery: Delivery, sound: str, columns: Sequence[str]) -> str:
    """SQL for the sound rows, one per key."""
    content, repeated = ", ".join(columns), repeated_rows(delivery)
    return (
        f"select {content} from {delivery.relation} where {sound} and {_key_hash(delivery)} not in "
        f"(select {_key_hash(delivery)} from {repeated}) union all select {content} from {repeated} where place = 1"
    )


def _key_hash(delivery: Delivery) -> str:
    return f"hash({', '.join(map(quoted, delivery.table.key))})"


def _list_replaced(connection: duckdb.DuckDBPyConnection, delivery: Delivery) -> None:
    key = delivery.table.key[0]
    connection.execute(
        f"""
        insert into rejected_rows
        select
            {literal(delivery.table.name)}, _source, {FILE}, {LINE}, {literal(key)}, {quoted(key)},
            {literal(f"{key} is there again with other values")}
            || coalesce(' in ' || kept_file || ', line ' || kept_line, '') || '; the last one is kept',
            'replaced'
        from {repeated_rows(delivery)} where place > 1 and not is_same
        """
    )
