"""A store after years of use: 2,000 key results and 50,000 check-ins; a quarter's page stays a few queries."""

import gc
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import Engine, Table, event, insert

from kviboard.store import Store, open_store
from kviboard.store.database import Database
from kviboard.store.schema import check_ins, cycles, key_results, objectives
from tests.store.given import MONDAY

CYCLES, OBJECTIVES, KEY_RESULTS, CHECK_INS = 8, 500, 2_000, 50_000
WRITTEN = {"created_at": MONDAY, "created_by": "the owner"}
EDITED = {**WRITTEN, "changed_at": MONDAY, "changed_by": "the owner"}


def years_of_use(place: str) -> None:
    """Objectives over eight quarters, four key results each, a check-in a week for half a year on each."""
    begin = date(2025, 1, 1)
    rows: dict[Table, list[dict[str, object]]] = {
        cycles: [{"name": f"Q{n}", "starts_on": begin, "ends_on": begin + timedelta(90)} for n in range(CYCLES)],
        objectives: [
            {"cycle_id": n % CYCLES + 1, "title": f"Objective {n}", "state": "Active"} for n in range(OBJECTIVES)
        ],
        key_results: [
            {
                "objective_id": n % OBJECTIVES + 1,
                "title": "x",
                "kind": "increase",
                "baseline": Decimal(0),
                "target": Decimal(9),
            }
            for n in range(KEY_RESULTS)
        ],
    }
    said = [
        {
            "key_result_id": n % KEY_RESULTS + 1,
            "day": begin + timedelta(7 * (n // KEY_RESULTS)),
            "value": Decimal(n),
            **WRITTEN,
        }
        for n in range(CHECK_INS)
    ]
    database = Database(place)
    with database.writing(None) as connection:
        for table, typed in rows.items():
            connection.execute(insert(table), [{**row, **EDITED} for row in typed])
        connection.execute(insert(check_ins), said)
    database.close()


@pytest.fixture
def used(place: str) -> Iterator[Store]:
    years_of_use(place)
    with closing(open_store(place)) as store:
        yield store


def test_a_quarters_page_after_years_of_use_takes_four_queries_and_little_time(used: Store) -> None:
    asked: list[str] = []
    event.listen(Engine, "before_cursor_execute", lambda *arguments: asked.append(arguments[2]))
    page = used.objectives_of(3)
    assert len([statement for statement in asked if statement.startswith("SELECT")]) == 4
    assert [len(page), sum(len(row.key_results) for row in page)] == [63, 252]
    newest = {measure.check_ins[0].day for row in page for measure in row.key_results}
    assert newest == {date(2025, 1, 1) + timedelta(7 * 24)}
    gc.disable()  # what other tests left behind is not collected on this one's time
    try:
        begin = time.thread_time()  # of this program alone, and ten times the usual: a shared core counts too
        used.objectives_of(3)
        assert time.thread_time() - begin < 0.5
    finally:
        gc.enable()
