"""Days that must be mistyped, told from the rest by the export alone."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from kviboard.warehouse.staging.rows.outliers import far_behind, hardly_any, last_plausible_day
from kviboard.workspace import load_workspace
from tests.warehouse.company import company
from tests.warehouse.staged import published, refreshed

START = date(2026, 1, 1)


def days(*spans: tuple[int, int, int]) -> dict[date, int]:
    """Rows per day from (first day, last day, rows a day), days counted from START."""
    return {START + timedelta(days=day): rows for first, last, rows in spans for day in range(first, last + 1)}


@pytest.mark.parametrize(
    ("spans", "last"),
    [
        ([(0, 99, 10)], None),
        ([(0, 99, 10), (300, 300, 10)], 99),  # 10 of 1,010 rows, 200 days later
        ([(0, 99, 10), (300, 301, 10)], None),  # 20 of 1,020: a shop that opens again
        ([(0, 99, 10), (192, 192, 1)], None),  # 92 quiet days may be a summer
        ([(0, 99, 10), (193, 193, 1)], 99),
        ([(0, 99, 10), (13_000, 13_040, 10)], 99),  # a third of the rows, 35 years later
        ([(0, 9, 1), (13_000, 13_099, 10)], None),  # the few early ones are odd, the many late ones are not
        ([(0, 0, 1)], None),
    ],
)
def test_few_rows_after_a_long_silence_are_not_plausible(spans: list[tuple[int, int, int]], last: int | None) -> None:
    assert last_plausible_day(days(*spans)) == (None if last is None else START + timedelta(days=last))


@pytest.mark.parametrize(
    ("spans", "found"),
    [
        ([(0, 99, 10)], None),
        ([(0, 99, 1), (300, 301, 1)], (2, 99, 300)),
        ([(0, 99, 1), (300, 320, 1)], None),  # 21 of 121 rows: a shop that opens again
        ([(0, 99, 1), (192, 192, 1)], None),  # 92 quiet days may be a summer
    ],
)
def test_some_rows_after_a_long_silence_are_said(
    spans: list[tuple[int, int, int]], found: tuple[int, int, int] | None
) -> None:
    expected = found and (found[0], START + timedelta(days=found[1]), START + timedelta(days=found[2]))
    assert far_behind(days(*spans)) == expected


def test_no_rows_are_no_problem() -> None:
    assert far_behind({}) is None
    assert hardly_any({}) is None
    assert last_plausible_day({}) is None


@pytest.mark.parametrize(
    ("spans", "found"),
    [
        ([(0, 99, 50)], None),
        ([(0, 99, 50), (110, 110, 1)], (1, 99, 10 * 50)),  # ten days between, and a clock that runs ahead
        ([(0, 19, 40), (49, 49, 1)], (1, 19, 29 * 40)),
        ([(0, 99, 50), (100, 120, 2)], (42, 99, 20 * 50)),  # many clocks do
        ([(0, 99, 50), (100, 120, 3)], None),  # 3 of 50 rows a day are few, and more than a twentieth
        ([(0, 99, 50), (100, 100, 1)], None),  # the last day has only begun
        ([(0, 99, 50), (103, 103, 1)], None),  # 150 rows are missing, which is no proof
        ([(0, 99, 50), (110, 110, 30)], None),  # it was closed, and is open again
        ([(0, 99, 1), (110, 110, 1)], None),
    ],
)
def test_a_few_rows_after_the_last_usual_day_are_told(
    spans: list[tuple[int, int, int]], found: tuple[int, int, int] | None
) -> None:
    expected = found and (found[0], START + timedelta(days=found[1]), found[2])
    assert hardly_any(days(*spans)) == expected


def test_closed_weekdays_are_not_missing() -> None:
    """Four hundred rows from Monday to Friday: until the Monday after a weekend nothing is missing."""
    open_days = {day: rows for day, rows in days((0, 99, 400)).items() if day.weekday() < 5}
    friday = max(open_days)
    assert friday.weekday() == 4
    assert hardly_any(open_days | {friday + timedelta(days=3): 1}) is None
    assert hardly_any(open_days | {friday + timedelta(days=4): 1}) == (1, friday, 400)


def test_a_clock_that_runs_ahead_is_warned_of_with_what_to_do(tmp_path: Path) -> None:
    rows = "".join(f"c{n},2026-03-{n // 40 + 1:02}T10:00:00\n" for n in range(800))
    workspace = company(tmp_path, activity_csv=f"customer_id,occurred_at\n{rows}c1,2026-04-19T03:14:07\n")
    (said,) = refreshed(workspace).decisions
    assert said.what == (
        "1 row is all there is on the 30 days after 20 Mar 2026, on which some 1,160 are usual. The data is taken to "
        "reach 19 Apr 2026, so that these days count as ones on which hardly anything happened."
    )
    assert said.should_be_confirmed
    assert published(workspace, "select count(*), max(day) from activity") == [(801, date(2026, 4, 19))]
    (tmp_path / "queries/staging").mkdir(parents=True)
    (tmp_path / "queries/staging/activity.sql").write_text(said.setting.partition("activity.sql: ")[2])
    (told,) = refreshed(load_workspace(tmp_path)).decisions
    assert told.what == "1 row is left out by queries/staging/activity.sql: a clock runs ahead."
    assert published(workspace, "select count(*), max(day) from activity") == [(800, date(2026, 3, 20))]
