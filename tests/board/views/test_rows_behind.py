"""The rows behind a KVI: counted and added up by hand they give its value."""

from datetime import date

import pandas as pd
import pytest

from kviboard.board.kvis.counted import counted_rows, has_counted_rows
from kviboard.board.kvis.reading import View
from kviboard.board.kvis.readings import read_kvi
from kviboard.board.views.views import read_view

SEPTEMBER = View("month", date(2026, 9, 1), date(2026, 9, 30))
SMALL = (("segment", ("Small business",)),)


def value(board, name: str, where=(), column: str = "value") -> float:
    history = read_kvi(board, board.kvi(name), View("month", where=where))[0].history.set_index("label")
    return float(history.loc["Sep 2026", column])


def test_turnover_of_very_satisfied_customers_is_the_sum_of_its_orders(sample_board):
    orders = read_view(sample_board, "rows_of_orders", SEPTEMBER)
    assert set(orders["matching"]) == {len(orders)}
    assert (orders["amount"] > 0).sum() == value(sample_board, "orders")  # a refund is a row, and no order
    assert orders.loc[orders["score"] >= 8, "amount"].sum() == pytest.approx(value(sample_board, "eight_plus_turnover"))
    assert orders["day"].between(pd.Timestamp(SEPTEMBER.first), pd.Timestamp(SEPTEMBER.last)).all()


def test_nps_of_one_segment_is_counted_from_its_answers(sample_board):
    view = View("month", SEPTEMBER.first, SEPTEMBER.last, where=SMALL)
    scores = read_view(sample_board, "rows_of_responses", view)["score"]
    counted = 100 * ((scores >= 9).mean() - (scores <= 6).mean())
    assert counted == pytest.approx(value(sample_board, "net_promoter_score", SMALL))


def test_new_customers_minutes_and_complaints_are_their_rows(sample_board):
    started = read_view(sample_board, "rows_of_customers", SEPTEMBER)
    assert len(started) == value(sample_board, "new_customers")
    activity = read_view(sample_board, "rows_of_activity", SEPTEMBER)
    minutes = value(sample_board, "daily_active_minutes")
    assert activity["minutes"].sum() / 30 == pytest.approx(minutes)
    tickets = read_view(sample_board, "rows_of_tickets", SEPTEMBER)
    complaints = value(sample_board, "complaints_per_1000", column="numerator")
    assert (tickets["kind"] == "complaint").sum() == pytest.approx(complaints / 1000)


def test_at_most_so_many_rows_are_read_and_all_are_counted(sample_board):
    rows = read_view(sample_board, "rows_of_activity", SEPTEMBER, most=7)
    assert len(rows) == 7
    assert rows["matching"].iloc[0] > 7
    assert rows["day"].is_monotonic_increasing


def test_a_kvi_of_the_companys_own_shows_the_rows_that_it_counts(sample_board):
    """Complaints count on their seventh day, so those opened from 25 August to 23 September are of September."""
    kvi = sample_board.kvi("complaints_settled_in_time")
    rows = counted_rows(sample_board, kvi, View("month", SEPTEMBER.first, SEPTEMBER.last, where=SMALL))
    opened = View("month", date(2026, 8, 25), date(2026, 9, 23), where=SMALL)
    complaints = read_view(sample_board, "rows_of_tickets", opened).query("kind == 'complaint'")
    assert sorted(rows["ticket_id"]) == sorted(complaints["ticket_id"])
    assert rows["in_time"].mean() == pytest.approx(value(sample_board, kvi.name, SMALL))
    assert has_counted_rows(kvi)
    assert not has_counted_rows(sample_board.kvi("orders"))
