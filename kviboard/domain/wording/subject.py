"""Who is the subject of an objective: a customer, or somebody else? Words and their order, no grammar library.

The rules that use it and what they say to the writer belong to `coach`; the word lists to `lexicon`.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from kviboard.domain.wording import lexicon as ours
from kviboard.domain.wording import people

_WORD = re.compile(r"\d+(?:[.,]\d+)*|[^\W_]+(?:[’'./-][^\W_]+)*")
MODIFIERS_BEFORE_CUSTOMER = 3  # "small owner-led repair shops"
LOOK_AHEAD = 5  # words after "everyone" in which our own house may follow


@dataclass(frozen=True)
class Word:
    """One word as typed, with its span in the text."""

    text: str
    start: int
    end: int

    @property
    def lower(self) -> str:
        return self.text.lower().replace("’", "'")


def split_words(text: str) -> list[Word]:
    """The words of a text in order; numbers are words, punctuation is not."""
    return [Word(match[0], match.start(), match.end()) for match in _WORD.finditer(text)]


def subject_start(text: str, words: Sequence[Word]) -> int:
    """Index of the word the main clause starts with: behind "After a complaint, …" where the text opens like that."""
    comma = text.find(",")
    if not words or comma < 0 or words[0].lower not in people.FRONTING:
        return 0
    return next((index for index, word in enumerate(words) if word.start > comma), 0)


def is_task(word: str) -> bool:
    """Whether the word, as a sentence's first, tells ourselves what to do (plain or with -ing)."""
    if word in ours.NOT_TASKS:
        return False
    return word in ours.TASK_VERBS | ours.SHIP_VERBS or (word.endswith("ing") and bool(_stems(word) & _TASKS))


_TASKS = ours.TASK_VERBS | ours.SHIP_VERBS | {"roll"}


def _stems(word: str) -> set[str]:
    stem = word.removesuffix("ing")
    doubled = stem[:-1] if len(stem) > 2 and stem[-1] == stem[-2] else stem
    return {stem, stem + "e", doubled}


def customer_subject(text: str, words: Sequence[Word], kinds: Collection[str] = ()) -> int | None:
    """Index of the word that names the customer as the subject, or None. `kinds` are further names of customers."""
    start = subject_start(text, words)
    if start >= len(words) or (is_task(words[start].lower) and not _named(words, start, kinds)):
        return None
    modifiers = 0
    for index in range(start, len(words)):
        word = words[index].lower
        if _named(words, index, kinds) and _following(words, index) not in people.AFTER_CUSTOMER | ours.SHIPPED_NOUNS:
            return index
        if _names_customer(text, words, start, index):
            return None if _is_inside(words, start, index) else index
        if word in people.STARTERS or word[0].isdigit() or (word == "of" and _after_quantity(words, index)):
            if modifiers and word != "of" and word not in people.QUANTITIES and words[index - 1].lower != "of":
                return None
        elif word in people.QUANTITIES | {"and", "or"}:
            continue
        elif _ends_phrase(word) or modifiers >= MODIFIERS_BEFORE_CUSTOMER:
            return None
        else:
            modifiers += 1
    return None


def _after_quantity(words: Sequence[Word], index: int) -> bool:
    return index > 0 and (words[index - 1].lower in people.QUANTITIES or words[index - 1].text[0].isdigit())


def _ends_phrase(word: str) -> bool:
    """A word that cannot describe a customer: a preposition, an auxiliary, or a verb with -s."""
    if word in people.PREPOSITIONS or word in people.AUXILIARIES or word in people.INSIDE - people.DEPARTMENTS:
        return True
    return word.endswith("s") and not word.endswith(("ss", "us", "'s")) and word not in {"sports", "news", "sales"}


def _names_customer(text: str, words: Sequence[Word], start: int, index: int) -> bool:
    word, before = words[index].lower, [earlier.lower for earlier in words[start:index]]
    if text[words[index].end : words[index].end + 1] in {"'", "’"} or word.endswith("'s"):
        return False
    if word in people.SOMEBODY or is_plural_person(word) or (word in people.GROUPS and "the" in before):
        return True
    if any(earlier in people.SINGLE for earlier in before) and _is_single_person(word, _following(words, index)):
        return True
    if not _may_be_people(word):
        return False
    opens = all(earlier in people.STARTERS for earlier in before)
    return (opens and index + 1 < len(words)) or _acts_like_people(words, index)


def _following(words: Sequence[Word], index: int) -> str:
    return words[index + 1].lower if index + 1 < len(words) else ""


def _may_be_people(word: str) -> bool:
    """Whether an unknown word may be the plural of people: refugees, choirs, but no parcels and no deliveries."""
    if not word.endswith("s") or word.endswith(("ss", "us", "is")) or len(word) < 4:
        return False
    known = (
        people.NOT_PEOPLE
        | people.THINGS
        | people.INSIDE
        | people.AUXILIARIES
        | people.PREPOSITIONS
        | ours.SHIPPED_NOUNS
    )
    return word not in known and not word.endswith(people.THING_ENDINGS)


def _named(words: Sequence[Word], index: int, kinds: Collection[str]) -> bool:
    """Whether one of the given kinds of customers (one or more words each) ends at that word or stands there."""
    for kind in kinds:
        parts = kind.lower().split()
        begin = index - len(parts) + 1
        if parts and begin >= 0 and [word.lower for word in words[begin : index + 1]] == parts:
            return True
    return False


def is_plural_person(word: str) -> bool:
    """Whether a word names several people or organisations, by list or by its ending (beekeepers, musicians)."""
    if word in people.CUSTOMERS | people.KINDS_OF_CUSTOMERS:
        return True
    if word in people.NOT_PEOPLE | people.INSIDE or word.endswith("ments"):
        return False
    last_part = word.rsplit("-", 1)[-1]
    return last_part in people.CUSTOMERS | people.KINDS_OF_CUSTOMERS or (
        (len(word) > 5 and word.endswith(people.PERSON_ENDINGS)) or word in people.INSIDE_ALONE
    )


def _is_single_person(word: str, following: str) -> bool:
    """Whether a singular word names a person, by list, by ending, or by what it does (every apprentice finishes)."""
    if following in people.AFTER_CUSTOMER or f"{word}s" in people.NOT_PEOPLE | people.THINGS | ours.SHIPPED_NOUNS:
        return False
    plurals = {f"{word}s", f"{word[:-1]}ies", f"{word}es"}
    ending = len(word) > 4 and f"{word}s".endswith(("keepers", "eers", "ists", "ians"))
    does = {following.removesuffix("s"), following.removesuffix("es")} & people.WHAT_PEOPLE_DO
    acts = following.endswith("s") and bool(does) and word not in people.INSIDE
    return ending or acts or bool(plurals & (people.CUSTOMERS | people.KINDS_OF_CUSTOMERS))


def _acts_like_people(words: Sequence[Word], index: int) -> bool:
    """Whether what follows an unknown plural is something only people do: "apiaries find", "museums never reach"."""
    following = [word.lower for word in words[index + 1 : index + 4] if word.lower not in people.ADVERBS | {"can"}]
    return bool(following) and following[0] in people.WHAT_PEOPLE_DO


def _is_inside(words: Sequence[Word], start: int, index: int) -> bool:
    """Whether the people meant are our own: support agents, our shops, everyone in the company."""
    word, before = words[index].lower, {earlier.lower for earlier in words[start:index]}
    if word in people.INSIDE or ("our" in before and word not in people.CUSTOMERS):
        return True
    after = [later.lower for later in words[index + 1 : index + 1 + LOOK_AHEAD]]
    if before & (people.INSIDE_BEFORE | people.INSIDE) and word not in people.CUSTOMERS:
        return not (after and after[0] in {"at", "of", "in"} and any(is_plural_person(later) for later in after))
    if word in people.INSIDE_ALONE and not before - people.STARTERS:
        return True
    if word not in people.SOMEBODY or not after or after[0] not in {"in", "at", "on", "from", "within", "across"}:
        return False
    return bool(set(after) & (people.INSIDE | {"our"}))
