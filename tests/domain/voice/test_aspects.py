"""Relative weights: against values worked out by hand, and where there is nothing to weigh."""

import numpy as np
import pytest

from kviboard.domain.voice.aspects import relative_weights


def test_aspects_that_do_not_go_together_weigh_their_squared_correlation():
    """All eight combinations of three ratings: uncorrelated; the score is 2 a + b, so R² = 1 of which 4/5 and 1/5."""
    ratings = np.array([[a, b, c] for a in (1, 5) for b in (1, 5) for c in (1, 5)] * 10, dtype=float)
    found = relative_weights(ratings, 2 * ratings[:, 0] + ratings[:, 1], np.arange(len(ratings)))
    assert found.importance == pytest.approx([0.8, 0.2, 0])
    assert found.explained == pytest.approx(1)
    assert found.low[0] < 0.8 < found.high[0]


def test_two_aspects_by_hand():
    """Correlation .6 between them, .5 and .3 with the score. With roots a = (√1.6 + √.4) / 2 and b = (√1.6 − √.4) / 2
    the loadings are a and b; slopes solve them; R² = (.25 + .09 − 2 × .6 × .5 × .3) / (1 − .36) = .25."""
    rng = np.random.default_rng(3)
    wanted = np.array([[1, 0.6, 0.5], [0.6, 1, 0.3], [0.5, 0.3, 1]])
    raw = rng.standard_normal((400, 3))
    raw -= raw.mean(axis=0)
    white = raw @ np.linalg.inv(np.linalg.cholesky(np.cov(raw, rowvar=False))).T
    values = white @ np.linalg.cholesky(wanted).T
    a, b = (np.sqrt(1.6) + np.sqrt(0.4)) / 2, (np.sqrt(1.6) - np.sqrt(0.4)) / 2
    slopes = np.linalg.solve(np.array([[a, b], [b, a]]), [0.5, 0.3])
    weights = np.array([a**2 * slopes[0] ** 2 + b**2 * slopes[1] ** 2, b**2 * slopes[0] ** 2 + a**2 * slopes[1] ** 2])
    found = relative_weights(values[:, :2], values[:, 2], np.arange(len(values)))
    assert found.explained == pytest.approx(0.25)
    assert found.importance == pytest.approx(weights / 0.25)


@pytest.mark.parametrize(("count", "alike"), [(20, False), (100, True)])
def test_too_few_answers_or_an_aspect_rated_alike_is_not_weighed(count, alike):
    rng = np.random.default_rng(1)
    ratings = rng.integers(1, 6, (count, 2)).astype(float)
    if alike:
        ratings[:, 1] = 4
    found = relative_weights(ratings, rng.integers(0, 11, count).astype(float), np.arange(count))
    assert np.isnan([*found.importance, found.explained]).all()


def test_the_same_answers_given_again_make_no_weight_surer():
    """120 customers who say the same four times, and the same 120 answers once: as sure, where four times as many
    answers of different customers would be twice as sure."""
    rng = np.random.default_rng(3)
    ratings = rng.integers(1, 6, (120, 2)).astype(float)
    scores = 2 * ratings[:, 0] + ratings[:, 1] + rng.normal(0, 3, 120)
    once = relative_weights(ratings, scores, np.arange(120))
    again, whose = (np.tile(ratings, (4, 1)), np.tile(scores, 4)), np.tile(np.arange(120), 4)
    assert relative_weights(*again, whose).high == pytest.approx(once.high)
    strangers = relative_weights(*again, np.arange(480))
    assert (once.high - once.low) / (strangers.high - strangers.low) == pytest.approx(2, rel=0.15)
