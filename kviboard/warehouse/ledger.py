"""The file ledger: for every file, rows read = rows kept + rows rejected + duplicates."""

from collections.abc import Iterable, Mapping, Sequence

import duckdb

from kviboard.warehouse.accept import Accepted
from kviboard.warehouse.extract import Extract
from kviboard.warehouse.manifest import LedgerRow

Extracts = Mapping[str, Sequence[Extract]]


def ledger_of(accepted: Accepted, extracts: Extracts, source: str) -> list[LedgerRow]:
    """One row per file that `accepted` came from; one for all of them where its query does not say which.

    `source` is the table's main source, for a query that delivered nothing.
    """
    table = accepted.delivery.table.name
    places = list(accepted.delivered) or [(source, "")]
    rows = []
    for name in sorted({place[0] for place in places if place[1] is not None}):
        rows += [_file_row(accepted, extract) for extract in extracts.get(name, ())]
    for place in (place for place in places if place[1] is None):
        rows.append(
            LedgerRow(
                table_name=table,
                source=place[0],
                file=None,
                role="derived",
                rows_read=accepted.delivered[place],
                rows_kept=accepted.kept(place),
                rows_rejected=accepted.rejected[place] + accepted.excluded[place],
                rows_duplicate=accepted.duplicates[place],
            )
        )
    return rows


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
            rows_rejected=len(extract.malformed),
            rows_duplicate=0,
        )
        for source in sorted(readers.keys() - known)
        for extract in extracts.get(source, ())
    ]


def list_malformed(connection: duckdb.DuckDBPyConnection, table: str, source: str, extracts: Sequence[Extract]) -> None:
    """Add records that are no rows to rejected_rows."""
    rows = [
        [table, source, extract.found.name, record.line, None, record.text, f"the line {record.reason}", "rejected"]
        for extract in extracts
        for record in extract.malformed
    ]
    if rows:
        connection.executemany("insert into rejected_rows values (?, ?, ?, ?, ?, ?, ?, ?)", rows)


def _file_row(accepted: Accepted, extract: Extract) -> LedgerRow:
    place = (extract.found.source, extract.found.name)
    return LedgerRow(
        table_name=accepted.delivery.table.name,
        source=extract.found.source,
        file=extract.found.name,
        role="rows",
        rows_read=extract.rows_read,
        rows_kept=accepted.kept(place),
        rows_rejected=accepted.rejected[place] + accepted.excluded[place] + len(extract.malformed),
        rows_duplicate=accepted.duplicates[place],
    )
