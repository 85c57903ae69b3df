"""Complaints per 1,000 active customers, by hand, where tickets and activity do not cover the same days."""

import math
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

import pytest

from kviboard.board.board import Board, open_board
from kviboard.board.exports.maintenance import refresh_if_needed
from kviboard.board.kvis.reading import View
from kviboard.board.views.views import lacks, read_view
from kviboard.workspace import load_workspace

PEOPLE = 10
CONFIG = """
[sources.activity]
files = "activity.csv"

[sources.tickets]
files = "tickets.csv"
"""
OPENED = [date(2026, 2, 1) + timedelta(days=10 * number) for number in range(6)]  # 1 February to 23 March: 51 days
WHOLE = View("month", date(2026, 1, 1), date(2026, 4, 30))


@pytest.fixture(scope="module")
def board(tmp_path_factory: pytest.TempPathFactory) -> Board:
    """Ten customers are active on each day from January to April; tickets are there of February and March alone."""
    return _board(tmp_path_factory.mktemp("early"), 120)


def _board(folder: Path, days_of_activity: int, without_kind: Sequence[date] = ()) -> Board:
    days = [date(2026, 1, 1) + timedelta(days=number) for number in range(days_of_activity)]
    visits = "".join(f"c{person},{day}\n" for day in days for person in range(PEOPLE))
    (folder / "activity.csv").write_text(f"customer_id,occurred_at\n{visits}")
    tickets = "".join(f"t{number},c{number},{day},complaint,Bill\n" for number, day in enumerate(OPENED))
    tickets += "".join(f"u{day},c9,{day},,Bill\n" for day in without_kind)
    (folder / "tickets.csv").write_text(f"ticket_id,customer_id,opened_at,kind,topic\n{tickets}")
    (folder / "kviboard.toml").write_text(CONFIG)
    workspace = load_workspace(folder)
    refresh_if_needed(workspace)
    return open_board(workspace)


def rate(complaints: int, days: int) -> float:
    return complaints / (PEOPLE * days / 28) * 1_000


def test_days_of_which_no_tickets_tell_do_not_thin_out_the_rate(board: Board) -> None:
    inside = View("month", OPENED[0], OPENED[-1])
    for view in (WHOLE, inside, View("month")):
        (row,) = read_view(board, "complaint_topics", view).to_dict("records")
        assert (row["complaints"], row["per_1000"]) == (6, pytest.approx(rate(6, 51)))


def test_of_a_month_that_tickets_cover_in_part_the_covered_days_count(board: Board) -> None:
    found = read_view(board, "complaints_by_period", WHOLE)
    assert found["per_1000"].tolist() == pytest.approx([rate(3, 28), rate(3, 23)])
    assert found["complete"].tolist() == [True, False]


def test_complaints_after_the_last_day_of_activity_are_in_no_rate(tmp_path: Path) -> None:
    """Activity up to 28 February: nobody knows how many were active in March. January and April have tickets without
    a kind: nobody knows how many of them are complaints."""
    others = [date(2026, month, day) for month in (1, 4) for day in range(1, 31)]
    short = _board(tmp_path, 59, others)
    (row,) = read_view(short, "complaint_topics", WHOLE).to_dict("records")
    assert (row["complaints"], row["per_1000"]) == (6, pytest.approx(rate(3, 28)))
    months = read_view(short, "complaints_by_period", WHOLE)
    assert months["complaints"].tolist() == [3, 3]
    assert months["per_1000"][0] == pytest.approx(rate(3, 28))
    assert months["per_1000"].isna().tolist() == [False, True]


@pytest.mark.parametrize("kinds", [("", ""), (",kind", ",Incident")])
def test_tickets_of_no_known_kind_are_not_taken_for_no_complaints(tmp_path: Path, kinds: tuple[str, str]) -> None:
    """Nobody knows which of them are complaints: 0 per 1,000 customers would be the best number there is."""
    head, each = kinds
    board = _board(tmp_path, 120)
    assert "complaints_per_1000" in board.kvis
    tickets = "".join(f"t{number},c{number},{day}{each}\n" for number, day in enumerate(OPENED))
    (tmp_path / "tickets.csv").write_text(f"ticket_id,customer_id,opened_at{head}\n{tickets}")
    workspace = load_workspace(tmp_path)
    refresh_if_needed(workspace)
    board = open_board(workspace)
    assert board.waiting["complaints_per_1000"] == "needs kind in the tickets export"
    assert {lacks(board, name) for name in ("complaint_topics", "complaints_by_period")} == {
        "needs kind in the tickets export"
    }


def test_where_no_ticket_says_when_it_was_closed_none_is_said_to_be_open(tmp_path: Path) -> None:
    """c0 to c5 complained; that all are still waiting, and at risk of leaving, would be said of nobody knows whom."""
    board = _board(tmp_path, 120)
    (topic,) = read_view(board, "complaint_topics", WHOLE).to_dict("records")
    assert math.isnan(topic["still_open"])
    assert not read_view(board, "customer_list", View("month"))["complaint_open"].any()
    closed = "".join(
        f"t{number},c{number},{day},{day if number else ''},complaint\n" for number, day in enumerate(OPENED)
    )
    (tmp_path / "tickets.csv").write_text(f"ticket_id,customer_id,opened_at,closed_at,kind\n{closed}")
    workspace = load_workspace(tmp_path)
    refresh_if_needed(workspace)
    board = open_board(workspace)
    (topic,) = read_view(board, "complaint_topics", WHOLE).to_dict("records")
    found = read_view(board, "customer_list", View("month")).set_index("customer_id")["complaint_open"]
    assert (topic["still_open"], found[found].index.tolist()) == (1, ["c0"])


def test_half_are_closed_within_days_from_opening_or_wait_still(tmp_path: Path) -> None:
    """Opened at 9, 15 and 9 o'clock, closed on the same day, the next and at 21 o'clock: 0, 1 and half a day. A day
    without a time is not before the opening, and what waits takes longer than what was closed."""
    _board(tmp_path, 120)
    (tmp_path / "tickets.csv").write_text(
        "ticket_id,customer_id,opened_at,closed_at,kind,topic\n"
        "a,c1,2026-02-03 09:00,2026-02-03,complaint,Bill\n"
        "b,c1,2026-02-03 15:00,2026-02-04,complaint,Bill\n"
        "c,c1,2026-02-03 09:00,2026-02-03 21:00,complaint,Bill\n"
        "d,c1,2026-02-03 09:00,2026-02-03 21:00,complaint,Price\n"
        "e,c1,2026-02-03 09:00,2026-02-05 09:00,complaint,Price\n"
        "f,c1,2026-02-03 09:00,,complaint,Price\n"
        "g,c1,2026-02-03 09:00,2026-02-03 21:00,complaint,App\n"
        "h,c1,2026-02-03 09:00,,complaint,App\n"
        "i,c1,2026-02-03 09:00,,complaint,App\n"
    )
    workspace = load_workspace(tmp_path)
    refresh_if_needed(workspace)
    board = open_board(workspace)
    rows = read_view(board, "complaint_topics", WHOLE).to_dict("records")
    found = {row["topic"]: (row["median_days"], row["still_open"]) for row in rows}
    assert (found["Bill"], found["Price"]) == ((0.5, 0), (2, 1))  # the third about the price waits for longer than two
    assert math.isnan(found["App"][0])  # two of three wait: nobody knows within how many days half are closed
    broken = {each.check_name: each.rows_broken for each in board.reader.manifest.checks}
    assert broken["tickets_close_after_they_open"] == 0
