"""The arithmetic of the process behaviour chart (XmR): limits, levels and the three rules, over plain numbers.

What a finding is called, and gaps in the series, belong to signals.py.

Source: Donald J. Wheeler, "Understanding Variation" (2000) and "Making Sense of Data" (2003): centre = mean, limits =
mean ± 2.66 × mean moving range; the rules "point outside", "run of eight", "three of four near a limit".

How levels are found. The limits of a stretch come from all its points. The first run of eight or more on one side of
its centre splits it: the run begins a new level, and both parts are looked at again by themselves. Three cautions
keep hindsight out of it:

- A run that begins with its stretch is no shift: it is the level itself, and what came later moved the centre away.
- The eight must also lie on that side of the mean of the points they leave, so that "up" never names a fall. Where
  the level before them, once found, has a centre that they do not lie beyond, the step is undone.
- A level lasts at least eight points. Only the first may be shorter, down to three; it has a centre, so that the step
  shows, but no limits, because fewer than eight points make none. The limits of the last level grow with it.

An episode, three to seven points in a row outside the limits on one side, is too short for a level but can drag the
centre so far that the sound history before it looks like signals. Where it comes after eight points or more and stands
apart (outside the limits of all other points, none of which is outside on that side) the others alone make the
limits. A steady trend has no such gap, so its limits come from all points.

`Caution` makes the chart careful where its assumptions do not hold; without it, it is Wheeler's (see drift.py for how
much caution a series asks for, and why).

A point is judged by its own level, but the one that completes the run of eight is a signal by rule 2. A point exactly
on the centre ends a run. Rule 3 marks a point only if it is one of the three, all within its level. Rule 1 goes
before rule 3.
"""

import math
from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import sub
from typing import NamedTuple

ENOUGH = 8  # points that make limits, and points in a row on one side that make a shift
SHORTEST_START = 3  # points the first level needs: one or two odd values are no level
EPISODE = range(3, ENOUGH)

LIMITS_PER_MOVING_RANGE = 2.66  # 3 / d2, with d2 = 1.128 for ranges of two
DEVIATIONS = 3  # between the centre and a limit


class Caution(NamedTuple):
    """How much less than Wheeler's chart a series is trusted.

    Limits lie `widen` times as far away: beside the chance of each period there is drift that periods share, of the
    variance widen² − 1 where chance has 1. A mean of several periods must then lie `means_apart` of its own standard
    deviations away, because drift does not average out: the first eight of a new level from the level before, the last
    four of rule 3 from the centre. The upper limit lies farther out for a long tail where `is_tail_watched`.
    """

    widen: float = 1.0
    means_apart: float = 0.0
    is_tail_watched: bool = False

    def least(self, count: int, limits: "Limits") -> float:
        """How far away the mean of `count` periods must lie."""
        chance = limits.below / self.widen / DEVIATIONS
        return self.means_apart * chance * math.sqrt(1 / count + self.widen**2 - 1)


NONE = Caution()


class Limits(NamedTuple):
    """Natural limits: from `below` under the `centre` to `above` over it, NaN where there are none, so that nothing is
    outside or near them.

    Differences up to `fuzz` come from floating point, not from the process.
    """

    centre: float
    below: float
    above: float
    fuzz: float

    @property
    def lower(self) -> float:
        return self.centre - self.below

    @property
    def upper(self) -> float:
        return self.centre + self.above

    def sides(self, values: Sequence[float]) -> list[int]:
        """Of each value 1 above the centre, -1 below it, 0 on it."""
        return self._beyond(values, 0, 0)

    def outside(self, values: Sequence[float]) -> list[int]:
        """Of each value 1 above the upper limit, -1 below the lower one, else 0."""
        return self._beyond(values, self.above, self.below)

    def near(self, values: Sequence[float]) -> list[int]:
        """Of each value 1 nearer to (or beyond) the upper limit than to the centre, -1 the lower one, else 0."""
        return self._beyond(values, self.above / 2, self.below / 2)

    def _beyond(self, values: Sequence[float], above: float, below: float) -> list[int]:
        """Of each value 1 more than `above` over the centre, -1 more than `below` under it, else 0."""
        centre, highest, lowest = self.centre, above + self.fuzz, -below - self.fuzz
        return [(value - centre > highest) - (value - centre < lowest) for value in values]


class Stretch(NamedTuple):
    """A level: points[start:end] under one pair of limits; `shifted` is the side of the run that began it, or 0."""

    start: int
    end: int
    limits: Limits
    shifted: int


class Finding(NamedTuple):
    """Which rule (1, 2, 3) marks a point and on which side; (None, 0) within normal variation."""

    rule: int | None
    side: int


def levels(points: Sequence[float], caution: Caution = NONE) -> list[Stretch]:
    """The levels of eight or more points, in order, without holes."""
    found: list[Stretch] = []
    for stretch in _split(points, 0, len(points), limits_of(points, caution), 0, caution):
        if found and not _leaves(points, found[-1].limits, stretch):
            before = found.pop()
            limits = limits_of(points[before.start : stretch.end], caution)
            stretch = Stretch(before.start, stretch.end, limits, before.shifted)
        found.append(stretch)
    return found


def limits_of(points: Sequence[float], caution: Caution = NONE) -> Limits:
    """The limits of one stretch without its episodes; of fewer than eight points the centre only."""
    limits = _natural_limits(points, caution)
    if len(points) < ENOUGH:
        return limits._replace(below=math.nan, above=math.nan)
    outside = limits.outside(points)
    if not any(outside):
        return limits
    runs = list(_runs(outside))
    apart: set[int] = set()
    for side in (1, -1):
        found = [range(start, end) for start, end, beyond in runs if beyond == side and start >= ENOUGH]
        episodes = {index for places in found if len(places) in EPISODE for index in places}
        if episodes and _stand_apart(points, episodes, side, caution):
            apart |= episodes
    return _natural_limits(_without(points, apart), caution) if apart else limits


def findings(points: Sequence[float], stretches: Sequence[Stretch], caution: Caution = NONE) -> list[Finding]:
    """One finding per point."""
    found = [finding for stretch in stretches for finding in _rules_1_and_3(points, stretch, caution)]
    for stretch in stretches:
        if stretch.shifted:
            found[stretch.start + ENOUGH - 1] = Finding(2, stretch.shifted)
    return found


def _sign(distance: float, beyond: float) -> int:
    return (distance > beyond) - (distance < -beyond)


def _natural_limits(points: Sequence[float], caution: Caution) -> Limits:
    moving_ranges = sum(map(abs, map(sub, points[1:], points)))
    spread = caution.widen * LIMITS_PER_MOVING_RANGE * moving_ranges / (len(points) - 1)
    above = spread * (1 + _tail(points)) if caution.is_tail_watched else spread
    return Limits(sum(points) / len(points), spread, above, 1e-12 * max(map(abs, points)))


def _tail(points: Sequence[float]) -> float:
    """By how much of itself the upper limit lies farther out for a longer tail above.

    (4/3) k / (1 + 0.2 k²) standard deviations for a skewness k, as simulation bears out (tests/domain/kvis/test_drift),
    of the points without the lowest and the highest, which may be the signals to be found.
    """
    inner = sorted(points)[1:-1]
    if len(inner) < ENOUGH + 2:
        return 0.0
    mean = sum(inner) / len(inner)
    variance = sum([(point - mean) ** 2 for point in inner]) / len(inner)
    if variance <= (1e-12 * max(map(abs, points))) ** 2:
        return 0.0
    third = sum([(point - mean) ** 3 for point in inner]) / len(inner)
    skewness = max(0.0, third / math.sqrt(variance) ** 3)
    return 4 / 9 * skewness / (1 + 0.2 * skewness**2)


def _stand_apart(points: Sequence[float], episodes: set[int], side: int, caution: Caution) -> bool:
    calm = _natural_limits(_without(points, episodes), caution)
    return all((beyond == side) == (index in episodes) for index, beyond in enumerate(calm.outside(points)))


def _without(points: Sequence[float], places: set[int]) -> list[float]:
    return [value for index, value in enumerate(points) if index not in places]


def _runs(sides: Sequence[int]) -> Iterator[tuple[int, int, int]]:
    """Start, end (not included) and side of each stretch of equal sides."""
    start = 0
    for side, members in groupby(sides):
        end = start + len(list(members))
        yield start, end, side
        start = end


def _split(
    points: Sequence[float], start: int, end: int, limits: Limits, shifted: int, caution: Caution
) -> Iterator[Stretch]:
    """The levels of points[start:end], which has `limits` as a whole and which a run on the side `shifted` began."""
    shortest = ENOUGH if start else SHORTEST_START
    length, side = _first_shift(points[start:end], limits, shortest, caution.least(ENOUGH, limits))
    if not side:
        yield Stretch(start, end, limits, shifted)
        return
    split = start + length
    yield from _split(points, start, split, limits_of(points[start:split], caution), shifted, caution)
    yield from _split(points, split, end, limits_of(points[split:end], caution), side, caution)


def _leaves(points: Sequence[float], before: Limits, stretch: Stretch) -> bool:
    return all(side == stretch.shifted for side in before.sides(points[stretch.start : stretch.start + ENOUGH]))


def _first_shift(points: Sequence[float], limits: Limits, shortest: int, least: float) -> tuple[int, int]:
    """Where the first run of eight that leaves this level begins, and its side; (0, 0) where there is none."""
    for start, end, side in _runs(limits.sides(points)):
        if not side or end - start < ENOUGH or start < shortest:
            continue
        left, eight = sum(points[:start]) / start, points[start : start + ENOUGH]
        if abs(sum(eight) / ENOUGH - left) < least:
            continue
        if all(_sign(value - left, limits.fuzz) == side for value in eight):
            return start, side
    return 0, 0


def _rules_1_and_3(points: Sequence[float], stretch: Stretch, caution: Caution) -> Iterator[Finding]:
    inside = points[stretch.start : stretch.end]
    near, outside = stretch.limits.near(inside), stretch.limits.outside(inside)
    for index, side in enumerate(outside):
        if side:
            yield Finding(1, side)
        elif near[index] and _three_of_four(inside, near, index, stretch.limits, caution):
            yield Finding(3, near[index])
        else:
            yield Finding(None, 0)


def _three_of_four(points: Sequence[float], near: Sequence[int], index: int, limits: Limits, caution: Caution) -> bool:
    last = slice(max(0, index - 3), index + 1)
    if near[last].count(near[index]) < 3:
        return False
    mean = sum(points[last]) / len(points[last])
    return abs(mean - limits.centre) >= caution.least(len(points[last]), limits)
