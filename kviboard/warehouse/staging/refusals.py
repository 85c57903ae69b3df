"""What stops a refresh from publishing, each with what is wrong and what to do."""

from collections.abc import Iterable, Mapping

import duckdb

from kviboard.domain.contract import CONTRACT, EVENT_TABLES
from kviboard.domain.formatting import counted, listed, plural
from kviboard.errors import Problem
from kviboard.warehouse.engine import rows_of
from kviboard.warehouse.manifest import CheckResult, LedgerRow

_NEVER_EMPTY = ("customers", *EVENT_TABLES)
_AT_LEAST_ONE_OF = ("activity", "orders", "responses")


def empty_tables(rows: Mapping[str, int]) -> list[Problem]:
    """Exported tables without a single row; `rows`: kept rows by exported table."""
    return [
        Problem(
            f"The {table} export",
            "has no usable row, so every KVI that needs it would vanish.",
            f"Export it again, or remove [sources.{table}] from kviboard.toml if it is no longer there.",
        )
        for table in _NEVER_EMPTY
        if rows.get(table) == 0
    ]


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
    """Files of which more than the share `most` was rejected; what a staging query sets aside itself does not count.

    `excluded`: rows set aside by (table, source, file).
    """
    problems = []
    for row in ledger:
        rejected = row.rows_rejected - excluded.get((row.table_name, row.source, row.file), 0)
        if row.role == "lookup" or rejected <= most * row.rows_read:
            continue
        rows = f"{rejected:,} of {counted(row.rows_read, 'row')} {plural(rejected, 'was', 'were')}"
        where = row.file or f"The {row.table_name} export"
        problems.append(Problem(where, f"{rows} rejected, more than {most:.0%}.", _most_often(connection, row)))
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


def _most_often(connection: duckdb.DuckDBPyConnection, row: LedgerRow) -> str:
    reason, column, value, line, rows = rows_of(
        connection,
        """
        select any_value(reason), column_name, min_by(value, line), min(line), count(*)
        from rejected_rows
        where table_name = ? and source = ? and file is not distinct from ? and kind = 'rejected'
        group by column_name, case when column_name = 'score' then 'score' else reason end
        order by count(*) desc, column_name limit 1
        """,
        [row.table_name, row.source, row.file],
    )[0]
    example = f' ("{value}"' if value is not None else " ("
    at = f"{', ' if value is not None else ''}line {line}" if line is not None else ""
    found = f"{example}{at})" if value is not None or at else ""
    return f"Most often, {counted(rows, 'time')}: {reason}{found}. {_advice(row, column, value)}"


def _advice(row: LedgerRow, column: str | None, value: str | None) -> str:
    kinds = {known.name: known.kind for known in CONTRACT[row.table_name].columns}
    kind = kinds.get(column or "")
    if kind in ("day", "time") and value:
        return f'If these are dates, say how they are written: [sources.{row.source}] date_format = "%d.%m.%Y".'
    if kind in ("money", "minutes", "rating", "score") and "," in (value or ""):
        return f'If the comma is the decimal sign, set [sources.{row.source}] decimal = ",".'
    if kind == "score":
        return "If answers are given from 1 to 5, set [surveys] scale."
    return "Correct the export, or raise [refresh] max_reject_share in kviboard.toml."
