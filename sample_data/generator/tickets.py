"""Complaints and questions. The complaint rate is constant by construction: whatever it shows is noise."""

from dataclasses import dataclass

import numpy as np

from generator import truths
from generator.chance import pick, stream, whole
from generator.customers import Customers
from generator.days import ISO, WEEKDAY, index_of

DESK_DAYS = np.array((1.25, 1.15, 1.1, 1.1, 1.05, 0.75, 0.6))  # by weekday; sums to 7
TOPICS = ("Meter connection", "Bill", "App", "Installation", "Delivery", "Price", "Account")
COMPLAINT_SHARES = (0.27, 0.19, 0.14, 0.20, 0.09, 0.06, 0.05)
COMPLAINT_SHARES_NEW_PRICE = (0.17, 0.17, 0.09, 0.12, 0.06, 0.36, 0.03)
QUESTION_SHARES = (0.21, 0.24, 0.17, 0.11, 0.10, 0.05, 0.12)


@dataclass(frozen=True)
class Ticket:
    day: int
    customer: int
    kind: str
    topic: str
    minute: int  # of the day
    days_open: int


def complain_and_ask(customers: Customers, here: np.ndarray, active: np.ndarray) -> list[Ticket]:
    """Tickets in order of time. `active`: customers active in the 28 days before, per day."""
    present = np.maximum(here.sum(axis=0), 1)
    settled = np.maximum(active, active[truths.TOLD + 27])  # the first 27 days have no full window yet
    daily = truths.COMPLAINTS_PER_1000_MONTHLY / 1000 / 30.4 * settled / present * DESK_DAYS[WEEKDAY]
    daily[: truths.TOLD] = 0.0
    tickets = []
    for kind, times in (("complaint", 1.0), ("question", truths.QUESTIONS_PER_COMPLAINT)):
        rng = stream(f"{kind}s {truths.TICKET_DRAW}")
        mood = np.clip(1.0 - 0.35 * customers.mood, 0.3, 2.2)[:, None] if kind == "complaint" else 1.0
        who, when = np.nonzero(here & (rng.random(here.shape) < daily[None, :] * times * mood))
        draws = rng.random((len(who), 3))
        for found in zip(who.tolist(), when.tolist(), draws, strict=True):
            tickets.append(_ticket(kind, customers, *found))
    return sorted(tickets, key=lambda ticket: (ticket.day, ticket.minute, ticket.customer, ticket.kind))


def _ticket(kind: str, customers: Customers, customer: int, day: int, draws: np.ndarray) -> Ticket:
    new_price = customers.segment[customer] == truths.PRICE_CHANGE_SEGMENT and day >= index_of(truths.PRICE_CHANGE_ON)
    shares = QUESTION_SHARES
    if kind == "complaint":
        shares = COMPLAINT_SHARES_NEW_PRICE if new_price else COMPLAINT_SHARES
    topic = TOPICS[int(pick(draws[0], shares))]
    return Ticket(day, customer, kind, topic, 480 + int(draws[1] * 720), int(whole(draws[2] * draws[2], 0, 9)))


def ticket_rows(tickets: list[Ticket], customers: Customers) -> list[list[str]]:
    """Rows of the help desk export; a ticket still open has no closing time."""
    rows = []
    for number, ticket in enumerate(tickets, start=1):
        opened = f"{ISO[ticket.day]} {_clock(ticket.minute)}"
        closed = ticket.day + ticket.days_open
        closed_at = f"{ISO[closed]} {_clock(min(ticket.minute + 95, 1430))}" if closed < truths.DAYS else ""
        rows.append([f"T{number:05d}", customers.ids[ticket.customer], opened, closed_at, ticket.kind, ticket.topic])
    return rows


def _clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"
