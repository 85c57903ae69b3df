"""The rules of a sprint review: what was predicted against what came, how well people know, the steps of a meeting.

Pure: numbers and words come from `board`, what is frozen is kept in `store`.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from kviboard.domain.formatting import NO_VALUE, SPACE, format_distance, format_value
from kviboard.domain.kvis.intervals import share


class Stage(StrEnum):
    """How far the review of a sprint has come."""

    NOT_BEGUN = "no review"
    PREPARED = "being prepared"
    OPEN = "open"
    CLOSED = "closed"


class Outcome(StrEnum):
    """What became of a prediction."""

    HIT = "hit"
    MISSED = "missed"
    NOT_MEASURED = "not measured"

    @property
    def in_words(self) -> str:
        """With its mark, the same wherever people read it: "✓ came true"."""
        return _OUTCOME_WORDS[self]


_OUTCOME_WORDS: Final = {
    Outcome.HIT: "✓ came true",
    Outcome.MISSED: "✕ did not come true",
    Outcome.NOT_MEASURED: "◌ not measured",
}


STEPS: Final[dict[str, dict[str, float]]] = {
    "opening": {"vision": 1, "promised": 5, "kvis": 10, "okrs": 5, "goal": 5, "blind": 5, "predictions": 5, "open": 1},
    "closing": {
        "vision": 1, "goal": 5, "kvis": 15, "okrs": 5, "voices": 5, "feedback": 20, "decisions": 10, "confidence": 2,
        "close": 2,
    },
}  # fmt: skip
"""The parts of a meeting in their order and their time boxes in minutes, unless the workspace says otherwise."""

SLACK = 1e-9  # a change exactly on a bound reaches it


def outcome_of(change: float | None, lower: float | None, upper: float | None) -> Outcome:
    """Whether a change lies within what was predicted, bounds included; without a change nothing was measured."""
    if change is None or not math.isfinite(change):
        return Outcome.NOT_MEASURED
    slack = SLACK * max(1.0, abs(change))
    above = lower is None or change >= lower - slack
    below = upper is None or change <= upper + slack
    return Outcome.HIT if above and below else Outcome.MISSED


def expectation_text(lower: float | None, upper: float | None, unit: str, currency: str = "EUR") -> str:
    """A predicted change in words: "at least +2 pp", "no less than before", "between −1 pp and +3 pp"; "–" without
    bounds."""
    if lower is not None and upper is not None:
        if lower == upper:
            return difference_text(lower, unit, currency)
        return f"between {difference_text(lower, unit, currency)} and {difference_text(upper, unit, currency)}"
    if lower is not None:
        return f"at least {difference_text(lower, unit, currency)}" if lower else "no less than before"
    if upper is not None:
        return f"at most {difference_text(upper, unit, currency)}" if upper else "no more than before"
    return NO_VALUE


def difference_text(change: float | None, unit: str, currency: str = "EUR") -> str:
    """A difference in the unit of its values, signed: "+2.1 pp", "−€120 k", "+2 points", "+35", "±0"."""
    if change is None or not math.isfinite(change):
        return NO_VALUE
    if change == 0:
        return f"±0{SPACE}pp" if unit == "percent" else "±0"
    size = format_value(abs(change), unit, currency)
    size = size.replace("%", "pp") if unit == "percent" else size
    size += f"{SPACE}{'point' if size == '1' else 'points'}" if unit == "score" else ""
    return ("+" if change > 0 else "−") + size


def moved_text(change: float | None, unit: str, currency: str = "EUR") -> str:
    """A measured difference, with the digits that changes have on tiles: "−3.7 pp". What people typed keeps its own."""
    if not change or not math.isfinite(change) or unit not in ("percent", "score"):
        return difference_text(change, unit, currency)
    return ("+" if change > 0 else "−") + format_distance(abs(change), 0, unit, currency)


@dataclass(frozen=True)
class HitRate:
    """How many of the predictions that could be measured were hit; the interval is Wilson's, 95 %."""

    hits: int
    measured: int

    @property
    def rate(self) -> float | None:
        """Share of hits, 0..1; None where nothing was measured."""
        return self.hits / self.measured if self.measured else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """95 % interval of the rate; None where nothing was measured."""
        if not self.measured:
            return None
        low, high = share(self.hits, self.measured)
        return float(low), float(high)

    @property
    def text(self) -> str:
        """ "7 of 10"; says so where nothing was measured."""
        return f"{self.hits} of {self.measured}" if self.measured else "none measured yet"


@dataclass(frozen=True)
class ScoredPrediction:
    """One prediction that was measured: how sure people were (0..1) and whether it was hit."""

    confidence: float
    hit: bool


@dataclass(frozen=True)
class Calibration:
    """Predictions of about the same confidence: what was said on average (0..1) and what came."""

    label: str
    mean_confidence: float
    rate: HitRate

    @property
    def verdict(self) -> str:
        """Whether what came fits what was said; with few predictions hardly anything contradicts it."""
        if self.rate.measured < FEW_PREDICTIONS or self.rate.interval is None:
            return _too_few(self.rate.measured)
        low, high = self.rate.interval
        if self.mean_confidence > high:
            return "too sure: came true less often than said"
        return (
            "not sure enough: came true more often than said"
            if self.mean_confidence < low
            else "as sure as we should be"
        )


FEW_PREDICTIONS: Final = 5
BANDS: Final = ((0.0, 0.5, "below 50 %"), (0.5, 0.7, "50–69 %"), (0.7, 0.9, "70–89 %"), (0.9, 1.01, "90 % and more"))


def _too_few(measured: int) -> str:
    return f"too few to say ({measured} of {FEW_PREDICTIONS})"


def hit_rate(predictions: Sequence[ScoredPrediction]) -> HitRate:
    """The hit rate of predictions."""
    return HitRate(sum(one.hit for one in predictions), len(predictions))


def calibration(predictions: Sequence[ScoredPrediction]) -> list[Calibration]:
    """Predictions in bands of confidence, those without any left out."""
    found = []
    for low, high, label in BANDS:
        inside = [one for one in predictions if low <= one.confidence < high]
        if inside:
            mean = sum(one.confidence for one in inside) / len(inside)
            found.append(Calibration(label, mean, hit_rate(inside)))
    return found


def brier_score(predictions: Sequence[ScoredPrediction]) -> float | None:
    """Mean squared distance between confidence and what came: 0 is perfect, 0.25 is a coin; None without any.

    Source: G. W. Brier, Monthly Weather Review 78 (1950).
    """
    return sum((one.confidence - one.hit) ** 2 for one in predictions) / len(predictions) if predictions else None


_QUALITY: Final = (
    (0.0625, "far better than a coin toss"),
    (0.16, "better than a coin toss"),
    (0.24, "barely better than a coin toss"),
    (0.26, "no better than a coin toss"),
)


def prediction_quality(score: float, measured: int) -> str:
    """A Brier score of so many predictions in words: a coin toss scores 0.25; being 75 % sure and always right scores
    0.0625. Of a few it says nothing: one that was missed would be "worse than a coin toss"."""
    if measured < FEW_PREDICTIONS:
        return _too_few(measured)
    return next((words for limit, words in _QUALITY if score <= limit), "worse than a coin toss")
