"""What the name of a column of amounts tells: a currency, as "Amount (USD)", and cents or thousands."""

import re
from collections.abc import Iterable

KNOWN = {
    "AED", "ARS", "AUD", "BGN", "BRL", "CAD", "CHF", "CLP", "CNY", "COP", "CZK", "DKK", "EGP", "EUR",
    "GBP", "HKD", "HUF", "IDR", "ILS", "INR", "ISK", "JPY", "KRW", "MXN", "MYR", "NOK", "NZD", "PEN",
    "PHP", "PLN", "RON", "RUB", "SAR", "SEK", "SGD", "THB", "TRY", "TWD", "UAH", "USD", "VND", "ZAR",
}  # fmt: skip
"""Currencies whose codes are hardly anything else; of all codes, ALL, TOP or SOS are words, too."""
WITHOUT_CENTS = (
    "BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA", "PYG", "RWF", "UGX", "VND", "VUV", "XAF", "XOF", "XPF",
)  # fmt: skip
"""Currencies whose smallest unit is the whole one, in which payment services count them."""
_SIGNS = r"(?:US|CA|AU|NZ|HK|NT|MX|C|A|S|R)?\$(?![A-Za-z])|[€£¥₹₽₺₩₪₫₱฿₴円]|\bzł\b|\bKč\b"
_WORDS = {
    "dollar": "$", "dollars": "$", "euro": "EUR", "euros": "EUR", "pounds": "GBP", "sterling": "GBP", "yen": "JPY",
    "yuan": "CNY", "renminbi": "CNY", "rmb": "CNY", "rupees": "INR", "franken": "CHF", "francs": "CHF", "zloty": "PLN",
}  # fmt: skip
_FACTORS = {
    "0.000001": {"micro", "micros"},
    "0.01": {
        "cent", "cents", "pence", "penny", "minor", "smallest", "centimes", "centavos", "øre", "öre", "rappen",
    },
    "1000": {
        "thousand", "thousands", "tausend", "tsd", "milliers", "teur", "keur", "tusd", "kusd", "000s", "x1000", "千円",
    },
    "1000000": {"million", "millions", "millionen", "mio", "mln", "meur", "musd", "百万円"},
}  # fmt: skip
_SHORT_FACTORS = {
    "ct": "0.01",
    "cts": "0.01",
    "k": "1000",
    "t": "1000",
    "000": "1000",
    "m": "1000000",
    "mn": "1000000",
}  # fmt: skip  -- in brackets, or beside a currency's sign
_MINOR_UNITS = re.compile(r"_?money\.amount$|(^|[_.])(unit|amount)_(amount|subunits?)(_decimal)?$|^amount\.value$")
_TIMES_HUNDRED = re.compile(r"(?<![^\W_])[x×*]\s?100(?!\d)", re.IGNORECASE)
_CURRENCY_COLUMN = re.compile(
    r"currenc|^cur\.?$|^curr$|\bccy\b|ccy$|w[aä]e?hrung|^wkz$|devise|valuta(?!.?dat)|val[uy]uta|waluta|moneda|moeda|monnaie|"
    r"m[eě]na$|pénznem|döviz|валют|通貨|货币|貨幣|통화"
)
_OF_AMOUNTS = re.compile(
    r"(?:^|[\W_])(?:in|en|em|i)[\W_]|\(\w+[\W_]currency\)|"
    r"(?:currency|w[aä]e?hrungs?|devisen)[\W_]*(?:exchange|conversion)?[\W_]*(?:rate|kurs|amount|betrag)$"
)
"""Amounts in a currency, and rates: "Amount in company currency", "Betrag in Hauswährung", "Currency rate"."""
_OWN_CURRENCY = re.compile(
    r"(?:company|home|base|corporate|reporting|functional|haus|landes|firmen|konzern)[\W_]*(?:currency|w[aä]e?hrung)"
)


def currency_in_name(column: str) -> str:
    """The code or sign of a currency in a column's name, as "Amount (USD)", amount_usd or "Total €"; "" for none."""
    if sign := re.search(_SIGNS, column):
        return sign[0]
    words = re.findall(r"[A-Za-z]+", re.sub(r"(?<=[A-Z]{3})(?=[A-Z][a-z])", " ", column))
    named = [word.upper() for at, word in enumerate(words)
             if word.upper() in KNOWN and (word.isupper() or (at > 0 and at == len(words) - 1))]  # fmt: skip
    if len(set(named)) == 1:
        return str(named[0])
    plain = " ".join(words).casefold()
    if "us dollar" in plain:
        return "USD"
    told = {_WORDS[word] for word in plain.split() if word in _WORDS}
    return told.pop() if len(told) == 1 and not named else ""


def factor_in_name(column: str) -> str:
    """By what amounts in a column are to be multiplied, as a number in SQL: 0.01 for amount_cents, 1000 for "Sales
    (in thousands)"; "" for 1."""
    plain = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", column).replace("_", " ").casefold()
    words = set(re.findall(r"[^\W_]+", plain))
    if told := next((factor for factor, names in _FACTORS.items() if words & names), ""):
        return told
    bracketed = re.findall(r"[(\[]([^)\]]*)[)\]]", plain)
    short = [*re.findall(r"[^\W_]+", " ".join(bracketed)), *re.findall(r"\b(k|t)[€$£]|[€$£](k|mn?|000)\b", plain)]
    flat = [word for each in short for word in ([each] if isinstance(each, str) else each)]
    return next((_SHORT_FACTORS[word] for word in flat if word in _SHORT_FACTORS), "")


def is_called_hundredfold(column: str) -> bool:
    """Whether a name such as "Amount (x100)", or amount_money.amount as interfaces of payment services have it, leaves
    open if its numbers are a hundred times what was paid, or hundreds."""
    return bool(_TIMES_HUNDRED.search(column) or _MINOR_UNITS.search(column.casefold()))


def is_in_own_currency(column: str) -> bool:
    """Whether a name says that amounts are in the company's own currency, whatever the currency beside them is."""
    return bool(_OWN_CURRENCY.search(column.casefold()))


def currency_columns(columns: Iterable[str]) -> list[str]:
    """The columns that name the currency of amounts: `currency` where it is there, else all that are called like it."""
    found = list(columns)
    return ["currency"] if "currency" in found else [name for name in found if _names_currencies(name.casefold())]


def _names_currencies(name: str) -> bool:
    return bool(_CURRENCY_COLUMN.search(name)) and not _OF_AMOUNTS.search(name)
