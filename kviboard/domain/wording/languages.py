"""What the coach knows of a language: its words for customers, for ourselves and for shipping, and how stories begin.

Pure: the words come from files that `board.wording` reads. A language without a file is not judged.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property

from kviboard.domain.wording.subject import split_words

FEWEST_KNOWN = 2  # words of a language that make a text one of it


@dataclass(frozen=True)
class Language:
    """One language. The story's parts are regular expressions: what stands before role, wish and benefit."""

    code: str
    name: str
    customers: frozenset[str]
    ourselves: frozenset[str]
    ships: frozenset[str]
    common: frozenset[str]
    role: str
    want: str
    benefit: str

    @cached_property
    def story(self) -> re.Pattern[str]:
        """A whole user story; the benefit may be missing."""
        head = rf"^\W*{self.role}(?P<role>.+?){self.want}"
        return re.compile(rf"{head}(?P<want>.+?)(?:{self.benefit}(?P<benefit>.+?))?\W*$", re.IGNORECASE | re.DOTALL)

    @cached_property
    def _own(self) -> frozenset[str]:
        return self.common | self.customers | self.ourselves | self.ships

    def share_of(self, text: str) -> int:
        """How many of a text's words are known in this language."""
        return sum(word.lower in self._own for word in split_words(text))

    def names(self, words: Collection[str], text: str) -> str:
        """The first word of a text that is one of `words`, as typed; empty where none is."""
        return next((word.text for word in split_words(text) if word.lower in words), "")


def language_of(text: str, languages: Sequence[Language]) -> Language | None:
    """The language a text is written in; None where it is none of these. A story's form decides before its words."""
    fitting = [language for language in languages if language.story.match(text)]
    best = max(fitting or languages, key=lambda language: language.share_of(text), default=None)
    if best is None or (not fitting and best.share_of(text) < FEWEST_KNOWN):
        return None
    return best
