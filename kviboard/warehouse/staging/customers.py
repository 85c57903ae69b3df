"""Completes the customers: everyone seen in any export, each in one slice, their combination of dimension values."""

from collections.abc import Sequence

import duckdb

from kviboard.domain.contract import CONTRACT, EVENT_TABLES
from kviboard.warehouse.engine import quoted
from kviboard.warehouse.staging.rows.duplicates import CHANGED_AT
from kviboard.warehouse.staging.values.cast import SQL_TYPES

UNKNOWN = "Unknown"  # what a customer without a value in a dimension is counted under
_EVERYONE_SEEN = (
    "select customer_id from active_before",
    "select distinct customer_id from new_activity",  # which may have a hundred rows for each customer
    *(f"select customer_id from {table}" for table in EVENT_TABLES if table != "activity"),
)


def complete_customers(connection: duckdb.DuckDBPyConnection, exported: str, dimensions: Sequence[str]) -> None:
    """Create main.customers and main.slices from the table `exported` and the customers of all event tables."""
    columns = [column for column in CONTRACT["customers"].columns if column.name != CHANGED_AT]
    own = [quoted(column.name) for column in columns]
    held = ", ".join([*own, *map(quoted, dimensions)])
    nothing = ", ".join(
        f"cast(null as {kind})" for kind in (*(SQL_TYPES[c.kind] for c in columns[1:]), *["varchar"] * len(dimensions))
    )
    labels = [f"coalesce({quoted(name)}, '{UNKNOWN}') as {quoted(name)}" for name in dimensions]
    seen = " union all ".join(_EVERYONE_SEEN)
    connection.execute(
        f"""
        create temp table everyone as
        select {", ".join([*own, *labels])} from (
            select {held} from {exported}
            union all
            select seen.customer_id, {nothing} from (select distinct customer_id from ({seen}) as each) as seen
            where seen.customer_id is not null
                and not exists (select 1 from {exported} as known where known.customer_id = seen.customer_id)
        )
        """
    )
    names = [quoted(name) for name in dimensions]
    combinations = f"select distinct {', '.join(names)} from everyone" if names else "(select 1 from everyone limit 1)"
    unknown = ", ".join(f"'{UNKNOWN}'" for _ in names) or "1"
    nobody = " or ".join(
        f"exists (select 1 from {table} where customer_id is null)" for table in ("responses", "orders")
    )
    anonymous = f"select {unknown} where {nobody}"
    connection.execute(
        f"""
        create table slices as
        select cast(row_number() over ({"order by " + ", ".join(names) if names else ""}) as integer) as slice_id
            {"".join(f", {name}" for name in names)}
        from ({combinations} union {anonymous})
        """
    )
    matching = " and ".join(f"everyone.{name} = slices.{name}" for name in names) or "true"
    connection.execute(
        f"create table customers as select everyone.*, slices.slice_id from everyone inner join slices on {matching}"
    )
    connection.execute("drop table everyone")


def unknown_slice(dimensions: Sequence[str]) -> str:
    """SQL for the slice of an answer or order of nobody knows whom; null where there is no such slice."""
    is_unknown = " and ".join(f"{quoted(name)} = '{UNKNOWN}'" for name in dimensions) or "true"
    return f"(select min(slice_id) from slices where {is_unknown})"
