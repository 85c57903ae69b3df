"""What is normal from here on, worked out by hand with Wheeler's formula: of which level, and around what."""

from collections.abc import Callable
from datetime import date, timedelta
from itertools import pairwise

import pytest

from kviboard.board.board import Board
from kviboard.board.kvis.history import KviHistory, read_history
from kviboard.board.kvis.reading import View
from kviboard.board.kvis.readings import read_kvi
from kviboard.domain.kvis.drift import caution_for
from tests.board.conftest import ORDERS_ALONE, kvi_file

VALUE = "sum(revenue) / nullif(sum(revenue), 0) * sum(revenue)"  # none in a week of nothing
MONDAY = date(2026, 1, 5)
CALM = (100, 110) * 5
HIGH = (150, 160) * 4
"""Both move by 10 each week, so that their limits are 2.66 × 10 around the mean: 105 and 155."""
SPREAD = 26.6

Weekly = Callable[..., KviHistory]


@pytest.fixture
def weekly(tiny: Callable[..., Board]) -> Weekly:
    """The history of weekly turnover; a week of 0 has no value."""

    def read(*weeks: float, limits: str = "") -> KviHistory:
        rows = []
        for number, amount in enumerate(weeks):
            start = MONDAY + number * timedelta(days=7)
            rows += [f"{number}a,a,{start},{amount}", f"{number}b,a,{start + timedelta(days=6)},0"]
        orders = "\n".join(["order_id,customer_id,ordered_at,amount", *rows]) + "\n"
        more = f"range: {limits}" if limits else ""
        board = tiny(orders=orders, config=ORDERS_ALONE, marts="daily", turnover=kvi_file(VALUE, more=more))
        return read_history(board, board.kvis["turnover"], "week", ())

    return read


def limits_of(*values: float) -> tuple[float, float]:
    """Mean and 2.66 × the mean of the moving ranges."""
    mean = sum(values) / len(values)
    moves = [abs(after - before) for before, after in pairwise(values)]
    return mean, 2.66 * sum(moves) / len(moves)


def around(limits: tuple[float, float]) -> tuple[float, float]:
    return limits[0] - limits[1], limits[0] + limits[1]


def test_calm_weeks_have_the_limits_of_their_level_wherever_the_latest_lies(weekly: Weekly) -> None:
    calm = weekly(*CALM)
    assert calm.normal == pytest.approx((105 - SPREAD, 105 + SPREAD))
    assert [calm.steady_until(place) for place in (9, 8)] == [10, 9]
    assert weekly(*CALM, 100).normal == pytest.approx(around(limits_of(*CALM, 100)))


def test_seven_weeks_make_no_normal_and_eight_do(weekly: Weekly) -> None:
    assert weekly(*CALM[:7]).normal == (None, None)
    assert weekly(*CALM[:8]).normal == pytest.approx((105 - SPREAD, 105 + SPREAD))


def test_weeks_without_any_value_make_no_normal(weekly: Weekly) -> None:
    nothing = weekly(*[0] * 9)
    assert (nothing.normal, nothing.steady_until(8)) == ((None, None), 0)


def test_a_week_outside_the_limits_has_them_as_far_around_itself(weekly: Weekly) -> None:
    """Ten weeks of 105 do not hold where the last is 200: the spread of all eleven, around 200."""
    _, spread = limits_of(*CALM, 200)
    assert weekly(*CALM, 200).normal == pytest.approx((200 - spread, 200 + spread))


def test_a_week_back_within_the_limits_has_the_levels_own_again(weekly: Weekly) -> None:
    found = weekly(*CALM, 200, 105)
    assert found.normal == pytest.approx(around(limits_of(*CALM, 200, 105)))
    assert found.steady_until(11) == 0, "the week of 200 is a signal"


def test_after_a_shift_the_new_level_is_normal_and_not_the_old_one(weekly: Weekly) -> None:
    centre, spread = limits_of(*HIGH, 150)
    careful = caution_for((*CALM, *HIGH, 150), is_open_above=True).widen  # its own tests are those of drift
    assert careful == 1.1
    after = weekly(*CALM, *HIGH, 150)
    assert after.normal == pytest.approx(around((centre, careful * spread)))
    assert [after.steady_until(place) for place in (18, 17)] == [9, 8]


def test_the_week_that_completes_a_shift_has_the_limits_of_the_level_it_completes(weekly: Weekly) -> None:
    """The eighth week in a row is a signal that a level has begun, and that level holds: 155 ± 26.6, not 160; a tenth
    farther out from 16 weeks on, because drift could then be told."""
    found = weekly(*CALM, *HIGH)
    assert found.points[-1].verdict == "signal: up"
    assert found.normal == pytest.approx((155 - 1.1 * SPREAD, 155 + 1.1 * SPREAD))


def test_a_limit_cut_off_at_nothing_makes_the_spread_around_a_signal_no_narrower(weekly: Weekly) -> None:
    """Small sums that swing: below their mean the limits end at 0, above it they are whole, and so is the spread."""
    small = (1, 11) * 5
    mean, spread = limits_of(*small, 90)
    assert mean - spread < 0
    found = weekly(*small, 90, limits="[0, null]")
    assert found.points[-1].lower == 0
    assert found.normal == pytest.approx((90 - spread, 90 + spread))


def test_a_spread_around_a_signal_ends_where_the_kvi_does(weekly: Weekly) -> None:
    high = tuple(200 - value for value in (1, 11) * 5)
    _, spread = limits_of(*high, 100)
    found = weekly(*high, 100, limits="[90, 200]")
    assert found.points[-1].verdict == "signal: down"
    assert found.normal == pytest.approx((90, 100 + spread))


def test_weeks_without_a_value_at_the_end_leave_the_last_known_to_speak(weekly: Weekly) -> None:
    assert weekly(*CALM, 0, 0).normal == pytest.approx((105 - SPREAD, 105 + SPREAD))


def test_normal_variation_explains_a_distance_up_to_the_spread_where_a_limit_is_cut_off(weekly: Weekly) -> None:
    small = (1, 11) * 5
    mean, spread = limits_of(*small)
    point = weekly(*small, limits="[0, null]").points[-1]
    assert (point.value, point.lower, point.upper) == (11, 0, pytest.approx(mean + spread))
    assert point.is_near(11 + spread - 0.01)
    assert not point.is_near(11 + spread + 0.01)


def orders_of(*weeks: tuple[int, float]) -> str:
    """Orders of Mondays, so many a week, of so much each; one of nothing on the last Sunday ends the last week."""
    days = [MONDAY + number * timedelta(days=7) for number in range(len(weeks))]
    rows = [f"{day}-{n},a,{day},{each}" for day, (many, each) in zip(days, weeks, strict=True) for n in range(many)]
    return (
        "\n".join(["order_id,customer_id,ordered_at,amount", *rows, f"end,a,{days[-1] + timedelta(days=6)},0"]) + "\n"
    )


@pytest.mark.parametrize(("few", "is_judged"), [(3, False), (4, True)])
def test_a_ratio_of_next_to_nothing_is_not_judged_and_makes_no_range(
    tiny: Callable[..., Board], few: int, is_judged: bool
) -> None:
    """A hundred orders a week, of 100 and 110 in turn; in the sixth week 3, which is under 4 in a hundred, of 1,000."""
    weeks = [(100, each) for each in CALM]
    weeks[5] = (few, 1000)
    more = {"value": "sum(revenue) / sum(orders)", "judged": "week"}
    board = tiny(orders=orders_of(*weeks, (99, 100)), config=ORDERS_ALONE, marts="daily", turnover=kvi_file(**more))
    reading = read_kvi(board, board.kvis["turnover"], View("week"))[0]
    sixth, last = reading.history.iloc[5], reading.history.iloc[-1]
    assert sixth["value"] == 1000
    assert (sixth["verdict"], sixth["signal"]) == (
        ("signal: up", "good") if is_judged else ("too few to judge (its basis is under 4 % of the usual)", None)
    )
    values = [*CALM[:5], *([1000] if is_judged else []), *CALM[6:], 99]  # 99 of 100, and the one of nothing
    assert (last["lower"], last["upper"]) == pytest.approx(around(limits_of(*values)))
