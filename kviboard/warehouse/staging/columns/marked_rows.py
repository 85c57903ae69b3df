"""Columns that mark rows by yes and no, by a day, or by the row they went into: deleted, cancelled, a test, merged.

Nothing is set aside for it, for only the company knows what its systems mean by a mark: that the rows count is said,
with the line that sets them aside. Answers that are marked as tests, spam or deleted are no rows anyway, see no_rows.
"""

import re
from collections.abc import Collection

import duckdb

from kviboard.domain.formatting import counted, listed
from kviboard.warehouse.engine import literal, quoted, readable, rows_of
from kviboard.warehouse.files.records import FILE, LINE
from kviboard.warehouse.manifest import ExportDecision
from kviboard.warehouse.staging.columns.ticket_states import IS_DAY, STATE
from kviboard.warehouse.staging.rows.no_rows import NO, YES
from kviboard.warehouse.staging.values.cast import clean_text
from kviboard.warehouse.staging.values.numbers import BELOW_ZERO, FIRST_WRITTEN, WrittenValues
from kviboard.warehouse.staging.values.place import Place

_GONE = (
    "deleted|removed|trashed|gelöscht|geloescht|lösch(kz|kennzeichen)|loeschkz|supprimé|eliminado|borrado|verwijderd|"
    "slettet"
)
_UNREAL = "test|testmode|testorder|testdata|sandbox|demo|spam|duplicate|fraud|fraudulent|bot|internal"
_PUT_AWAY = "archived|hidden|inactive|disabled|archiviert|archivé|archivado|gearchiveerd|arkiveret"
_CALLED_OFF = (
    "cancell?ed|cancell?ation|void|voided|draft|abandoned|rejected|failed|declined|expired|storniert|(ox|kz)?storno(kz|kennzeichen|flag)?|"
    "entwurf|annullato|anulowane|makulerad|"
    "annulé|annulée|annulation|cancelado|anulado|geannuleerd|annulleret"
)
_PAID_BACK = (
    "refund|refunded|return|returned|reversed|reversal|chargeback|chargedback|creditnote|erstattet|remboursé|"
    "reembolsado|terugbetaald"
)
_MARKS = {
    "orders": f"{_GONE}|{_UNREAL}|{_PUT_AWAY}|{_CALLED_OFF}|{_PAID_BACK}",
    "tickets": f"{_GONE}|{_UNREAL}|void|draft",
    "activity": f"{_GONE}|test|testmode|testdata|sandbox|demo|bot",
    "responses": rf"{_PUT_AWAY}|excluded(from\w+)?|rejected|removed|trashed",
    "customers": "test|testaccount|testuser|testcustomer|testkunde|testkonto|demo|spam|duplicate|fraud|fraudulent|bot|"
    "internal",
}
_TAKEN_OUT = {
    "tickets": (
        "spam", "deleted", "trash", "trashed", "merged", "duplicate", "gelöscht", "papierkorb", "zusammengeführt",
        "supprimé", "fusionné", "eliminado", "verwijderd", "slettet",
    )
}  # fmt: skip
"""States that say the same as a mark."""
_DAYS = {
    "orders": f"{_GONE}|archived|{_CALLED_OFF}",
    "tickets": _GONE,
    "activity": _GONE,
    "responses": f"{_GONE}|archived",
}
_INTO = r"(merged|folded)(in)?to\w*|mergetarget\w*|duplicateof\w*|masterrecordid|duplikatvon|zusammengeführtmit"
"""What a column is called that names the row of tickets or customers which one was merged with."""
_REAL = {
    "orders": "active|valid|paid|livemode|live|completed|closedwon|won|bezahlt|payé|pagado|betaald",
    "responses": "active|approved|included",
    "activity": "livemode|valid",
    "tickets": "valid",
}
"""Marks that say the opposite: rows with a no are doubtful."""
_WHATS = {
    "orders": "whose amounts count as turnover",
    "tickets": "which count as tickets",
    "activity": "which count as activity",
    "responses": "which count",
    "customers": "which count as customers",
}


def marked_rows(connection: duckdb.DuckDBPyConnection, place: Place) -> list[ExportDecision]:
    """What is said of rows that a column beside them marks."""
    said = []
    for name in place.columns:
        value = clean_text(name, keeps_tokens=True)
        if words := _words(place.table, name):
            said += _marked(connection, place, name, f"lower({value}) in ({', '.join(map(literal, words))})")
        elif place.table in _TAKEN_OUT and STATE.fullmatch(name):
            words = ", ".join(map(literal, _TAKEN_OUT[place.table]))
            said += _marked(connection, place, name, f"lower({value}) in ({words})")
        elif _is_into(place.table, name):
            is_said = "exists (from customer_aliases)" if place.table == "customers" else "false"
            another = f"{clean_text(name, keeps_tokens=False)} not in ('', '0')"
            said += _marked(connection, place, name, f"{another} and not {is_said}")
        elif _is_day(place.table, name):
            said += _marked(connection, place, name, IS_DAY.format(value=value))
    return said


def _words(table: str, name: str) -> Collection[str]:
    """The values of a column that make a row doubtful; none for other columns."""
    if _is_called(name, _MARKS.get(table)):
        return set(YES) - ({"1", "x"} if _is_called(name, _PAID_BACK) else set())  # 1 may be what was paid back
    return NO if _is_called(name, _REAL.get(table)) else ()


def _is_day(table: str, name: str) -> bool:
    stem = re.fullmatch(r"(?:date)?(.+?)(?:at|on|date|datetime|time|datum|am|le)", _plain(name))
    return bool(stem and table in _DAYS and re.fullmatch(_DAYS[table], stem[1]))


def _is_into(table: str, name: str) -> bool:
    return table in ("tickets", "customers") and bool(re.fullmatch(_INTO, _plain(name)))


def _is_called(name: str, words: str | None) -> bool:
    plain = _plain(name)
    return bool(words and re.fullmatch(rf"(is|was|has|ist|est)?({words})", plain))


def _plain(name: str) -> str:
    """A column's name without what tools put in front of such words, as in _fivetran_deleted."""
    return re.sub(r"^(fivetran|airbyte|dlt)[\W_]+|[\W_]", "", name.casefold().strip("_ "))


def _marked(connection: duckdb.DuckDBPyConnection, place: Place, name: str, condition: str) -> list[ExportDecision]:
    amount = "cast(amount as varchar)"
    counts = f"and not regexp_matches({amount}, {literal(BELOW_ZERO)}) and regexp_matches({amount}, '[1-9]')"
    counts = counts if place.table == "orders" and "amount" in place.columns else ""
    ((count, values, *first),) = rows_of(
        connection,
        f"""
        select count(*), list(distinct v), {FIRST_WRITTEN}
        from (
            select cast({quoted(name)} as varchar) as v, {FILE}, {LINE} from {place.rows} where {condition} {counts}
        )
        """,
    )
    if not count:
        return []
    written = WrittenValues(count, *first)
    is_into = _is_into(place.table, name)
    is_mark = not is_into and not _is_day(place.table, name)
    words = [f'"{value}"' for value in sorted(values)]
    shown = f"is {listed(words, 'or')}" if is_mark else "names another" if is_into else "holds a day"
    column = readable(name)
    marks = ", ".join(map(literal, sorted(values)))
    of_row = f"{column} in ({marks})" if is_mark else f"{column} is not null"
    return [
        ExportDecision(
            where=place.export,
            what=f"{name} {shown} in {counted(count, 'row')}, {_WHATS[place.table]}.",
            example=written.example,
            setting=_setting(place, name, of_row),
            level="warning",
            moves_kvis=True,
        )
    ]


def _setting(place: Place, name: str, of_row: str) -> str:
    if _is_into(place.table, name) and place.table == "customers":
        rename = f'rename = {{ "{name}" = "customer_id", "customer_id" = "known_as" }}'
        source = f"[sources.merged] with these files and, by their names in them, {rename}"
        return f'Where both are one customer, set [customers] aliases = "merged", and {source}.'
    if place.table == "customers":
        return f'Where they are no customers, leave them out everywhere: [customers] leave_out = """{of_row}""".'
    mark = name.replace("_", " ").strip()
    reason = literal(f"not {mark}" if _is_called(name, _REAL.get(place.table)) else mark)
    reason = f"case when {of_row} then {reason} end as reject_reason"
    return (
        f"Where they should not count, set them aside in queries/staging/{place.table}.sql: "
        f"select *, {reason} from source.{place.source}"
    )
