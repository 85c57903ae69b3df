"""Sprints of one name and team whose days overlap: probably one sprint whose first day was moved."""

import duckdb

from kviboard.domain.formatting import counted, plural
from kviboard.warehouse.engine import row_of
from kviboard.warehouse.manifest import ExportDecision


def sprints_twice(connection: duckdb.DuckDBPyConnection) -> list[ExportDecision]:
    """A warning where a sprint seems to be there twice, with another first day."""
    count, name, one, other = row_of(
        connection,
        """
        select count(*), arg_min(a.name, a.starts_on), min(a.starts_on), arg_min(b.starts_on, a.starts_on)
        from sprints as a
        inner join sprints as b
            on a.name = b.name and a.team is not distinct from b.team
            and a.starts_on < b.starts_on and a.ends_on >= b.starts_on
        """,
    )
    if not count:
        return []
    are = f"{counted(count, 'sprint')} {plural(count, 'is', 'are')} there twice, with days that overlap"
    return [
        ExportDecision(
            where="The sprints export",
            what=f"{are}; both count.",
            example=f'"{name}" from {one} and from {other}',
            setting="Where the first day was moved, remove the row with the old one.",
            level="warning",
            moves_kvis=True,
        )
    ]
