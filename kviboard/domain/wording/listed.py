"""The rules of the coach for languages that are known by lists of words: Dutch, German, Danish and whatever has a file.

These languages put the subject first or, behind an opening phrase, after the verb; their nouns are compounds, so words
are known by their endings; and what we set out to do stands as an infinitive at the end, or at the beginning.
"""

from collections.abc import Collection, Iterator, Sequence

from kviboard.domain.wording.findings import Finding, Span, finding, outermost
from kviboard.domain.wording.languages import Language
from kviboard.domain.wording.subject import Word

_BEFORE_CUSTOMER = 5  # words that may describe a customer: "die meisten unserer treuesten alten"
_BETWEEN = 2  # words between "new" and what is new
_NEAR = 6  # words between "we" and what we ship
_SHORTEST = 4  # letters of an ending that makes a compound


def listed_findings(language: Language, text: str, words: Sequence[Word], kinds: Collection[str]) -> Iterator[Finding]:
    """What these rules find in an objective."""
    customer = _subject(words, language, kinds)
    if customer is None:
        start, end = words[0].start, words[min(_opening(words, language), len(words) - 1)].end
        why = f"The sentence is about “{text[start:end]}”, not about the customer."
        pattern = language.can.format(who=language.someone)
        yield finding("customer_is_subject", text, start, end, why, f"Start with who gains: “{pattern}”.")
    for start, end in _shipping(words, language, customer):
        why = f"“{text[start:end]}” is what we ship; it can ship and change nothing for customers."
        yield finding("outcome_for_them", text, start, end, why, _outcome(language))
    for start, end in _gains(words, language):
        why = f"“{text[start:end]}” is what we gain; customers have nothing from it."
        yield finding("outcome_for_them", text, start, end, why, _outcome(language))


def listed_task(words: Sequence[Word], language: Language) -> Span | None:
    """The span of a key result that is a task: what we do opens it or ends it. None where it is a measure."""
    first, last = words[0], words[-1]
    is_activity = any(_ends(word.lower, language.activities) for word in words)
    if not is_activity and (first.lower in language.moves or last.lower in language.moves):
        return None
    does = language.tasks | language.ships | language.moves
    for word in (first, *(words[1:2] if language.has_verbs_last else ()), last):
        if word.lower in (does if word is first or language.has_verbs_last else language.ships):
            return word.start, word.end
    return (first.start, first.end) if _ends(first.lower, language.events) else None


def listed_who(text: str, words: Sequence[Word], language: Language, kinds: Collection[str] = ()) -> str:
    """The customer that a text names, with what describes them."""
    place = _subject(words, language, kinds)
    if place is None:
        place = next((at for at, _ in enumerate(words) if _is_customer(words, at, language, kinds)), None)
    if place is None or words[place].lower in language.somebody:
        return ""
    first = place
    while (
        first and words[first - 1].lower.endswith(language.modifiers) and not _ends_phrase(words[first - 1], language)
    ):
        first -= 1
        if words[first].lower in language.articles:
            first += 1
            break
    return text[words[first].start : words[place].end]


def _subject(words: Sequence[Word], language: Language, kinds: Collection[str]) -> int | None:
    """The place of the customer as the subject; None where it is somebody or something else."""
    place = _opens(words, language, kinds)
    if place is None:
        place = _acts_like_people(words, language)
    if place is None and words[0].lower in language.fronts:
        place = _after_verb(words, language, kinds)
    if place is None:
        return None
    lower = [word.lower for word in words]
    does = language.tasks | language.ships | language.moves
    is_ours = language.has_verbs_last and lower[-1] in does and lower[-1].endswith("n")  # an infinitive, no participle
    return None if is_ours and not set(lower) & language.modals and len(words) > 1 else place


def _opens(words: Sequence[Word], language: Language, kinds: Collection[str]) -> int | None:
    """The place of the customer that the sentence opens with."""
    described = False
    for place, word in enumerate(words[: _BEFORE_CUSTOMER + 1]):
        lower = word.lower
        if _is_customer(words, place, language, kinds):
            return place
        if lower in language.quantities or lower[0].isdigit():
            described = False
        elif lower in language.articles | language.of | language.our:
            if described:
                return None
        elif _ends_phrase(word, language) or not _describes(word, place, language):
            return None
        else:
            described = True
    return None


def _acts_like_people(words: Sequence[Word], language: Language) -> int | None:
    """The place of an unknown word that opens the sentence and does what only people do: midwives find."""
    place = 1 if words[0].lower in language.articles | language.our and len(words) > 1 else 0
    if _ends_phrase(words[place], language) or words[place].lower in language.fronts or place + 1 >= len(words):
        return None
    return place if words[place + 1].lower in language.doings else None


def _after_verb(words: Sequence[Word], language: Language, kinds: Collection[str]) -> int | None:
    """The place of the customer behind an opening phrase, where none of us comes before and nothing governs them."""
    for place, word in enumerate(words):
        if word.lower in language.we:
            return None
        if place and _is_customer(words, place, language, kinds) and not _is_governed(words, place, language):
            return place
    return None


def _is_governed(words: Sequence[Word], place: int, language: Language) -> bool:
    """Whether a preposition stands before the customer and what describes them: for our customers."""
    before = place - 1
    while before >= 0 and (words[before].lower in language.articles | language.our):
        before -= 1
    if before >= 0 and words[before].lower not in language.stops and words[before].lower.endswith(language.modifiers):
        before -= bool(before and words[before - 1].lower in language.stops)
    return before >= 0 and words[before].lower in (language.stops & language.fronts) | language.of


def _is_customer(words: Sequence[Word], place: int, language: Language, kinds: Collection[str]) -> bool:
    word = words[place].lower
    if any(_stands_at(words, place, kind) for kind in kinds):
        return True
    if word in language.ourselves:
        return False
    following = words[place + 1].lower if place + 1 < len(words) else ""
    if word in language.somebody or f"{word}_{following}" in language.somebody:
        after = {later.lower for later in words[place + 1 : place + 6]}
        return not after & (language.inside | language.our)
    return word in language.customers or _ends(word, language.endings)


def _stands_at(words: Sequence[Word], place: int, kind: str) -> bool:
    parts = kind.lower().split()
    begin = place - len(parts) + 1
    return bool(parts) and begin >= 0 and [word.lower for word in words[begin : place + 1]] == parts


def _describes(word: Word, place: int, language: Language) -> bool:
    """Whether a word may describe a customer: an adjective, by its ending; a noun with a capital does not."""
    if not word.lower.endswith(language.modifiers) and word.lower not in language.common:
        return False
    if language.has_capital_nouns and word.text[0].isupper():
        return place == 0
    return word.lower not in language.tasks | language.ships


def _ends_phrase(word: Word, language: Language) -> bool:
    known = language.stops | language.ourselves | language.we | language.tasks | language.ships
    return word.lower in known or _ends(word.lower, language.things) or _ends(word.lower, language.events)


def _opening(words: Sequence[Word], language: Language) -> int:
    """The place of the last word of what the sentence is about: up to three words, none of them behind a verb."""
    for place in range(1, min(3, len(words))):
        if words[place].lower in language.stops:
            return place - 1
    return min(2, len(words) - 1)


def _shipping(words: Sequence[Word], language: Language, customer: int | None) -> list[Span]:
    """Spans that say what we ship."""
    spans = []
    lower = [word.lower for word in words]
    for place, word in enumerate(words):
        near = set(lower[max(0, place - _NEAR) : place])
        ours = customer is None or bool(near & language.we)
        if lower[place] in language.ships and ours:
            spans.append((word.start, word.end))
        if _ends(lower[place], language.events) and not near & language.their:
            spans.append((word.start, word.end))
        if lower[place] in language.moved and lower[0] not in language.quantities | {
            "kein",
            "geen",
            "ingen",
            "niemand",
        }:
            spans.append((word.start, word.end))
        if _ends(lower[place], language.things):
            spans += _new_thing(words, place, language)
    return outermost(spans)


def _new_thing(words: Sequence[Word], place: int, language: Language) -> list[Span]:
    """The span of a thing of ours, or a new one that is not the customer's own."""
    first = max(0, place - _BETWEEN - 1)
    before = [word.lower for word in words[first:place]]
    if set(before) & language.their:
        return []
    named = [at for at, word in enumerate(before) if word in language.our | language.new]
    return [(words[first + named[0]].start, words[place].end)] if named else []


def _gains(words: Sequence[Word], language: Language) -> list[Span]:
    lower = [word.lower for word in words]
    return [
        (word.start, word.end)
        for place, word in enumerate(words)
        if lower[place].startswith(language.gains) and not set(lower[max(0, place - 2) : place]) & language.their
    ]


def _outcome(language: Language) -> str:
    return f"Say what becomes possible: “{language.can.format(who=language.someone)}”."


def _ends(word: str, endings: tuple[str, ...]) -> bool:
    """Whether a word is one of these, or a compound that ends with one."""
    return word in endings or any(
        len(ending) >= _SHORTEST and word.endswith(ending) and len(word) > len(ending) + 1 for ending in endings
    )
