"""What the coach finds, and the rules that read letters rather than grammar: the same in every language.

Digits, names nobody outside knows, words that say nothing, length, and what is left open.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from kviboard.domain.formatting import counted
from kviboard.domain.wording import lexicon as ours
from kviboard.domain.wording.languages import Language
from kviboard.domain.wording.subject import Word

Span = tuple[int, int]
"""The first character of a part of a text, and the one behind it."""

FEWEST_WORDS, MOST_WORDS = 4, 18
OPEN = "…"


@dataclass(frozen=True)
class Finding:
    """What one rule has to say: the words as typed (text[start:end]), why, and a pattern to rewrite them."""

    rule: str
    quote: str
    start: int
    end: int
    explanation: str
    rewrite: str


def finding(rule: str, text: str, start: int, end: int, explanation: str, rewrite: str) -> Finding:
    """A finding about a span of the text."""
    return Finding(rule, text[start:end], start, end, explanation, rewrite)


def outermost(spans: Iterable[Span]) -> list[Span]:
    """Spans in order, without those that lie within another."""
    unique = sorted(set(spans))
    return [span for span in unique if not any(a <= span[0] and span[1] <= b and (a, b) != span for a, b in unique)]


def shared_findings(text: str, words: Sequence[Word], language: Language, kinds: Collection[str]) -> Iterator[Finding]:
    """All that these rules find."""
    yield from digit_findings(text, kinds)
    yield from _name_findings(text, words, language, kinds)
    yield from empty_findings(text, language)
    yield from open_findings(text)
    yield from _length_findings(text, words)


_VERSION = re.compile(r"\b(?:version|release|v)\s?\d+(?:\.\d+)*\b", re.IGNORECASE)
_PER_CENT = r"(?:per\s?cent|percent|procent|prozent)"
_NUMBER = re.compile(rf"\b\S*\d\S*(?:\s?%|\s{_PER_CENT})?|\b(?:\w+\s)?{_PER_CENT}\b|\d+", re.IGNORECASE)


def digit_findings(text: str, kinds: Collection[str]) -> Iterator[Finding]:
    """Numbers, unless they are part of a version or of a name that customers use."""
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
        yield finding("no_digits", text, match.start(), end, why, rewrite)


def _name_findings(text: str, words: Sequence[Word], language: Language, kinds: Collection[str]) -> Iterator[Finding]:
    spans = {match.span() for match in _VERSION.finditer(text)}
    named = {part.lower() for kind in kinds for part in kind.split()}
    capitals = sum(word.text[0].isupper() for word in words) > len(words) / 2 and not language.has_capital_nouns
    for index, word in enumerate(words):
        if word.lower not in named and not language.knows(word) and _is_internal(words, index, capitals):
            begin = words[index - 1] if index and words[index - 1].text in ours.UNDERTAKINGS else word
            spans.add((begin.start, word.end))
    for start, end in sorted(spans):
        why = f"“{text[start:end]}” is a name customers do not use."
        yield finding("no_internal_names", text, start, end, why, "Say what it does for them in words they would use.")


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


def empty_findings(text: str, language: Language) -> Iterator[Finding]:
    """Words that sound good and say nothing."""
    for start, end in language.empty_spans(text):
        why = f"“{text[start:end]}” could stand in any sentence of any company: nobody could tell whether it came true."
        yield finding("plain_words", text, start, end, why, "Say what a customer would notice on a Tuesday morning.")


_OPEN = re.compile(r"…|\.{3}|<[^<>]*>")


def open_findings(text: str) -> Iterator[Finding]:
    """Places that only the writer can fill."""
    for match in _OPEN.finditer(text):
        why = f"“{match[0]}” is still open."
        yield finding("nothing_left_open", text, *match.span(), why, "Fill it in: only you know it.")


def _length_findings(text: str, words: Sequence[Word]) -> Iterator[Finding]:
    if FEWEST_WORDS <= len(words) <= MOST_WORDS:
        return
    if len(words) < FEWEST_WORDS:
        why = f"{counted(len(words), 'word')} leave open for whom and what changes."
        rewrite = "Complete it: “<kind of customer> <what they can do, get or feel>”."
        yield finding("length", text, words[0].start, words[-1].end, why, rewrite)
        return
    why = f"{len(words)} words: nobody will repeat it from memory."
    rewrite = f"Keep one promise in {MOST_WORDS} words; the rest may become key results."
    yield finding("length", text, words[MOST_WORDS].start, words[-1].end, why, rewrite)
