"""From source.* to one contract table: runs its staging query, casts its columns, sets aside what breaks the contract.

Every row of the staging query ends up kept, rejected or folded as a duplicate, and is counted as such.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import duckdb

from kviboard.catalog import QueryFile
from kviboard.domain.contract import Column, ContractTable
from kviboard.warehouse.engine import literal, quoted, rows_of
from kviboard.warehouse.files.records import FILE, LINE
from kviboard.warehouse.forgotten import REASON, Forgotten
from kviboard.warehouse.manifest import Decision
from kviboard.warehouse.staging.cast import Cast, Rules, absent, alias_of, cast_column, clean_text, implausible_day
from kviboard.warehouse.staging.customer_rules import LEFT_OUT, NO_RULES, CustomerRules, condition_problem
from kviboard.warehouse.staging.exchange_rates import converted, rate_places, said_of_rates
from kviboard.warehouse.staging.identity import bare_id, id_of, row_id
from kviboard.warehouse.staging.missing_columns import missing_columns
from kviboard.warehouse.staging.money import common_type, times_type
from kviboard.warehouse.staging.money_names import currency_columns
from kviboard.warehouse.staging.no_rows import SET_ASIDE, NoRow, answer_states, no_rows
from kviboard.warehouse.staging.place import Place, StagingError
from kviboard.warehouse.staging.readings import read_column
from kviboard.warehouse.staging.scores import scale_of

_HIDDEN = {FILE: "varchar", LINE: "bigint", "reject_reason": "varchar"}


@dataclass(frozen=True)
class Part:
    """The rows of a staging query that come from one source and so follow one set of rules."""

    source: str
    files: tuple[str, ...]  # () where the query does not say which file a row is from
    rules: Rules
    is_text: bool  # read from text, so that ids and texts want trimming
    headers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # what columns are called in the files
    others: tuple[str, ...] = ()  # files of other parts: this one has all rows that are not theirs
    names: Mapping[str, str] = field(default_factory=dict)  # the source's columns: as exported, after renaming

    @property
    def condition(self) -> str:
        """SQL that keeps the part's rows."""
        if self.files:
            return f"where {FILE} in ({', '.join(map(literal, self.files))})"
        known = ", ".join(map(literal, self.others))
        return f"where coalesce({FILE} not in ({known}), true)" if self.others else ""


@dataclass(frozen=True)
class Staging:
    """A staging query opened as the view staging.<table>. `found` holds its columns, lower case, with their types."""

    table: ContractTable
    query: QueryFile
    found: dict[str, str]
    forgotten: Forgotten  # customers whose rows are set aside
    customers: CustomerRules = NO_RULES

    @property
    def view(self) -> str:
        return f"staging.{self.table.name}"


@dataclass(frozen=True)
class CastRows:
    """The rows of a staging query, cast but not yet judged: cast_rows.<table> and the columns in it."""

    table: ContractTable
    query: QueryFile
    columns: tuple[Column, ...]  # the contract's, then dimensions
    provided: tuple[Column, ...]  # those that were exported
    is_view: bool  # nothing but native columns: reading it again costs little
    emptied: tuple[Column, ...] = ()  # optional ones that may have cells which cannot be read, in `_emptied_<name>`
    decisions: tuple[Decision, ...] = ()  # on how values are read

    @property
    def relation(self) -> str:
        return f"cast_rows.{self.table.name}"

    @property
    def day(self) -> str | None:
        """The column with a row's day, if it has one."""
        if self.table.time_column:
            return "day"
        return "signed_up_on" if self.table.name == "customers" else None


def open_staging(
    connection: duckdb.DuckDBPyConnection,
    table: ContractTable,
    query: QueryFile,
    source: str,
    forgotten: Forgotten,
    customers: CustomerRules,
) -> Staging:
    """Create the view of a staging query, whose rows come from `source`. Raises StagingError where it lacks a required
    column, duckdb.Error where it fails."""
    view = f"staging.{table.name}"
    connection.execute(f"create view {view} as {query.sql.strip().rstrip(';')}")
    described = connection.execute(f"describe {view}").fetchall()
    found = {name.lower(): kind for name, kind, *_ in described}
    missing = [column.name for column in table.columns if column.required and column.name not in found]
    if missing:
        names = [name for name, *_ in described]
        raise StagingError(missing_columns(connection, table, query.path, source, names, missing))
    if table.name != "customers":
        customers = replace(customers, condition="")
    elif customers.condition:
        _try_condition(connection, view, customers, [name for name, *_ in described if name not in (FILE, LINE)])
    return Staging(table, query, found, forgotten, customers)


def _try_condition(
    connection: duckdb.DuckDBPyConnection, view: str, customers: CustomerRules, columns: list[str]
) -> None:
    try:
        connection.execute(f"select 1 from {view} where ({customers.condition}) limit 1").fetchall()
    except duckdb.Error as error:
        raise StagingError(condition_problem(error, columns)) from error


def cast_table(
    connection: duckdb.DuckDBPyConnection, staging: Staging, parts: Sequence[Part], own: Sequence[Column]
) -> CastRows:
    """Create cast_rows.<table>: contract columns, the workspace's `own`, `day`, provenance,
    and `_column`, `_value`, `_reason`, `_kind`.

    Raises StagingError where dates are ambiguous.
    """
    columns = (*staging.table.columns, *own)
    decisions: list[Decision] = []
    casts = [_casts(connection, staging, part, columns, decisions) for part in parts]
    is_native = all(cast.is_native for some in casts for cast in some.values())
    foreign = [cast for some in casts for cast in some.values() if cast.currency]
    is_view = is_native and not foreign and not (staging.customers and "customer_id" in staging.found)
    emptied = tuple(
        c for c in columns if not c.required and any(c.name in some and some[c.name].reason for some in casts)
    )
    provided = tuple(column for column in columns if column.name in staging.found)
    cast_rows = CastRows(staging.table, staging.query, columns, provided, is_view, emptied, tuple(decisions))
    selects = [_select(staging, part, cast_rows, some) for part, some in zip(parts, casts, strict=True)]
    money = {cast.money for some in casts for cast in some.values() if cast.column.kind == "money"}
    if len(money) > 1:
        selects = [f"select * replace (cast(amount as {common_type(money)}) as amount) from ({s})" for s in selects]
    rows, kind = " union all ".join(selects), "view" if is_view else "table"
    if foreign:
        rows = converted(rows, common_type(money, rate_places(connection)))
    connection.execute(f"create {kind} {cast_rows.relation} as {rows}")
    if foreign:
        decisions += said_of_rates(connection, cast_rows.relation, parts[0].rules.currency)
        cast_rows = replace(cast_rows, decisions=tuple(decisions))
    return cast_rows


def _casts(
    connection: duckdb.DuckDBPyConnection,
    staging: Staging,
    part: Part,
    columns: Sequence[Column],
    decisions: list[Decision],
) -> dict[str, Cast]:
    """How each column that is there is cast in one part; adds what was decided to `decisions`."""
    rows, casts = _own_rows(staging, part), {}
    for column in columns:
        found_type = staging.found.get(column.name)
        if found_type is None:
            continue
        headers, currencies = part.headers.get(column.name, ()), tuple(currency_columns(staging.found))
        place = Place(staging.table.name, part.source, rows, part.is_text, headers, tuple(staging.found), currencies)
        reading = read_column(connection, place, column, found_type, part.rules)
        decisions += reading.decisions
        cast = cast_column(column, found_type, part.is_text, reading.rules, reading.dates)
        cast = replace(
            cast,
            currency=reading.currency,
            scales=reading.rules.scales,
            scale=reading.scale,
            money=times_type(reading.rules.money, reading.rules.factor),
        )
        if cast.is_native and not column.required and not _may_be_wrong(connection, place, column):
            cast = replace(cast, reason=None)
        casts[column.name] = cast
    return casts


def _own_rows(staging: Staging, part: Part) -> str:
    """SQL for the rows of a part that the company's own query does not set aside."""
    absent = [f", cast(null as {kind}) as {name}" for name, kind in _HIDDEN.items() if name not in staging.found]
    rows = f"(select *{''.join(absent)} from {staging.view} {part.condition})"
    return f"(select * from {rows} where reject_reason is null)" if "reject_reason" in staging.found else rows


def _may_be_wrong(connection: duckdb.DuckDBPyConnection, place: Place, column: Column) -> bool:
    """Whether a typed column has a value that no contract allows; its file's statistics mostly tell without reading."""
    name = quoted(column.name)
    odd = {"day": implausible_day(name), "time": implausible_day(name), "minutes": f"{name} < 0"}.get(column.kind)
    return bool(odd and rows_of(connection, f"select 1 from {place.rows} where {odd} limit 1"))


def _select(staging: Staging, part: Part, cast_rows: CastRows, casts: Mapping[str, Cast]) -> str:
    """One SELECT in steps: as found, typed, the reasons to refuse each value, judged. What several columns ask for is a
    column of the step before: written out each time, it would take the engine longer to plan than to run."""
    hidden = [name if name in staging.found else f"cast(null as {kind}) as {name}" for name, kind in _HIDDEN.items()]
    if staging.customers.condition:
        given = "cast(reject_reason as varchar)" if "reject_reason" in staging.found else "null"
        is_out = f"coalesce(({staging.customers.condition}), false)"
        hidden[-1] = f"case when {is_out} then {literal(LEFT_OUT)} else {given} end as reject_reason"
    states = answer_states(staging.table, staging.found)
    said = [f"{clean_text(name, keeps_tokens=True)} as {quoted(f'{name}__state')}" for name in states]
    currency = next((cast.currency for cast in casts.values() if cast.currency), "cast(null as varchar)")
    scale = next((cast.scale for cast in casts.values() if cast.scale), "cast(null as varchar)")
    cleaned = [
        *(f"{cast.clean} as {cast.alias}" for cast in casts.values()),
        *said,
        *hidden,
        f"{currency} as _currency",
        f"{scale} as _scale",
    ]
    numbers = "".join(f", {cast.number} as {cast.number_alias}" for cast in casts.values() if cast.number)
    typed = [
        *(f"{_typed(staging, c, casts)} as {quoted(c.name)}" for c in cast_rows.columns),
        *(cast.alias for cast in casts.values()),
        *(cast.number_alias for cast in casts.values() if cast.number),
        *(quoted(f"{name}__state") for name in states),
        *_hidden(staging, casts),
        "_currency",
        "_scale",
    ]
    reasons = "".join(f", {cast.reason} as {cast.reason_alias}" for cast in casts.values() if cast.reason)
    known = {name: replace(cast, reason=cast.reason and cast.reason_alias) for name, cast in casts.items()}
    rules = no_rows(staging.table, known, states, part.names, part.is_text)
    judged = _judged(part, cast_rows, known, rules)
    found = f"select *{numbers} from (select {', '.join(cleaned)} from {staging.view} {part.condition})"
    reasoned = f"select *{reasons} from (select {', '.join(typed)} from ({found}))"
    return f"select {', '.join(judged)} from (select *, {_no_row(rules)} as _no_row from ({reasoned}))"


def _no_row(rules: Sequence[NoRow]) -> str:
    """SQL: the number of the first rule by which a line is no row, from 1; null for a row."""
    cases = " ".join(f"when {rule.condition} then {number}" for number, rule in enumerate(rules, 1))
    return f"case {cases} end" if cases else "cast(null as integer)"


def _typed(staging: Staging, column: Column, casts: Mapping[str, Cast]) -> str:
    """SQL: the value of a column in its type, over the cleaned columns."""
    cast = casts.get(column.name)
    if column.kind != "id":
        return cast.typed if cast else absent(column)
    value = id_of(staging.table, cast) if cast else absent(column)
    if column.name == "customer_id":
        value = staging.customers.customer(value)
    return value if column.required or column.name not in staging.table.key else row_id(value)


def _hidden(staging: Staging, casts: Mapping[str, Cast]) -> list[str]:
    """The columns beside those of the contract; rows of forgotten customers have a reason to be set aside."""
    if not (staging.forgotten or staging.customers.has_left_out) or "customer_id" not in casts:
        return list(_HIDDEN)
    customer = staging.customers.customer(id_of(staging.table, casts["customer_id"]))
    gone = f"when {staging.forgotten.condition(bare_id(customer))} then {literal(REASON)} " if staging.forgotten else ""
    reason = f"case {gone}{staging.customers.reason(customer)}else cast(reject_reason as varchar) end as reject_reason"
    return [reason if name == "reject_reason" else name for name in _HIDDEN]


def _judged(part: Part, cast_rows: CastRows, casts: Mapping[str, Cast], others: Sequence[NoRow]) -> list[str]:
    time_column = cast_rows.table.time_column
    choices = (column for column in cast_rows.columns if column.kind == "choice")
    return [
        *(_kept(column, casts) for column in cast_rows.columns),
        *([f"cast({time_column} as date) as day"] if time_column else []),
        f"{literal(part.source)} as _source",
        f"cast({FILE} as varchar) as {FILE}",
        f"cast({LINE} as bigint) as {LINE}",
        *_verdict(cast_rows.table, [cast for cast in casts.values() if cast.reason and cast.column.required], others),
        *(f"{_unknown(column, casts)} as {quoted('_unknown_' + column.name)}" for column in choices),
        *(f"{_emptied(column, casts)} as {quoted('_emptied_' + column.name)}" for column in cast_rows.emptied),
        *(
            [f"{scale_of(casts['score'].scales or part.rules.scales)} as scale", "_scale"]
            if cast_rows.table.name == "responses"
            else []
        ),
        *(["_currency"] if cast_rows.table.name == "orders" else []),
    ]


def _kept(column: Column, casts: Mapping[str, Cast]) -> str:
    """SQL: the value that goes into the table; empty where an optional column has one that cannot be used."""
    cast, name = casts.get(column.name), quoted(column.name)
    if cast is None or column.required or not cast.reason:
        return name
    return f"case when {cast.reason} is null then {name} end as {name}"


def _emptied(column: Column, casts: Mapping[str, Cast]) -> str:
    """SQL: the value of an optional column as found where it cannot be used."""
    cast = casts.get(column.name)
    if cast is None or not cast.reason:
        return "cast(null as varchar)"
    return f"case when {cast.reason} is not null then cast({cast.alias} as varchar) end"


def _unknown(column: Column, casts: Mapping[str, Cast]) -> str:
    """SQL: a choice as found where it is none of the known ones."""
    if column.name not in casts:
        return "cast(null as varchar)"
    return f"case when {quoted(column.name)} is null then cast({casts[column.name].alias} as varchar) end"


def _verdict(table: ContractTable, casts: Sequence[Cast], others: Sequence[NoRow]) -> list[str]:
    """The first thing to say of a row: the company's own reason, that it is none, or its first column that breaks the
    contract."""
    given = "when reject_reason is not null then"
    wrong = {alias_of(cast.column): f"when {cast.reason} is not null then" for cast in casts}
    is_none = [f"when _no_row = {number} then" for number in range(1, len(others) + 1)]
    columns = [f"{when} {literal(other.column or '')}" for when, other in zip(is_none, others, strict=True)]
    columns += [f"{wrong[alias_of(cast.column)]} {literal(cast.column.name)}" for cast in casts]
    values = [f"{when} {other.value}" for when, other in zip(is_none, others, strict=True)]
    values += [f"{when} cast({alias} as varchar)" for alias, when in wrong.items()]
    reasons = " ".join(f"{when} {literal(other.reason)}" for when, other in zip(is_none, others, strict=True))
    broken = f"coalesce(null{''.join(f', {cast.reason}' for cast in casts)})"
    none = f"when _no_row is not null then {literal(SET_ASIDE)}"
    kind = f"when reject_reason = {literal(LEFT_OUT)} then {literal(SET_ASIDE)} {given} 'excluded' {none}"
    return [
        f"nullif(case {given} null {' '.join(columns)} end, '') as _column",
        f"case {given} null {' '.join(values)} end as _value",
        f"case {given} cast(reject_reason as varchar) {reasons} else {broken} end as _reason",
        f"case {kind}{_continues(table, casts)} else 'rejected' end as _kind",
    ]


def _continues(table: ContractTable, casts: Sequence[Cast]) -> str:
    """A case of its own for rows with nothing wrong but what the first line of the same order may have said."""
    if table.name != "orders":
        return ""
    said_once = [cast for cast in casts if cast.column.required and cast.column.name not in table.key]
    lacking = " or ".join(f"{cast.alias} is null" for cast in said_once)
    fine = " and ".join(
        f"({cast.reason} is null{f' or {cast.alias} is null' if cast in said_once else ''})" for cast in casts
    )
    return f" when ({lacking}) and {fine} then 'continues'"
