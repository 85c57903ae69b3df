"""How numbers and days read: the text of every value, change and date. Which value to show belongs to others.

Units: customers, currency, percent (a fraction: 0.487 is 48.7 %), score, per_1000, number, days. A minus sign is "−"
and a number never breaks from its unit (no-break space). No value is a dash. English on every machine.
"""

import math
from collections.abc import Sequence
from datetime import date

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

NO_VALUE = "–"
SPACE = "\u00a0"
UNCHANGED = "● unchanged".replace(" ", SPACE)

CURRENCY_SIGNS = {
    "AUD": "A$",
    "BRL": "R$",
    "CAD": "CA$",
    "CNY": "CN¥",
    "EUR": "€",
    "GBP": "£",
    "HKD": "HK$",
    "ILS": "₪",
    "INR": "₹",
    "JPY": "¥",
    "KRW": "₩",
    "MXN": "MX$",
    "NZD": "NZ$",
    "TRY": "₺",
    "UAH": "₴",
    "USD": "$",
    "VND": "₫",
}
_WITHOUT_CENTS = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"
_IN_THOUSANDTHS = "BHD IQD JOD KWD LYD OMR TND"
_CURRENCY_DIGITS = dict.fromkeys(_WITHOUT_CENTS.split(), 0) | dict.fromkeys(_IN_THOUSANDTHS.split(), 3)
"""Digits after the point of an amount, where they are not two (ISO 4217, minor units)."""

MAGNITUDES = ((1e12, "tn"), (1e9, "bn"), (1e6, "M"), (1e3, "k"))
COUNTS_IN_FULL = 10_000  # 1,204 customers say more than 1.2 k

NOTICEABLE = 0.0005  # a change of less than a twentieth of a percent of the value is none
_DUST = 1e-9  # what floating point leaves
_MOST_DECIMALS = 4  # of a share in per cent that is nearly nothing or nearly all


def format_value(value: float | None, unit: str, currency: str = "EUR", precise: bool = False) -> str:
    """A value with its unit: "€1.23 M", "48.7 %", "1,204"; "–" for None and NaN.

    Short for tiles: three significant figures, counts below 10,000 in full. `precise` for tables
    and hover: all digits before the point, two after it (as many as the currency has, more where the value is tiny and
    not in whole cents), whole counts without any.
    """
    known = _known(value)
    if known is None:
        return NO_VALUE
    sign, size = _shown(known, unit)
    return sign + _before(unit, currency) + _number(size, unit, currency, precise) + _after(unit, size)


def format_whole(amount: float | None, currency: str = "EUR") -> str:
    """An amount without parts of its currency: "€8,055". What would read as nothing keeps them: "€0.30"."""
    known = _known(amount)
    if known is None:
        return NO_VALUE
    if 0 < abs(known) <= 0.5:
        return format_value(known, "currency", currency, precise=True)
    sign, size = _shown(known, "currency")
    return f"{sign}{_before('currency', currency)}{size:,.0f}"


def format_cents(amount: float | None, currency: str = "EUR") -> str:
    """An amount to the cent, or what its currency has: "€0.97". What would read as nothing keeps its own digits."""
    known = _known(amount)
    if known is None:
        return NO_VALUE
    sign, size = _shown(known, "currency")
    digits = usual_decimals("currency", currency)
    if size > 0 and round(size, digits) == 0:
        return format_value(known, "currency", currency, precise=True)
    return f"{sign}{_before('currency', currency)}{size:,.{digits}f}"


def format_range(low: float | None, high: float | None, unit: str, currency: str = "EUR", precise: bool = False) -> str:
    """Two values as a range, the unit once: "5.1–45.5 %", "€845 k–€1.23 M", "−3.2 to 4.1"; "–" if one is missing."""
    lowest, highest = _known(low), _known(high)
    if lowest is None or highest is None:
        return NO_VALUE
    (low_sign, low_size), (high_sign, high_size) = _shown(lowest, unit), _shown(highest, unit)
    before = _before(unit, currency)
    first, second = _numbers(low_size, high_size, unit, currency, precise)
    between = f"{SPACE}to{SPACE}" if low_sign or high_sign else "–"
    return low_sign + before + first + between + high_sign + before + second + _after(unit, high_size)


def format_change(now: float | None, before: float | None, unit: str, currency: str = "EUR") -> str:
    """The change from `before` to `now`: "▲ 2.1 pp", "▼ 3.4 %", "● unchanged"; "–" if either is missing.

    Percentages change by percentage points, scores by points, days by days, all else by percent of `before`, or by its
    own unit where `before` is 0.
    """
    after, start = _known(now), _known(before)
    if after is None or start is None:
        return NO_VALUE
    change = after - start
    if _unnoticeable(change, after, start):
        return UNCHANGED
    return ("▲" if change > 0 else "▼") + SPACE + _change(abs(change), abs(start), unit, currency)


def told_apart(
    then: float | None, now: float | None, unit: str, currency: str = "EUR", then_text: str = ""
) -> tuple[str, str] | None:
    """Two values of one thing with as many digits as tell them apart; None where they are one. `then_text`: how the
    first was written."""
    short = (then_text or format_value(then, unit, currency), format_value(now, unit, currency))
    precise = (format_value(then, unit, currency, precise=True), format_value(now, unit, currency, precise=True))
    if precise[0] == precise[1]:
        return None
    return short if short[0] != short[1] else precise


def format_distance(value: float, target: float, unit: str, currency: str = "EUR") -> str:
    """How far a value is from its target, in the units of a change without its direction: "9.4 pp", "6.3 %"."""
    if _unnoticeable(value - target, value, target):
        return "a hair"
    return _change(abs(value - target), abs(target), unit, currency)


def format_moves(moves: Sequence[float], unit: str, currency: str = "EUR") -> list[str]:
    """Changes that stand below one another, signed and in the unit of their values, all with the decimals and the
    magnitude of the largest: "+4.3 pp", "−0.1 pp", "0.0 pp"."""
    sizes = [_shown(move, unit)[1] for move in moves]
    largest = max(sizes, default=0.0)
    in_full_below = 1000 if unit == "currency" else COUNTS_IN_FULL
    scale, word = next((each for each in MAGNITUDES if largest >= max(each[0], in_full_below)), (1, ""))
    is_by_points = unit in ("percent", "score")
    digits = 1 if is_by_points and largest >= 0.95 else max(0, _decimals(largest / scale) - is_by_points)
    after = {"percent": f"{SPACE}pp", "score": f"{SPACE}points"}.get(unit) or _after(unit, 0)
    numbers = [f"{size / scale:,.{digits}f}" for size in sizes]
    signs = [
        ("−" if move < 0 else "+") if number.strip("0.,") else "" for move, number in zip(moves, numbers, strict=True)
    ]
    magnitude = SPACE + word if word else ""
    return [
        f"{sign}{_before(unit, currency)}{number}{magnitude}{after}"
        for sign, number in zip(signs, numbers, strict=True)
    ]


def format_margin(value: float | None, low: float | None, high: float | None, unit: str, currency: str = "EUR") -> str:
    """An interval as the farther of its two sides: "±7.5 pp"; empty where there is none."""
    here, lowest, highest = _known(value), _known(low), _known(high)
    if here is None or lowest is None or highest is None:
        return ""
    side = max(highest - here, here - lowest)
    if unit == "score":
        return f"±{_change_number(side)}"
    return "±" + (f"{_change_number(100 * side)}{SPACE}pp" if unit == "percent" else format_value(side, unit, currency))


def format_share(share: float, decimals: int = 0) -> str:
    """A share as "47 %", with a minus sign below zero. What is not quite nothing, or all, does not read like it:
    "99.6 %" of the way is not there."""
    edge = round(share)
    if edge in (0, 1) and abs(share - edge) > _DUST:
        unlike = (places for places in range(decimals, _MOST_DECIMALS + 1) if round(share, places + 2) != edge)
        decimals = next(unlike, decimals)
    text = f"{100 * share:.{decimals}f}"
    return f"{text.replace('-', '−')} %" if float(text) else f"{0:.{decimals}f} %"


def format_day(day: date) -> str:
    """A day as "3 Nov 2026"."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def format_days(first: date, last: date) -> str:
    """Days from first to last: "3–16 Nov 2026", "28 Oct – 10 Nov 2026", "22 Dec 2026 – 4 Jan 2027"."""
    if first == last:
        return format_day(last)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{format_day(last)}"
    year = "" if first.year == last.year else f" {first.year}"
    return f"{first.day} {MONTHS[first.month - 1]}{year} – {format_day(last)}"


def _unnoticeable(change: float, one: float, other: float) -> bool:
    return abs(change) <= NOTICEABLE * max(abs(one), abs(other))


def _known(value: float | None) -> float | None:
    """The value as a float; None where there is none (NaN and infinity are none either)."""
    return None if value is None or not math.isfinite(value) else float(value)


def _shown(value: float, unit: str) -> tuple[str, float]:
    """The sign and the size in the unit that is read: percent in hundredths."""
    size = value * (100 if unit == "percent" else 1)
    return "−" if size < 0 else "", abs(size)


def _before(unit: str, currency: str) -> str:
    return CURRENCY_SIGNS.get(currency, currency + SPACE) if unit == "currency" else ""


def _after(unit: str, size: float) -> str:
    words = {"percent": "%", "per_1000": f"per{SPACE}1,000", "days": "day" if size == 1 else "days"}
    return SPACE + words[unit] if unit in words else ""


def _numbers(low: float, high: float, unit: str, currency: str, precise: bool) -> tuple[str, str]:
    """The numbers of a range: with the decimals of the larger, where both are of one magnitude and stay apart from each
    other and from 0."""
    own = (_number(low, unit, currency, precise), _number(high, unit, currency, precise))
    like = max(low, high)
    alike = (_number(low, unit, currency, precise, like), _number(high, unit, currency, precise, like))
    is_one_magnitude = own[0].partition(SPACE)[2] == own[1].partition(SPACE)[2]
    is_nothing = any(size and not text.strip("0.") for text, size in zip(alike, (low, high), strict=True))
    return alike if is_one_magnitude and alike[0] != alike[1] and not is_nothing else own


def _number(size: float, unit: str, currency: str, precise: bool, like: float | None = None) -> str:
    if precise:
        return _precise(size, unit, currency)
    if unit == "percent":
        return _short_of_all(_three_figures(size, like), size)
    return _scaled(size, 1000 if unit == "currency" else COUNTS_IN_FULL, like)


def usual_decimals(unit: str, currency: str) -> int:
    """Digits after the point that a precise value has unless it is tiny."""
    return _CURRENCY_DIGITS.get(currency, 2) if unit == "currency" else 2


def _precise(size: float, unit: str, currency: str) -> str:
    if unit in ("customers", "number", "days") and size == round(size):
        return f"{size:,.0f}"
    usual = usual_decimals(unit, currency)
    in_whole_cents = unit == "currency" and math.isclose(size, round(size, usual), rel_tol=1e-9)
    tiny = 0 < size < 10 ** (1 - usual) and not in_whole_cents
    text = f"{size:,.{max(usual, _decimals(size)) if tiny else usual}f}"
    return _short_of_all(text, size) if unit == "percent" else text


def _short_of_all(text: str, size: float) -> str:
    """The text of a percentage; what is not quite all does not read like it: "99.96", not "100.0"."""
    if not text.startswith("100") or size >= 100 * (1 - _DUST):
        return text
    longer = (f"{size:.{decimals}f}" for decimals in range(1, _MOST_DECIMALS + 1))
    return next((more for more in longer if not more.startswith("100")), text)


def _scaled(size: float, in_full_below: float, like: float | None = None) -> str:
    """Three figures with k, M, bn or tn; below `in_full_below` none, and all digits before the point."""
    if float(f"{size:.0f}" if size >= 1000 else f"{size:.3g}") < in_full_below:
        return _three_figures(size, like)
    rounded = float(f"{size:.3g}")
    scale, word = next(magnitude for magnitude in MAGNITUDES if rounded >= magnitude[0])
    return _three_figures(size / scale, like=(rounded if like is None else like) / scale) + SPACE + word


def _three_figures(size: float, like: float | None = None) -> str:
    """Three significant figures, 71.0 as well as 71.4, so that a column of values reads evenly; 55 where it is exactly
    that, as targets are. From 1,000 all digits before the point. As many decimals as `like` has, its own unless given:
    999,950 rounds to 1.00 M."""
    text = f"{size:,.{_decimals(size if like is None else like)}f}"
    short = _trimmed(text)
    return short if math.isclose(float(short.replace(",", "")), size, rel_tol=1e-9) else text


def counted(count: int, noun: str) -> str:
    """How many there are of something: "1 row", "1,204 rows"."""
    return f"{count:,} {plural(count, noun)}"


def plural(count: int, one: str, many: str = "") -> str:
    """The word or words that agree with a count; `many` where it is not `one` with an s."""
    return one if count == 1 else many or f"{one}s"


def listed(parts: Sequence[str], last: str = "and") -> str:
    """ "A", "A and B", "A, B and C"; `last` is the word before the last. "" for none."""
    return f" {last} ".join(filter(None, (", ".join(parts[:-1]), *parts[-1:])))


def _decimals(size: float) -> int:
    """Digits after the point that make three significant figures."""
    return max(0, 2 - math.floor(math.log10(size))) if size else 0


def _change(size: float, before: float, unit: str, currency: str) -> str:
    if unit == "percent":
        return f"{_change_number(size * 100)}{SPACE}pp"
    if unit == "score":
        number = _change_number(size)
        return f"{number}{SPACE}{'point' if number == '1' else 'points'}"
    if unit == "days" or before == 0:
        return format_value(size, unit, currency)
    return f"{_change_number(size / before * 100)}{SPACE}%"


def _change_number(size: float) -> str:
    """One digit after the point, none from 100 up, two significant figures below 1, no trailing zeros."""
    if size >= 99.95:
        return f"{size:,.0f}"
    digits = 1 if size >= 0.95 else _decimals(size) - 1
    return _trimmed(f"{size:.{digits}f}")


def _trimmed(text: str) -> str:
    return text.rstrip("0").rstrip(".") if "." in text else text


def without_formula(text: str) -> str:
    """A text that a spreadsheet shows and does not compute: an apostrophe goes before what begins like a formula.

    What is a number, such as -5, stays one. The signs are those of OWASP's "CSV injection",
    the wide ones of East Asia among them. A carriage return becomes a line feed: Python before 3.13 writes it without
    quotes, so that a row would end there and what follows begin a cell.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not text.startswith(("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")):
        return text
    try:
        float(text)
    except ValueError:
        return f"'{text}"
    return text
