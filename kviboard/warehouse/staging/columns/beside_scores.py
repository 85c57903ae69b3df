"""What stands beside the scores of answers and may say that some should not count.

Only the company knows whether an answer that somebody put away still counts: that it does is said. What is marked as
deleted or spam is no answer, see no_rows.
"""

import re

import duckdb

from kviboard.domain.formatting import counted, plural
from kviboard.warehouse.engine import literal, quoted, rows_of
from kviboard.warehouse.files.records import FILE, LINE
from kviboard.warehouse.manifest import ExportDecision
from kviboard.warehouse.staging.values.cast import clean_text
from kviboard.warehouse.staging.values.numbers import FIRST_WRITTEN, WrittenValues
from kviboard.warehouse.staging.values.place import Place

_STATES = re.compile(r"^((record|response|answer|survey)[\s_]*)?(status|state)$")
_ARCHIVED = ("archived", "archiviert", "archivé", "archivado", "gearchiveerd", "arkiveret")


def archived_answers(connection: duckdb.DuckDBPyConnection, place: Place) -> list[ExportDecision]:
    """Answers that a column beside the scores calls archived."""
    return [
        _said(place, name, WrittenValues(*found))
        for name in place.columns
        if _STATES.search(name) and place.table == "responses"
        for found in rows_of(
            connection,
            f"""
            select count(*), {FIRST_WRITTEN}
            from (select {clean_text(name, keeps_tokens=False)} as v, {FILE}, {LINE} from {place.rows})
            where lower(v) in ({", ".join(map(literal, _ARCHIVED))}) having count(*) > 0
            """,
        )
    ]


def _said(place: Place, name: str, written: WrittenValues) -> ExportDecision:
    count = plural(written.count, "counts", "count")
    aside = f"case when {quoted(name)} = {literal(written.value)} then 'archived' end as reject_reason"
    return ExportDecision(
        where=place.export,
        what=f"{name} says archived in {counted(written.count, 'answer')}, which {count}.",
        example=written.example,
        setting="Where they should not, set them aside in queries/staging/responses.sql: "
        f"select *, {aside} from source.{place.source}",
        level="warning",
        moves_kvis=True,
    )
