"""What the name of a column of amounts tells: a currency, as "Amount (USD)", and cents or thousands."""

import re
from collections.abc import Iterable

_KNOWN = {
    "AED", "ARS", "AUD", "BGN", "BRL", "CAD", "CHF", "CLP", "CNY", "COP", "CZK", "DKK", "EGP", "EUR",
    "GBP", "HKD", "HUF", "IDR", "ILS", "INR", "ISK", "JPY", "KRW", "MXN", "MYR", "NOK", "NZD", "PEN",
    "PHP", "PLN", "RON", "RUB", "SAR", "SEK", "SGD", "THB", "TRY", "TWD", "UAH", "USD", "VND", "ZAR",
}  # fmt: skip
_SIGNS = r"(?:US|CA|AU|NZ|HK|NT|MX|C|A|S|R)?\$|[€£¥₹₽₺₩₪₫₱฿₴]|\bzł\b|\bKč\b"
_CENTS = {"cent", "cents", "pence", "penny", "minor", "centimes", "centavos", "øre", "öre", "rappen"}
_THOUSANDS = {"thousand", "thousands", "tausend", "tsd", "milliers", "k", "t", "teur", "keur", "tusd", "kusd"}
_CURRENCY_COLUMN = re.compile(r"currenc|w[aä]e?hrung|devise|valuta|moneda|moeda|monnaie")


def currency_in_name(column: str) -> str:
    """The code or sign of a currency in a column's name, as "Amount (USD)", amount_usd or "Total €"; "" for none."""
    if sign := re.search(_SIGNS, column):
        return sign[0]
    words = re.findall(r"[A-Za-z]+", column)
    named = [word.upper() for at, word in enumerate(words)
             if word.upper() in _KNOWN and (word.isupper() or (at > 0 and at == len(words) - 1))]  # fmt: skip
    return named[0] if len(set(named)) == 1 else ""


def factor_in_name(column: str) -> str:
    """By what amounts in a column are to be multiplied, as a number in SQL: 0.01 for amount_cents, 1000 for "Sales
    (in thousands)"; "" for 1."""
    plain = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", column).replace("_", " ").casefold()
    words = set(re.findall(r"[^\W\d]+", plain))
    if words & _CENTS:
        return "0.01"
    bracketed = set(re.findall(r"[^\W\d]+", " ".join(re.findall(r"[(\[]([^)\]]*)[)\]]", plain))))
    many = _THOUSANDS - {"k", "t"}
    return "1000" if words & many or bracketed & _THOUSANDS else ""


def currency_columns(columns: Iterable[str]) -> list[str]:
    """The columns that name the currency of amounts: `currency` where it is there, else all that are called like it."""
    found = list(columns)
    return ["currency"] if "currency" in found else [name for name in found if _CURRENCY_COLUMN.search(name.casefold())]
