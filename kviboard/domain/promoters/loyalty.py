"""Shares of two groups compared: their difference with a 95 % interval. Each share's own interval is in `intervals`."""

import numpy as np
import numpy.typing as npt

from kviboard.domain.kvis.intervals import Floats, share

BANDS = ("promoter", "passive", "detractor")
AGAINST = "passive"  # the band that the others are compared with


def difference(
    k: npt.ArrayLike, n: npt.ArrayLike, other_k: npt.ArrayLike, other_n: npt.ArrayLike
) -> tuple[Floats, Floats, Floats]:
    """k of n less other_k of other_n, as a fraction, with the low and high end of its 95 % interval.

    NaN where either n is 0. Source: method 10 (square and add Wilson's limits) in R. G. Newcombe, Interval estimation
    for the difference between independent proportions, Statistics in Medicine 17 (1998) 873–890.
    """
    one, other = _share(k, n), _share(other_k, other_n)
    (low, high), (other_low, other_high) = share(k, n), share(other_k, other_n)
    found = one - other
    return (
        found,
        found - np.sqrt((one - low) ** 2 + (other_high - other) ** 2),
        found + np.sqrt((high - one) ** 2 + (other - other_low) ** 2),
    )


def is_shown(low: float, high: float) -> bool:
    """Whether a difference is shown: its interval is known and does not hold 0."""
    return low > 0 or high < 0


def _share(k: npt.ArrayLike, n: npt.ArrayLike) -> Floats:
    total = np.asarray(n, dtype=float)
    return np.asarray(k, dtype=float) / np.where(total > 0, total, np.nan)
