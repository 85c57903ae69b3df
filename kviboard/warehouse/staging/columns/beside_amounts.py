"""What stands beside the amounts of orders and may say that they are not what they seem: a status, refunds, a quantity.

Nothing is changed for it, for only the company knows what its words mean: that the amounts count as they are is said.
"""

import re
from collections.abc import Sequence

import duckdb

from kviboard.domain.contract import Column
from kviboard.domain.formatting import counted, listed, plural
from kviboard.warehouse.engine import literal, quoted, rows_of
from kviboard.warehouse.files.records import FILE, LINE
from kviboard.warehouse.manifest import ExportDecision
from kviboard.warehouse.staging.columns.payments import sides, whole_payments
from kviboard.warehouse.staging.values.cast import clean_text
from kviboard.warehouse.staging.values.numbers import BELOW_ZERO, FIRST_WRITTEN, WrittenValues
from kviboard.warehouse.staging.values.place import Place

_STATES = re.compile(
    r"status|state|stage|zustand|statut|état|estado|stato|stav$|phase|étape|etapa|situação|ステータス|状態|"
    r"type\b|kind\b|art$|typ$|tipo\b|vorgang|transaction$|event$",
    re.IGNORECASE,
)
_KINDS = re.compile(
    r"(^|\W|_|document|transaction|dokument|beleg|vorgangs)(type|kind|art|typ|tipo|reporting.category|vorgang|soort)$|"
    r"^(type|tipo)\W(de |di |du )?(document|pièce|documento|transaction|transacción|movimiento|movimento)",
    re.IGNORECASE,
)
_CALLED_OFF = (
    r"(?:^|\P{L})(cancel|void|fail|declin|denied|abort|abandon|expired|draft|reject|uncollect|trash|"
    r"storn|abgebroch|fehlgeschlag|gescheitert|abgelehnt|abgelaufen|verfallen|gelöscht|entwurf|"
    r"annul|échou|refusé|rejeté|expirée?s?$|brouillon|erreur|geannuleerd|mislukt|verlopen|vervallen|geweigerd|afgewezen|"
    r"cancelad|anulad|fallid|rechazad|caducad|borrador|rifiutat|fallit|respint|bozza|recusad|rejeitad|rascunho|"
    r"annull|fejlet|mislykke|afvist|udløbet|kladde|kanseller|avbr[uö]t|misslyck|makuler|utkast|"
    r"anulowan|odrzucon|nieudan|wygasł|peru(?:ttu|utettu)|epäonnistu|zruš)|キャンセル|取消|"
    r"^(concept|quotation|quote|estimate|angebot|kostenvoranschlag|offerte|devis|presupuesto|preventivo|orçamento|tilbud|"
    r"offert|見積)(?:$|\P{L})|^lost$|closed lost|closedlost"
)
_WON = (
    r"(?:^|\P{L})(won|gewonnen|gagnée?s?|ganad[oa]|vundet)(?:$|\P{L})|closedwon"  # where some are, others are not yet
)
_PAID_BACK = (
    r"(?:^|\P{L})(refund|credit[ _-]?(?:note|memo)|charged?[ _-]?back|reversal|reversed|returned|return$|disputed|"
    r"erstattet|rückerstatt|rückzahlung|gutschrift|rechnungskorrektur|avoir|rembours|reembols|devoluci|rectificativa|"
    r"terugbetaald|credit(?:nota|factuur)|retour|retur(?:$|\P{L}|ner)|kredit(?:nota|faktura)|tilbagebetal|återbetal|"
    r"rimbors|nota (?:di|de) cr[eé]dito|estorn|zwrot|zwrócon|korekta)|返金|返品|払い?戻"
)
_SALE = "^(sales?|charges?|purchases?|captures?|invoices?|si|inv|f2)$"
_CREDIT = "^(credits?|sc|crn|credmem|g2|s1)$"  # beside sales it was paid back
_MOVED = (
    r"(?:^|\P{L})(withdraw|pay-?outs?(?:$|\P{L})|bank transfer|transfer to|currency conversion|währungsumrechnung|auszahlung|abbuchung|"
    r"virement|uitbetaling|retirada|udbetaling)|^(stripe|paypal|processing|transaction)?[ _]?fees?$"
)
_INVOICE = (
    r"^(?:sales |tax |customer |verkaufs|ausgangs|verkoop)?(invoices?|rechnung|facture|factuur|factura|fattura|fatura|"
    r"faktura|faktur[ae]?)$|^(si|inv)$"  # short as in Sage and QuickBooks
)
_OF_THE_INVOICE = (  # what an invoice is made of, or is paid by
    r"^(?:customer |sales |invoice |bill )?(payments?|deposits?|orders?|zahlung|zahlungseingang|auftrag|lieferschein|"
    r"paiement|règlement|encaissement|commande|bon de livraison|betaling|ontvangst|bestelling|pakbon|pago|cobro|pedido|"
    r"pagamento|incasso|ordine|recebimento|ordre|inbetalning|order|betalning|zamówienie|wpłata|płatność)$|"
    r"^(sr|sa|pmt)$"
)
_MEANS = re.compile(r"pay|zahl|paiement|betaal|betal|pago|pagam|method|methode|płatn", re.IGNORECASE)  # how it is paid
_NOT_PAID = (
    r"^(?:pending|on[ _-]?hold|unpaid|not paid)$|"
    r"(?:^|\P{L})(?:pending[ _-]payment|payment[ _-]pending|awaiting[ _-](?:bank |cheque |check )?payment|"
    r"zahlung ausstehend|ausstehend|wart\w* auf zahlung|en attente d[eu'’]|wacht op betaling|pendiente de pago|"
    r"in attesa d|aguardando pagamento|väntar på betalning|afventer betaling)"
)
_OF_GOODS = re.compile(
    r"fulfil|ship|deliver|liefer|versand|livraison|expéd|verzend|levering|envío|entrega", re.IGNORECASE
)
_ADJUSTED = re.compile(
    r"^(adjusted|corrected|revised|amended|korrigierte?r?|angepasste?r?)\W.*(total|amount|value|betrag|summe)"
)
_REFUNDS = re.compile(r"refund|erstatt|rembours|reembols|terugbetaal|devoluci|refunder|chargeback")
_AMOUNT = r"^[-−(]?\s*(?:[A-Z]{3}|[€$£¥])?\s*\d[\d.,'’ ]*\s*(?:[A-Z]{3}|[€$£¥])?\)?$"
_QUANTITY = re.compile(
    r"(^|[\s_.-])(quantity|qty|units?|pieces|items?|menge|anzahl|stück|stueck|quantité|cantidad|aantal|antal)$"
)
_PRICE = re.compile(r"\bunit|price|preis|\bprix|precio|prijs|\bpris\b")
_MOST_SHOWN = 3


def is_looked_at(name: str) -> bool:
    """Whether a column called so may say that the amounts beside it are not what they seem."""
    return any(pattern.search(name.casefold()) for pattern in (_STATES, _REFUNDS, _QUANTITY))


def doubts_beside(connection: duckdb.DuckDBPyConnection, place: Place, column: Column) -> list[ExportDecision]:
    """What is said of columns beside `column`, the amounts of orders."""
    said = [each for name in place.columns if _STATES.search(name) for each in _states(connection, place, column, name)]
    of_payment = [name for name in place.columns if _STATES.search(name) and not _OF_GOODS.search(name)]
    said += [each for name in of_payment for each in _not_paid(connection, place, name)]
    adjusted = [name for name in place.columns if _ADJUSTED.search(name)]
    said += _adjusted(connection, place, adjusted[0]) if adjusted else []
    said += [each for name in place.columns if _KINDS.search(name) for each in _moved(connection, place, name)]
    kinds = [name for name in place.columns if _KINDS.search(name) and not _MEANS.search(name)]
    said += [each for name in kinds for each in _documents(connection, place, name)]
    said += [each for name in place.columns if _REFUNDS.search(name) for each in _refunds(connection, place, name)]
    said += [*sides(connection, place), *whole_payments(connection, place)]
    if any(_PRICE.search(header.casefold()) for header in place.headers):
        quantities = [name for name in place.columns if _QUANTITY.search(name)]
        said += [each for name in quantities for each in _quantities(connection, place, name)]
    return said


def _states(connection: duckdb.DuckDBPyConnection, place: Place, column: Column, name: str) -> list[ExportDecision]:
    """Rows that a word beside them calls off, or says to be paid back though their amount is not below zero."""
    amount, value = f"cast({quoted(column.name)} as varchar)", clean_text(name, keeps_tokens=False)
    doubtful = rows_of(
        connection,
        f"""
        select v from (
            select v, regexp_matches(lower(v), {literal(_WON)}) as is_won, bool_or(is_won) over () as has_won,
                bool_or(regexp_matches(lower(v), {literal(_SALE)})) over () as has_sale
            from (select distinct {value} as v from (select distinct {quoted(name)} from {place.rows}))
        )
        where regexp_matches(lower(v), {literal(_CALLED_OFF)}) or regexp_matches(lower(v), {literal(_PAID_BACK)})
            or (has_won and not is_won) or (has_sale and regexp_matches(lower(v), {literal(_CREDIT)}))
        """,
    )
    if not doubtful:
        return []
    found = rows_of(
        connection,
        f"""
        select v, sum(n)::bigint, {", ".join(f"arg_min({each}, ({FILE}, {LINE}))" for each in (FILE, LINE))} from (
            select {value} as v, 1 as n, {FILE}, {LINE} from {place.rows}
            where {value} in ({", ".join(literal(v) for (v,) in doubtful)})
                and not regexp_matches({amount}, {literal(BELOW_ZERO)}) and regexp_matches({amount}, '[1-9]')
        )
        group by v order by 2 desc, v
        """,
    )
    setting = f"Where they are none, set them aside in queries/staging/{place.table}.sql (refunds: a minus): "
    return _said(place, name, found, ", whose amounts count as turnover.", setting, "called off")


def _not_paid(connection: duckdb.DuckDBPyConnection, place: Place, name: str) -> list[ExportDecision]:
    """Rows that a word beside them calls not paid yet: of a shop's orders most never are, invoices mostly are."""
    value = clean_text(name, keeps_tokens=False)
    found = rows_of(
        connection,
        f"""
        select v, count(*), {", ".join(f"arg_min({each}, ({FILE}, {LINE}))" for each in (FILE, LINE))}
        from (select {value} as v, {FILE}, {LINE} from {place.rows})
        where regexp_matches(lower(v), {literal(_NOT_PAID)}) group by v order by 2 desc, v
        """,
    )
    setting = f"Where they are none yet, set them aside in queries/staging/{place.table}.sql: "
    said = _said(place, name, found, ", which count as turnover before they are paid.", setting, "not paid")
    return [each.model_copy(update={"level": "note"}) for each in said]


def _adjusted(connection: duckdb.DuckDBPyConnection, place: Place, name: str) -> list[ExportDecision]:
    """A column with what orders came to in the end: filled where that is another amount, or 0 where it is not."""
    ((count, has_blanks, *first),) = rows_of(
        connection,
        f"""
        select count(*), bool_or(has_blanks), {FIRST_WRITTEN} from (
            select
                {clean_text(name, keeps_tokens=False)} as v, cast(amount as varchar) as amount, {FILE}, {LINE},
                bool_or(v is null) over () as has_blanks
            from {place.rows}
        )
        where v is not null and v <> amount and (has_blanks or regexp_matches(v, '[1-9]'))
        """,
    )
    if not count:
        return []
    column = quoted(name)
    of_these = column if has_blanks else f"case when regexp_matches({column}, '[1-9]') then {column} end"
    return [
        ExportDecision(
            where=place.export,
            what=f"{name} holds another amount in {counted(count, 'row')}, and amount counts as it was before.",
            example=WrittenValues(count, *first).example,
            setting=f"Where the other one is what was paid in the end, take it in queries/staging/{place.table}.sql: "
            f"select * replace (coalesce({of_these}, amount) as amount) from source.{place.source}",
            level="warning",
            moves_kvis=True,
        )
    ]


def _moved(connection: duckdb.DuckDBPyConnection, place: Place, name: str) -> list[ExportDecision]:
    """Rows of an account in which money moved and nothing was sold, such as what was paid out to the company."""
    value = clean_text(name, keeps_tokens=False)
    found = rows_of(
        connection,
        f"""
        select v, count(*), {", ".join(f"arg_min({each}, ({FILE}, {LINE}))" for each in (FILE, LINE))}
        from (select {value} as v, {FILE}, {LINE} from {place.rows})
        where regexp_matches(lower(v), {literal(_MOVED)}) group by v order by 2 desc, v
        """,
    )
    what = ", in which money moved and nothing was sold; the amounts count as turnover."
    return _said(place, name, found, what, f"Set them aside in queries/staging/{place.table}.sql: ", "no sale")


def _documents(connection: duckdb.DuckDBPyConnection, place: Place, name: str) -> list[ExportDecision]:
    """Payments or orders in the list of a customer's bookings, beside the invoices of the same sales."""
    value = clean_text(name, keeps_tokens=False)
    found = rows_of(
        connection,
        f"""
        select v, count(*), {", ".join(f"arg_min({each}, ({FILE}, {LINE}))" for each in (FILE, LINE))},
            regexp_matches(lower(v), {literal(_INVOICE)}) as is_invoice
        from (select {value} as v, {FILE}, {LINE} from {place.rows})
        where regexp_matches(lower(v), {literal(_INVOICE)}) or regexp_matches(lower(v), {literal(_OF_THE_INVOICE)})
        group by v order by 2 desc, v
        """,
    )
    invoices = [word for word, *_, is_invoice in found if is_invoice]
    if not invoices:
        return []
    others = [(word, count, file, line) for word, count, file, line, is_invoice in found if not is_invoice]
    what = f', beside "{invoices[0]}": of one sale both count, or nothing where payments are below zero.'
    return _said(place, name, others, what, f"Set them aside in queries/staging/{place.table}.sql: ", "no sale")


def _said(
    place: Place, name: str, found: Sequence[tuple[str, int, str, int]], what: str, setting: str, why: str
) -> list[ExportDecision]:
    """What is said of rows by the words in them, each with its count and its first place, the most frequent first; with
    the query that sets them aside for the reason `why`."""
    if not found:
        return []
    words = [f'"{word}"' for word, *_ in found]
    more = [f"{len(words) - _MOST_SHOWN} more"] if len(words) > _MOST_SHOWN else []
    rows = counted(sum(count for _, count, *_ in found), "row")
    return [
        ExportDecision(
            where=place.export,
            what=f"{name} is {listed([*words[:_MOST_SHOWN], *more], 'or')} in {rows}{what}",
            example=WrittenValues(found[0][1], found[0][0], *found[0][2:]).example,
            setting=setting + _set_aside(place, name, [word for word, *_ in found], why),
            level="warning",
            moves_kvis=True,
        )
    ]


def _set_aside(place: Place, name: str, words: Sequence[str], why: str) -> str:
    some = ", ".join(map(literal, words[:_MOST_SHOWN]))
    reason = f"case when {quoted(name)} in ({some}) then {literal(why)} end as reject_reason"
    return f"select *, {reason} from source.{place.source}"


def _refunds(connection: duckdb.DuckDBPyConnection, place: Place, name: str) -> list[ExportDecision]:
    """A column of amounts that were paid back."""
    count, others, *first = rows_of(
        connection,
        f"""
        select
            count(*) filter (where regexp_matches(v, '[1-9]')), count(*) filter (where not is_amount),
            {
            ", ".join(
                f"arg_min({each}, ({FILE}, {LINE})) filter (where regexp_matches(v, '[1-9]'))"
                for each in ("v", FILE, LINE)
            )
        }
        from (
            select v, regexp_matches(v, {literal(_AMOUNT)}) as is_amount, {FILE}, {LINE}
            from (select {clean_text(name, keeps_tokens=False)} as v, {FILE}, {LINE} from {place.rows})
            where v is not null
        )
        """,
    )[0]
    if not count or others:
        return []
    return [
        ExportDecision(
            where=place.export,
            what=f"{name} holds an amount in {counted(count, 'row')}, and nothing is taken off for it.",
            example=WrittenValues(count, *first).example,
            setting=f"Where amounts are those before refunds, take it off in queries/staging/{place.table}.sql.",
            level="warning",
            moves_kvis=True,
        )
    ]


def _quantities(connection: duckdb.DuckDBPyConnection, place: Place, name: str) -> list[ExportDecision]:
    """Rows with more than one piece beside a column that is called a price."""
    value = f"try_cast(replace({clean_text(name, keeps_tokens=False)}, ',', '.') as double)"
    ((count, *first),) = rows_of(
        connection,
        f"""
        select count(*), {FIRST_WRITTEN}
        from (select {value} as v, {FILE}, {LINE} from {place.rows}) where v not in (0, 1)
        """,
    )
    if not count:
        return []
    written = WrittenValues(count, f"{first[0]:g}", *first[1:])
    names = listed([f'"{header}"' for header in place.headers])
    are = plural(count, "it is", "they are")
    what = f"amount is called {names}, and {name} is not 1 in {counted(count, 'row')}: {are} "
    return [
        ExportDecision(
            where=place.export,
            what=f"{what}not multiplied.",
            example=written.example,
            setting=f"Where it is the price of one, multiply it in queries/staging/{place.table}.sql.",
            level="warning",
            moves_kvis=True,
        )
    ]
