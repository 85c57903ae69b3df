"""Numbers as people write them: which sign is the decimal one in a column, and reading them by it.

A point or a comma with exactly three digits behind it is a decimal sign to some and groups thousands to others: 1.500.
Any other value tells which it is: 1.5, 1.500,00, 0.500 or 1.500.000.
"""

from dataclasses import dataclass

import duckdb

from kviboard.warehouse.engine import literal, quoted, rows_of
from kviboard.warehouse.files.records import FILE, LINE

SPACE = literal(" \t\n\r\xa0")  # one literal: what trims stands a dozen times in what is planned of a table
CURRENCY_SIGNS = (
    r"(?:US|CA|AU|NZ|HK|NT|MX|C|A|S|R)?\$|[€£¥₹₽₺₩₪₫₱฿₴円]|zł|Kč|\bkr\b\.?|\bS?Fr\.|"
    r"\bFt\b|\bRs\.?|\blei\b|руб\.?|грн\.?|лв\.?|^[A-Z]{3}|[A-Z]{3}$"
)
"""Pattern of what stands for a currency in an amount without its sign."""
_SIGNED = literal(" \xa0-−+()")
_CODE_WITHIN_SIGN = r"^([-+(]\s?)[A-Z]{3}|[A-Z]{3}(\s?[-)])$"
_PLAIN = r"(-?\d{1,15}(\.\d\d?)?)?"
BELOW_ZERO = r"^\s*[-−(]|[-−]\s*$"
"""Pattern of an amount below zero."""
AMOUNT = r"^[-−(]?\s*(?:[A-Z]{3}|[€$£¥])?\s*\d[\d.,'’ ]*\s*(?:[A-Z]{3}|[€$£¥])?\)?$"
"""Pattern of an amount of whatever sign, with its currency or without."""
_BLANK = r"\s\x{00A0}\x{202F}\x{2009}\x{2019}''"
_UNCLEAR = r"^[1-9]\d{0,2}[.,]\d{3}$"
FIRST_WRITTEN = ", ".join(f"arg_min({each}, ({FILE}, {LINE}))" for each in ("v", FILE, LINE))
"""SQL: the first of values `v` by file and line, with its place: what WrittenValues has after the count."""


@dataclass(frozen=True)
class WrittenValues:
    """Values of a column that are written in one way: how many, and the first of them with its place."""

    count: int
    value: str
    file: str | None
    line: int | None

    @property
    def example(self) -> str:
        """The value with its place, as sentences quote it."""
        at = ", ".join([*([self.file] if self.file else []), *([f"line {self.line}"] if self.line else [])])
        return f'"{self.value}" in {at}' if at else f'"{self.value}"'


def currency_sign(value: str) -> str:
    """SQL: what stands for a currency in an amount, "" for nothing: EUR in "EUR 5", "-EUR 5" and "(5 EUR)"."""
    return f"regexp_extract(trim({value}, {_SIGNED}), {literal(CURRENCY_SIGNS)})"


def are_plain(connection: duckdb.DuckDBPyConnection, rows: str, name: str) -> bool:
    """Whether all texts of a column are numbers that nobody reads in two ways, such as 12, -3.5 and 12.50, or empty."""
    odd = f"not regexp_full_match(cast({quoted(name)} as varchar), {literal(_PLAIN)})"
    return not rows_of(connection, f"select 1 from {rows} where {odd} limit 1")


def find_decimal_signs(connection: duckdb.DuckDBPyConnection, rows: str, value: str) -> dict[str, WrittenValues]:
    """Values `value` (SQL) in `rows` (SQL) by the decimal sign they must have: ".", ","; "?" for either."""
    found = rows_of(
        connection,
        f"""
        select sign, count(*), {FIRST_WRITTEN}
        from (
            select v, {FILE}, {LINE}, {_decimal_sign("v")} as sign
            from (select {value} as v, {FILE}, {LINE} from {rows})
            where (contains(v, '.') or contains(v, ',')) and not contains(v, ':')
        )
        where sign is not null group by sign
        """,
    )
    return {sign: WrittenValues(*rest) for sign, *rest in found}


def _decimal_sign(value: str) -> str:
    digits = rf"regexp_replace({value}, '[A-Za-zа-я]+\.|[^\d.,{_BLANK}]', '', 'g')"
    bare = f"trim({digits}, {SPACE})"
    tests = "".join(
        f" when regexp_matches({bare}, {_decides(sign, group)}) then '{sign}'"
        for sign, group in ((".", ","), (",", "."))
    )
    return (
        rf"case when regexp_matches({value}, '^-?\d*\.(\d\d?|\d{{4,}})$') then '.'"
        rf"{tests} when regexp_matches({bare}, '{_UNCLEAR}') then '?' end"
    )


def _decides(sign: str, group: str) -> str:
    """SQL: the pattern of numbers of which `sign` must be the decimal one."""
    sign, group = f"\\{sign}", f"\\{group}"
    grouped = rf"\d{{1,3}}(?:{group}\d{{2,3}})*{group}\d{{3}}"
    return "'" + "|".join((
        rf"^\d*{sign}(?:\d{{0,2}}|\d{{4,}})$",
        rf"^(?:0\d*|\d{{4,}})?{sign}\d{{3}}$",
        rf"^{grouped}{sign}\d*$",
        rf"^\d{{1,3}}(?:{group}\d{{2,3}})+{group}\d{{3}}$",
        rf"^\d{{1,3}}(?:[{_BLANK}]\d{{3}})+{sign}\d*$",
    )) + "'"  # fmt: skip


def plain_number(value: str, decimal: str) -> str:
    """SQL: a number as people write it, in the form that a cast understands; null where it is none."""
    group, point = (",", "\\.") if decimal == "." else ("\\.", ",")
    bare = f"regexp_replace({value}, {literal(CURRENCY_SIGNS)}, '', 'g')"
    bare = rf"trim(regexp_replace({bare}, {literal(_CODE_WITHIN_SIGN)}, '\1\2'), {SPACE})"
    bare = rf"regexp_replace({bare}, '[.,]\s?[-–—]+$', '')"  # 5,- is 5 without cents, and not below 0
    signed = rf"regexp_replace({bare}, '^-?\(\s*(.*?)\s*\)$|^([^-].*?)\s?-$', '-\1\2')"
    start = rf"^[-+]?[{_BLANK}]?"
    grouped = rf"{start}(\d{{1,3}}([{_BLANK}]\d{{3}})+|[1-9]\d{{0,2}}({group}\d{{2,3}})*{group}\d{{3}})({point}\d*)?$"
    single = rf"{start}(\d+({point}\d*)?|{point}\d+)$"
    digits = rf"replace(regexp_replace({signed}, '[^-+\d{point}]', '', 'g'), '{point[-1]}', '.')"
    slow = f"case when regexp_matches({signed}, '{grouped}|{single}') then {digits} end"
    fraction = "" if decimal == "," else r"(\.\d*)?"
    plain = rf"^[-+]?\d+{fraction}([eE][-+]?\d+)?$"
    return f"case when regexp_matches({value}, '{plain}') then {value} else {slow} end"
