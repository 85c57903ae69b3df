"""Rejected rows are known on the pages where they are so many that they would stop the refresh of a larger export."""

import duckdb
import pytest

from kviboard.warehouse.manifest import LedgerRow
from kviboard.warehouse.staging.rows.accept import REJECTED_ROWS
from kviboard.warehouse.staging.rows.row_notes import row_notes


def ledger(read: int, role: str = "rows") -> LedgerRow:
    return LedgerRow(table_name="responses", source="survey", file="a.csv", role=role, rows_read=read, rows_kept=read,
                     rows_rejected=0, rows_duplicate=0)  # fmt: skip


@pytest.mark.parametrize(("read", "moves"), [(6, True), (29, True), (30, False), (31, False), (3_000, False)])
def test_mostly_rejected_answers_should_be_confirmed(read: int, moves: bool) -> None:
    with duckdb.connect() as connection:
        connection.execute(f"create table rejected_rows ({', '.join(f'{n} {t}' for n, t in REJECTED_ROWS.items())})")
        for line, score in enumerate(("100", "90", "80"), start=2):
            connection.execute(
                "insert into rejected_rows by name select 'responses' as table_name, 'survey' as source, 'a.csv' as "
                "file, ? as line, 'score' as column_name, ? as value, ? as reason, 'rejected' as kind",
                [line, score, f"score {score} is outside 0–10"],
            )
        (said,) = row_notes(connection, [ledger(read), ledger(3_000, "lookup")], most=0.1)
    assert said.what == "3 rows are rejected and in no KVI of responses: score 100 is outside 0–10."
    assert (said.level, said.should_be_confirmed) == ("warning", moves)
