"""What to say where a column of a Parquet file holds lists or objects, and one value a row is needed."""

from collections.abc import Iterable, Sequence

import duckdb

from kviboard.domain.contract import Column
from kviboard.errors import Problem
from kviboard.warehouse.files.extract import Extract
from kviboard.warehouse.staging.queries.query import Staging
from kviboard.warehouse.staging.queries.sources import headers_of
from kviboard.warehouse.staging.values.place import StagingError

_OBJECTS = ("STRUCT", "MAP", "UNION")


def nested_columns(
    connection: duckdb.DuckDBPyConnection,
    staging: Staging,
    source: str,
    extracts: Sequence[Extract],
    columns: Iterable[Column],
) -> list[Problem]:
    """A problem for each optional one of `columns` that holds them: as texts they are no words. Raises StagingError for
    a required one."""
    headers = headers_of(connection, staging.query, source)
    problems = []
    for column in columns:
        kind = staging.found.get(column.name, "")
        if not kind.endswith("]") and not kind.startswith(_OBJECTS):
            continue
        known = headers.get(column.name, (column.name,))
        file = next((each.found.name for each in extracts if {*known} & {*each.columns}), staging.query.path)
        held = "lists" if kind.endswith("]") else "objects"
        what = f"its column {known[0]} holds {held}, and {column.name} is one value."
        problem = Problem(file, what, f"Export one value a row, or choose one in {staging.query.path}.")
        if column.required:
            raise StagingError(problem)
        problems.append(problem)
    return problems
