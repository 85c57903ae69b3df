"""Which days are plausible, judged by the export itself: the wall clock never decides."""

from collections.abc import Mapping
from datetime import date
from itertools import pairwise

_QUIET_DAYS = 92
_FEW = 0.01
_SOME = 0.1
_VERY_QUIET_DAYS = 5 * 365
_NOT_MOST = 0.5


def far_behind(rows_by_day: Mapping[date, int]) -> tuple[int, date, date] | None:
    """The few last rows that lie beyond more than 92 days without any, and are no clear mistake: how many, the day
    before and the day of the first. None where there are none."""
    days = sorted(rows_by_day)
    total = beyond = sum(rows_by_day.values())
    for day, following in pairwise(days):
        beyond -= rows_by_day[day]
        if (following - day).days - 1 > _QUIET_DAYS and beyond <= _SOME * total:
            return beyond, day, following
    return None


def last_plausible_day(rows_by_day: Mapping[date, int]) -> date | None:
    """The last day before rows that must be mistyped: None where all are plausible.

    Rows beyond more than 92 days without any are implausible if they are at most 1 % of all; beyond 5 years, if they
    are less than half.
    """
    days = sorted(rows_by_day)
    total = beyond = sum(rows_by_day.values())
    for day, following in pairwise(days):
        beyond -= rows_by_day[day]
        quiet = (following - day).days - 1
        if (quiet > _QUIET_DAYS and beyond <= _FEW * total) or (
            quiet > _VERY_QUIET_DAYS and beyond < _NOT_MOST * total
        ):
            return day
    return None
