"""The rows behind a KVI: counted and added up by hand they give its value."""

from datetime import date

import pandas as pd
import pytest

from kviboard.board.kvis.readings import View, read_kvi
from kviboard.board.kvis.rows_behind import exports_behind, rows_behind
from kviboard.errors import UsageError

SEPTEMBER = (date(2026, 9, 1), date(2026, 9, 30))


def value(board, name: str, **where: str) -> float:
    view = View("month", where=tuple((dimension, (chosen,)) for dimension, chosen in where.items()))
    history = read_kvi(board, board.kvi(name), view)[0].history.set_index("label")
    return float(history.loc["Sep 2026", "value"])


def test_turnover_of_very_satisfied_customers_is_the_sum_of_its_orders(sample_board):
    orders, count = rows_behind(sample_board, "orders", *SEPTEMBER, {})
    assert count == len(orders) > 1000
    assert orders.loc[orders["score"] >= 8, "amount"].sum() == pytest.approx(value(sample_board, "eight_plus_turnover"))
    assert orders["day"].between(*map(pd.Timestamp, SEPTEMBER)).all()


def test_nps_of_one_segment_is_counted_from_its_answers(sample_board):
    answers, _ = rows_behind(sample_board, "responses", *SEPTEMBER, {"segment": ["Small business"]})
    assert set(answers["segment"]) == {"Small business"}
    counted = 100 * ((answers["score"] >= 9).mean() - (answers["score"] <= 6).mean())
    assert counted == pytest.approx(value(sample_board, "net_promoter_score", segment="Small business"))


def test_new_customers_and_complaints_are_their_rows(sample_board):
    assert rows_behind(sample_board, "customers", *SEPTEMBER, {})[1] == value(sample_board, "new_customers")
    tickets, _ = rows_behind(sample_board, "tickets", *SEPTEMBER, {})
    history = read_kvi(sample_board, sample_board.kvi("complaints_per_1000"), View("month"))[0].history
    september = history[history["label"] == "Sep 2026"].iloc[0]
    assert (tickets["kind"] == "complaint").sum() == pytest.approx(september["numerator"] / 1000, rel=1e-9)


def test_at_most_so_many_rows_are_read_and_all_are_counted(sample_board):
    rows, count = rows_behind(sample_board, "activity", *SEPTEMBER, {}, most=7)
    assert len(rows) == 7
    assert count > 7
    assert rows["day"].is_monotonic_increasing


def test_an_export_without_days_has_no_rows_to_show(sample_board):
    assert exports_behind(sample_board.kvi("complaints_per_1000")) == ["tickets", "activity"]
    with pytest.raises(UsageError, match="sprints has no rows to show"):
        rows_behind(sample_board, "sprints", *SEPTEMBER, {})
