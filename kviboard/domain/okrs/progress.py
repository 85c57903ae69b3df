"""How far a key result has come, one formula for all, and how an objective rolls its key results up.

Whether that is enough at this point of the cycle belongs to `status`.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Context, Decimal

from kviboard.domain.formatting import format_share
from kviboard.domain.okrs.model import (
    KINDS,
    Measure,
    Number,
    Show,
    as_decimal,
    band_text,
    band_tolerance,
    check_measure,
    plain,
)
from kviboard.errors import UsageError

FAR_OUTSIDE = "outside its band by more than its tolerance"
_EXACT = Context(prec=50)  # far beyond a float: the edges come out as exactly 0 and 1


def progress(measure: Measure, current: Number | None) -> float | None:
    """Raw progress, unclamped: 0 at the baseline, 1 at the target, below 0 when worse, above 1 when past it.

    Inside a band it is 1 and falls by 1 per tolerance outside. A milestone is 0 or 1. None without a value, and
    for a draft whose baseline, target or bounds are still missing. Raises UsageError where the measure contradicts
    itself (target = baseline, a band without tolerance, an unknown kind).
    """
    value = as_decimal(current)
    if value is None or is_incomplete(measure):
        return None
    if measure.is_milestone:
        return 1.0 if value >= 1 else 0.0
    if _contradicts_itself(measure):
        problems = check_measure(measure, "Key result", draft=True)
        raise UsageError(" ".join(str(problem) for problem in problems), problems)
    raw = _band_share(measure, value) if measure.is_band else _way_share(measure, value)
    return float(raw) + 0.0  # + 0.0: no minus zero


def is_incomplete(measure: Measure) -> bool:
    """Whether numbers that its kind needs are still missing, as they may be in a draft."""
    if measure.is_band:
        return measure.lower is None and measure.upper is None
    return measure.has_direction and (measure.baseline is None or measure.target is None)


def _contradicts_itself(measure: Measure) -> bool:
    if measure.is_band:
        return band_tolerance(measure) <= 0
    return measure.kind not in KINDS or as_decimal(measure.baseline) == as_decimal(measure.target)


def _way_share(measure: Measure, value: Decimal) -> Decimal:
    baseline, target = as_decimal(measure.baseline) or Decimal(0), as_decimal(measure.target) or Decimal(0)
    return _EXACT.divide(_EXACT.subtract(value, baseline), _EXACT.subtract(target, baseline))


def _band_share(measure: Measure, value: Decimal) -> Decimal:
    lower, upper = as_decimal(measure.lower), as_decimal(measure.upper)
    below = _EXACT.subtract(lower, value) if lower is not None else Decimal(0)
    above = _EXACT.subtract(value, upper) if upper is not None else Decimal(0)
    distance = max(below, above, Decimal(0))
    return _EXACT.subtract(Decimal(1), _EXACT.divide(distance, band_tolerance(measure)))


def rolled_up(raw: float | None) -> float | None:
    """Progress as roll-ups use it: clamped to 0..1; None stays None."""
    return None if raw is None else min(1.0, max(0.0, raw))


def is_worse_than_baseline(measure: Measure, current: Number | None) -> bool:
    """Whether the value moved the wrong way. A band without a baseline, a milestone and no value never did."""
    raw = progress(measure, current)
    if raw is None or measure.is_milestone:
        return False
    start = progress(measure, measure.baseline)
    return start is not None and raw < start


def value_at(measure: Measure, share: Number) -> float | None:
    """The value at which an increase or decrease has that share of progress, to draw "expected today" on its chart."""
    baseline, target, part = as_decimal(measure.baseline), as_decimal(measure.target), as_decimal(share)
    if not measure.has_direction or baseline is None or target is None or part is None:
        return None
    return float(_EXACT.add(baseline, _EXACT.multiply(part, _EXACT.subtract(target, baseline))))


@dataclass(frozen=True)
class RollUp:
    """An objective's progress. `mean` is None while nothing is measured."""

    mean: float | None
    measured: int
    total: int

    @property
    def measured_text(self) -> str:
        """ "2 of 3 measured"."""
        return f"{self.measured} of {self.total} measured"


def roll_up(raws: Sequence[float | None], weights: Sequence[Number] | None = None) -> RollUp:
    """Weighted mean of the key results that have a value, each clamped to 0..1.

    Weights are > 0 and default to 1. Raises UsageError for another weight or a missing one.
    """
    shares = [float(weight) for weight in weights] if weights is not None else [1.0] * len(raws)
    if len(shares) != len(raws) or any(not (math.isfinite(share) and share > 0) for share in shares):
        raise UsageError("Each key result of an objective needs one weight greater than 0.")
    measured = {index: raw for index, raw in enumerate(raws) if raw is not None}
    if not measured:
        return RollUp(None, 0, len(raws))
    total_weight = math.fsum(shares[index] for index in measured)
    mean = math.fsum((rolled_up(raw) or 0.0) * shares[index] for index, raw in measured.items()) / total_weight
    return RollUp(mean, len(measured), len(raws))


@dataclass(frozen=True)
class Guardrail:
    """A KVI paired with an objective that must stay within its band while the objective is pursued."""

    title: str
    lower: Number | None = None
    upper: Number | None = None


def guardrail_breach(guardrail: Guardrail, current: Number | None, show: Show = plain, stands: str = "") -> str | None:
    """The breach in words with its numbers, or None while the KVI is within its band or has no value. `stands`: the
    value in words, where there is more to say of it than `show` does."""
    value, lower, upper = as_decimal(current), as_decimal(guardrail.lower), as_decimal(guardrail.upper)
    outside = value is not None and ((lower is not None and value < lower) or (upper is not None and value > upper))
    if value is None or not outside:
        return None
    now = stands or show(float(value))
    return f"{guardrail.title} stands at {now}, not {band_text(guardrail.lower, guardrail.upper, show)}"


def describe_progress(raw: float | None, is_band: bool = False) -> str:
    """Raw progress in words: "40 %", "moved the wrong way", "150 %: past the target", "no value yet"; of a band, which
    has no way, how far outside a value lies that kept nothing of it. No share is negative: the values say more."""
    if raw is None:
        return "no value yet"
    if raw < 0 and is_band:
        return FAR_OUTSIDE
    if raw < 0:
        return "moved the wrong way"
    return f"{format_share(raw)}: past the target" if raw > 1 else format_share(raw)
