"""Why a value changed: what each slice of the customers contributed, adding up to the change exactly.

Three ways, by what the value is: a sum over slices, a ratio of sums, or any other formula over sums.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np

Floats = np.ndarray
FormulaOfSums = Callable[[np.ndarray], complex]
_NODES, _HALVINGS = 12, 14  # of the quadrature: exact to the digits where a sum is up to 10,000 times the other one
_STEP = 1e-30  # of the complex step, relative: it loses no digits however small


@dataclass(frozen=True, eq=False)
class Contributions:
    """Per slice, in the value's unit: `effect`, and of a ratio how much of it came from the slice's own rate and how
    much from its weight among all (NaN for what is no ratio). `weight` is its share of the whole, the mean of then and
    now. `then` and `now` are the values of all slices together; the effects add up to now − then."""

    effect: Floats
    rate_effect: Floats
    mix_effect: Floats
    weight: Floats
    then: float
    now: float


def of_sum(then: Floats, now: Floats) -> Contributions:
    """Contributions to a value that is the sum of its slices' values."""
    unknown = np.full(len(now), np.nan)
    return Contributions(now - then, unknown, unknown, _weight(then, now), float(then.sum()), float(now.sum()))


def of_ratio(n_then: Floats, d_then: Floats, n_now: Floats, d_now: Floats) -> Contributions:
    """Contributions to ΣN/ΣD. With weights w = D_s/ΣD, rates r = N_s/D_s and R = ΣN/ΣD:

    rate effect (w1 + w0)/2 · (r1 − r0), mix effect (w1 − w0) · ((r1 + r0)/2 − (R1 + R0)/2).
    A slice without a basis (D_s = 0) in one of the two has the rate of the other, so that it only changed its weight.
    NaN throughout where there is no basis at all.
    """
    total_then, total_now = (float(total) if (total := d.sum()) else np.nan for d in (d_then, d_now))
    then, now = n_then.sum() / total_then, n_now.sum() / total_now
    middle = (then + now) / 2
    moved = d_now / total_now - d_then / total_then
    effect = n_now / total_now - n_then / total_then - moved * middle
    rates = np.array([_rate(n_then, d_then), _rate(n_now, d_now)])
    known = ~np.isnan(rates)
    rate = np.where(known, rates, 0).sum(axis=0) / np.maximum(known.sum(axis=0), 1)
    mix = moved * (np.where(known.any(axis=0), rate, middle) - middle)
    return Contributions(effect, effect - mix, mix, _weight(d_then, d_now), float(then), float(now))


def of_formula(formula: FormulaOfSums, then: Floats, now: Floats) -> Contributions:
    """Contributions to a formula over sums (`then` and `now`: one row per sum, one column per slice).

    What each slice's changes add along the straight line from then to now (Aumann, Shapley, Values of Non-Atomic Games,
    1974): the average slope of the formula in each sum, times the slice's change of it. Weights are of the first sum.
    """
    start, end = then.sum(axis=1), now.sum(axis=1)
    slopes = np.zeros(len(start))
    for place, weight in zip(*_quadrature(), strict=True):
        slopes += weight * _slopes(formula, start + place * (end - start))
    effect = slopes @ (now - then)
    unknown = np.full(now.shape[1], np.nan)
    values = (float(np.real(formula(place))) for place in (start, end))
    return Contributions(effect, unknown, unknown, _weight(then[0], now[0]), *values)


def _weight(then: Floats, now: Floats) -> Floats:
    """Shares in the whole, by size: a refund weighs what it takes."""
    shares = [
        np.abs(each) / total if (total := float(np.abs(each).sum())) else np.zeros(len(each)) for each in (then, now)
    ]
    return np.asarray((shares[0] + shares[1]) / 2)


@cache
def _quadrature() -> tuple[Floats, Floats]:
    """Places and weights for the mean over [0, 1]: Gauss-Legendre on pieces that halve towards both ends.

    A divisor that is small then or now has its pole just outside, where one rule over the whole way loses digits.
    """
    halved = 0.5 ** np.arange(_HALVINGS, 0, -1)
    edges = np.concatenate(([0.0], halved, 1 - halved[-2::-1], [1.0]))
    places, weights = np.polynomial.legendre.leggauss(_NODES)
    width = np.diff(edges)[:, np.newaxis]
    return (edges[:-1, np.newaxis] + width * (places + 1) / 2).ravel(), (width * weights / 2).ravel()


def _rate(numerator: Floats, denominator: Floats) -> Floats:
    return numerator / np.where(denominator != 0, denominator, np.nan)


def _slopes(formula: FormulaOfSums, at: Floats) -> Floats:
    """The slope in each sum, exact to the last digits (complex step)."""
    slopes = np.zeros(len(at))
    for place in range(len(at)):
        step = _STEP * max(abs(at[place]), 1.0)
        moved = at.astype(complex)
        moved[place] += 1j * step
        slopes[place] = np.imag(formula(moved)) / step
    return slopes
