"""Gift cards that are sold in some orders and that others are paid with: what is bought with one counts twice."""

import duckdb

from kviboard.domain.formatting import counted, listed, plural
from kviboard.warehouse.engine import literal, readable, rows_of
from kviboard.warehouse.files.records import FILE, LINE
from kviboard.warehouse.manifest import ExportDecision
from kviboard.warehouse.staging.columns.state_words import MEANS
from kviboard.warehouse.staging.values.cast import clean_text
from kviboard.warehouse.staging.values.numbers import FIRST_WRITTEN, WrittenValues
from kviboard.warehouse.staging.values.place import Place

_GIFT_CARD = (
    r"gift[ _-]?(card|certificate|voucher)|geschenk(karte|gutschein)|carte[ _-]cadeau|bon cadeau|cadeau(bon|kaart)|"
    r"tarjeta (de )?regalo|gavekort|presentkort|buono regalo|carta regalo|cartão[ -]presente|karta podarunkowa"
)


def gift_cards(connection: duckdb.DuckDBPyConnection, place: Place) -> list[ExportDecision]:
    """What is said of orders of gift cards, where a column says that others are paid with one."""
    means = [name for name in place.columns if MEANS.search(name)]
    if not means or "product" not in place.columns:
        return []
    product = clean_text("product", keeps_tokens=False)
    paid = " or ".join(f"coalesce({_is_one(clean_text(name, keeps_tokens=False))}, false)" for name in means)
    ((used, sold, *first),) = rows_of(
        connection,
        f"""
        select max(used), count(*), {FIRST_WRITTEN}
        from (select {product} as v, count(*) filter (where {paid}) over () as used, {FILE}, {LINE} from {place.rows})
        where {_is_one("v")}
        """,
    )
    if not used:
        return []
    aside = f"case when {_is_one(readable('product'))} then 'gift card' end as reject_reason"
    return [
        ExportDecision(
            where=place.export,
            what=f"{counted(sold, 'row')} {plural(sold, 'is a gift card', 'are gift cards')}, and {used:,} "
            f"{plural(used, 'is', 'are')} paid with one, as {listed(means, 'or')} says: what is bought with one counts "
            "as turnover twice.",
            example=WrittenValues(sold, *first).example,
            setting="To count it when the card is used, set those that are sold aside in "
            f"queries/staging/{place.table}.sql: select *, {aside} from source.{place.source}",
            level="warning",
            moves_kvis=True,
        )
    ]


def _is_one(value: str) -> str:
    return f"regexp_matches(lower({value}), {literal(_GIFT_CARD)})"
