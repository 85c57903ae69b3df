"""Exports of unlike age: what each week says against what pandas counts of the days that are known."""

from datetime import date, timedelta
from io import StringIO
from pathlib import Path

import pandas as pd
import pytest

from kviboard.board.board import Board, open_board
from kviboard.board.exports.maintenance import refresh_if_needed
from kviboard.board.kvis.evaluation import evaluate
from kviboard.board.kvis.reading import View
from kviboard.board.kvis.sql import Question
from kviboard.board.views.views import read_view
from tests.warehouse.company import company

END = date(2026, 3, 29)  # a Sunday
DAYS = [END - timedelta(days=n) for n in reversed(range(364))]
ORDERS = "order_id,customer_id,ordered_at,amount\n" + "".join(f"{n},c{n},{day},1.00\n" for n, day in enumerate(DAYS))
ACTIVITY = "customer_id,occurred_at\n" + "".join(f"c{n},{day}\n" for n, day in enumerate(DAYS))


def opened(folder: Path, **files: str) -> Board:
    workspace = company(folder, orders_csv=ORDERS, **files)
    refresh_if_needed(workspace)
    return open_board(workspace)


def weeks(board: Board, kvi: str) -> pd.DataFrame:
    found = evaluate(board.reader, board.kvis[kvi], Question("week")).set_index("period")
    return found[["value", "complete"]].tail(2)


def test_days_that_an_old_list_of_customers_cannot_know_are_not_without_new_customers(tmp_path: Path) -> None:
    """One customer signs up and orders every day; the list is of Wednesday. The week before has seven, the last is not
    over, in the KVI and by the way they came."""
    listed = "customer_id,signed_up_on\n" + "".join(f"c{n},{day}\n" for n, day in enumerate(DAYS[:-4]))
    board = opened(tmp_path, customers_csv=listed)
    frame = pd.read_csv(StringIO(listed), parse_dates=["signed_up_on"])
    by_week = frame.groupby(frame["signed_up_on"].dt.to_period("W-SUN"))["customer_id"].nunique()
    assert by_week.tail(2).tolist() == [7, 3]
    found = weeks(board, "new_customers")
    assert found["value"].tolist() == by_week.tail(2).tolist()
    assert found["complete"].tolist() == [True, False]
    days = evaluate(board.reader, board.kvis["new_customers"], Question("day"))
    assert days["value"].tail(5).isna().tolist() == [False, True, True, True, True]
    by_source = read_view(board, "new_customers_by_source", View("week")).tail(2)
    assert by_source["complete"].tolist() == [True, False]
    new = "".join(f"c{n},{DAYS[n]}\n" for n in range(360, 364))
    whole = opened(tmp_path / "whole", customers_csv=listed + new)
    assert weeks(whole, "new_customers")["value"].tolist() == [7, 7]
    assert weeks(whole, "new_customers")["complete"].all()


def test_an_export_of_tickets_that_begins_last_month_takes_no_new_customers_away(tmp_path: Path) -> None:
    """One customer orders first each day for a year; since three weeks ago some of them ask, and one who never bought.
    Every week from the 28th day on has the first orders that pandas counts."""
    rows = [(n, f"c{n}", DAYS[n]) for n in range(343, 364)] + [(0, "c5", DAYS[350]), (1, "asks", DAYS[352])]
    tickets = "ticket_id,customer_id,opened_at\n" + "".join(f"{n},{who},{day}\n" for n, who, day in rows)
    listed = "customer_id\n" + "".join(f"c{n}\n" for n in range(364))
    board = opened(tmp_path, customers_csv=listed, tickets_csv=tickets)
    orders = pd.read_csv(StringIO(ORDERS), parse_dates=["ordered_at"])
    first = orders.groupby("customer_id")["ordered_at"].min()
    by_week = first[first >= first.min() + pd.Timedelta(days=28)].dt.to_period("W-SUN").value_counts().sort_index()
    found = evaluate(board.reader, board.kvis["new_customers"], Question("week")).set_index("period")
    whole = found[found["complete"]]["value"]
    assert whole.to_dict() == {week.start_time: count for week, count in by_week.items()}
    by_source = read_view(board, "new_customers_by_source", View("week"))
    assert by_source[by_source["complete"]].set_index("period")["customers"].to_dict() == whole.to_dict()


def test_activity_that_begins_last_month_is_said_to_begin_nobody(tmp_path: Path) -> None:
    rows = [(f"c{n}", DAYS[n]) for n in range(330, 364)] + [("tries", DAYS[363]), ("tries", DAYS[362])]
    activity = "customer_id,occurred_at\n" + "".join(f"{who},{day}\n" for who, day in rows)
    board = opened(tmp_path, customers_csv="customer_id\ntries\n", activity_csv=activity)
    assert weeks(board, "new_customers")["value"].tolist() == [7, 7]
    (said,) = [str(said) for said in board.reader.manifest.decisions if "signed_up_on" in said.setting]
    assert "begins on 24 Feb 2026" in said, said
    assert "1 customer is in activity only and new on no day" in said


def test_a_week_is_over_where_no_ticket_on_its_sunday_is_ordinary(tmp_path: Path) -> None:
    """A complaint each day but on Sundays, and of the same tickets those up to Friday: then Saturday is missing."""
    days = [day for day in DAYS if day.weekday() < 6]
    rows = [f"{n},c{n},{day},complaint\n" for n, day in enumerate(days)]
    head = "ticket_id,customer_id,opened_at,kind\n"
    board = opened(tmp_path, activity_csv=ACTIVITY, tickets_csv=head + "".join(rows))
    active = 28  # another customer each day
    complaints = pd.to_datetime(pd.Series(days)).dt.to_period("W-SUN").value_counts().sort_index().tail(2)
    assert weeks(board, "complaints_per_1000")["value"].tolist() == [1000 * n / active for n in complaints]
    assert weeks(board, "complaints_per_1000")["complete"].tolist() == [True, True]
    old = opened(tmp_path / "old", activity_csv=ACTIVITY, tickets_csv=head + "".join(rows[:-1]))
    assert weeks(old, "complaints_per_1000")["complete"].tolist() == [True, False]


@pytest.mark.parametrize("view", ["bands_by_period", "touchpoint_trend", "complaints_by_period"])
def test_charts_are_over_where_the_kvi_is(tmp_path: Path, view: str) -> None:
    """Answers and complaints on all days but Sundays; of an export that lacks Saturday, too, the week is not over."""
    days = [day for day in DAYS if day.weekday() < 6]
    answers = [f"{n},c{n},{day},9,Shop\n" for n, day in enumerate(days)]
    complaints = [f"{n},c{n},{day},complaint\n" for n, day in enumerate(days)]
    for name, rows in (("all", len(days)), ("old", len(days) - 1)):
        board = opened(
            tmp_path / name,
            activity_csv=ACTIVITY,
            responses_csv="response_id,customer_id,responded_at,score,touchpoint\n" + "".join(answers[:rows]),
            tickets_csv="ticket_id,customer_id,opened_at,kind\n" + "".join(complaints[:rows]),
        )
        told = weeks(board, "net_promoter_score")["complete"].tolist()
        assert told == [True, name == "all"]
        assert read_view(board, view, View("week")).tail(2)["complete"].tolist() == told


def test_a_customer_begins_with_what_they_did_and_not_with_being_asked(tmp_path: Path) -> None:
    """Each day a new customer orders. The last survey went out weeks ago; who was asked then is no new customer, so the
    last week is whole, in the KVI and by the way they came."""
    asked = "customer_id,invited_at\n" + "".join(f"x{n},{END - timedelta(days=30 + n % 3)}\n" for n in range(20))
    board = opened(tmp_path, invitations_csv=asked, customers_csv="customer_id,name\nc0,Someone\n")
    assert weeks(board, "new_customers")["value"].tolist() == [7, 7]
    assert weeks(board, "new_customers")["complete"].all()
    assert read_view(board, "new_customers_by_source", View("week")).tail(2)["complete"].all()
