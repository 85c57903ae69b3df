"""Scores and rates compared: by hand and against scipy's own."""

import math

import numpy as np
import pytest
from scipy import stats

from kviboard.domain.kvis.intervals import nps_of
from kviboard.domain.voice.changes import lift, nps_change, rate, rate_ratio, verdicts


def test_a_lift_by_hand():
    """50 of 200 answers score −20 (p .3, d .5), the rest 40 (p .6, d .2): a quarter × 60 points = 15.
    Variances: (.8 − .04) / 50 = .0152 and (.8 − .16) / 150 = .004267; margin 25 × 1.96 × √.019467 = 6.837."""
    found, low, high = lift(nps_of([15], [25], [50]), nps_of([90], [30], [150]), [0.25])
    assert (found[0], low[0], high[0]) == pytest.approx((15, 15 - 6.8366, 15 + 6.8366), abs=1e-3)


def test_a_change_of_a_score_that_nobody_gave_is_unknown():
    change, low, high = nps_change(nps_of([5], [1], [10]), nps_of([0], [0], [0]))
    assert all(map(math.isnan, (change[0], low[0], high[0])))


def test_two_scores_of_which_every_answer_ties_differ_by_no_sure_number():
    """30 promoters, then 30 passives: each margin is 100 × 3.8416 / 33.8416 = 11.352, together × √2."""
    change, low, high = nps_change(nps_of([0], [0], [30]), nps_of([30], [0], [30]))
    assert (change[0], low[0], high[0]) == pytest.approx((-100, -116.054, -83.946), abs=1e-3)


def test_the_poisson_interval_is_as_published():
    """Garwood's limits for 10 events: 4.795 to 18.390; for one: 0.0253 to 5.572; for none: 0 to 3.689."""
    found, low, high = rate([10, 1, 0], [1.0, 1.0, 1.0])
    assert found.tolist() == [10, 1, 0]
    assert low == pytest.approx([4.795, 0.0253, 0], abs=5e-4)
    assert high == pytest.approx([18.390, 5.572, 3.689], abs=5e-4)
    assert np.isnan(rate([3], [0])[0]).all()


def test_a_ratio_of_rates_against_scipys_binomial_interval():
    ratio, low, high = rate_ratio([30, 5], [2.0, 1.0], [20, 0], [1.0, 1.0])
    ends = stats.binomtest(30, 50).proportion_ci(method="exact")
    assert (ratio[0], low[0], high[0]) == pytest.approx(
        (0.75, ends.low / (1 - ends.low) / 2, ends.high / (1 - ends.high) / 2)
    )
    assert np.isnan([ratio[1], low[1], high[1]]).all()


@pytest.mark.parametrize(("now", "before"), [(1, 1), (0, 1), (1, 2)])
def test_a_ratio_of_one_event_or_none_to_one(now, before):
    ratio, low, high = rate_ratio([now], [1.0], [before], [1.0])
    ends = stats.binomtest(now, now + before).proportion_ci(method="exact")
    assert (ratio[0], low[0], high[0]) == pytest.approx(
        (now / before, ends.low / (1 - ends.low), ends.high / (1 - ends.high))
    )


def test_verdicts_say_nothing_that_the_interval_does_not():
    low, high = np.array([1.0, -3, -1, 0, -2, 1, np.nan]), np.array([3.0, -1, 2, 2, 0, 3, np.nan])
    enough = np.array([True, True, True, True, True, False, True])
    said = verdicts(low, high, enough, ("better", "worse", "too few answers"), 0.0)
    assert said == ["better", "worse", *["no change shown"] * 3, "too few answers", "nothing before"]
