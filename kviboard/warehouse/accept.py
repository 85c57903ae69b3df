"""Judges the rows of a delivery: keeps the sound ones, lists the rejected ones with their reason, folds repeated keys.

Owns what is a row of a contract table. How values are read is decided in cast.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date

import duckdb

from kviboard.errors import Problem
from kviboard.warehouse.engine import literal, quoted, row_of, rows_of
from kviboard.warehouse.plausible import last_plausible_day
from kviboard.warehouse.records import FILE, LINE
from kviboard.warehouse.stage import Delivery

REJECTED_ROWS = {
    "table_name": "varchar",
    "source": "varchar",
    "file": "varchar",
    "line": "bigint",
    "column_name": "varchar",
    "value": "varchar",
    "reason": "varchar",
    "kind": "varchar",
}
Place = tuple[str, str | None]  # source, file


@dataclass
class Accepted:
    """What became of a delivery, counted per source and file."""

    delivery: Delivery
    delivered: Counter[Place] = field(default_factory=Counter)
    rejected: Counter[Place] = field(default_factory=Counter)  # by the contract
    excluded: Counter[Place] = field(default_factory=Counter)  # by the company's own staging query
    duplicates: Counter[Place] = field(default_factory=Counter)
    days: Counter[date] = field(default_factory=Counter)  # kept rows by day
    problems: list[Problem] = field(default_factory=list)

    def kept(self, place: Place) -> int:
        """Rows of one file that are in the table."""
        return self.delivered[place] - self.rejected[place] - self.excluded[place] - self.duplicates[place]

    @property
    def rows(self) -> int:
        return sum(self.kept(place) for place in self.delivered)


def accept(connection: duckdb.DuckDBPyConnection, delivery: Delivery, target: str) -> Accepted:
    """Create `target` with the sound rows and add the others to rejected_rows."""
    accepted = Accepted(delivery)
    day = _day_column(delivery)
    last_day = _count(connection, delivery, accepted, day)
    sound = "_reason is null" + (f" and coalesce({day} <= {literal(str(last_day))}, true)" if last_day else "")
    if sum(accepted.rejected.values()) + sum(accepted.excluded.values()):
        _list_rejected(connection, delivery, day, last_day)
    columns = [quoted(column.name) for column in delivery.columns] + (["day"] if delivery.table.time_column else [])
    kept = f"select {', '.join(columns)} from {delivery.relation} where {sound}"
    if delivery.table.key and _has_repeated_keys(connection, delivery, sound):
        kept = _fold(connection, delivery, accepted, sound, columns)
        connection.execute(f"create table {target} as {kept}")
    else:
        connection.execute(f"create {'view' if delivery.is_view else 'table'} {target} as {kept}")
    accepted.problems += _unknown_choices(connection, delivery, sound)
    return accepted


def _day_column(delivery: Delivery) -> str | None:
    if delivery.table.time_column:
        return "day"
    return "signed_up_on" if delivery.table.name == "customers" else None


def _count(
    connection: duckdb.DuckDBPyConnection, delivery: Delivery, accepted: Accepted, day: str | None
) -> date | None:
    """Count the rows per file and day in one pass; returns the last plausible day where rows lie beyond it."""
    counts = rows_of(
        connection,
        f"""
        select
            _source, {FILE}, case when _reason is null then {day or "null"} end as day, _reason is null as is_sound,
            _kind, count(*) as row_count
        from {delivery.relation} group by all
        """,
    )
    days: Counter[date] = Counter()
    for *_, day_, is_sound, _, rows in counts:
        if is_sound and day_ is not None:
            days[day_] += rows
    last_day = last_plausible_day(days)
    for source, file, day_, is_sound, kind, rows in counts:
        place = (source, file)
        accepted.delivered[place] += rows
        if not is_sound and kind == "excluded":
            accepted.excluded[place] += rows
        elif not is_sound or (last_day and day_ and day_ > last_day):
            accepted.rejected[place] += rows
        elif day_:
            accepted.days[day_] += rows
    return last_day


def _list_rejected(
    connection: duckdb.DuckDBPyConnection, delivery: Delivery, day: str | None, last_day: date | None
) -> None:
    name = str(delivery.table.time_column or day)
    late, column, value, reason = "false", "_column", "_value", "_reason"
    if last_day:
        late = f"{day} > {literal(str(last_day))}"
        column = f"case when _reason is null then {literal(name)} else _column end"
        value = f"case when _reason is null then cast({name} as varchar) else _value end"
        reason = f"coalesce(_reason, {literal(f'{name} lies long after {last_day}, the last day with usual rows')})"
    connection.execute(
        f"""
        insert into rejected_rows
        select {literal(delivery.table.name)}, _source, {FILE}, {LINE}, {column}, {value}, {reason}, _kind
        from {delivery.relation} where _reason is not null or {late}
        """
    )


def _has_repeated_keys(connection: duckdb.DuckDBPyConnection, delivery: Delivery, sound: str) -> bool:
    """Whether any key is there twice; on hashes, which is cheaper, and can only err to the safe side."""
    sql = f"select count(*) - count(distinct {_key_hash(delivery)}) from {delivery.relation} where {sound}"
    return bool(row_of(connection, sql)[0])


def _key_hash(delivery: Delivery) -> str:
    return f"hash({', '.join(map(quoted, delivery.table.key))})"


def _fold(
    connection: duckdb.DuckDBPyConnection, delivery: Delivery, accepted: Accepted, sound: str, columns: list[str]
) -> str:
    """SQL for the rows with one row per key, the last in file order; others are counted and, if different, listed."""
    name, relation = delivery.table.name, delivery.relation
    keys, content = ", ".join(map(quoted, delivery.table.key)), ", ".join(columns)
    connection.execute(
        f"""
        create table delivered.{name}_repeated as
        with repeated as (
            select {_key_hash(delivery)} as key_hash from {relation} where {sound} group by all having count(*) > 1
        )
        select
            {content}, _source, {FILE}, {LINE},
            row_number() over last_first as place,
            first_value({FILE}) over last_first as kept_file,
            first_value({LINE}) over last_first as kept_line,
            hash({content}) = first_value(hash({content})) over last_first as is_same
        from {relation}
        where {sound} and {_key_hash(delivery)} in (select key_hash from repeated)
        window last_first as (partition by {keys} order by {FILE} desc, {LINE} desc, {content})
        """
    )
    repeated = f"delivered.{name}_repeated"
    counted = rows_of(connection, f"select _source, {FILE}, count(*) from {repeated} where place > 1 group by all")
    for source, file, rows in counted:
        accepted.duplicates[source, file] += rows
    _list_replaced(connection, delivery, repeated)
    return (
        f"select {content} from {relation} where {sound} and {_key_hash(delivery)} not in "
        f"(select {_key_hash(delivery)} from {repeated}) union all select {content} from {repeated} where place = 1"
    )


def _list_replaced(connection: duckdb.DuckDBPyConnection, delivery: Delivery, repeated: str) -> None:
    key = delivery.table.key[0]
    connection.execute(
        f"""
        insert into rejected_rows
        select
            {literal(delivery.table.name)}, _source, {FILE}, {LINE}, {literal(key)}, {quoted(key)},
            {literal(f"{key} is there again with other values")}
            || coalesce(' in ' || kept_file || ', line ' || kept_line, '') || '; the last one is kept',
            'replaced'
        from {repeated} where place > 1 and not is_same
        """
    )


def _unknown_choices(connection: duckdb.DuckDBPyConnection, delivery: Delivery, sound: str) -> list[Problem]:
    """Values of a choice that are none of the known ones: they are null in the table, and named here."""
    problems = []
    for column in (column for column in delivery.provided if column.kind == "choice"):
        found = quoted(f"_unknown_{column.name}")
        values = rows_of(
            connection,
            f"select {found}, count(*) from {delivery.relation} where {sound} and {found} is not null "
            f"group by all order by count(*) desc, {found}",
        )
        if values:
            named = ", ".join(f'"{value}" ({rows:,} rows)' for value, rows in values[:5])
            what = f"{column.name} has values that are none of {', '.join(column.choices)}: {named}."
            hint = f"They count as unknown; translate them in queries/staging/{delivery.table.name}.sql."
            problems.append(Problem(f"The {delivery.table.name} export", what, hint))
    return problems
