"""The quarter's page after years of use: 2,000 key results and 50,000 check-ins, half of the key results on KVIs."""

import gc
import time
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import insert

from kviboard.board.okrs.quarter import read_quarter
from kviboard.board.okrs.status_changes import okr_changes_since
from kviboard.board.okrs.story import objective_story
from kviboard.caching import LatestCache, object_cache
from kviboard.store.database import Database
from kviboard.store.schema import check_ins, cycles, key_results, objectives
from tests.board.okrs.given import an_author, context_on

QUARTERS, OBJECTIVES, KEY_RESULTS, CHECK_INS = 8, 400, 2_000, 50_000
WRITTEN = {"created_at": an_author().at, "created_by": "Product owner"}
EDITED = {**WRITTEN, "changed_at": an_author().at, "changed_by": "Product owner"}
PAGE_SECONDS = 0.2


@pytest.fixture(scope="module")
def used(sample_board, tmp_path_factory):
    """Eight quarters back from the one under way; every KVI drives key results, the others are typed weekly."""
    folder = tmp_path_factory.mktemp("used")
    context = context_on(sample_board, folder)
    kvis = [kvi for kvi in sample_board.kvis.values() if "month" in kvi.grains]
    begins = [date(2026, 10, 1) - timedelta(91 * n) for n in range(QUARTERS)]
    quarters = [{"name": f"Q{n}", "starts_on": day, "ends_on": day + timedelta(90)} for n, day in enumerate(begins)]
    measures = []
    for number in range(KEY_RESULTS):
        kvi = kvis[number // 2 % len(kvis)] if number % 2 else None
        source = {"kvi": kvi.name, "grain": "month", "unit": kvi.unit} if kvi else {"kvi": None, "grain": None}
        numbers = {"kind": "increase", "baseline": Decimal(20), "target": Decimal(40 + number % 30)}
        measures.append(
            {"objective_id": number % OBJECTIVES + 1, "title": f"{number}", "unit": "number", **numbers, **source}
        )
    said = [
        {
            "key_result_id": number % KEY_RESULTS + 1,
            "day": date(2026, 10, 1) + timedelta(number // KEY_RESULTS),
            "value": None if number % 2 else Decimal(20 + number % 17),
            "confidence": number % 11,
            **WRITTEN,
        }
        for number in range(CHECK_INS)
    ]
    aims = [{"cycle_id": n % QUARTERS + 1, "title": f"Aim {n}", "state": "Active"} for n in range(OBJECTIVES)]
    database = Database(folder / "board.sqlite")
    with database.writing(None) as connection:
        for table, rows in ((cycles, quarters), (objectives, aims), (key_results, measures)):
            connection.execute(insert(table), [{**row, **EDITED} for row in rows])
        connection.execute(insert(check_ins), said)
    database.close()
    yield context
    context.store.close()


def seconds(work) -> float:
    """The least processor time of three runs, so that a busy machine does not decide."""
    times = []
    gc.disable()  # what other tests left behind is not collected on this one's time
    try:
        for _ in range(3):
            begin = time.process_time()
            work()
            times.append(time.process_time() - begin)
    finally:
        gc.enable()
    return min(times)


def test_the_page_of_a_quarter_is_made_in_time(used):
    def anew():
        fresh = replace(used, quarters=object_cache(16), cards=LatestCache(2_000))  # the KVIs' histories are kept
        quarter = read_quarter(fresh)
        assert sum(len(view.key_results) for view in quarter.objectives) == KEY_RESULTS / QUARTERS

    assert seconds(anew) < PAGE_SECONDS
    assert seconds(lambda: read_quarter(used)) < PAGE_SECONDS / 10


def test_a_kvi_is_evaluated_once_however_many_key_results_it_drives(used):
    quarter = read_quarter(used)
    readings = {id(part.reading) for view in quarter.objectives for part in view.key_results if part.reading}
    driven = {part.record.kvi for view in quarter.objectives for part in view.key_results if part.record.kvi}
    assert len(readings) == len(driven)


def test_a_story_and_this_week_are_told_in_time(used):
    assert seconds(lambda: objective_story(used, 1)) < PAGE_SECONDS
    assert seconds(lambda: okr_changes_since(used)) < PAGE_SECONDS
