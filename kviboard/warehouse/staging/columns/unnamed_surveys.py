"""Answers and invitations that name no survey where others of their export do: they count as relationship ones."""

from collections.abc import Collection

import duckdb

from kviboard.domain.formatting import counted, plural
from kviboard.warehouse.engine import row_of
from kviboard.warehouse.manifest import ExportDecision

_ONE = {"responses": "answer", "invitations": "invitation"}


def unnamed_surveys(connection: duckdb.DuckDBPyConnection, exported: Collection[str]) -> list[ExportDecision]:
    """What is said of rows without a survey, by table."""
    said = []
    for table, one in _ONE.items():
        rows, named = (
            row_of(connection, f"select count(*), count(survey) from {table}") if table in exported else (0, 0)
        )
        without = rows - named
        if not named or not without:
            continue
        what = f"{without:,} of {counted(rows, one)} {plural(without, 'names', 'name')} no survey, and"
        said.append(
            ExportDecision(
                where=f"The {table} export",
                what=f"{what} {plural(without, 'counts as a relationship one', 'count as relationship ones')}.",
                setting=f"Where they are of another survey, name it in queries/staging/{table}.sql: "
                f"select * replace (coalesce(survey, 'transactional') as survey) from source.{table}",
                level="warning",
                moves_kvis=True,
            )
        )
    return said
