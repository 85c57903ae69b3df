"""Which sign is the decimal one in a column: its values decide, else the setting, else the refresh asks."""

from collections.abc import Mapping

import duckdb

from kviboard.domain.contract import Column
from kviboard.domain.formatting import counted, plural
from kviboard.errors import Problem
from kviboard.warehouse.manifest import ExportDecision
from kviboard.warehouse.staging.values.cast import clean_text
from kviboard.warehouse.staging.values.numbers import WrittenValues, find_decimal_signs
from kviboard.warehouse.staging.values.place import Place, StagingError
from kviboard.warehouse.staging.values.scores import plain_scores

_SLIPS = 0.01  # of values written in another way than all others: these are rejected, and do not make it unclear
_FEW_DECIDE = 10
_SIGNS = {".": "point", ",": "comma"}


def decide_decimal_sign(
    connection: duckdb.DuckDBPyConnection, place: Place, column: Column, setting: str
) -> tuple[str, list[ExportDecision]]:
    """The sign that the column's values show; the setting where none of them does, or where both are there.

    Raises StagingError where neither decides.
    """
    value = clean_text(column.name, keeps_tokens=False)
    found = find_decimal_signs(connection, place.rows, plain_scores(value) if column.kind == "score" else value)
    given = None if setting == "detect" else setting
    shown, unclear = _shown_sign(found), found.get("?")
    if column.kind in ("score", "rating") and unclear and shown is None:  # no scale reaches a thousand
        shown, found = ("," if "," in unclear.value else "."), {}
    if given is None and shown == "both":
        raise StagingError(_both(place, column, found))
    if unclear and shown is None and given is None:
        raise StagingError(_unclear(place, column, unclear))
    if unclear and given and shown in (".", ",") and shown != given and found:
        raise StagingError(_contradicted(place, column, given, found))
    decimal = shown if shown in (".", ",") else given or "."
    is_said = decimal in found and (unclear or decimal != (given or "."))
    return decimal, [_decision(place, column, decimal, given, found)] if is_said else []


def _shown_sign(found: dict[str, WrittenValues]) -> str | None:
    """The decimal sign that values show; "both" where neither is a slip, None where no value shows one."""
    point, comma = (found[sign].count if sign in found else 0 for sign in (".", ","))
    if not point + comma:
        return None
    if min(point, comma) > _SLIPS * (point + comma):
        return "both"
    return "." if point > comma else ","


def _unclear(place: Place, column: Column, unclear: WrittenValues) -> Problem:
    sign = "," if "," in unclear.value else "."
    what = (
        f"{column.name} has values like {unclear.example}, and no value shows whether the {_SIGNS[sign]} is the "
        "decimal sign or groups thousands."
    )
    small, large = (".", ",") if sign == "." else (",", ".")
    hint = f'Set decimal = "{small}" where that is less than a thousand, decimal = "{large}" where it is more.'
    return Problem(_setting(place), what, hint)


def _both(place: Place, column: Column, found: Mapping[str, WrittenValues]) -> Problem:
    hint = "Export them in one way, or name the right sign with decimal: rows with the other one are then rejected."
    both = " and ".join(_with_sign(sign, found[sign]) for sign in (".", ","))
    return Problem(_setting(place), f"{column.name} has {both}.", hint)


def _contradicted(place: Place, column: Column, given: str, found: Mapping[str, WrittenValues]) -> Problem:
    other = "," if given == "." else "."
    what = f'decimal = "{given}" is set, but {column.name} has {_with_sign(other, found[other])}'
    what += f" beside values like {found['?'].example} that can be read either way."
    return Problem(_setting(place), what, "Correct these values or the setting.")


def _decision(
    place: Place, column: Column, decimal: str, given: str | None, found: Mapping[str, WrittenValues]
) -> ExportDecision:
    unclear = found.get("?")
    if unclear:
        what = f"{counted(unclear.count, 'value')} of {column.name} like {unclear.example} could be read in two ways; "
        what += f"{_with_sign(decimal, found[decimal])} {plural(found[decimal].count, 'decides', 'decide')}."
    else:
        what = f"{column.name} has {_with_sign(decimal, found[decimal])}."
        what += f' That decides, not decimal = "{given}".' if given else ""
    is_thin = unclear is not None and unclear.count > _FEW_DECIDE * found[decimal].count
    return ExportDecision(
        where=place.export,
        what=what,
        setting=f"[sources.{place.source}] decimal names the sign where no value shows it." if not given else "",
        level="warning" if given or is_thin else "note",
        moves_kvis=True,
    )


def _with_sign(sign: str, written: WrittenValues) -> str:
    return f"{counted(written.count, 'value')} with a decimal {_SIGNS[sign]} ({written.example})"


def _setting(place: Place) -> str:
    return f"kviboard.toml, [sources.{place.source}] decimal"
