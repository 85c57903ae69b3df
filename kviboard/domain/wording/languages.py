"""What the coach knows of a language: its words for customers, for ourselves and for shipping, what says nothing in it,
how its stories begin and how its sentences are rewritten.

Pure: the words come from files that `board.wording` reads. A language without a file is not judged.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from kviboard.domain.wording.subject import Word, split_words

FEWEST_KNOWN = 2  # words of a language that make a text one of it
FEWEST_SHARE = 0.25  # of its words: "en", "de" and "i" are words in half of Europe
_NONE: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Language:
    """One language. The story's parts are regular expressions: what stands before role, wish and benefit.

    What stands from `endings` on is for the rules of `listed`; English has rules of its own and leaves it out.
    `empty` has words that say nothing as regular expressions, each with what may stand in their place; "" is nothing.
    """

    code: str
    name: str
    customers: frozenset[str]
    ourselves: frozenset[str]
    ships: frozenset[str]
    common: frozenset[str]
    role: str
    want: str
    benefit: str
    empty: Mapping[str, str]
    can: str  # "{who} can …"
    someone: str  # "Customers"
    measure: str  # "Share of customers who …"
    customer: str  # "As a customer", the beginning of a story
    so_that: str  # ", so that …"
    ties: tuple[str, ...]  # prepositions that go with what a rewrite takes away: within 5 days
    units: tuple[str, ...]  # what a number counts: days
    links: tuple[str, ...]  # what ties a share to its whole: 90 % of the
    and_word: str
    endings: tuple[str, ...] = ()  # of words for customers: Geschäftskunden
    somebody: frozenset[str] = _NONE  # everyone, whoever: customers unless our own house follows
    quantities: frozenset[str] = _NONE  # half, most: before "of customers"
    of: frozenset[str] = _NONE  # what links a quantity with its customers
    articles: frozenset[str] = _NONE
    modifiers: tuple[str, ...] = ()  # endings of words that may describe a customer
    stops: frozenset[str] = _NONE  # prepositions, auxiliaries: no customer's description goes on over them
    fronts: frozenset[str] = _NONE  # what may open a sentence before its subject
    modals: frozenset[str] = _NONE  # with one of them an infinitive at the end is the customer's
    tasks: frozenset[str] = _NONE  # what tells ourselves what to do, besides shipping
    moves: frozenset[str] = _NONE  # tasks after or before which a measure stands: increase the share
    we: frozenset[str] = _NONE
    our: frozenset[str] = _NONE
    their: frozenset[str] = _NONE
    new: frozenset[str] = _NONE
    things: tuple[str, ...] = ()  # what teams ship, alone or as the end of a compound
    events: tuple[str, ...] = ()  # launch, migration, alone or as the end of a compound
    activities: tuple[str, ...] = ()  # workshops, interviews: whatever is done with them is a task
    doings: frozenset[str] = _NONE  # what only people do: who opens a sentence with it is taken for a customer
    moved: frozenset[str] = _NONE  # migrated, switched over
    gains: tuple[str, ...] = ()  # revenue, margin, as the beginning of a word
    inside: frozenset[str] = _NONE  # what makes somebody one of us: everyone in the company
    has_capital_nouns: bool = False
    has_verbs_last: bool = False  # what is to be done stands at the end: "Neue App einführen"

    @cached_property
    def story(self) -> re.Pattern[str]:
        """A whole user story; the benefit may be missing."""
        head = rf"^\W*{self.role}(?P<role>.+?){self.want}"
        return re.compile(rf"{head}(?P<want>.+?)(?:{self.benefit}(?P<benefit>.+?))?\W*$", re.IGNORECASE | re.DOTALL)

    @cached_property
    def _own(self) -> frozenset[str]:
        return self.common | self.customers | self.ourselves | self.ships | self.stops | self.articles

    @cached_property
    def _empty(self) -> re.Pattern[str]:
        return re.compile(rf"(?<![\w-])(?:{'|'.join(self.empty)})(?![\w-])", re.IGNORECASE)

    def knows(self, word: Word) -> bool:
        """Whether a word is one of the language and no name: in a language whose nouns have capitals, and in mixed ones
        as KundInnen."""
        return (self.has_capital_nouns and word.lower in self._own) or word.text.endswith("Innen")

    def share_of(self, text: str) -> int:
        """How many of a text's words are known in this language."""
        return sum(word.lower in self._own for word in split_words(text))

    def names(self, words: Collection[str], text: str) -> str:
        """The first word of a text that is one of `words`, as typed; empty where none is."""
        return next((word.text for word in split_words(text) if word.lower in words), "")

    def empty_spans(self, text: str) -> Iterator[tuple[int, int]]:
        """Where words stand that say nothing."""
        for match in self._empty.finditer(text):
            yield match.span()

    def instead_of(self, empty: str) -> str:
        """What may stand in the place of such words."""
        return next((to for word, to in self.empty.items() if re.fullmatch(word, empty, re.IGNORECASE)), "")


def language_of(text: str, languages: Sequence[Language]) -> Language | None:
    """The language a text is written in; None where it is none of these. A story's form decides before its words."""
    fitting = [language for language in languages if language.story.match(text)]
    best = max(fitting or languages, key=lambda language: language.share_of(text), default=None)
    fewest = max(FEWEST_KNOWN, FEWEST_SHARE * len(split_words(text)))
    if best is None or (not fitting and best.share_of(text) < fewest):
        return None
    return best


def spoken_in(text: str, own: Language, languages: Sequence[Language]) -> Language:
    """The language of a text where it is clearly another than one's `own`."""
    best = max(languages, key=lambda language: language.share_of(text))
    return best if best.share_of(text) >= own.share_of(text) + FEWEST_KNOWN else own
