"""Days that must be mistyped, told from the rest by the export alone."""

from datetime import date, timedelta

import pytest

from kviboard.warehouse.staging.rows.outliers import far_behind, last_plausible_day

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
    assert last_plausible_day({}) is None
