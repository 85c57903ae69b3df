"""Newcombe's interval against the eight examples he prints, and its edge cases."""

import math

import pytest

from kviboard.domain.kvis.intervals import difference
from kviboard.domain.promoters.loyalty import is_shown

# R. G. Newcombe, Statistics in Medicine 17 (1998) 873–890, Table II, method 10
PUBLISHED = [
    ((56, 70, 48, 80), (0.2000, 0.0524, 0.3339)),
    ((9, 10, 3, 10), (0.6000, 0.1705, 0.8090)),
    ((6, 7, 2, 7), (0.5714, 0.0582, 0.8062)),
    ((5, 56, 0, 29), (0.0893, -0.0381, 0.1926)),
    ((0, 10, 0, 20), (0.0000, -0.1611, 0.2775)),
    ((0, 10, 0, 10), (0.0000, -0.2775, 0.2775)),
    ((10, 10, 0, 20), (1.0000, 0.6791, 1.0000)),
    ((10, 10, 0, 10), (1.0000, 0.6075, 1.0000)),
]


@pytest.mark.parametrize(("counts", "expected"), PUBLISHED)
def test_the_published_examples(counts: tuple[int, ...], expected: tuple[float, ...]) -> None:
    # four digits printed, with 1.959964 where we have 1.96
    assert [float(end) for end in difference(*counts)] == pytest.approx(expected, abs=7e-5)


def test_groups_swapped_give_the_mirrored_interval() -> None:
    found, low, high = difference(5, 56, 0, 29)
    assert difference(0, 29, 5, 56) == pytest.approx((-found, -high, -low))


def test_nobody_in_a_group_is_no_difference_of_zero() -> None:
    assert all(math.isnan(end) for end in difference(0, 0, 3, 10))
    assert all(math.isnan(end) for end in difference(3, 10, 0, 0))


@pytest.mark.parametrize(
    ("low", "high", "shown"), [(0.01, 0.2, True), (-0.2, -0.01, True), (-0.1, 0.1, False), (0.0, 0.1, False)]
)
def test_an_interval_that_holds_zero_shows_no_difference(low: float, high: float, shown: bool) -> None:
    assert is_shown(low, high) is shown
    assert not is_shown(math.nan, math.nan)
