"""What states of orders and kinds of bookings are called, in the words of many tools and languages.

Patterns of the names of columns, and, for DuckDB, of their values in small letters.
"""

import re

from kviboard.warehouse.staging.values.letters import NO_LETTER

_FROM = f"(?:^|{NO_LETTER})"  # a word begins
_TO = f"(?:$|{NO_LETTER})"
STATES = re.compile(
    r"status|state|stage|zustand|statut|état|estado|stato|stav$|phase|étape|etapa|situação|ステータス|状態|"
    r"type\b|kind\b|art$|typ$|tipo\b|vorgang|transaction$|event$",
    re.IGNORECASE,
)
KINDS = re.compile(
    r"(^|\W|_|document|transaction|dokument|beleg|vorgangs)(type|kind|art|typ|tipo|reporting.category|vorgang|soort)$|"
    r"^(type|tipo)\W(de |di |du )?(document|pièce|documento|transaction|transacción|movimiento|movimento)",
    re.IGNORECASE,
)
CALLED_OFF = (
    rf"{_FROM}(cancel|void|fail|declin|denied|abort|abandon|expired|draft|reject|uncollect|trash|delet|"
    r"storn|abgebroch|fehlgeschlag|gescheitert|abgelehnt|abgelaufen|verfallen|gelöscht|entwurf|"
    r"annul|échou|refusé|rejeté|expirée?s?$|brouillon|erreur|geannuleerd|mislukt|verlopen|vervallen|geweigerd|afgewezen|"
    r"cancelad|anulad|fallid|rechazad|caducad|borrador|rifiutat|fallit|respint|bozza|recusad|rejeitad|rascunho|"
    r"annull|fejlet|mislykke|afvist|udløbet|kladde|kanseller|avbr[uö]t|misslyck|makuler|utkast|"
    r"anulowan|odrzucon|nieudan|wygasł|peru(?:ttu|utettu)|epäonnistu|zruš)|キャンセル|取消|"
    r"^(concept|quotation|quote|estimate|angebot|kostenvoranschlag|offerte|devis|presupuesto|preventivo|orçamento|tilbud|"
    rf"offert|見積){_TO}|^lost$|closed lost|closedlost"
)
WON = rf"{_FROM}(won|gewonnen|gagnée?s?|ganad[oa]|vundet){_TO}|closedwon"  # where some are, others are not yet
CHANCE = re.compile(  # of a deal, and not that somebody cheats, leaves or sends it back
    r"^(?!.*(fraud|risk|churn|default|refund|return|betrug|ausfall|risiko|retour|storno)).*"
    r"(probab|wahrscheinlich|waarschijnlijk|sandsynlig|sannsynlig|sannolik|prawdopodob|確度)"
)
PAID_BACK = (
    rf"{_FROM}(refund|credit[ _-]?(?:note|memo)|charged?[ _-]?back|reversal|reversed|returned|return$|disputed|"
    r"erstattet|rückerstatt|rückzahlung|gutschrift|rechnungskorrektur|avoir|rembours|reembols|devoluci|rectificativa|"
    rf"terugbetaald|credit(?:nota|factuur)|retour|retur(?:{_TO}|ner)|kredit(?:nota|faktura)|tilbagebetal|återbetal|"
    r"rimbors|nota (?:di|de) cr[eé]dito|estorn|zwrot|zwrócon|korekta)|返金|返品|払い?戻"
)
SALE = "^(sales?|charges?|purchases?|captures?|invoices?|si|inv|f2)$"
CREDIT = "^(credits?|sc|crn|credmem|g2|s1)$"  # beside sales it was paid back
MOVED = (
    rf"{_FROM}(withdraw|pay-?outs?{_TO}|bank transfer|transfer to|currency conversion|"
    rf"holds?{_TO}|"  # what is kept back for a while, and let go again
    r"währungsumrechnung|auszahlung|abbuchung|einbehalt|virement|uitbetaling|retirada|udbetaling)|"
    r"^(stripe|paypal|processing|transaction)?[ _]?fees?$"
)
KEPT = (  # by who passes the money on, where it is below zero: customers pay fees, too
    rf"fees?{_TO}|commission|gebühr|entgelt|provision|{_FROM}frais{_TO}|comisi[oó]n|comissão|commissie|"
    r"tarifa|commissioni|kosten$|avgift|gebyr|prowizj|opłat|手数料"
)
INVOICE = (
    r"^(?:sales |tax |customer |verkaufs|ausgangs|verkoop)?(invoices?|rechnung|facture|factuur|factura|fattura|fatura|"
    r"faktura|faktur[ae]?)$|^(si|inv)$"  # short as in Sage and QuickBooks
)
OF_THE_INVOICE = (  # what an invoice is made of, or is paid by
    r"^(?:customer |sales |invoice |bill )?(payments?|deposits?|orders?|zahlung|zahlungseingang|auftrag|lieferschein|"
    r"paiement|règlement|encaissement|commande|bon de livraison|betaling|ontvangst|bestelling|pakbon|pago|cobro|pedido|"
    r"pagamento|incasso|ordine|recebimento|ordre|inbetalning|order|betalning|zamówienie|wpłata|płatność)$|"
    r"^(sr|sa|pmt)$"
)
MEANS = re.compile(r"pay|zahl|paiement|betaal|betal|pago|pagam|method|methode|płatn", re.IGNORECASE)  # how it is paid
NOT_PAID = (
    r"^(?:pending|on[ _-]?hold|open|offen|ouverte?|abiert[oa]|apert[oa]|unpaid|not paid)$|"
    rf"{_FROM}(?:pending[ _-]payment|payment[ _-]pending|awaiting[ _-](?:bank |cheque |check )?payment|"
    r"zahlung ausstehend|ausstehend|wart\w* auf zahlung|en attente d[eu'’]|wacht op betaling|pendiente de pago|"
    r"in attesa d|aguardando pagamento|väntar på betalning|afventer betaling)"
)
PLANNED = (
    r"^(?:is )?(?:planned|scheduled|upcoming|forecast(?:ed)?|projected|recurring template|geplant|vorgemerkt|prognose|"
    r"planifiée?s?|prévue?s?|programad[ao]s?|previst[ao]s?|planificad[ao]s?|gepland|ingepland|planlagt|planerad|"
    r"zaplanowan[aey]|pianificat[aeio])$|予定"
)
OF_GOODS = re.compile(
    r"fulfil|ship|deliver|liefer|versand|livraison|expéd|verzend|levering|envío|entrega", re.IGNORECASE
)
ADJUSTED = re.compile(
    r"^(adjusted|corrected|revised|amended|korrigierte?r?|angepasste?r?)\W.*(total|amount|value|betrag|summe)"
)
DISPUTED = re.compile(r"^(amount[\W_]*)?disputed?([\W_]*amount)?$")
"""Amounts that a bank may take back, or has: of these a tool's file says nothing."""
REFUNDS = re.compile(
    r"refund|erstatt|rembours|reembols|terugbetaal|devoluci|refunder|chargeback|zurückgezahlt|rückzahlung|rimbors"
)
