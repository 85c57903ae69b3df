"""The stage of customer focus an organisation has reached, by stated rules, and what the next one asks for."""

from collections.abc import Mapping
from dataclasses import dataclass

STAGES = ("customer focused", "customer centric", "customer led")
MEANS = {
    "customer focused": "We measure what customers think and talk about it.",
    "customer centric": "Their interest prevails in hard decisions, and loyalty stands beside finance.",
    "customer led": "Customers take part in making and deciding, and teams decide on customer data themselves.",
}
_AGREE = 3.5  # of 5: more agree than not
_SHARES: dict[str, tuple[tuple[str, float, str], ...]] = {
    "customer focused": (
        ("reviews_with_vision", 0.5, "half of the sprints are opened and closed with the vision"),
        ("scored_revenue", 0.3, "we know the score behind 30 % of revenue"),
    ),
    "customer centric": (
        ("objectives_for_customers", 0.5, "half of the objectives are worded for the customer"),
        ("key_results_of_customers", 0.5, "half of the key results measure customers"),
        ("scored_revenue", 0.5, "we know the score behind half of revenue"),
    ),
    "customer led": (
        ("decisions_with_customers", 0.5, "half of the decisions name a KVI or a customer's words"),
        ("rewards_of_customers", 0.2, "20 % of rewards depend on customers"),
    ),
}
_QUESTIONS = {
    "customer focused": ("common_language", "clear_communication"),
    "customer centric": ("surveys_used", "claims_easy", "whole_organisation"),
    "customer led": ("needs_ahead", "feedback_invited", "people_decisions", "own_part"),
}


OBJECTIVES: dict[str, str] = {
    "reviews_with_vision": "Customers see what we promised them come true, sprint after sprint",
    "scored_revenue": "Customers tell us how they like it, because it is easy and something comes of it",
    "objectives_for_customers": "Customers notice what we set out to make better for them",
    "key_results_of_customers": "Customers feel that what we measure is what matters to them",
    "decisions_with_customers": "Customers find their own words in what we change",
    "rewards_of_customers": "Customers meet people who have something from making them happy",
    "common_language": "Customers are so happy that they recommend us to their friends",
    "clear_communication": "Customers meet nobody here who does not know how they see us",
    "surveys_used": "Customers hear what became of what they told us",
    "claims_easy": "Customers get a refund or a repair without having to fight for it",
    "whole_organisation": "Customers get the same good answer wherever they ask",
    "needs_ahead": "Customers find help before they have to ask for it",
    "feedback_invited": "Customers tell us what is wrong as easily as what is right",
    "people_decisions": "Customers meet people who were chosen because they care",
    "own_part": "Customers get help from whoever they meet first",
}
"""What each condition may become as an objective: a first wording, to be made one's own."""


@dataclass(frozen=True)
class Condition:
    """One thing a stage asks for: in words, and whether it is met; None where nothing is known of it."""

    stage: str
    name: str  # of the sign or the question
    asks: str
    is_met: bool | None


def conditions(shares: Mapping[str, float | None], means: Mapping[str, float]) -> list[Condition]:
    """Everything the stages ask for. `shares` of signs lie between 0 and 1, `means` of questions between 1 and 5."""
    found = []
    for stage in STAGES:
        for name, least, asks in _SHARES[stage]:
            share = shares.get(name)
            found.append(Condition(stage, name, asks, None if share is None else share >= least))
        for question in _QUESTIONS[stage]:
            mean = means.get(question)
            asks = f"people agree, with at least {_AGREE} of 5"
            found.append(Condition(stage, question, asks, None if mean is None else mean >= _AGREE))
    return found


def stage_of(found: list[Condition]) -> str | None:
    """The last stage of which, and of all before it, every condition is met; None before the first."""
    reached = None
    for stage in STAGES:
        if not all(condition.is_met for condition in found if condition.stage == stage):
            break
        reached = stage
    return reached


def next_stage(stage: str | None) -> str | None:
    """The stage after this one; None after the last."""
    place = STAGES.index(stage) + 1 if stage else 0
    return STAGES[place] if place < len(STAGES) else None


SAID_AND_SHOWN = {
    "surveys_used": ("decisions_with_customers", "low_answers_followed_up"),
    "needs_ahead": ("signals_answered",),
    "people_decisions": ("rewards_of_customers",),
    "whole_organisation": ("key_results_of_customers",),
    "common_language": ("scored_revenue",),
    "clear_communication": ("reviews_with_vision",),
}
"""Questions, and the signs of the same thing in the records."""

_SELDOM, _MOSTLY, _DISAGREE = 0.3, 0.7, 2.5


@dataclass(frozen=True)
class Disagreement:
    """A question and signs of the same thing that tell opposite stories: people agree and it seldom happens, or they
    disagree and it mostly does."""

    question: str
    signs: tuple[str, ...]
    mean: float

    @property
    def is_claimed(self) -> bool:
        """Whether people say it and the records do not show it."""
        return self.mean >= _AGREE


def disagreements(shares: Mapping[str, float | None], means: Mapping[str, float]) -> list[Disagreement]:
    """Where check and records disagree, what is claimed and not shown first."""
    found = []
    for question, signs in SAID_AND_SHOWN.items():
        mean = means.get(question)
        known = [(sign, share) for sign in signs if (share := shares.get(sign)) is not None]
        if mean is not None and mean >= _AGREE:
            against = tuple(sign for sign, share in known if share < _SELDOM)
        elif mean is not None and mean <= _DISAGREE:
            against = tuple(sign for sign, share in known if share > _MOSTLY)
        else:
            continue
        if against:
            found.append(Disagreement(question, against, mean))
    return sorted(found, key=lambda each: not each.is_claimed)
