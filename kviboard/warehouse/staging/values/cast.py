"""From a value as found to a value of the contract, one column at a time, as SQL expressions.

Owns what is accepted, what counts as missing, and the words for what is not accepted.
"""

from dataclasses import dataclass, field

import duckdb

from kviboard.domain.contract import Column
from kviboard.warehouse.engine import literal, quoted, rows_of
from kviboard.warehouse.staging.values.dates import DateStyle, time_of
from kviboard.warehouse.staging.values.durations import minutes_of
from kviboard.warehouse.staging.values.money import times_type
from kviboard.warehouse.staging.values.numbers import SPACE, plain_number
from kviboard.warehouse.staging.values.scores import Scales, number_of, refusal_of, score_of

SQL_TYPES = {
    "id": "varchar",
    "text": "varchar",
    "choice": "varchar",
    "day": "date",
    "time": "timestamp",
    "money": "decimal(18, 2)",
    "minutes": "double",
    "rating": "double",
    "score": "integer",
}
_WHATS = {"day": "a date", "time": "a date", "money": "an amount", "minutes": "a number", "rating": "a number",
          "score": "a number"}  # fmt: skip
_NO_VALUES = ("NA", "N/A", "n/a", "null", "NULL", "None", "NaN", "-")  # never for ids and text: NA is Namibia
_NO_VALUE = f"^(?:{'|'.join(_NO_VALUES)})$"
_DIGITS = "٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹०१२३४५६७८९０１２３４５６７８９"
_SIGNS = {
    "-": "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe63\uff0d", "+": "\uff0b", ".": "\uff0e\u066b",
    ",": "\uff0c\u066c", ":": "\uff1a", "/": "\uff0f", "%": "\uff05", "$": "\uff04\ufe69", "¥": "\uffe5", "£": "\uffe1",
    "'": "\u02bc\u2032", " ": "\u00a0\u202f\u2009\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u200a\u205f\u3000",
}  # fmt: skip
_UNSEEN = "\u00ad\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u20e3\ufe0f\ufeff"
_WRITTEN = _DIGITS + "".join(_SIGNS.values()) + _UNSEEN
_PLAIN = "0123456789" * 4 + "".join(plain * len(written) for plain, written in _SIGNS.items())
_GUARDED = r"""^="\s*((?s:.*?))\s*"$|^'([-0-9])"""  # ="007" and '007 keep spreadsheets from reading a number
_LONGEST = 2_000  # bytes of a value that may be guarded, or is neither id nor text
NO_END = r"(?i)^((0000-00-00|9999-12-31|2999-12-31)\b.*|open|ongoing|pending|offen|never)$"
"""Pattern of what systems write for a day that has not come yet."""
_NUMBERS = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT",
            "FLOAT", "DOUBLE", "DECIMAL")  # fmt: skip


@dataclass(frozen=True)
class Rules:
    """What the workspace says about the values of one source."""

    timezone: str = "UTC"
    date_format: str | None = None
    decimal: str = "."
    scales: Scales = field(default_factory=Scales)
    money: str = "decimal(18, 2)"  # wider where amounts have parts of a cent
    currency: str = "EUR"  # the company's
    source_timezone: str | None = None  # of times that name none
    rates: frozenset[str] = frozenset()  # currencies with an exchange rate
    factor: str = ""  # of amounts, as a number in SQL; "" for 1
    sheets: str = "excel"  # from when days in spreadsheets are counted, as date_format names it; "" for several
    clocks_are_hours: bool = False  # of a column of minutes: 1:30 is an hour and a half
    minute: float = 1  # plain numbers in a column of minutes that make one
    guests: bool = False  # orders may be of nobody known
    are_plain: bool = False  # of a column: no text needs cleaning, and all numbers are as a cast reads them


@dataclass(frozen=True)
class Cast:
    """SQL for one column. `clean` reads the column as found; `typed` and `reason` read `clean` under `alias`.

    `reason` is null where the value is accepted, else says in words what is wrong: of a required column the row is
    rejected, of any other the cell is emptied.
    """

    column: Column
    clean: str
    typed: str
    reason: str | None
    is_native: bool  # already of a fitting type, so that reading it costs nothing
    is_plain: bool = False  # texts of which none needs cleaning
    number: str | None = None  # reads `clean`, too; `typed` and `reason` find it under `number_alias`
    currency: str | None = None  # reads the columns as found: the currency to convert from, null for the company's
    money: str = "decimal(18, 2)"  # the type of amounts
    scales: Scales | None = None  # of a score
    scale: str | None = None  # reads the columns as found, too: the scale that is told of a score, null for none

    @property
    def alias(self) -> str:
        return alias_of(self.column)

    @property
    def number_alias(self) -> str:
        return number_alias(self.column)

    @property
    def reason_alias(self) -> str:
        return quoted(f"{self.column.name}__reason")


def alias_of(column: Column) -> str:
    """The name of a column's cleaned text between the steps."""
    return quoted(f"{column.name}__found")


def number_alias(column: Column) -> str:
    """The name of the number that a score gives, between the steps."""
    return quoted(f"{column.name}__number")


def is_native(column: Column, found_type: str, is_text_source: bool) -> bool:
    """Whether a column of type `found_type` needs none of the rules for text."""
    if column.kind in ("id", "text", "choice"):
        return not (is_text_source and found_type == "VARCHAR")
    if column.kind in ("day", "time"):
        return found_type == "DATE" or found_type.startswith("TIMESTAMP")
    return found_type.split("(")[0] in _NUMBERS


def clean_text(name: str, keeps_tokens: bool) -> str:
    """SQL: the trimmed text of a column, null where it says that there is no value. What is neither id nor text is in
    plain digits and signs: １２ and ١٢ are 12, –5 is -5; of what is far longer than any such value, the beginning."""
    text = f"cast({quoted(name)} as varchar)"
    plain = text if keeps_tokens else f"translate({text}, {literal(_WRITTEN)}, {literal(_PLAIN)})"
    bare = f"regexp_replace(trim({plain}, {SPACE}), {literal(_GUARDED)}, '\\1\\2')"
    some = bare if keeps_tokens else f"regexp_replace({bare}, {literal(_NO_VALUE)}, '')"  # named once: plans grow
    long = f"nullif(trim({plain}, {SPACE}), '')" if keeps_tokens else f"substr({text}, 1, {_LONGEST // 4})"
    is_long = f"when strlen({text}) > {_LONGEST} then {long}"
    return f"case {is_long} when {_is_clean(text, keeps_tokens)} then {text} else nullif({some}, '') end"


def are_clean(connection: duckdb.DuckDBPyConnection, rows: str, name: str) -> bool:
    """Whether clean_text, keeping tokens, leaves all texts of a column in `rows` (SQL) as they are, if not empty."""
    text = f"cast({quoted(name)} as varchar)"
    odd = f"{text} <> '' and not ({_is_clean(text, keeps_tokens=True)})"
    return not rows_of(connection, f"select 1 from {rows} where {odd} limit 1")


def _is_clean(text: str, keeps_tokens: bool) -> str:
    """SQL: whether a text needs none of it, as nearly all do: what it needs takes up to a hundred times as long. It is
    ASCII, has no blank at its ends (! follows them) and no guard; where words say that there is no value, it is none of
    them, which is quickly seen of what ends in a digit."""
    end = f"right({text}, 1)"
    is_value = f"({end} between '0' and '9' or {end} >= '!' and {text} not in ({', '.join(map(literal, _NO_VALUES))}))"
    ends_well = f"{end} >= '!'" if keeps_tokens else is_value
    unguarded = f"not contains({text}, '=') and not contains({text}, '''')"
    return f"strlen({text}) = length({text}) and {text} >= '!' and {ends_well} and {unguarded}"


def is_moment(found_type: str) -> bool:
    """Whether values of a DuckDB type know their zone."""
    return found_type in ("TIMESTAMP WITH TIME ZONE", "TIMESTAMPTZ_NS")


def cast_column(column: Column, found_type: str, is_text_source: bool, rules: Rules, dates: DateStyle) -> Cast:
    """How to cast `column`, found as DuckDB type `found_type`."""
    native = is_native(column, found_type, is_text_source)
    if native:
        clean = _clean(column, found_type)
    elif rules.are_plain:
        clean = f"nullif(cast({quoted(column.name)} as varchar), '')"
    else:
        clean = clean_text(column.name, column.kind in ("id", "text", "choice"))
    typed = _native(column, found_type, rules, dates) if native else _from_text(column, rules, dates)
    is_score = column.kind == "score"
    number = (
        number_of(alias_of(column), rules.decimal, not (native or rules.are_plain), rules.scales) if is_score else None
    )
    return Cast(column, clean, typed, _reason(column, typed, rules), native, rules.are_plain, number)


def implausible_day(value: str) -> str:
    """SQL: whether a day or time is none that an export means; 1900 and 1970 begin where systems count days from."""
    zero_days = " or ".join(
        f"{value} >= date '{year}-01-01' and {value} < date '{year}-01-02'" for year in (1900, 1970)
    )
    return f"({value} < date '1900-01-01' or {value} >= date '2201-01-01' or {zero_days})"


def absent(column: Column) -> str:
    """SQL for a column that was not exported."""
    return f"cast(null as {SQL_TYPES[column.kind]})"


def _clean(column: Column, found_type: str) -> str:
    """A native value as it is; a float that is no number is how pandas writes a missing one."""
    return f"nullif({quoted(column.name)}, 'nan')" if found_type in ("FLOAT", "DOUBLE") else quoted(column.name)


def _native(column: Column, found_type: str, rules: Rules, dates: DateStyle) -> str:
    value = alias_of(column)
    if column.kind in ("id", "text", "choice"):
        return _native_text(column, found_type)
    if column.kind in ("day", "time"):
        value = _native_time(value, found_type, rules.timezone, dates)
        target = SQL_TYPES[column.kind]
        return value if found_type == target.upper() else f"try_cast({value} as {target})"
    if column.kind == "score":
        return score_of(number_alias(column), rules.scales)
    target = rules.money if column.kind == "money" else SQL_TYPES[column.kind]
    is_of_unit = (column.kind == "minutes" and rules.minute != 1) or (column.kind == "money" and bool(rules.factor))
    return value if not is_of_unit and found_type == target.upper().replace(" ", "") else _number(value, column, rules)


def _native_time(value: str, found_type: str, company: str, dates: DateStyle) -> str:
    own = dates.zones.own
    if is_moment(found_type):
        return f"timezone({literal('UTC' if dates.are_days else company)}, {value})"
    if own is None or own == company or dates.are_days or found_type == "DATE":
        return value
    return f"timezone({literal(company)}, timezone({literal(own)}, cast({value} as timestamp)))"


def _native_text(column: Column, found_type: str) -> str:
    value = alias_of(column)
    if found_type == "BLOB":  # mostly a text whose file does not say so; a cast would write é as \\xC3\\xA9
        value, found_type = f"coalesce(try(decode({value})), cast({value} as varchar))", "VARCHAR"
    if column.kind == "choice":
        return _choice(column, f"cast({value} as varchar)")
    if found_type in ("FLOAT", "DOUBLE"):  # ids that met a missing value in pandas: 17.0
        text = f"cast({value} as varchar)"
        whole = f"coalesce(cast(try_cast({value} as hugeint) as varchar), {text})"
        return f"case when {value} = floor({value}) then {whole} else {text} end"
    return value if found_type == "VARCHAR" else f"cast({value} as varchar)"


def _from_text(column: Column, rules: Rules, dates: DateStyle) -> str:
    value = alias_of(column)
    if column.kind in ("day", "time"):
        return f"cast({time_of(value, dates, rules.timezone)} as {SQL_TYPES[column.kind]})"
    if column.kind == "score":
        return score_of(number_alias(column), rules.scales)
    if column.kind in ("money", "minutes", "rating") and rules.are_plain:
        return _number(value, column, rules)
    if column.kind in ("money", "minutes", "rating"):
        number = _number(plain_number(value, rules.decimal), column, rules)
        return (
            f"coalesce({number}, {minutes_of(value, rules.clocks_are_hours)})" if column.kind == "minutes" else number
        )
    return _choice(column, value) if column.kind == "choice" else value


def _number(value: str, column: Column, rules: Rules) -> str:
    number = f"try_cast({value} as {rules.money if column.kind == 'money' else SQL_TYPES[column.kind]})"
    if column.kind == "money" and rules.factor:
        return f"cast({number} * {rules.factor} as {times_type(rules.money, rules.factor)})"
    if column.kind == "minutes" and rules.minute != 1:
        return f"({number} / {rules.minute!r} + 0)"
    return f"({number} + 0)" if column.kind in ("minutes", "rating") else number


def _choice(column: Column, value: str) -> str:
    lowered = f"lower(trim({value}))"
    return f"case when {lowered} in ({', '.join(map(literal, column.choices))}) then {lowered} end"


def _reason(column: Column, typed: str, rules: Rules) -> str | None:
    found, value = alias_of(column), quoted(column.name)
    cases = []
    if column.required:
        nothing = f"{found} is null or {value} = ''" if column.kind in ("id", "text") else f"{found} is null"
        cases.append(f"when {nothing} then {literal(f'{column.name} is missing')}")
    if column.kind in _WHATS:
        cases += _refusals(column, found, value, rules)
    return f"case {' '.join(cases)} end" if cases else None


def _refusals(column: Column, found: str, value: str, rules: Rules) -> list[str]:
    not_one = f"{column.name} is not {_WHATS[column.kind]}"
    unread = f"{value} is null and {found} is not null"
    if column.kind == "score":
        return [f"when {unread} then {refusal_of(found, number_alias(column), not_one, rules.scales)}"]
    cases = [f"when {unread} then {literal(not_one)}"]
    if column.kind in ("day", "time"):
        cases.append(f"when {implausible_day(value)} then {literal(f'{column.name} is not a plausible date')}")
    if column.kind == "minutes":
        cases.append(f"when {value} < 0 then {literal(f'{column.name} is below 0')}")
    return cases
