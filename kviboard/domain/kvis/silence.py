"""Whether a table has no rows on its last days because nothing happened, or because it was exported too early."""

from collections.abc import Collection
from datetime import date, timedelta
from math import prod

ORDINARY = 0.5
"""A silence is ordinary where at least every second such run of days has no rows: else an export that is older than the
others is as likely, and a period that lacks days would count as whole."""
BEYOND_CHANCE = 0.001
_WEEKS = 13  # up to the last row, that tell the pace
_DAY = timedelta(days=1)


def chance_of_silence(days: Collection[date], through: date) -> float | None:
    """How probable it is that no row follows the last of `days`, those with rows, up to `through`; None where they span
    less than the 13 weeks that tell what is usual.

    Each silent day has the chance of its weekday in these weeks by the rule of succession: of 13 Sundays 12 without
    rows make it 13 in 15. Days count and not rows: what comes in one heap on one day is no pace.
    """
    last = max(days)
    if (last - min(days)).days + 1 < 7 * _WEEKS:
        return None
    recent = [day.weekday() for day in set(days) if (last - day).days < 7 * _WEEKS]
    silent = [(last + n * _DAY).weekday() for n in range(1, (through - last).days + 1)]
    return prod((_WEEKS - recent.count(weekday) + 1) / (_WEEKS + 2) for weekday in silent)
