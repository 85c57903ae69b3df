"""What normal variation says about a key result: a target that luck alone could reach, a movement that is no signal.

The limits and the verdict of each period come from `signals`.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from kviboard.domain.kvis.signals import DOWN, UP, WITHIN
from kviboard.domain.kvis.verdict_words import in_plain_words
from kviboard.domain.okrs.model import Measure, Show, band_text, plain


def reachable_by_luck(
    measure: Measure,
    lower: float | None,
    upper: float | None,
    show: Show = plain,
    limits: tuple[float | None, float | None] = (None, None),
) -> str | None:
    """A warning where the target lies within the natural limits `lower` and `upper` of the KVI's present level.

    An increase warns up to the upper limit, a decrease down to the lower one, a band where it holds the whole normal
    range already. `limits` are the least and the most that the KVI can be. None where the target is a real change,
    where there is too little history (natural limits None or NaN) and where the measure has no target yet.
    """
    if lower is None or upper is None or math.isnan(lower) or math.isnan(upper):
        return None
    normal = f"the usual range {show(lower)} to {show(upper)}"
    if measure.is_band:
        return _band_warning(measure, lower, upper, normal, show)
    if not measure.has_direction or measure.target is None:
        return None
    target, rising = float(measure.target), measure.rises
    if (rising and target > upper) or (not rising and target < lower):
        return None
    edge, last = (f"above {show(upper)}", limits[1]) if rising else (f"below {show(lower)}", limits[0])
    real = f"A target {edge} would be a real change."
    if last is not None and (upper >= last if rising else lower <= last):
        real = f"No target lies beyond: {show(last)} is the {'most' if rising else 'least'} it can be."
    return f"{show(target)} is inside {normal}: you could reach this by chance. {real}"


def _band_warning(measure: Measure, lower: float, upper: float, normal: str, show: Show) -> str | None:
    holds_below = measure.lower is None or float(measure.lower) <= lower
    holds_above = measure.upper is None or float(measure.upper) >= upper
    if (measure.lower is None and measure.upper is None) or not (holds_below and holds_above):
        return None
    band = band_text(measure.lower, measure.upper, show)
    return f"{band[0].upper()}{band[1:]} holds {normal} as it is: you could keep this by chance."


@dataclass(frozen=True)
class Movement:
    """What happened since the baseline: one of the verdicts of `signals`, and the sentence that says so."""

    verdict: str
    sentence: str


def movement_since_baseline(verdicts: Sequence[str | None], change: str) -> Movement | None:
    """Whether the movement since the baseline is a signal, from the verdicts of the complete periods after it.

    The latest signal counts: after a shift the new level is normal again, the movement stays real. `change` is the
    text of the movement ("▲ 2.1 pp"). None where no period after the baseline has a verdict.
    """
    given = [verdict for verdict in verdicts if verdict is not None]
    if not given:
        return None
    signals = [verdict for verdict in given if verdict in (UP, DOWN)]
    verdict = signals[-1] if signals else given[-1]
    if signals:
        return Movement(verdict, f"{change} since the baseline, a real change ({in_plain_words(verdict).lower()}).")
    if verdict == WITHIN:
        return Movement(verdict, f"{change} since the baseline: the usual ups and downs.")
    return Movement(verdict, f"{change} since the baseline; {verdict}.")
