"""The wording coach: what an objective or key result could say better for the customer, and how. It never blocks.

Each rule is explained; each finding quotes the words it is about and offers a pattern to rewrite them. The rules read
words and their order, in English; they are tested against a list of good and poor objectives, misses included.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from kviboard.domain.formatting import counted
from kviboard.domain.okrs.model import Measure
from kviboard.domain.okrs.progress import is_incomplete
from kviboard.domain.wording import lexicon as ours
from kviboard.domain.wording import people
from kviboard.domain.wording.empty_words import empty_spans
from kviboard.domain.wording.shipping import gain_spans, shipping_spans
from kviboard.domain.wording.subject import Word, customer_subject, is_task, split_words, subject_start

FEWEST_WORDS, MOST_WORDS = 4, 18

RULES: Mapping[str, str] = {
    "customer_is_subject": "Is the customer, or a named kind of customer, the subject?",
    "outcome_for_them": "Does it say what they can do, get or feel, rather than what we ship or gain?",
    "no_digits": "Is it free of digits? They belong in key results.",
    "no_internal_names": "Is it free of internal names and tool names?",
    "length": f"Has it {FEWEST_WORDS} to {MOST_WORDS} words?",
    "plain_words": "Does it do without words that say nothing, whoever says them?",
    "one_sentence": "Is the vision one sentence?",
    "measure_not_task": "Is the key result a measure with baseline and target, rather than a task?",
}
"""Every rule the coach knows, as the question it asks."""


@dataclass(frozen=True)
class Finding:
    """What one rule has to say: the words as typed (text[start:end]), why, and a pattern to rewrite them."""

    rule: str
    quote: str
    start: int
    end: int
    explanation: str
    rewrite: str


def coach_objective(
    text: str, kinds_of_customers: Collection[str] = (), company_words: Collection[str] = ()
) -> list[Finding]:
    """Findings on an objective, in the order of its words; none while nothing is typed.

    `kinds_of_customers`: names the company has for its customers, such as the values of a dimension ("Enterprise").
    `company_words`: names nobody outside knows (projects, systems), to be found beside those the coach knows.
    """
    words = split_words(text)
    if not words:
        return []
    known = {kind for kind in kinds_of_customers if kind.strip()}
    findings = [
        *_subject_findings(text, words, known),
        *_outcome_findings(text, words, known),
        *_digit_findings(text, words, known),
        *_name_findings(text, words, known, company_words),
        *_empty_findings(text),
        *_length_findings(text, words),
    ]
    return sorted(findings, key=lambda finding: (finding.start, finding.end))


def coach_vision(text: str, kinds_of_customers: Collection[str] = (), own_names: Collection[str] = ()) -> list[Finding]:
    """Findings on a product vision: it names the customer and says what is better for them, in one sentence that is not
    about the product. `own_names`: the company and its product."""
    words = split_words(text)
    if not words:
        return []
    opening = text[: words[min(len(words), 3) - 1].end]
    own = next((name for name in own_names if name.strip() and opening.casefold().startswith(name.casefold())), "")
    ours = own or next((word.text for word in words[:2] if word.lower in {"our", "we"}), "")
    found = [each for each in coach_objective(text, kinds_of_customers) if each.rule in _OF_VISIONS]
    if ours and not any(each.rule == "customer_is_subject" for each in found):
        end = text.casefold().index(ours.casefold()) + len(ours)
        why = f"The sentence is about “{ours}”, not about the customer."
        found.insert(0, _finding("customer_is_subject", text, end - len(ours), end, why, _VISION_PATTERN))
    sentences = [match.start() for match in re.finditer(r"[.!?]\s+(?=\S)", text)]
    if sentences:
        why = "Of several sentences nobody keeps the first in mind."
        rewrite = "Keep the one that a customer would like to be true."
        found.append(_finding("one_sentence", text, sentences[0] + 1, len(text), why, rewrite))
    return found


_OF_VISIONS = frozenset({"customer_is_subject", "outcome_for_them", "plain_words", "no_digits"})
_VISION_PATTERN = "Begin with who it is for: “<kind of customer> <what is better for them>”."


def coach_key_result(title: str, measure: Measure | None = None) -> list[Finding]:
    """Findings on a key result: a task in place of a measure, a baseline or target that is missing, a milestone."""
    words = split_words(title)
    if not words:
        return []
    first = words[0].lower
    ships = next((span for span in shipping_spans(title, words, customer=None) if span[0] == words[0].start), None)
    if ships or (is_task(first) and first not in _MOVES):
        start, end = ships or (words[0].start, words[0].end)
        why = f"“{title[start:end]}” is a task: done, it says nothing about what changed for customers."
        return [_finding("measure_not_task", title, start, end, why, _MEASURE_PATTERN)]
    whole = words[0].start, words[-1].end
    if measure is not None and measure.is_milestone:
        why = "A milestone says that something is done, not what changed for customers."
        return [_finding("measure_not_task", title, *whole, why, _MEASURE_PATTERN)]
    if measure is not None and is_incomplete(measure):
        why = "Without a baseline and a target nobody can tell how far it has come."
        return [_finding("measure_not_task", title, *whole, why, "From <baseline> to <target>, by the cycle's end.")]
    return []


_MOVES = people.words_of(
    "increase reduce raise grow lower decrease improve cut boost double triple halve reach keep maintain hold"
)
"""First words after which a measure follows rather than a task: "Raise the share of …"."""
_MEASURE_PATTERN = "Name what it should move: “<share, time or number> of <customers> from <baseline> to <target>”."
_OUTCOME_PATTERN = "Say what becomes possible: “<customers> can <do, get or feel …> without <what annoys them today>”."


def _finding(rule: str, text: str, start: int, end: int, explanation: str, rewrite: str) -> Finding:
    return Finding(rule, text[start:end], start, end, explanation, rewrite)


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
    yield _finding("customer_is_subject", text, start, end, why, _subject_pattern(text, words, first))


def _subject_pattern(text: str, words: Sequence[Word], first: int) -> str:
    """The writer's own sentence without "Help …" where the customer follows, else a general pattern."""
    opening = re.match(rf"(?:{'|'.join(ours.HELPING)})\s+(.+)", text[words[first].start :].strip(), re.IGNORECASE)
    if opening and customer_subject(opening[1], split_words(opening[1])) is not None:
        rest = (
            re.sub(r"\bto\s+", "", opening[1], count=1)
            if not text.lower().startswith(("ensure", "make"))
            else opening[1]
        )
        return f"Start with who gains: “{rest[0].upper()}{rest[1:].rstrip('.')}”."
    return "Start with who gains: “<kind of customer> can <do>, get <what> or feel <how> …”."


def _outcome_findings(text: str, words: Sequence[Word], kinds: Collection[str]) -> Iterator[Finding]:
    customer = customer_subject(text, words, kinds)
    for start, end in shipping_spans(text, words, customer):
        why = f"“{text[start:end]}” is what we ship; it can ship and change nothing for customers."
        yield _finding("outcome_for_them", text, start, end, why, _OUTCOME_PATTERN)
    for start, end in gain_spans(text, words):
        why = f"“{text[start:end]}” is what we gain; customers have nothing from it."
        yield _finding("outcome_for_them", text, start, end, why, _OUTCOME_PATTERN)


_VERSION = re.compile(r"\b(?:version|release|v)\s?\d+(?:\.\d+)*\b", re.IGNORECASE)
_NUMBER = re.compile(
    r"\b\S*\d\S*(?:\s?%|\s(?:per\s?cent|percent))?|\b(?:\w+\s)?(?:per\s?cent|percent)\b|\d+", re.IGNORECASE
)


def _digit_findings(text: str, words: Sequence[Word], kinds: Collection[str]) -> Iterator[Finding]:
    named = {part.lower() for kind in kinds for part in kind.split()}
    versions = [match.span() for match in _VERSION.finditer(text)]
    for match in _NUMBER.finditer(text):
        number = match[0].rstrip(".,;:!?)")
        inside_version = any(start <= match.start() < end for start, end in versions)
        if number.upper() in ours.KNOWN_ABBREVIATIONS or number.lower() in named or inside_version:
            continue
        end = match.start() + len(number)
        why = f"“{number}” is a number to reach; an objective says where to go, key results say how far."
        rewrite = "Leave it out here and put it into a key result: “from <baseline> to <target>”."
        yield _finding("no_digits", text, match.start(), end, why, rewrite)


def _name_findings(
    text: str, words: Sequence[Word], kinds: Collection[str], company_words: Collection[str]
) -> Iterator[Finding]:
    spans = {match.span() for match in _VERSION.finditer(text)}
    for phrase in company_words:
        if phrase.strip():
            spans |= {m.span() for m in re.finditer(rf"(?<!\w){re.escape(phrase.strip())}(?!\w)", text, re.IGNORECASE)}
    named = {part.lower() for kind in kinds for part in kind.split()}
    capitals = sum(word.text[0].isupper() for word in words) > len(words) / 2
    for index, word in enumerate(words):
        if word.lower not in named and _is_internal(words, index, capitals):
            begin = words[index - 1] if index and words[index - 1].text in ours.UNDERTAKINGS else word
            spans.add((begin.start, word.end))
    for start, end in sorted(spans):
        why = f"“{text[start:end]}” is a name customers do not use."
        yield _finding("no_internal_names", text, start, end, why, "Say what it does for them in words they would use.")


def _is_internal(words: Sequence[Word], index: int, capitals: bool) -> bool:
    word = words[index]
    parts = word.text.replace("’", "'").removesuffix("'s").split("-")
    if index and words[index - 1].text in ours.UNDERTAKINGS and word.text[0].isupper():
        return True
    if index and not capitals and word.text in ours.TOOLS_THAT_ARE_WORDS:
        return True
    return any(_is_internal_part(part, capitals) for part in parts)


def _is_internal_part(part: str, capitals: bool) -> bool:
    if (part.upper() in ours.KNOWN_ABBREVIATIONS and part.isupper()) or part in ours.OWN_BRANDS:
        return False
    if part.lower() in ours.TOOLS | ours.INTERNAL_ABBREVIATIONS:
        return True
    if not capitals and re.fullmatch(r"[A-Z]{2,}s?", part) and part.upper() not in ours.KNOWN_ABBREVIATIONS:
        return True
    return bool(re.fullmatch(r"[a-z]+[A-Z]\w*|[A-Z][a-z]+[A-Z]\w*", part))


def _empty_findings(text: str) -> Iterator[Finding]:
    for start, end in empty_spans(text):
        why = f"“{text[start:end]}” could stand in any sentence of any company: nobody could tell whether it came true."
        yield _finding("plain_words", text, start, end, why, "Say what a customer would notice on a Tuesday morning.")


def _length_findings(text: str, words: Sequence[Word]) -> Iterator[Finding]:
    if FEWEST_WORDS <= len(words) <= MOST_WORDS:
        return
    if len(words) < FEWEST_WORDS:
        why = f"{counted(len(words), 'word')} leave open for whom and what changes."
        rewrite = "Complete it: “<kind of customer> <what they can do, get or feel>”."
        yield _finding("length", text, words[0].start, words[-1].end, why, rewrite)
        return
    why = f"{len(words)} words: nobody will repeat it from memory."
    rewrite = f"Keep one promise in {MOST_WORDS} words; the rest may become key results."
    yield _finding("length", text, words[MOST_WORDS].start, words[-1].end, why, rewrite)
