"""Is it a signal or noise? The verdict on each period of a KVI, and the words for it.

Owns the verdicts and gaps in a series. The limits and rules are in xmr.py, which periods are complete in
periods.py, how a number reads in values.py: the words here take numbers already formatted.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from kviboard.domain.kvis import xmr

UP = "signal: up"
DOWN = "signal: down"
WITHIN = "within normal variation"
_TOO_LITTLE = "too little history ("

GOOD = "good"
BAD = "bad"


class Level(NamedTuple):
    """Limits that hold from the value at `start_index` (gaps counted) until the next level begins."""

    start_index: int
    centre: float
    lower: float
    upper: float


@dataclass(frozen=True)
class Assessment:
    """What the rules say, one entry per value given.

    `verdict`: "signal: up", "signal: down", "within normal variation", "too little history (n of 8)"; None for a gap.
    `rule`: 1, 2 or 3 for a signal, else None. Limits are NaN where there is too little history; `levels` is empty where
    all of it is, and a first level of fewer than eight values has its centre only.
    """

    centre: tuple[float, ...]
    lower: tuple[float, ...]
    upper: tuple[float, ...]
    verdict: tuple[str | None, ...]
    rule: tuple[int | None, ...]
    levels: tuple[Level, ...]


def assess(
    values: Sequence[float | None],
    floor: float | None = None,
    ceiling: float | None = None,
    caution: xmr.Caution = xmr.NONE,
) -> Assessment:
    """Judge the values of complete periods in order.

    None, NaN and infinity are gaps: they take no part, and the values on both sides of a gap count as neighbours in
    moving ranges and runs. `floor` and `ceiling` are what the KVI cannot go beyond (0 for a count, 0 and 1 for a
    share): limits are shown no further out; verdicts do not depend on them. Without `caution` it is Wheeler's chart.
    """
    known = {index: float(value) for index, value in enumerate(values) if value is not None and math.isfinite(value)}
    places, points = list(known), list(known.values())
    if len(points) < xmr.ENOUGH:
        return _nothing(len(values), places)
    stretches = xmr.levels(points, caution)
    rule: list[int | None] = [None] * len(values)
    verdict: list[str | None] = [None] * len(values)
    for place, finding in zip(places, xmr.findings(points, stretches, caution), strict=True):
        rule[place] = finding.rule
        verdict[place] = {1: UP, -1: DOWN}.get(finding.side, WITHIN)
    if stretches[0].end < xmr.ENOUGH:
        for place in places[: stretches[0].end]:
            verdict[place] = _too_little(stretches[0].end)
    levels = [_level(places[stretch.start], stretch.limits, floor, ceiling) for stretch in stretches]
    levels[0] = levels[0]._replace(start_index=0)  # gaps in front of the first value belong to the first level
    ends = [*(level.start_index for level in levels[1:]), len(values)]
    shown = [level for level, end in zip(levels, ends, strict=True) for _ in range(level.start_index, end)]
    _, centre, lower, upper = zip(*shown, strict=True)
    return Assessment(centre, lower, upper, tuple(verdict), tuple(rule), tuple(levels))


def _too_little(count: int) -> str:
    return f"{_TOO_LITTLE}{count} of {xmr.ENOUGH})"


def history_known(verdict: str) -> str:
    """ "7 of 8" of a verdict that says there is too little history; "" of any other."""
    return verdict.removeprefix(_TOO_LITTLE).removesuffix(")") if verdict.startswith(_TOO_LITTLE) else ""


def _nothing(count: int, places: Sequence[int]) -> Assessment:
    verdict = tuple(_too_little(len(places)) if place in places else None for place in range(count))
    unknown = (math.nan,) * count
    return Assessment(unknown, unknown, unknown, verdict, (None,) * count, ())


def _level(start: int, limits: xmr.Limits, floor: float | None, ceiling: float | None) -> Level:
    lower = limits.lower if floor is None else max(limits.lower, floor)
    upper = limits.upper if ceiling is None else min(limits.upper, ceiling)
    return Level(start, limits.centre, lower, upper)


def explain(rule: int | None, verdict: str | None, limits: str, period: str = "period") -> str:
    """Why a period has its verdict, in plain words without a full stop; `limits` reads like "44.1–51.9 %", `period` is
    the name of one: "sprint"."""
    if verdict is None:
        return "no value in this period"
    upwards = verdict == UP
    if rule == 1:
        return f"outside the usual range ({limits})"
    if rule == 2:
        return f"the eighth {period} in a row {'above' if upwards else 'below'} the average"
    if rule == 3:
        return f"3 of the last 4 {period}s were unusually {'high' if upwards else 'low'}"
    if verdict == WITHIN:
        return f"within the usual range ({limits})"
    return f"it takes {xmr.ENOUGH} complete {period}s to tell a change from chance"


def good_or_bad(verdict: str | None, better: str | None) -> str | None:
    """Good or bad, for a signal of a KVI whose `better` is "up" or "down"; None for noise or no such direction."""
    signals = {UP: "up", DOWN: "down"}
    if verdict not in signals or better not in signals.values():
        return None
    return GOOD if signals[verdict] == better else BAD
