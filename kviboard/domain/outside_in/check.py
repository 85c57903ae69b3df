"""The ten questions of the outside-in check, and what a round of anonymous answers says, with how sure that is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import fmean, stdev

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
FEW = 30  # answers below which the normal interval is rough
_Z = 1.96  # 95 %


@dataclass(frozen=True)
class Answer:
    """One anonymous answer: a grade by question (those without a grade left out), a group, a comment."""

    grades: Mapping[str, int]
    group: str | None = None
    comment: str = ""


@dataclass(frozen=True)
class Change:
    """The difference of two means of grades, and the 95 % interval around it."""

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

    The change compares with the round `before`: difference of means ± 1.96 · sqrt(s₁²/n₁ + s₂²/n₂).
    """
    found = []
    for question in QUESTIONS:
        grades = _grades(answers, question)
        if len(grades) >= FEWEST:
            earlier = _grades(before, question)
            change = _change(earlier, grades) if len(earlier) >= FEWEST else None
            counts = tuple(grades.count(grade) for grade in range(LOWEST, HIGHEST + 1))
            found.append(Result(question, fmean(grades), stdev(grades), counts, change))
    return found


def widest_gap(answers: Sequence[Answer]) -> tuple[str, Change] | None:
    """The question that management and everybody else see most differently: management's mean less the others'.

    Only of questions that both groups gave enough answers to; None where there is none or all means are equal.
    """
    gaps = []
    for question in QUESTIONS:
        groups = [[answer for answer in answers if answer.group == group] for group in (OTHERS, MANAGEMENT)]
        others, management = (_grades(group, question) for group in groups)
        if min(len(others), len(management)) >= FEWEST:
            gaps.append((question, _change(others, management)))
    return max((gap for gap in gaps if gap[1].by), key=lambda gap: abs(gap[1].by), default=None)


def _grades(answers: Sequence[Answer], question: str) -> list[int]:
    return [answer.grades[question] for answer in answers if question in answer.grades]


def _change(before: Sequence[int], now: Sequence[int]) -> Change:
    by = fmean(now) - fmean(before)
    margin = _Z * sqrt(stdev(now) ** 2 / len(now) + stdev(before) ** 2 / len(before))
    return Change(by, by - margin, by + margin)
