"""The rules of the coach that read English: who the subject is, and what we ship or gain.

They read words and their order and are tested against a list of good and poor objectives, misses included.
"""

import re
from collections.abc import Collection, Iterator, Sequence

from kviboard.domain.wording import lexicon as ours
from kviboard.domain.wording import people
from kviboard.domain.wording.findings import Finding, finding
from kviboard.domain.wording.shipping import gain_spans, shipping_spans
from kviboard.domain.wording.subject import Word, customer_subject, is_task, split_words, subject_start

OUTCOME_PATTERN = "Say what becomes possible: “<customers> can <do, get or feel …> without <what annoys them today>”."


def english_findings(text: str, words: Sequence[Word], kinds: Collection[str]) -> Iterator[Finding]:
    """What these rules find in an objective."""
    yield from _subject_findings(text, words, kinds)
    yield from _outcome_findings(text, words, kinds)


def english_task(text: str, words: Sequence[Word]) -> tuple[int, int] | None:
    """The span of a key result that is a task; None where it is a measure."""
    first = words[0].lower
    ships = next((span for span in shipping_spans(text, words, customer=None) if span[0] == words[0].start), None)
    if ships or (is_task(first) and first not in _MOVES):
        return ships or (words[0].start, words[0].end)
    return None


def english_who(text: str, words: Sequence[Word], kinds: Collection[str]) -> str:
    """The customer that a text names, with what describes them: its subject, else the first after "for"."""
    customer = customer_subject(text, words, kinds)
    if customer is not None:
        return text[words[subject_start(text, words)].start : words[customer].end]
    for index, word in enumerate(words[:-1]):
        if word.lower in _BEFORE_WHO:
            rest = text[words[index + 1].start :]
            found = customer_subject(rest, split_words(rest), kinds)
            if found is not None:
                return rest[: split_words(rest)[found].end]
    return ""


def own_sentence(text: str, words: Sequence[Word]) -> str:
    """The writer's own sentence without "Help …" where the customer follows; empty where none does."""
    first = subject_start(text, words)
    opening = re.match(rf"(?:{'|'.join(ours.HELPING)})\s+(.+)", text[words[first].start :].strip(), re.IGNORECASE)
    if not opening or customer_subject(opening[1], split_words(opening[1])) is None:
        return ""
    rest = (
        re.sub(r"\bto\s+", "", opening[1], count=1) if not text.lower().startswith(("ensure", "make")) else opening[1]
    )
    return f"{rest[0].upper()}{rest[1:].rstrip('.')}"


_MOVES = people.words_of(
    "increase reduce raise grow lower decrease improve cut boost double triple halve reach keep maintain hold"
)
"""First words after which a measure follows rather than a task: "Raise the share of …"."""
_BEFORE_WHO = people.words_of("for to help let enable allow of with among")


def _subject_findings(text: str, words: Sequence[Word], kinds: Collection[str]) -> Iterator[Finding]:
    if customer_subject(text, words, kinds) is not None:
        return
    first = subject_start(text, words)
    last = first
    stops = people.PREPOSITIONS | people.AUXILIARIES
    while last + 1 < len(words) and last - first < 2 and not is_task(words[first].lower):
        if words[last + 1].lower in stops:
            break
        last += 1
    start, end = words[first].start, words[last].end
    why = f"The sentence is about “{text[start:end]}”, not about the customer."
    if is_task(words[first].lower):
        why = f"“{text[start:end]}” says what we do; the customer is not the subject."
    own = own_sentence(text, words)
    pattern = own or "<kind of customer> can <do>, get <what> or feel <how> …"
    yield finding("customer_is_subject", text, start, end, why, f"Start with who gains: “{pattern}”.")


def _outcome_findings(text: str, words: Sequence[Word], kinds: Collection[str]) -> Iterator[Finding]:
    customer = customer_subject(text, words, kinds)
    for start, end in shipping_spans(text, words, customer):
        why = f"“{text[start:end]}” is what we ship; it can ship and change nothing for customers."
        yield finding("outcome_for_them", text, start, end, why, OUTCOME_PATTERN)
    for start, end in gain_spans(text, words):
        why = f"“{text[start:end]}” is what we gain; customers have nothing from it."
        yield finding("outcome_for_them", text, start, end, why, OUTCOME_PATTERN)
