"""How the values of one column are read: decided on all of them, said, or refused where they do not decide it.

Owns the order of the questions and their sentences; the answers are found in dates and durations.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import duckdb

from kviboard.domain.contract import Column
from kviboard.domain.formatting import counted, plural
from kviboard.errors import Problem
from kviboard.warehouse.manifest import Decision
from kviboard.warehouse.staging.cast import Rules, clean_text, is_native
from kviboard.warehouse.staging.dates import AmbiguousDatesError, DateStyle, detect_style
from kviboard.warehouse.staging.durations import find_short_clocks
from kviboard.warehouse.staging.money import money_type, native_money_type
from kviboard.warehouse.staging.numbers import Written, find_decimal_signs
from kviboard.warehouse.staging.scores import find_labels, plain_scores

_SLIPS = 0.01  # of values written in another way than all others: these are rejected, and do not make it unclear
_FEW_DECIDE = 10
_SIGNS = {".": "point", ",": "comma"}


class StagingError(Exception):
    """A table cannot be accepted; carries the problem."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem


@dataclass(frozen=True)
class Place:
    """Where the values of a column are: `rows` is SQL for the rows of one source in a staging query."""

    table: str
    source: str
    rows: str
    is_text: bool


@dataclass
class Reading:
    """How a column is read, and what was decided."""

    rules: Rules
    dates: DateStyle = field(default_factory=DateStyle)
    decisions: list[Decision] = field(default_factory=list)


def read_column(
    connection: duckdb.DuckDBPyConnection, place: Place, column: Column, found_type: str, rules: Rules
) -> Reading:
    """Decide how to read `column`. Raises StagingError where it can be read in two ways and nothing decides."""
    reading = Reading(rules)
    if is_native(column, found_type, place.is_text):
        if column.kind == "money":
            reading.rules = replace(rules, money=native_money_type(connection, place.rows, column.name, found_type))
        return reading
    if column.kind in ("day", "time"):
        reading.dates = _date_style(connection, place, column, rules)
    if column.kind in ("money", "minutes", "rating", "score"):
        _decide_decimal_sign(connection, place, column, reading)
    if column.kind == "money":
        value = clean_text(column.name, keeps_tokens=False)
        reading.rules = replace(reading.rules, money=money_type(connection, place.rows, value, reading.rules.decimal))
    if column.kind == "score":
        reading.decisions += _labels(connection, place, column)
    if column.kind == "minutes":
        reading.decisions += _short_clocks(connection, place, column)
    return reading


def _date_style(connection: duckdb.DuckDBPyConnection, place: Place, column: Column, rules: Rules) -> DateStyle:
    value = clean_text(column.name, keeps_tokens=False)
    where = f"kviboard.toml, [sources.{place.source}] date_format"
    try:
        return detect_style(connection, place.rows, value, rules.timezone, rules.date_format)
    except AmbiguousDatesError as error:
        what = f'{column.name} has dates like "{error}", where day and month cannot be told apart.'
        hint = 'Set date_format, such as "%d/%m/%Y" for day/month/year or "%m/%d/%Y" for month/day/year.'
        raise StagingError(Problem(where, what, hint)) from error


def _decide_decimal_sign(connection: duckdb.DuckDBPyConnection, place: Place, column: Column, reading: Reading) -> None:
    """The sign that the column's values show; the setting where none of them does, or where both are there."""
    value = clean_text(column.name, keeps_tokens=False)
    found = find_decimal_signs(connection, place.rows, plain_scores(value) if column.kind == "score" else value)
    given = None if reading.rules.decimal == "detect" else reading.rules.decimal
    shown, unclear = _shown_sign(found), found.get("?")
    if column.kind == "score" and unclear and shown is None:  # no scale reaches a thousand
        shown, found = ("," if "," in unclear.value else "."), {}
    if given is None and shown == "both":
        raise StagingError(_two_decimal_signs(place, column, found))
    if unclear and shown is None and given is None:
        raise StagingError(_unclear_decimal_sign(place, column, unclear))
    if unclear and given and shown in (".", ",") and shown != given and found:
        raise StagingError(_contradicted_decimal_sign(place, column, given, found))
    decimal = shown if shown in (".", ",") else given or "."
    reading.rules = replace(reading.rules, decimal=decimal)
    if decimal in found and (unclear or decimal != (given or ".")):
        reading.decisions.append(_decimal_sign_decision(place, column, decimal, given, found))


def _shown_sign(found: dict[str, Written]) -> str | None:
    """The decimal sign that values show; "both" where neither is a slip, None where no value shows one."""
    point, comma = (found[sign].count if sign in found else 0 for sign in (".", ","))
    if not point + comma:
        return None
    if min(point, comma) > _SLIPS * (point + comma):
        return "both"
    return "." if point > comma else ","


def _unclear_decimal_sign(place: Place, column: Column, unclear: Written) -> Problem:
    sign = "," if "," in unclear.value else "."
    what = (
        f"{column.name} has values like {unclear.example}, and no value shows whether the {_SIGNS[sign]} is the "
        "decimal sign or groups thousands."
    )
    small, large = (".", ",") if sign == "." else (",", ".")
    hint = f'Set decimal = "{small}" where that is less than a thousand, decimal = "{large}" where it is more.'
    return Problem(_setting(place), what, hint)


def _two_decimal_signs(place: Place, column: Column, found: Mapping[str, Written]) -> Problem:
    hint = "Export them in one way, or name the right sign with decimal: rows with the other one are then rejected."
    both = " and ".join(_with_sign(sign, found[sign]) for sign in (".", ","))
    return Problem(_setting(place), f"{column.name} has {both}.", hint)


def _contradicted_decimal_sign(place: Place, column: Column, given: str, found: Mapping[str, Written]) -> Problem:
    other = "," if given == "." else "."
    what = f'decimal = "{given}" is set, but {column.name} has {_with_sign(other, found[other])}'
    what += f" beside values like {found['?'].example} that can be read either way."
    return Problem(_setting(place), what, "Correct these values or the setting.")


def _decimal_sign_decision(
    place: Place, column: Column, decimal: str, given: str | None, found: Mapping[str, Written]
) -> Decision:
    unclear = found.get("?")
    if unclear:
        what = f"{counted(unclear.count, 'value')} of {column.name} like {unclear.example} could be read in two ways; "
        what += f"{_with_sign(decimal, found[decimal])} {plural(found[decimal].count, 'decides', 'decide')}."
    else:
        what = f"{column.name} has {_with_sign(decimal, found[decimal])}."
        what += f' That decides, not decimal = "{given}".' if given else ""
    is_thin = unclear is not None and unclear.count > _FEW_DECIDE * found[decimal].count
    return Decision(
        where=f"The {place.table} export",
        what=what,
        setting=f"[sources.{place.source}] decimal names the sign where no value shows it." if not given else "",
        level="warning" if given or is_thin else "note",
        moves_kvis=True,
    )


def _with_sign(sign: str, written: Written) -> str:
    return f"{counted(written.count, 'value')} with a decimal {_SIGNS[sign]} ({written.example})"


def _setting(place: Place) -> str:
    return f"kviboard.toml, [sources.{place.source}] decimal"


def _short_clocks(connection: duckdb.DuckDBPyConnection, place: Place, column: Column) -> list[Decision]:
    found = find_short_clocks(connection, place.rows, clean_text(column.name, keeps_tokens=False))
    if found is None:
        return []
    first, second = found.example.split(":")
    values = f"{counted(found.count, 'value')} of {column.name} {plural(found.count, 'is', 'are')}"
    return [
        Decision(
            where=f"The {place.table} export",
            what=f"{values} written like {found.example} and read as minutes and seconds.",
            example=f"{found.example} is {int(first)} min {int(second)} s, not {int(first)} h {int(second)} min",
            setting=f"Where it is hours and minutes, compute the minutes in queries/staging/{place.table}.sql.",
            level="note" if found.is_decided else "warning",
            moves_kvis=True,
        )
    ]


def _labels(connection: duckdb.DuckDBPyConnection, place: Place, column: Column) -> list[Decision]:
    found = find_labels(connection, place.rows, clean_text(column.name, keeps_tokens=False))
    if found is None:
        return []
    table, example = place.table, found.written.example
    if found.is_reversed:
        what = f"{column.name} has labels whose best answer is the lowest number, such as {example}."
        hint = f"Turn the numbers round in queries/staging/{table}.sql."
        raise StagingError(Problem(f"The {table} export", what, hint))
    count = found.written.count
    labels = f"{counted(count, 'value')} of {column.name} {plural(count, 'is a label', 'are labels')}"
    return [
        Decision(
            where=f"The {table} export",
            what=f"{labels}, read by the number in {plural(count, 'it', 'them')}.",
            example=f"{example} is {found.number}",
            setting=f"Where another number is meant, choose it in queries/staging/{table}.sql.",
            moves_kvis=True,
        )
    ]
