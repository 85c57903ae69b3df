"""Which days are plausible, judged by the export itself: the wall clock never decides."""

from collections.abc import Mapping
from datetime import date, timedelta
from itertools import pairwise
from statistics import median

_QUIET_DAYS = 92
_FEW = 0.01
_SOME = 0.1
_VERY_QUIET_DAYS = 5 * 365
_NOT_MOST = 0.5
_HARDLY_ANY = 0.05
_WEEKS = 13  # that tell how many rows are usual on a weekday
_ENOUGH = 200  # rows that would be usual
_DAY = timedelta(days=1)


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


def hardly_any(rows_by_day: Mapping[date, int]) -> tuple[int, date, int] | None:
    """The few rows after the last usual day, where twenty times as many would be usual: how many, that day, and how
    many would be. None where there are none; the very last day may have only begun."""
    if not rows_by_day:
        return None
    first, last, few = min(rows_by_day), max(rows_by_day), _HARDLY_ANY * median(rows_by_day.values())
    end = max(day for day, rows in rows_by_day.items() if rows > few)
    usual = sum(_usual(rows_by_day, first, end, end + n * _DAY) for n in range(1, (last - end).days))
    beyond = sum(rows for day, rows in rows_by_day.items() if day > end)
    return (beyond, end, round(usual)) if usual >= _ENOUGH and beyond <= _HARDLY_ANY * usual else None


def _usual(rows_by_day: Mapping[date, int], first: date, until: date, of: date) -> float:
    """How many rows days of one weekday have, as a rule, in the weeks up to a day."""
    nearest = until - (until - of).days % 7 * _DAY
    weeks = (nearest - n * 7 * _DAY for n in range(_WEEKS))
    return median([rows_by_day.get(day, 0) for day in weeks if day >= first] or [0])


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
