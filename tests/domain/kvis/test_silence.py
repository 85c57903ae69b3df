"""Silences against chances worked out by hand and against streams of known pace."""

from datetime import date, timedelta
from fractions import Fraction

import numpy as np
import pytest

from kviboard.domain.kvis.silence import BEYOND_CHANCE, ORDINARY, chance_of_silence

SUNDAY = date(2026, 10, 25)
WEEKDAYS = range(5)


def days_until(last: date, weeks: int, weekdays: range = range(7)) -> list[date]:
    days = [last - timedelta(days=n) for n in range(7 * weeks)]
    return [day for day in days if day.weekday() in weekdays]


def test_a_weekend_is_ordinary_for_an_office_and_a_tuesday_is_not() -> None:
    """Many weeks from Monday to Friday: 14 in 15 that a Saturday has no row, and the same of a Sunday; 1 in 15 of a
    Monday."""
    friday = SUNDAY - timedelta(days=2)
    days = days_until(friday, 20, WEEKDAYS)
    assert chance_of_silence(days, SUNDAY) == pytest.approx(float(Fraction(14, 15) ** 2))
    assert chance_of_silence(days, SUNDAY + timedelta(days=1)) == pytest.approx(float(Fraction(14 * 14, 15**3)))
    assert float(Fraction(14, 15) ** 2) > ORDINARY > float(Fraction(14 * 14, 15**3))


def test_only_the_last_13_weeks_tell_and_heaps_count_once() -> None:
    """A Sunday with rows every week until half a year ago says nothing of now; two rows on one day are one day."""
    friday = SUNDAY - timedelta(days=2)
    days = days_until(friday, 14, WEEKDAYS)
    long_ago = days_until(friday - timedelta(weeks=14), 40)
    assert chance_of_silence([*long_ago, *days, *days], SUNDAY) == chance_of_silence(days, SUNDAY)


def test_less_than_thirteen_weeks_tell_nothing() -> None:
    assert chance_of_silence(days_until(SUNDAY, 13), SUNDAY + timedelta(days=1)) == pytest.approx(1 / 15)
    assert chance_of_silence(days_until(SUNDAY, 13)[:-1], SUNDAY + timedelta(days=1)) is None


@pytest.mark.parametrize(("each_day", "silent_weeks"), [(1 / 7, 3), (3 / 7, 1)])
def test_a_slow_list_is_hardly_ever_taken_for_an_old_one(each_day: float, silent_weeks: int) -> None:
    """Streams of one and three sign-ups a week that end on a chance day: in 2,000 fewer than 1 % are found silent
    beyond chance. So many weeks of silence after a list with this pace are no such case."""
    rng, end = np.random.default_rng(7), date(2026, 10, 31)
    found = 0
    for _ in range(2000):
        days = [end - timedelta(days=int(n)) for n in np.flatnonzero(rng.random(364) < each_day)]
        found += (chance_of_silence(days, end) or 1) < BEYOND_CHANCE
    assert found < 20
    every = round(1 / each_day) + 1  # on any weekday
    even = [end - timedelta(days=n) for n in range(0, 364, every)]
    chance = chance_of_silence(even, end + timedelta(weeks=silent_weeks))
    assert chance is not None
    assert chance > BEYOND_CHANCE
