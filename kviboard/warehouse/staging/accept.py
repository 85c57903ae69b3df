"""Judges the rows of a delivery: keeps the sound ones, lists the rejected ones with their reason, folds repeated keys.

Owns what is a row of a contract table. How values are read is decided in cast.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

import duckdb

from kviboard.domain.formatting import counted
from kviboard.errors import Problem
from kviboard.warehouse.engine import literal, quoted, rows_of
from kviboard.warehouse.files.records import FILE, LINE
from kviboard.warehouse.manifest import Decision
from kviboard.warehouse.staging.duplicates import Place, fold_repeats, once_per_key, repeated_rows
from kviboard.warehouse.staging.emptied import emptied_cells
from kviboard.warehouse.staging.origins import is_one_to_one
from kviboard.warehouse.staging.outliers import last_plausible_day
from kviboard.warehouse.staging.query import Delivery
from kviboard.warehouse.staging.row_counts import Count, Facts

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


@dataclass
class Accepted:
    """What became of a delivery, counted per source and file."""

    delivery: Delivery
    is_view: bool = False  # the table is a view on the company's own files
    delivered: Counter[Place] = field(default_factory=Counter)
    rejected: Counter[Place] = field(default_factory=Counter)  # by the contract
    excluded: Counter[Place] = field(default_factory=Counter)  # by the company's own staging query
    duplicates: Counter[Place] = field(default_factory=Counter)
    days: dict[Place, Counter[date]] = field(default_factory=dict)  # sound rows by day
    kept_rows: str = ""  # SQL for the rows of the table, where no row is folded
    problems: list[Problem] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)

    def kept(self, place: Place) -> int:
        """Rows of one file that are in the table."""
        return self.delivered[place] - self.rejected[place] - self.excluded[place] - self.duplicates[place]


def accept(connection: duckdb.DuckDBPyConnection, facts: Facts, target: str) -> Accepted:
    """Create `target` with the sound rows and add the others to rejected_rows."""
    delivery, accepted = facts.delivery, Accepted(facts.delivery)
    day = delivery.day
    last_day = _judge(facts.counts(), accepted)
    sound = "true"  # where all rows are: whoever reads the table need not judge each of them again
    if accepted.rejected.total() + accepted.excluded.total():
        sound = "_reason is null" + (f" and coalesce({day} <= {literal(str(last_day))}, true)" if last_day else "")
        _list_rejected(connection, delivery, day, last_day)
    columns = [quoted(column.name) for column in delivery.columns] + (["day"] if delivery.table.time_column else [])
    kept = accepted.kept_rows = f"select {', '.join(columns)} from {delivery.relation} where {sound}"
    repeats = facts.has_repeated_keys(sound)
    if repeats:
        accepted.duplicates = fold_repeats(connection, delivery, sound, columns)
        kept = once_per_key(delivery, sound, columns)
    accepted.is_view = delivery.is_view and not repeats
    connection.execute(f"create {'view' if accepted.is_view else 'table'} {target} as {kept}")
    if not is_one_to_one(delivery.query):
        _count_lines(connection, accepted, sound, repeats)
    accepted.problems += _unknown_choices(connection, delivery, sound)
    accepted.decisions += [*delivery.decisions, *emptied_cells(connection, delivery, sound)]
    return accepted


def _judge(counts: Sequence[Count], accepted: Accepted) -> date | None:
    """Sum up the counts; returns the last plausible day where rows lie beyond it."""
    days: Counter[date] = Counter()
    for count in counts:
        if count.is_sound and count.day is not None:
            days[count.day] += count.row_count
    last_day = last_plausible_day(days)
    for count in counts:
        place = (count.source, count.file)
        accepted.delivered[place] += count.row_count
        if not count.is_sound and count.kind == "excluded":
            accepted.excluded[place] += count.row_count
        elif not count.is_sound or (last_day and count.day and count.day > last_day):
            accepted.rejected[place] += count.row_count
        elif count.day:
            accepted.days.setdefault(place, Counter())[count.day] += count.row_count
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
            named = ", ".join(f'"{value}" ({counted(rows, "row")})' for value, rows in values[:5])
            what = f"{column.name} has values that are none of {', '.join(column.choices)}: {named}."
            hint = f"They count as unknown; translate them in queries/staging/{delivery.table.name}.sql."
            problems.append(Problem(f"The {delivery.table.name} export", what, hint))
    return problems


def _count_lines(connection: duckdb.DuckDBPyConnection, accepted: Accepted, sound: str, repeats: bool) -> None:
    """Count lines instead of rows, where a query may make several rows of one line: it is kept if any of them is."""
    folded = f"select _source, {FILE}, {LINE} from {repeated_rows(accepted.delivery)} where place > 1"
    lines = rows_of(
        connection,
        f"""
        with fates as (
            select _source, {FILE}, {LINE}, case when {sound} then 0 when _kind = 'excluded' then 3 else 2 end as fate
            from {accepted.delivery.relation} where {FILE} is not null
            {f"union all select _source, {FILE}, {LINE}, 1 from ({folded})" if repeats else ""}
        ),
        lines as (
            select
                _source, {FILE}, {LINE}, min(fate) filter (where fate > 0) as fate,
                count(*) filter (where fate = 0) > count(*) filter (where fate = 1) as is_kept
            from fates group by all
        )
        select _source, {FILE}, case when is_kept then 0 else fate end as fate, count(*) from lines group by all
        """,
    )
    counters = (Counter[Place](), accepted.duplicates, accepted.rejected, accepted.excluded)
    for counter in (*counters, accepted.delivered):
        for place in [place for place in counter if place[1] is not None]:
            del counter[place]
    for source, file, fate, count in lines:
        counters[fate][source, file] += count
        accepted.delivered[source, file] += count
