"""The status of an objective, made from its key results and its guardrails.

The mean decides and the worst key result is named beside it, so that neither hides the other.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from kviboard.domain.formatting import format_share
from kviboard.domain.okrs.model import BARS, Cycle, KeyResult, Number
from kviboard.domain.okrs.progress import FAR_OUTSIDE, RollUp, roll_up
from kviboard.domain.okrs.status import (
    JUDGED_FROM,
    SLACK,
    WORST_FIRST,
    Judgement,
    Status,
    against_needs,
    by_grade,
    comparable,
    compare_with_expected,
    elapsed_share,
    end_text,
    expected_of,
    gone_text,
)


@dataclass(frozen=True)
class JudgedKeyResult:
    """One key result as its objective sees it."""

    title: str
    judgement: Judgement
    weight: Number = 1
    ambition: str = "committed"
    is_band: bool = False


@dataclass(frozen=True)
class ObjectiveJudgement(Judgement):
    """`raw` is the weighted mean of the measured key results, each clamped; `worst` is the index of the one in the
    worst status, the lowest of several: a milestone that is not due yet is not worse than what is off track."""

    worst: int | None
    measured_text: str


@dataclass(frozen=True)
class Graded:
    """The grade an objective got when it was closed, and the one that progress suggested then."""

    grade: Number
    suggested: Number | None = None


def judge_objective(
    parts: Sequence[JudgedKeyResult],
    cycle: Cycle,
    day: date,
    breaches: Sequence[str] = (),
    closed: bool = False,
    graded: Graded | None = None,
) -> ObjectiveJudgement:
    """Status of an objective: the mean progress of its measured key results against the mean expected of them.

    Pending while nothing is measured or all measured ones are pending. At the end it is Achieved when no committed
    key result was missed and the mean reaches the mean of their bars; where it is `graded`, the grade does. A grade
    other than the suggested one is its owner's word, a missed key result or not. `breaches` are sentences of
    `guardrail_breach`; any of them holds the objective at risk, at the end too.
    """
    rolled = roll_up([part.judgement.raw for part in parts], [part.weight for part in parts])
    worst = _worst(parts)
    measured = [part for part in parts if part.judgement.raw is not None]
    elapsed = min((part.judgement.elapsed for part in measured), default=elapsed_share(cycle, day))
    expected = _weighted([part.judgement.expected for part in measured], measured) if measured else elapsed
    if rolled.mean is not None and (closed or elapsed >= 1):
        status, reason = _at_the_end(measured, rolled, rolled.mean, elapsed)
    else:
        status, reason = _verdict(measured, rolled, expected, gone_text(cycle, elapsed))
    reason += _worst_text(parts[worst]) if worst is not None and rolled.measured > 1 else ""
    running = sum(part.judgement.is_provisional for part in measured)
    reason += f"; provisional: {_running_text(running, len(measured))}" if running else ""
    verdict = ObjectiveJudgement(
        status, reason, rolled.mean, expected, elapsed, worst, rolled.measured_text, is_provisional=running > 0
    )
    if graded is not None:
        weighed = measured or parts
        bar = _weighted([BARS[part.ambition] for part in weighed], weighed) if weighed else BARS["committed"]
        is_held = bool(_missed(measured)) and graded.suggested in (None, graded.grade)
        verdict = by_grade(replace(verdict, expected=bar), graded.grade, bar, is_held)
    return _capped_by_guardrails(verdict, breaches)


def _running_text(running: int, measured: int) -> str:
    """ "2 of 3 values come from periods that still run"."""
    if running == 1:
        return f"{'its value' if measured == 1 else f'1 of {measured} values'} comes from a period that still runs"
    return f"{running} of {measured} values come from periods that still run"


def _verdict(measured: Sequence[JudgedKeyResult], rolled: RollUp, expected: float, gone: str) -> tuple[Status, str]:
    if rolled.mean is None:
        return Status.PENDING, "no key result has a value yet" if rolled.total else "it has no key result yet"
    mean_text = f"done on average ({rolled.measured_text}); {gone}"
    if all(part.judgement.status == Status.PENDING for part in measured):
        return Status.PENDING, f"{format_share(rolled.mean)} {mean_text}, judged from {format_share(JUDGED_FROM)} on"
    status = compare_with_expected(rolled.mean, expected)
    done, needs = against_needs(rolled.mean, expected, status)
    return status, f"{done} {mean_text}, {needs}"


def _at_the_end(measured: Sequence[JudgedKeyResult], rolled: RollUp, mean: float, elapsed: float) -> tuple[Status, str]:
    bar = _weighted([BARS[part.ambition] for part in measured], measured)
    missed = _missed(measured)
    done, need = comparable(mean, bar)
    reason = f"{done} done on average ({rolled.measured_text}) {end_text(elapsed)}; it needs {need}"
    if missed and mean + SLACK >= bar:
        reason += f" and every committed key result, but “{missed[0].title}” was missed"
    return (Status.MISSED if missed or mean + SLACK < bar else Status.ACHIEVED), reason


def _missed(measured: Sequence[JudgedKeyResult]) -> list[JudgedKeyResult]:
    return [part for part in measured if part.ambition == "committed" and part.judgement.status == Status.MISSED]


def expected_together(key_results: Sequence[KeyResult], cycle: Cycle, day: date) -> float:
    """Progress expected of an objective when `day` is over: the mean of what is expected of these, by their weights."""
    weights = [float(each.weight) for each in key_results]
    shares = [expected_of(each, cycle, day) * weight for each, weight in zip(key_results, weights, strict=True)]
    return math.fsum(shares) / math.fsum(weights) if weights else elapsed_share(cycle, day)


def _weighted(values: Sequence[float], parts: Sequence[JudgedKeyResult]) -> float:
    weights = [float(part.weight) for part in parts]
    return math.fsum(value * weight for value, weight in zip(values, weights, strict=True)) / math.fsum(weights)


def _worst(parts: Sequence[JudgedKeyResult]) -> int | None:
    places = {
        place: (WORST_FIRST.index(part.judgement.status), part.judgement.expected == 0, part.judgement.raw)
        for place, part in enumerate(parts)
        if part.judgement.raw is not None
    }
    return min(places, key=places.__getitem__) if places else None


def _worst_text(worst: JudgedKeyResult) -> str:
    raw = worst.judgement.raw or 0.0
    done = format_share(raw) if raw >= 0 else FAR_OUTSIDE if worst.is_band else "moved the wrong way"
    return f"; worst: “{worst.title}”, {done}, {worst.judgement.status.lower()}"


def _capped_by_guardrails(verdict: ObjectiveJudgement, breaches: Sequence[str]) -> ObjectiveJudgement:
    if not breaches:
        return verdict
    if WORST_FIRST.index(verdict.status) <= WORST_FIRST.index(Status.PENDING):
        return replace(verdict, reason=f"{verdict.reason}; guardrail breached: {'; '.join(breaches)}")
    held = f"a breached guardrail holds it at risk: {'; '.join(breaches)}"
    return replace(verdict, status=Status.AT_RISK, reason=f"{verdict.reason}; {held}")
