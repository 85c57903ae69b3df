"""A cycle's first weeks by hand on the tiny company: a running month stands in, what was there before is said.

Baskets: February 7.25 / 1, March (to the 10th) 100 / 1. Turnover: a sum, of which ten days are no month.
"""

from datetime import date

import pytest

from kviboard.board.okrs.quarter import read_quarter
from kviboard.domain.okrs.status import Status
from tests.board.conftest import kvi_file
from tests.board.okrs.given import a_key_result, a_quarter, active, an_objective, context_on

MARCH = date(2026, 3, 1)


@pytest.fixture
def spring(tiny, tmp_path):
    """Reads the key result of a cycle from March to May that is driven by a KVI per month."""

    def read(kvi, **more):
        board = tiny(turnover=kvi_file(), basket=kvi_file("sum(revenue) / sum(orders)", title="Basket"))
        context = context_on(board, tmp_path)
        cycle = a_quarter(context, "Spring", MARCH, date(2026, 5, 31))
        objective = an_objective(context, cycle)
        a_key_result(context, objective, kvi=kvi, grain="month", unit="currency", **more)
        active(context, objective, MARCH)
        (found,) = read_quarter(context, cycle.id).objectives[0].key_results
        return found

    return read


def test_an_average_of_the_running_month_stands_in_and_is_marked_provisional(spring):
    found = spring("basket", target="200")
    assert (found.current.value, found.current.is_provisional) == (100.0, True)
    assert found.current.when == "Mar 2026 so far, 10 of 31 days"
    assert found.reason.endswith("provisional: Mar 2026 so far, 10 of 31 days")
    assert found.status != Status.PENDING


def test_ten_days_of_a_sum_are_no_month(spring):
    found = spring("turnover", target="200")
    assert found.current is None
    assert found.status == Status.PENDING
    assert found.reason == "no value before Mar 2026 is complete on 31 Mar 2026"


def test_what_was_there_before_the_cycle_is_said(spring):
    """7.25 of 10 euros is 72.5 % of the way from 0."""
    found = spring("basket", target="10")
    assert "was there before the cycle began (€7.25 in Feb 2026)" in found.reason


def test_less_than_a_third_of_the_way_is_not_worth_a_word(spring):
    assert "before the cycle began" not in spring("basket", target="100").reason
