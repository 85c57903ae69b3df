"""Draft → Active → Closed and back: which steps exist, what may still change, closing with a grade, carrying over.

Who may do it and keeping what was done belong to the store.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum

from kviboard.domain.formatting import format_share
from kviboard.domain.okrs.model import BARS, Cycle, KeyResult, Measure, Number, as_decimal, check_key_result
from kviboard.domain.okrs.progress import describe_progress, progress, roll_up, rolled_up
from kviboard.domain.okrs.status import comparable
from kviboard.errors import Problem


class State(StrEnum):
    """Where an objective, with its key results, is in its life."""

    DRAFT = "Draft"
    ACTIVE = "Active"
    CLOSED = "Closed"


STEPS: dict[str, tuple[State, State]] = {
    "activate": (State.DRAFT, State.ACTIVE),
    "close": (State.ACTIVE, State.CLOSED),
    "reopen": (State.CLOSED, State.ACTIVE),
}
"""What can be done: from which state, to which."""

OUTCOMES = ("keep", "modify", "abandon")
"""What an owner decides on closing, with a note."""


def check_step(step: str, state: State, key_results: Sequence[KeyResult], cycle: Cycle) -> list[Problem]:
    """Everything that keeps an objective from taking a step. To activate it, its key results must be complete."""
    if step not in STEPS:
        return [Problem("Objective", f'"{step}" is not a step.', f"Choose one of: {', '.join(STEPS)}.")]
    needed, _ = STEPS[step]
    if state != needed:
        return [Problem("Objective", f"it is {state.lower()}.", f"To {step} it, it has to be {needed.lower()}.")]
    if step != "activate":
        return []
    if not key_results:
        return [Problem("Objective", "it has no key result.", "Add at least one before it becomes active.")]
    return [problem for key_result in key_results for problem in check_key_result(key_result, cycle)]


def check_change(
    before: KeyResult, after: KeyResult, state: State, check_ins: int = 0, reason: str = ""
) -> list[Problem]:
    """Everything that forbids replacing one wording of a key result by another.

    Closed: nothing changes. The kind is frozen after the first check-in. Changing what an active key result is
    measured by (baseline, target, band, plan, KVI, ambition) asks for a reason.
    """
    where = f'Key result "{before.title}"'
    if before == after:
        return []
    if state == State.CLOSED:
        return [Problem(where, "its objective is closed.", "Reopen the objective to change it.")]
    problems = []
    if check_ins and before.measure.kind != after.measure.kind:
        hint = "Close it and add a new key result."
        problems.append(Problem(where, "its kind is frozen since the first check-in.", hint))
    if needs_reason(before, after, state) and not reason.strip():
        changed = " and ".join(changed_terms(before, after))
        problems.append(Problem(where, f"the {changed} of an active key result changes.", "Say why."))
    return problems


def needs_reason(before: KeyResult, after: KeyResult, state: State) -> bool:
    """Whether the change moves what an active key result is judged by."""
    return state == State.ACTIVE and bool(changed_terms(before, after))


def changed_terms(before: KeyResult, after: KeyResult) -> list[str]:
    """The terms a key result is judged by that differ, in words ("baseline", "target", "band", …)."""
    old, new = before.measure, after.measure
    differs = {
        "kind": old.kind != new.kind,
        "baseline": as_decimal(old.baseline) != as_decimal(new.baseline),
        "target": as_decimal(old.target) != as_decimal(new.target),
        "band": _band(old) != _band(new),
        "plan": _points(before) != _points(after),
        "KVI": before.source != after.source,
        "ambition": before.ambition != after.ambition,
    }
    return [term for term, changed in differs.items() if changed]


def _band(measure: Measure) -> list[Decimal | None]:
    return [as_decimal(number) for number in (measure.lower, measure.upper, measure.tolerance)]


def _points(key_result: KeyResult) -> list[tuple[date, Decimal | None]]:
    return [(point.day, as_decimal(point.share)) for point in key_result.plan]


@dataclass(frozen=True)
class SuggestedGrade:
    """A suggested grade, 0.0 to 1.0 in tenths, with the sentence that explains it. None without a value."""

    grade: float | None
    reason: str


def suggest_grade(key_result: KeyResult, current: Number | None) -> SuggestedGrade:
    """The grade of a key result on closing: its progress in tenths; no rounding carries it over its bar."""
    raw = progress(key_result.measure, current)
    if raw is None:
        return SuggestedGrade(None, "it never had a value: grade it by judgement")
    bar = BARS[key_result.ambition]
    grade = _in_tenths(rolled_up(raw) or 0.0, bar)
    verdict = "reached" if grade >= bar else "not reached"
    done = comparable(raw, bar)[0] if 0 <= raw <= 1 else describe_progress(raw, key_result.measure.is_band)
    return SuggestedGrade(grade, f"{done}; {key_result.ambition}, so {bar:.1f} counts as achieved: {verdict}")


def suggest_objective_grade(key_results: Sequence[KeyResult], currents: Sequence[Number | None]) -> SuggestedGrade:
    """The grade of an objective: the weighted mean of its measured key results in tenths; none rounds up over a bar."""
    raws = [progress(key_result.measure, current) for key_result, current in zip(key_results, currents, strict=True)]
    rolled = roll_up(raws, [key_result.weight for key_result in key_results])
    if rolled.mean is None:
        return SuggestedGrade(None, "no key result ever had a value: grade it by judgement")
    grade = _in_tenths(rolled.mean, *(BARS[key_result.ambition] for key_result in key_results))
    return SuggestedGrade(grade, f"{format_share(rolled.mean)} done on average ({rolled.measured_text})")


def _in_tenths(share: float, *bars: float) -> float:
    """The nearest tenth, the lower one where the nearest would reach a bar that the share does not."""
    lower, nearest = (math.floor(share * 10 + more + 1e-9) / 10 for more in (0, 0.5))
    return lower if any(share + 1e-9 < bar <= nearest for bar in bars) else nearest


def check_closing(
    suggested: SuggestedGrade, grade: float | None, reason: str, outcome: str, note: str
) -> list[Problem]:
    """What keeps a closing from being saved: a grade outside 0..1, an override without reason, no decision or note."""
    differs = grade is not None and suggested.grade is not None and abs(grade - suggested.grade) > 1e-9
    offer = "none" if suggested.grade is None else f"{suggested.grade:.1f}"
    rules = (
        (grade is not None and 0 <= grade <= 1, "the grade is not between 0.0 and 1.0.", f"Suggested: {offer}."),
        (reason.strip() or not differs, f"the grade differs from the suggested {offer}.", "Say why."),
        (outcome in OUTCOMES, "there is no decision.", f"Choose one of: {', '.join(OUTCOMES)}."),
        (note.strip(), "the closing note is empty.", "Write what was learned, in a sentence."),
    )
    return [Problem("Closing", what, hint) for holds, what, hint in rules if not holds]


def carry_over(key_result: KeyResult, current: Number | None) -> KeyResult:
    """A draft of the key result for the next cycle: the baseline is the current value, the target stays, the plan goes.

    A target the value has already reached, or passed, is left empty: the owner sets the next one.
    """
    measure = key_result.measure
    if measure.has_direction and current is not None:
        raw = progress(measure, current)
        done = raw is not None and raw >= 1
        measure = replace(measure, baseline=current, target=None if done else measure.target)
    elif measure.is_band and current is not None:
        measure = replace(measure, baseline=current)
    return replace(key_result, measure=measure, plan=())
