"""Words and pairs of words that promoters and detractors use unlike one another. Which words say nothing is given."""

from collections import Counter
from collections.abc import Container, Iterable
from dataclasses import dataclass

import numpy as np

from kviboard.domain.kvis.intervals import Z

LEAST_COMMENTS = 5
_PRIOR_WORDS = 500.0  # as many words as the prior weighs
_ONLY_IN_PAIR = 0.75  # of the comments with a word: from here on the pair says it all
BANDS = ("promoter", "passive", "detractor")


@dataclass(frozen=True)
class Theme:
    """A word or pair, the comments of each band with it, and z: above 0 where promoters use it more."""

    words: str
    promoters: int
    passives: int
    detractors: int
    z: float

    @property
    def comments(self) -> int:
        return self.promoters + self.passives + self.detractors


def find_themes(comments: Iterable[tuple[str, str]], stop_words: Container[str]) -> tuple[list[Theme], int]:
    """Themes from (band, words) of each comment, the strongest first, and how many words and pairs were compared.

    `words` has a blank around each word and " . " where a clause ends. A comment counts once for each of its terms.
    Log-odds ratio with an informative Dirichlet prior, whose proportions are those of all comments: B. L. Monroe, M. P.
    Colaresi, K. M. Quinn, Fightin' Words, Political Analysis 16 (2008) 372-403, equations 16, 20 and 22.
    """
    counts: dict[str, Counter[str]] = {band: Counter() for band in BANDS}
    for band, words in comments:
        counts[band].update(terms_of(words, stop_words))
    total = counts["promoter"] + counts["passive"] + counts["detractor"]
    known = [term for term, count in total.items() if count >= LEAST_COMMENTS]
    z = log_odds(
        np.array([counts["promoter"][term] for term in known], dtype=float),
        np.array([counts["detractor"][term] for term in known], dtype=float),
        np.array([total[term] for term in known], dtype=float),
        (counts["promoter"].total(), counts["detractor"].total(), total.total()),
    )
    found = [
        Theme(term, counts["promoter"][term], counts["passive"][term], counts["detractor"][term], float(score))
        for term, score in zip(known, z, strict=True)
        if abs(score) >= Z
    ]
    return sorted(_without_halves(found), key=lambda theme: (-abs(theme.z), theme.words)), len(known)


def log_odds(ours: np.ndarray, theirs: np.ndarray, both: np.ndarray, totals: tuple[int, int, int]) -> np.ndarray:
    """z of each term from its counts in two groups and in all; `totals` are the counts of all terms in the same."""
    our_total, their_total, total = totals
    prior = _PRIOR_WORDS * both / max(total, 1)
    with np.errstate(divide="ignore", invalid="ignore"):
        odds = np.log((ours + prior) / (our_total + _PRIOR_WORDS - ours - prior))
        other_odds = np.log((theirs + prior) / (their_total + _PRIOR_WORDS - theirs - prior))
        return np.asarray((odds - other_odds) / np.sqrt(1 / (ours + prior) + 1 / (theirs + prior)))


def terms_of(words: str, stop_words: Container[str]) -> set[str]:
    """The words of a comment that say something, and pairs of such words that stand side by side."""
    found, before = set(), ""
    for word in words.split():
        says = len(word) > 1 and not word.isdigit() and word not in stop_words and word.strip("'.") != ""
        if says:
            found.add(word)
            if before:
                found.add(f"{before} {word}")
        before = word if says else ""
    return found


def _without_halves(found: list[Theme]) -> list[Theme]:
    """Words that hardly occur but in a pair that is there, too, are left to the pair."""
    pairs = [theme for theme in found if " " in theme.words]
    most: Counter[str] = Counter()
    for pair in pairs:
        for word in pair.words.split():
            most[word] = max(most[word], pair.comments)
    return [theme for theme in found if " " in theme.words or most[theme.words] < _ONLY_IN_PAIR * theme.comments]
