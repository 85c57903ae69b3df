"""Who is asked, who answers, and which score they give. The price change and the weak touchpoint act here."""

from dataclasses import dataclass, field
from datetime import date

import numpy as np

from generator import truths
from generator.add_ons import Purchase
from generator.chance import bell, stream, whole
from generator.comments import comment_on
from generator.customers import Customers
from generator.days import ISO, index_of
from generator.tickets import Ticket

FIRST_WAVE = date(2025, 5, 5)


@dataclass(frozen=True)
class Asked:
    """Somebody was asked something, or answered it, on a day; touchpoint None is the relationship survey."""

    day: int
    customer: int
    touchpoint: int | None


@dataclass
class Survey:
    """Who was invited to answer, and who did."""

    invited: list[Asked] = field(default_factory=list)
    answered: list[Asked] = field(default_factory=list)

    def __add__(self, other: "Survey") -> "Survey":
        return Survey(self.invited + other.invited, self.answered + other.answered)


def ask_about_us(customers: Customers, here: np.ndarray) -> Survey:
    """Everybody in the first wave; from then on each customer every four months. New ones six weeks after sign-up."""
    rng = stream("relationship")
    count = truths.CUSTOMERS
    offset = whole(rng.random(count), 0, truths.ASK_EVERY_DAYS - 1)
    willing = np.where(rng.random(count) < truths.NEVER_ANSWER, 0.0, 0.40 + 0.42 * rng.random(count))
    draws = rng.random((count, 12))
    earlier = whole(stream("invitations").random((count, 12)), 0, 3)
    start = index_of(FIRST_WAVE)
    survey = Survey()
    for customer in range(count):
        days = _asked_on(int(customers.joined[customer]), start, int(offset[customer]))
        for day, draw, wait in zip(days, draws[customer], earlier[customer].tolist(), strict=False):
            if here[customer, day]:
                survey.invited.append(Asked(day - wait, customer, None))
                if draw < willing[customer]:
                    survey.answered.append(Asked(day, customer, None))
    return survey


def _asked_on(joined: int, start: int, offset: int) -> list[int]:
    settled = joined + 45
    if settled > start:
        return list(range(settled, truths.DAYS, truths.ASK_EVERY_DAYS))
    return [start + offset // 2, *range(start + 60 + offset, truths.DAYS, truths.ASK_EVERY_DAYS)]


def ask_after_contact(customers: Customers, purchases: list[Purchase], tickets: list[Ticket]) -> Survey:
    """After a sign-up, a chat with support, a parcel and an installation visit."""
    moments = [(int(day) + 9, number, 0) for number, day in enumerate(customers.joined)]
    moments += [(ticket.day + ticket.days_open + 1, ticket.customer, 1) for ticket in tickets]
    for purchase in purchases:
        _, _, _, visit, parcel = truths.ADD_ONS[purchase.add_on]
        moments += [(purchase.order.day + 5, purchase.order.customer, 2)] * parcel
        moments += [(purchase.order.day + 14, purchase.order.customer, 3)] * visit
    rng = stream("touchpoints")
    draws, later = rng.random(len(moments)), whole(rng.random(len(moments)), 0, 4)
    survey = Survey()
    for (day, customer, touchpoint), draw, days in zip(moments, draws, later.tolist(), strict=True):
        when = day + days
        if truths.TOLD <= day < truths.DAYS:
            survey.invited.append(Asked(day, customer, touchpoint))
            if truths.TOLD + 4 <= when < truths.DAYS and draw < truths.TOUCHPOINT_ANSWERED[touchpoint]:
                survey.answered.append(Asked(when, customer, touchpoint))
    return survey


def ask_after_bot(here: np.ndarray) -> Survey:
    """The chat bot asks after each of its conversations, and nobody answers."""
    first = index_of(truths.BOT_ON)
    rng = stream("chat bot")
    who, when = np.nonzero(here[:, first:] & (rng.random(here[:, first:].shape) < truths.BOT_CHATS_DAILY))
    return Survey([Asked(day + first, customer, 1) for customer, day in zip(who.tolist(), when.tolist(), strict=True)])


def invitation_rows(invited: list[Asked], customers: Customers) -> list[list[str]]:
    """Rows of the survey tool's other export, in order of time."""
    minutes = whole(stream("invited at").random(len(invited)), 300, 419)
    rows = []
    ordered = sorted(invited, key=lambda one: (one.day, one.customer, one.touchpoint is not None, one.touchpoint or 0))
    for one, minute in zip(ordered, minutes.tolist(), strict=True):
        touchpoint = "" if one.touchpoint is None else truths.TOUCHPOINTS[one.touchpoint]
        kind = "transactional" if touchpoint else "relationship"
        moment = f"{ISO[one.day]} {minute // 60:02d}:{minute % 60:02d}"
        rows.append([customers.ids[one.customer], moment, kind, touchpoint])
    return sorted(rows, key=lambda row: (row[1], row[0]))


def response_rows(asked: list[Asked], customers: Customers) -> list[list[str]]:
    """Rows of the survey tool's export in order of time."""
    rng = stream("scores")
    ordered = sorted(asked, key=lambda one: (one.day, one.customer, one.touchpoint is not None, one.touchpoint or 0))
    count = len(ordered)
    noise, minutes, words = bell(rng, count), whole(rng.random(count), 420, 1319), rng.random((count, 6))
    felt = stream("aspects").random((count, len(truths.ASPECTS)))
    rows = []
    for one, luck, minute, draws, feelings in zip(
        ordered, noise.tolist(), minutes.tolist(), words, felt.tolist(), strict=True
    ):
        score = _score(one, float(customers.mood[one.customer]), int(customers.segment[one.customer]), luck)
        touchpoint = "" if one.touchpoint is None else truths.TOUCHPOINTS[one.touchpoint]
        comment = comment_on(score, one.day, int(customers.segment[one.customer]), touchpoint, draws)
        clock = f"{minute // 60:02d}:{minute % 60:02d}"
        kind = "transactional" if touchpoint else "relationship"
        ratings = ["" for _ in truths.ASPECTS] if touchpoint else _ratings(one, score, customers, feelings)
        answer = [customers.ids[one.customer], f"{ISO[one.day]} {clock}", str(score), kind, touchpoint, comment]
        rows.append([*answer, *ratings])
    rows.sort(key=lambda row: row[1])
    return [[f"A{number:05d}", *row] for number, row in enumerate(rows, start=1)]


def _ratings(one: Asked, score: int, customers: Customers, feelings: list[float]) -> list[str]:
    """A rating from 1 to 5 of each aspect, as uniform numbers decide; the new price makes value for money worse."""
    is_dearer = customers.segment[one.customer] == truths.PRICE_CHANGE_SEGMENT and one.day >= index_of(
        truths.PRICE_CHANGE_ON
    )
    shifts = [truths.PRICE_CHANGE_VALUE_EFFECT * is_dearer, 0.0, 0.0]
    found = []
    for mean, slope, shift, feeling in zip(truths.ASPECT_MEANS, truths.ASPECT_SLOPES, shifts, feelings, strict=True):
        rating = mean + slope * (score - 8) + shift + 2.4 * (feeling - 0.5)
        found.append(str(int(min(max(np.floor(rating + 0.5), 1), 5))))
    return found


def _score(one: Asked, mood: float, segment: int, luck: float) -> int:
    if one.touchpoint is None:
        felt = 8.3 + 1.5 * mood + 0.85 * luck
        if segment == truths.PRICE_CHANGE_SEGMENT and one.day >= index_of(truths.PRICE_CHANGE_ON):
            felt += truths.PRICE_CHANGE_SCORE_EFFECT
    else:
        felt = truths.TOUCHPOINT_MEANS[one.touchpoint] + 0.8 * mood + 1.5 * luck
    return int(min(max(np.floor(felt + 0.5), 0), 10))
