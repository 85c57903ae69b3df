"""Two scores or two rates compared, and what a group of answers pulls the score by. Vectorised, 95 % intervals."""

import numpy as np
import numpy.typing as npt
import pandas as pd
import scipy  # loads its parts when they are used: `special`, which has quantiles, too, in half the time of `stats`

from kviboard.domain.kvis.intervals import (
    FEW,
    Floats,
    Z,
    covariance,
    difference,
    effect_of,
    nps_of,
    repeats_in,
    share_correlation,
    shared_in,
)

FEW_COMPLAINTS = 10
_TAIL = 0.025
_LEAST_APART = 0.1  # of the variances: where nobody answered otherwise than before, the next one still may


def nps_change(
    now: tuple[Floats, Floats], before: tuple[Floats, Floats], covariance: npt.ArrayLike = 0.0
) -> tuple[Floats, Floats, Floats]:
    """Change of a score from `before` to `now`, each with its variance, and the ends of its interval. Where the same
    customers gave both, their covariance makes it surer; but never surer than a tenth of both variances."""
    apart = now[1] + before[1]
    variance = np.maximum(apart - 2 * np.asarray(covariance, dtype=float), _LEAST_APART * apart)
    change, margin = now[0] - before[0], Z * np.sqrt(variance)
    return change, change - margin, change + margin


def change_in(rows: pd.DataFrame) -> tuple[Floats, Floats, Floats, Floats, Floats]:
    """The scores of a range and of the days before it, their change and the ends of its interval, of rows that count
    answers, promoters and detractors of both, with what the same customers said in each and in both."""
    now, before = (_nps_of(rows, ending) for ending in ("", "_before"))
    shared = shared_in(rows)
    alike = covariance(now[0] / 100, rows["responses"], before[0] / 100, rows["responses_before"], shared)
    return now[0], before[0], *nps_change(now, before, 1e4 * alike)


def rate_change_in(rows: pd.DataFrame) -> tuple[Floats, Floats, Floats]:
    """The change between the rates of a range and of the days before it and the ends of its interval, of rows that
    count who was invited and who answered in both."""
    (k, n), (k_before, n_before) = (
        [rows[f"{name}{ending}"].to_numpy(dtype=float) for name in ("answered", "invited")]
        for ending in ("", "_before")
    )
    effect = effect_of("share", [k, n], repeats_in(rows))
    effect_before = effect_of("share", [k_before, n_before], repeats_in(rows, "_before"))
    alike = share_correlation((k, n, effect), (k_before, n_before, effect_before), shared_in(rows))
    return difference(k, n, k_before, n_before, effect, effect_before, alike)


def _nps_of(rows: pd.DataFrame, ending: str) -> tuple[Floats, Floats]:
    """The score and its variance, of columns whose names have this ending."""
    promoters, detractors, n = (rows[f"{name}{ending}"] for name in ("promoters", "detractors", "responses"))
    effect = effect_of("nps", [promoters, detractors, n], repeats_in(rows, ending))
    return nps_of(promoters, detractors, n, effect)


def lift(
    these: tuple[Floats, Floats], rest: tuple[Floats, Floats], share: npt.ArrayLike, covariance: npt.ArrayLike = 0.0
) -> tuple[Floats, Floats, Floats]:
    """How many points the whole would gain if these answers scored like the rest, the share of these taken as given."""
    weight = np.asarray(share, dtype=float)
    change, low, high = nps_change(rest, these, covariance)
    return weight * change, weight * low, weight * high


def rate(count: npt.ArrayLike, exposure: npt.ArrayLike) -> tuple[Floats, Floats, Floats]:
    """Events per unit of exposure, and the ends of the exact Poisson interval (Garwood 1936); NaN without exposure."""
    k, units = np.asarray(count, dtype=float), np.asarray(exposure, dtype=float)
    units = np.where(units > 0, units, np.nan)
    low = np.where(k > 0, scipy.special.gammaincinv(np.maximum(k, 1), _TAIL), 0.0)
    high = scipy.special.gammaincinv(k + 1, 1 - _TAIL)
    return k / units, low / units, high / units


def rate_ratio(
    count: npt.ArrayLike, exposure: npt.ArrayLike, other: npt.ArrayLike, other_exposure: npt.ArrayLike
) -> tuple[Floats, Floats, Floats]:
    """A rate as a multiple of another, with its exact conditional interval: given both counts together, the first is
    binomial (Clopper and Pearson 1934). NaN where the other has no events or no exposure is known."""
    a, b = np.asarray(count, dtype=float), np.asarray(other, dtype=float)
    factor = np.asarray(other_exposure, dtype=float) / np.asarray(exposure, dtype=float)
    known = np.where(b > 0, factor, np.nan)
    low = np.where(a > 0, scipy.special.betaincinv(np.maximum(a, 1), b + 1, _TAIL), 0.0)
    high = scipy.special.betaincinv(a + 1, np.maximum(b, 1), 1 - _TAIL)
    return a / np.maximum(b, 1) * known, low / (1 - low) * known, high / (1 - high) * known


def verdicts(
    low: Floats, high: Floats, enough: npt.NDArray[np.bool_], words: tuple[str, str, str], none: float
) -> list[str]:
    """Per row: more, less (`words`), "no change shown", too few (the third word), or "nothing before" where unknown."""
    more, less, few = words
    said = np.select(
        [np.isnan(low), ~enough, low > none, high < none], ["nothing before", few, more, less], "no change shown"
    )
    return [str(each) for each in said]


def enough_answers(n: npt.ArrayLike, before: npt.ArrayLike) -> npt.NDArray[np.bool_]:
    return np.asarray((np.asarray(n) >= FEW) & (np.asarray(before) >= FEW))
