"""Two rounds of the outside-in check and the table of rewards, with two stories for the page to find.

People think that bonuses look at what customers get, and hardly any do; they think that nobody listens to surveys, and
most decisions name what was measured.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from random import Random
from unittest.mock import patch
from uuid import UUID

from generator.okr_script import Act, Stage
from generator.reviews_third_quarter import INSIGHT
from kviboard.domain.outside_in.check import HIGHEST, LOWEST, MANAGEMENT, OTHERS, QUESTIONS, Answer
from kviboard.store import Author, NewCheckRound, NewReward

CLAIMED, UNSEEN = "people_decisions", "surveys_used"
"""What people believe without the records showing it, and what the records show without people believing it."""

ROUNDS = (
    ("Spring 2026", date(2026, 4, 13), date(2026, 4, 30), 26, {CLAIMED: 3.7, UNSEEN: 2.3, "claims_easy": 2.4}),
    ("Autumn 2026", date(2026, 10, 5), date(2026, 10, 23), 34, {CLAIMED: 4.0, UNSEEN: 2.2, "claims_easy": 3.3}),
)
"""Name, first day, closing day, how many answered, and the mean of what is not about 3.4."""

MANAGEMENT_SEES_MORE = 0.7
COMMENTS = (
    "A customer at every monthly meeting, not a slide about one",
    "Answer what people write to us, each of them",
    "Let the service desk give a refund without asking",
    "Fewer letters that nobody understands",
    "Tell us what became of what we reported",
)
REWARDS = (
    ("Managing board", "Operating result", "60", False, None),
    ("Managing board", "Turnover growth", "30", False, None),
    ("Managing board", "Promoter revenue share", "10", True, "promoter_revenue_share"),
    ("Sales", "New contracts signed", "80", False, None),
    ("Sales", "Net revenue retention", "20", True, "net_revenue_retention"),
    ("Service desk", "Calls per hour", "70", False, None),
    ("Service desk", "Customer satisfaction", "30", True, "customer_satisfaction"),
    ("Product teams", "Releases on time", "100", False, None),
)
"""Role, metric, weight in per cent, whether it is the customer's, the KVI that measures it: 60 of 400 are theirs."""


def outside_in() -> Iterator[Act]:
    """The rounds with their answers, and the rewards as they are noted after the first of them."""
    for name, first, last, people, means in ROUNDS:
        yield Act(
            datetime(first.year, first.month, first.day, 9, tzinfo=UTC), INSIGHT, _round(name, last, people, means)
        )
    for minute, (role, metric, weight, is_customers, kvi) in enumerate(REWARDS):
        new = NewReward(role=role, metric=metric, weight=Decimal(weight), is_customers=is_customers, kvi=kvi)
        yield Act(datetime(2026, 5, 11, 10, minute, tzinfo=UTC), INSIGHT, _reward(new))


def _round(name: str, last: date, people: int, means: Mapping[str, float]):  # type: ignore[no-untyped-def]
    def do(stage: Stage, author: Author) -> None:
        asked = stage.store.check_rounds.add(NewCheckRound(name=name, closes_on=last), author=author)
        chance = Random(f"outside-in {name}")
        with patch("kviboard.store.outside_in.rounds.uuid4", lambda: UUID(int=chance.getrandbits(128), version=4)):
            for person in range(people):
                answer = _answer(person, means, chance)
                stage.store.check_rounds.answer(asked.id, answer, f"{name} {person}", last)

    return do


def _reward(new: NewReward):  # type: ignore[no-untyped-def]
    return lambda stage, author: stage.store.rewards.add(new, author=author)


def _answer(person: int, means: Mapping[str, float], chance: Random) -> Answer:
    group = MANAGEMENT if person % 5 == 0 else OTHERS if person % 5 < 4 else None
    more = MANAGEMENT_SEES_MORE if group == MANAGEMENT else -MANAGEMENT_SEES_MORE / 5
    grades = {
        name: max(LOWEST, min(HIGHEST, round(means.get(name, 3.4) + more + 0.8 * _bell(chance))))
        for name in QUESTIONS
        if chance.random() > 0.08  # cannot say
    }
    return Answer(grades, group, COMMENTS[person // 6] if person % 6 == 0 and person // 6 < len(COMMENTS) else "")


def _bell(chance: Random) -> float:
    """Nearly normal, mean 0, standard deviation 1, the same on every machine: made of sums alone."""
    return sum(chance.random() for _ in range(12)) - 6
