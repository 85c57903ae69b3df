"""Adds to marts of the version before what later days of activity bring, instead of counting all activity again.

Fit for it are marts that add up rows of customer_days by what is true of their customers. Owns when the sums of before
still hold; whether customer_days itself has only gained rows belongs to staging.append.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from kviboard.catalog import QueryFile
from kviboard.warehouse.engine import columns_of, parquet_rows, quoted, rows_of
from kviboard.warehouse.fingerprints import short_hash
from kviboard.warehouse.staging.append import GROWING, Growth
from kviboard.warehouse.tables import Tables


@dataclass(frozen=True)
class _Sums:
    """A mart whose columns are sums over rows of customer_days, save its `keys`. What it asks of their customers stands
    in one other table: `facts` of `customers`."""

    keys: tuple[str, ...]
    customers: str
    facts: tuple[str, ...]


_ADDED_TO = {
    "activity_by_day": _Sums(("day", "slice_id"), "customers", ("slice_id",)),
    "cohort_activity": _Sums(("cohort_month", "slice_id", "month"), "customer_starts", ("slice_id", "started_on")),
}


def added_rows(
    tables: Tables, marts: Mapping[str, QueryFile], name: str, sql: str, growth: Growth | None
) -> str | None:
    """SQL for the rows of the mart `sql`: those of the version before and what later activity adds. None where they may
    differ from the rows that `sql` gives over all activity."""
    sums, mine = _ADDED_TO.get(name), tables.before.whole_files(name)
    if not (sums and mine and growth and marts[name].built_in and _only_gained_days(tables, marts, growth)):
        return None
    if _has_moved(tables, sums):
        return None
    kinds = columns_of(tables.connection, sql)
    columns = ", ".join(map(quoted, kinds))
    rows = [f"select {columns} from {parquet_rows(mine)}"]
    if growth.adds:
        more = [tables.folder / file for file in tables.made[GROWING].files][len(growth.parts) :]
        new_days = f"with {GROWING} as (select * from {parquet_rows(more)})"
        rows.append(f"select {columns} from ({new_days} select * from ({sql}))")
    added = (
        quoted(column) if column in sums.keys else f"cast(sum({quoted(column)}) as {kind}) as {quoted(column)}"
        for column, kind in kinds.items()
    )
    return f"select {', '.join(added)} from ({' union all '.join(rows)}) group by {', '.join(sums.keys)}"


def _only_gained_days(tables: Tables, marts: Mapping[str, QueryFile], growth: Growth) -> bool:
    """Whether customer_days has all rows of the version before, and settings, marts and slices are the same."""
    before = tables.before
    if before.manifest is None or not growth.parts or list(growth.parts) != before.whole_files(GROWING):
        return False
    made_from = before.manifest.made_from
    is_same = all(made_from.get(query.path) == short_hash(query.sql) for query in marts.values())
    return is_same and bool(before.same_files("slices", tables.fingerprints["slices"]))


def _has_moved(tables: Tables, sums: _Sums) -> bool:
    """Whether any customer of the version before is gone, or is now counted elsewhere."""
    before, name = tables.before, sums.customers
    if before.same_files(name, tables.fingerprints[name]):
        return False
    known = before.whole_files(name)
    differs = " or ".join(f"now.{fact} is distinct from earlier.{fact}" for fact in sums.facts)
    moved = f"""
        select 1 from {parquet_rows(known)} as earlier
        left join {quoted(name)} as now on earlier.customer_id = now.customer_id
        where now.customer_id is null or {differs} limit 1
    """
    return not known or bool(rows_of(tables.connection, moved))
