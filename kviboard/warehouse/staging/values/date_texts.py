"""Small differences in how dates are written, brought to the form that formats know: 2026.01.31, 3:00PM, 12:00 Uhr."""

from kviboard.warehouse.engine import literal

_OF_WORDS = (
    (r"^(\d{1,2}[-./]\d{1,2}[-./]\d{4})\s?[rг]\.?(,?\s+\d.*)?$", r"\1\2"),  # 31.01.2026 r.
    (r"(?i)(\d),?\s+(?:um|at|à|às|as|om|alle|kl\.?|o godz\.?)\s+(\d{1,2}:\d\d)", r"\1 \2"),
    (r"\s?(?:午前|上午|오전)\s?(\d{1,2}:\d\d(?::\d\d)?)$", r" \1 AM"),
    (r"\s?(?:午後|下午|오후)\s?(\d{1,2}:\d\d(?::\d\d)?)$", r" \1 PM"),
    (r"(?i)(:\d\d)\s*([ap])\.?\s?m\.?$", r"\1 \2M"),
    (r"(?i)(:\d\d)\s*(?:uhr|h|hrs)\.?$", r"\1"),
)
_OF_SIGNS = (
    (r"^(\d{4})\s?[.年]\s?(\d{1,2})\s?[.月]\s?(\d{1,2})(?:\s?[.日])?(\D.*)?$", r"\1-\2-\3\4"),
    (r"^((?:19|20)\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$", r"\1-\2-\3 \4:\5:\6"),
    (r"^(\d{1,2})\.\s(\d{1,2})\.\s(\d{4})", r"\1.\2.\3"),
    (r"(\d{4}\s\d{1,2})\.(\d\d)\.(\d\d)$", r"\1:\2:\3"),
    (r"(:\d\d),(\d+)$", r"\1.\2"),  # half seconds behind a comma
)
_ERAS = {"令和": 2018, "R": 2018, "平成": 1988, "H": 1988, "民國": 1911, "民国": 1911}
"""The year before the first of each."""
_OF_AN_ERA = rf"^({'|'.join(_ERAS)})\s?(元|\d{{1,3}})[.年/-]\s?(\d{{1,2}})[.月/-]\s?(\d{{1,2}})日?"


def tidied(value: str) -> str:
    """SQL: a trimmed text that may be a date, in its usual form; any other as it is."""
    words = _in_our_years(value)
    for pattern, plain in _OF_WORDS:
        words = f"regexp_replace({words}, {literal(pattern)}, {literal(plain)})"
    found = f"case when regexp_matches({value}, '[^0-9 .:,/-]') then {words} else {value} end"
    for pattern, plain in _OF_SIGNS:
        found = f"regexp_replace({found}, {literal(pattern)}, {literal(plain)})"
    return found


def _in_our_years(value: str) -> str:
    """SQL: 令和8年3月1日 and R8.3.1 as 2026-3-1."""

    def part(place: int) -> str:
        return f"regexp_extract({value}, {literal(_OF_AN_ERA)}, {place})"

    first = "".join(f" when {literal(era)} then {year}" for era, year in _ERAS.items())
    year = f"case {part(1)}{first} end + try_cast(replace({part(2)}, '元', '1') as integer)"
    day = f"{year} || '-' || {part(3)} || '-' || {part(4)}"
    rest = f"regexp_replace({value}, {literal(_OF_AN_ERA)}, '')"
    return f"case when regexp_matches({value}, {literal(_OF_AN_ERA)}) then ({day}) || {rest} else {value} end"
