"""A run of days without rows in a table that has some nearly every day is said: an export may be missing."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from kviboard.warehouse.manifest import ExportDecision
from tests.warehouse.company import ORDERS, company
from tests.warehouse.staged import refreshed

DAYS = [date(2025, 3, 1) + timedelta(number) for number in range(120)]  # until 28 June


def said(folder: Path, has_rows: Callable[[date], bool]) -> list[ExportDecision]:
    rows = "".join(f"{number},c{number % 9},{day},5\n" for number, day in enumerate(DAYS) if has_rows(day))
    return [each for each in refreshed(company(folder, orders_csv=ORDERS + rows)).decisions if "no row on" in each.what]


def test_a_month_that_is_missing_is_a_warning_with_its_days(tmp_path: Path) -> None:
    (found,) = said(tmp_path, lambda day: day.month != 5)
    assert found.should_be_confirmed
    assert found.where == "The orders export"
    assert found.what.startswith("there is no row on 31 days, 1–31 May 2025, and some on nearly every day before and")


def test_days_on_which_a_shop_is_closed_are_no_part_of_it(tmp_path: Path) -> None:
    (found,) = said(tmp_path, lambda day: day.month != 5 and day.weekday() < 5)
    assert "no row on 22 days" in found.what  # the open ones of May


def test_of_several_runs_the_longest_is_named(tmp_path: Path) -> None:
    (found,) = said(tmp_path, lambda day: day.month != 5 and not (day.month == 4 and day.day < 16))
    assert "31 days, 1–31 May 2025" in found.what
    assert found.what.endswith("The same is true of 1 other run of 14 days or more.")


@pytest.mark.parametrize(
    "has_rows",
    [
        lambda day: True,
        lambda day: not (day.month == 5 and day.day < 14),  # 13 days: a holiday
        lambda day: day.month != 5 and day.day % 5,  # four of five days: a run of them may be chance
        lambda day: day.month < 5,  # it ends
        lambda day: (day.month, day.day) in ((3, 1), (3, 2), (3, 3), (6, 28)),  # too few days to know
    ],
)
def test_anything_else_is_what_happens(tmp_path: Path, has_rows: Callable[[date], bool]) -> None:
    assert said(tmp_path, has_rows) == []
