"""The rows that a KVI's value is made of: of one period, from each export that the KVI needs."""

from collections.abc import Mapping, Sequence
from datetime import date

import pandas as pd

from kviboard.board.board import Board
from kviboard.domain.kvis.kvi import Kvi
from kviboard.errors import UsageError

_SOURCES = {
    "orders": "select * exclude (slice_id) from scored_orders",
    "responses": "select * exclude (slice_id) from scored_responses",
    "customers": "select started_on as day, * exclude (slice_id, started_on) from customer_starts",
    "tickets": "select tickets.*, {dimensions} from tickets left join customers using (customer_id)",
    "activity": "select activity.*, {dimensions} from activity left join customers using (customer_id)",
}
"""By export the SELECT of its rows, each with its day, its customer's dimensions and the score that counts for it."""


def exports_behind(kvi: Kvi) -> list[str]:
    """The exports that have rows of single days behind the KVI, the first one it names first."""
    return [table for table in kvi.tables if table in _SOURCES]


def rows_behind(
    board: Board,
    table: str,
    first: date,
    last: date,
    where: Mapping[str, Sequence[str]],
    most: int | None = None,
) -> tuple[pd.DataFrame, int]:
    """The rows of an export from `first` to `last` of the customers that `where` chooses, oldest first, at most `most`
    of them, and how many there are in all.

    A value about a window (active in 28 days) or about earlier days (bought again) rests on rows before `first`, too.
    Raises UsageError for an export that has no such rows, QueryError with a sentence where a query fails.
    """
    if table not in _SOURCES:
        raise UsageError(f"{table} has no rows to show: choose from {', '.join(_SOURCES)}.")
    dimensions = ", ".join(f'customers."{name}"' for name in board.dimensions) or "customers.customer_id as customer"
    chosen = {f"where_{number}": list(values) for number, values in enumerate(where.values())}
    filters = "".join(
        f' and "{name}" in (select unnest(cast($where_{number} as varchar[])))' for number, name in enumerate(where)
    )
    body = f"from ({_SOURCES[table].format(dimensions=dimensions)}) where day between $first and $last{filters}"
    parameters = {"first": first, "last": last, **chosen}
    count = int(board.reader.frame(f"select count(*) as n {body}", parameters)["n"].iloc[0])
    limit = "" if most is None else f" limit {most:d}"
    return board.reader.frame(f"select * {body} order by all{limit}", parameters), count
