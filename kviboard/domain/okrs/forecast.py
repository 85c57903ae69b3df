"""Where a KVI-driven key result is heading: its value at the cycle's end and the chance to reach its target.

Whether a movement or a target lies within normal variation belongs to `chance`.

Source of the forecast: the drift method with its interval, Hyndman and Athanasopoulos, "Forecasting: Principles and
Practice" (3rd ed., 5.2 and 5.5): variance s² h (1 + h / m) for h periods ahead after m changes. As s is estimated from
few changes, Student's t takes the place of the normal distribution, so that 80 % means 80 % with short histories too.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import scipy  # loads its parts when they are used: `special`, which knows Student's t, too, in half the time of `stats`

from kviboard.domain.formatting import format_share
from kviboard.domain.okrs.model import Measure, Number, Show, plain

ENOUGH_POINTS = 8
INTERVAL = 0.80
CHANCE_WORDS = (
    (0.9, "very likely"),
    (0.66, "likely"),
    (0.33, "as likely as not"),
    (0.1, "unlikely"),
    (0.0, "very unlikely"),
)
"""From which chance on which words are used (the calibrated language of the IPCC guidance note, 2010)."""


@dataclass(frozen=True)
class Forecast:
    """The value expected at the cycle's end, its 80 % interval, and the chance (0..1) to reach the target, if any."""

    value: float
    low: float
    high: float
    chance: float | None

    @property
    def chance_words(self) -> str:
        """ "likely", "very unlikely" …; empty without a chance."""
        if self.chance is None:
            return ""
        return next(words for least, words in CHANCE_WORDS if self.chance >= least)


@dataclass(frozen=True)
class _Walk:
    last: float
    drift: float  # per period
    spread: float  # standard deviation of the changes of one period
    changes: int
    periods: int  # from the first value to the last
    ahead: int  # from the last value to the cycle's end


def forecast(
    history: Sequence[float | None],
    periods_left: int,
    measure: Measure | None = None,
    floor: float | None = None,
    ceiling: float | None = None,
) -> Forecast | None:
    """Forecast from the values of complete periods in order, `periods_left` periods after the last of them.

    None, NaN and infinity are gaps: a change across a gap counts as the sum of several. `floor` and `ceiling` are
    what the KVI cannot go beyond. None where fewer than 8 values exist, for a milestone, and past the end.
    """
    walk = _walk(history, periods_left)
    if walk is None or walk.ahead < 0 or (measure is not None and measure.is_milestone):
        return None
    value = walk.last + walk.ahead * walk.drift
    error = walk.spread * math.sqrt(walk.ahead + walk.ahead**2 / walk.periods)
    margin = float(scipy.special.stdtrit(walk.changes - 1, (1 + INTERVAL) / 2)) * error
    low, value, high = (_within(number, floor, ceiling) for number in (value - margin, value, value + margin))
    unclipped = walk.last + walk.ahead * walk.drift
    chance = None if measure is None else _chance(measure, unclipped, error, walk.changes - 1)
    return Forecast(value, low, high, chance)


def _walk(history: Sequence[float | None], periods_left: int) -> _Walk | None:
    points = [(place, value) for place, value in enumerate(history) if value is not None and math.isfinite(value)]
    if len(points) < ENOUGH_POINTS:
        return None
    (first_place, first), (last_place, last) = points[0], points[-1]
    periods = last_place - first_place
    drift = (last - first) / periods
    steps = [
        (after - before - drift * (there - here)) ** 2 / (there - here)
        for (here, before), (there, after) in pairwise(points)
    ]
    spread = math.sqrt(math.fsum(steps) / (len(steps) - 1))
    return _Walk(last, drift, spread, len(steps), periods, periods_left + len(history) - 1 - last_place)


def _within(value: float, floor: float | None, ceiling: float | None) -> float:
    value = value if floor is None else max(value, floor)
    return value if ceiling is None else min(value, ceiling)


def _chance(measure: Measure, centre: float, error: float, freedom: int) -> float | None:
    """Probability mass of the forecast on the side, or inside the band, that counts as reached."""
    lower, upper = _goal(measure)
    if lower is None and upper is None:
        return None
    if error == 0:
        return float((lower is None or centre >= lower) and (upper is None or centre <= upper))
    above_upper = 0.0 if upper is None else 1 - float(scipy.special.stdtr(freedom, (upper - centre) / error))
    below_lower = 0.0 if lower is None else float(scipy.special.stdtr(freedom, (lower - centre) / error))
    return max(0.0, 1.0 - above_upper - below_lower)


def _goal(measure: Measure) -> tuple[float | None, float | None]:
    """The band in which the measure counts as reached: (at least, at most)."""
    if measure.is_band:
        return _float(measure.lower), _float(measure.upper)
    target = _float(measure.target)
    return (target, None) if measure.rises else (None, target)


def _float(number: Number | None) -> float | None:
    return None if number is None else float(number)


def describe_forecast(outlook: Forecast, show: Show = plain, is_band: bool = False) -> str:
    """The forecast in one sentence, its chance first where there is a target."""
    ends_between = f"probably {show(outlook.low)} to {show(outlook.high)}"
    expected = f"{show(outlook.value)} expected at the cycle's end, {ends_between}"
    if outlook.chance is None:
        return f"{expected[0].upper()}{expected[1:]}."
    nearly = "over 99 %" if outlook.chance > 0.99 else "under 1 %"
    chance = format_share(outlook.chance) if 0.01 <= outlook.chance <= 0.99 else nearly
    words = outlook.chance_words
    reached = "to end inside its band" if is_band else "to reach the target"
    return f"{words[0].upper()}{words[1:]} {reached} ({chance}): {expected}."
