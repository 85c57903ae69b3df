"""What stands beside the scores of answers and may say that some should not count, or mean the opposite.

Only the company knows whether an answer that somebody put away still counts: that it does is said. What is marked as
deleted or spam is no answer, see no_rows.
"""

import re

import duckdb

from kviboard.domain.contract import Column
from kviboard.domain.formatting import counted, plural
from kviboard.warehouse.engine import literal, quoted, row_of, rows_of
from kviboard.warehouse.files.records import FILE, LINE
from kviboard.warehouse.manifest import ExportDecision
from kviboard.warehouse.staging.values.cast import Rules, clean_text
from kviboard.warehouse.staging.values.numbers import FIRST_WRITTEN, WrittenValues
from kviboard.warehouse.staging.values.place import Place

_STATES = re.compile(r"^((record|response|answer|survey)[\s_]*)?(status|state)$")
_GRADES = re.compile(r"(schul|gesamt)?note( \(.*\))?|zensur", re.IGNORECASE)
_GERMAN = re.compile(
    r"datum|zeitpunkt|zeitstempel|kunde|kommentar|bemerkung|anmerkung|frage|filiale|schulnote|gesamtnote|zensur"
)
_WORST_GRADE = 6
_IS = r"\s*(?:=|:|–|-|\bis\b|\bmeans\b|\bist\b|\bbedeutet\b)\s*"
_VERY = r"(?:(?:very|extremely|completely|strongly|most|sehr|äußerst|très|zeer|muy|molto|muito)\s+)?"
_ONE_IS_BEST = re.compile(
    rf"(?<!\d)1{_IS}{_VERY}(?:satisfied|happy|good|best|excellent|likely|agree|zufrieden|gut\b|am besten|beste|"
    r"hervorragend|wahrscheinlich|satisfait|bien\b|tevreden|goed|satisfech|buen|soddisfatt|satisfeit)",
    re.IGNORECASE,
)
_WORST_NAMED = re.compile(rf"(?<!\d)(5|6|7|10){_IS}")
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


def turned_scales(connection: duckdb.DuckDBPyConnection, place: Place, column: Column) -> list[ExportDecision]:
    """Scores whose question says that 1 is the best, as "(1 = very satisfied, 5 = very dissatisfied)"."""
    header = next((header for header in place.headers if _ONE_IS_BEST.search(header)), "")
    if not header:
        return []
    worst = _WORST_NAMED.search(header)
    (high,) = row_of(connection, f"select max(try_cast({quoted(column.name)} as double)) from {place.rows}")
    if high is None or (worst and high > int(worst[1])):
        return []
    last = int(worst[1]) if worst else next(last for last in (5, 10, high) if high <= last)
    return [
        ExportDecision(
            where=place.export,
            what=f'{column.name} is called "{header}", of which 1 is the best, and read with the highest as the best.',
            setting=f"Turn them round in queries/staging/{place.table}.sql: "
            f"select * replace ({last + 1:g} - try_cast({column.name} as integer) as {column.name}) "
            f"from source.{place.source}",
            level="warning",
            moves_kvis=True,
        )
    ]


def german_grades(
    connection: duckdb.DuckDBPyConnection, place: Place, column: Column, rules: Rules
) -> list[ExportDecision]:
    """Marks as German schools give them, of which 1 is the best: a "Note" from 1 to 6 in an export in German."""
    names = [header for header in place.headers if _GRADES.fullmatch(header.strip())]
    if not names:
        return []
    called = "select lower(concat_ws(' ', column_name, comment)) from duckdb_columns() where schema_name = 'source'"
    beside = rows_of(connection, f"{called} and table_name = {literal(place.source)}")
    if not any(_GERMAN.search(name) for (name,) in beside):
        return []  # a French note is the better the higher it is
    low, high = row_of(
        connection,
        f"select min(n), max(n) from (select try_cast({quoted(column.name)} as double) as n from {place.rows})",
    )
    if low is None or low < 1 or high > _WORST_GRADE:
        return []
    mark = (
        f"{_WORST_GRADE} - try_cast({column.name} as integer)"  # 5 for the best, or twice as much: 2 is very satisfied
    )
    turned = mark if rules.scales.default == "1-5" else f"2 * ({mark})"
    return [
        ExportDecision(
            where=place.export,
            what=f'{column.name} is called "{names[0]}", from {low:g} to {high:g}, and read with the highest as the '
            "best; of German marks 1 is.",
            setting=f"Where it is, turn them round in queries/staging/{place.table}.sql: "
            f"select * replace ({turned} as {column.name}) from source.{place.source}",
            level="warning",
            moves_kvis=True,
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
