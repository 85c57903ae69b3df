"""Tickets whose state says something else than their closing day are warned of; the day decides."""

from pathlib import Path

import pytest

from kviboard.warehouse.manifest import ExportDecision
from kviboard.workspace import Workspace, load_workspace
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


ZONED = "ticket_id,customer_id,opened_at,closed_at\n"
OPENED = "2026-06-30T22:30:00Z"  # half an hour past midnight in Amsterdam


def zoned(folder: Path, *closed: str, zone: str = "Europe/Amsterdam") -> Workspace:
    rows = "".join(f"t{n},c{n},{OPENED},{each}\n" for n, each in enumerate(closed))
    sources = "".join(f'[sources.{name}]\nfiles = "exports/{name}.csv"\n' for name in ("orders", "tickets"))
    orders = "order_id,customer_id,ordered_at,amount\n1,c0,2026-06-30,5\n"
    return company(folder, f'[company]\ntimezone = "{zone}"\n{sources}', orders_csv=orders, tickets_csv=ZONED + rows)


def test_a_closing_without_the_zone_of_its_opening_is_warned_of_with_the_query(tmp_path: Path) -> None:
    workspace = zoned(tmp_path, "2026-06-30 23:15", "", "2026-07-01")
    (told,) = refreshed(workspace).decisions
    assert told.what == (
        "1 ticket names a zone in opened_at and none in closed_at, which counts as a time of Europe/Amsterdam."
    )
    found = "select date_diff('minute', opened_at, closed_at) from tickets where ticket_id = 't0'"
    assert published(workspace, found) == [(-75,)]
    query(tmp_path, "staging/tickets.sql", told.setting.partition("tickets.sql: ")[2])
    workspace = load_workspace(tmp_path)
    assert refreshed(workspace).decisions == ()
    assert published(workspace, found) == [(45,)]
    assert published(workspace, "select count(closed_at) from tickets") == [(2,)]


@pytest.mark.parametrize(
    ("closed", "zone"),
    [("2026-06-30 23:15", "UTC"), ("2026-06-30 23:15Z", "Europe/Amsterdam"), ("2026-07-01", "Europe/Amsterdam")],
)
def test_a_closing_of_the_same_clock_is_no_doubt(tmp_path: Path, closed: str, zone: str) -> None:
    assert refreshed(zoned(tmp_path, closed, zone=zone)).decisions == ()
