"""Contributions by hand, and that they add up whatever the numbers are."""

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kviboard.domain.kvis.contributions import of_formula, of_ratio, of_sum


def test_a_sum_changes_by_what_its_slices_change() -> None:
    found = of_sum(np.array([10.0, 5.0, 0.0]), np.array([7.0, 9.0, 2.0]))
    assert found.effect.tolist() == [-3, 4, 2]
    assert (found.then, found.now) == (15, 18)
    assert found.weight == pytest.approx([(10 / 15 + 7 / 18) / 2, (5 / 15 + 9 / 18) / 2, (0 + 2 / 18) / 2])


def test_a_rate_that_fell_is_told_from_a_weight_that_rose() -> None:
    # Households: 80 of 100 then, 60 of 100 now. Companies: 40 of 100 then, 120 of 300 now.
    found = of_ratio(
        np.array([80.0, 40.0]), np.array([100.0, 100.0]), np.array([60.0, 120.0]), np.array([100.0, 300.0])
    )
    assert (found.then, found.now) == (0.6, 0.45)
    # Weights 1/2 → 1/4 and 1/2 → 3/4; rates 0.8 → 0.6 and 0.4 → 0.4; the mean of both values is 0.525.
    assert found.rate_effect == pytest.approx([0.375 * -0.2, 0])
    assert found.mix_effect == pytest.approx([-0.25 * (0.7 - 0.525), 0.25 * (0.4 - 0.525)])
    assert found.effect.sum() == pytest.approx(-0.15)


def test_a_slice_that_came_or_went_changed_only_its_weight() -> None:
    came = of_ratio(np.array([50.0, 0.0]), np.array([100.0, 0.0]), np.array([50.0, 90.0]), np.array([100.0, 100.0]))
    assert came.rate_effect == pytest.approx([0, 0])
    assert came.effect.sum() == pytest.approx(0.7 - 0.5)
    assert came.effect[1] > 0


def test_without_any_basis_there_are_no_contributions() -> None:
    assert np.isnan(of_ratio(np.zeros(2), np.zeros(2), np.ones(2), np.ones(2)).effect).all()


def test_one_slice_explains_all() -> None:
    found = of_ratio(np.array([3.0]), np.array([4.0]), np.array([1.0]), np.array([5.0]))
    assert (found.effect[0], found.mix_effect[0]) == (pytest.approx(0.2 - 0.75), pytest.approx(0))


counts = st.lists(st.tuples(*[st.integers(0, 1000)] * 4), min_size=1, max_size=8)


@given(counts)
def test_a_ratio_adds_up_and_is_the_textbook_formula(rows: list[tuple[int, ...]]) -> None:
    n0, d0, n1, d1 = (np.array(column, dtype=float) for column in zip(*rows, strict=True))
    if not d0.sum() or not d1.sum():
        return
    found = of_ratio(n0, d0, n1, d1)
    change = n1.sum() / d1.sum() - n0.sum() / d0.sum()
    assert found.effect.sum() == pytest.approx(change, abs=1e-9)
    whole = (d0 > 0) & (d1 > 0)
    weights, rates = (d0[whole] / d0.sum(), d1[whole] / d1.sum()), (n0[whole] / d0[whole], n1[whole] / d1[whole])
    assert found.rate_effect[whole] == pytest.approx((weights[0] + weights[1]) / 2 * (rates[1] - rates[0]), abs=1e-9)


@given(counts)
@example([(0, 0, 0, 106)])
@example([(1000, 0, 1000, 1000)] * 8)
@example([(1000, 1000, 3, 0), (0, 0, 0, 0)])
def test_any_formula_adds_up_and_a_sum_is_no_exception(rows: list[tuple[int, ...]]) -> None:
    n0, d0, n1, d1 = (np.array(column, dtype=float) + 1 for column in zip(*rows, strict=True))
    found = of_formula(lambda a: a[0] / a[1] * (1 + a[0]), np.array([n0, d0]), np.array([n1, d1]))
    value = [n.sum() / d.sum() * (1 + n.sum()) for n, d in ((n0, d0), (n1, d1))]
    assert (found.then, found.now) == pytest.approx(value)
    assert found.effect.sum() == pytest.approx(value[1] - value[0], rel=1e-9, abs=1e-9 * max(value))
    plain = of_formula(lambda a: 2 * a[0] - a[1], np.array([n0, d0]), np.array([n1, d1]))
    assert plain.effect == pytest.approx(2 * (n1 - n0) - (d1 - d0))
