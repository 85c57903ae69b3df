"""95 % intervals against published values, the standard library's statistics and formulas worked by hand."""

import itertools
import math
import statistics

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kviboard.domain.kvis import intervals


@pytest.mark.parametrize(("n", "margin"), [(30, 27.9), (100, 15.3), (400, 7.7)])
def test_an_nps_of_30_is_known_the_better_the_more_people_answered(n, margin):
    """50 % promoters, 20 % detractors: sqrt(0.7 − 0.09) = 0.78102, times 196, over √n."""
    low, high = intervals.nps(0.5 * n, 0.2 * n, n)
    assert (30 - low, high - 30) == pytest.approx((margin, margin), abs=0.05)


def test_an_nps_interval_is_that_of_the_mean_of_plus_one_zero_and_minus_one():
    answers = [1] * 50 + [0] * 33 + [-1] * 17
    margin = 196 * statistics.pstdev(answers) / 10
    low, high = intervals.nps(50, 17, 100)
    assert (float(low), float(high)) == pytest.approx((33 - margin, 33 + margin))


def test_an_nps_interval_stays_on_the_scale():
    low, high = intervals.nps([9, 0], [0, 9], [10, 10])
    assert high[0] == 100
    assert low[1] == -100


@pytest.mark.parametrize(
    ("promoters", "detractors", "low", "high"), [(30, 0, 88.648, 100), (0, 30, -100, -88.648), (0, 0, -11.352, 11.352)]
)
def test_an_nps_of_answers_that_all_tie_is_not_sure_to_the_point(promoters, detractors, low, high):
    """Wilson's upper limit for none of 30 is 3.8416 / 33.8416 = 11.352 %, as Newcombe's table has it for none of 20."""
    assert [float(end) for end in intervals.nps(promoters, detractors, 30)] == pytest.approx([low, high], abs=1e-3)
    assert 100 * float(intervals.share(0, 30)[1]) == pytest.approx(11.352, abs=1e-3)


def test_an_nps_gets_less_sure_with_the_first_answers_that_differ():
    ends = [float(intervals.nps(60 - few, 0, 60)[0]) for few in range(8)]
    assert ends == sorted(ends, reverse=True)
    assert ends[7] == pytest.approx(100 * (53 / 60 - 1.96 * math.sqrt(53 * 7 / 60**3)))


@pytest.mark.parametrize(
    ("k", "n", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0000, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_a_share_has_the_interval_newcombe_published(k, n, low, high):
    """R. G. Newcombe, "Two-sided confidence intervals for the single proportion", Statistics in Medicine 17 (1998)
    857–872, Table I, method 3 (Wilson's score, no continuity correction)."""
    assert [float(end) for end in intervals.share(k, n)] == pytest.approx([low, high], abs=5e-5)


@given(st.integers(1, 5000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_a_share_lies_within_its_interval_and_the_interval_between_0_and_1(counts):
    k, n = counts
    low, high = (float(end) for end in intervals.share(k, n))
    assert 0 <= low <= k / n + 1e-12
    assert k / n - 1e-12 <= high <= 1


def test_a_mean_has_the_interval_of_its_sample():
    answers = [9, 10, 3, 7, 8, 8, 10, 6]
    margin = 1.96 * statistics.stdev(answers) / math.sqrt(8)
    low, high = intervals.mean(sum(answers), sum(answer**2 for answer in answers), 8)
    middle = statistics.mean(answers)
    assert (float(low), float(high)) == pytest.approx((middle - margin, middle + margin))


def test_one_answer_tells_nothing_about_the_spread():
    assert np.isnan(intervals.mean(9, 81, 1)).all()


def test_equal_answers_have_no_spread_whatever_the_rounding():
    low, high = intervals.mean(0.1 * 30, 0.1**2 * 30, 30)
    assert float(low) == pytest.approx(0.1)
    assert float(high) == pytest.approx(0.1)


@pytest.mark.filterwarnings("error")
def test_without_answers_there_is_no_interval_and_no_warning():
    for low, high in (
        intervals.nps([0, 5], [0, 2], [0, 10]),
        intervals.share([0, 5], [0, 10]),
        intervals.mean([0, 50], [0, 300], [0, 10]),
    ):
        assert np.isnan([low[0], high[0]]).all()
        assert low[1] < high[1]


def repeats_of(groups: list[list[float]]) -> intervals.Repeats:
    """What customers' answers are alike by, counted pair by pair."""
    pairs = [pair for group in groups for pair in itertools.permutations(group, 2)]
    again = sum(len(group) - 1 for group in groups)
    return intervals.Repeats(len(pairs), sum(one for one, _ in pairs), sum(one * two for one, two in pairs), again)


def effect_of(groups: list[list[float]]) -> float:
    values = [value for group in groups for value in group]
    squares = sum(value**2 for value in values)
    return float(intervals.design_effect(sum(values), squares, len(values), repeats_of(groups)))


def test_answers_of_few_who_are_alike_say_as_little_as_lohr_published():
    """S. L. Lohr, Sampling: Design and Analysis, example 5.2: grades of four persons in each of five suites. Mean
    squares of 0.56392 between suites and 0.26480 in all; t of 4 and 19 degrees of freedom are 2.776 and 2.093."""
    suites = [
        [3.08, 2.60, 3.44, 3.04],
        [2.36, 3.04, 3.28, 2.68],
        [2.00, 2.56, 2.52, 1.88],
        [3.00, 2.88, 3.44, 3.64],
        [2.68, 1.92, 3.28, 3.20],
    ]
    assert effect_of(suites) == pytest.approx(0.56392 / 0.26480 * (2.776 / 2.093) ** 2, rel=1e-3)


def test_one_answer_of_each_customer_counts_whole():
    assert effect_of([[10], [3], [8], [8]]) == 1
    assert effect_of([[8], [8]]) == 1


def test_answers_that_are_all_alike_count_once_for_each_customer():
    """30 customers who say 10 three times, each, are 30 answers, as a t of 29 for one of 89 has it."""
    expected = 3 * 89 / 90 * 30 / 29 * (2.0452 / 1.9870) ** 2
    assert effect_of([[10, 10, 10]] * 30) == pytest.approx(expected, rel=1e-4)


def test_one_customer_alone_tells_nothing_of_others():
    assert effect_of([[10, 3, 8]]) == math.inf
    assert [float(end) for end in intervals.nps(1, 1, 3, math.inf)] == [-100, 100]
    assert [float(end) for end in intervals.share(2, 3, math.inf)] == [0, 1]
    assert np.isnan(intervals.mean(21, 173, 3, math.inf)).all()


@pytest.mark.parametrize(("alike", "as_if_strangers"), [(0.0, (92, 98)), (0.6, (70, 86))])
def test_of_a_hundred_intervals_95_hold_the_truth_where_customers_answer_several_times(alike, as_if_strangers):
    """60 customers answer one to six times; who answers as if each answer came from another is the second."""
    rng = np.random.default_rng(11)
    runs, customers = 600, 60
    truth = 100 * (statistics.NormalDist().cdf(-0.1) - statistics.NormalDist().cdf(-0.9))
    held = np.zeros(2)
    for _ in range(runs):
        whose = np.repeat(np.arange(customers), rng.integers(1, 7, customers))
        mood = rng.normal(size=customers)[whose]
        said = math.sqrt(alike) * mood + math.sqrt(1 - alike) * rng.normal(size=whose.size)
        points = np.select([said > 0.1, said < -0.9], [1, -1], 0)
        effect = effect_of([points[whose == customer].tolist() for customer in range(customers)])
        sums = (points > 0).sum(), (points < 0).sum(), points.size
        for place, times in enumerate((effect, 1)):
            low, high = intervals.nps(*sums, times)
            held[place] += low <= truth <= high
    assert 93 <= 100 * held[0] / runs <= 98
    assert as_if_strangers[0] <= 100 * held[1] / runs <= as_if_strangers[1]


def test_fewer_than_thirty_answers_are_too_few():
    assert intervals.too_few([0, 29, 30, 400, math.nan]).tolist() == [True, True, False, False, True]
