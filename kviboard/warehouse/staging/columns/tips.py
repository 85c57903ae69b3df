"""Tips among the amounts of orders: they are for those who serve, and no turnover.

Nothing is taken off for it, for of many amounts nobody can tell whether they are with the tip: it is said.
"""

import re

import duckdb

from kviboard.domain.formatting import counted
from kviboard.warehouse.engine import literal, readable
from kviboard.warehouse.files.records import FILE, LINE
from kviboard.warehouse.manifest import ExportDecision
from kviboard.warehouse.staging.columns.taxes_and_returns import WITHOUT_TAX, above_zero
from kviboard.warehouse.staging.columns.word_notes import said_of_words, words_of
from kviboard.warehouse.staging.values.cast import clean_text
from kviboard.warehouse.staging.values.place import Place

_A_TIP = (
    "tips?|gratuit(?:y|ies)|trinkgeld(?:er)?|pourboires?|propinas?|fooi(?:en)?|drikkepenge|dricks|mancia|mance|"
    "gorjetas?|napiw(?:ek|ki)"
)
_TIPS = re.compile(rf"^(?:total[\s_])?(?:{_A_TIP})(?:[\s_](?:amount|total|received|charged)|betrag|[\s_]betrag)?$")


def tips(connection: duckdb.DuckDBPyConnection, place: Place) -> list[ExportDecision]:
    """What is said of a column of tips, unless amounts are called those without, and of lines that are a tip."""
    said = _lines(connection, place) if "product" in place.columns else []
    is_without = bool(place.headers) and all(WITHOUT_TAX.search(header) for header in place.headers)
    columns = [] if is_without else [name for name in place.columns if _TIPS.search(name)]
    return said + [each for name in columns for each in _beside(connection, place, name)]


def _beside(connection: duckdb.DuckDBPyConnection, place: Place, name: str) -> list[ExportDecision]:
    found = above_zero(connection, place, name)
    if not found:
        return []
    return [
        ExportDecision(
            where=place.export,
            what=f"{name} is above 0 in {counted(found.count, 'row')}: where amounts are with it, tips count as "
            "turnover.",
            example=found.example,
            setting=f"Where they are, take {readable(name)} off the amount in queries/staging/{place.table}.sql; "
            f"there, select * exclude ({readable(name)}) ends this warning.",
            level="warning",
            moves_kvis=True,
        )
    ]


def _lines(connection: duckdb.DuckDBPyConnection, place: Place) -> list[ExportDecision]:
    pattern = f"^(?:{_A_TIP})$"
    rows = f"(select {clean_text('product', keeps_tokens=False)} as v, {FILE}, {LINE} from {place.rows})"
    is_one = f"regexp_matches(lower(trim(product)), {literal(pattern)})"
    setting = f"Set them aside in queries/staging/{place.table}.sql: select *, case when {is_one} then 'a tip' end as "
    setting += f"reject_reason from source.{place.source}; take them off where another line has the whole amount."
    return said_of_words(place, "product", words_of(connection, rows, pattern), ", and counts as turnover.", setting)
