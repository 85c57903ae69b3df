"""What should be known of the KVIs in a workspace's own files, now that the exports are as they are."""

import re

from kviboard.catalog import Catalog
from kviboard.catalog.files import tables_read
from kviboard.errors import Problem
from kviboard.warehouse.manifest import Manifest

_PRODUCT = re.compile(r"\bproduct\b")


def kvis_of_first_products(catalog: Catalog, version: Manifest) -> tuple[Problem, ...]:
    """KVIs that count orders by product and do not know that an order may hold several, where some do."""
    if not version.tables.get("order_products"):
        return ()
    what = "counts an order with lines of several products under the first of them alone, with its whole amount."
    hint = "Make it anew under New KVI, or read order_products, too (docs/exports.md, One key, several rows)."
    return tuple(Problem(kvi.path, what, hint) for kvi in catalog.kvis.values() if _takes_the_first(kvi.sql))


def _takes_the_first(sql: str) -> bool:
    tables = tables_read(sql)
    reads_orders = not tables.isdisjoint(("orders", "scored_orders"))
    return reads_orders and "order_products" not in tables and bool(_PRODUCT.search(sql))
