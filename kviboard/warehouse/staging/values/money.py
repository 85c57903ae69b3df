"""Amounts keep the digits that were exported: what is less than a cent is rounded after adding up, never before."""

from collections.abc import Iterable
from decimal import Decimal

import duckdb

from kviboard.warehouse.engine import quoted, row_of, rows_of

CENTS = "decimal(18, 2)"
_MOST_PLACES = 10  # of a value such as 0.30000000000000004, what follows is no money
_DIGITS = 16  # before the point, as cents have: types of one such number add up to one that loses no place


def exact_type(places: int) -> str:
    """The type of amounts with so many decimal places."""
    return CENTS if places <= 2 else f"decimal({_DIGITS + places}, {places})"


def common_type(types: Iterable[str], more_places: int = 0) -> str:
    """The type that holds the amounts of all `types`, times a number with `more_places`."""
    return exact_type(max(int(each.rpartition(",")[2].strip(" )")) for each in types) + more_places)


def times_type(money: str, factor: str) -> str:
    """The type of amounts in `money` times `factor`, a number in SQL; "" is 1."""
    return common_type([money], len(factor.partition(".")[2]))


def money_type(connection: duckdb.DuckDBPyConnection, rows: str, value: str, decimal: str) -> str:
    """The type for amounts in text: that of cents unless some have more decimal places. `value` is SQL for the text."""
    places = rf"length(rtrim(regexp_extract(v, '[{decimal}](\d+)\D*$', 1), '0'))"
    is_power = r"regexp_matches(v, '\d[eE][-+]?\d')"
    most = row_of(
        connection,
        f"""
        select max(case when {is_power} then {_MOST_PLACES} else {places} end)
        from (select {value} as v from {rows})
        where contains(lower(v), 'e') or regexp_matches(v, '[{decimal}]\\d\\d\\d')
        """,
    )[0]
    return exact_type(min(most or 0, _MOST_PLACES))


def native_money_type(connection: duckdb.DuckDBPyConnection, rows: str, name: str, found_type: str) -> str:
    """The type for amounts that are numbers already; a binary fraction next to a whole cent is that cent."""
    amount = quoted(name)
    kind = found_type.split("(")[0]
    if kind not in ("DECIMAL", "DOUBLE", "FLOAT") or found_type.endswith((",0)", ",1)", ",2)")):
        return CENTS
    near = {
        "DECIMAL": "0",
        "DOUBLE": f"1e-9 * greatest(1, abs({amount}))",
        "FLOAT": f"1e-6 * greatest(1, abs({amount}))",
    }
    is_finite = "true" if kind == "DECIMAL" else f"isfinite({amount})"
    parts = f"{is_finite} and abs({amount} - round({amount}, 2)) > {near[kind]}"
    if not rows_of(connection, f"select 1 from {rows} where {parts} limit 1"):
        return CENTS
    return found_type.lower() if kind == "DECIMAL" else exact_type(_MOST_PLACES)


def shown_amount(value: Decimal) -> str:
    """An amount or rate as sentences quote it: without zeros at its end, but with its cents."""
    bare = value.normalize()
    exponent = bare.as_tuple().exponent
    return f"{bare if isinstance(exponent, int) and exponent <= -2 else value.quantize(Decimal('0.01')):,f}"
