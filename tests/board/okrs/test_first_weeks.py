"""A cycle's first weeks by hand on the tiny company: a running month stands in, what was there before is said.

Baskets: February 7.25 / 1, March (to the 10th) 100 / 1. Turnover: a sum, of which ten days are no month.
"""

from datetime import date

import pytest

from kviboard.board.okrs.quarter import read_quarter
from kviboard.board.okrs.status_changes import okr_changes_since
from kviboard.domain.okrs.status import Status
from tests.board.conftest import ORDERS, ORDERS_ALONE, kvi_file
from tests.board.okrs.given import a_key_result, a_quarter, active, an_objective, context_on

MARCH = date(2026, 3, 1)


@pytest.fixture
def planned(tiny, tmp_path):
    """The context of a cycle from March to May with one key result that is driven by a KVI per month, and the cycle."""

    def plan(kvi, first=MARCH, last=date(2026, 5, 31), **more):
        basket = kvi_file("sum(revenue) / sum(orders)", title="Basket")
        board = tiny(turnover=kvi_file(), basket=basket, full=basket.replace("unit:", "full_after: 70\nunit:"))
        context = context_on(board, tmp_path)
        cycle = a_quarter(context, "Spring", first, last)
        objective = an_objective(context, cycle)
        a_key_result(context, objective, kvi=kvi, grain="month", unit="currency", **more)
        active(context, objective, MARCH)
        return context, cycle

    return plan


@pytest.fixture
def spring(planned):
    """Reads that key result."""

    def read(kvi, **more):
        context, cycle = planned(kvi, **more)
        (found,) = read_quarter(context, cycle.id).objectives[0].key_results
        return found

    return read


def test_an_average_of_the_running_month_stands_in_and_is_marked_provisional(spring):
    found = spring("basket", target="200")
    assert (found.current.value, found.current.is_provisional) == (100.0, True)
    assert found.current.when == "Mar 2026 so far, 10 of 31 days"
    assert found.reason.endswith("provisional: Mar 2026 so far, 10 of 31 days")
    assert found.status != Status.PENDING
    assert (found.current_text, found.current.interval_text) == ("€100 so far", "")


def test_a_score_that_stands_in_says_of_how_many_answers_it_is(spring):
    score = spring("net_promoter_score", target="50").current  # an 8 of 10
    margin = 100 * 1.96**2 / (1 + 1.96**2)  # of one answer
    assert (score.value, score.n_text) == (0.0, "based on 1")
    assert (score.low, score.high) == pytest.approx((-margin, margin))


def test_ten_days_of_a_sum_are_no_month(spring):
    found = spring("turnover", target="200")
    assert found.current is None
    assert found.status == Status.PENDING
    assert found.reason == "no value before Mar 2026 is complete on 31 Mar 2026"


@pytest.mark.parametrize(
    ("last", "reason"),
    [
        (date(2026, 5, 31), "no value before Apr 2026 is complete on 30 Apr 2026"),
        (date(2026, 3, 31), "no value within Spring: its data covers no month of it whole"),
    ],
)
def test_no_value_is_promised_for_a_month_that_the_data_began_in(tiny, tmp_path, last, reason):
    """Orders from 5 to 20 March: of March there will never be a whole month."""
    orders = "order_id,customer_id,ordered_at,amount\n1,a,2026-03-05,10\n2,b,2026-03-20,20\n"
    context = context_on(tiny(orders, marts="daily", config=ORDERS_ALONE, turnover=kvi_file()), tmp_path)
    cycle = a_quarter(context, "Spring", MARCH, last)
    objective = an_objective(context, cycle)
    a_key_result(context, objective, kvi="turnover", grain="month", unit="currency")
    active(context, objective, MARCH)
    assert read_quarter(context, cycle.id).objectives[0].key_results[0].reason == reason


def test_what_was_there_before_the_cycle_is_said(spring):
    """7.25 of 10 euros is 72.5 % of the way from 0."""
    found = spring("basket", target="10")
    assert "was there before the cycle began (€7.25 in Feb 2026)" in found.reason


def test_less_than_a_third_of_the_way_is_not_worth_a_word(spring):
    assert "before the cycle began" not in spring("basket", target="100").reason


def test_an_objective_says_that_it_rests_on_a_provisional_value(planned):
    context, cycle = planned("basket", target="200")
    (objective,) = read_quarter(context, cycle.id).objectives
    assert objective.reason.endswith("; provisional: its value comes from a period that still runs")
    assert objective.judgement.is_provisional


def test_a_review_of_an_earlier_day_has_the_value_so_far_of_that_day(planned):
    """By 9 March nobody had ordered in March, so there was no basket; on the 10th there was one of 100."""
    context, cycle = planned("basket", target="200")
    texts = {
        day: read_quarter(context, cycle.id, date(2026, 3, day)).objectives[0].key_results[0].current_text
        for day in (9, 10, 11)
    }
    assert texts == {9: "–", 10: "€100 so far", 11: "€100 so far"}


def test_a_value_that_stood_in_a_week_ago_is_no_change_of_status(tiny, tmp_path):
    """A basket of 5 on 2 March, by 10 March of (5 + 100) / 2: the status a week ago was judged on what was known."""
    from_march = "6,b,2026-03-02,100.00\n7,b,2026-03-12,100.00\n"
    board = tiny(ORDERS + from_march, basket=kvi_file("sum(revenue) / sum(orders)", title="Basket"))
    context = context_on(board, tmp_path)
    cycle = a_quarter(context, "March", MARCH, date(2026, 3, 31))
    objective = an_objective(context, cycle)
    a_key_result(context, objective, kvi="basket", grain="month", unit="currency", baseline="0", target="100")
    active(context, objective, MARCH)
    changes = okr_changes_since(context, date(2026, 3, 6))
    assert [str(change.before) for change in changes] == []


def test_a_window_that_is_not_full_gives_no_value_so_far(spring):
    """Orders begin on 1 January: 70 days of them are there on 11 March, the data ends on the 10th."""
    assert spring("full", target="200").current is None


@pytest.mark.parametrize("days", [{"first": date(2026, 3, 5)}, {"last": date(2026, 3, 30)}])
def test_a_period_that_is_not_all_of_the_cycle_never_stands_in(planned, days):
    """The running month begins before the cycle does, or ends after it."""
    context, cycle = planned("basket", **days, target="200")
    assert read_quarter(context, cycle.id).objectives[0].key_results[0].current is None
