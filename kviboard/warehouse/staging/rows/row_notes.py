"""What is said of rows that are not in the tables: how many, why, and one of them.

Every sentence is made of facts of one and the same row. What stops a refresh belongs to refusals.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

import duckdb

from kviboard.domain.contract import CONTRACT
from kviboard.domain.formatting import counted, listed, plural
from kviboard.domain.names import likeness
from kviboard.warehouse.engine import columns_of, quoted, readable, rows_of
from kviboard.warehouse.forgotten import REASON as FORGOTTEN
from kviboard.warehouse.manifest import ExportDecision, LedgerRow
from kviboard.warehouse.staging.rows.no_rows import SET_ASIDE

_SAID_WITH_THE_HEADER = "the line is a second header line"
_LONGEST = 80  # characters of a value that are shown
_WITHOUT_AN_ACCOUNT = re.compile(
    r"(user)?pseudoid|(anonymous|amplitude|device|distinct|visitor|client|cookie)(user)?id"
)


@dataclass(frozen=True)
class Reason:
    """Why rows of one table and source are not in it, with the first of them: its file, line, value and reason."""

    table: str
    source: str
    kind: str
    column: str | None
    rows: int
    files: int
    file: str | None
    line: int | None
    value: str | None
    reason: str  # in the words for this row

    @property
    def where(self) -> str:
        return self.file if self.file and self.files == 1 else f"The {self.table} export"

    @property
    def example(self) -> str:
        """The row in words: `line 12: "free"`."""
        file = self.file if self.files > 1 else None
        at = ", ".join(part for part in (file, f"line {self.line:,}" if self.line else None) if part)
        shown = f'"{shorten(self.value)}"' if self.value is not None else ""
        return f"{at}: {shown}" if at and shown else at or shown


def reasons(
    connection: duckdb.DuckDBPyConnection, kinds: Sequence[str], table: str | None = None, file: str | None = None
) -> list[Reason]:
    """Why rows are in rejected_rows, for `table` or all and `file` or all; the most frequent reason first."""
    found = rows_of(
        connection,
        """
        with likened as (
            select
                *,
                case when column_name = 'score' then regexp_replace(reason, '^score .* is ', '') else reason end
                    as alike
            from rejected_rows
            where list_contains(?, kind) and coalesce(table_name = ?, true) and coalesce(file = ?, true)
        )
        select
            table_name, source, kind, column_name, count(*) as found, count(distinct file) as files,
            arg_min(
                {'file': file, 'line': line, 'value': value, 'reason': reason}, {'file': file, 'line': line}
            ) as first
        from likened
        group by table_name, source, kind, column_name, alike
        order by found desc, table_name, source, column_name, alike
        """,
        [list(kinds), table, file],
    )
    return [Reason(*group, **first) for *group, first in found]


def row_notes(connection: duckdb.DuckDBPyConnection, ledger: Sequence[LedgerRow], most: float) -> list[ExportDecision]:
    """Rows that are rejected, lines that are no rows, and files of which no row can be used.

    Where more than the share `most` of an export is rejected, and it is too small to stop the refresh for it, people
    who read its KVIs should know.
    """
    found = reasons(connection, ["rejected", SET_ASIDE, "excluded"])
    rejected, aside, own = (
        [each for each in found if each.kind == kind] for kind in ("rejected", SET_ASIDE, "excluded")
    )
    notes = list(_each_once(connection, rejected, _mostly_rejected(rejected, ledger, most)))
    notes += [_set_aside(reason) for reason in aside if reason.reason != _SAID_WITH_THE_HEADER]
    notes += [_left_out(reason) for reason in own if reason.reason != FORGOTTEN]
    return notes + _useless_files(connection, ledger)


def whose_advice(connection: duckdb.DuckDBPyConnection, reason: Reason) -> str:
    """What to do about events that name no customer, for most tools keep those of people who did not sign in; "" about
    other rows."""
    if (reason.table, reason.column) != ("activity", "customer_id") or reason.value is not None:
        return ""
    found = columns_of(connection, f"select * from source.{quoted(reason.source)}")
    if "occurred_at" not in found:  # they are made of other rows
        return ""
    other = next((name for name in found if _WITHOUT_AN_ACCOUNT.fullmatch(likeness(name))), "")
    customer = "nullif(customer_id, '')" if found.get("customer_id") == "VARCHAR" else "customer_id"
    rows, where = f"from source.{reason.source}", f"in queries/staging/{reason.table}.sql"
    out = f"select *, case when {customer} is null then 'nobody signed in' end as reject_reason {rows}"
    if not other:
        return f"If nobody had signed in there, leave them out {where}: {out}"
    whom = f"select * replace (coalesce({customer}, {readable(other)}) as customer_id) {rows}"
    return f"If nobody had signed in there, count each {other} as a customer {where}: {whom}; or leave them out: {out}"


def shorten(value: str | None) -> str:
    """A value that fits into a sentence, on one line."""
    text = " ".join((value or "").split())
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def _mostly_rejected(found: Iterable[Reason], ledger: Iterable[LedgerRow], most: float) -> set[tuple[str, str]]:
    """Tables, each with the source, of whose rows more than the share `most` is rejected."""
    read, rejected = Counter[tuple[str, str]](), Counter[tuple[str, str]]()
    for row in ledger:
        read[row.table_name, row.source] += row.rows_read if row.role != "lookup" else 0
    for reason in found:
        rejected[reason.table, reason.source] += reason.rows
    return {of for of, rows in rejected.items() if rows > most * read[of]}


def _each_once(
    connection: duckdb.DuckDBPyConnection, found: Sequence[Reason], mostly: Collection[tuple[str, str]]
) -> Iterator[ExportDecision]:
    """What is rejected; once where a table takes the same rows from the export of another, as activity from orders."""
    groups: dict[tuple[str, str | None, int], list[Reason]] = {}
    for reason in found:
        groups.setdefault((reason.source, reason.value, reason.rows), []).append(reason)
    for alike in groups.values():
        placed = [reason for reason in alike if reason.file]
        taken = [reason for reason in alike if not reason.file]
        moves = any((reason.table, reason.source) in mostly for reason in alike)
        yield from (_rejected(connection, reason, reason.table, moves) for reason in (placed[1:] if placed else taken))
        if placed:
            yield _rejected(connection, placed[0], listed([reason.table for reason in (placed[0], *taken)]), moves)


def _rejected(connection: duckdb.DuckDBPyConnection, reason: Reason, tables: str, moves_kvis: bool) -> ExportDecision:
    rows = f"{counted(reason.rows, 'row')}{_in_files(reason)} {plural(reason.rows, 'is', 'are')} rejected"
    what = f"{rows} and in no KVI of {tables}: {reason.reason}."
    mend = f"Correct it in the export, or in queries/staging/{reason.table}.sql."
    if (reason.table, reason.column) == ("orders", "customer_id"):
        setting = f"[sources.{reason.source}] guest_orders = true"
        mend += f" If they are orders of guests, set {setting}: they count in turnover then."
    mend = whose_advice(connection, reason) or mend
    return ExportDecision(
        where=reason.where, what=what, example=reason.example, setting=mend, level="warning", moves_kvis=moves_kvis
    )


def _set_aside(reason: Reason) -> ExportDecision:
    lines = f"{counted(reason.rows, 'line')}{_in_files(reason)} {plural(reason.rows, 'is', 'are')} set aside"
    count = ""
    if reason.column and reason.column not in (column.name for column in CONTRACT[reason.table].columns):
        count = f"If they should count, leave {reason.column} out in queries/staging/{reason.table}.sql: "
        count += f"select * exclude ({readable(reason.column)}) from source.{reason.source}"
    return ExportDecision(where=reason.where, what=f"{lines}: {reason.reason}.", example=reason.example, setting=count)


def _left_out(reason: Reason) -> ExportDecision:
    rows = f"{counted(reason.rows, 'row')}{_in_files(reason)} {plural(reason.rows, 'is', 'are')} left out"
    what = f"{rows} by queries/staging/{reason.table}.sql: {reason.reason}."
    return ExportDecision(where=reason.where, what=what, example=reason.example)


def _in_files(reason: Reason) -> str:
    return f" in {reason.files:,} files" if reason.files > 1 else ""


def _useless_files(connection: duckdb.DuckDBPyConnection, ledger: Iterable[LedgerRow]) -> list[ExportDecision]:
    """Files of which no row can be used: perhaps the whole file is read wrongly. Told once for those of a source."""
    found: dict[tuple[str, str], list[Reason]] = {}
    for row in ledger:
        if row.file and row.role == "rows" and row.rows_read and not row.rows_kept + row.rows_duplicate:
            usual = reasons(connection, ["rejected", SET_ASIDE], row.table_name, row.file)
            if usual and (usual[0].kind == "rejected" or usual[0].column == "score"):
                found.setdefault((row.table_name, row.source), []).append(usual[0])
    return [_useless(files) for files in found.values()]


def _useless(files: Sequence[Reason]) -> ExportDecision:
    first = files[0]
    what = "Not one row of it can be used" if len(files) == 1 else f"Not one row of {len(files):,} files can be used"
    line = f", line {first.line:,}" if first.line else ""
    return ExportDecision(
        where=str(first.file) if len(files) == 1 else f"The {first.table} export",
        what=f"{what}; most often {first.reason}.",
        example=f"{first.file}{line}" + (f': "{shorten(first.value)}"' if first.value is not None else ""),
        level="warning",
        moves_kvis=True,
    )
