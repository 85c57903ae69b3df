"""A key result that had come a good part of its way before its cycle began: said, and no status without movement.

A baseline that is the mean of a year, while the latest value is a high one, makes progress of what was there already.
"""

from dataclasses import replace

from kviboard.domain.formatting import format_share
from kviboard.domain.okrs.status import SLACK, Judgement, Status

LEAST = 1 / 3  # of the way


def with_head_start(judgement: Judgement, at_start: float | None, stood: str) -> Judgement:
    """The judgement with what was reached `at_start` (raw progress) said: "40 % of it was there in Sep 2026 (€7.25)".

    `stood` is that value with its period. On track needs to have moved since then, unless the target is reached.
    """
    raw = judgement.raw
    if at_start is None or raw is None or at_start < LEAST - SLACK:
        return judgement
    there = "the target was reached" if at_start >= 1 else f"{format_share(at_start)} was there"
    reason = f"{judgement.reason}; {there} before the cycle began ({stood})"
    if judgement.status != Status.ON_TRACK or raw > at_start + SLACK or raw >= 1:
        return replace(judgement, reason=reason)
    return replace(judgement, status=Status.AT_RISK, reason=f"{reason}, and nothing was gained since: at risk")
