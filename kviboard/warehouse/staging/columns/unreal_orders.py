"""Orders that nobody placed in earnest, or that the company's own people did, as their tags or how they were paid say.

Nothing is set aside for it, for only the company knows what its tags mean: that they count is said.
"""

import re
from collections.abc import Sequence

import duckdb

from kviboard.warehouse.engine import literal, readable
from kviboard.warehouse.files.records import FILE, LINE
from kviboard.warehouse.manifest import ExportDecision
from kviboard.warehouse.staging.columns.state_words import MEANS
from kviboard.warehouse.staging.columns.word_notes import said_of_words, words_of
from kviboard.warehouse.staging.values.cast import clean_text
from kviboard.warehouse.staging.values.letters import NO_LETTER
from kviboard.warehouse.staging.values.numbers import WrittenValues
from kviboard.warehouse.staging.values.place import Place

_TAGS = re.compile(r"(^|\W|_)(tags?|labels?|etiquetas?|étiquettes?|schlagw[oö]rte?r?|groups?|gruppe|groupe|grupo)$")
_OUR_OWN = (
    "employees?|staff|internal|intern|mitarbeiter(in)?|personal(kauf|einkauf)|medewerkers?|personeel|salariés?|"
    "empleados?|funcionários?|medarbejdere?|anställd|ansatt|dipendent[ei]|pracowni[ck]y?"
)
_PURCHASE = "orders?|purchases?|sales?|discount|accounts?|customers?|bestellung|kauf|einkauf|rabatt|kunde|konto"
_TAG = rf"tests?|testing|(?:{_OUR_OWN}|test)[ _-]?(?:{_PURCHASE})|{_OUR_OWN}"
_BESIDE_OTHERS = r"(?:^|[,;|])\s*(?:{})\s*(?:$|[,;|])"
_PAID_BY = rf"(?:^|{NO_LETTER})(?:bogus|test|dummy|sandbox)"


def unreal_orders(connection: duckdb.DuckDBPyConnection, place: Place) -> list[ExportDecision]:
    """What is said of orders by a tag such as "test" or "employee", and of those that are paid by a test."""
    said = []
    for name in place.columns:
        if _TAGS.search(name):
            found = _found(connection, place, name, _BESIDE_OTHERS.format(_TAG))
            tags = {tag.strip() for each in found for tag in re.split("[,;|]", each.value.casefold())}
            ours = "|".join(sorted(tag for tag in tags if re.fullmatch(_TAG, tag)))
            said += _said(
                place, name, found, f"regexp_matches(lower({readable(name)}), '{_BESIDE_OTHERS.format(ours)}')"
            )
        elif MEANS.search(name):
            found = _found(connection, place, name, _PAID_BY)
            said += _said(
                place, name, found, f"{readable(name)} in ({', '.join(literal(each.value) for each in found)})"
            )
    return said


def _found(connection: duckdb.DuckDBPyConnection, place: Place, name: str, pattern: str) -> list[WrittenValues]:
    amount = "regexp_matches(cast(amount as varchar), '[1-9]')"
    rows = f"(select {clean_text(name, keeps_tokens=False)} as v, {FILE}, {LINE} from {place.rows} where {amount})"
    return words_of(connection, rows, pattern)


def _said(place: Place, name: str, found: Sequence[WrittenValues], is_one: str) -> list[ExportDecision]:
    setting = f"Where they should not count, set them aside in queries/staging/{place.table}.sql: "
    setting += f"select *, case when {is_one} then 'no sale' end as reject_reason from source.{place.source}"
    what = ", whose amounts count as turnover: tests, or orders of the company's own people."
    return said_of_words(place, name, found, what, setting)
