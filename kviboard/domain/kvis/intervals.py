"""95 % intervals around values that come from answers, vectorised. Whether two of them differ is asked in signals.py.

Each function takes numbers or arrays of the same shape and returns (low, high) as arrays of that shape, `difference`
(value, low, high); NaN where there are no answers (n = 0).

A customer's answers are alike, so that several of one say less than as many of different customers. `effect` says by
how many times: n answers count as n / effect (`design_effect`); 1 where no customer answered twice.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
import scipy  # loads its parts when they are used: `special`, which has quantiles, too, in half the time of `stats`

Floats = npt.NDArray[np.float64]

Z = 1.96  # normal quantile that leaves 2.5 % on each side
_UPPER = 0.975  # what lies below it
CHANCE = "how far chance can reach (95 %)"  # what an interval is, for whoever reads a chart
MANY = "many compared, one in twenty is off by chance"  # of the same, where several stand side by side
_MOST_ALIKE = 0.9  # that two shares of the same customers are
FEW = 30  # below this many answers an interval is too wide to act on


class Repeats(NamedTuple):
    """Sums over all ordered pairs of answers that one customer gave, two answers making two pairs: how many, the first
    answers' values, the products of both values; and answers beyond each customer's first. 0 where nobody answered
    twice, or NaN, so that answers of unknown customers need no place in them."""

    pairs: npt.ArrayLike
    pair_sum: npt.ArrayLike
    pair_products: npt.ArrayLike
    again: npt.ArrayLike


def repeats_in(rows: pd.DataFrame, ending: str = "") -> Repeats | None:
    """The sums that stand in columns of these names, with an ending; None where there are no such columns."""
    names = [f"{name}{ending}" for name in Repeats._fields]
    return Repeats(*(rows[name].to_numpy(dtype=float) for name in names)) if {*names} <= {*rows.columns} else None


def repeats_among(values: Floats, whose: npt.NDArray[np.int64]) -> Repeats:
    """The sums of each column of answers × columns, from the number of the customer who gave each answer."""
    given = np.bincount(whose)
    said = np.array([np.bincount(whose, column) for column in values.T])
    size = len(said)
    return Repeats(
        np.full(size, (given**2 - given).sum()),
        (said * (given - 1)).sum(axis=1),
        (said**2).sum(axis=1) - (values**2).sum(axis=0),
        np.full(size, len(whose) - np.count_nonzero(given)),
    )


def design_effect(
    total: npt.ArrayLike, sum_squares: npt.ArrayLike, n: npt.ArrayLike, repeats: Repeats | None
) -> Floats:
    """How many answers say as much as one would, if each came from another customer, from the sum and the sum of
    squares of n answers: 1 or more, infinite where all are one customer's.

    It is the variance of a mean that is robust to clusters, over that of independent answers: K.-Y. Liang, S. L. Zeger,
    Biometrika 73 (1986), with G / (G − 1) for G customers. As few customers make that uncertain, it is times the square
    of Student's t with G − 1 over that with n − 1 degrees of freedom, the effective sample size of E. L. Korn and
    B. I. Graubard, Survey Methodology 24 (1998) 193–201. Chance may make it less than 1; it counts as 1.
    """
    answers = _answers(n)
    if repeats is None or not (_floats(repeats.again) > 0).any():
        return np.ones_like(answers)
    pairs, pair_sum, pair_products, again = (np.nan_to_num(_floats(each)) for each in repeats)
    middle = _floats(total) / answers
    apart = _floats(sum_squares) - answers * middle**2
    alike = pair_products - 2 * middle * pair_sum + middle**2 * pairs
    is_equal = apart < 1e-9 * answers  # all values: nothing shows that a customer's could differ from one another
    ratio = 1 + np.where(is_equal, pairs, alike) / np.where(is_equal, answers, apart)
    freedom = np.maximum(answers - again - 1, 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio *= (freedom + 1) / freedom * (answers - 1) / answers
        wider = (_t(freedom) / _t(answers - 1)) ** 2
    found = np.where(freedom > 0, np.maximum(ratio, 1) * wider, np.inf)
    return np.where(again > 0, found, 1.0)


def _t(freedom: Floats) -> Floats:
    return np.asarray(scipy.special.stdtrit(freedom, _UPPER))


class Shared(NamedTuple):
    """Sums over all pairs of an answer and one of another range that the same customer gave: how many, the values of
    the former, of the latter, and the products of both. 0 or NaN where nobody answered in both."""

    shared: npt.ArrayLike
    shared_sum: npt.ArrayLike
    shared_sum_before: npt.ArrayLike
    shared_products: npt.ArrayLike


def shared_in(rows: pd.DataFrame) -> Shared:
    """The sums that stand in columns of these names."""
    return Shared(*(rows[name].to_numpy(dtype=float) for name in Shared._fields))


def repeats_of_rest(everything: Repeats, these: Repeats, shared: Shared, customers: npt.ArrayLike) -> Repeats:
    """The sums of all other answers than these, from what so many customers said in both."""
    whole, part, both = ([np.nan_to_num(_floats(each)) for each in sums] for sums in (everything, these, shared))
    in_both = (2 * both[0], both[1] + both[2], 2 * both[3], np.nan_to_num(_floats(customers)))
    return Repeats(*(all_of - own - common for all_of, own, common in zip(whole, part, in_both, strict=True)))


def covariance(
    middle: Floats, n: npt.ArrayLike, middle_before: Floats, n_before: npt.ArrayLike, shared: Shared
) -> Floats:
    """The covariance of two means, of n answers and of n_before, that some customers gave both: as far as these are
    alike, a change between the means is surer (Liang and Zeger 1986)."""
    pairs, total, total_before, products = (np.nan_to_num(_floats(each)) for each in shared)
    found = products - middle_before * total - middle * total_before + middle * middle_before * pairs
    return found / (_answers(n) * _answers(n_before))


def share_correlation(
    one: tuple[Floats, Floats, Floats], before: tuple[Floats, Floats, Floats], shared: Shared
) -> Floats:
    """The correlation of two shares that some customers are in both of, each given as k, n and design effect; at most
    0.9: where nobody did otherwise than before, the next one still may. 0 where one is of nobody, of all or of none."""
    (share_now, variance), (share_before, variance_before) = (_share_of(*each) for each in (one, before))
    alike = covariance(share_now, one[1], share_before, before[1], shared)
    with np.errstate(divide="ignore", invalid="ignore"):
        found = alike / np.sqrt(variance * variance_before)
    return np.clip(np.where(np.isfinite(found), found, 0.0), -1.0, _MOST_ALIKE)


def _share_of(k: Floats, n: Floats, effect: Floats) -> tuple[Floats, Floats]:
    """A share and its variance, NaN where nothing is known of it."""
    found = k / _answers(n)
    return found, found * (1 - found) * np.where(np.isinf(effect), np.nan, effect) / _answers(n)


def nps(
    promoters: npt.ArrayLike, detractors: npt.ArrayLike, n: npt.ArrayLike, effect: npt.ArrayLike = 1.0
) -> tuple[Floats, Floats]:
    """Net Promoter Score in points, from counts of promoters, detractors and all answers; within −100 and 100."""
    score, variance = nps_of(promoters, detractors, n, effect)
    margin = Z * np.sqrt(variance)
    return np.maximum(score - margin, -100), np.minimum(score + margin, 100)


def nps_of(
    promoters: npt.ArrayLike, detractors: npt.ArrayLike, n: npt.ArrayLike, effect: npt.ArrayLike = 1.0
) -> tuple[Floats, Floats]:
    """Net Promoter Score in points and the variance of this estimate, 100² (p + d − (p − d)²) / n: that of a mean of
    values +1, 0 and −1.

    Where fewer than some four answers fall outside of one band it is too small, and 0 where none does, as if nobody
    else could answer otherwise. So the margin is never less than what Wilson's interval leaves for the other bands
    where none of n answers fell into them: z² / (n + z²).
    """
    answers = _answers(n)
    promoting, detracting = _floats(promoters) / answers, _floats(detractors) / answers
    score = promoting - detracting
    said = answers / _floats(effect)
    with np.errstate(divide="ignore", invalid="ignore"):
        variance = (promoting + detracting - score**2) / said
    widest = (2 / Z) ** 2  # no score is farther from another than the whole scale
    return 100 * score, 1e4 * np.minimum(np.fmax(variance, (Z / (said + Z**2)) ** 2), widest)


def share(k: npt.ArrayLike, n: npt.ArrayLike, effect: npt.ArrayLike = 1.0) -> tuple[Floats, Floats]:
    """A share k of n as a fraction (Wilson's score interval, without continuity correction), within 0 and 1.

    Source: E. B. Wilson, JASA 22 (1927); method 3 in R. G. Newcombe, Statistics in Medicine 17 (1998); of n / effect
    answers C. Franco and others, Journal of Survey Statistics and Methodology 7 (2019) 334–364.
    """
    answers = _answers(n)
    found, said = _floats(k) / answers, answers / _floats(effect)
    centre = found * said + Z**2 / 2
    margin = Z * np.sqrt(found * (1 - found) * said + Z**2 / 4)
    scale = said + Z**2
    return np.maximum((centre - margin) / scale, 0), np.minimum((centre + margin) / scale, 1)


def difference(
    k: npt.ArrayLike,
    n: npt.ArrayLike,
    other_k: npt.ArrayLike,
    other_n: npt.ArrayLike,
    effect: npt.ArrayLike = 1.0,
    other_effect: npt.ArrayLike = 1.0,
    correlation: npt.ArrayLike = 0.0,
) -> tuple[Floats, Floats, Floats]:
    """k of n less other_k of other_n, as a fraction, with the low and high end of its 95 % interval.

    NaN where either n is 0. Source: method 10 (square and add Wilson's limits) in R. G. Newcombe, Interval estimation
    for the difference between independent proportions, Statistics in Medicine 17 (1998) 873–890; where the same
    customers are in both, with what their shares have in common as in his Improved confidence intervals for the
    difference between binomial proportions based on paired data, ibid. 2635–2650.
    """
    one, other = _floats(k) / _answers(n), _floats(other_k) / _answers(other_n)
    (low, high), (other_low, other_high) = share(k, n, effect), share(other_k, other_n, other_effect)
    found = one - other
    ends = []
    for near, far in ((one - low, other_high - other), (high - one, other - other_low)):
        ends.append(np.sqrt(np.maximum(near**2 + far**2 - 2 * _floats(correlation) * near * far, 0)))
    return found, found - ends[0], found + ends[1]


def mean(
    total: npt.ArrayLike, sum_squares: npt.ArrayLike, n: npt.ArrayLike, effect: npt.ArrayLike = 1.0
) -> tuple[Floats, Floats]:
    """A mean, from the sum and the sum of squares of n answers: ± 1.96 s / √n, s with n − 1. One answer, or one
    customer: NaN."""
    answers = _answers(n)
    middle = _floats(total) / answers
    freedom = np.where(answers > 1, answers - 1, np.nan)
    variance = np.maximum(_floats(sum_squares) - answers * middle**2, 0) / freedom
    margin = Z * np.sqrt(variance / answers * np.where(np.isinf(effect), np.nan, effect))
    return middle - margin, middle + margin


_OF_KIND: dict[str, Callable[..., tuple[Floats, Floats]]] = {"nps": nps, "share": share, "mean": mean}


def interval(kind: str, sums: Sequence[npt.ArrayLike], repeats: Repeats | None = None) -> tuple[Floats, Floats]:
    """The interval of a kind, "nps", "share" or "mean", from the sums that its function takes, wider by what they are
    alike; `repeats` are of what these are the mean of: +1, 0 and −1 for the Net Promoter Score, 1 and 0 for a share."""
    return _OF_KIND[kind](*sums, effect_of(kind, sums, repeats))


def effect_of(kind: str, sums: Sequence[npt.ArrayLike], repeats: Repeats | None) -> Floats:
    """The design effect of the values that an interval of this kind is of."""
    one, other, n = sums[0], sums[1], sums[-1]
    if kind == "nps":
        return design_effect(_floats(one) - _floats(other), _floats(one) + _floats(other), n, repeats)
    return design_effect(one, other if kind == "mean" else one, n, repeats)


def too_few(n: npt.ArrayLike) -> npt.NDArray[np.bool_]:
    """Whether there are fewer than 30 answers, or none known."""
    return np.asarray(~(_floats(n) >= FEW))


def _floats(values: npt.ArrayLike) -> Floats:
    return np.asarray(values, dtype=np.float64)


def _answers(n: npt.ArrayLike) -> Floats:
    """The number of answers, NaN for none, so that nothing is divided by zero."""
    answers = _floats(n)
    return np.where(answers > 0, answers, np.nan)
