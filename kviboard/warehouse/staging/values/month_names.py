"""Dates with the month as a word, which say by themselves what is day, month and year: 31 Jan 2026, Jan 31, 2026."""

from kviboard.warehouse.engine import literal
from kviboard.warehouse.files.order import MONTHS
from kviboard.warehouse.staging.values.letters import LETTER

_WORD = rf"{LETTER}{{3,12}}"
_CLOCK = (
    r"(?:[,\s]+(?:at|um|à|om|kl\.?)?\s*(\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:\s*[ap]\.?m\.?)?)"
    r"(?:\s*(?:Uhr|hs?\.?|uur))?)?$"
)
_WEEKDAY = rf"^(?:{LETTER}{{2,10}}\.?,?\s+)?"
_DAY_FIRST = (
    rf"(?i){_WEEKDAY}(\d{{1,2}})(?:\.|st|nd|rd|th|er)?[\s./-]+(?:de\s+)?({_WORD})\.?[\s,./-]+(?:de\s+)?(\d{{4}}|\d{{2}})"
    rf"{_CLOCK}"
)
_MONTH_FIRST = rf"(?i){_WEEKDAY}({_WORD})\.?\s+(\d{{1,2}})(?:st|nd|rd|th)?,?\s+(\d{{4}}){_CLOCK}"
_FORMATS = (
    "%Y-%m-%d ", "%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M:%S.%f", "%Y-%m-%d %I:%M %p",
    "%Y-%m-%d %I:%M:%S %p",
)  # fmt: skip


def is_named(value: str) -> str:
    """SQL: whether a text is a date with the month as a word."""
    return f"regexp_matches({value}, {literal(_DAY_FIRST)}) or regexp_matches({value}, {literal(_MONTH_FIRST)})"


def named_time(value: str) -> str:
    """SQL: the time of a text with the month as a word, in one of the languages of MONTHS; null for anything else."""
    day_first = _time(value, _DAY_FIRST, day=1, month=2)
    return (
        f"case when regexp_matches({value}, {literal(_DAY_FIRST)}) then {day_first} "
        f"when regexp_matches({value}, {literal(_MONTH_FIRST)}) then {_time(value, _MONTH_FIRST, day=2, month=1)} end"
    )


def _time(value: str, pattern: str, day: int, month: int) -> str:
    def part(place: int) -> str:
        return f"regexp_extract({value}, {literal(pattern)}, {place})"

    names, numbers = ", ".join(map(literal, MONTHS)), ", ".join(map(str, MONTHS.values()))
    number = f"([{numbers}])[list_position([{names}], lower(strip_accents({part(month)})))]"
    century = f"case when length({part(3)}) = 4 then '' when {part(3)} >= '69' then '19' else '20' end"
    clock = f"regexp_replace(upper({part(4)}), '\\s*([AP])\\.?M\\.?$', ' \\1M')"
    text = f"{century} || {part(3)} || '-' || {number} || '-' || {part(day)} || ' ' || {clock}"
    return f"try_strptime({text}, [{', '.join(map(literal, _FORMATS))}])"
