"""Numbers as people type them into forms, and back: "48.7" for 48.7 per cent, "1,204.50", "−3"."""

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation

from kviboard.domain.formatting import CURRENCY_SIGNS, SPACE, format_value, usual_decimals
from kviboard.errors import Problem, StoreError
from kviboard.store.column_types import DIGITS_KEPT, plain_digits

_SIGNS = sorted({*CURRENCY_SIGNS.values(), "￥"}, key=len, reverse=True)  # "NZ$" before "$"
_MARKS = re.compile("|".join([*map(re.escape, _SIGNS), r"[\s\u2060%']"]))  # U+2060 ties our minus to a sign
_DECIMAL_COMMA = re.compile(r"-?\d+(\.\d{3})*,(\d{1,2}|\d{4,})")
_DECIMAL_POINT = re.compile(r"-?\d+(,\d{3})*\.(\d{1,2}|\d{4,})")
_WITH_COMMA = re.compile(r"[+-]?(\d+|\d{1,3}(\.\d{3})+)(,\d*)?")
_EITHER = re.compile(r"-?\d{1,3}[.,]\d{3}")
_THOUSAND_OR_LESS = re.compile(r"-?[1-9]\d{0,2}\.\d{3}")
_LONGEST_SHOWN = 60  # letters of what is no number
_NUMBER = re.compile(r"[+-]?(\d+|\d{1,3}(,\d{3})+)(\.\d*)?|[+-]?\.\d+")


def read_number(text: str, unit: str, name: str) -> tuple[Decimal | None, list[Problem]]:
    """The number typed, None where nothing is typed; percentages become fractions. Problems name the field."""
    typed = _bare(text)
    if not typed:
        return None, []
    if _DECIMAL_COMMA.fullmatch(typed):
        typed = typed.replace(".", "").replace(",", ".")
    if not _NUMBER.fullmatch(typed):
        return None, [_not_a_number(text, name)]
    try:
        value = Decimal(typed.replace(",", ""))
        value = value.scaleb(-2) if unit == "percent" else value
        plain_digits(value)
    except InvalidOperation:
        return None, [_not_a_number(text, name)]
    except StoreError:
        return None, [Problem(name, f"“{_shown(text)}” has too many digits.", DIGITS_KEPT)]
    return value, []


def decimal_commas(texts: Iterable[str]) -> tuple[Mapping[str, str], str]:
    """Numbers of one file as `read_number` reads them, by their text, where some can only be meant with a decimal comma
    (1,5) and none only with a point: 1.100 is eleven hundred there. And a sentence where that decides what one is, or
    nothing does: 1.100 alone."""
    bare = {text: _bare(text) for text in texts}
    sure = next((text for text, typed in bare.items() if _DECIMAL_COMMA.fullmatch(typed)), "")
    if any(map(_DECIMAL_POINT.fullmatch, bare.values())):
        return {}, ""
    if not sure:
        unsure = next((text for text, typed in bare.items() if _THOUSAND_OR_LESS.fullmatch(typed)), "")
        whole = _bare(unsure).replace(".", "")
        said = f"“{unsure}” is read with a decimal point, because no other number shows the decimal sign; "
        said += f"write {whole} where that is meant."
        return {}, said if unsure else ""
    either = next((text for text, typed in bare.items() if _EITHER.fullmatch(typed)), "")
    read = {text for text, typed in bare.items() if _WITH_COMMA.fullmatch(typed)}
    found = {text: text.replace(".", "").replace(",", ".") if text in read else text for text in bare}
    said = f"“{either}” is read as {found[either]}, because “{sure}” has a decimal comma." if either else ""
    return found, said


def understood(text: str, unit: str, currency: str) -> tuple[str, bool]:
    """What a number is taken for while it is typed, "Taken as €1,204.50."; whether something else may be meant by it,
    as by 0.12 where percentages are typed. Empty where that is what is typed, or no number is."""
    value, problems = read_number(text, unit, "")
    if value is None or problems:
        return "", False
    if unit == "percent":
        typed, share = typed_text(value, unit), typed_text(value * 100, unit)
        if "%" not in text and 0 < abs(value) < Decimal("0.01"):
            return f"{typed} means {typed}{SPACE}%, not {share}{SPACE}%: for that type {share}.", True
        return f"Taken as {typed}{SPACE}%.", False
    shown = format_value(float(value), unit, currency, precise=True)
    if value != round(value, usual_decimals(unit, currency)):  # kept as typed: what is said of it has every digit, too
        shown = f"{value:,f}".replace("-", "−")
    return ("", False) if shown == text.strip() else (f"Taken as {shown}.", False)


def typed_text(value: Decimal | float | None, unit: str) -> str:
    """A number as it would be typed: 0.487 per cent is "48.7"; empty for none."""
    if value is None:
        return ""
    exact = value if isinstance(value, Decimal) else Decimal(repr(float(value)))
    shown = exact.scaleb(2) if unit == "percent" else exact
    digits = format(shown, "f")
    digits = digits.rstrip("0").rstrip(".") if "." in digits else digits
    return "0" if digits in ("-0", "") else digits.replace("-", "−")


def rounded(value: float, unit: str) -> Decimal:
    """A measured value to start from, with the digits a person would type: three figures, whole counts in full."""
    size = abs(value)
    if unit in ("customers", "number", "currency", "days") and size >= 100:
        return Decimal(round(value))
    return Decimal(f"{value:.3g}") + 0 if size else Decimal(0)


def _bare(text: str) -> str:
    """A number as typed, without blanks, signs of its unit, and with a minus sign that a cast understands."""
    return _MARKS.sub("", text.replace("−", "-"))


def _not_a_number(text: str, name: str) -> Problem:
    return Problem(name, f"“{_shown(text)}” is not a number.", "Type it like 48.7 or 1,204.")


def _shown(text: str) -> str:
    typed = text.strip()
    return typed if len(typed) <= _LONGEST_SHOWN else f"{typed[:_LONGEST_SHOWN]}…"
