"""Orders of 0.00, as a subscription writes one for each trial: each counts as a purchase, which is said of many."""

import duckdb

from kviboard.domain.formatting import counted
from kviboard.warehouse.engine import row_of
from kviboard.warehouse.manifest import ExportDecision

_FEWEST = 5
_MANY = 0.02  # of all orders: the average order is lower by as much


def free_orders(connection: duckdb.DuckDBPyConnection, orders: str, source: str) -> list[ExportDecision]:
    """What is said of them in the table `orders`, whose rows come from `source`."""
    is_free = "filter (where amount = 0)"
    found = f"select count(*), count(*) {is_free}, min(order_id) {is_free} from {orders}"
    rows, free, one = row_of(connection, found)
    if free < _FEWEST or free < _MANY * rows:
        return []
    paid = "regexp_matches(cast(amount as varchar), '^[^eE]*[1-9]')"
    aside = f"case when not {paid} then 'nothing was paid' end as reject_reason"
    return [
        ExportDecision(
            where="The orders export",
            what=f"{free:,} of {counted(rows, 'order')} are of 0.00, and each counts as a purchase: in orders, "
            "ordering customers, repurchases and the average order.",
            example=f"order {one}",
            setting="Where they are trials or samples, set them aside in queries/staging/orders.sql: "
            f"select *, {aside} from source.{source}",
            level="warning",
            moves_kvis=True,
        )
    ]
