"""A rewrite of what the coach has found fault with, to be put in the place of the text by one click.

It takes away what should not be there and asks for the rest with “…”, which only the writer can fill: no number and no
fact is invented. It is made of the writer's own words and of the few that the language's file begins a sentence with.
"""

import re
from collections.abc import Callable, Collection, Sequence, Set

from kviboard.domain.wording.coach import SENTENCE_END, customer_in, own_sentence_in
from kviboard.domain.wording.findings import FEWEST_WORDS, MOST_WORDS, OPEN, Finding
from kviboard.domain.wording.languages import Language
from kviboard.domain.wording.subject import split_words

Coach = Callable[[str], Sequence[Finding]]

_WHO_OR_WHAT = frozenset({"customer_is_subject", "outcome_for_them"})
_TAKEN_AWAY = frozenset({"no_digits", "no_internal_names", "plain_words"})


def rewrite_sentence(text: str, language: Language, coach: Coach, kinds: Collection[str] = ()) -> str:
    """An objective, goal or vision as it might be said; empty where nothing is found or only the writer can mend it."""
    found = coach(text)
    if not {each.rule for each in found} - {"nothing_left_open"}:
        return ""
    new = _first_sentence(text, found, coach)
    new = own_sentence_in(new, language) or new
    new = _without(new, [each for each in coach(new) if each.rule in _TAKEN_AWAY], language)
    rules = {each.rule for each in coach(new)}
    if rules & _WHO_OR_WHAT:
        who = _bare(customer_in(new, language, kinds) or customer_in(text, language, kinds), language)
        many = language.someone if not who or _is_one(who, language) else who
        new = language.can.format(who=_capital(many))
    elif "length" in rules:
        new = _fitting(new)
    return new if new != text else ""


def rewrite_key_result(title: str, language: Language, coach: Coach) -> str:
    """A key result that is a task as the beginning of a measure; empty where it is a measure already."""
    task = [each for each in coach(title) if each.rule == "measure_not_task" and each.quote != title.strip()]
    empty = [each for each in coach(title) if each.rule == "plain_words"]
    if task or (len(split_words(title)) == 1 and any(each.rule == "measure_not_task" for each in coach(title))):
        return language.measure
    return _without(title, empty, language) if empty else ""


def rewrite_story(text: str, rules: Set[str], language: Language) -> str:
    """A story as a customer might tell it; empty where nothing is found."""
    plain = " ".join(text.split())
    story = language.story.match(plain)
    if story is None:
        return f"{language.customer}, {OPEN}{language.so_that}" if "is_a_story" in rules else ""
    new = plain if "for_a_customer" not in rules else f"{language.customer}{plain[story.end('role') :]}"
    if rules & {"says_the_benefit", "benefit_is_theirs"}:
        again = language.story.match(new)
        new = f"{new[: again.end('want')]}{language.so_that}" if again else new
    new = _replaced(
        new, [(start, end, language.instead_of(new[start:end])) for start, end in language.empty_spans(new)]
    )
    return new if new != plain else ""


def _first_sentence(text: str, found: Sequence[Finding], coach: Coach) -> str:
    """The first sentence with nothing against it, else the first, of a text that should be one."""
    if not any(each.rule == "one_sentence" for each in found):
        return text
    parts = [part.strip() for part in SENTENCE_END.split(text)]
    return next((part for part in parts if not coach(part)), parts[0])


def _without(text: str, found: Sequence[Finding], language: Language) -> str:
    """The text without what should not be in it: numbers with what ties them to the rest, names, empty words."""
    spans = []
    for each in found:
        start, end, to = each.start, each.end, ""
        if each.rule == "plain_words":
            to = language.instead_of(each.quote)
        else:
            unit = re.match(rf"\s*(?:{_any(language.units)})\b", text[end:], re.IGNORECASE)
            end += len(unit[0]) if unit and each.rule == "no_digits" else 0
            of = re.match(rf"\s*(?:{_any(language.links)})\s+", text[end:], re.IGNORECASE)
            end += len(of[0]) if of and not text[:start].strip() else 0
            tied = re.search(rf"\s+(?:{_any(language.ties)})$", text[:start].rstrip(), re.IGNORECASE)
            start = tied.start() if tied else start
            to = OPEN if each.rule == "no_internal_names" and not tied else ""
        spans.append((start, end, to))
    return _replaced(text, _joined(text, sorted(spans), language))


def _joined(text: str, spans: Sequence[tuple[int, int, str]], language: Language) -> list[tuple[int, int, str]]:
    """The spans, with the "and" between two that are taken away."""
    joined: list[tuple[int, int, str]] = []
    for start, end, to in spans:
        between = text[joined[-1][1] : start].strip(" ,") if joined else ""
        if joined and not joined[-1][2] and not to and between in ("", language.and_word):
            joined[-1] = (joined[-1][0], end, "")
        else:
            joined.append((start, end, to))
    return joined


def _replaced(text: str, spans: Sequence[tuple[int, int, str]]) -> str:
    """The text with other words at these places, and blanks, articles and capitals as they belong."""
    new, done = "", 0
    for start, end, to in sorted(spans):
        if start < done:
            continue
        new += text[done:start] + to
        done = end
        if not to:
            new = _with_article(new, text[done:].lstrip())
    new += text[done:]
    new = re.sub(r"\s+([,.;:!?])", r"\1", " ".join(new.split()))
    new = re.sub(rf"{OPEN}(?:\s*{OPEN})+", OPEN, re.sub(r"^[,;:]\s*", "", new))
    return _capital(new) if text[:1].isupper() or (spans and min(spans)[0] == 0) else new


def _with_article(before: str, after: str) -> str:
    """ "a seamless offer" without the word between needs "an"."""
    match = re.search(r"\b(an?)\s+$", before, re.IGNORECASE)
    if not match or not after:
        return before
    right = "an" if after[0].lower() in "aeiou" else "a"
    return f"{before[: match.start(1)]}{right.capitalize() if match[1][0].isupper() else right} "


def _fitting(text: str) -> str:
    """A text that is too short, asked to go on; of one that is too long, what stands before the last break in time."""
    words = split_words(text)
    if len(words) < FEWEST_WORDS:
        return text if OPEN in text else f"{text.rstrip('.!? ')} {OPEN}"
    breaks = [match.start() for match in re.finditer(r"[,;:]\s", text) if match.start() < words[MOST_WORDS].start]
    fits = [place for place in breaks if len(split_words(text[:place])) >= FEWEST_WORDS]
    return text[: fits[-1]] if fits else text


def _bare(who: str, language: Language) -> str:
    """The customer without what cannot stand in every place: our, an article in another case."""
    words = who.split()
    while len(words) > 1 and words[0].lower() in language.our | language.of | language.quantities | {"the"}:
        words = words[1:]
    return " ".join(words)


def _is_one(who: str, language: Language) -> bool:
    """Whether this is a single customer, of whom "können" and "kunnen" cannot be said. English says "can" of both."""
    last = who.split()[-1].lower()
    return bool(language.endings) and last in language.customers - frozenset(language.endings)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _any(words: Sequence[str]) -> str:
    """A pattern for any of these words, the longest first; an underscore is a blank."""
    return "|".join(re.escape(word).replace("_", r"\s+") for word in sorted(words, key=len, reverse=True))
