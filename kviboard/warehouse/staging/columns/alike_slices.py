"""Values of a dimension that differ in nothing but capitals, blanks and hyphens: each is a slice, and in every KVI it
lacks the customers of the others."""

from collections.abc import Sequence

import duckdb

from kviboard.domain.formatting import counted, listed
from kviboard.warehouse.engine import literal, quoted, readable, rows_of
from kviboard.warehouse.manifest import ExportDecision


def alike_slices(connection: duckdb.DuckDBPyConnection, dimensions: Sequence[str]) -> list[ExportDecision]:
    """What is said of the values of each dimension."""
    return [said for name in dimensions for said in _alike(connection, name)]


def _alike(connection: duckdb.DuckDBPyConnection, name: str) -> list[ExportDecision]:
    groups = rows_of(
        connection,
        f"""
        select list(value order by customers desc, value), list(customers order by customers desc, value)
        from (select {quoted(name)} as value, count(*) as customers from customers group by value)
        group by regexp_replace(lower(value), '[\\s_-]', '', 'g')
        having count(*) > 1
        order by sum(customers) desc, min(value)
        """,
    )
    if not groups:
        return []
    written = sum(len(values) for values, _ in groups)
    values, customers = groups[0]
    column, own = readable(name), literal(values[0])
    alike = f"case when {column} in ({', '.join(map(literal, values[1:]))}) then {own} else {column} end"
    return [
        ExportDecision(
            where="The customers export",
            what=f"{written} values of {name} are {counted(len(groups), 'value')} but for capitals, blanks or hyphens; "
            "each is a slice of its own.",
            example=listed(
                [f'"{each}" of {counted(n, "customer")}' for each, n in zip(values, customers, strict=True)]
            ),
            setting="Where they mean the same, write them alike in queries/staging/customers.sql: "
            f"select * replace ({alike} as {column}) from source.customers",
            level="warning",
        )
    ]
