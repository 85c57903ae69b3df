"""The file ledger: what became of every row that was read, file by file."""

from collections.abc import Iterable, Mapping, Sequence

import duckdb

from kviboard.domain.formatting import counted
from kviboard.errors import Problem
from kviboard.warehouse.engine import insert_rows
from kviboard.warehouse.files.extract import Extract
from kviboard.warehouse.files.records import Malformed
from kviboard.warehouse.manifest import LedgerRow
from kviboard.warehouse.staging.queries.origins import adds_rows_up
from kviboard.warehouse.staging.rows.accept import Accepted
from kviboard.warehouse.staging.rows.duplicates import FileKey
from kviboard.warehouse.staging.rows.no_rows import A_FOOTER, SET_ASIDE, footer_lines

FILE_LEDGER = {name: "bigint" if name.startswith("rows_") else "varchar" for name in LedgerRow.model_fields}
Extracts = Mapping[str, Sequence[Extract]]


def ledger_of(accepted: Accepted, extracts: Extracts, source: str) -> list[LedgerRow]:
    """One row per file that `accepted` came from; one for all of them where its query does not say which.

    `source` is the table's main source, for a query that gave no row.
    """
    places = list(accepted.received) or [(source, "")]
    named = sorted({name for name, file in places if file is not None})
    rows = [_file_row(accepted, extract) for name in named for extract in extracts.get(name, ())]
    return rows + [_row(accepted, place, "derived") for place in places if place[1] is None]


def lookups(ledger: Iterable[LedgerRow], readers: Mapping[str, str], extracts: Extracts) -> list[LedgerRow]:
    """One row per file of a source in which rows are only looked up; `readers`: source -> a table that reads it."""
    known = {row.source for row in ledger if row.role == "rows"}
    return [
        LedgerRow(
            table_name=readers[source],
            source=source,
            file=extract.found.name,
            role="lookup",
            rows_read=extract.rows_read,
            rows_kept=extract.rows,
            rows_rejected=len(extract.malformed) - _no_rows(extract),
            rows_duplicate=0,
            rows_set_aside=_no_rows(extract),
        )
        for source in sorted(readers.keys() - known)
        for extract in extracts.get(source, ())
    ]


def list_malformed(connection: duckdb.DuckDBPyConnection, ledger: Iterable[LedgerRow], extracts: Extracts) -> None:
    """Add the records that are no rows to rejected_rows, once per table that their file's rows go to."""
    malformed = {
        (extract.found.source, extract.found.name): _verdicts(extract) for some in extracts.values() for extract in some
    }
    rows = [
        [row.table_name, row.source, row.file, record.line, None, record.text, *verdict]
        for row in ledger
        if row.file is not None
        for record, verdict in malformed.get((row.source, row.file), ())
    ]
    insert_rows(connection, "rejected_rows", rows)


def unaccounted(ledger: Iterable[LedgerRow], query_path: str) -> list[Problem]:
    """Rows that a staging query neither returns nor gives a reason for."""
    problems = []
    for row in ledger:
        lost = row.rows_read - row.rows_accounted_for
        if lost:
            what = f"leaves out {lost:,} of {counted(row.rows_read, 'row')} of {row.file} without saying why."
            hint = "Return them with a text in a column reject_reason instead of filtering them out."
            problems.append(Problem(query_path, what, hint))
    return problems


def _file_row(accepted: Accepted, extract: Extract) -> LedgerRow:
    row = _row(accepted, (extract.found.source, extract.found.name), "rows")
    no_rows = _no_rows(extract)
    rejected = row.rows_rejected + len(extract.malformed) - no_rows
    aside = row.rows_set_aside + no_rows
    found = {
        "rows_read": extract.rows_read,
        "rows_rejected": rejected,
        "rows_set_aside": aside,
        "rows_padded": extract.padded,
    }
    row = row.model_copy(update=found)
    left = row.rows_read - row.rows_accounted_for
    if left <= 0 or not adds_rows_up(accepted.cast_rows.query):
        return row
    return row.model_copy(update={"rows_lines": row.rows_lines + left})


def _no_rows(extract: Extract) -> int:
    return sum(kind == SET_ASIDE for _, (_, kind) in _verdicts(extract))


def _verdicts(extract: Extract) -> list[tuple[Malformed, tuple[str, str]]]:
    """The records of a file that do not fit the columns, each with its reason and kind."""
    footers = footer_lines({record.line: record.text for record in extract.malformed})
    return [(record, _verdict(record, record.line in footers)) for record in extract.malformed]


def _verdict(record: Malformed, is_footer: bool) -> tuple[str, str]:
    if not record.is_set_aside and is_footer:
        return A_FOOTER, SET_ASIDE
    return f"the line {record.reason}", SET_ASIDE if record.is_set_aside else "rejected"


def _row(accepted: Accepted, place: FileKey, role: str) -> LedgerRow:
    return LedgerRow(
        table_name=accepted.cast_rows.table.name,
        source=place[0],
        file=place[1],
        role=role,  # type: ignore[arg-type]
        rows_read=accepted.received[place],
        rows_kept=accepted.kept(place),
        rows_rejected=accepted.rejected[place] + accepted.excluded[place],
        rows_duplicate=accepted.duplicates[place],
        rows_lines=accepted.lines[place],
        rows_replaced=accepted.replaced[place],
        rows_staged=accepted.staged[place],
        rows_set_aside=accepted.set_aside[place],
        rows_emptied=accepted.emptied[place],
    )
