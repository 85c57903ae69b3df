"""Ratings of the aspects that answers have columns for, as rows."""

from collections.abc import Sequence

import duckdb

from kviboard.warehouse.engine import literal, quoted


def create_ratings(connection: duckdb.DuckDBPyConnection, aspects: Sequence[str]) -> None:
    """Create ratings (response_id, aspect, rating): one row per aspect that an answer rates."""
    selects = [
        f"select response_id, {literal(name)} as aspect, {quoted(name)} as rating from responses "
        f"where {quoted(name)} is not null"
        for name in aspects
    ]
    nothing = "select cast(null as varchar) as response_id, cast(null as varchar) as aspect, 0.0::double as rating"
    connection.execute(f"create table ratings as {' union all '.join(selects) or f'{nothing} where false'}")
