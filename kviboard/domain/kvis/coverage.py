"""Days without rows in a table that should have some every day. Which tables these are belongs to the board."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from kviboard.domain.formatting import format_day, format_days, listed, plural

_WEEKDAYS = ("Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays")
_RARELY = 0.1  # rows on at most every tenth Sunday: closed on Sundays
_WEEKS_TO_TELL = 8
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Gap:
    """A run of days without rows. `days` counts those on which there should have been some."""

    first: date
    last: date
    days: int


@dataclass(frozen=True)
class Coverage:
    """On which days of its reach a table has rows."""

    first: date
    last: date
    days_with_rows: int
    closed: tuple[int, ...]  # weekdays (Monday is 0) on which there are hardly ever rows: no gap
    gaps: tuple[Gap, ...]  # the longest first, then the latest

    @property
    def days(self) -> int:
        """Days of the reach on which there should be rows."""
        span = (self.last - self.first).days + 1
        return sum((self.first + n * _DAY).weekday() not in self.closed for n in range(span))


def coverage_of(days: Iterable[date]) -> Coverage | None:
    """The coverage of a table that has rows on `days`; None where it has none.

    A weekday counts as closed where the reach spans at least 8 weeks and rows lie on at most a tenth of them.
    """
    present = set(days)
    if not present:
        return None
    first, last = min(present), max(present)
    closed = _closed(present, first, last)
    gaps = sorted(_gaps(present, first, last, closed), key=lambda gap: (gap.days, gap.first), reverse=True)
    return Coverage(first, last, len(present), closed, tuple(gaps))


def _closed(present: set[date], first: date, last: date) -> tuple[int, ...]:
    weeks = ((last - first).days + 1) // 7
    if weeks < _WEEKS_TO_TELL:
        return ()
    seen = [day.weekday() for day in present]
    return tuple(weekday for weekday in range(7) if seen.count(weekday) <= _RARELY * weeks)


def _gaps(present: set[date], first: date, last: date, closed: tuple[int, ...]) -> list[Gap]:
    """Runs of open days without rows; closed days neither begin, count nor break one."""
    gaps: list[Gap] = []
    missing: list[date] = []
    for number in range((last - first).days + 1):
        day = first + number * _DAY
        if day in present:
            if missing:
                gaps.append(Gap(missing[0], missing[-1], len(missing)))
            missing = []
        elif day.weekday() not in closed:
            missing.append(day)
    return gaps


def gaps_in_words(coverage: Coverage, noun: str, most: int = 3) -> str:
    """The `most` longest gaps in order of time, then the others: "No orders on 30 days (1–30 Nov 2016) and on 5 other
    days."

    `noun` is what the table has rows of; "" where there is no gap.
    """
    if not coverage.gaps:
        return ""
    longest = sorted(coverage.gaps[:most], key=lambda gap: gap.first)
    gaps = [_gap_text(gap) for gap in longest]
    rest = sum(gap.days for gap in coverage.gaps[most:])
    more = [f"on {rest} other {plural(rest, 'day')}"] if rest else []
    return f"No {noun} {listed([*gaps, *more])}."


def closed_in_words(coverage: Coverage) -> str:
    """The weekdays on which there are hardly ever rows: "hardly ever on Saturdays and Sundays"; "" for none."""
    names = [_WEEKDAYS[weekday] for weekday in coverage.closed]
    return f"hardly ever on {listed(names)}" if names else ""


def _gap_text(gap: Gap) -> str:
    if gap.first == gap.last:
        return f"on {format_day(gap.first)}"
    return f"on {gap.days} days ({format_days(gap.first, gap.last)})"
