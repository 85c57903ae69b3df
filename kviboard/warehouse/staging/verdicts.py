"""The SELECT that types the rows of a staging query and says of each what is to be said: kept, or why it is not.

Owns the SQL alone; how each column is read was decided before.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from kviboard.domain.contract import Column, ContractTable
from kviboard.warehouse.engine import literal, quoted
from kviboard.warehouse.files.records import FILE, LINE
from kviboard.warehouse.forgotten import REASON
from kviboard.warehouse.staging.queries.customer_rules import LEFT_OUT
from kviboard.warehouse.staging.queries.origins import keeps_lines
from kviboard.warehouse.staging.queries.query import HIDDEN, IS_ALIAS, CastRows, Part, Staging
from kviboard.warehouse.staging.rows.no_rows import SET_ASIDE, NoRow, answer_states, no_rows
from kviboard.warehouse.staging.values.cast import Cast, absent, alias_of, clean_text
from kviboard.warehouse.staging.values.identity import bare_id, id_of, row_id
from kviboard.warehouse.staging.values.scores import scale_of


def select_of(staging: Staging, part: Part, cast_rows: CastRows, casts: Mapping[str, Cast]) -> str:
    """One SELECT in steps: as found, typed, the reasons to refuse each value, judged. What several columns ask for is a
    column of the step before: written out each time, it would take the engine longer to plan than to run."""
    hidden = [name if name in staging.found else f"cast(null as {kind}) as {name}" for name, kind in HIDDEN.items()]
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
        *([_is_alias(staging, casts)] if staging.table.name == "customers" else []),
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
    is_known = column.required or column.name not in staging.table.key
    return value if is_known else row_id(value, keeps_lines(staging.query))


def _is_alias(staging: Staging, casts: Mapping[str, Cast]) -> str:
    return f"{staging.customers.is_alias(id_of(staging.table, casts['customer_id']))} as {IS_ALIAS}"


def _hidden(staging: Staging, casts: Mapping[str, Cast]) -> list[str]:
    """The columns beside those of the contract; rows of forgotten customers have a reason to be set aside."""
    if not (staging.forgotten or staging.customers.has_left_out) or "customer_id" not in casts:
        return list(HIDDEN)
    customer = staging.customers.customer(id_of(staging.table, casts["customer_id"]))
    gone = f"when {staging.forgotten.condition(bare_id(customer))} then {literal(REASON)} " if staging.forgotten else ""
    reason = f"case {gone}{staging.customers.reason(customer)}else cast(reject_reason as varchar) end as reject_reason"
    return [reason if name == "reject_reason" else name for name in HIDDEN]


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
        *([IS_ALIAS] if cast_rows.table.name == "customers" else []),
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
