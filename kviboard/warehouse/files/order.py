"""Which of several export files is the later one, told from their names: never from when they were written to disk."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from datetime import date

_SUFFIXES = re.compile(r"(\.(csv|tsv|txt|tab|json|jsonl|ndjson|parquet|pq|xlsx|xlsm|xls|xlsb|ods|gz|zip))+$")
MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january januar januari janvier janv enero ene gennaio gen janeiro sty stycznia styczen",
            "feb february februar februari fevrier fevr febrero febbraio fev fevereiro lut lutego luty",
            "mar march marz maerz mrt maart mars marzo marts marco marca marzec",
            "apr april avril avr abril abr aprile kwi kwietnia kwiecien",
            "may mai mei mayo maj maggio mag maio maja",
            "jun june juni juin junio giugno giu junho cze czerwca czerwiec",
            "jul july juli juillet juil julio luglio lug julho lip lipca lipiec",
            "aug august augustus augusti aout agosto ago sie sierpnia sierpien",
            "sep sept september septembre septiembre settembre set setembro wrz wrzesnia wrzesien",
            "oct october okt oktober octobre octubre ottobre ott out outubro paz pazdziernika pazdziernik",
            "nov november novembre noviembre novembro lis listopada listopad",
            "dec december dez dezember decembre diciembre dic dicembre des desember dezembro gru grudnia grudzien",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
"""Months by their names and short names, without accents."""
_WEEK = ("w", "wk", "week", "cw", "kw", "woche", "semaine", "semana")
_PART = re.compile(r"\d+|[^\W\d_]+")
_Date = tuple[int, ...]  # year, month, day, as far as the name says them
_Key = tuple[tuple[_Date, ...], tuple[tuple[str, int], ...], str, str]


def in_natural_order(names: Iterable[str]) -> list[str]:
    """File names, the earliest first: orders-9 before orders-10, orders before orders (1), dec-2025 before jan-2026."""
    listed = list(names)
    is_month_first = _is_month_first(listed)
    return sorted(listed, key=lambda name: _key(name, is_month_first))


def _key(name: str, is_month_first: bool) -> _Key:
    folded = _folded(name)
    words = tuple((word, int(number or 0)) for word, number in re.findall(r"(\D*)(\d*)", folded) if word or number)
    return _dates(folded.rpartition("/")[2], is_month_first), words, folded, name


def _folded(name: str) -> str:
    """A name without capitals, accents, suffixes and kinds of separators."""
    plain = unicodedata.normalize("NFKD", name).casefold()
    plain = "".join(sign for sign in plain if not unicodedata.combining(sign))
    return re.sub(r"[-_. ]+", " ", _SUFFIXES.sub("", plain))


def _dates(name: str, is_month_first: bool) -> tuple[_Date, ...]:
    """The dates in a name, in their order."""
    found: list[_Date] = []
    parts = _PART.findall(name)
    while parts:
        for width, read in ((1, _compact), (3, _three(is_month_first)), (2, _two), (1, _one)):
            day = read(parts[:width]) if len(parts) >= width else None
            if day:
                found.append(day)
                parts = parts[width:]
                break
        else:
            parts = parts[1:]
    return tuple(found)


def _compact(parts: Sequence[str]) -> _Date | None:
    """20260131, 31012026 or 202601."""
    (text,) = parts
    if not text.isdigit() or len(text) not in (6, 8):
        return None
    if len(text) == 6:
        return _valid(int(text[:4]), int(text[4:]))
    either = ((text[:4], text[4:6], text[6:]), (text[4:], text[2:4], text[:2]), (text[4:], text[:2], text[2:4]))
    return next((day for year, month, last in either if (day := _valid(int(year), int(month), int(last)))), None)


def _three(is_month_first: bool) -> Callable[[Sequence[str]], _Date | None]:
    """2026 01 31, 31 01 2026, 31 jan 2026 or week 5 2026."""

    def read(parts: Sequence[str]) -> _Date | None:
        first, second, third = (_number(part) for part in parts)
        if parts[0] in _WEEK and second and third and len(parts[2]) == 4:
            return third, second
        if first is None or second is None or third is None:
            return None
        if len(parts[0]) == 4:
            return _valid(first, second, third)
        if len(parts[2]) != 4:
            return None
        is_named = parts[0] in MONTHS
        day, month = (second, first) if is_named or (is_month_first and parts[1] not in MONTHS) else (first, second)
        return _valid(third, month, day)

    return read


def _two(parts: Sequence[str]) -> _Date | None:
    """2026 01, 01 2026, jan 2026, q1 2026 (see _one for what stands before its number)."""
    first, second = (_number(part) for part in parts)
    if first is None or second is None:
        return None
    return _valid(first, second) if len(parts[0]) == 4 else _valid(second, first) if len(parts[1]) == 4 else None


def _one(parts: Sequence[str]) -> _Date | None:
    """A year, or a month by name."""
    (text,) = parts
    if text in MONTHS:
        return (0, MONTHS[text])
    return _valid(int(text)) if text.isdigit() and len(text) == 4 else None


def _number(part: str) -> int | None:
    return int(part) if part.isdigit() else MONTHS.get(part)


def _valid(year: int, month: int = 1, day: int = 1) -> _Date | None:
    try:
        return date(year, month, day).timetuple()[:3] if 1990 <= year < 2100 else None
    except ValueError:
        return None


def _is_month_first(names: Iterable[str]) -> bool:
    """Whether 12-31-2025 among the names says that the month stands first in all of them."""
    found = (re.findall(r"(?<!\d)(\d\d?) (\d\d?) (?=(?:19|20)\d\d(?!\d))", _folded(name)) for name in names)
    return any(int(second) > 12 >= int(first) for pairs in found for first, second in pairs)
