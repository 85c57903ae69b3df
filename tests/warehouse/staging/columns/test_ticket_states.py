"""Tickets whose state says something else than their closing day are warned of; the day decides."""

from pathlib import Path

import pytest

from kviboard.warehouse.manifest import ExportDecision
from tests.warehouse.company import company, query
from tests.warehouse.staged import published, refreshed

ORDERS = "order_id,customer_id,ordered_at,amount\n1,c1,2026-01-02,5\n"
HEAD = "ticket_id,customer_id,opened_at,closed_at,{state}\n"
DAY, NEVER = "2026-01-09", ""


def tickets(state: str, *rows: tuple[str, str]) -> str:
    lines = (f"T{n},c{n},2026-01-0{n},{day},{word}\n" for n, (day, word) in enumerate(rows, 1))
    return HEAD.format(state=state) + "".join(lines)


def said(folder: Path, state: str, *rows: tuple[str, str]) -> list[ExportDecision]:
    decisions = refreshed(company(folder, orders_csv=ORDERS, tickets_csv=tickets(state, *rows))).decisions
    return [each for each in decisions if each.level == "warning"]


@pytest.mark.parametrize(
    ("state", "open_again", "closed"),
    [
        ("Status", "Reopened", "Closed"), ("Conversation state", "open", "closed"), ("Status", "Pending", "Solved"),
        ("Status", "Waiting for customer", "Resolved"), ("Status", "Offen", "Erledigt"),
        ("Estado", "Abierto", "Cerrado"), ("Ticket status", "In Progress", "Done"),
    ],
)  # fmt: skip
def test_a_state_that_contradicts_the_closing_day_is_warned_of(
    tmp_path: Path, state: str, open_again: str, closed: str
) -> None:
    rows = [(DAY, closed), (DAY, open_again), (NEVER, open_again), (NEVER, closed), (NEVER, closed)]
    found = said(tmp_path, state, *rows)
    name = state.lower()
    assert [each.what for each in found] == [
        f'{name} is "{open_again}" in 1 row that has a closing day, so that it counts as closed.',
        f'{name} is "{closed}" in 2 rows without a closing day, so that they count as open.',
    ]
    assert [each.example for each in found] == [
        f'"{open_again}" in exports/tickets.csv, line 3', f'"{closed}" in exports/tickets.csv, line 5',
    ]  # fmt: skip


def test_the_query_that_is_named_opens_them_again(tmp_path: Path) -> None:
    rows = [(DAY, "Closed"), (DAY, "Reopened"), (NEVER, "Open")]
    (found,) = said(tmp_path, "Status", *rows)
    query(tmp_path, "staging/tickets.sql", found.setting.partition("tickets.sql: ")[2])
    workspace = company(tmp_path, orders_csv=ORDERS, tickets_csv=tickets("Status", *rows))
    assert not [each for each in refreshed(workspace).decisions if each.level == "warning"]
    assert published(workspace, "select ticket_id from tickets where closed_at is null order by 1") == [
        ("T2",),
        ("T3",),
    ]


def test_what_a_later_row_of_the_ticket_replaced_is_not_warned_of(tmp_path: Path) -> None:
    history = [
        ("T1", "2026-01-05", "Reopened", "09:00"), ("T1", "2026-01-08", "Closed", "10:00"),
        ("T2", "2026-01-05", "Closed", "10:00"), ("T2", "2026-01-05", "Reopened", "12:00"),
        ("T3", "", "Closed", "09:00"), ("T3", "2026-01-08", "Closed", "10:00"),
        ("T4", "2026-01-05", "Open", "09:00"),
    ]  # fmt: skip
    rows = "".join(f"{ticket},c1,2026-01-02,{day},{word},2026-01-08 {at}\n" for ticket, day, word, at in history)
    text = HEAD.format(state="Status,Updated_at") + rows
    files = {"tickets_1__csv": text, "tickets_2__csv": text.replace("T4,", "T5,")}  # T1 to T3 are in both
    toml = '[sources.tickets]\nfiles = "exports/tickets*.csv"\n[sources.orders]\nfiles = "exports/orders.csv"\n'
    manifest = refreshed(company(tmp_path, toml, orders_csv=ORDERS, **files))
    last = {ticket: (day, word) for ticket, day, word, _ in history} | {"T5": ("2026-01-05", "Open")}
    wrong = sorted(word for day, word in last.values() if day and word in ("Open", "Reopened"))
    assert wrong == ["Open", "Open", "Reopened"]
    assert [each.what for each in manifest.decisions if each.level == "warning"] == [
        'status is "Open" or "Reopened" in 3 rows that have a closing day, so that they count as closed.'
    ]


@pytest.mark.parametrize(
    "rows",
    [
        [(DAY, "Closed"), (NEVER, "Open"), ("9999-12-31", "Open"), (DAY, "Deferred")],
        [(NEVER, "Closed"), (NEVER, "Solved")],  # nothing is said of open ones where no ticket has a day
        [(DAY, "Newsletter"), (DAY, "Closed"), (NEVER, "Opening hours")],
    ],
)
def test_states_that_agree_are_not(tmp_path: Path, rows: list[tuple[str, str]]) -> None:
    assert said(tmp_path, "Status", *rows) == []
