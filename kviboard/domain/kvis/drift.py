"""How far a process behaviour chart can be trusted with a series whose periods resemble their neighbours.

A chart of moving ranges takes independent periods for granted. Where customers come and go slowly, or scores stand for
months, one period resembles the next, moving ranges are small, and the chart cries wolf (T. Young, P. Winistorfer, The
effects of autocorrelation on real-time statistical process control, Forest Products Journal).

So the usual difference between periods some lag apart is compared with that between neighbours (a variogram). The ratio
is about 1 for independent periods and grows with the lag where they drift. What it grows to at the longer half of up to
12 lags says how much farther away limits must lie: never less than `_LEAST`, because a board watches some twenty KVIs,
and of independent periods, too, the chart alone marks one in a hundred. In fewer than 16 periods drift cannot be told
from chance; where periods are known to be alike, as much is taken for granted as is usual (`_SHORT_CARRIED`).

A real change must not pass for drift and so hide itself. The latest eight periods, in which it would be, are left out;
differences are taken within the levels of the plain chart only, without values far outside of them, and about their
median without the largest fifth, so that a step, a trend or an episode further back counts little.

The numbers below were settled by simulation: tests/numbers/test_false_signals.py holds how rare signals are where
nothing changes, tests/domain/kvis/test_drift.py that changes are found.
"""

import math
from collections.abc import Sequence

import numpy as np

from kviboard.domain.kvis import xmr

_LEAST, _LEAST_CARRIED = 1.1, 1.2  # times as far away as on the plain chart; where most carries over
_SHORT_CARRIED = 1.8  # the same in a short history
_STEEP, _STEEP_CARRIED = 1.25, 2.4  # how much more drift there is than a short history shows
_APART = 3.0  # standard deviations of a mean of several periods, as of one
_LATEST = xmr.ENOUGH  # periods that may be a change
_SHORTEST = 16  # of fewer periods drift cannot be told from chance
_LAGS = 12
_LENGTHS = 3  # of a lag that a series needs
_PAIRS = 6  # that a lag's difference needs
_FAR = 1.5  # times the limits: no drift but something that happened
_KEPT = 0.8  # of the differences: the largest may be changes


def caution_for(points: Sequence[float], is_open_above: bool, carries_over: bool = False) -> xmr.Caution:
    """How careful to be with the points of a series, eight or more without gaps.

    `is_open_above` for counts and sums, which know no highest value and may have a long tail there; `carries_over` for
    what mostly the same customers bring about in each period.
    """
    values = np.asarray(points, dtype=float)
    if len(values) < _SHORTEST:
        return xmr.Caution(_SHORT_CARRIED if carries_over else 1.0, _APART, is_tail_watched=is_open_above)
    before = values[:-_LATEST] if len(values) - _LATEST >= _SHORTEST else values
    growth = _drift(before) - 1
    widen = _LEAST_CARRIED + _STEEP_CARRIED * growth if carries_over else max(_LEAST, 1 + _STEEP * growth)
    return xmr.Caution(widen, _APART, is_tail_watched=is_open_above)


def _drift(values: np.ndarray) -> float:
    """The usual difference of periods some way apart, in those of neighbours; 1 or more."""
    level = _levels(values)
    neighbours = _usual_difference(values, level, 1)
    lags = range(2, min(_LAGS, len(values) // _LENGTHS) + 1)
    differences = (_usual_difference(values, level, lag) for lag in lags)
    found = [difference for difference in differences if difference is not None]
    if not neighbours or not found:
        return 1.0
    return max(1.0, float(np.mean(found[len(found) // 2 :])) / neighbours)


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
    away = np.sort(np.abs(found - _median(found)))
    kept = math.ceil(_KEPT * len(away))
    return float(away[:kept].sum() / kept)


def _median(values: np.ndarray) -> float:
    """Of a few numbers; np.median, made for many, takes five times as long, a hundred times a page."""
    ordered, half = np.sort(values), len(values) // 2
    return float(ordered[half] if len(values) % 2 else (ordered[half - 1] + ordered[half]) / 2)
