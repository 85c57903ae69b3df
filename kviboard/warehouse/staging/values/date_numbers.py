"""Numbers that stand for a moment: seconds and their parts since 1970, and the days that spreadsheets count."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import duckdb

from kviboard.warehouse.engine import literal, rows_of
from kviboard.warehouse.staging.values.numbers import FIRST_WRITTEN, WrittenValues

_NUMBER = r"^\d+(?:[.,]\d+)?(?:[eE][+]?\d+)?$"
_FROM, _TO = (631_152_000, 4_102_444_800)  # 1990 and 2100 in seconds since 1970
_LAST = 253_402_300_799  # of the year 9999: later ones have no date
_DAY = 86_400  # seconds
DAYS_TO_1970 = {"excel": 25_569, "excel_1904": 24_107}  # from a spreadsheet's day 0, which some have in 1904
NUMBERS = {"epoch": 1, "epoch_ms": 10**3, "epoch_us": 10**6, "epoch_ns": 10**9, **dict.fromkeys(DAYS_TO_1970, 0)}
"""Numbers that stand for a moment, by the name that date_format gives them: how many make a second, 0 for days."""


@dataclass(frozen=True)
class MomentNumbers:
    """Numbers of one kind, and how many of them are the first moment of a day."""

    written: WrittenValues
    whole_days: int


def all_whole(numbers: Mapping[str, MomentNumbers]) -> bool:
    return bool(numbers) and all(some.whole_days == some.written.count for some in numbers.values())


def find_numbers(
    connection: duckdb.DuckDBPyConnection, values: str, kinds: Sequence[str], any_number: bool = False
) -> dict[str, MomentNumbers]:
    """The numbers among `values` (SQL) by kind: those in its span, or `any_number`."""
    is_number = f"regexp_matches(v, {literal(_NUMBER)})"
    if not kinds or not rows_of(connection, f"select 1 from {values} where {is_number} limit 1"):
        return {}
    number = _number("v")
    known = {kind: "true" if any_number else _in_span(number, kind) for kind in kinds}
    cases = " ".join(f"when {known[kind]} and {_is_whole('v', kind)} then {literal(kind)}" for kind in kinds)
    sizes = " ".join(f"when {literal(kind)} then {NUMBERS[kind] * _DAY or 1}" for kind in kinds)
    found = rows_of(
        connection,
        f"""
        select
            kind, count(*), {FIRST_WRITTEN},
            count(*) filter (where {number} % (case kind {sizes} end) = 0)
        from (
            select *, case {cases} end as kind from {values} where {is_number}
        )
        where kind is not null group by kind order by kind
        """,
    )
    return {kind: MomentNumbers(WrittenValues(*rest[:4]), rest[4]) for kind, *rest in found}


def _number(value: str) -> str:
    return (
        f"case when regexp_matches({value}, {literal(_NUMBER)}) then try_cast(replace({value}, ',', '.') as double) end"
    )


def _in_span(number: str, kind: str) -> str:
    size = NUMBERS[kind]
    before = DAYS_TO_1970.get(kind, 0)
    low, high = (each * size if size else each // _DAY + before for each in (_FROM, _TO))
    return f"({number} >= {low} and {number} < {high})"


def _is_whole(value: str, kind: str) -> str:
    """SQL: whether a number has all its digits, to the minute. A spreadsheet shows the first of those of a long one, as
    1.77236E+12, and saves no others: of such milliseconds nobody knows the hour."""
    power = f"try_cast('0' || regexp_extract({value}, '[eE][+]?(\\d+)$', 1) as integer)"
    digits = f"length(regexp_extract({value}, '[.,](\\d+)', 1))"
    minute = NUMBERS[kind] * 60 or 1 / 1440
    return f"(not contains(lower({value}), 'e') or power(10.0, {power} - {digits}) <= {minute!r})"


def zone_of_number(kind: str, own: str | None) -> str | None:
    """The zone that numbers of a kind are in: a spreadsheet's have that of the column, `own`, all others are in UTC."""
    return "UTC" if NUMBERS[kind] else own


def time_of_number(value: str, kind: str, company: str, zone: str | None, any_number: bool) -> str:
    """SQL: the company's time of a number in `zone`, None for days that none moves; of one in its plausible span, or of
    `any_number`."""
    number, size = _number(value), NUMBERS[kind]
    seconds = f"{number} / {size}" if size else f"round(({number} - {DAYS_TO_1970[kind]}) * {_DAY})"
    # the millisecond that has begun: the last one of a day, rounded up, would be the next day
    moment = f"epoch_ms(cast(floor({seconds} * 1000) as bigint))"
    if zone:
        is_day = "false" if size else f"{number} = floor({number})"
        moved = f"timezone({literal(company)}, timezone({literal(zone)}, {moment}))"
        moment = f"case when {is_day} then {moment} else {moved} end"
    latest = _LAST * size if size else _LAST // _DAY + DAYS_TO_1970[kind]
    within = f"{number} between 0 and {latest}" if any_number else _in_span(number, kind)
    return f"case when {within} and {_is_whole(value, kind)} then {moment} end"
