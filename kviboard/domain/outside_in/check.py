"""The ten questions of the outside-in check, and what a round of anonymous answers says, with how sure that is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import fmean, variance

import scipy  # loads its parts when they are used

QUESTIONS: dict[str, str] = {
    "leaders_close": "Our leaders meet customers themselves, and often.",
    "needs_ahead": "We notice what customers will need before they ask for it.",
    "surveys_used": "What customers say in surveys, comments included, changes what we do.",
    "feedback_invited": "We invite good and bad feedback and ideas, and make it easy to give them.",
    "claims_easy": "A customer who claims a warranty or a refund gets it without effort.",
    "whole_organisation": "Everybody here works on what customers get, not only those who talk with them.",
    "people_decisions": "Staff reviews, hiring and bonuses look at what customers get.",
    "common_language": "We share one idea of a very satisfied customer: one who gives us a 9 or a 10.",
    "clear_communication": "We are told clearly how customers see us.",
    "own_part": "I know what I myself can do for customers.",
}
"""The statements of the check by name; each is answered from 1 (not at all) to 5 (fully), or not at all."""

LOWEST, HIGHEST = 1, 5
MANAGEMENT, OTHERS = "management", "others"
GROUPS = {MANAGEMENT: "Management", OTHERS: "Everybody else"}
FEWEST = 5  # answers below which nothing is shown: people could be told apart
FEW = 30  # answers below which single people weigh much
_ROUNDED = 1 / 12  # variance of what is rounded to a whole grade: people who all say 4 do not all think the same


@dataclass(frozen=True)
class Answer:
    """One anonymous answer: a grade by question (those without a grade left out), a group, a comment."""

    grades: Mapping[str, int]
    group: str | None = None
    comment: str = ""


@dataclass(frozen=True)
class Change:
    """The difference of two means of grades, and the interval around it.

    It is one of several questions looked at: the intervals are so wide that in 95 % of cases all of them together hold.
    """

    by: float
    low: float
    high: float

    @property
    def is_clear(self) -> bool:
        """Whether chance alone would seldom make such a difference."""
        return self.low > 0 or self.high < 0


@dataclass(frozen=True)
class Result:
    """What a round says of one question. `spread` is the standard deviation of the grades (0 for one grade)."""

    question: str
    mean: float
    spread: float
    counts: tuple[int, ...]  # of the grades 1 to 5
    change: Change | None = None  # on the round before

    @property
    def n(self) -> int:
        return sum(self.counts)


def wrong_grades(grades: Mapping[str, int]) -> list[str]:
    """Sentences about grades that cannot be: unknown questions, grades outside 1 to 5, no grade at all."""
    unknown = [name for name in grades if name not in QUESTIONS]
    outside = [name for name, grade in grades.items() if not LOWEST <= grade <= HIGHEST]
    sentences = [f"There is no question {name}." for name in unknown]
    sentences += [f"A grade lies between {LOWEST} and {HIGHEST}, not {grades[name]}." for name in outside]
    return sentences or ([] if grades else ["Answer at least one question, or close this page."])


def results(answers: Sequence[Answer], before: Sequence[Answer] = ()) -> list[Result]:
    """One result per question with enough answers, in the order of the questions; none below FEWEST answers.

    The change compares with the round `before`.
    """
    changes = _changes(before, answers)
    found = []
    for question in QUESTIONS:
        grades = _grades(answers, question)
        if len(grades) >= FEWEST:
            counts = tuple(grades.count(grade) for grade in range(LOWEST, HIGHEST + 1))
            found.append(Result(question, fmean(grades), sqrt(variance(grades)), counts, changes.get(question)))
    return found


def widest_gap(answers: Sequence[Answer]) -> tuple[str, Change] | None:
    """The question that management and everybody else see most differently: management's mean less the others'.

    Only of questions that both groups gave enough answers to; None where there is none or all means are equal.
    """
    others, management = ([each for each in answers if each.group == group] for group in (OTHERS, MANAGEMENT))
    gaps = _changes(others, management).items()
    return max((gap for gap in gaps if gap[1].by), key=lambda gap: abs(gap[1].by), default=None)


def _changes(before: Sequence[Answer], now: Sequence[Answer]) -> dict[str, Change]:
    """By question with enough answers on both sides."""
    pairs = {question: (_grades(before, question), _grades(now, question)) for question in QUESTIONS}
    known = {question: pair for question, pair in pairs.items() if min(map(len, pair)) >= FEWEST}
    return {question: _change(*pair, looks=len(known)) for question, pair in known.items()}


def _grades(answers: Sequence[Answer], question: str) -> list[int]:
    return [answer.grades[question] for answer in answers if question in answer.grades]


def _change(before: Sequence[int], now: Sequence[int], looks: int) -> Change:
    """Welch's interval (B. L. Welch, Biometrika 34, 1947) for one of so many `looks` (Bonferroni)."""
    by = fmean(now) - fmean(before)
    squares = [max(variance(grades), _ROUNDED) / len(grades) for grades in (before, now)]
    freedom = sum(squares) ** 2 / (squares[0] ** 2 / (len(before) - 1) + squares[1] ** 2 / (len(now) - 1))
    margin = float(scipy.special.stdtrit(freedom, 1 - 0.025 / looks)) * sqrt(sum(squares))
    return Change(by, by - margin, by + margin)
