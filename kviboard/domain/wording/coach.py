"""The wording coach: what an objective, a vision or a key result could say better for the customer. It never blocks.

Each rule is explained; each finding quotes the words it is about and offers a pattern to rewrite them. What depends on
grammar stands in `english` and, for languages that are known by lists of words, in `listed`.
"""

import re
from collections.abc import Collection, Mapping
from functools import partial

from kviboard.domain.okrs.model import Measure
from kviboard.domain.okrs.progress import is_incomplete
from kviboard.domain.wording.english import english_findings, english_task, english_who, own_sentence
from kviboard.domain.wording.findings import (
    FEWEST_WORDS,
    MOST_WORDS,
    Finding,
    empty_findings,
    finding,
    open_findings,
    shared_findings,
)
from kviboard.domain.wording.languages import Language
from kviboard.domain.wording.listed import listed_findings, listed_task, listed_who
from kviboard.domain.wording.subject import split_words

RULES: Mapping[str, str] = {
    "customer_is_subject": "Is the customer, or a named kind of customer, the subject?",
    "outcome_for_them": "Does it say what they can do, get or feel, rather than what we ship or gain?",
    "no_digits": "Is it free of digits? They belong in key results.",
    "no_internal_names": "Is it free of internal names and tool names?",
    "length": f"Has it {FEWEST_WORDS} to {MOST_WORDS} words?",
    "plain_words": "Does it do without words that say nothing, whoever says them?",
    "nothing_left_open": "Is everything filled in that a rewrite left open?",
    "one_sentence": "Is the vision one sentence?",
    "measure_not_task": "Is the key result a measure with baseline and target, rather than a task?",
}
"""Every rule the coach knows, as the question it asks."""

ENGLISH = "en"


def coach_objective(text: str, language: Language, kinds_of_customers: Collection[str] = ()) -> list[Finding]:
    """Findings on an objective, in the order of its words; none while nothing is typed.

    `kinds_of_customers`: names the company has for its customers, such as the values of a dimension ("Enterprise").
    """
    words = split_words(text)
    if not words:
        return []
    known = {kind for kind in kinds_of_customers if kind.strip()}
    by_grammar = english_findings if language.code == ENGLISH else partial(listed_findings, language)
    findings = [
        *by_grammar(text, words, known),
        *shared_findings(text, words, language, known),
    ]
    return sorted(findings, key=lambda found: (found.start, found.end))


def coach_vision(
    text: str, language: Language, kinds_of_customers: Collection[str] = (), own_names: Collection[str] = ()
) -> list[Finding]:
    """Findings on a product vision: it names the customer and says what is better for them, in one sentence that is not
    about the product. `own_names`: the company and its product."""
    words = split_words(text)
    if not words:
        return []
    opening = text[: words[min(len(words), 3) - 1].end]
    own = next((name for name in own_names if name.strip() and opening.casefold().startswith(name.casefold())), "")
    we = own or next((word.text for word in words[:2] if word.lower in language.we | language.our), "")
    found = [each for each in coach_objective(text, language, kinds_of_customers) if each.rule in _OF_VISIONS]
    if we and not any(each.rule == "customer_is_subject" for each in found):
        end = text.casefold().index(we.casefold()) + len(we)
        why = f"The sentence is about “{we}”, not about the customer."
        found.insert(0, finding("customer_is_subject", text, end - len(we), end, why, _VISION_PATTERN))
    sentences = [match.start() for match in SENTENCE_END.finditer(text)]
    if sentences:
        why = "Of several sentences nobody keeps the first in mind."
        rewrite = "Keep the one that a customer would like to be true."
        found.append(finding("one_sentence", text, sentences[0] + 1, len(text), why, rewrite))
    return found


SENTENCE_END = re.compile(r"[.!?]\s+(?=\S)")
_OF_VISIONS = frozenset({"customer_is_subject", "outcome_for_them", "plain_words", "no_digits", "nothing_left_open"})
_VISION_PATTERN = "Begin with who it is for: “<kind of customer> <what is better for them>”."


def coach_key_result(title: str, language: Language, measure: Measure | None = None) -> list[Finding]:
    """Findings on a key result: a task in place of a measure, a baseline or target that is missing, a milestone, what
    is left open, words that say nothing."""
    words = split_words(title)
    if not words:
        return []
    others = [*empty_findings(title, language), *open_findings(title)]
    task = english_task(title, words) if language.code == ENGLISH else listed_task(words, language)
    whole = words[0].start, words[-1].end
    if task:
        why = f"“{title[task[0] : task[1]]}” is a task: done, it says nothing about what changed for customers."
        return [finding("measure_not_task", title, *task, why, _MEASURE_PATTERN), *others]
    if measure is not None and measure.is_milestone:
        why = "A milestone says that something is done, not what changed for customers."
        return [finding("measure_not_task", title, *whole, why, _MEASURE_PATTERN), *others]
    if measure is not None and is_incomplete(measure):
        why = "Without a baseline and a target nobody can tell how far it has come."
        rewrite = "From <baseline> to <target>, by the cycle's end."
        return [finding("measure_not_task", title, *whole, why, rewrite), *others]
    return others


_MEASURE_PATTERN = "Name what it should move: “<share, time or number> of <customers> from <baseline> to <target>”."


def customer_in(text: str, language: Language, kinds_of_customers: Collection[str] = ()) -> str:
    """The words of a text that name a customer, with what describes them; empty where there are none."""
    words = split_words(text)
    if not words:
        return ""
    if language.code == ENGLISH:
        return english_who(text, words, kinds_of_customers)
    return listed_who(text, words, language, kinds_of_customers)


def own_sentence_in(text: str, language: Language) -> str:
    """The writer's own sentence about customers, freed of "Help …"; empty where there is none."""
    words = split_words(text)
    return own_sentence(text, words) if words and language.code == ENGLISH else ""
