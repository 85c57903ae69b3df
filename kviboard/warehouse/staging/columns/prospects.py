"""Contacts in a list of customers that are none yet: leads and prospects, as lists of sales people have them.

Nothing is changed for it: that they count as new customers on the day they were written down is said.
"""

import re

import duckdb

from kviboard.domain.prospects import BESIDE, PROSPECT, STAGE
from kviboard.warehouse.engine import literal, readable
from kviboard.warehouse.files.records import FILE, LINE
from kviboard.warehouse.manifest import ExportDecision
from kviboard.warehouse.staging.columns.word_notes import said_of_words, words_of
from kviboard.warehouse.staging.values.cast import clean_text
from kviboard.warehouse.staging.values.place import Place

_STAGE = re.compile(STAGE)


def prospects(connection: duckdb.DuckDBPyConnection, place: Place) -> list[ExportDecision]:
    """What is said of customers whose stage or type calls them none yet, where a day says when they are new."""
    if place.table != "customers" or "signed_up_on" not in place.columns:
        return []
    return [said for name in place.columns if _STAGE.search(name) for said in _said(connection, place, name)]


def _said(connection: duckdb.DuckDBPyConnection, place: Place, name: str) -> list[ExportDecision]:
    rows = (
        f"(select {clean_text(name, keeps_tokens=False)} as v, {FILE}, {LINE} from {place.rows} "
        f"where {clean_text('signed_up_on', keeps_tokens=False)} is not null)"
    )
    found = words_of(connection, rows, PROSPECT)
    if not found:
        return []
    found = words_of(connection, rows, f"{PROSPECT}|{BESIDE}")
    words = ", ".join(literal(each.value) for each in found)
    setting = (
        f"Where they are none yet, empty the day in queries/staging/{place.table}.sql: select * replace (case when "
        f"{readable(name)} in ({words}) then null else signed_up_on end as signed_up_on) from source.{place.source}"
    )
    return said_of_words(place, name, found, ", which count as new customers on their signed_up_on.", setting)
