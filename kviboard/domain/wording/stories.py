"""User stories: does one say who the customer is, and what they get? Each finding says how to mend it.

A story that is written for ourselves may be right to build; it says nothing of customers, which is what is counted.
"""

from collections.abc import Collection
from dataclasses import dataclass

from kviboard.domain.wording.languages import Language
from kviboard.domain.wording.shipping import gain_spans, shipping_spans
from kviboard.domain.wording.subject import customer_subject, split_words

STORY_RULES = {
    "is_a_story": "Is it written from somebody's side: who, wants what, for what?",
    "for_a_customer": "Is that somebody a customer, rather than one of us?",
    "says_the_benefit": "Does it say what they have from it?",
    "benefit_is_theirs": "Is that what they can do, get or feel, rather than what we ship or gain?",
    "plain_words": "Does it do without words that say nothing?",
}
"""Every question to a story."""

LONGEST_CODE = 3  # letters: a kind of customers that short is a code, such as a country's, and may be any word
_BINDING = {"is_a_story", "for_a_customer", "says_the_benefit", "benefit_is_theirs"}


@dataclass(frozen=True)
class StoryFinding:
    """What one rule has to say of a story: the words it is about, and how to mend it."""

    rule: str
    quote: str
    rewrite: str


def coach_story(text: str, language: Language, kinds_of_customers: Collection[str] = ()) -> list[StoryFinding]:
    """Findings on a story in its language, in the order of the questions. `kinds_of_customers`: the company's own."""
    plain = " ".join(text.split())
    found = [StoryFinding("plain_words", plain[start:end], _PLAIN) for start, end in language.empty_spans(plain)]
    story = language.story.match(plain)
    if story is None:
        return [*_sentence(plain, language, kinds_of_customers), *found]
    role, benefit = story["role"], (story["benefit"] or "").strip("….<> ")
    if not _is_customer(role, language, kinds_of_customers):
        found.insert(0, StoryFinding("for_a_customer", role, _WHO))
    if not benefit:
        return [*found, StoryFinding("says_the_benefit", story["want"], _BENEFIT)]
    ours = _is_ours(benefit, language)
    return [*found, StoryFinding("benefit_is_theirs", ours, _THEIRS)] if ours else found


def says_what_customers_get(findings: Collection[StoryFinding]) -> bool:
    """Whether nothing is missing that a customer would ask for; empty words alone do not count against it."""
    return not _BINDING & {finding.rule for finding in findings}


_OURS = {"we", "wij", "wir", "vi", "team", "system", "systeem", "systemet"}  # in each language, what is no customer's
_WHO = "Name the customer who has it: “As a <kind of customer>, …”."
_BENEFIT = "Add what they have from it: “… so that <what they can do, get or feel>”."
_THEIRS = "Say what becomes better for them, not what we ship or gain."
_PLAIN = "Say what a customer would notice on a Tuesday morning."
_FORM = "Write it from their side: “As a <kind of customer>, I want <what>, so that <what they get>”."


def _sentence(text: str, language: Language, kinds: Collection[str]) -> list[StoryFinding]:
    """A text that is no story: it passes where a customer is its subject and it ships nothing."""
    words = split_words(text)
    if language.code == "en":
        customer = customer_subject(text, words, kinds)
        ships = bool(shipping_spans(text, words, customer))
    else:
        first = [word.lower for word in words[:6]]
        named = [place for place, word in enumerate(first) if word in language.customers]
        customer = named[0] if named and not set(first[: named[0]]) & language.ships else None
        ships = bool({word.lower for word in words} & language.ships)
    return [] if customer is not None and not ships else [StoryFinding("is_a_story", text[:80], _FORM)]


def _is_customer(role: str, language: Language, kinds: Collection[str]) -> bool:
    """Whether a role is a customer: by name, or because it is none of us."""
    said = " ".join(word.lower for word in split_words(role))
    if any(f" {kind.casefold()} " in f" {said} " for kind in kinds if len(kind) > LONGEST_CODE):
        return True
    words = {word.lower for word in split_words(role)}
    if said.replace(" ", "-") in language.ourselves:
        return False
    return bool(words & language.customers) or not words & language.ourselves


def _is_ours(benefit: str, language: Language) -> str:
    """The words of a benefit that are our own; empty where there are none."""
    words = split_words(benefit)
    if language.code == "en":
        spans = [*shipping_spans(benefit, words, 0), *gain_spans(benefit, words)]
        if spans:
            start, end = min(spans)
            return benefit[start:end]
    return language.names(
        language.ourselves & {"we", "wij", "wir", "vi", "team", "system", "systeem", "systemet"}, benefit
    )
