"""A KVI's complete periods in order, to be looked up by day: what drives key results and guardrails.

Owns which period speaks for a cycle on a day. The values and verdicts come from `readings`.
"""

import math
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from kviboard.board.board import Board
from kviboard.board.kvis.reading import Reading, View
from kviboard.board.kvis.readings import read_kvi
from kviboard.domain.kvis.kvi import Kvi
from kviboard.domain.kvis.signals import DOWN, UP, WITHIN
from kviboard.domain.kvis.xmr import ENOUGH
from kviboard.domain.okrs.model import Cycle
from kviboard.domain.periods import Calendar, periods_between

_NUMBERS = ("value", "low", "high", "centre", "lower", "upper")

Slice = tuple[tuple[str, tuple[str, ...]], ...]


def as_slice(where: Mapping[str, Sequence[str]]) -> Slice:
    """A slice in one form, whatever the order in which it was typed: the key of caches."""
    return tuple((name, tuple(sorted(values))) for name, values in sorted(where.items()) if values)


@dataclass(frozen=True)
class Point:
    """One complete period: its days, its name, what was measured, the level it belongs to and the verdict on it."""

    starts_on: date
    ends_on: date
    label: str
    value: float | None
    low: float | None
    high: float | None
    centre: float | None
    lower: float | None
    upper: float | None
    n_text: str
    verdict: str

    def is_near(self, value: float) -> bool:
        """Whether normal variation alone explains how far this period is from a value. No, with too little history."""
        return self.value is not None and self.spread is not None and abs(self.value - value) <= self.spread

    @property
    def spread(self) -> float | None:
        """How far normal variation reaches from the level's centre: to the farther limit, because one that lies beyond
        what the KVI can be is drawn nearer. None with too little history."""
        if self.centre is None or self.lower is None or self.upper is None:
            return None
        return max(self.upper - self.centre, self.centre - self.lower)

    @property
    def level(self) -> tuple[float | None, float | None]:
        """What tells the level it belongs to from others."""
        return self.centre, self.upper


@dataclass(frozen=True, eq=False)
class KviHistory:
    """The complete periods of a KVI in one slice and grain, oldest first."""

    reading: Reading
    points: tuple[Point, ...]
    ends: tuple[date, ...]

    @property
    def kvi(self) -> Kvi:
        return self.reading.kvi

    def known_on(self, day: date) -> int:
        """How many periods were complete on a day of the data."""
        return bisect_right(self.ends, day - timedelta(days=self.kvi.complete_after))

    def latest_in(self, cycle: Cycle, day: date) -> int | None:
        """The place of the latest period with a value that ended within the cycle and was complete on `day`."""
        place = min(self.known_on(day), bisect_right(self.ends, cycle.ends_on)) - 1
        while place >= 0 and self.ends[place] >= cycle.starts_on:
            if self.points[place].value is not None:
                return place
            place -= 1
        return None

    def before(self, cycle: Cycle) -> Point | None:
        """The last period with a value that ended before the cycle began."""
        known = self.points[: bisect_left(self.ends, cycle.starts_on)]
        return next((point for point in reversed(known) if point.value is not None), None)

    def within(self, cycle: Cycle, place: int) -> tuple[Point, ...]:
        """The periods that ended since the cycle began, up to a place."""
        return self.points[bisect_left(self.ends, cycle.starts_on) : place + 1]

    def steady_until(self, place: int) -> int:
        """How many of the last values up to a place are the usual ups and downs of one level; 0 where a signal is among
        them, but for the one that completes the shift to it, and with too little history."""
        known = [point for point in self.points[: place + 1] if point.value is not None]
        own = [point for point in known if point.level == known[-1].level]
        completing = ENOUGH if len(own) < len(known) else 0
        is_usual = all(point.verdict == WITHIN for count, point in enumerate(own, 1) if count != completing)
        return len(own) if is_usual else 0

    @property
    def normal(self) -> tuple[float | None, float | None]:
        """What is normal from here: the natural limits of the present level; as far around the latest value where that
        is a signal, as the level holds no more then. A signal that completes a shift is of the level that it begins,
        which does. (None, None) with too little history."""
        known = [point for point in self.points if point.value is not None]
        last = known[-1] if known else None
        if last is None or last.value is None or last.spread is None:
            return None, None
        level = sum(point.level == last.level for point in known)
        if last.verdict not in (UP, DOWN) or level == ENOUGH < len(known):
            return last.lower, last.upper
        floor, ceiling = self.kvi.limits
        lower, upper = last.value - last.spread, last.value + last.spread
        return (lower if floor is None else max(lower, floor)), (upper if ceiling is None else min(upper, ceiling))


def read_history(board: Board, kvi: Kvi, grain: str, slice_: Slice) -> KviHistory:
    """Reads a KVI over its whole history, with the limits of this grain, whichever it is judged in elsewhere: a key
    result's target is set in it. Raises UsageError for a grain or dimension it does not have."""
    reading = read_kvi(board, replace(kvi, judged=grain), View(grain=grain, where=slice_))[0]
    points = points_of(reading)
    return KviHistory(reading, points, tuple(point.ends_on for point in points))


def periods_left(calendar: Calendar, grain: str, after: date, until: date) -> int:
    """How many periods end after `after` and by `until`. Sprints not planned yet last as long as the last one."""
    ahead = [p for p in periods_between(calendar, grain, after + timedelta(days=1), until) if p.ends_on <= until]
    if grain != "sprint" or not calendar.sprints:
        return len(ahead)
    last = ahead[-1].ends_on if ahead else after
    length = max(calendar.sprints, key=lambda sprint: sprint.ends_on)
    return len(ahead) + (until - last).days // ((length.ends_on - length.starts_on).days + 1)


def points_of(reading: Reading) -> tuple[Point, ...]:
    """The complete periods of a reading, oldest first."""
    if reading.frame.empty:
        return ()
    frame = reading.frame[reading.frame["complete"]]
    columns = (
        [stamp.date() for stamp in frame["period"]],
        [stamp.date() for stamp in frame["ends_on"]],
        frame["label"].tolist(),
        *(
            [_known(value) for value in frame[name].tolist()]
            for name in ("value", "low", "high", "centre", "lower", "upper")
        ),
        frame["n_text"].tolist(),
        frame["verdict"].tolist(),
    )
    return tuple(Point(*row) for row in zip(*columns, strict=True))


def _known(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None
