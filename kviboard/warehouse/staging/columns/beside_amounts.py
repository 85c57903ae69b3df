"""What stands beside the amounts of orders and may say that they are not what they seem: a status, refunds, a quantity.

Nothing is changed for it, for only the company knows what its words mean: that the amounts count as they are is said.
"""

import re
from collections.abc import Sequence

import duckdb

from kviboard.domain.contract import Column
from kviboard.domain.formatting import counted, listed, plural
from kviboard.warehouse.engine import literal, quoted, rows_of
from kviboard.warehouse.files.records import FILE, LINE
from kviboard.warehouse.manifest import ExportDecision
from kviboard.warehouse.staging.columns.gift_cards import gift_cards
from kviboard.warehouse.staging.columns.payments import after_fees, sides, whole_payments, without_cents
from kviboard.warehouse.staging.columns.same_sums import same_sums
from kviboard.warehouse.staging.columns.state_words import (
    ADJUSTED,
    CALLED_OFF,
    CHANCE,
    CREDIT,
    DISPUTED,
    INVOICE,
    KEPT,
    KINDS,
    MEANS,
    MOVED,
    NOT_PAID,
    OF_GOODS,
    OF_THE_INVOICE,
    PAID_BACK,
    PLANNED,
    REFUNDS,
    SALE,
    STATES,
    WON,
)
from kviboard.warehouse.staging.columns.taxes_and_returns import RETURNED, taxes_and_returns
from kviboard.warehouse.staging.columns.tips import tips
from kviboard.warehouse.staging.columns.unreal_orders import unreal_orders
from kviboard.warehouse.staging.columns.word_notes import MOST_SHOWN, said_of_words, words_of
from kviboard.warehouse.staging.values.cast import clean_text
from kviboard.warehouse.staging.values.numbers import AMOUNT, BELOW_ZERO, FIRST_WRITTEN, WrittenValues
from kviboard.warehouse.staging.values.place import Place

_QUANTITY = re.compile(
    r"(^|[\s_.-])(quantity|qty|units?|pieces|items?|menge|anzahl|stück|stueck|quantité|cantidad|aantal|antal)$"
)
_DISCOUNT = re.compile(
    r"discount|rabatt?\b|nachlass|\bremise|ristourne|korting|descuento|desconto|sconto|\bupust|値引|割引"
)
_PRICE = re.compile(r"\bunit|price|preis|\bprix|precio|prijs|\bpris\b")


def is_looked_at(name: str) -> bool:
    """Whether a column called so may say that the amounts beside it are not what they seem."""
    return any(pattern.search(name.casefold()) for pattern in (STATES, CHANCE, REFUNDS, RETURNED, _QUANTITY))


def tells_states(name: str) -> bool:
    """Whether a column called so tells in which state or of which kind its rows are, and not how they were paid."""
    return bool(STATES.search(name)) and not (KINDS.search(name) and MEANS.search(name))


def tells_documents(name: str) -> bool:
    """Whether a column called so tells of which kind its rows are, such as invoices and credit notes."""
    return bool(KINDS.search(name)) and not MEANS.search(name)


def doubts_beside(connection: duckdb.DuckDBPyConnection, place: Place, column: Column) -> list[ExportDecision]:
    """What is said of columns beside `column`, the amounts of orders."""
    said = [each for name in place.columns if STATES.search(name) for each in _states(connection, place, column, name)]
    of_payment = [name for name in place.columns if STATES.search(name) and not OF_GOODS.search(name)]
    said += [each for name in of_payment for each in _not_paid(connection, place, name)]
    said += [each for name in of_payment for each in _planned(connection, place, name)]
    said += [each for name in place.columns if CHANCE.search(name) for each in _unlikely(connection, place, name)]
    adjusted = [name for name in place.columns if ADJUSTED.search(name)]
    said += _adjusted(connection, place, adjusted[0]) if adjusted else []
    said += [each for name in place.columns if KINDS.search(name) for each in _moved(connection, place, name)]
    kinds = [name for name in place.columns if tells_documents(name)]
    said += [
        each for name in kinds for each in _documents(connection, place, name) or same_sums(connection, place, name)
    ]
    paid_back = [name for name in place.columns if REFUNDS.search(name) or DISPUTED.search(name)]
    said += [each for name in paid_back for each in _refunds(connection, place, name)]
    said += [*sides(connection, place), *whole_payments(connection, place), *without_cents(connection, place)]
    said += after_fees(connection, place)
    said += [*taxes_and_returns(connection, place), *gift_cards(connection, place)]
    said += [*tips(connection, place), *unreal_orders(connection, place)]
    is_price = any(_PRICE.search(header.casefold()) for header in place.headers)
    of_quantities = _quantities if is_price else _brought_back
    quantities = [name for name in place.columns if _QUANTITY.search(name)]
    return [*said, *(each for name in quantities for each in of_quantities(connection, place, name))]


def _discounts(connection: duckdb.DuckDBPyConnection, place: Place) -> str:
    """What is said of discounts beside a price of one: ", and discount, which is not 0 in 2 rows, not taken off"."""
    counts = {
        name: f"count(*) filter (where regexp_matches({clean_text(name, keeps_tokens=False)}, '[1-9]'))"
        for name in place.columns
        if _DISCOUNT.search(name)
    }
    if not counts:
        return ""
    (rows,) = rows_of(connection, f"select {', '.join(counts.values())} from {place.rows}")
    given = [(name, count) for name, count in zip(counts, rows, strict=True) if count]
    return "".join(f", and {name}, which is not 0 in {counted(count, 'row')}, not taken off" for name, count in given)


def _states(connection: duckdb.DuckDBPyConnection, place: Place, column: Column, name: str) -> list[ExportDecision]:
    """Rows that a word beside them calls off, or says to be paid back though their amount is not below zero."""
    amount, value = f"cast({quoted(column.name)} as varchar)", clean_text(name, keeps_tokens=False)
    moved = f"regexp_matches(lower(v), {literal(MOVED)})" if KINDS.search(name) else "false"  # which is said of them
    doubtful = rows_of(
        connection,
        f"""
        select v from (
            select v, regexp_matches(lower(v), {literal(WON)}) as is_won, bool_or(is_won) over () as has_won,
                bool_or(regexp_matches(lower(v), {literal(SALE)})) over () as has_sale
            from (select distinct {value} as v from (select distinct {quoted(name)} from {place.rows}))
        )
        where not {moved} and (
            regexp_matches(lower(v), {literal(CALLED_OFF)}) or regexp_matches(lower(v), {literal(PAID_BACK)})
            or (has_won and not is_won) or (has_sale and regexp_matches(lower(v), {literal(CREDIT)}))
        )
        """,
    )
    if not doubtful:
        return []
    rows = f"""(
        select {value} as v, {FILE}, {LINE} from {place.rows}
        where {value} in ({", ".join(literal(v) for (v,) in doubtful)})
            and not regexp_matches({amount}, {literal(BELOW_ZERO)}) and regexp_matches({amount}, '[1-9]')
    )"""
    found = words_of(connection, rows, "")
    setting = f"Where they are none, set them aside in queries/staging/{place.table}.sql (refunds: a minus): "
    return _said(place, name, found, ", whose amounts count as turnover.", setting, "called off")


def _unlikely(connection: duckdb.DuckDBPyConnection, place: Place, name: str) -> list[ExportDecision]:
    """Rows that a chance beside them says to be no more than likely, unless a state says that they are won."""
    value = clean_text(name, keeps_tokens=False)
    states = (clean_text(each, keeps_tokens=False) for each in place.columns if STATES.search(each))
    is_won = [f"regexp_matches(lower({state}), {literal(WON)})" for state in states]
    rows = f"""(
        select v, {FILE}, {LINE} from (
            select *, if(max(chance) over () <= 1 and not bool_or(contains(v, '%')) over (), 1, 100) as sure from (
                select
                    {value} as v, try_cast(replace(replace({value}, '%', ''), ',', '.') as double) as chance,
                    {" or ".join(f"coalesce({each}, false)" for each in is_won) or "false"} as is_won, {FILE}, {LINE}
                from {place.rows}
            )
        )
        where chance < sure and not is_won
    )"""
    setting = f"Where they are not won, set them aside in queries/staging/{place.table}.sql: "
    return _said(place, name, words_of(connection, rows, ""), ", whose amounts count as turnover.", setting, "not won")


def _not_paid(connection: duckdb.DuckDBPyConnection, place: Place, name: str) -> list[ExportDecision]:
    """Rows that a word beside them calls not paid yet: of a shop's orders most never are, invoices mostly are."""
    found = _with_words(connection, place, name, NOT_PAID)
    setting = f"Where they are none yet, set them aside in queries/staging/{place.table}.sql: "
    said = _said(place, name, found, ", which count as turnover before they are paid.", setting, "not paid")
    return [each.model_copy(update={"level": "note"}) for each in said]


def _planned(connection: duckdb.DuckDBPyConnection, place: Place, name: str) -> list[ExportDecision]:
    """Rows that a word beside them calls planned, as invoices of coming months."""
    setting = f"Where they are none yet, set them aside in queries/staging/{place.table}.sql: "
    found = _with_words(connection, place, name, PLANNED)
    return _said(place, name, found, ", which count as turnover before it is made.", setting, "planned")


def _adjusted(connection: duckdb.DuckDBPyConnection, place: Place, name: str) -> list[ExportDecision]:
    """A column with what orders came to in the end: filled where that is another amount, or 0 where it is not."""
    ((count, has_blanks, *first),) = rows_of(
        connection,
        f"""
        select count(*), bool_or(has_blanks), {FIRST_WRITTEN} from (
            select
                {clean_text(name, keeps_tokens=False)} as v, cast(amount as varchar) as amount, {FILE}, {LINE},
                bool_or(v is null) over () as has_blanks
            from {place.rows}
        )
        where v is not null and v <> amount and (has_blanks or regexp_matches(v, '[1-9]'))
        """,
    )
    if not count:
        return []
    column = quoted(name)
    of_these = column if has_blanks else f"case when regexp_matches({column}, '[1-9]') then {column} end"
    return [
        ExportDecision(
            where=place.export,
            what=f"{name} holds another amount in {counted(count, 'row')}, and amount counts as it was before.",
            example=WrittenValues(count, *first).example,
            setting=f"Where the other one is what was paid in the end, take it in queries/staging/{place.table}.sql: "
            f"select * replace (coalesce({of_these}, amount) as amount) from source.{place.source}",
            level="warning",
            moves_kvis=True,
        )
    ]


def _moved(connection: duckdb.DuckDBPyConnection, place: Place, name: str) -> list[ExportDecision]:
    """Rows of an account in which money moved and nothing was sold, such as what was paid out to the company, or what a
    marketplace kept of an order as a line of its own."""
    found = _with_words(connection, place, name, f"{MOVED}|{KEPT}")
    moved = _no_sales(connection, place, name, [each.value for each in found])
    what = ", in which money moved and nothing was sold; the amounts count as turnover."
    setting = f"Set them aside in queries/staging/{place.table}.sql: "
    return _said(place, name, [each for each in found if each.value in moved], what, setting, "no sale")


def _no_sales(connection: duckdb.DuckDBPyConnection, place: Place, name: str, words: Sequence[str]) -> set[str]:
    """Those of the words of a column whose rows are no sales: fees only where they are below zero, save for some that
    were given back."""
    if not words:
        return set()
    value = clean_text(name, keeps_tokens=False)
    found = rows_of(
        connection,
        f"""
        select v from (
            select {value} as v, regexp_matches(cast(amount as varchar), {literal(BELOW_ZERO)}) as is_below
            from {place.rows}
        )
        where v in ({", ".join(map(literal, words))}) group by v
        having regexp_matches(lower(v), {literal(MOVED)}) or count(*) filter (where is_below) * 2 > count(*)
        """,
    )
    return {word for (word,) in found}


def _documents(connection: duckdb.DuckDBPyConnection, place: Place, name: str) -> list[ExportDecision]:
    """Payments or orders in the list of a customer's bookings, beside the invoices of the same sales."""
    invoices = [each.value for each in _with_words(connection, place, name, INVOICE)]
    if not invoices:
        return []
    found = _with_words(connection, place, name, OF_THE_INVOICE)
    others = [each for each in found if each.value not in invoices]
    what = f', beside "{invoices[0]}": of one sale both count, or nothing where payments are below zero.'
    return _said(place, name, others, what, f"Set them aside in queries/staging/{place.table}.sql: ", "no sale")


def _with_words(connection: duckdb.DuckDBPyConnection, place: Place, name: str, pattern: str) -> list[WrittenValues]:
    """The words of a column that a pattern fits, the most frequent first."""
    rows = f"(select {clean_text(name, keeps_tokens=False)} as v, {FILE}, {LINE} from {place.rows})"
    return words_of(connection, rows, pattern)


def _said(
    place: Place, name: str, found: Sequence[WrittenValues], what: str, setting: str, why: str
) -> list[ExportDecision]:
    """What is said of rows by the words in them, with the query that sets them aside for the reason `why`."""
    setting += _set_aside(place, name, [each.value for each in found], why)
    return said_of_words(place, name, found, what, setting)


def _set_aside(place: Place, name: str, words: Sequence[str], why: str) -> str:
    some = ", ".join(map(literal, words[:MOST_SHOWN]))
    reason = f"case when {quoted(name)} in ({some}) then {literal(why)} end as reject_reason"
    return f"select *, {reason} from source.{place.source}"


def _refunds(connection: duckdb.DuckDBPyConnection, place: Place, name: str) -> list[ExportDecision]:
    """A column of amounts that were paid back."""
    count, others, is_flag, *first = rows_of(
        connection,
        f"""
        select
            count(*) filter (where regexp_matches(v, '[1-9]')), count(*) filter (where not is_amount),
            bool_and(v in ('0', '1')),
            {
            ", ".join(
                f"arg_min({each}, ({FILE}, {LINE})) filter (where regexp_matches(v, '[1-9]'))"
                for each in ("v", FILE, LINE)
            )
        }
        from (
            select v, regexp_matches(v, {literal(AMOUNT)}) as is_amount, {FILE}, {LINE}
            from (select {clean_text(name, keeps_tokens=False)} as v, {FILE}, {LINE} from {place.rows})
            where v is not null
        )
        """,
    )[0]
    if not count or others:
        return []
    if is_flag:  # whether, and not how much
        setting = f"Where they were paid back, set them aside in queries/staging/{place.table}.sql: "
        found = [WrittenValues(count, *first)]
        return _said(place, name, found, ", whose amounts count as turnover.", setting, "paid back")
    return [
        ExportDecision(
            where=place.export,
            what=f"{name} holds an amount in {counted(count, 'row')}, and nothing is taken off for it.",
            example=WrittenValues(count, *first).example,
            setting=f"Where amounts are those before refunds, take it off in queries/staging/{place.table}.sql.",
            level="warning",
            moves_kvis=True,
        )
    ]


def _quantities(connection: duckdb.DuckDBPyConnection, place: Place, name: str) -> list[ExportDecision]:
    """Rows with more than one piece beside a column that is called a price."""
    value = f"try_cast(replace({clean_text(name, keeps_tokens=False)}, ',', '.') as double)"
    ((count, *first),) = rows_of(
        connection,
        f"""
        select count(*), {FIRST_WRITTEN}
        from (select {value} as v, {FILE}, {LINE} from {place.rows}) where v not in (0, 1)
        """,
    )
    if not count:
        return []
    written = WrittenValues(count, f"{first[0]:g}", *first[1:])
    names = listed([f'"{header}"' for header in place.headers])
    are = plural(count, "it is", "they are")
    what = f"amount is called {names}, and {name} is not 1 in {counted(count, 'row')}: {are} "
    discounts = _discounts(connection, place)
    less = ", less the discount," if discounts else ""
    return [
        ExportDecision(
            where=place.export,
            what=f"{what}not multiplied{discounts}.",
            example=written.example,
            setting=f"Where it is the price of one, multiply it{less} in queries/staging/{place.table}.sql.",
            level="warning",
            moves_kvis=True,
        )
    ]


def _brought_back(connection: duckdb.DuckDBPyConnection, place: Place, name: str) -> list[ExportDecision]:
    """Rows with fewer than no pieces whose amounts are not below zero."""
    value, amount = clean_text(name, keeps_tokens=False), "cast(amount as varchar)"
    ((count, *first),) = rows_of(
        connection,
        f"""
        select count(*), {FIRST_WRITTEN} from (
            select {value} as v, {FILE}, {LINE} from {place.rows}
            where regexp_matches({value}, '^-\\s?[1-9]') and regexp_matches({amount}, '[1-9]')
                and not regexp_matches({amount}, {literal(BELOW_ZERO)})
        )
        """,
    )
    if not count:
        return []
    column = quoted(name)
    minus = f"case when try_cast({column} as double) < 0 then '-' || ltrim(amount, '-') else amount end as amount"
    return [
        ExportDecision(
            where=place.export,
            what=f"{name} is below 0 in {counted(count, 'row')} whose {plural(count, 'amount is', 'amounts are')} not: "
            "what was brought back counts as sold.",
            example=WrittenValues(count, *first).example,
            setting=f"Where it is to be taken off, say so in queries/staging/{place.table}.sql: "
            f"select * replace ({minus}) from source.{place.source}",
            level="warning",
            moves_kvis=True,
        )
    ]
