"""Orders whose amount is the sum of all others of their file: totals that no word tells."""

import duckdb

from kviboard.warehouse.engine import rows_of
from kviboard.warehouse.files.records import FILE, LINE
from kviboard.warehouse.manifest import ExportDecision
from kviboard.warehouse.staging.values.money import shown_amount

_FEWEST = 6  # rows of a file among which one is by no chance the sum of all others


def rows_that_are_sums(connection: duckdb.DuckDBPyConnection, relation: str, valid: str) -> list[ExportDecision]:
    """What is said of such rows in `relation`; they count like any other."""
    found = rows_of(
        connection,
        f"""
        select {FILE}, arg_max((order_id, {LINE}), amount), max(amount)
        from {relation} where {valid} and {FILE} is not null group by {FILE}
        having count(*) >= {_FEWEST} and max(amount) > 0 and max(amount) = sum(amount) - max(amount) order by {FILE}
        """,
    )
    return [
        ExportDecision(
            where=file,
            what=f"line {line:,} has the sum of all other rows, as a total has, and counts as an order.",
            example=f"{order}: {shown_amount(amount)}",
            setting="If it is one, leave it out of the export, or set it aside in queries/staging/orders.sql.",
            level="warning",
            moves_kvis=True,
        )
        for file, (order, line), amount in found
    ]
