"""Is that enough at this point of the cycle? The status of a key result, with its reason in numbers and its rule.

Progress comes from `progress`; objectives are judged in `objective`, missing check-ins in `badges`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import TypeVar

from kviboard.domain.formatting import format_day, format_share
from kviboard.domain.okrs.model import BARS, Cycle, KeyResult, Measure, Number, PlanPoint, Show, plain
from kviboard.domain.okrs.progress import FAR_OUTSIDE, is_incomplete, is_worse_than_baseline, progress
from kviboard.errors import UsageError


class Status(StrEnum):
    """The one vocabulary of statuses, worst first (the order of lists)."""

    MISSED = "Missed"
    OFF_TRACK = "Off track"
    AT_RISK = "At risk"
    PENDING = "Pending"
    ON_TRACK = "On track"
    ACHIEVED = "Achieved"


Judged = TypeVar("Judged", bound="Judgement")

WORST_FIRST = tuple(Status)
JUDGED_FROM = 0.10  # share of the cycle before which only a move the wrong way counts
ON_TRACK_SHARE = 0.85  # of what is expected
AT_RISK_SHARE = 0.60
LOW_CONFIDENCE = 3
SLACK = 1e-9  # a value exactly on a threshold reaches it
_DAYS_OF_A_QUARTER = range(90, 93)
_SHARES = ((1 / 3, "a third"), (1 / 2, "half"), (2 / 3, "two thirds"))
_CLOSE = 0.02  # how far from a share its word is still true enough


@dataclass(frozen=True)
class Judgement:
    """A status with the sentence that explains it, and the shares it was made from (unclamped raw; 0..1). `expected` is
    what is expected on the day, at the end what is needed."""

    status: Status
    reason: str
    raw: float | None
    expected: float
    elapsed: float
    is_provisional: bool = field(default=False, kw_only=True)  # a period that still runs gave the value


def elapsed_share(cycle: Cycle, day: date) -> float:
    """Share of the cycle's days that are over when `day` is: 0 before the cycle, 1 from its last day on."""
    days = (cycle.ends_on - cycle.starts_on).days + 1
    return min(1.0, max(0.0, ((day - cycle.starts_on).days + 1) / days))


def expected_share(cycle: Cycle, day: date, plan: Sequence[PlanPoint] = ()) -> float:
    """Progress expected when `day` is over: straight lines through 0 at the start, the plan's points, 1 at the end."""
    start, end = cycle.starts_on - timedelta(days=1), cycle.ends_on
    points = [(start, 0.0), *((point.day, float(point.share)) for point in plan)]
    if points[-1][0] < end:
        points.append((end, 1.0))
    if day <= start:
        return 0.0
    for (day_before, share_before), (day_after, share_after) in pairwise(points):
        if day <= day_after:
            way = (day - day_before).days / (day_after - day_before).days
            return share_before + way * (share_after - share_before)
    return points[-1][1]


def expected_of(key_result: KeyResult, cycle: Cycle, day: date) -> float:
    """Progress expected of a key result. A band must hold from the first day, so all of it is expected; a milestone
    is not half done, so nothing is expected before it is due and all of it then. A plan of its own goes first."""
    measure = key_result.measure
    if measure.is_milestone:
        return 1.0 if day >= due_day(key_result, cycle) else 0.0
    if measure.is_band and not key_result.plan:
        return 1.0
    return expected_share(cycle, day, key_result.plan)


def due_day(key_result: KeyResult, cycle: Cycle) -> date:
    """The day a milestone is due: where its plan expects all of it, else the cycle's last."""
    return next((point.day for point in key_result.plan if point.share >= 1), cycle.ends_on)


def judge_key_result(
    key_result: KeyResult,
    current: Number | None,
    cycle: Cycle,
    day: date,
    confidence: int | None = None,
    closed: bool = False,
    show: Show = plain,
    grade: Number | None = None,
) -> Judgement:
    """Status of a key result on the data's day. `closed` judges it as at the end, whatever the day, and by its `grade`
    where it got one; `show` writes its values.

    Raises UsageError where the measure cannot be computed.
    """
    raw = progress(key_result.measure, current)
    elapsed = elapsed_share(cycle, day)
    expected = expected_of(key_result, cycle, day)
    missing = "its numbers are not complete yet" if is_incomplete(key_result.measure) else "no value yet"
    verdict = Judgement(Status.PENDING, missing, raw, expected, elapsed)
    if raw is None:
        bar = BARS[key_result.ambition]
        return verdict if grade is None else by_grade(replace(verdict, expected=bar), grade, bar)
    wrong_way = _wrong_way(key_result.measure, current, raw, show)
    if closed or elapsed >= 1:
        ended = _at_the_end(key_result, raw, verdict, wrong_way)
        return ended if grade is None else by_grade(ended, grade, ended.expected)
    if elapsed == 0 or (elapsed < JUDGED_FROM and not is_worse_than_baseline(key_result.measure, current)):
        return replace(verdict, reason=_too_early(key_result, raw, cycle, elapsed, wrong_way))
    status = compare_with_expected(raw, expected)
    reason = _reason(key_result, raw, cycle, replace(verdict, status=status), wrong_way)
    return _capped_by_confidence(replace(verdict, status=status, reason=reason), confidence)


def compare_with_expected(raw: float, expected: float) -> Status:
    """On track from 0.85 of what is expected, at risk from 0.6, else off track; a value on the threshold reaches it."""
    if raw + SLACK >= ON_TRACK_SHARE * expected:
        return Status.ON_TRACK
    return Status.AT_RISK if raw + SLACK >= AT_RISK_SHARE * expected else Status.OFF_TRACK


def _at_the_end(key_result: KeyResult, raw: float, verdict: Judgement, wrong_way: str) -> Judgement:
    ambition = key_result.ambition
    if ambition not in BARS:
        raise UsageError(f'"{ambition}" is not an ambition: use {" or ".join(BARS)}.')
    bar = BARS[ambition]
    done, need = comparable(raw, bar)
    status = Status.ACHIEVED if raw + SLACK >= bar else Status.MISSED
    stands = f"{wrong_way or _stands(key_result.measure, raw, done)} {end_text(verdict.elapsed)}"
    return replace(verdict, status=status, reason=f"{stands}; {ambition}, so it needs {need}", expected=bar)


def by_grade(ended: Judged, grade: Number, bar: float, is_held: bool = False) -> Judged:
    """The judgement of what was closed with a grade, which decides: its owner may have given another one than progress
    suggests, and data that came later moves progress but no grade. `is_held`: not achieved, whatever its grade."""
    achieved = float(grade) + SLACK >= bar and not is_held
    status = Status.ACHIEVED if achieved else Status.MISSED
    if status == ended.status:
        return ended
    counts = f"graded {float(grade):.1f} where {grade_text(bar)} counts as achieved"
    return replace(ended, status=status, reason=f"{ended.reason}; {counts}")


def missed_narrowly(ended: Judgement, grade: Number | None) -> bool:
    """Whether what was missed came as near to what it needed as is on track while it runs, by its grade where it has
    one: 0.9 of a committed 1.0."""
    share = ended.raw if grade is None else float(grade)
    return ended.status == Status.MISSED and share is not None and share + SLACK >= ON_TRACK_SHARE * ended.expected


def grade_text(grade: float) -> str:
    """A grade, or a mean of them: "1.0", "0.85"."""
    return f"{grade:.2f}".removesuffix("0")


def end_text(elapsed: float) -> str:
    """When it was judged for good: at the cycle's end, or before, where it was closed early."""
    return "at the end of the cycle" if elapsed >= 1 else f"when it was closed at {format_share(elapsed)} of the cycle"


def _capped_by_confidence(verdict: Judgement, confidence: int | None) -> Judgement:
    if confidence is None or confidence > LOW_CONFIDENCE or verdict.status != Status.ON_TRACK:
        return verdict
    held = f"a confidence of {confidence} ({LOW_CONFIDENCE} or less) holds it at risk"
    return replace(verdict, status=Status.AT_RISK, reason=f"{verdict.reason}; {held}")


def comparable(raw: float, *needs: float) -> tuple[str, ...]:
    """The shares in per cent, with as many decimals as it takes that what is unlike `raw` does not read like it."""
    for decimals in (0, 1, 2):
        texts = tuple(format_share(share, decimals) for share in (raw, *needs))
        if all(text != texts[0] or abs(raw - need) <= SLACK for text, need in zip(texts[1:], needs, strict=True)):
            break
    return texts


def _too_early(key_result: KeyResult, raw: float, cycle: Cycle, elapsed: float, wrong_way: str) -> str:
    if elapsed == 0:
        return f"the cycle starts on {format_day(cycle.starts_on)}"
    stands = wrong_way or _stands(key_result.measure, raw, format_share(raw))
    return f"{stands}; {gone_text(cycle, elapsed)}, judged from {format_share(JUDGED_FROM)} on"


def _reason(key_result: KeyResult, raw: float, cycle: Cycle, verdict: Judgement, wrong_way: str) -> str:
    measure = key_result.measure
    done, needs = against_needs(raw, verdict.expected, verdict.status)
    stands = f"{wrong_way or _stands(measure, raw, done)}; {gone_text(cycle, verdict.elapsed)}"
    if measure.is_milestone:
        return f"{stands}, due {format_day(due_day(key_result, cycle))}"
    if measure.is_band and raw >= 1:
        return f"{stands}, and it should hold to the end"
    plan = f", {format_share(verdict.expected)} planned" if key_result.plan else ""
    return f"{stands}{plan}, {needs}"


def rule_text() -> str:
    """What is expected of key results, for those who wonder why it is less than the time gone, and not the same."""
    track, risk = format_share(ON_TRACK_SHARE), format_share(AT_RISK_SHARE)
    return (
        f"Expected of a key result is {track} of the time gone, or of its plan; from {risk} of it on it is "
        "at risk, below off track. Limits have to be kept all the time, a milestone counts on its day."
    )


def gone_text(cycle: Cycle, elapsed: float) -> str:
    """How much of the cycle is over, in a word where one is close: "a third of the quarter gone"."""
    days = (cycle.ends_on - cycle.starts_on).days + 1
    name = "quarter" if days in _DAYS_OF_A_QUARTER else "cycle"
    word = next((word for share, word in _SHARES if abs(share - elapsed) <= _CLOSE), format_share(elapsed))
    return f"{word} of the {name} gone"


def _wrong_way(measure: Measure, current: Number | None, raw: float, show: Show) -> str:
    """What a value that moved away from its target says instead of a negative share; empty for all others."""
    if raw >= 0 or measure.is_band or current is None or measure.baseline is None:
        return ""
    return f"moved the wrong way ({show(float(measure.baseline))} → {show(float(current))})"


def _stands(measure: Measure, raw: float, text: str) -> str:
    if measure.is_milestone:
        return "done" if raw else "not done"
    if measure.is_band:
        outside = f"outside its band, {text} kept" if raw >= 0 else FAR_OUTSIDE
        return "inside its band" if raw >= 1 else outside
    return f"{text} done, past the target" if raw > 1 else f"{text} done"


def against_needs(raw: float, expected: float, status: Status) -> tuple[str, str]:
    """What is done, and the rule it was judged by: "expected 47 % or more", and from where on it is at risk."""
    if status != Status.OFF_TRACK:
        done, need = comparable(raw, ON_TRACK_SHARE * expected)
        return done, f"expected {need} or more"
    done, need, least = comparable(raw, ON_TRACK_SHARE * expected, AT_RISK_SHARE * expected)
    return done, f"expected {need} or more (at risk from {least} on)"
