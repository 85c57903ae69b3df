"""Judges cast rows: keeps the valid ones, lists the rejected ones with their reason, folds repeated keys.

Owns what is a row of a contract table. How values are read is decided in cast.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial

import duckdb

from kviboard.domain.contract import EVENT_TABLES
from kviboard.domain.formatting import counted, format_day, plural
from kviboard.errors import Problem
from kviboard.warehouse.engine import literal, quoted, rows_of
from kviboard.warehouse.files.records import FILE, LINE
from kviboard.warehouse.manifest import ExportDecision
from kviboard.warehouse.staging.queries.origins import is_one_to_one, sources_read
from kviboard.warehouse.staging.queries.query import CastRows
from kviboard.warehouse.staging.rows.duplicates import (
    FileKey,
    fold_repeats,
    is_unrepeated,
    list_replaced,
    once_per_key,
    outcomes,
    repeated_rows,
)
from kviboard.warehouse.staging.rows.emptied import emptied_cells, rows_with_emptied_cells
from kviboard.warehouse.staging.rows.event_ids import has_event_ids, kinds_for_ids, known_by_event
from kviboard.warehouse.staging.rows.filtered import rows_filtered
from kviboard.warehouse.staging.rows.free_orders import free_orders
from kviboard.warehouse.staging.rows.multiplied import rows_multiplied
from kviboard.warehouse.staging.rows.no_rows import SET_ASIDE
from kviboard.warehouse.staging.rows.order_lines import CONTINUES, fold_orders, is_continuing
from kviboard.warehouse.staging.rows.outliers import far_behind, hardly_any, last_plausible_day
from kviboard.warehouse.staging.rows.overlaps import fold_overlaps, overlap_of, without_ids
from kviboard.warehouse.staging.rows.profile import Count, RowProfile
from kviboard.warehouse.staging.rows.replaced import copies, replacements
from kviboard.warehouse.staging.rows.sums import rows_that_are_sums
from kviboard.warehouse.staging.values.scores import doubtful_scales

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
    """What became of cast rows, counted per source and file."""

    cast_rows: CastRows
    is_view: bool = False  # the table is a view on the company's own files
    received: Counter[FileKey] = field(default_factory=Counter)
    rejected: Counter[FileKey] = field(default_factory=Counter)  # by the contract
    excluded: Counter[FileKey] = field(default_factory=Counter)  # by the company's own staging query
    set_aside: Counter[FileKey] = field(default_factory=Counter)  # lines that are no rows, see no_rows
    duplicates: Counter[FileKey] = field(default_factory=Counter)
    lines: Counter[FileKey] = field(default_factory=Counter)  # part of another row
    replaced: Counter[FileKey] = field(default_factory=Counter)
    emptied: Counter[FileKey] = field(default_factory=Counter)  # with an optional cell that cannot be read
    staged: Counter[FileKey] = field(default_factory=Counter)  # rows of the table
    continuing: int = 0  # rows that lack what the first line of their order may have said
    days: dict[FileKey, Counter[date]] = field(default_factory=dict)  # valid rows by day
    kept_rows: str = ""  # SQL for the rows of the table, where no row is folded
    folded_rows: str = ""  # SQL for the file and line of rows that others stand for, where any is
    problems: list[Problem] = field(default_factory=list)
    decisions: list[ExportDecision] = field(default_factory=list)

    def kept(self, place: FileKey) -> int:
        """Rows of one file that are in the table."""
        lost = (self.rejected, self.excluded, self.set_aside, self.duplicates, self.lines, self.replaced)
        return self.received[place] - sum(counter[place] for counter in lost)


def accept(
    connection: duckdb.DuckDBPyConnection, profile: RowProfile, target: str, order_rows: Mapping[str, str | None]
) -> Accepted:
    """Create `target` with the valid rows and add the others to rejected_rows; `order_rows`: that setting by source.

    Raises StagingError where it cannot be told what several rows of one order are.
    """
    cast_rows, accepted = profile.cast_rows, Accepted(profile.cast_rows)
    day = cast_rows.day
    last_day = _judge(profile.by_day(), accepted)
    by_day: Counter[date] = Counter()
    for days in accepted.days.values():
        by_day.update(days)
    if cast_rows.table.name in EVENT_TABLES:
        if not last_day and (found := far_behind(by_day)):
            accepted.decisions.append(_said_of_far_behind(cast_rows, *found))
        elif few := hardly_any(by_day):
            accepted.decisions.append(_said_of_hardly_any(cast_rows, *few, max(by_day)))
    valid = "true"  # where all rows are: whoever reads the table need not judge each of them again
    if accepted.rejected.total() + accepted.excluded.total() + accepted.set_aside.total():
        valid = "_reason is null" + (f" and coalesce({day} <= {literal(str(last_day))}, true)" if last_day else "")
    columns = [quoted(column.name) for column in cast_rows.columns] + (["day"] if cast_rows.table.time_column else [])
    columns += ["scale"] if cast_rows.table.name == "responses" else []
    kept = accepted.kept_rows = f"select {', '.join(columns)} from {cast_rows.relation} where {valid}"
    places = [place for place in accepted.received if accepted.kept(place)]
    if has_event_ids(connection, cast_rows, valid):
        cast_rows, said = _by_event(connection, profile, valid)
        accepted.cast_rows = cast_rows
        accepted.decisions += said
    if cast_rows.table.name == "responses":
        accepted.cast_rows = profile.cast_rows = cast_rows = without_ids(cast_rows)
    overlap = overlap_of(profile, places, accepted.days)
    repeats = accepted.continuing > 0 or overlap is not None or profile.has_repeated_keys(valid)
    if overlap:
        accepted.decisions += fold_overlaps(connection, cast_rows, valid, columns, places, overlap)
        accepted.duplicates = outcomes(connection, cast_rows)["duplicate"]
        repeats = accepted.duplicates.total() > 0
    elif repeats:
        _fold(connection, accepted, valid, columns, places, order_rows)
    if repeats:
        kept = once_per_key(cast_rows, valid, columns)
    if valid != "true":
        _list_rejected(connection, cast_rows, day, last_day, repeats)
    accepted.is_view = cast_rows.is_view and not repeats
    connection.execute(f"create {'view' if accepted.is_view else 'table'} {target} as {kept}")
    accepted.staged = Counter({place: accepted.kept(place) for place in accepted.received})
    if not is_one_to_one(cast_rows.query):
        _count_lines(connection, accepted, valid, repeats)
        accepted.decisions += rows_multiplied(connection, cast_rows, valid, columns)
    says_lines = all(file is not None for _, file in accepted.received)
    accepted.decisions += rows_filtered(connection, cast_rows, says_lines)
    accepted.problems += _unknown_choices(connection, cast_rows, valid)
    accepted.decisions += [*cast_rows.decisions, *emptied_cells(connection, cast_rows, valid)]
    accepted.emptied = rows_with_emptied_cells(connection, cast_rows, valid)
    for table, what, look in (("responses", "scales", doubtful_scales), ("orders", "sums", rows_that_are_sums)):
        if cast_rows.table.name == table:
            said = profile.look(valid, what, partial(look, connection, cast_rows.relation, valid))
            accepted.decisions += said
    if cast_rows.table.name == "orders":
        accepted.decisions += free_orders(connection, target, sources_read(cast_rows.query)[0])
    return accepted


def _said_of_far_behind(cast_rows: CastRows, rows: int, before: date, first: date) -> ExportDecision:
    are = plural(rows, "lies", "lie")
    what = (
        f"{counted(rows, 'row')} {are} long after all others, which end on {before}; the data is taken to reach there."
    )
    return ExportDecision(
        where=f"The {cast_rows.table.name} export",
        what=what,
        example=f"{first}",
        setting="If the date is mistyped, correct it in the export.",
        level="warning",
        moves_kvis=True,
    )


def _said_of_hardly_any(cast_rows: CastRows, rows: int, before: date, usual: int, last: date) -> ExportDecision:
    table, time = cast_rows.table.name, cast_rows.table.time_column
    days = f"the {(last - before).days} days after {format_day(before)}, on which some {usual:,} are usual"
    late = f"case when try_cast({time} as date) > '{before}' then 'a clock runs ahead' end as reject_reason"
    return ExportDecision(
        where=f"The {table} export",
        what=f"{counted(rows, 'row')} {plural(rows, 'is', 'are')} all there is on {days}. The data is taken to reach "
        f"{format_day(last)}, so that these days count as ones on which hardly anything happened.",
        setting="Where clocks of devices run ahead, or dates are mistyped, set these rows aside in "
        f"queries/staging/{table}.sql: select *, {late} from source.{table}",
        level="warning",
        moves_kvis=True,
    )


def _by_event(
    connection: duckdb.DuckDBPyConnection, profile: RowProfile, valid: str
) -> tuple[CastRows, list[ExportDecision]]:
    """Rows of activity by the ids of their events, unless these tell none apart."""
    plain, profile.cast_rows = profile.cast_rows, known_by_event(profile.cast_rows)
    said = kinds_for_ids(connection, plain, valid) if profile.has_repeated_keys(valid) else []
    if said:
        profile.cast_rows = plain
    return profile.cast_rows, said


def _fold(
    connection: duckdb.DuckDBPyConnection,
    accepted: Accepted,
    valid: str,
    columns: Sequence[str],
    places: Sequence[FileKey],
    order_rows: Mapping[str, str | None],
) -> None:
    """Make one row of those that share a key, and count what became of the others."""
    cast_rows = accepted.cast_rows
    if cast_rows.table.name == "orders":
        accepted.decisions += fold_orders(connection, cast_rows, valid, columns, places, order_rows)
        continued = f"select _source, {FILE}, count(*) from {repeated_rows(cast_rows)} where continues group by all"
        for source, file, rows in rows_of(connection, continued):
            accepted.rejected[source, file] -= rows
    else:
        fold_repeats(connection, cast_rows, valid, columns, places)
    found = outcomes(connection, cast_rows)
    accepted.lines, accepted.replaced, accepted.duplicates = found["line"], found["replaced"], found["duplicate"]
    accepted.folded_rows = f"select {FILE}, {LINE} from {repeated_rows(cast_rows)} where outcome <> 'kept'"
    list_replaced(connection, cast_rows)
    decided = {source for source, setting in order_rows.items() if setting}
    accepted.decisions += replacements(connection, cast_rows, decided)
    accepted.decisions += copies(connection, cast_rows, decided)


def _judge(counts: Sequence[Count], accepted: Accepted) -> date | None:
    """Sum up the counts; returns the last plausible day where rows lie beyond it."""
    days: Counter[date] = Counter()
    for count in counts:
        if count.is_valid and count.day is not None:
            days[count.day] += count.row_count
    last_day = last_plausible_day(days)
    for count in counts:
        place = (count.source, count.file)
        accepted.received[place] += count.row_count
        if not count.is_valid and count.kind == "excluded":
            accepted.excluded[place] += count.row_count
        elif not count.is_valid and count.kind == SET_ASIDE:
            accepted.set_aside[place] += count.row_count
        elif not count.is_valid and count.kind == CONTINUES:
            accepted.rejected[place] += count.row_count  # until an order is found that it continues
            accepted.continuing += count.row_count
        elif not count.is_valid or (last_day and count.day and count.day > last_day):
            accepted.rejected[place] += count.row_count
        elif count.day:
            accepted.days.setdefault(place, Counter())[count.day] += count.row_count
    return last_day


def _list_rejected(
    connection: duckdb.DuckDBPyConnection, cast_rows: CastRows, day: str | None, last_day: date | None, repeats: bool
) -> None:
    name = str(cast_rows.table.time_column or day)
    late, column, value, reason = "false", "_column", "_value", "_reason"
    if last_day:
        late = f"{day} > {literal(str(last_day))}"
        column = f"case when _reason is null then {literal(name)} else _column end"
        value = f"case when _reason is null then cast({name} as varchar) else _value end"
        reason = f"coalesce(_reason, {literal(f'{name} lies long after {last_day}, the last day with usual rows')})"
    lacks_order = f"not {is_continuing(cast_rows)}" if repeats and cast_rows.table.name == "orders" else "true"
    connection.execute(
        f"""
        insert into rejected_rows
        select
            {literal(cast_rows.table.name)}, _source, {FILE}, {LINE}, {column}, {value}, {reason},
            case _kind when '{CONTINUES}' then 'rejected' else _kind end
        from {cast_rows.relation} where (_reason is not null and {lacks_order}) or {late}
        """
    )


def _unknown_choices(connection: duckdb.DuckDBPyConnection, cast_rows: CastRows, valid: str) -> list[Problem]:
    """Values of a choice that are none of the known ones: they are null in the table, and named here."""
    problems = []
    for column in (column for column in cast_rows.provided if column.kind == "choice"):
        found = quoted(f"_unknown_{column.name}")
        values = rows_of(
            connection,
            f"select {found}, count(*) from {cast_rows.relation} where {valid} and {found} is not null "
            f"group by all order by count(*) desc, {found}",
        )
        if values:
            named = ", ".join(f'"{value}" ({counted(rows, "row")})' for value, rows in values[:5])
            what = f"{column.name} has values that are none of {', '.join(column.choices)}: {named}."
            hint = f"They count as unknown; translate them in queries/staging/{cast_rows.table.name}.sql."
            problems.append(Problem(f"The {cast_rows.table.name} export", what, hint))
    return problems


def _count_lines(connection: duckdb.DuckDBPyConnection, accepted: Accepted, valid: str, repeats: bool) -> None:
    """Count lines instead of rows, where a query may make several rows of one line: it is kept if any of them is."""
    cast_rows = accepted.cast_rows
    outcome = f"case when {valid} then 'kept' else _kind end as outcome"
    own = f"select _source, {FILE}, {LINE}, {outcome} from {cast_rows.relation}"
    folded = f"select _source, {FILE}, {LINE}, outcome from {repeated_rows(cast_rows)}"
    rows = f"{own} where {_is_not_folded(cast_rows, valid)} union all {folded}" if repeats else own
    counters = {
        "kept": Counter[FileKey](),
        "line": accepted.lines,
        "replaced": accepted.replaced,
        "duplicate": accepted.duplicates,
        "rejected": accepted.rejected,
        "excluded": accepted.excluded,
        SET_ASIDE: accepted.set_aside,
    }
    order, otherwise = ", ".join(map(literal, counters)), list(counters).index("rejected") + 1
    counts = rows_of(
        connection,
        f"""
        with lines as (
            select _source, {FILE}, min(coalesce(list_position([{order}], outcome), {otherwise})) as outcome
            from ({rows}) where {FILE} is not null group by _source, {FILE}, {LINE}
        )
        select _source, {FILE}, outcome, count(*) from lines group by all
        """,
    )
    for counter in (*counters.values(), accepted.received):
        for place in [place for place in counter if place[1] is not None]:
            del counter[place]
    for source, file, outcome, count in counts:
        list(counters.values())[outcome - 1][source, file] += count
        accepted.received[source, file] += count
    _list_lines_once(connection, cast_rows.table.name)


def _list_lines_once(connection: duckdb.DuckDBPyConnection, table: str) -> None:
    """Of rows that a query made of one line, and that say the same of it, list one."""
    listed = f"table_name = {literal(table)} and file is not null"
    alike = "source, file, line, column_name, value, reason, kind"
    connection.execute(
        f"""
        delete from rejected_rows where {listed} and rowid not in (
            select min(rowid) from rejected_rows where {listed} group by {alike}
        )
        """
    )


def _is_not_folded(cast_rows: CastRows, valid: str) -> str:
    """SQL: whether a row is none of repeated_rows."""
    folded = f"({valid} and not {is_unrepeated(cast_rows)})"
    return f"not ({folded} or {is_continuing(cast_rows)})" if cast_rows.table.name == "orders" else f"not {folded}"
