"""The exports that customers begin in, where no sign-up is known, and the days on which these name customers."""

from collections.abc import Collection, Mapping
from datetime import timedelta

import duckdb

from kviboard.domain.contract import ACTED_IN
from kviboard.domain.customers.starts import UNKNOWN_START_DAYS, starting_exports
from kviboard.domain.formatting import counted, format_day, listed, plural
from kviboard.warehouse.engine import insert_rows, row_of
from kviboard.warehouse.manifest import ExportDecision, Reach
from kviboard.warehouse.staging.staged import Staged

_CUSTOMERS_OF = {
    "activity": "select customer_id from active_before union all select customer_id from new_activity",
    "orders": "select customer_id from orders",
}


def starts_of(staged: Staged) -> dict[str, Reach]:
    """By export that customers begin in the days on which it names them."""
    named: dict[str, Reach] = {}
    for table in ACTED_IN:
        if table in staged.reach and "customer_id" in staged.provided[table]:
            whole = staged.whole_through.get(table, staged.reach[table].data_through)
            days = staged.reach[table].model_copy(update={"data_through": whole})
            told = staged.told.get(f"{table}.customer_id", days)
            named[table] = Reach(data_from=told.data_from, data_through=min(told.data_through, whole))
    return {table: named[table] for table in starting_exports({name: days.data_from for name, days in named.items()})}


def create_starting_exports(connection: duckdb.DuckDBPyConnection, starts: Mapping[str, Reach]) -> None:
    """Create starting_exports: each of them, with the day from which they know who is new."""
    connection.execute("create table starting_exports (export varchar, known_from date)")
    known_from = [days.data_from + timedelta(days=UNKNOWN_START_DAYS) for days in starts.values()]
    insert_rows(connection, "starting_exports", [[name, max(known_from)] for name in starts])


def begin_later(
    connection: duckdb.DuckDBPyConnection, starts: Collection[str], reach: Mapping[str, Reach]
) -> list[ExportDecision]:
    """What is said of activity or orders that begin too late for customers to begin in them, where somebody is in no
    other, and no sign-up is known."""
    said = []
    first = " union all ".join(_CUSTOMERS_OF[name] for name in starts if name in _CUSTOMERS_OF)
    for table in _CUSTOMERS_OF.keys() & reach.keys() - starts if first else ():
        (only_here,) = row_of(
            connection,
            f"""
            select count(distinct customer_id) from ({_CUSTOMERS_OF[table]}) as rows_of
            where customer_id not in (select customer_id from ({first}) as rows_of_first where customer_id is not null)
                and customer_id not in (select customer_id from customers where signed_up_on is not null)
            """,
        )
        if only_here:
            said.append(_said(table, listed(list(starts)), reach[table], only_here))
    return said


def _said(table: str, others: str, reach: Reach, only_here: int) -> ExportDecision:
    who = f"{counted(only_here, 'customer')} {plural(only_here, 'is', 'are')}"
    return ExportDecision(
        where=f"The {table} export",
        what=f"it begins on {format_day(reach.data_from)}, well after that of {others}, so customers begin with the "
        f"first day in {others}. {who} in {table} only and new on no day.",
        setting="With signed_up_on in the customers export, they are new on that day.",
        level="warning",
        moves_kvis=True,
    )
