"""How far a process behaviour chart can be trusted with a series whose periods resemble their neighbours.

A chart of moving ranges takes independent periods for granted. Where customers come and go slowly, or scores stand for
months, one period resembles the next, moving ranges are small, and the chart cries wolf (Maragah and Woodall, The
effect of autocorrelation on the retrospective X-chart, Journal of Statistical Computation and Simulation 40, 1992).

So the difference between periods `lag` apart is compared with that between neighbours, for lags up to 12: the variogram
(Bisgaard and Kulahci, Checking process stability with the variogram, Quality Engineering 17, 2005). It is about 1 for
independent periods. Where it grows, the limits are widened by its highest value, and a new level must also lie farther
off than such drift would bring in eight periods; where it grows beyond chance (`SLOW`), three of four near a limit say
nothing, because neighbours are near one together. Two cautions keep real changes out of it: differences are taken
within the levels of the plain chart only, without values far outside of them, and about their median without the
largest fifth, so that a step, a trend or an episode does not count as drift.

Values with a long tail (counts of rare events, sums with a few large orders) have their upper limit farther out: Chan
and Cui, Skewness correction X̄ and R charts for skewed distributions, Naval Research Logistics 50, 2003.
"""

from collections.abc import Sequence

import numpy as np

from kviboard.domain.kvis import xmr

SLOW = 1.25  # independent periods rarely seem to drift by more
_LAGS = 12
_SHORTEST = 16  # of fewer periods drift cannot be told from chance
_LENGTHS = 3  # of a lag that a series needs
_PAIRS = 6  # that a lag's difference needs
_FAR = 1.5  # times the limits: no drift but something that happened
_KEPT = 0.8  # of the differences: the largest may be changes
_SHIFT = 2.5  # standard deviations of drift: what a new level must exceed
_D2 = 1.128  # mean moving range of independent normal values, in standard deviations


def caution_for(points: Sequence[float], is_open_above: bool) -> xmr.Caution:
    """How careful to be with the points of a series, eight or more without gaps; `is_open_above` for counts and sums,
    which know no highest value and may have a long tail there."""
    values = np.asarray(points, dtype=float)
    drift = _drift(values)
    noise = float(np.abs(np.diff(values)).mean()) / _D2
    least = _SHIFT * noise * float(np.sqrt(drift**2 - 1))
    return xmr.Caution(drift, least, with_rule_3=drift <= SLOW, is_tail_watched=is_open_above)


def _drift(values: np.ndarray) -> float:
    """The largest ratio of the usual difference of periods some lag apart to that of neighbours; 1 or more."""
    if len(values) < _SHORTEST:
        return 1.0
    level = _levels(values)
    neighbours = _usual_difference(values, level, 1)
    if not neighbours:
        return 1.0
    lags = range(2, min(_LAGS, len(values) // _LENGTHS) + 1)
    differences = (_usual_difference(values, level, lag) for lag in lags)
    return max([1.0, *(found / neighbours for found in differences if found is not None)])


def _levels(values: np.ndarray) -> np.ndarray:
    """The number of the plain chart's level that each value belongs to; -1 for one far outside of it, and for the last
    ones where they left it for good but are too few for a level."""
    level = np.zeros(len(values), dtype=int)
    stretches = xmr.levels(values.tolist())
    for number, (start, end, limits, _) in enumerate(stretches):
        level[start:end] = np.where(_is_far(values[start:end], limits), -1, number)
    for count in range(1, xmr.ENOUGH):
        before, last = values[stretches[-1].start : -count], values[-count:]
        if len(before) >= xmr.ENOUGH and _is_far(last, xmr.limits_of(before.tolist())).all():
            level[-count:] = -1
    return level


def _is_far(values: np.ndarray, limits: xmr.Limits) -> np.ndarray:
    return np.asarray(np.abs(values - limits.centre) > _FAR * limits.above)


def _usual_difference(values: np.ndarray, level: np.ndarray, lag: int) -> float | None:
    """The mean distance of differences from their median, without the largest; None for too few of them."""
    together = (level[lag:] == level[:-lag]) & (level[lag:] >= 0)
    found = (values[lag:] - values[:-lag])[together]
    if len(found) < _PAIRS:
        return None
    away = np.sort(np.abs(found - np.median(found)))
    return float(away[: int(np.ceil(_KEPT * len(away)))].mean())
