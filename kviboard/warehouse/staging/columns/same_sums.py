"""Rows of several kinds in one order that come to the same amount: the sale, its lines and its payment.

Nothing is changed for it, for only the company knows which of them it sells: that all of them count is said.
"""

import duckdb

from kviboard.domain.formatting import counted, listed
from kviboard.warehouse.engine import literal, quoted, rows_of
from kviboard.warehouse.manifest import ExportDecision
from kviboard.warehouse.staging.values.cast import clean_text
from kviboard.warehouse.staging.values.numbers import find_decimal_signs, plain_number
from kviboard.warehouse.staging.values.place import Place

_LOOKED_AT = 20_000  # rows
_FEWEST = 5  # orders in which it is no chance
_MOSTLY = 0.9  # of the orders with both kinds
_SEVERAL = 3  # different amounts: two things may have one price


def same_sums(connection: duckdb.DuckDBPyConnection, place: Place, name: str) -> list[ExportDecision]:
    """Kinds of rows, by the column `name`, of which each says what an order came to."""
    if "order_id" not in place.columns:
        return []
    looked_at, amount = f"(select * from {place.rows} limit {_LOOKED_AT})", "cast(amount as varchar)"
    signs = find_decimal_signs(connection, looked_at, amount)
    decimal = "," if "," in signs and "." not in signs else "."
    found = rows_of(
        connection,
        f"""
        with lines as (
            select
                {clean_text("order_id", keeps_tokens=False)} as number,
                {clean_text(name, keeps_tokens=False)} as kind,
                try_cast({plain_number(amount, decimal)} as double) as worth
            from {looked_at}
        ),
        sums as (
            select number, kind, sum(worth) as worth, count(*) as n from lines
            where number is not null and kind is not null group by number, kind having sum(worth) <> 0
        )
        select one.kind, other.kind, count(*) as orders, sum(one.n) as ones, sum(other.n) as others
        from sums as one inner join sums as other on one.number = other.number and one.kind < other.kind
        group by one.kind, other.kind
        having count(*) >= {_FEWEST} and count(distinct one.worth) >= {_SEVERAL}
            and count(*) filter (where abs(one.worth - other.worth) < 0.005) >= {_MOSTLY} * count(*)
        order by orders desc, one.kind, other.kind
        """,
    )
    if not found:
        return []
    rows = {kind: n for one, other, _, ones, others in found for kind, n in ((one, ones), (other, others))}
    kept = max(rows, key=lambda kind: rows[kind])  # the most detailed
    others = ", ".join(literal(kind) for kind in rows if kind != kept)
    kinds = listed([f'"{kind}"' for kind in sorted(rows)])
    orders = counted(max(orders for _, _, orders, _, _ in found), "order")
    return [
        ExportDecision(
            where=place.export,
            what=f"rows with {kinds} in {name} come to the same amount in {orders}, and all of them count as turnover.",
            setting=f"Where they are one sale, keep one of these kinds in queries/staging/{place.table}.sql: "
            f"select *, case when {quoted(name)} in ({others}) then 'no sale of its own' end as reject_reason "
            f"from source.{place.source}",
            level="warning",
            moves_kvis=True,
        )
    ]
