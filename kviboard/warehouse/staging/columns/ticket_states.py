"""States of tickets that say something else than the day on which they were closed: open with one, closed without.

The day decides what is open, for help desks keep the last one of a ticket that was opened again, and some keep none at
all. Nothing is changed for it: which of the two is right, only the company knows.
"""

import re
from dataclasses import replace

import duckdb

from kviboard.domain.formatting import plural
from kviboard.domain.ticket_words import CLOSED, OPEN
from kviboard.warehouse.engine import literal, readable
from kviboard.warehouse.files.records import FILE, LINE
from kviboard.warehouse.manifest import ExportDecision
from kviboard.warehouse.staging.columns.word_notes import MOST_SHOWN, said_of_words, words_of
from kviboard.warehouse.staging.values.cast import clean_text
from kviboard.warehouse.staging.values.place import Place

STATE = re.compile(r"((ticket|conversation|case|issue)[\W_]*)?(status|state|zustand|statut|état|estado|stato)")
IS_DAY = r"regexp_matches({value}, '\d{{4}}|\d+[./-]\d+') and not regexp_matches({value}, '^(0000-00-00|9999-12-31)')"
"""SQL, of a text: whether it can be a day, and none that stands for never."""


def states_against_days(connection: duckdb.DuckDBPyConnection, place: Place, folded: str = "") -> list[ExportDecision]:
    """What is said of tickets whose state and closing day say different things; `folded`: SQL for the file and line of
    rows that do not count, as the earlier ones of a ticket's history."""
    if place.table != "tickets" or "closed_at" not in place.columns:
        return []
    if folded:
        at = f"folded.{FILE} = found.{FILE} and folded.{LINE} = found.{LINE}"
        place = replace(
            place, rows=f"(from {place.rows} as found where not exists (from ({folded}) as folded where {at}))"
        )
    states = [name for name in place.columns if STATE.fullmatch(name)]
    return [said for name in states for said in (*_open(connection, place, name), *_closed(connection, place, name))]


def _open(connection: duckdb.DuckDBPyConnection, place: Place, name: str) -> list[ExportDecision]:
    found = words_of(connection, _rows(place, name, "has_day"), OPEN)
    rows = sum(each.count for each in found)
    what = f" that {plural(rows, 'has', 'have')} a closing day, so that {plural(rows, 'it counts', 'they count')} "
    words = ", ".join(literal(each.value) for each in found[:MOST_SHOWN])
    empty = f"case when {readable(name)} not in ({words}) then closed_at end as closed_at"
    how = f"Where the state is right, empty the day in queries/staging/tickets.sql: select * replace ({empty})"
    return said_of_words(place, name, found, f"{what}as closed.", f"{how} from source.{place.source}", moves_kvis=False)


def _closed(connection: duckdb.DuckDBPyConnection, place: Place, name: str) -> list[ExportDecision]:
    """Where no ticket at all has a day, nothing is said of open ones anyway."""
    found = words_of(connection, _rows(place, name, "not has_day and some_have"), CLOSED)
    rows = sum(each.count for each in found)
    what = f" without a closing day, so that {plural(rows, 'it counts', 'they count')} as open."
    how = "Where another column has the day, say so in queries/staging/tickets.sql: "
    how += f"select * replace (coalesce(closed_at, …) as closed_at) from source.{place.source}"
    return said_of_words(place, name, found, what, how, moves_kvis=False)


def _rows(place: Place, name: str, condition: str) -> str:
    """SQL for the states `v` of the rows for which `condition` holds."""
    is_day = IS_DAY.format(value=clean_text("closed_at", keeps_tokens=True))
    return f"""(
        from (
            select
                {clean_text(name, keeps_tokens=True)} as v, coalesce({is_day}, false) as has_day,
                bool_or(has_day) over () as some_have, {FILE}, {LINE}
            from {place.rows}
        )
        where {condition}
    )"""
