"""Amounts keep the digits that were exported: what is less than a cent is rounded after adding up, never before."""

import duckdb

from kviboard.warehouse.engine import quoted, row_of, rows_of

CENTS = "decimal(18, 2)"
_MOST_PLACES = 10  # of a value such as 0.30000000000000004, what follows is no money
_EXACT = f"decimal(38, {_MOST_PLACES})"


def money_type(connection: duckdb.DuckDBPyConnection, rows: str, value: str, decimal: str) -> str:
    """The type for amounts in text: that of cents unless some have more decimal places. `value` is SQL for the text."""
    places = rf"length(rtrim(regexp_extract({value}, '[{decimal}](\d+)\D*$', 1), '0'))"
    is_power = f"regexp_matches({value}, '\\d[eE][-+]?\\d')"
    long_or_power = f"contains(lower({value}), 'e') or regexp_matches({value}, '[{decimal}]\\d\\d\\d')"
    most = row_of(
        connection,
        f"select max(case when {is_power} then {_MOST_PLACES} else {places} end) from {rows} where {long_or_power}",
    )[0]
    return f"decimal(38, {min(most, _MOST_PLACES)})" if most and most > 2 else CENTS


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
    return found_type.lower() if kind == "DECIMAL" else _EXACT
