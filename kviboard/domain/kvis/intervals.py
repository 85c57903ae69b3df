"""95 % intervals around values that come from answers, vectorised. Whether two of them differ is asked in signals.py.

Each function takes numbers or arrays of the same shape and returns (low, high) as arrays of that shape, `difference`
(value, low, high); NaN where there are no answers (n = 0).
"""

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

Z = 1.96  # normal quantile that leaves 2.5 % on each side
CHANCE = "how far chance can reach (95 %)"  # what an interval is, for whoever reads a chart
MANY = "many compared, one in twenty is off by chance"  # of the same, where several stand side by side
FEW = 30  # below this many answers an interval is too wide to act on


def nps(promoters: npt.ArrayLike, detractors: npt.ArrayLike, n: npt.ArrayLike) -> tuple[Floats, Floats]:
    """Net Promoter Score in points, from counts of promoters, detractors and all answers; within −100 and 100."""
    score, variance = nps_of(promoters, detractors, n)
    margin = Z * np.sqrt(variance)
    return np.maximum(score - margin, -100), np.minimum(score + margin, 100)


def nps_of(promoters: npt.ArrayLike, detractors: npt.ArrayLike, n: npt.ArrayLike) -> tuple[Floats, Floats]:
    """Net Promoter Score in points and the variance of this estimate, 100² (p + d − (p − d)²) / n: that of a mean of
    values +1, 0 and −1.

    Where fewer than some four answers fall outside of one band it is too small, and 0 where none does, as if nobody
    else could answer otherwise. So the margin is never less than what Wilson's interval leaves for the other bands
    where none of n answers fell into them: z² / (n + z²).
    """
    answers = _answers(n)
    promoting, detracting = _floats(promoters) / answers, _floats(detractors) / answers
    score = promoting - detracting
    variance = (promoting + detracting - score**2) / answers
    return 100 * score, 1e4 * np.maximum(variance, (Z / (answers + Z**2)) ** 2)


def share(k: npt.ArrayLike, n: npt.ArrayLike) -> tuple[Floats, Floats]:
    """A share k of n as a fraction (Wilson's score interval, without continuity correction), within 0 and 1.

    Source: E. B. Wilson, JASA 22 (1927); method 3 in R. G. Newcombe, Statistics in Medicine 17 (1998).
    """
    answers = _answers(n)
    found = _floats(k) / answers
    centre = found + Z**2 / (2 * answers)
    margin = Z * np.sqrt(found * (1 - found) / answers + Z**2 / (4 * answers**2))
    scale = 1 + Z**2 / answers
    return np.maximum((centre - margin) / scale, 0), np.minimum((centre + margin) / scale, 1)


def difference(
    k: npt.ArrayLike, n: npt.ArrayLike, other_k: npt.ArrayLike, other_n: npt.ArrayLike
) -> tuple[Floats, Floats, Floats]:
    """k of n less other_k of other_n, as a fraction, with the low and high end of its 95 % interval.

    NaN where either n is 0. Source: method 10 (square and add Wilson's limits) in R. G. Newcombe, Interval estimation
    for the difference between independent proportions, Statistics in Medicine 17 (1998) 873–890.
    """
    one, other = _floats(k) / _answers(n), _floats(other_k) / _answers(other_n)
    (low, high), (other_low, other_high) = share(k, n), share(other_k, other_n)
    found = one - other
    return (
        found,
        found - np.sqrt((one - low) ** 2 + (other_high - other) ** 2),
        found + np.sqrt((high - one) ** 2 + (other - other_low) ** 2),
    )


def mean(total: npt.ArrayLike, sum_squares: npt.ArrayLike, n: npt.ArrayLike) -> tuple[Floats, Floats]:
    """A mean, from the sum and the sum of squares of n answers: ± 1.96 s / √n, s with n − 1. One answer: NaN."""
    answers = _answers(n)
    middle = _floats(total) / answers
    freedom = np.where(answers > 1, answers - 1, np.nan)
    variance = np.maximum(_floats(sum_squares) - answers * middle**2, 0) / freedom
    margin = Z * np.sqrt(variance / answers)
    return middle - margin, middle + margin


def too_few(n: npt.ArrayLike) -> npt.NDArray[np.bool_]:
    """Whether there are fewer than 30 answers, or none known."""
    return np.asarray(~(_floats(n) >= FEW))


def _floats(values: npt.ArrayLike) -> Floats:
    return np.asarray(values, dtype=np.float64)


def _answers(n: npt.ArrayLike) -> Floats:
    """The number of answers, NaN for none, so that nothing is divided by zero."""
    answers = _floats(n)
    return np.where(answers > 0, answers, np.nan)
