"""Ids as they are compared: which customer a row is of, and which row it is.

Owns what makes two ids one and what stands for no customer. Which rows count at all is decided in no_rows and accept.
"""

import duckdb

from kviboard.domain.contract import ContractTable
from kviboard.domain.formatting import counted, plural
from kviboard.domain.nobody import NO_ACCOUNT, NOBODY
from kviboard.warehouse.engine import columns_of, literal, quoted, row_of
from kviboard.warehouse.files.names import FILE, LINE
from kviboard.warehouse.manifest import ExportDecision
from kviboard.warehouse.staging.values.cast import Cast
from kviboard.warehouse.staging.values.numbers import SPACE

_INVISIBLE = "[\\x{00AD}\\x{200B}-\\x{200F}\\x{202A}-\\x{202E}\\x{2060}-\\x{2064}\\x{FEFF}]"
_MADE = ", line "


def id_of(table: ContractTable, cast: Cast) -> str:
    """SQL: an id without invisible characters and in one Unicode form, over the cleaned columns. Typed ids of activity,
    the largest table by far, are taken as they are."""
    if cast.is_native and table.name == "activity":
        return cast.typed
    value = cast.typed if cast.is_plain else bare_id(cast.typed)
    if cast.column.required:
        return value
    words = "''"
    if cast.column.name == "customer_id":
        words += f", {nobody_words()}"
        words += f", {literal(NO_ACCOUNT)}" if table.name == "orders" else ""
    return f"case when lower({value}) not in ({words}) then {value} end"


def bare_id(value: str) -> str:
    """SQL: a text without invisible characters and in one Unicode form."""
    bare = f"regexp_replace(nfc_normalize({value}), {literal(_INVISIBLE)}, '', 'g')"
    return f"case when strlen({value}) = length({value}) then {value} else trim({bare}, {SPACE}) end"


def nobody_words() -> str:
    """SQL: a list of the words that stand for no customer, in lower case."""
    return ", ".join(map(literal, NOBODY))


def row_id(value: str, has_lines: bool) -> str:
    """SQL: the id `value`, and where there is none one made of file and line, which each row has if it `has_lines`."""
    made = f"cast({FILE} as varchar) || {literal(_MADE)} || {LINE}"
    numbered = "" if has_lines else ", 'row ' || row_number() over ()"
    return f"coalesce({value}, {made}{numbered})"


def anonymous_answers(connection: duckdb.DuckDBPyConnection) -> list[ExportDecision]:
    """What is said of answers that name no customer, and of those without an id."""
    answers, anonymous, first, made, without = row_of(
        connection,
        f"""
        select
            count(*), count(*) filter (where customer_id is null), min(response_id) filter (where customer_id is null),
            count(*) filter (where {_is_made()}), min(response_id) filter (where {_is_made()})
        from responses
        """,
    )
    said = []
    if anonymous:
        some = f"{anonymous:,} of {counted(answers, 'answer')} {plural(anonymous, 'names', 'name')} no customer."
        every = f"No answer names a customer, of {answers:,}."
        said.append(
            ExportDecision(
                where="The responses export",
                what=some if anonymous < answers else every,
                example=f"response {first}",
                setting="They count in scores and touchpoints, not in revenue by score; name the column with the "
                "customer under rename where there is one.",
                level="warning" if anonymous == answers else "note",
                moves_kvis=anonymous == answers,
            )
        )
    if made:
        said.append(_without_id(connection, made, without))
    return said


def _without_id(connection: duckdb.DuckDBPyConnection, answers: int, first: str) -> ExportDecision:
    """What is said of answers without an id: whether some of them are in another file as well, alike in all we read."""
    content = ", ".join(quoted(name) for name in columns_of(connection, "responses") if name != "response_id")
    twice, at, other = row_of(
        connection,
        f"""
        with counts as (
            select {content}, regexp_extract(response_id, '^(.*){_MADE}', 1) as found_in, min(response_id) as first,
                count(*) as answers
            from responses where {_is_made()} group by all
        ),
        alike as (
            select sum(answers) - max(answers) as copies, min(first) as first, max(found_in) as other
            from counts group by {content} having count(*) > 1
        )
        select coalesce(sum(copies), 0)::bigint, min(first), min_by(other, first) from alike
        """,
    )
    have = f"{counted(answers, 'answer')} {plural(answers, 'has', 'have')} no response_id"
    if not twice:
        return ExportDecision(
            where="The responses export",
            what=f"{have}. What two files have alike counts once, what one file has twice counts twice.",
            example=first,
            setting="Export a response_id where that is not so.",
        )
    are = plural(twice, "is in another file as well, and counts", "are in another file as well, and count")
    return ExportDecision(
        where="The responses export",
        what=f"{have}. {twice:,} of them {are} again.",
        example=f"{at}, and in {other}",
        setting="Export a response_id, or files that do not overlap.",
        level="warning",
        moves_kvis=True,
    )


def orders_of_guests(connection: duckdb.DuckDBPyConnection) -> list[ExportDecision]:
    """What is said of orders that name no customer, which [sources] guest_orders lets count."""
    guests = "filter (where customer_id is null)"
    orders, of_guests, first, revenue, all_revenue = row_of(
        connection,
        f"select count(*), count(*) {guests}, min(order_id) {guests}, sum(amount) {guests}, sum(amount) from orders",
    )
    if not of_guests:
        return []
    of_all = f" They bring {revenue:,} of {all_revenue:,} in turnover." if of_guests < orders else ""
    some = f"{of_guests:,} of {counted(orders, 'order')} {plural(of_guests, 'names', 'name')} no customer.{of_all}"
    setting = "They count in turnover, orders and the average order, in nothing that is counted by customer"
    return [
        ExportDecision(
            where="The orders export",
            what=some if of_guests < orders else f"No order names a customer, of {orders:,}.",
            example=f"order {first}",
            setting=f"{setting}; name the column with the customer under rename where there is one.",
            level="warning" if of_guests == orders else "note",
            moves_kvis=of_guests == orders,
        )
    ]


def _is_made() -> str:
    return f"contains(response_id, {literal(_MADE)})"
