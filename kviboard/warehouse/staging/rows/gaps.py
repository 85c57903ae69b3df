"""Long runs of days without any row in tables that have rows on nearly every other day: an export may be missing."""

from collections.abc import Collection
from datetime import date

from kviboard.domain.formatting import counted, format_days
from kviboard.domain.kvis.coverage import coverage_of
from kviboard.warehouse.manifest import ExportDecision

_LONG = 14  # days on which there should be rows
_ENOUGH = 28  # days with rows that tell what is usual
_NEARLY_EVERY = 0.95  # of the days outside of these runs: then such a run is no chance


def said_of_gaps(table: str, days: Collection[date]) -> list[ExportDecision]:
    """What is said of the days between the first and the last of `days`, those with rows, on which there are none."""
    coverage = coverage_of(days)
    long = [gap for gap in coverage.gaps if gap.days >= _LONG] if coverage else []
    if coverage is None or not long:
        return []
    missing = sum(gap.days for gap in long)
    open_days = sum(day.weekday() not in coverage.closed for day in days)
    if open_days < max(_ENOUGH, _NEARLY_EVERY * (coverage.days - missing)):
        return []
    longest = long[0]
    runs = counted(len(long) - 1, "other run")
    others = f" The same is true of {runs} of {_LONG} days or more." if len(long) > 1 else ""
    return [
        ExportDecision(
            where=f"The {table} export",
            what=f"there is no row on {longest.days:,} days, {format_days(longest.first, longest.last)}, and some on "
            f"nearly every day before and after; they count as days on which nothing happened.{others}",
            setting="If an export is missing, add it; sums and counts of these days are too low until then.",
            level="warning",
            moves_kvis=True,
        )
    ]
