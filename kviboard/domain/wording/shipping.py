"""Where a sentence says what we ship or gain, in place of what customers can do, get or feel.

A customer may build, launch and migrate; only our own shipping is found. What to say about it belongs to `coach`.
"""

import re
from collections.abc import Iterable, Sequence

from kviboard.domain.wording import lexicon as ours
from kviboard.domain.wording.findings import Span, outermost
from kviboard.domain.wording.subject import Word, subject_start


def _forms(verb: str) -> set[str]:
    """The verb with its inflections: launch, launches, launched, launching."""
    irregular = ours.IRREGULAR.get(verb)
    if irregular:
        return {verb, *irregular.split()}
    stem = verb.removesuffix("e")
    plural = f"{verb}es" if verb.endswith(("sh", "ch", "x", "s")) else f"{verb}s"
    past = f"{stem}ed"
    if verb.endswith("y") and verb[-2] not in "aeiou":
        plural, past = f"{verb[:-1]}ies", f"{verb[:-1]}ied"
    return {verb, plural, past, f"{stem}ing"}


SHIP_FORMS = frozenset(form for verb in ours.SHIP_VERBS for form in _forms(verb))
_PHRASES = {(form, phrase.split()[1]) for phrase in ours.SHIP_PHRASES for form in _forms(phrase.split()[0])}


def _alternatives(words: Iterable[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


_GAP = r"(?:(?!to\b|and\b|can\b)[\w’'-]+\s+){0,2}?"
_WE_SHIP = re.compile(rf"\bwe\s+{_GAP}(?:{_alternatives(SHIP_FORMS)})\b", re.IGNORECASE)
_NEW_THING = re.compile(
    rf"\b(?:(?:our\s+)?(?:{_alternatives(ours.NEW)})\s+(?:[\w-]+\s+){{0,2}}?(?:{_alternatives(ours.SHIPPED_NOUNS)})"
    rf"|our\s+new\s+[\w-]+|(?:{_alternatives(ours.REMADE)})\s+[\w-]+)\b",
    re.IGNORECASE,
)
_MOVED = re.compile(
    rf"\b(?:are|is|were|be|been|being|get|gets)\s+(?:\w+ly\s+)?(?:{_alternatives(ours.MOVED_BY_US)})\b", re.IGNORECASE
)
_VEHICLE = re.compile(
    rf"\b(?:(?:via|through|using)\s+(?:the|our|a)|(?:in|on|into|with)\s+our)\s+(?:[\w-]+\s+){{0,2}}?"
    rf"(?:{_alternatives(ours.VEHICLES)})\b",
    re.IGNORECASE,
)
_GOING_LIVE = re.compile(rf"\b(?:{_alternatives(ours.GOING_LIVE)})\b", re.IGNORECASE)
_SPENDING = re.compile(
    rf"\b(?:{_alternatives(ours.SPENDING)})\s+(?:\w+\s+)?more\s+(?:\w+\s+)?(?:{_alternatives(ours.SPENDING_MORE)})\b",
    re.IGNORECASE,
)
_NOBODY = ("no ", "nobody ", "none ")


def shipping_spans(text: str, words: Sequence[Word], customer: int | None) -> list[Span]:
    """Spans that say what we ship. `customer`: index of the customer as subject, as `customer_subject` found it."""
    spans = [match.span() for rule in (_WE_SHIP, _VEHICLE, _GOING_LIVE) for match in rule.finditer(text)]
    if customer is None:
        spans += _opening_span(text, words)
    if not text.lower().startswith(_NOBODY):
        spans += [match.span() for match in _MOVED.finditer(text)]
    spans += [match.span() for match in _NEW_THING.finditer(text) if not _made_by_customer(words, match.start())]
    spans += [(word.start, word.end) for index, word in enumerate(words) if _is_event(words, index)]
    return outermost(spans)


def _opening_span(text: str, words: Sequence[Word]) -> list[Span]:
    """The shipping verb the main clause opens with, or that follows "we", "our …", "the … team" as its subject."""
    start = subject_start(text, words)
    our_own = start < len(words) and (words[start].lower in {"our", "we"} or _is_team(words[start : start + 3]))
    for index in range(start, min(start + (4 if our_own else 1), len(words))):
        pair = (words[index].lower, words[index + 1].lower if index + 1 < len(words) else "")
        if pair in _PHRASES or f"{pair[0]} {pair[1]}" in ours.SHIP_PHRASES:
            return [(words[index].start, words[index + 1].end)]
        if pair[0] in SHIP_FORMS and (index > start or not our_own):
            return [(words[index].start, words[index].end)]
    return []


def _is_team(opening: Sequence[Word]) -> bool:
    return any(word.lower in {"team", "teams", "squad", "department"} for word in opening)


def _made_by_customer(words: Sequence[Word], start: int) -> bool:
    """Whether what is new is the customer's own: "open a new site", "their new app"."""
    before = [word.lower for word in words if word.end <= start][-2:]
    return "their" in before or any(word in SHIP_FORMS | {"open", "opens", "start", "starts"} for word in before)


def _is_event(words: Sequence[Word], index: int) -> bool:
    """Whether the word is a launch, a release, a migration of ours."""
    word = words[index].lower
    before = words[index - 1].lower if index else ""
    after = words[index + 1].lower if index + 1 < len(words) else ""
    if "their" in (before, after):
        return False
    if word in ours.EVENT_NOUNS:
        return True
    return word in ours.EVENT_OR_VERB and (after == "of" or before in ours.BEFORE_EVENT)


def gain_spans(text: str, words: Sequence[Word]) -> list[Span]:
    """Spans that say what we gain: revenue, conversion, customers who spend more with us."""
    spans = [
        (word.start, word.end)
        for index, word in enumerate(words)
        if word.lower in ours.GAINS and not {"their", "own"} & {w.lower for w in words[max(0, index - 2) : index]}
    ]
    for phrase in ours.GAIN_PHRASES:
        spans += [match.span() for match in re.finditer(rf"\b{phrase}\b", text, re.IGNORECASE)]
    spans += [match.span() for match in _SPENDING.finditer(text)]
    return outermost(spans)
