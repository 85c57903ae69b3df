"""What exports of payments and bookings leave open of their amounts: cents, and which side is taken off.

Nothing is changed for it: that the amounts count as they are is said.
"""

import re

import duckdb

from kviboard.domain.formatting import counted, listed, plural
from kviboard.domain.recognition.facts import FEWEST_PAYMENTS, PAYMENT_ID
from kviboard.warehouse.engine import literal, quoted, rows_of
from kviboard.warehouse.files.records import FILE, LINE
from kviboard.warehouse.manifest import ExportDecision
from kviboard.warehouse.staging.values.cast import clean_text
from kviboard.warehouse.staging.values.money_names import WITHOUT_CENTS, factor_in_name, is_called_hundredfold
from kviboard.warehouse.staging.values.numbers import BELOW_ZERO, FIRST_WRITTEN, WrittenValues
from kviboard.warehouse.staging.values.place import Place

_SIDE = re.compile(
    r"soll|haben|^s[\W_]*/?[\W_]*h([\W_]|$)|shkzg|debit|credit|\bd[\W_]*/?[\W_]*c\b|\bdr[\W_]*/?[\W_]*cr\b|"
    r"sign$|vorzeichen|direction|richtung"
)
_SIDES = ({"s", "h"}, {"soll", "haben"}, {"d", "c"}, {"dr", "cr"}, {"debit", "credit"}, {"+", "-"}, {"in", "out"})
_WHOLE = r"^-?\d+$"  # as exported: where set-up computes amounts, it has asked
_FEES = re.compile(r"\bfees?\b|commission|gebühr|entgelt|provision|\bfrais\b|comisi[oó]n|tarifa|kosten$", re.IGNORECASE)
_LEFT_OVER = re.compile(
    r"net|netto|neto|total|gesamt|(net|netto) ?(amount|total|betrag)|net proceeds|payout|auszahlung", re.I
)


def sides(connection: duckdb.DuckDBPyConnection, place: Place) -> list[ExportDecision]:
    """What is said of columns of debit and credit beside amounts."""
    return [each for name in place.columns if _SIDE.search(name) for each in _of_sides(connection, place, name)]


def _of_sides(connection: duckdb.DuckDBPyConnection, place: Place, name: str) -> list[ExportDecision]:
    """A column of debit and credit, or of plus and minus, beside amounts of which none is below zero."""
    value = clean_text(name, keeps_tokens=True)
    found = rows_of(
        connection,
        f"""
        select v, count(*), arg_min({FILE}, ({FILE}, {LINE})), min({LINE}), bool_or(is_below) from (
            select
                {value} as v, {FILE}, {LINE},
                regexp_matches(cast(amount as varchar), {literal(BELOW_ZERO)}) as is_below
            from {place.rows}
        )
        where v is not null group by v order by 2, v limit 3
        """,
    )
    if {str(side).lower() for side, *_ in found} not in _SIDES or any(is_below for *_, is_below in found):
        return []
    (less, few, file, line, _), (more, many, *_) = found
    minus = f"case {quoted(name)} when {literal(less)} then '-' || amount else amount end as amount"
    return [
        ExportDecision(
            where=place.export,
            what=f"{name} is {less} in {counted(few, 'row')} and {more} in {counted(many, 'row')}, and no amount "
            "is below 0: those of one side may have to be taken off, and are added.",
            example=WrittenValues(few, less, file, line).example,
            setting=f"Where {less} is to be taken off, say so in queries/staging/{place.table}.sql: "
            f"select * replace ({minus}) from source.{place.source}",
            level="warning",
            moves_kvis=True,
        )
    ]


def whole_payments(connection: duckdb.DuckDBPyConnection, place: Place) -> list[ExportDecision]:
    """Payments with ids as a payment service's interface gives them, which counts in cents, all of whole amounts."""
    if "order_id" not in place.columns or any(
        factor_in_name(each) or is_called_hundredfold(each) for each in place.headers
    ):
        return []
    first_id = rows_of(connection, f"select cast(order_id as varchar) from {place.rows} limit 1")
    if not first_id or not re.match(PAYMENT_ID, first_id[0][0] or ""):
        return []
    amount = f"cast({quoted('amount')} as varchar)"
    ((count, are_whole, *first),) = rows_of(
        connection,
        f"""
        select count(*), bool_and(regexp_matches(v, {literal(_WHOLE)})),
            {FIRST_WRITTEN}
        from (
            select {amount} as v, {FILE}, {LINE} from {place.rows}
            where regexp_matches(cast(order_id as varchar), {literal(PAYMENT_ID)}) and {amount} <> ''
        )
        """,
    )
    if count < FEWEST_PAYMENTS or not are_whole:
        return []
    written = WrittenValues(count, *first)
    paid = "cast(amount as double) / 100 as amount"
    return [
        ExportDecision(
            where=place.export,
            what=f"{counted(count, 'row')} have ids as the interface of a payment service gives them, which counts in "
            "cents, and all amounts are whole: they are read as they are, and may be 100 times what was paid.",
            example=written.example,
            setting=f"Where they are, divide them in queries/staging/{place.table}.sql: "
            f"select * replace ({paid}) from source.{place.source}",
            level="warning",
            moves_kvis=True,
        )
    ]


def without_cents(connection: duckdb.DuckDBPyConnection, place: Place) -> list[ExportDecision]:
    """Amounts that are read as cents by their name, beside the code of a currency that has none."""
    if not place.currency_columns or not any(factor_in_name(each) == "0.01" for each in place.headers):
        return []
    code = f"upper({clean_text(place.currency_columns[0], keeps_tokens=False)})"
    codes = ", ".join(map(literal, WITHOUT_CENTS))
    found = f"select {code} as v, {FILE}, {LINE} from {place.rows} where {code} in ({codes})"
    ((count, *first),) = rows_of(connection, f"select count(*), {FIRST_WRITTEN} from ({found})")
    if not count:
        return []
    written = WrittenValues(count, *first)
    divided = f"cast(amount as double) / if({quoted(place.currency_columns[0])} = {literal(written.value)}, 1, 100)"
    return [
        ExportDecision(
            where=place.export,
            what=f"{counted(count, 'row')} of amount, which is read as cents, {plural(count, 'is', 'are')} in a "
            "currency that has none, and divided by 100 as well: most payment services count it in whole ones.",
            example=written.example,
            setting=f"Where it is, say so in queries/staging/{place.table}.sql: "
            f"select * replace ({divided} as amount) from source.{place.source}",
            level="warning",
            moves_kvis=True,
        )
    ]


def after_fees(connection: duckdb.DuckDBPyConnection, place: Place) -> list[ExportDecision]:
    """Fees below zero beside an amount that is called what is left of all columns."""
    names = [name for name in place.columns if _FEES.search(name)]
    bare = [re.sub(r"\s*[(\[][^()\[\]]*[)\]]$", "", header.strip()) for header in place.headers]  # Total (BRL)
    if not names or not any(map(_LEFT_OVER.fullmatch, bare)):
        return []
    fees = [clean_text(name, keeps_tokens=False) for name in names]
    kept = " or ".join(f"(regexp_matches({v}, {literal(BELOW_ZERO)}) and regexp_matches({v}, '[1-9]'))" for v in fees)
    ((count, *first),) = rows_of(
        connection,
        f"""
        select count(*), {FIRST_WRITTEN}
        from (select coalesce({", ".join(fees)}) as v, {FILE}, {LINE} from {place.rows} where {kept})
        """,
    )
    if not count:
        return []
    called = listed([f'"{header}"' for header in place.headers])
    are = f"{listed(names, 'and')} {plural(len(names), 'is', 'are')} below 0 in {counted(count, 'row')}"
    return [
        ExportDecision(
            where=place.export,
            what=f"amount is called {called}, and {are}: it may be what was left after these fees, and not what "
            "customers paid.",
            example=WrittenValues(count, *first).example,
            setting=f"Where it is, take what they paid for amount, in rename or in queries/staging/{place.table}.sql.",
            level="warning",
            moves_kvis=True,
        )
    ]
