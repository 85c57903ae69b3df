"""Which currency amounts are in: signs and codes in the values, and the column beside them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

import duckdb

from kviboard.domain.contract import Column
from kviboard.domain.formatting import counted, listed
from kviboard.errors import Problem
from kviboard.warehouse.engine import literal, quoted, row_of, rows_of
from kviboard.warehouse.files.records import FILE, LINE
from kviboard.warehouse.manifest import ExportDecision
from kviboard.warehouse.staging.values.cast import Rules, clean_text
from kviboard.warehouse.staging.values.money_names import KNOWN, currency_in_name
from kviboard.warehouse.staging.values.numbers import FIRST_WRITTEN, WrittenValues, currency_sign
from kviboard.warehouse.staging.values.place import Place, StagingError

_LOOKED_AT = 1_000  # rows
_DOLLARS = ("USD", "CAD", "AUD", "NZD", "SGD", "HKD", "TWD", "MXN", "ARS", "CLP", "COP", "BRL")
_CROWNS = ("SEK", "NOK", "DKK", "ISK")
_RUPEES = ("INR", "PKR", "LKR", "NPR", "MUR")
_SIGNS = {
    "$": _DOLLARS, "US$": ("USD",), "CA$": ("CAD",), "C$": ("CAD",), "A$": ("AUD",), "AU$": ("AUD",), "NZ$": ("NZD",),
    "HK$": ("HKD",), "S$": ("SGD",), "NT$": ("TWD",), "MX$": ("MXN",), "R$": ("BRL",), "€": ("EUR",),
    "£": ("GBP", "EGP"), "¥": ("JPY", "CNY"), "₹": ("INR",), "₽": ("RUB",), "₺": ("TRY",), "₩": ("KRW",),
    "₪": ("ILS",), "₫": ("VND",), "₱": ("PHP",), "฿": ("THB",), "₴": ("UAH",), "zł": ("PLN",), "Kč": ("CZK",),
    "円": ("JPY",), "kr": _CROWNS, "kr.": _CROWNS, "Fr.": ("CHF",), "SFr.": ("CHF",),
    "Ft": ("HUF",), "Rs": _RUPEES, "Rs.": _RUPEES, "lei": ("RON", "MDL"), "руб": ("RUB",), "руб.": ("RUB",),
    "грн": ("UAH",), "грн.": ("UAH",), "лв": ("BGN",), "лв.": ("BGN",),
}  # fmt: skip


@dataclass(frozen=True)
class Currencies:
    """`of_row`: SQL for the currency that an amount is converted from, over the columns as found; null for the
    company's own. None where all amounts are in that."""

    of_row: str | None = None
    decisions: list[ExportDecision] = field(default_factory=list)


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
    connection: duckdb.DuckDBPyConnection, place: Place, column: Column, is_text: bool, rules: Rules, is_plain: bool
) -> Currencies:
    """Which amounts of `column` are to be converted, and what is said of signs that several currencies have;
    `is_plain`: it has no sign.

    Raises StagingError where amounts are in another currency than the company's, of which there is no rate.
    """
    company, rates = rules.currency, rules.rates
    place, said = _one_column(connection, place, company), _of_names(place, company)
    if (is_plain or not is_text) and not place.currency_columns and not _named(place):
        return Currencies()
    found = _find(connection, place, column, is_text)
    foreign = {each: name for each in found if (name := each.currency(company, rates)) != company}
    unknown: dict[str, list[WrittenValues]] = {}
    for each, name in foreign.items():
        if name not in rates:
            unknown.setdefault(name, []).append(each.written)
    if unknown:
        raise StagingError(_problem(place, column, company, unknown, sum(each.written.count for each in found)))
    shared = [each for each in found if len(_SIGNS.get(each.sign, ())) > 1 and not each.code]
    said += [
        _said(place, column, each, foreign.get(each, company))
        for each in shared
        if foreign.get(each, company) != _SIGNS[each.sign][0]
    ]
    return Currencies(_of_row(place, column, is_text, foreign) if foreign else None, said)


def coded_columns(connection: duckdb.DuckDBPyConnection, rows: str, names: Sequence[str]) -> tuple[str, ...]:
    """Those of `names` that hold nothing but codes of well-known currencies, whatever they are called."""
    codes = ", ".join(map(literal, sorted(KNOWN)))
    for limit in (f" limit {_LOOKED_AT}", ""):  # most columns show in their first rows that they hold something else
        if not names:
            return ()
        text = {name: f"upper({clean_text(name, keeps_tokens=True)})" for name in names}
        tests = [f"coalesce(bool_and({value} in ({codes})), false)" for value in text.values()]
        columns = ", ".join(map(quoted, names))
        found = row_of(connection, f"select {', '.join(tests)} from (select {columns} from {rows}{limit})")
        names = [name for name, is_coded in zip(names, found, strict=True) if is_coded]
    return tuple(names)


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
            {FIRST_WRITTEN}
        from (select {_value(column, is_text)} as v, {_code(place)} as code, {FILE}, {LINE} from {place.rows})
        where regexp_matches(v, '\\d') group by all order by count(*) desc, sign, code
        """,
    )
    return [_Found(sign, code, WrittenValues(*rest)) for sign, code, *rest in found]


def _value(column: Column, is_text: bool) -> str:
    return clean_text(column.name, keeps_tokens=False) if is_text else f"cast({quoted(column.name)} as varchar)"


def _sign(value: str, is_text: bool) -> str:
    return currency_sign(value) if is_text else "''"


def _code(place: Place) -> str:
    """SQL: what the column of currencies says, else the name of the column of amounts."""
    told = [clean_text(name, keeps_tokens=True) for name in place.currency_columns]
    return f"coalesce({', '.join([*told, literal(_named(place))])})"


def _named(place: Place) -> str:
    """The currency in the names that the column has in its files. Raises StagingError for several."""
    named = {header: currency_in_name(header) for header in place.headers}
    if len(set(named.values())) > 1:
        names = listed([f'"{header}"' for header in named])
        what = f"amount is called {names}, which are not of one currency."
        hint = "Return the amounts of each with a column currency beside them in"
        raise StagingError(Problem(place.export, what, f"{hint} queries/staging/{place.table}.sql."))
    return next(iter(named.values()), "")


def _of_names(place: Place, company: str) -> list[ExportDecision]:
    """What is said of a column of currencies that is not called currency."""
    if len(place.currency_columns) != 1 or place.currency_columns == ("currency",):
        return []
    (name,) = place.currency_columns
    what = f"{name} is read as the currency of amount."
    setting = f'To take it for something else, add "{name}" to [sources.{place.source}] rename under another name.'
    return [ExportDecision(where=place.export, what=what, setting=setting)]


def _one_column(connection: duckdb.DuckDBPyConnection, place: Place, company: str) -> Place:
    """The place with one column of currencies at most. Raises StagingError where there are several, and not all of them
    name the company's."""
    if len(place.currency_columns) < 2:
        return place
    others = []
    for name in place.currency_columns:
        value = f"upper({clean_text(name, keeps_tokens=True)})"
        rows = f"select 1 from {place.rows} where {value} <> {literal(company)} limit 1"
        others += [name] if rows_of(connection, rows) else []
    if not others:
        return replace(place, currency_columns=())
    what = f"{listed(list(place.currency_columns), 'and')} could each be the currency of amount, and {others[0]} names "
    hint = f'Add the right one to [sources.{place.source}] rename: "{others[0]}" = "currency".'
    raise StagingError(Problem(place.export, f"{what}others than {company}.", hint))


def _problem(
    place: Place, column: Column, company: str, unknown: Mapping[str, list[WrittenValues]], rows: int
) -> Problem:
    foreign = sum(w.count for some in unknown.values() for w in some)
    each = [f"{name} ({counted(sum(w.count for w in some), 'row')}, as {some[0].example})"
            for name, some in unknown.items()]  # fmt: skip
    of = "is not" if foreign == rows else "is not only"
    what = f"{column.name} {of} in {company}, the company's currency, but in {listed(each, 'and')}."
    codes = [name for name in unknown if len(name) == 3 and name.isascii() and name.isalpha()]
    meant = [_SIGNS[name][0] for name in unknown if name in _SIGNS]
    known = [*codes, *meant] or ["USD"]
    rates = ", ".join(f"{code} = …" for code in known)
    hint = f"Give their rates: [currency] rates = {{ {rates} }} is what 1 {known[0]} is in {company}; or "
    hint += f"convert them in queries/staging/{place.table}.sql and return no column currency there, or correct "
    hint += "[company] currency."
    if len(codes) < len(unknown):
        hint += " A column currency with three-letter codes tells which currency a sign means."
    return Problem(place.export, what, hint)


def _said(place: Place, column: Column, found: _Found, currency: str) -> ExportDecision:
    return ExportDecision(
        where=place.export,
        what=f'{counted(found.written.count, "value")} of {column.name} with "{found.sign}" read as {currency}.',
        example=found.written.example,
        setting="A column currency with three-letter codes decides otherwise.",
        moves_kvis=True,
    )
