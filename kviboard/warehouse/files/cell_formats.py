"""Units that a spreadsheet shows by the number format of its cells alone: [$€-407]#,##0.00 shows 5 as €5.00, 0% shows
0.05 as 5%, 0.0" h" shows 0.5 as 0.5 h and 0.0" T€" as 0.5 T€; 0.0," T€" shows 500 so, which is what it is."""

import re
from collections.abc import Mapping
from html import unescape

from kviboard.domain.currencies import CODES

_FORMAT = re.compile(r"<(?:\w+:)?numFmt\b[^>]*>")
_STYLES = re.compile(r"<(?:\w+:)?cellXfs\b[^>]*>(.*?)</(?:\w+:)?cellXfs>", re.S)
_STYLE = re.compile(r"<(?:\w+:)?xf\b[^>]*>")
_MARKED = re.compile(r"\[\$([^\]-]+)(?:-([0-9A-Fa-f]+))?\]")
_SIGN = re.compile(r"[$€£¥₹₽₺₩₪₫₱฿₴]|zł|Kč|\bkr\b")
PERCENT = "%"
BUILT_IN_PERCENT = {"9": PERCENT, "10": PERCENT}  # 0% and 0.00%, which no workbook lists
_IN_QUOTES = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')
_SHOWN = re.compile(r'"([^"]*)"|\\(.)')
_TIME = re.compile(
    r"(?:d|days?|tage?|h|hrs?|hours?|std|stunden?|m|mins?|minutes?|minuten|s|secs?|seconds?|sek|sekunden?)\.?"
)
_MANY = re.compile(
    r"(?:k|t|tsd|tds|thousand|tausend|m|mn|mio|mill|millions?|millionen|bn|mrd)\.?\s*"
    rf"(?:{_SIGN.pattern}|{'|'.join(sorted(CODES)).casefold()})?"
)
_SCALED = re.compile(r"[0#?],+(?![0#?])")
_WORD = re.compile(r"\b[A-Z]{3}\b")
# Of signs that several currencies share, the place in [$$-409] tells which is meant.
_PLACES = {
    "$": {"409": "USD", "1009": "CAD", "C0C": "CAD", "C09": "AUD", "1409": "NZD", "4809": "SGD", "80A": "MXN"},
    "kr": {"414": "NOK", "814": "NOK", "41D": "SEK", "406": "DKK", "40F": "ISK"},
    "£": {"809": "GBP"},
    "¥": {"411": "JPY", "804": "CNY"},
}


def units_of_styles(styles: str) -> Mapping[str, str]:
    """The unit that cells with a style show, by the number of the style; `styles`: the XML of a workbook's styles."""
    shown = dict(BUILT_IN_PERCENT)
    for tag in _FORMAT.findall(styles):
        number, code = _attribute(tag, "numFmtId"), _attribute(tag, "formatCode")
        if unit := unit_of_format(unescape(code)):
            shown[number] = unit
    used = _STYLES.search(styles)
    formats = [_attribute(tag, "numFmtId") for tag in _STYLE.findall(used[1])] if used else []
    return {str(style): shown[number] for style, number in enumerate(formats) if number in shown}


def unit_of_format(code: str) -> str:
    """The currency in a number format, as its code or sign, %, or a word of `is_measure`; "" for none."""
    plain = _IN_QUOTES.sub("", code)
    shown = "".join(quoted or escaped for quoted, escaped in _SHOWN.findall(code.partition(";")[0])).strip()
    if is_measure(shown) and not _SCALED.search(plain):
        return shown
    return currency_of_format(code) or (PERCENT if PERCENT in plain else "")


def is_measure(unit: str) -> bool:
    """Whether a unit is one of time, or of thousands and more: what a number is without it is something else."""
    return any(kind.fullmatch(unit.casefold()) for kind in (_TIME, _MANY))


def currency_of_format(code: str) -> str:
    """The currency in a number format, as its code or sign; "" for none."""
    if marked := _MARKED.search(code):
        sign = marked[1].strip().removesuffix(".")
        place = (marked[2] or "").lstrip("0").upper()
        return _PLACES.get(sign, {}).get(place, sign) if _SIGN.fullmatch(sign) or sign in CODES else ""
    text = re.sub(r'["\\]|\[[^\]]*\]', "", code)
    sign = _SIGN.search(text)
    return sign[0] if sign else next((word for word in _WORD.findall(text) if word in CODES), "")


def _attribute(tag: str, name: str) -> str:
    found = re.search(rf'\b{name}\s*=\s*(?:"([^"]*)"|\'([^\']*)\')', tag)
    return (found[1] or found[2] or "") if found else ""
