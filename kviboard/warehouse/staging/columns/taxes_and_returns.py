"""What a tax or a number of returned pieces beside amounts leaves open: whether turnover is with it.

Nothing is changed for it: that the amounts count as they are is said.
"""

import re

import duckdb

from kviboard.domain.formatting import counted
from kviboard.warehouse.engine import literal, rows_of
from kviboard.warehouse.files.records import FILE, LINE
from kviboard.warehouse.manifest import ExportDecision
from kviboard.warehouse.staging.values.cast import clean_text
from kviboard.warehouse.staging.values.numbers import AMOUNT, BELOW_ZERO, WrittenValues
from kviboard.warehouse.staging.values.place import Place

RETURNED = re.compile(
    r"return(ed|s)?[\s_-]*(qty|quantity|items?|units?|pieces)$|(qty|quantity|items?|units?)[\s_-]*returned$|"
    r"retouren?[\s_-]*(menge|anzahl)$|zurückgegebene|cantidad[\s_]devuelta|quantité[\s_]retournée|aantal[\s_]retour"
)
_TAX = re.compile(
    r"^((total|sales|order|invoice|amount)[\s_])?(tax|taxes|vat|gst|mwst\.?|ust\.?|mehrwertsteuer|umsatzsteuer|tva|iva|"
    r"btw|moms)([\s_](amount|total))?$"
)
_WITH_TAX = re.compile(r"gross|brutto|bruto|total|summe?\b|gesamt|betrag|amount|\bttc\b", re.IGNORECASE)
WITHOUT_TAX = re.compile(
    r"\bnett?o?\b|excl|ohne|without|before|\bht\b|sub[\s_-]?total|zwischensumme|hors|zzgl|sin\b|senza", re.IGNORECASE
)


def taxes_and_returns(connection: duckdb.DuckDBPyConnection, place: Place) -> list[ExportDecision]:
    """What is said of pieces that came back, and of a tax."""
    returned = [name for name in place.columns if RETURNED.search(name)]
    said = [each for name in returned for each in _returned(connection, place, name)]
    taxes = [name for name in place.columns if _TAX.search(name)]
    return said + [each for name in taxes[:1] for each in _taxed(connection, place, name)]


def _returned(connection: duckdb.DuckDBPyConnection, place: Place, name: str) -> list[ExportDecision]:
    """A column with how many pieces came back."""
    found = above_zero(connection, place, name)
    if not found:
        return []
    return [
        ExportDecision(
            where=place.export,
            what=f"{name} says that pieces came back in {counted(found.count, 'row')}, and nothing is taken off.",
            example=found.example,
            setting="Where amounts are those of all pieces sold, take what came back off in "
            f"queries/staging/{place.table}.sql.",
            level="warning",
            moves_kvis=True,
        )
    ]


def _taxed(connection: duckdb.DuckDBPyConnection, place: Place, name: str) -> list[ExportDecision]:
    """A tax beside an amount that is called the total: mostly that of a shop, of which an office would not say so."""
    headers = [header for header in place.headers if _WITH_TAX.search(header) and not WITHOUT_TAX.search(header)]
    found = above_zero(connection, place, name) if headers else None
    if not found:
        return []
    return [
        ExportDecision(
            where=place.export,
            what=f'amount is called "{headers[0]}", and {name} beside it is above 0 in {counted(found.count, "row")}: '
            "turnover seems to be with tax.",
            example=found.example,
            setting=f"Where it should be without, take it off in queries/staging/{place.table}.sql, or take another "
            "column for amount.",
        )
    ]


def above_zero(connection: duckdb.DuckDBPyConnection, place: Place, name: str) -> WrittenValues | None:
    """What a column of numbers holds above zero; None where it holds nothing such, or anything else."""
    value = clean_text(name, keeps_tokens=False)
    ((count, others, *first),) = rows_of(
        connection,
        f"""
        select
            count(*) filter (where is_above), count(*) filter (where not regexp_matches(v, {literal(AMOUNT)})),
            {", ".join(f"arg_min({each}, ({FILE}, {LINE})) filter (where is_above)" for each in ("v", FILE, LINE))}
        from (
            select *, regexp_matches(v, '[1-9]') and not regexp_matches(v, {literal(BELOW_ZERO)}) as is_above
            from (select {value} as v, {FILE}, {LINE} from {place.rows}) where v is not null
        )
        """,
    )
    return WrittenValues(count, *first) if count and not others else None
