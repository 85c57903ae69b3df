"""From source.* to one contract table: runs its staging query, casts its columns, sets aside what breaks the contract.

Every row that the staging query delivers ends up kept, rejected or folded as a duplicate, and is counted as such.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import duckdb

from kviboard.catalog import QueryFile
from kviboard.domain.contract import Column, ContractTable
from kviboard.errors import Problem
from kviboard.warehouse.engine import literal, quoted
from kviboard.warehouse.files.records import FILE, LINE
from kviboard.warehouse.staging.cast import Cast, Rules, absent, alias_of, cast_column, clean_text, is_native
from kviboard.warehouse.staging.dates import AmbiguousDatesError, DateStyle, detect_style

_HIDDEN = {FILE: "varchar", LINE: "bigint", "reject_reason": "varchar"}


@dataclass(frozen=True)
class Part:
    """The rows of a staging query that come from one source and so follow one set of rules."""

    source: str
    files: tuple[str, ...]  # () where the query does not say which file a row is from
    rules: Rules
    is_text: bool  # read from text, so that ids and texts want trimming
    others: tuple[str, ...] = ()  # files of other parts: this one has all rows that are not theirs

    @property
    def condition(self) -> str:
        """SQL that keeps the part's rows."""
        if self.files:
            return f"where {FILE} in ({', '.join(map(literal, self.files))})"
        known = ", ".join(map(literal, self.others))
        return f"where coalesce({FILE} not in ({known}), true)" if self.others else ""


class StagingError(Exception):
    """A table cannot be accepted; carries the problem."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem


@dataclass(frozen=True)
class Staging:
    """A staging query opened as the view staging.<table>. `found` holds its columns, lower case, with their types."""

    table: ContractTable
    query: QueryFile
    found: dict[str, str]

    @property
    def view(self) -> str:
        return f"staging.{self.table.name}"


@dataclass(frozen=True)
class Delivery:
    """What a staging query delivers, cast but not yet judged: delivered.<table> and the columns in it."""

    table: ContractTable
    query: QueryFile
    columns: tuple[Column, ...]  # the contract's, then dimensions
    provided: tuple[Column, ...]  # those that were exported
    is_view: bool  # nothing but native columns: reading it again costs little

    @property
    def relation(self) -> str:
        return f"delivered.{self.table.name}"

    @property
    def day(self) -> str | None:
        """The column with a row's day, if it has one."""
        if self.table.time_column:
            return "day"
        return "signed_up_on" if self.table.name == "customers" else None


def open_staging(connection: duckdb.DuckDBPyConnection, table: ContractTable, query: QueryFile) -> Staging:
    """Create the view of a staging query. Raises StagingError where it lacks a required column, duckdb.Error where it
    fails."""
    view = f"staging.{table.name}"
    connection.execute(f"create view {view} as {query.sql.strip().rstrip(';')}")
    described = connection.execute(f"describe {view}").fetchall()
    found = {name.lower(): kind for name, kind, *_ in described}
    _check_required(table, query, found, [name for name, *_ in described])
    return Staging(table, query, found)


def deliver(
    connection: duckdb.DuckDBPyConnection, staging: Staging, parts: Sequence[Part], dimensions: Sequence[str]
) -> Delivery:
    """Create delivered.<table>: contract columns, `day`, provenance, and `_column`, `_value`, `_reason`, `_kind`.

    Raises StagingError where dates are ambiguous.
    """
    columns = (*staging.table.columns, *_dimension_columns(staging.table, dimensions))
    selects, natives = [], []
    for part in parts:
        casts = _casts(connection, staging, part, columns)
        natives += [cast.is_native for cast in casts.values()]
        selects.append(_select(staging, part, columns, casts))
    kind = "view" if all(natives) else "table"
    provided = tuple(column for column in columns if column.name in staging.found)
    delivery = Delivery(staging.table, staging.query, columns, provided, is_view=all(natives))
    connection.execute(f"create {kind} {delivery.relation} as {' union all '.join(selects)}")
    return delivery


def _dimension_columns(table: ContractTable, dimensions: Sequence[str]) -> tuple[Column, ...]:
    return tuple(Column(name, "text") for name in dimensions) if table.name == "customers" else ()


def _check_required(table: ContractTable, query: QueryFile, found: Mapping[str, str], written: Sequence[str]) -> None:
    missing = [column.name for column in table.columns if column.required and column.name not in found]
    if not missing:
        return
    names = [name for name in written if name not in (FILE, LINE)]
    hint = f"Found: {', '.join(names)}. Map one to it under rename in kviboard.toml, or in {query.path}."
    raise StagingError(Problem(f"The {table.name} export", f"has no column {' and no column '.join(missing)}.", hint))


def _casts(
    connection: duckdb.DuckDBPyConnection, staging: Staging, part: Part, columns: Sequence[Column]
) -> dict[str, Cast]:
    casts = {}
    for column in columns:
        found_type = staging.found.get(column.name)
        if found_type is None:
            continue
        style = DateStyle()
        if column.kind in ("day", "time") and not is_native(column, found_type, part.is_text):
            style = _date_style(connection, staging.view, part, column)
        casts[column.name] = cast_column(column, found_type, part.is_text, part.rules, style)
    return casts


def _date_style(connection: duckdb.DuckDBPyConnection, view: str, part: Part, column: Column) -> DateStyle:
    rows = f"(select * from {view} {part.condition})"
    value = clean_text(column.name, keeps_tokens=False)
    where = f"kviboard.toml, [sources.{part.source}] date_format"
    try:
        return detect_style(connection, rows, value, part.rules.timezone, part.rules.date_format)
    except AmbiguousDatesError as error:
        what = f'{column.name} has dates like "{error}", where day and month cannot be told apart.'
        hint = 'Set date_format, such as "%d/%m/%Y" for day/month/year or "%m/%d/%Y" for month/day/year.'
        raise StagingError(Problem(where, what, hint)) from error


def _select(staging: Staging, part: Part, columns: Sequence[Column], casts: Mapping[str, Cast]) -> str:
    """One SELECT in three steps: as found, typed, judged."""
    hidden = [name if name in staging.found else f"cast(null as {kind}) as {name}" for name, kind in _HIDDEN.items()]
    cleaned = [*(f"{cast.clean} as {cast.alias}" for cast in casts.values()), *hidden]
    typed = [
        *(f"{casts[c.name].typed if c.name in casts else absent(c)} as {quoted(c.name)}" for c in columns),
        *(cast.alias for cast in casts.values()),
        *_HIDDEN,
    ]
    judged = _judged(staging.table, part, columns, casts)
    return (
        f"select {', '.join(judged)} from (select {', '.join(typed)} "
        f"from (select {', '.join(cleaned)} from {staging.view} {part.condition}))"
    )


def _judged(table: ContractTable, part: Part, columns: Sequence[Column], casts: Mapping[str, Cast]) -> list[str]:
    return [
        *(quoted(column.name) for column in columns),
        *([f"cast({table.time_column} as date) as day"] if table.time_column else []),
        f"{literal(part.source)} as _source",
        f"cast({FILE} as varchar) as {FILE}",
        f"cast({LINE} as bigint) as {LINE}",
        *_verdict([cast for cast in casts.values() if cast.reason]),
        *(f"{_unknown(c, casts)} as {quoted('_unknown_' + c.name)}" for c in columns if c.kind == "choice"),
    ]


def _unknown(column: Column, casts: Mapping[str, Cast]) -> str:
    """SQL: a choice as found where it is none of the known ones."""
    if column.name not in casts:
        return "cast(null as varchar)"
    return f"case when {quoted(column.name)} is null then cast({casts[column.name].alias} as varchar) end"


def _verdict(casts: Sequence[Cast]) -> list[str]:
    """The first thing wrong with a row: the company's own reason, else its first column that breaks the contract."""
    columns = "".join(f" when {cast.reason} is not null then {literal(cast.column.name)}" for cast in casts)
    values = "".join(f" when {cast.reason} is not null then cast({alias_of(cast.column)} as varchar)" for cast in casts)
    reasons = "".join(f", {cast.reason}" for cast in casts)
    given = "when reject_reason is not null then"
    return [
        f"case {given} null{columns} end as _column",
        f"case {given} null{values} end as _value",
        f"coalesce(cast(reject_reason as varchar){reasons}) as _reason",
        f"case {given} 'excluded' else 'rejected' end as _kind",
    ]
