"""Which days are plausible, judged by the export itself: the wall clock never decides."""

from collections.abc import Mapping
from datetime import date
from itertools import pairwise

_QUIET_DAYS = 92
_FEW = 0.01
_VERY_QUIET_DAYS = 5 * 365
_NOT_MOST = 0.5


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
