"""Tables that share no customer: mostly one names them by an id and the other by an address. And orders or refunds that
are all one customer's."""

from collections.abc import Collection

import duckdb

from kviboard.warehouse.engine import literal, row_of, rows_of
from kviboard.warehouse.manifest import ExportDecision

_ENOUGH = 5  # customers of two tables of which none is in both, from which on it is no chance
_ALL = 20  # orders that are hardly all one customer's
_REFUNDS = 5  # that one customer got who never bought, and who is hardly a customer
_SOME = 20  # customers of a table of whom one is mostly in the other


def strangers(connection: duckdb.DuckDBPyConnection, exported: Collection[str]) -> list[ExportDecision]:
    """Tables of which nobody is among the customers of the orders (or of the activity): they are named another way."""
    seen = {
        "orders": "select customer_id from orders",
        "activity": "select customer_id from active_before union all select customer_id from new_activity",
    }
    others = next((name for name in seen if name in exported), None)
    return [
        ExportDecision(
            where=f"The {table} export",
            what=f"none of its {customers} customers is among those of {others}, so nothing of the one is known of the "
            "other.",
            example=f'"{one}" in {table} and "{other}" in {others}',
            setting="Where they are the same people under other names, name both in [customers] aliases, or export the "
            "same id in both.",
            level="warning",
            moves_kvis=True,
        )
        for table in ("customers", "responses", "tickets", "invitations")
        if others and table in exported
        for customers, one, other in _stranger(connection, table, seen[others])
    ]


def only_customer(connection: duckdb.DuckDBPyConnection, exported: Collection[str]) -> list[ExportDecision]:
    """Orders that all name one customer: mostly the company's own account at a till or a payment service."""
    if "orders" not in exported:
        return []
    orders, customer, is_one = row_of(
        connection, "select count(customer_id), min(customer_id), min(customer_id) = max(customer_id) from orders"
    )
    if orders < _ALL or not is_one:
        return []
    return [
        ExportDecision(
            where="The orders export",
            what=f"all {orders:,} orders are those of one customer, who may be the company itself.",
            example=f'"{customer}"',
            setting="Where another column names the customers, take that for customer_id in rename or in "
            "queries/staging/orders.sql; where none does, KVIs of customers say nothing.",
            level="warning",
            moves_kvis=True,
        )
    ]


def refunded_to_one(connection: duckdb.DuckDBPyConnection, exported: Collection[str]) -> list[ExportDecision]:
    """Refunds of which most name one customer who never bought: the company itself, where the sender of money is read
    as the customer."""
    if "orders" not in exported:
        return []
    found = rows_of(
        connection,
        f"""
        select customer_id, refunds, all_refunds
        from (
            select customer_id, count(*) as refunds, sum(count(*)) over () as all_refunds
            from orders where amount < 0 and customer_id is not null group by customer_id
        )
        where refunds >= {_REFUNDS} and 2 * refunds > all_refunds
        """,
    )
    bought = "select 1 from orders where amount > 0 and customer_id = {} limit 1"
    return [
        ExportDecision(
            where="The orders export",
            what=f"{refunds:,} of {all_refunds:,} orders below zero are those of one customer who never bought, and "
            "may be the company itself: nothing is taken off for those who got their money back.",
            example=f'"{customer}"',
            setting="Where another column names who got it, as the one with the recipient of a payment, take that for "
            "customer_id of such rows in queries/staging/orders.sql.",
            level="warning",
            moves_kvis=True,
        )
        for customer, refunds, all_refunds in found
        if not rows_of(connection, bought.format(literal(customer)))
    ]


def _stranger(connection: duckdb.DuckDBPyConnection, table: str, seen: str) -> list[tuple[int, str, str]]:
    """How many customers a table has and one of them, and one of those `seen`; nothing where anybody is in both, or
    either has too few to tell."""
    named = f"select customer_id from {'cast_rows.exported_customers' if table == 'customers' else table}"
    some = [one for (one,) in rows_of(connection, f"{named} where customer_id is not null limit {_SOME}")]
    for these in (", ".join(map(literal, some)) or "null", named):  # a few tell it in a fraction of the time
        if rows_of(connection, f"select 1 from ({seen}) where customer_id in ({these}) limit 1"):
            return []
    counts = [
        row_of(connection, f"select count(distinct customer_id), min(customer_id) from ({each})")
        for each in (named, seen)
    ]
    (customers, one), (others, other) = counts
    return [(customers, one, other)] if min(customers, others) >= _ENOUGH else []
