"""What stops a refresh from publishing, each with what is wrong and what to do."""

from collections.abc import Iterable, Mapping

import duckdb

from kviboard.domain.contract import CONTRACT, EVENT_TABLES
from kviboard.domain.formatting import counted, listed, plural
from kviboard.errors import Problem
from kviboard.warehouse.manifest import CheckResult, LedgerRow
from kviboard.warehouse.staging.no_rows import SET_ASIDE
from kviboard.warehouse.staging.row_notes import Reason, reasons, shorten

_NEVER_EMPTY = ("customers", *EVENT_TABLES)
_AT_LEAST_ONE_OF = ("activity", "orders", "responses")
_FEW = 20  # rejected rows below which a file is never refused


def empty_tables(connection: duckdb.DuckDBPyConnection, rows: Mapping[str, int]) -> list[Problem]:
    """Exported tables without a single row; `rows`: kept rows by exported table."""
    problems = []
    for table in (table for table in _NEVER_EMPTY if rows.get(table) == 0):
        what = "has no usable row, so every KVI that needs it would vanish."
        found = reasons(connection, ["rejected", SET_ASIDE], table)
        again = f"Export it again, or remove [sources.{table}] from kviboard.toml if it is no longer there."
        problems.append(Problem(f"The {table} export", what, _most_often(found[0]) if found else again))
    return problems


def nothing_exported(rows: Mapping[str, int]) -> list[Problem]:
    """A board needs at least one table of what customers do, buy or answer."""
    if any(table in rows for table in _AT_LEAST_ONE_OF):
        return []
    what = f"no export of {listed(_AT_LEAST_ONE_OF, 'or')} was found."
    return [Problem("kviboard.toml, [sources]", what, "Name at least one of them and the files it is in.")]


def mostly_rejected(
    connection: duckdb.DuckDBPyConnection,
    ledger: Iterable[LedgerRow],
    excluded: Mapping[tuple[str, str, str | None], int],
    most: float,
) -> list[Problem]:
    """Files of which more than the share `most` was rejected, and at least 20 rows: few of them are only told.

    What a staging query sets aside itself does not count, nor what is no row. `excluded`: rows set aside by (table,
    source, file).
    """
    problems = []
    for row in ledger:
        rejected = row.rows_rejected - excluded.get((row.table_name, row.source, row.file), 0)
        if row.role == "lookup" or rejected < _FEW or rejected <= most * row.rows_read:
            continue
        rows = f"{rejected:,} of {counted(row.rows_read, 'row')} {plural(rejected, 'was', 'were')}"
        where = row.file or f"The {row.table_name} export"
        found = reasons(connection, ["rejected"], row.table_name, row.file)[0]
        problems.append(Problem(where, f"{rows} rejected, more than {most:.0%}.", _most_often(found)))
    return problems


def broken_checks(checks: Iterable[CheckResult]) -> list[Problem]:
    """Rules that every version must keep and this one does not."""
    return [
        Problem(
            f"Check {check.check_name}",
            f"{counted(check.rows_broken, 'row')} {plural(check.rows_broken, 'breaks', 'break')} its rule: "
            f"{check.title}.",
            f"One of them: {check.example}.",
        )
        for check in checks
        if check.rows_broken and check.severity == "error"
    ]


def _most_often(found: Reason) -> str:
    example = f'"{shorten(found.value)}"' if found.value is not None else ""
    line = f"line {found.line}" if found.line is not None else ""
    place = ", ".join(part for part in (example, found.file if found.files > 1 else "", line) if part)
    shown = f" ({place})" if place else ""
    return f"Most often, {counted(found.rows, 'time')}: {found.reason}{shown}. {_advice(found)}"


def _advice(found: Reason) -> str:
    kinds = {known.name: known.kind for known in CONTRACT[found.table].columns}
    kind, value = kinds.get(found.column or ""), found.value
    if found.kind == SET_ASIDE:
        return f"If {found.column or 'what it needs'} is in another column, name that: [sources.{found.source}] rename."
    if kind in ("day", "time") and value:
        return f'If these are dates, say how they are written: [sources.{found.source}] date_format = "%d.%m.%Y".'
    if kind in ("money", "minutes", "rating", "score") and "," in (value or ""):
        return f'If the comma is the decimal sign, set [sources.{found.source}] decimal = ",".'
    if kind == "score":
        return "If answers are given from 1 to 5, set [surveys] scale."
    return "Correct the export, or raise [refresh] max_reject_share in kviboard.toml."
