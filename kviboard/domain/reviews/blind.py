"""Blind predictions: what many expect of a KVI, unseen by one another; their spread, and what the team makes of it.

Changes are in the KVI's unit (a share as a fraction), signed: +3 means "at least 3 more", −3 "at least 3 less".
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import Final

CONFIDENCES: Final = (50, 60, 70, 80, 90, 95)
"""How sure people may be, in per cent; below 50 one expects the opposite."""

ENOUGH_MOVES: Final = 8
LOWEST, HIGHEST = 1, 5
"""How sure people are of the decisions: from not at all to fully."""


@dataclass(frozen=True)
class Guess:
    """What one person expects, how sure they are in per cent, and why."""

    change: float
    confidence: int
    because: str = ""


@dataclass(frozen=True)
class Spread:
    """Where the guesses lie: the middle one, the two farthest apart, and the half around the middle."""

    n: int
    middle: float
    lowest: Guess
    highest: Guess
    lower_quarter: float
    upper_quarter: float

    @property
    def is_agreed(self) -> bool:
        """Whether all say the same."""
        return self.lowest.change == self.highest.change


@dataclass(frozen=True)
class TeamPrediction:
    """What the guesses come to: a bound, and how sure people are of it in per cent."""

    lower: float | None
    upper: float | None
    confidence: int


def spread_of(guesses: Sequence[Guess]) -> Spread | None:
    """The spread of guesses; None without any. Quarters by linear interpolation, as spreadsheets compute them."""
    if not guesses:
        return None
    ordered = sorted(guesses, key=lambda each: (each.change, each.confidence))
    changes = [each.change for each in ordered]
    return Spread(
        n=len(ordered),
        middle=median(changes),
        lowest=ordered[0],
        highest=ordered[-1],
        lower_quarter=_quantile(changes, 0.25),
        upper_quarter=_quantile(changes, 0.75),
    )


def team_prediction(guesses: Sequence[Guess], better: str) -> TeamPrediction | None:
    """The median as a prediction that can be hit or missed; None without guesses.

    A median above zero is a lower bound, one below an upper bound; none at all means that it does not get worse, or
    does not rise, where neither way is better. As sure as the middle one is, as far as one can say so.
    """
    found = spread_of(guesses)
    if found is None:
        return None
    sure = median(each.confidence for each in guesses)
    confidence = min(CONFIDENCES, key=lambda each: (abs(each - sure), each))
    is_lower = found.middle > 0 or (found.middle == 0 and better == "up")
    return TeamPrediction(found.middle if is_lower else None, None if is_lower else found.middle, confidence)


@dataclass(frozen=True)
class Bin:
    """Guesses that lie together, from `low` to `high`, both included: how many, and how sure they are on average."""

    low: float
    high: float
    count: int
    confidence: float


def bins_of(guesses: Sequence[Guess], most: int = 7) -> list[Bin]:
    """The guesses from the lowest to the highest: each value by itself where there are at most so many, else in parts
    of equal width, the empty ones left out."""
    ordered = sorted(guesses, key=lambda each: each.change)
    values = sorted({each.change for each in ordered})
    if len(values) <= most:
        parts = [[each for each in ordered if each.change == value] for value in values]
    else:
        width = (values[-1] - values[0]) / most
        places = [min(most - 1, int((each.change - values[0]) / width)) for each in ordered]
        parts = [[each for each, at in zip(ordered, places, strict=True) if at == place] for place in range(most)]
    return [
        Bin(part[0].change, part[-1].change, len(part), sum(each.confidence for each in part) / len(part))
        for part in parts
        if part
    ]


def usual_move(values: Sequence[float | None]) -> float | None:
    """How much a KVI moves from one period to the next in half of the cases, without anybody doing anything: the median
    size of its changes. None where it has fewer than eight. Periods without a value part the history."""
    known = [math.nan if value is None else value for value in values]
    moves = [abs(now - before) for before, now in pairwise(known) if math.isfinite(now - before)]
    return median(moves) if len(moves) >= ENOUGH_MOVES else None


def _quantile(ordered: Sequence[float], share: float) -> float:
    place = share * (len(ordered) - 1)
    low = math.floor(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)
