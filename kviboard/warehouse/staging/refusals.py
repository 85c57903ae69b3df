"""What stops a refresh from publishing, each with what is wrong and what to do."""

import re
from collections.abc import Iterable, Mapping

import duckdb

from kviboard.domain.contract import CONTRACT, EVENT_TABLES
from kviboard.domain.formatting import counted, listed, plural
from kviboard.errors import Problem
from kviboard.warehouse.engine import literal
from kviboard.warehouse.manifest import CheckResult, LedgerRow
from kviboard.warehouse.staging.rows.no_rows import SET_ASIDE
from kviboard.warehouse.staging.rows.row_notes import Reason, reasons, shorten, whose_advice
from kviboard.warehouse.staging.values.date_formats import fitting_formats

_NEVER_EMPTY = ("customers", *EVENT_TABLES)
_NO_DAY = {"month": r"\d{4}[-/.]?(0[1-9]|1[0-2])|(0?[1-9]|1[0-2])[-/.]\d{4}|[^\W\d]{3,10}\.?[ -]\d{2,4}",
           "week": r"(\d{4}[- ]?)?(W|KW|CW|v\.?|vecka|uge|week|wk)[- ]?\d{1,3}([ /-]\d{4})?", "year": r"(19|20)\d\d",
           "quarter": r"(\d{4}[- ]?)?Q[1-4]([ /-]\d{4})?"}  # fmt: skip
_BUDDHA, _REPUBLIC = 543, 1911  # years between calendars
_DECIMAL_COMMA = re.compile(r"-?\d{1,3}(\.?\d{3})*,\d{1,2}")
_HIGHEST_SCORE = 10
_AT_LEAST_ONE_OF = ("activity", "orders", "responses")
_FEW = 20  # rejected rows below which a file is never refused


def unusable_rows(
    connection: duckdb.DuckDBPyConnection,
    rows: Mapping[str, int],
    ledger: Iterable[LedgerRow],
    excluded: Mapping[tuple[str, str, str | None], int],
    most: float,
) -> list[Problem]:
    """Files that are mostly rejected and exported tables without a single row, one sentence per cause: not again for a
    table that is empty because of such a file, nor for one that takes its rows from the same source.

    `rows`: kept rows by exported table. `excluded`: rows set aside by (table, source, file).
    """
    found = _mostly_rejected(connection, ledger, excluded, most)
    in_files = {(reason.source, reason.value) for _, reason in found if reason.file}
    said = {reason.table for _, reason in found}
    rejected = [problem for problem, reason in found if reason.file or (reason.source, reason.value) not in in_files]
    return [*_empty_tables(connection, {name: kept for name, kept in rows.items() if name not in said}), *rejected]


def _empty_tables(connection: duckdb.DuckDBPyConnection, rows: Mapping[str, int]) -> list[Problem]:
    problems = []
    for table in (table for table in _NEVER_EMPTY if rows.get(table) == 0):
        what = "has no usable row, so every KVI that needs it would vanish."
        found = reasons(connection, ["rejected", SET_ASIDE], table)
        again = f"Export it again, or remove [sources.{table}] from kviboard.toml if it is no longer there."
        problems.append(
            Problem(
                f"The {table} export", what, _most_often(connection, found[0], is_any_usable=False) if found else again
            )
        )
    return problems


def nothing_exported(rows: Mapping[str, int]) -> list[Problem]:
    """A board needs at least one table of what customers do, buy or answer."""
    if any(table in rows for table in _AT_LEAST_ONE_OF):
        return []
    what = f"no export of {listed(_AT_LEAST_ONE_OF, 'or')} was found."
    return [Problem("kviboard.toml, [sources]", what, "Name at least one of them and the files it is in.")]


def _mostly_rejected(
    connection: duckdb.DuckDBPyConnection,
    ledger: Iterable[LedgerRow],
    excluded: Mapping[tuple[str, str, str | None], int],
    most: float,
) -> list[tuple[Problem, Reason]]:
    """Files of which more than the share `most` was rejected, and at least 20 rows: few of them are only told.

    What a staging query sets aside itself does not count, nor what is no row.
    """
    problems = []
    for row in ledger:
        rejected = row.rows_rejected - excluded.get((row.table_name, row.source, row.file), 0)
        if row.role == "lookup" or rejected < _FEW or rejected <= most * row.rows_read:
            continue
        where = row.file or f"The {row.table_name} export"
        found = reasons(connection, ["rejected"], row.table_name, row.file)[0]
        is_any_usable = rejected < row.rows_read
        rows = f"{rejected:,} of {counted(row.rows_read, 'row')} {plural(rejected, 'was', 'were')}"
        what = f"{rows} rejected, more than {most:.0%}." if is_any_usable else f"all {rejected:,} rows were rejected."
        problems.append((Problem(where, what, _most_often(connection, found, is_any_usable)), found))
    return problems


def broken_checks(checks: Iterable[CheckResult]) -> list[Problem]:
    """Rules that every version must keep and this one does not."""
    return [
        Problem(
            f"Check {check.check_name}",
            f"{counted(check.rows_broken, 'row')} {plural(check.rows_broken, 'breaks', 'break')} its rule: "
            f"{check.title}.",
            f"One of them: {check.example}. Correct it in the export, or in the query that makes it.",
        )
        for check in checks
        if check.rows_broken and check.severity == "error"
    ]


def _most_often(connection: duckdb.DuckDBPyConnection, found: Reason, is_any_usable: bool) -> str:
    example = f'"{shorten(found.value)}"' if found.value is not None else ""
    line = f"line {found.line}" if found.line is not None else ""
    place = ", ".join(part for part in (example, found.file if found.files > 1 else "", line) if part)
    shown = f" ({place})" if place else ""
    return (
        f"Most often, {counted(found.rows, 'time')}: {found.reason}{shown}. {_advice(connection, found, is_any_usable)}"
    )


def _advice(connection: duckdb.DuckDBPyConnection, found: Reason, is_any_usable: bool) -> str:
    kinds = {known.name: known.kind for known in CONTRACT[found.table].columns}
    kind, value = kinds.get(found.column or ""), found.value
    if found.kind == SET_ASIDE:
        return f"If {found.column or 'what it needs'} is in another column, name that: [sources.{found.source}] rename."
    table = f"[sources.{found.source}]"
    if "\0" in (value or ""):
        return "There is a zero byte in it, which no text has: save the export again as plain text in UTF-8."
    if (found.table, found.column) == ("orders", "customer_id") and value is None:
        counts = "they count in turnover, orders and the average order then"
        return f"If these are orders of guests, set {table} guest_orders = true: {counts}. Else correct the export."
    if whose := whose_advice(connection, found):
        return whose
    if kind in ("day", "time") and (dates := _advice_on_dates(connection, found, table)):
        return dates
    if kind in ("money", "minutes", "rating") and _DECIMAL_COMMA.fullmatch(value or ""):
        return f'If the comma is the decimal sign, set {table} decimal = ",".'
    if kind == "score" and (value or "").isdecimal() and int(value or "") <= _HIGHEST_SCORE:
        return f'If answers are given from 0 to 10, set {table} scale = "0-10".'
    if kind == "score" and (value or "").isdecimal():
        scale = "Scores are read from 0 to 10, 1 to 10 or 1 to 5: translate others to 0–10 in queries/staging/"
        return f"{scale}{found.table}.sql."
    if kind == "score" and re.fullmatch(r"[^\W\d_][^\d]*", value or ""):
        word = f"select * replace (case score when {literal(value or '')} then 0 … end as score)"
        return (
            f"Say which number from 0 to 10 each word stands for, in queries/staging/{found.table}.sql: {word} "
            f"from source.{found.source}; or name the column with numbers under {table} rename."
        )
    if is_any_usable:
        return "Correct the export, or raise [refresh] max_reject_share in kviboard.toml."
    other = f"; if {found.column} is in another column, name that: {table} rename" if found.column else ""
    if kind in ("day", "time") and re.search(r"\d", value or "") and not re.match(r"\d{4}-\d\d-\d\d", value or ""):
        return (
            f"Turn them into dates like 2026-01-31 14:05, in the export or in queries/staging/{found.table}.sql{other}."
        )
    return f"Correct the export{other}."


def _advice_on_dates(connection: duckdb.DuckDBPyConnection, found: Reason, table: str) -> str:
    """How the values may be written, where formats read all of them; "" where none does."""
    values = "select value from rejected_rows where kind = ? and table_name = ? and source = ? and column_name = ?"
    given = [found.kind, found.table, found.source, found.column]
    fitting = [f'"{style}"' for style in fitting_formats(connection, values, given)]
    if len(fitting) == 1:
        return f"If these are dates, say how they are written: {table} date_format = {fitting[0]}."
    if fitting:
        ways = listed(fitting[:2], "or")
        return f"If these are dates, say how they are written, for they fit in two ways: {table} date_format = {ways}."
    part = next((part for part, pattern in _NO_DAY.items() if re.fullmatch(pattern, found.value or "", re.I)), "")
    if part:
        what = f"That is a {part} and no day: export a row per day or event, or"
        return f"{what} return a day, such as its last, in queries/staging/{found.table}.sql."
    if year := _year_elsewhere(found.value or ""):
        return f"{year}: turn them into dates like 2026-01-31, in the export or in queries/staging/{found.table}.sql."
    return ""


def _year_elsewhere(value: str) -> str:
    """Of which calendar the year of a date is, where it is not ours; "" for none that is known."""
    if buddhist := re.search(r"(?<![\d:])25\d\d(?![\d:])", value):
        return f"{buddhist[0]} is a year of the Buddhist calendar, {int(buddhist[0]) - _BUDDHA} elsewhere"
    if islamic := re.match(r"(?:\d\d?([./-])\d\d?\1)?(1[34]\d\d)(?:[./-]|\b)", value):
        return f"{islamic[2]} is a year of the Islamic or the Iranian calendar"
    if of_republic := re.match(r"(1[0-3]\d|[89]\d)([./-])\d\d?\2\d\d?(?!\d)", value):
        return f"{of_republic[1]} is a year of the Republic of China, {int(of_republic[1]) + _REPUBLIC} elsewhere"
    return ""
