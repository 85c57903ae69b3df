"""What matters: how much each rated aspect goes with the score, apart from the others, and how well it is rated."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from kviboard.domain.kvis.intervals import FEW, Floats

RESAMPLES = 1_000
_MOST_RESAMPLED = 20_000  # answers; beyond, the interval of so many is narrowed by the root of how many more there are
_SEED = 20_000


class Weights(NamedTuple):
    """Per aspect its share of what all explain (they add up to 1) with its 95 % interval, and how much of the score's
    variance all together explain."""

    importance: Floats
    low: Floats
    high: Floats
    explained: float


def relative_weights(ratings: Floats, scores: Floats, whose: npt.NDArray[np.int64]) -> Weights:
    """Weights from complete rows of ratings (answers × aspects), their scores and the number of the customer who gave
    each, from 0 on; NaN where there are too few answers, or an aspect is always rated alike.

    J. W. Johnson, A heuristic method for estimating the relative weight of predictor variables in multiple regression,
    Multivariate Behavioral Research 35 (2000) 1-19. The interval is a seeded bootstrap over customers with all
    their answers (percentiles), because those of one are alike (A. C. Davison, D. V. Hinkley, Bootstrap Methods and
    their Application, 1997, 3.8).
    """
    count, aspects = ratings.shape
    unknown = np.full(aspects, np.nan)
    values = np.column_stack([ratings, scores])
    if count < max(FEW, 2 * aspects + 2) or aspects == 0 or (values.std(axis=0) == 0).any():
        return Weights(unknown, unknown, unknown, float("nan"))
    raw = _raw_weights(values)
    found = raw / raw.sum()
    rng = np.random.default_rng(_SEED)
    basis, given = values[np.argsort(whose, kind="stable")], np.bincount(whose)
    begins, customers = np.cumsum(given) - given, len(given)
    drawn = max(1, min(customers, _MOST_RESAMPLED * customers // count))
    chosen = np.arange(customers) if drawn == customers else rng.choice(customers, drawn, replace=False)
    draws = (chosen[rng.integers(0, drawn, drawn)] for _ in range(RESAMPLES))
    tried = np.array([_shares(basis[_answers_of(draw, begins, given)], aspects) for draw in draws])
    narrower = np.sqrt(drawn / customers)
    low, high = np.nanpercentile(tried, [2.5, 97.5], axis=0)
    middle = np.nanmedian(tried, axis=0)
    low, high = found + (low - middle) * narrower, found + (high - middle) * narrower
    return Weights(found, np.maximum(low, 0), np.minimum(high, 1), float(raw.sum()))


def _answers_of(
    customers: npt.NDArray[np.int64], begins: npt.NDArray[np.int64], given: npt.NDArray[np.int64]
) -> npt.NDArray[np.int64]:
    """The places of all answers of these customers, of whom each gave so many that begin at a place."""
    counts = given[customers]
    return np.arange(counts.sum()) + np.repeat(begins[customers] - np.cumsum(counts) + counts, counts)


def _shares(values: Floats, aspects: int) -> Floats:
    if (values.std(axis=0) == 0).any():
        return np.full(aspects, np.nan)
    raw = _raw_weights(values)
    return np.asarray(raw / raw.sum())


def _raw_weights(values: Floats) -> Floats:
    """Each aspect's part of R²: through the orthogonal variables that are nearest to the aspects."""
    together = np.asarray(np.corrcoef(values, rowvar=False))
    eigenvalues, vectors = np.linalg.eigh(together[:-1, :-1])
    roots = np.sqrt(np.maximum(eigenvalues, 1e-12))
    loadings = vectors * roots @ vectors.T
    slopes = vectors / roots @ vectors.T @ together[:-1, -1]
    return np.asarray(loadings**2 @ slopes**2)
