"""Exports with a row for each event of a ticket: one ticket each, with the day it was opened and closed, by hand."""

from datetime import datetime
from pathlib import Path

import pytest

from kviboard.board.exports.maintenance import refresh_now
from kviboard.board.exports.setup import build, look_at, plan_for
from kviboard.board.exports.setup_files import Company
from kviboard.domain.recognition.plan import Plan
from kviboard.workspace import load_workspace
from tests.warehouse.company import published

ORDERS = "Order ID,Customer ID,Order date,Total\n1,c1,2026-03-05,5.50\n2,c2,2026-03-06,7.50\n"
LOG = """Ticket ID,Customer ID,{time},{event},Type
1,c1,{0} 10:00,{new},Complaint
1,,{0} 12:00,Assigned,
1,c1,{2} 09:30,{solved},
1,c1,{3} 09:00,{closed},
3,c1,{4} 10:00,{closed},
3,c1,{3} 08:00,{new},Complaint
3,c1,{5} 10:00,Comment,
2,c2,{1} 08:00,{new},Question
2,c2,{1} 10:00,{closed},
2,c2,{4} 10:00,{again},
4,c4,{5} 11:00,{new},Complaint
"""
ISO = tuple(f"2026-03-0{day}" for day in range(2, 8))
GERMAN = tuple(f"0{day}.03.2026" for day in range(2, 8))
DESKS = {
    "english": (ISO, {"time": "Timestamp", "event": "Event", "new": "Created", "solved": "Resolved", "closed": "Closed",
                      "again": "Reopened"}),
    "states": (ISO, {"time": "Created at", "event": "Status", "new": "New", "solved": "Solved", "closed": "closed",
                     "again": "Pending"}),
    "german": (GERMAN, {"time": "Erstellt am", "event": "Ereignis", "new": "Angelegt", "solved": "Gelöst",
                        "closed": "Geschlossen", "again": "Wieder geöffnet"}),
}  # fmt: skip
BY_HAND = [  # the second was opened again, the fourth never closed; the third has its rows in no order
    ("1", "c1", datetime(2026, 3, 2, 10), datetime(2026, 3, 5, 9), "complaint"),
    ("2", "c2", datetime(2026, 3, 3, 8), None, "question"),
    ("3", "c1", datetime(2026, 3, 5, 8), datetime(2026, 3, 6, 10), "complaint"),
    ("4", "c4", datetime(2026, 3, 7, 11), None, "complaint"),
]


def asked(plan: Plan) -> list[str]:
    """The answers that are taken to whether rows are events, "" where it is asked."""
    return [each.answer for each in plan.questions if each.key.endswith(":log")]


@pytest.mark.usefixtures("exports_alone")
@pytest.mark.parametrize("desk", DESKS)
def test_a_ticket_is_opened_with_its_first_event_and_closed_with_the_last_that_closes_it(
    tmp_path: Path, desk: str
) -> None:
    days, words = DESKS[desk]
    paths = [tmp_path / "ticket_events.csv", tmp_path / "orders.csv"]
    paths[0].write_text(LOG.format(*days, **words), encoding="utf-8")
    paths[1].write_text(ORDERS, encoding="utf-8")
    plan = plan_for(look_at(paths))
    assert (plan.exports[0].role, asked(plan)) == ("tickets", ["yes"])
    build(tmp_path / "board", plan, paths, Company())
    workspace = load_workspace(tmp_path / "board")
    refresh_now(workspace)
    found = "select ticket_id, customer_id, opened_at, closed_at, kind from tickets order by ticket_id"
    assert published(workspace, found) == BY_HAND


HEAD = "Ticket ID,Customer ID,Created at"


@pytest.mark.parametrize(
    ("text", "answers"),
    [
        (LOG.format(*ISO, **{**DESKS["english"][1], "solved": "S4", "closed": "S5", "again": "S1", "new": "S1"}), [""]),
        # what a ticket was on two days, and one that was closed beside it
        (f"{HEAD},Status\n1,c1,2026-03-02,New\n1,c1,2026-03-02,Closed\n2,c2,2026-03-03,New\n", []),
        (f"{HEAD},Status\n1,c1,2026-03-02,Closed\n2,c2,2026-03-03,New\n", []),
        (f"{HEAD},Closed at\n1,c1,2026-03-02,\n1,c1,2026-03-04,2026-03-05\n2,c2,2026-03-03,\n", []),
    ],
)  # fmt: skip
def test_it_is_asked_where_nothing_says_that_a_ticket_was_closed_and_not_of_whole_tickets(
    tmp_path: Path, text: str, answers: list[str]
) -> None:
    path = tmp_path / "tickets.csv"
    path.write_text(text, encoding="utf-8")
    plan = plan_for(look_at([path]))
    assert (plan.exports[0].role, asked(plan)) == ("tickets", answers)
