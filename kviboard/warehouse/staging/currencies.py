"""Which currency amounts are in: signs and codes in the values, and the column beside them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

import duckdb

from kviboard.domain.contract import Column
from kviboard.domain.formatting import counted, listed
from kviboard.errors import Problem
from kviboard.warehouse.engine import literal, quoted, rows_of
from kviboard.warehouse.files.records import FILE, LINE
from kviboard.warehouse.manifest import Decision
from kviboard.warehouse.staging.cast import Rules, clean_text
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
class Currencies:
    """`of_row`: SQL for the currency that an amount is converted from, over the columns as found; null for the
    company's own. None where all amounts are in that."""

    of_row: str | None = None
    decisions: list[Decision] = field(default_factory=list)


@dataclass(frozen=True)
class _Found:
    """Amounts with one sign and one word in the currency column: what each says, and how many there are."""

    sign: str
    code: str
    written: WrittenValues

    def currency(self, company: str, rates: Collection[str]) -> str:
        """The currency's code where there is no doubt, else what stands for it. Of those that share a sign, the one
        with a rate is meant."""
        meant = _SIGNS.get(self.sign, (self.sign,) if self.sign else ())
        told = _SIGNS.get(self.code, (self.code.upper(),) if self.code else ())
        both = [code for code in meant or told if not (meant and told) or code in told]
        if (not meant and not told) or company in both:
            return company
        known = both if len(both) == 1 else [code for code in both if code in rates]
        return known[0] if len(known) == 1 else " and ".join(filter(None, (self.sign, self.code)))


def read_currencies(
    connection: duckdb.DuckDBPyConnection, place: Place, column: Column, is_text: bool, rules: Rules
) -> Currencies:
    """Which amounts of `column` are to be converted, and what is said of signs that several currencies have.

    Raises StagingError where amounts are in another currency than the company's, of which there is no rate.
    """
    company, rates = rules.currency, rules.rates
    if not is_text and not place.has_currency:
        return Currencies()
    found = _find(connection, place, column, is_text)
    foreign = {each: name for each in found if (name := each.currency(company, rates)) != company}
    unknown: dict[str, list[WrittenValues]] = {}
    for each, name in foreign.items():
        if name not in rates:
            unknown.setdefault(name, []).append(each.written)
    if unknown:
        raise StagingError(_problem(place, column, company, unknown))
    shared = [each for each in found if len(_SIGNS.get(each.sign, ())) > 1 and not each.code]
    said = [
        _said(place, column, each, foreign.get(each, company))
        for each in shared
        if foreign.get(each, company) != _SIGNS[each.sign][0]
    ]
    return Currencies(_of_row(place, column, is_text, foreign) if foreign else None, said)


def _of_row(place: Place, column: Column, is_text: bool, foreign: Mapping[_Found, str]) -> str:
    sign, code = _sign(_value(column, is_text), is_text), _code(place)
    cases = [
        f"when {sign} = {literal(each.sign)} and {code} = {literal(each.code)} then {literal(name)}"
        for each, name in foreign.items()
    ]
    return f"case {' '.join(cases)} end"


def _find(connection: duckdb.DuckDBPyConnection, place: Place, column: Column, is_text: bool) -> list[_Found]:
    found = rows_of(
        connection,
        f"""
        select {_sign("v", is_text)} as sign, code, count(*),
            {", ".join(f"arg_min({each}, ({FILE}, {LINE}))" for each in ("v", FILE, LINE))}
        from (select {_value(column, is_text)} as v, {_code(place)} as code, {FILE}, {LINE} from {place.rows})
        where regexp_matches(v, '\\d') group by all order by count(*) desc, sign, code
        """,
    )
    return [_Found(sign, code, WrittenValues(*rest)) for sign, code, *rest in found]


def _value(column: Column, is_text: bool) -> str:
    return clean_text(column.name, keeps_tokens=False) if is_text else f"cast({quoted(column.name)} as varchar)"


def _sign(value: str, is_text: bool) -> str:
    return f"regexp_extract({value}, {literal(CURRENCY_SIGNS)})" if is_text else "''"


def _code(place: Place) -> str:
    return f"coalesce({clean_text('currency', keeps_tokens=True)}, '')" if place.has_currency else "''"


def _problem(place: Place, column: Column, company: str, unknown: Mapping[str, list[WrittenValues]]) -> Problem:
    each = [f"{name} ({counted(sum(w.count for w in some), 'row')}, as {some[0].example})"
            for name, some in unknown.items()]  # fmt: skip
    what = f"{column.name} is not only in {company}, the company's currency, but in {listed(each, 'and')}."
    codes = [name for name in unknown if len(name) == 3 and name.isascii() and name.isalpha()]
    rates = ", ".join(f"{code} = …" for code in codes or ["USD"])
    hint = f"Give their rates: [currency] rates = {{ {rates} }} is what 1 {(codes or ['USD'])[0]} is in {company}; or "
    hint += f"convert them in queries/staging/{place.table}.sql and return no column currency there, or correct "
    hint += "[company] currency."
    if len(codes) < len(unknown):
        hint += " A column currency with three-letter codes tells which currency a sign means."
    return Problem(f"The {place.table} export", what, hint)


def _said(place: Place, column: Column, found: _Found, currency: str) -> Decision:
    return Decision(
        where=f"The {place.table} export",
        what=f'{counted(found.written.count, "value")} of {column.name} with "{found.sign}" read as {currency}.',
        example=found.written.example,
        setting="A column currency with three-letter codes decides otherwise.",
        moves_kvis=True,
    )
