"""Which currency amounts are in: signs and codes in the values, and the column beside them."""

from dataclasses import dataclass

import duckdb

from kviboard.domain.contract import Column
from kviboard.domain.formatting import counted, listed
from kviboard.errors import Problem
from kviboard.warehouse.engine import literal, quoted, rows_of
from kviboard.warehouse.files.records import FILE, LINE
from kviboard.warehouse.manifest import Decision
from kviboard.warehouse.staging.cast import clean_text
from kviboard.warehouse.staging.numbers import CURRENCY_SIGNS, WrittenValues
from kviboard.warehouse.staging.place import Place, StagingError

_DOLLARS = ("USD", "CAD", "AUD", "NZD", "SGD", "HKD", "TWD", "MXN", "ARS", "CLP", "COP", "BRL")
_SIGNS = {
    "$": _DOLLARS, "US$": ("USD",), "CA$": ("CAD",), "C$": ("CAD",), "A$": ("AUD",), "AU$": ("AUD",), "NZ$": ("NZD",),
    "HK$": ("HKD",), "S$": ("SGD",), "NT$": ("TWD",), "MX$": ("MXN",), "R$": ("BRL",), "€": ("EUR",),
    "£": ("GBP", "EGP"), "¥": ("JPY", "CNY"), "₹": ("INR",), "₽": ("RUB",), "₺": ("TRY",), "₩": ("KRW",),
    "₪": ("ILS",), "₫": ("VND",), "₱": ("PHP",), "฿": ("THB",), "₴": ("UAH",), "zł": ("PLN",), "Kč": ("CZK",),
    "kr": ("SEK", "NOK", "DKK", "ISK"),
}  # fmt: skip


@dataclass(frozen=True)
class _Found:
    """Amounts with one sign and one word in the currency column: what each says, and how many there are."""

    sign: str
    code: str
    written: WrittenValues

    def currency(self, company: str) -> str:
        """The currency's code where there is no doubt, else what stands for it."""
        meant = _SIGNS.get(self.sign, (self.sign,) if self.sign else ())
        told = _SIGNS.get(self.code, (self.code.upper(),) if self.code else ())
        both = [code for code in meant or told if not (meant and told) or code in told]
        if (not meant and not told) or company in both:
            return company
        return both[0] if len(both) == 1 else " and ".join(filter(None, (self.sign, self.code)))


def check_currencies(
    connection: duckdb.DuckDBPyConnection, place: Place, column: Column, is_text: bool, company: str
) -> list[Decision]:
    """What is said of the signs in `column`. Raises StagingError where amounts are not in the company's currency."""
    if not is_text and not place.has_currency:
        return []
    found = _find(connection, place, column, is_text)
    foreign: dict[str, list[WrittenValues]] = {}
    for each in found:
        if each.currency(company) != company:
            foreign.setdefault(each.currency(company), []).append(each.written)
    if foreign:
        raise StagingError(_problem(place, column, company, foreign))
    shared = [each for each in found if len(_SIGNS.get(each.sign, ())) > 1 and not each.code]
    return [_said(place, column, company, each) for each in shared if company != _SIGNS[each.sign][0]]


def _find(connection: duckdb.DuckDBPyConnection, place: Place, column: Column, is_text: bool) -> list[_Found]:
    value = clean_text(column.name, keeps_tokens=False) if is_text else f"cast({quoted(column.name)} as varchar)"
    sign = f"regexp_extract(v, {literal(CURRENCY_SIGNS)})" if is_text else "''"
    code = f"coalesce({clean_text('currency', keeps_tokens=True)}, '')" if place.has_currency else "''"
    found = rows_of(
        connection,
        f"""
        select {sign} as sign, code, count(*),
            {", ".join(f"arg_min({each}, ({FILE}, {LINE}))" for each in ("v", FILE, LINE))}
        from (select {value} as v, {code} as code, {FILE}, {LINE} from {place.rows})
        where regexp_matches(v, '\\d') group by all order by count(*) desc, sign, code
        """,
    )
    return [_Found(sign, code, WrittenValues(*rest)) for sign, code, *rest in found]


def _problem(place: Place, column: Column, company: str, foreign: dict[str, list[WrittenValues]]) -> Problem:
    each = [f"{name} ({counted(sum(w.count for w in some), 'row')}, as {some[0].example})"
            for name, some in foreign.items()]  # fmt: skip
    what = f"{column.name} is not only in {company}, the company's currency, but in {listed(each, 'and')}."
    hint = f"Convert them to {company} in queries/staging/{place.table}.sql, and return no column currency there, "
    hint += "or correct [company] currency."
    return Problem(f"The {place.table} export", what, hint)


def _said(place: Place, column: Column, company: str, found: _Found) -> Decision:
    return Decision(
        where=f"The {place.table} export",
        what=f'{counted(found.written.count, "value")} of {column.name} with "{found.sign}" read as {company}.',
        example=found.written.example,
        setting="A column currency with three-letter codes decides otherwise.",
        moves_kvis=True,
    )
