"""Two KVIs are said to move together only where their changes do, beyond chance."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kviboard.domain.kvis.comparison import ENOUGH, compare, in_words

NOISE = np.random.default_rng(7).normal(size=(2, 60)).cumsum(axis=1)


def test_a_series_moves_together_with_itself():
    found = compare(NOISE[0], NOISE[0]).strongest
    assert found is not None
    assert (found.lag, found.pairs) == (0, 59)
    assert found.correlation == pytest.approx(1)


def test_a_mirrored_series_moves_against_it():
    found = compare(NOISE[0], -NOISE[0]).strongest
    assert found is not None
    assert found.correlation == pytest.approx(-1)
    said = in_words(compare(NOISE[0], -NOISE[0]), "Visits", "Turnover", "week")
    changes = len(NOISE[0]) - 1
    sentence = (
        f"move against each other, in the same period: 1.00 from 0 (not at all) to 1 (always), over {changes} changes."
    )
    assert said.startswith(f"Visits and Turnover {sentence}")


@pytest.mark.parametrize("lag", [1, 3])
def test_the_one_that_leads_is_found_with_its_lead(lag):
    later = np.concatenate([np.full(lag, np.nan), NOISE[0][:-lag]])
    ahead, behind = compare(NOISE[0], later), compare(later, NOISE[0])
    assert ahead.strongest is not None
    assert ahead.strongest.lag == lag
    assert behind.strongest is not None
    assert behind.strongest.lag == -lag
    assert f"Visits {lag} week" in in_words(ahead, "Visits", "Turnover", "week")
    assert f"Visits {lag} week" in in_words(behind, "Turnover", "Visits", "week")


def test_two_growing_series_do_not_count_as_related():
    steps = np.arange(40.0)
    wiggle = np.random.default_rng(3).normal(size=(2, 40))
    assert compare(steps * 5 + wiggle[0], steps * 3 + wiggle[1]).strongest is None


def test_the_correlation_is_the_one_of_changes_computed_by_hand():
    first, second = [1.0, 2, 4, 3, 5, 4, 7, 8, 6, 9], [2.0, 1, 3, 3, 6, 4, 5, 9, 8, 8]
    a, b = np.diff(first), np.diff(second)
    by_hand = ((a - a.mean()) * (b - b.mean())).sum() / np.sqrt(
        ((a - a.mean()) ** 2).sum() * ((b - b.mean()) ** 2).sum()
    )
    at_zero = next(found for found in compare(first, second).lags if found.lag == 0)
    assert at_zero.correlation == pytest.approx(by_hand)
    assert at_zero.pairs == 9


@pytest.mark.parametrize("series", [[], [1.0], [5.0] * 30, list(range(ENOUGH))])
def test_too_little_or_constant_history_says_so(series):
    comparison = compare(series, series)
    assert comparison.strongest is None
    if not comparison.lags:
        assert "Too little" in in_words(comparison, "A", "B", "week")


def test_gaps_take_no_part():
    holed = NOISE[0].copy()
    holed[[5, 20]] = np.nan
    found = compare(holed, NOISE[0]).strongest
    assert found is not None
    assert found.pairs == 59 - 4  # each gap takes the change before and after it
    assert found.correlation == pytest.approx(1)


def test_unrelated_series_are_rarely_called_related():
    """5 % is promised over all lags together; 200 pairs of independent walks must stay near it."""
    rng = np.random.default_rng(11)
    called = sum(compare(*rng.normal(size=(2, 40)).cumsum(axis=1)).strongest is not None for _ in range(200))
    assert called <= 20  # 5 % of 200 is 10; more than 20 has a chance of about 1 in 1,000


@settings(max_examples=50, deadline=None)
@given(st.lists(st.integers(-100_000, 100_000), min_size=20, max_size=40), st.floats(0.1, 10), st.floats(-100, 100))
def test_scale_and_origin_do_not_matter(hundredths, scale, shift):
    """In hundredths: what is smaller would be lost beside the shift."""
    base = np.asarray(hundredths) / 100
    one, other = compare(base, NOISE[0][: len(base)]), compare(base * scale + shift, NOISE[0][: len(base)])
    for left, right in zip(one.lags, other.lags, strict=True):
        assert left.correlation == pytest.approx(right.correlation, abs=1e-6)


def test_a_steady_rise_has_no_relation_to_anything_however_it_is_rounded():
    rise = [0.1 * step for step in range(30)]  # 0.3 - 0.2 is not 0.2 - 0.1 in binary
    assert len(set(np.diff(rise))) > 1
    assert compare(rise, NOISE[0][:30]).lags == ()


def test_changes_too_small_to_be_squared_are_compared_like_others():
    tiny = [value * 1e-200 for value in NOISE[1][:30]]
    found = compare(tiny, NOISE[0][:30])
    usual = compare(NOISE[1][:30], NOISE[0][:30])
    assert [lag.correlation for lag in found.lags] == pytest.approx([lag.correlation for lag in usual.lags])
