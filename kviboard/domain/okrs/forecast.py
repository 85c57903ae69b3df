"""Where a KVI-driven key result is heading: its value at the cycle's end and the chance to reach its target.

Whether a movement or a target lies within normal variation belongs to `chance`.

Source of the forecasts: Hyndman and Athanasopoulos, "Forecasting: Principles and Practice" (3rd ed., 5.2 and 5.5). A
KVI that has long shown nothing but the usual ups and downs of one level is expected at its mean, with variance
s² (1 + 1 / T) after T values: the mean method. Any other goes on as it went, with variance s² h (1 + h / m) for h
periods ahead after m changes: the drift method, which of mere ups and downs expects that the last one stays, and whose
interval of 80 % holds 98 % of them four periods ahead. As s is estimated from few values, Student's t takes the place
of the normal distribution, so that 80 % means 80 % with short histories too.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import fmean, stdev

import scipy  # loads its parts when they are used: `special`, which knows Student's t, too, in half the time of `stats`

from kviboard.domain.formatting import format_share
from kviboard.domain.okrs.model import Measure, Number, Show, plain

ENOUGH_POINTS = 8
STEADY_POINTS = 20
"""From so many values without a signal on, a level is expected to stay. Fewer may hide a drift of a third of the usual
spread per period, which is a signal in twenty."""
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
    """The value expected at the cycle's end, its 80 % interval, and the chance (0..1) to reach the target, if any.
    `is_steady` where the present level is expected to stay."""

    value: float
    low: float
    high: float
    chance: float | None
    is_steady: bool = False

    @property
    def chance_words(self) -> str:
        """ "likely", "very unlikely" …; empty without a chance."""
        if self.chance is None:
            return ""
        return next(words for least, words in CHANCE_WORDS if self.chance >= least)


@dataclass(frozen=True)
class _Expected:
    value: float
    error: float  # standard deviation of what comes around it
    freedom: int  # degrees of freedom of that
    is_steady: bool = False


def forecast(
    history: Sequence[float | None],
    periods_left: int,
    measure: Measure | None = None,
    floor: float | None = None,
    ceiling: float | None = None,
    steady: int = 0,
) -> Forecast | None:
    """Forecast from the values of complete periods in order, `periods_left` periods after the last of them.

    None, NaN and infinity are gaps: a change across a gap counts as the sum of several. `floor` and `ceiling` are
    what the KVI cannot go beyond. `steady`: how many of the last values are the usual ups and downs of one level.
    None where fewer than 8 values exist, for a milestone, and past the end.
    """
    points = [(place, value) for place, value in enumerate(history) if value is not None and math.isfinite(value)]
    if len(points) < ENOUGH_POINTS or (measure is not None and measure.is_milestone):
        return None
    ahead = periods_left + len(history) - 1 - points[-1][0]
    if ahead < 0:
        return None
    if steady >= STEADY_POINTS and ahead:
        expected = _stay([value for _, value in points[-steady:]])
    else:
        expected = _go_on(points, ahead)
    margin = float(scipy.special.stdtrit(expected.freedom, (1 + INTERVAL) / 2)) * expected.error
    ends = (expected.value - margin, expected.value, expected.value + margin)
    low, value, high = (_within(number, floor, ceiling) for number in ends)
    chance = None if measure is None else _chance(measure, expected)
    return Forecast(value, low, high, chance, expected.is_steady)


def _stay(values: Sequence[float]) -> _Expected:
    return _Expected(fmean(values), stdev(values) * math.sqrt(1 + 1 / len(values)), len(values) - 1, is_steady=True)


def _go_on(points: Sequence[tuple[int, float]], ahead: int) -> _Expected:
    (first_place, first), (last_place, last) = points[0], points[-1]
    periods = last_place - first_place
    drift = (last - first) / periods
    steps = [
        (after - before - drift * (there - here)) ** 2 / (there - here)
        for (here, before), (there, after) in pairwise(points)
    ]
    spread = math.sqrt(math.fsum(steps) / (len(steps) - 1))  # of the changes of one period
    return _Expected(last + ahead * drift, spread * math.sqrt(ahead + ahead**2 / periods), len(steps) - 1)


def _within(value: float, floor: float | None, ceiling: float | None) -> float:
    value = value if floor is None else max(value, floor)
    return value if ceiling is None else min(value, ceiling)


def _chance(measure: Measure, expected: _Expected) -> float | None:
    """Probability mass of the forecast on the side, or inside the band, that counts as reached."""
    lower, upper = _goal(measure)
    centre, error, freedom = expected.value, expected.error, expected.freedom
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
    ways = ", as its usual ups and downs go on" if outlook.is_steady else ""
    expected = f"{show(outlook.value)} expected at the cycle's end, {ends_between}{ways}"
    if outlook.chance is None:
        return f"{expected[0].upper()}{expected[1:]}."
    nearly = "over 99 %" if outlook.chance > 0.99 else "under 1 %"
    chance = format_share(outlook.chance) if 0.01 <= outlook.chance <= 0.99 else nearly
    words = outlook.chance_words
    reached = "to end inside its band" if is_band else "to reach the target"
    return f"{words[0].upper()}{words[1:]} {reached} ({chance}): {expected}."
