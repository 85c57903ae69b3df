"""Writes the SELECTs of queries/staging/ that a plan needs: where exports are joined, rows are no turnover, or several
exports feed one table. What renaming can do needs none.
"""

import re
import textwrap
from collections.abc import Collection, Iterable, Sequence

from kviboard.domain.contract import CONTRACT
from kviboard.domain.formatting import listed
from kviboard.domain.names import likeness
from kviboard.domain.recognition.columns import is_time_of_day
from kviboard.domain.recognition.facts import ColumnFacts
from kviboard.domain.recognition.plan import APART, AS_THEY_ARE, MINUTES, ONE_TIME, PERCENT, SHARE, Export, Plan
from kviboard.domain.recognition.questions import NUMBERS
from kviboard.domain.recognition.slicing import TELLING, nobody_in
from kviboard.warehouse.engine import literal, readable
from kviboard.warehouse.files.records import FILE, LINE
from kviboard.warehouse.recognition.telling_sql import Telling, moment, slicing_select
from kviboard.warehouse.staging.columns.beside_amounts import is_looked_at, tells_documents, tells_states
from kviboard.warehouse.staging.columns.date_zones import names_zones
from kviboard.warehouse.staging.values.money_names import (
    WITHOUT_CENTS,
    currency_columns,
    currency_in_name,
    factor_in_name,
)
from kviboard.warehouse.staging.values.numbers import CURRENCY_SIGNS, currency_sign

_SIGN = r"[^\d.,()+−-]"  # of a currency, or between thousands
_DAYS_OF_ORDERS = "one row per order that counts and is no refund: a customer is active on the days they buy"
_NOTES = {
    "orders": "one row per order, or line of an order",
    "customers": "one row per customer",
    "activity": "one row per event, or per customer and day",
    "responses": "one row per answer",
    "tickets": "one row per contact",
}


def staging_files(plan: Plan) -> dict[str, str]:
    """The SELECT of each table that needs one."""
    written = {}
    for table in CONTRACT:
        exports = plan.of(table)
        if table == "activity" and plan.active_by_orders and not exports:
            written[table] = _activity(plan)
        elif table == "customers" and _telling(plan):
            written[table] = _with_slices_told(plan, exports)
        elif exports and needs_select(plan, table):
            written[table] = _select(plan, table, exports)
    return written


def needs_select(plan: Plan, table: str) -> bool:
    """Whether renaming the columns of one export is not enough for a table."""
    exports = plan.of(table)
    joined = any(
        export.order
        or export.void
        or export.kinds
        or export.ways
        or export.is_log == "yes"
        or export.order_is
        or export.leaves_out_undated
        or _is_computed(export)
        or _unit(export)
        for export in exports
    )
    from_several = table == "orders" and bool(plan.amounts or plan.persons)
    return len(exports) > 1 or joined or from_several or (table == "customers" and plan.persons is not None)


def _select(plan: Plan, table: str, exports: Sequence[Export]) -> str:
    if table == "customers" and plan.persons:
        return _people(plan, plan.persons)
    parts = [_part(plan, table, export) for export in exports]
    steps = _steps(plan, table, exports)
    notes = [f"-- {_NOTES.get(table, table)}"]
    for export in (*exports, *([plan.amounts] if table == "orders" and plan.amounts else [])):
        if export.void:
            notes.append(f"-- {listed([repr(v)[1:-1] for v in export.void])} in {export.state}: {export.are_void}")
        if _is_computed(export) and _factor(export):
            notes.append(f"-- {export.fed['amount']} is multiplied by {_factor(export)}, as its unit is another")
        if table == "activity" and _unit(export):
            notes.append(f"-- {export.fed['minutes']} is in {_unit(export)}")
        if export.kinds:
            told = listed([f"{theirs} is a {ours}" for theirs, ours in export.kinds])
            notes.append(f"-- what {export.fed['kind']} calls the contact: {told}")
        if export.is_log == "yes":
            ends = f", closed with the last that is {listed(list(export.closing), 'or')}" if export.closing else ""
            notes.append(f"-- each row of {export.source} is an event: opened with the first{ends}")
        if export.ways:
            told = listed([f"{theirs} is {'neither' if ours == AS_THEY_ARE else ours}" for theirs, ours in export.ways])
            notes.append(f"-- how customers came by what {export.fed['acquisition']} says: {told}")
        if export.times:
            notes.append(f"-- {export.fed['amount']} is the price of one, and multiplied by {export.times}")
        if export.less_by:
            told = {SHARE: "a share of it", PERCENT: "percent of it"}.get(export.discount_is, "money")
            notes.append(f"-- and less by {export.less_by}, {told}")
        if export.numbers_are == APART:
            notes.append(f"-- {export.fed[NUMBERS[export.role][0]]} of {export.source} is a number of its own rows")
        if export.minus:
            notes.append(f"-- what was paid back ({export.minus}) is taken off")
    if not all(export.is_log == "yes" for export in exports):
        notes.append("-- the other columns stay, for a refresh finds states, scales, zones and currencies among them")
    return "\n".join([*notes, *steps, "\n\nunion all by name\n\n".join(parts)]) + "\n"


def _part(plan: Plan, table: str, export: Export) -> str:
    """The SELECT from one export."""
    if export.is_log == "yes":
        return _of_events(plan, export)
    at, named = export.source, dict[str, str]()
    for ours in CONTRACT[table].columns:
        is_joined = ours.name in ("amount", "customer_id", "product") and _is_joined(plan, export, ours.name)
        if ours.name in export.fed or is_joined or (ours.name == "order_id" and export.order_is):
            named[ours.name] = _value(plan, export, ours.name)
    slices = export.candidates if table == "customers" else ()
    named |= {name: f"{at}.{readable(column)}" for column, name in slices}
    if table == "orders" and plan.amounts:
        named |= {name: f"amounts.{readable(name)}" for name in _beside(plan, plan.amounts)}
    if export.minus and export.state:  # what a state says of rows of which it is taken off is done
        none = f"coalesce({_number(at, export, export.minus)}, 0) = 0"
        named[export.state] = f"case when {none} then {at}.{readable(export.state)} end"
    if table == "customers" and export.void:  # what they do makes them customers, and not the day of the contact
        is_none = _is_void(export, _state(export))
        named["signed_up_on"] = f"case when {is_none} then null else {named['signed_up_on']} end"
    columns = [f"    {value} as {readable(name)}" for name, value in named.items()]
    cases = []
    if table != "customers" and export.void:
        state = _state(export)
        was = "the order was" if all(value[:1].isalpha() for value in export.void) else f"{export.state} is"
        cases.append(f"        when {_is_void(export, state)} then {literal(f'{was} ')} || {state}\n")
    if export.leaves_out_undated:
        day = export.fed["ordered_at"]
        cases.append(f"        when coalesce(trim({at}.{readable(day)}), '') = '' then {literal(f'{day} is empty')}\n")
    if cases:
        columns.append(f"    case\n{''.join(cases)}    end as reject_reason")
    without = ", ".join(map(readable, _without(table, export, {name.casefold() for name in named})))
    columns.append(f"    {at}.* exclude ({without})" if without else f"    {at}.*")
    return "select\n" + ",\n".join(columns) + "\n" + "\n".join([f"from source.{at} as {at}", *_joins(plan, export)])


def _of_events(plan: Plan, export: Export) -> str:
    """The SELECT of tickets from their events; one that is open again after it was closed is open."""
    at, number = export.source, f"{export.source}.{readable(export.fed['ticket_id'])}"
    time = f"{at}.{readable(export.fed['opened_at'])}"
    when = moment(time, [export.file.column(export.fed["opened_at"])], export.date_format)
    columns = {"ticket_id": _apart(export, number), "opened_at": f"arg_min({time}, {when})"}
    for ours in ("customer_id", "kind", "topic"):  # what the first event says that says anything
        if ours in export.fed or (ours == "customer_id" and export.order):
            value = _value(plan, export, ours)
            columns[ours] = f"arg_min({value}, {when}) filter (where trim({value}) <> '')"
    if export.closing:
        event = f"lower(trim({at}.{readable(export.events)}))"
        closes, opens = (f"{event} in ({', '.join(map(literal, each))})" for each in (export.closing, export.opening))
        last = f"arg_max({time}, {when}) filter (where {closes})"
        again = f"coalesce(max({when}) filter (where {opens}), min({when}))" if export.opening else f"min({when})"
        ended = f"max({when}) filter (where {closes})"
        columns["closed_at"] = f"case\n        when {ended}\n            >= {again}\n            then {last}\n    end"
    columns |= {each: f"arg_min({at}.{each}, {when})" for each in (FILE, LINE)}
    named = ",\n".join(f"    {value} as {name}" for name, value in columns.items())
    rest = "\n".join([f"from source.{at} as {at}", *_joins(plan, export), f"group by {number}"])
    return f"select\n{named}\n{rest}"


def _without(table: str, export: Export, named: Collection[str]) -> list[str]:
    """The columns of an export that its SELECT leaves out: those that it names, and what has the name of one of ours.

    All others stay, for a refresh finds states, scales, zones and currencies among them. Not where the file of a tool
    has said what the states and refunds beside its amounts mean; of credit notes among invoices it says nothing.
    """
    ours = {likeness(column.name) for column in CONTRACT[table].columns} | {"rejectreason"}
    slices = (column for column, _ in export.candidates) if table == "customers" else ()
    used = {*export.fed.values(), *slices, export.minus, export.times, export.less_by}
    is_settled = table == "orders" and bool(export.tool)
    return [
        column.name
        for column in export.file.columns
        if column.name in used
        or column.like in ours
        or column.name.casefold() in named
        or (
            is_settled
            and is_looked_at(column.name)
            and (column.name == export.state or not tells_documents(column.name))
        )
    ]


def _is_joined(plan: Plan, export: Export, name: str) -> bool:
    if name in ("amount", "product"):
        return export.role == "orders" and plan.amounts is not None and name in plan.amounts.fed
    return bool(export.order)


def _value(plan: Plan, export: Export, name: str) -> str:
    at, fed = export.source, export.fed
    if name == "amount" and _is_joined(plan, export, name):
        return "coalesce(amounts.amount, 0)"
    if name == "product" and _is_joined(plan, export, name):
        return "amounts.product"
    if name == "customer_id" and export.order:
        return "persons.person" if plan.persons else "all_orders.customer_number"
    if name == "customer_id" and export.role == "orders" and plan.persons:
        return "persons.person"
    if name == "order_id" and export.order_is:
        return _numbered(export)
    value = f"{at}.{readable(fed[name])}"
    if name == "amount" and _is_computed(export):
        one = _number(at, export, fed[name])
        as_found = f"case when {one} is null then {value} end" if export.times or _factor(export) else value
        return f"coalesce(cast({_computed(at, export)} as varchar){_currency(export, value)}, {as_found})"
    words = {"kind": export.kinds, "acquisition": export.ways}.get(name)
    if words:
        ours = {theirs: "null" if each == AS_THEY_ARE else literal(each) for theirs, each in words}
        cases = " ".join(f"when {literal(theirs)} then {each}" for theirs, each in ours.items())
        return f"case lower(trim({value})) {cases} else {value} end"
    if name == "minutes" and _unit(export):
        value = f"cast({value} as varchar)"
        plain = f"regexp_matches({value}, '^[0-9.,]+$')"
        return f"case when {plain} then {value} || ' {_unit(export)}' else {value} end"
    column = export.file.column(fed[name])
    if name == "response_id" and export.order and column and not column.is_unique:
        value = f"{value} || '/' || {at}.{readable(export.order)}"
    if name == NUMBERS.get(export.role, ("",))[0]:
        value = _apart(export, value)
    return value


def _apart(export: Export, number: str) -> str:
    """SQL: the number of a row, with its source in front where another one has rows with such numbers, too."""
    is_apart = export.numbers_are == APART
    return f"{literal(f'{export.source}/')} || nullif(trim(cast({number} as varchar)), '')" if is_apart else number


def _joins(plan: Plan, export: Export) -> list[str]:
    at, joins = export.source, []
    if export.order:
        joins.append(f"left join all_orders on {at}.{readable(export.order)} = all_orders.order_number")
        if plan.persons:
            joins.append("left join persons on all_orders.customer_number = persons.customer_number")
    elif export.role == "orders" and plan.persons and "customer_id" in export.fed:
        joins.append(f"left join persons on {at}.{readable(export.fed['customer_id'])} = persons.customer_number")
    if export.role == "orders" and plan.amounts:
        joins.append(f"left join amounts on {at}.{readable(export.fed['order_id'])} = amounts.order_number")
    return joins


def _steps(plan: Plan, table: str, exports: Iterable[Export]) -> list[str]:
    """What is looked up: the persons behind customer numbers, the orders that rows name, the amounts of orders."""
    steps = []
    if any(export.order for export in exports):
        steps.append(_all_orders(plan))
    if plan.persons and (table == "orders" or any(export.order for export in exports)):
        steps.append(_persons(plan.persons))
    if table == "orders" and plan.amounts:
        steps.append(_amounts(plan, plan.amounts))
    return [f"with {(',' + chr(10) * 2).join(steps)}\n"] if steps else []


def _of_customers(plan: Plan) -> tuple[Export, ...]:
    """The exports of orders that name who bought."""
    return tuple(export for export in plan.of("orders") if "customer_id" in export.fed)


def _amounts(plan: Plan, amounts: Export) -> str:
    """The amounts of each order, or of each product in it: what was paid, less what was paid back, with the currencies
    and states beside it."""
    groups = {ours: readable(amounts.fed[ours]) for ours in ("order_id", "product") if ours in amounts.fed}
    named = [f"{groups['product']} as product"] if "product" in groups else []
    lines = [f"{groups['order_id']} as order_number", *named]
    lines.append(f"sum({_computed('', amounts, strict=True)}) as amount")
    lines += [f"{value} as {readable(name)}" for name, value in _beside(plan, amounts).items()]
    state = readable(amounts.state)
    counts = f"{state} is null or {_is_void(amounts, state, is_true=False)}"
    where = f"\n    where {counts}" if amounts.void else ""
    ended = [f"{line}," for line in lines[:-1]] + lines[-1:]
    return _step("amounts", ended, f"from source.{amounts.source}{where}\n    group by {', '.join(groups.values())}")


def _beside(plan: Plan, amounts: Export) -> dict[str, str]:
    """What a refresh is to see of an export of payments, as SQL by name: their currency, and states of theirs."""
    own = [column.name for column in plan.of("orders")[0].file.columns]
    names = [column.name for column in amounts.file.columns]
    told = currency_in_name(amounts.fed["amount"])
    coded = [_each(name) for name in currency_columns(names)] or ([literal(told)] if told else [])
    found = {} if currency_columns(own) or not coded else {"currency": coded[0]}
    states = [column for column in amounts.file.columns if column.values and tells_states(column.name)]
    return found | {f"payments_{column.like}": _each(column.name) for column in states}


def _each(name: str) -> str:
    return f"string_agg(distinct {readable(name)}, ', ')"


def _all_orders(plan: Plan) -> str:
    orders = _of_customers(plan)[0]
    number, customer = (_in_source(plan, orders, name) for name in ("order_id", "customer_id"))
    lines = (f"{number} as order_number,", f"any_value({customer}) as customer_number")
    return _step("all_orders", lines, f"from source.{orders.source}\n    group by {number}")


def _persons(persons: Export) -> str:
    known, person = readable(persons.fed["known_as"]), readable(persons.fed["customer_id"])
    lines = (f"{known} as customer_number,", f"{person} as person")
    return _step("persons", lines, f"from source.{persons.source}")


def _step(name: str, columns: Sequence[str], rest: str) -> str:
    return f"{name} as (\n    select\n" + "".join(f"        {line}\n" for line in columns) + f"    {rest}\n)"


def _people(plan: Plan, persons: Export) -> str:
    """Persons with what their latest order says of them."""
    orders = _of_customers(plan)[0]
    number, at, order = (
        f"orders.{_in_source(plan, orders, name)}" for name in ("customer_id", "ordered_at", "order_id")
    )
    latest = moment(at, [orders.file.column(orders.fed["ordered_at"])], orders.date_format)
    known, person = (f"people.{readable(persons.fed[name])}" for name in ("known_as", "customer_id"))
    named = [f"        people.{readable(column)} as {name}" for column, name in persons.dimensions]
    columns = ",\n".join([f"        {person} as customer_id", *named])
    shown = ",\n".join(["    customer_id", *(f"    {name}" for _, name in persons.dimensions)])
    return (
        "-- one row per person, who has a customer number per order, with what their latest order says of them\n"
        f"with ranked as (\n    select\n{columns},\n        row_number() over (\n            partition by {person}\n"
        f"            order by {latest} desc, {order} desc\n        ) as recency\n"
        f"    from source.{orders.source} as orders\n"
        f"    inner join source.{persons.source} as people on {number} = {known}\n)\n\n"
        f"select\n{shown}\nfrom ranked\nwhere recency = 1\n"
    )


def _activity(plan: Plan) -> str:
    """A day with an order that counts is a day of activity."""
    parts = []
    for orders in _of_customers(plan):
        at, by = orders.source, f"{orders.source}.{_in_source(plan, orders, 'customer_id')}"
        person = "persons.person" if plan.persons else by
        join = f"\ninner join persons on {by} = persons.customer_number" if plan.persons else ""
        counts = _is_not_void(orders) if orders.void else []
        counts += [*_is_bought(plan, orders), *_says_when(plan, orders)]
        nobody = ", ".join(map(literal, ("", *orders.nobody)))
        counts += [f"coalesce(trim({by}), '') not in ({nobody})"] if orders.guests else []
        where = f"\nwhere {' and '.join(counts)}" if counts else ""
        when = f"{at}.{_in_source(plan, orders, 'ordered_at')}"
        columns = [f"{person} as customer_id", f"{when} as occurred_at"]
        columns += [f"{at}.{readable(name)}" for name in _beside_days(orders)]
        parts.append("select\n    " + ",\n    ".join(columns) + f"\nfrom source.{at} as {at}{join}{where}")
    steps = f"with {_persons(plan.persons)}\n\n" if plan.persons else ""
    return f"-- {_DAYS_OF_ORDERS}\n{steps}" + "\n\nunion all by name\n\n".join(parts) + "\n"


def _beside_days(orders: Export) -> list[str]:
    """The columns that tell of which zone the days are, and at what time: a refresh reads them or warns."""
    free = [column for column in orders.file.columns if column.name not in orders.fed.values()]
    return [column.name for column in free if names_zones(column.name) or _has_clocks(column)]


def _has_clocks(column: ColumnFacts) -> bool:
    return is_time_of_day(column) and all(":" in value for value, _ in column.common)  # 10.50 may be an amount


def _has_lines_without_state(export: Export) -> bool:
    """Whether the state of an order stands in the first of its lines alone."""
    state, number = export.file.column(export.state), export.file.column(export.fed.get("order_id", ""))
    return bool(state and number and not number.is_unique and state.filled < export.file.rows)


def _state(export: Export) -> str:
    """SQL: the state of a row's order, as its own file has it."""
    value = f"{export.source}.{readable(export.state)}"
    if not _has_lines_without_state(export):
        return value
    of_one = f"{export.source}.{readable(export.fed['order_id'])}, {export.source}.{FILE}"
    of_order = f"max({value}) over (partition by {of_one})"
    return f"coalesce(nullif(trim({value}), ''), {of_order})"


def _is_void(export: Export, state: str, is_true: bool = True) -> str:
    """SQL: whether rows with a state are no turnover, or, not `is_true`, are some."""
    values, is_in = (export.won, not is_true) if export.won else (export.void, is_true)
    return f"{state} {'in' if is_in else 'not in'} ({', '.join(map(literal, values))})"


def _is_not_void(orders: Export) -> list[str]:
    """SQL: the order of a row was not called off."""
    at, state, number = orders.source, readable(orders.state), readable(orders.fed["order_id"])
    counts = [f"({at}.{state} is null or {_is_void(orders, f'{at}.{state}', is_true=False)})"]
    if _has_lines_without_state(orders):
        void = f"select void.{number} from source.{at} as void where {_is_void(orders, f'void.{state}')}"
        counts.append(f"(trim({at}.{state}) <> '' or {at}.{number} not in ({void}))")
    return counts


def _is_bought(plan: Plan, orders: Export) -> list[str]:
    """SQL: a row is no refund, where some may be: an amount below zero has its sign in front, or behind."""
    names = {"amount": orders.fed.get("amount", ""), orders.times: orders.times}
    return [
        f"not regexp_matches(coalesce({value}, ''), '^\\D*[-−(]|[-−]\\D*$')"
        for ours, name in names.items()
        if (column := orders.file.column(name)) and (column.lowest is None or column.lowest < 0)
        for value in [f"{orders.source}.{_in_source(plan, orders, ours) if ours == 'amount' else readable(name)}"]
    ]


def _says_when(plan: Plan, orders: Export) -> list[str]:
    """SQL: a row says whose day it is, where some do not, as further lines of an order."""
    return [
        f"trim({orders.source}.{_in_source(plan, orders, ours)}) <> ''"
        for ours in ("ordered_at", *(() if orders.guests else ("customer_id",)))
        if (column := orders.file.column(orders.fed.get(ours, ""))) and column.filled < orders.file.rows
    ]


def _number(at: str, export: Export, name: str, strict: bool = False) -> str:
    """A number of an export for arithmetic. Not `strict`: null where it is none, so that the row is judged as found."""
    value, column = f"{at}.{readable(name)}" if at else readable(name), export.file.column(name)
    if column and any(re.search(_SIGN, text) for text, _ in column.common):
        value = f"regexp_replace({value}, {literal(_SIGN)}, '', 'g')"
    group, sign = (".", ",") if _has_comma(export) else (",", ".")
    plain = f"replace({value}, '{group}', '')"
    plain = f"replace({plain}, ',', '.')" if sign == "," else plain
    factor = _factor_of_row(at, export) if name in (export.fed.get("amount"), export.minus) else ""
    return f"{'cast' if strict else 'try_cast'}({plain} as decimal(18, 4)){f' * {factor}' if factor else ''}"


def _numbered(export: Export) -> str:
    """SQL: a number for each order, the same in each file that holds it."""
    at, names = export.source, ("customer_id", "ordered_at", "amount")
    values = {name: f"{at}.{readable(export.fed[name])}" for name in names if name in export.fed}
    alike = ", ".join(values.values())
    of_a_row = f"concat_ws(' ', {alike}, row_number() over (partition by {at}._file, {alike} order by {at}._line))"
    if export.order_is != ONE_TIME or "customer_id" not in values:
        return of_a_row
    nobody = ", ".join(map(literal, ("", *export.nobody)))
    of_a_time = f"concat_ws(' ', {values['customer_id']}, {values['ordered_at']})"
    is_of_nobody = f"coalesce(trim({values['customer_id']}), '') in ({nobody})"
    return f"case when {is_of_nobody} then {of_a_row} else {of_a_time} end" if export.guests else of_a_time


def _computed(at: str, export: Export, strict: bool = False) -> str:
    """SQL: the amount of a row, of a price of one with all that there are and what it is less by."""
    amount = _number(at, export, export.fed["amount"], strict)
    if export.times:
        amount = f"{amount} * {_number(at, export, export.times, strict)}"
    if export.less_by:
        less = f"coalesce({_number(at, export, export.less_by, strict=True)}, 0)"  # what cannot be read stops a refresh
        share = {SHARE: less, PERCENT: f"{less} / 100"}.get(export.discount_is)
        left = f"cast(1 - {share} as decimal(9, 6))"  # two decimals of full length cannot be multiplied by a third
        amount = f"cast({amount} as decimal(24, 8)) * {left}" if share else f"{amount} - {less}"
    return f"{amount} - coalesce({_number(at, export, export.minus, strict)}, 0)" if export.minus else amount


def _is_computed(export: Export) -> bool:
    """Whether an amount is not the value of its column."""
    return bool(export.minus or export.times or export.is_in_cents == "yes")


def _unit(export: Export) -> str:
    """What stands behind durations that are not in minutes, as somebody said."""
    return "" if export.unit == MINUTES else export.unit


def _factor(export: Export) -> str:
    """By what the numbers of an export are amounts, as the name of their column tells or somebody said; "" for 1."""
    return "0.01" if export.is_in_cents == "yes" else factor_in_name(export.fed.get("amount", ""))


def _factor_of_row(at: str, export: Export) -> str:
    """SQL: by what a number of a row is an amount: cents, save in currencies that have none."""
    factor, coded = _factor(export), currency_columns(column.name for column in export.file.columns)
    column = export.file.column(coded[0]) if coded and factor == "0.01" else None
    if column is None or not {value.upper() for value in column.values} & set(WITHOUT_CENTS):
        return factor
    code = f"{at}.{readable(column.name)}" if at else readable(column.name)
    return f"case when upper(trim({code})) in ({', '.join(map(literal, WITHOUT_CENTS))}) then 1 else {factor} end"


def _currency(export: Export, value: str) -> str:
    """SQL that puts the currency behind an amount that is computed: that in its column's name, or beside `value`."""
    if told := currency_in_name(export.fed["amount"]):
        return f" || ' {told}'"
    column = export.file.column(export.fed["amount"])
    has_sign = column is not None and any(re.search(CURRENCY_SIGNS, text) for text, _ in column.common)
    return f" || ' ' || {currency_sign(value)}" if has_sign else ""


def _has_comma(export: Export) -> bool:
    if export.decimal:
        return export.decimal == ","
    column = export.file.column(export.fed["amount"])
    return any(re.search(r",\d{1,2}\D*$", value) for value, _ in column.common) if column else False


def _in_source(plan: Plan, export: Export, ours: str) -> str:
    """What its source calls a column: as the export does where a SELECT names it, else as it is renamed."""
    return readable(_called(plan, export, ours))


def _called(plan: Plan, export: Export, ours: str) -> str:
    return export.fed[ours] if needs_select(plan, export.role) else ours


def _telling(plan: Plan) -> list[Telling]:
    """The exports that say by what KVIs are sliced, without that of the customers."""
    return [
        Telling(
            export.source, export.role, _called(plan, export, "customer_id"), _called(plan, export, at),
            export.dimensions, [export.file.column(export.fed[at])], export.date_format, nobody_in(export),
        )
        for export in plan.exports if export.role in TELLING and export.dimensions
        for at in [TELLING[export.role][1]]
    ]  # fmt: skip


def _with_slices_told(plan: Plan, exports: Sequence[Export]) -> str:
    """The customers, however many exports they come from, with what others say of them."""
    if exports and needs_select(plan, "customers"):
        return slicing_select(_telling(plan), f"(\n{textwrap.indent(_select(plan, 'customers', exports), '    ')})")
    known = exports[0].source if exports else "customers" if plan.has_customers else ""
    return slicing_select(_telling(plan), f"source.{known}" if known else "")
