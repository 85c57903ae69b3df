"""Everything said about an objective, key result or guardrail as typed: live and, the same again, when it is saved.

All problems come at once; wording and luck only warn. Saving belongs to `saving`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import partial

from kviboard.board.context import BoardContext
from kviboard.board.numbers import read_number
from kviboard.board.okrs.forms import GuardrailForm, KeyResultForm, ObjectiveForm
from kviboard.board.wording.coaching import Coached, coached_key_result, coached_objective
from kviboard.domain.formatting import format_value
from kviboard.domain.kvis.kvi import AS_A_LIMIT
from kviboard.domain.okrs import model as okr
from kviboard.domain.okrs.chance import reachable_by_luck
from kviboard.errors import Problem
from kviboard.store import NewGuardrail, NewKeyResult, NewObjective, as_rules_see

_SHARE = re.compile(r"(?:the )?(?:share|percentage|proportion) of\b", re.IGNORECASE)
LONGEST_LINE = (
    300  # characters of a title or name, which lists show whole: a page pasted into one would hide the others
)


@dataclass(frozen=True)
class CheckedObjective:
    """What is said about an objective while it is typed; `new` can be saved where there is no problem."""

    new: NewObjective
    problems: tuple[Problem, ...]
    coached: Coached


@dataclass(frozen=True)
class CheckedKeyResult:
    """What is said about a key result while it is typed; `new` can be saved where there is no problem. `luck` is the
    warning of a target within normal variation."""

    new: NewKeyResult
    problems: tuple[Problem, ...]
    coached: Coached
    luck: str = ""
    hints: tuple[str, ...] = ()


def check_objective(context: BoardContext, cycle_id: int, form: ObjectiveForm) -> CheckedObjective:
    """Everything that can be said about an objective as typed."""
    weight, problems = read_number(form.weight, "number", "Weight")
    if not problems and (weight or 0) <= 0:
        problems = [Problem("Weight", "it is not greater than 0.", "Use 1 where all matter alike.")]
    if not form.title.strip():
        problems = [Problem("Objective", "it is empty.", "Say what changes for the customer."), *problems]
    problems = [*_too_long({"Objective": form.title, "Team": form.team, "Owner": form.owner}), *problems]
    new = NewObjective(
        cycle_id=cycle_id,
        title=form.title.strip(),
        team=form.team.strip() or None,
        customer_promise=form.customer_promise.strip(),
        owner=form.owner.strip() or None,
        weight=weight or Decimal(1),
        parent_id=form.parent_id,
    )
    return CheckedObjective(new, tuple(problems), coached_objective(context, form.title))


def check_key_result(
    context: BoardContext, objective_id: int, cycle: okr.Cycle, form: KeyResultForm, draft: bool = True
) -> CheckedKeyResult:
    """Everything that can be said about a key result as typed; in a draft numbers may still be missing."""
    endless = _too_long({"Key result": form.title, "Owner": form.owner})
    unit, problems = _unit(context, form)
    numbers, wrong = _numbers(form, unit)
    plan, strange = _plan(form)
    new = NewKeyResult(
        objective_id=objective_id,
        title=form.title.strip(),
        kind=form.kind,
        owner=form.owner.strip() or None,
        unit=unit,
        ambition=form.ambition,
        weight=numbers.pop("weight") or Decimal(0),
        kvi=form.kvi or None,
        grain=form.grain or None if form.kvi else None,
        where={name: list(values) for name, values in form.where.items() if values} if form.kvi else {},
        cadence_days=form.cadence_days,
        plan=plan,
        **numbers,
    )
    rules = as_rules_see(new)
    broken = [] if endless else okr.check_key_result(rules, cycle, draft)  # which names the title
    problems += [*endless, *wrong, *strange, *_raised_limit(context, new), *broken]
    return CheckedKeyResult(
        new,
        tuple(problems),
        coached_key_result(context, form.title, rules.measure),
        _luck(context, new),
        tuple(_hints(context, new, cycle)),
    )


def check_guardrail(
    context: BoardContext, objective_id: int, form: GuardrailForm
) -> tuple[NewGuardrail, list[Problem]]:
    """A guardrail as typed and everything that keeps it from being saved."""
    unit, problems = _unit(context, form)
    lower, low_wrong = read_number(form.lower, unit, "At least")
    upper, high_wrong = read_number(form.upper, unit, "At most")
    new = NewGuardrail(
        objective_id=objective_id, kvi=form.kvi, grain=form.grain, where=form.where, lower=lower, upper=upper
    )
    if not form.kvi:
        problems = [Problem("Guardrail", "it has no KVI.", "Choose the one that must not suffer.")]
    if lower is None and upper is None and not (low_wrong or high_wrong):
        problems.append(Problem("Guardrail", "it has no bound.", "Say at least, at most, or both."))
    if lower is not None and upper is not None and lower > upper:
        problems.append(Problem("Guardrail", "the lower bound lies above the upper bound.", "Swap them."))
    return new, [*problems, *low_wrong, *high_wrong]


def _too_long(lines: Mapping[str, str]) -> list[Problem]:
    return [
        Problem(name, f"it has {len(line):,} characters.", f"Shorten it to {LONGEST_LINE} or fewer.")
        for name, line in lines.items()
        if len(line) > LONGEST_LINE
    ]


def _unit(context: BoardContext, form: KeyResultForm | GuardrailForm) -> tuple[str, list[Problem]]:
    typed_unit = form.unit if isinstance(form, KeyResultForm) else "number"
    if not form.kvi:
        return typed_unit, []
    _, trouble = context.history_or_trouble(form.kvi, form.grain or None, form.where)
    known = context.board.catalog.kvis.get(form.kvi)
    problems = [Problem("KVI", trouble)] if trouble else []
    for dimension, chosen in form.where.items():
        strange = [value for value in chosen if value not in context.dimension_values.get(dimension, chosen)]
        problems += [Problem("KVI", f"{dimension} has no value “{value}”.", "Choose another.") for value in strange]
    if not form.grain:
        problems = [Problem("KVI", "its grain is missing.", "Choose the periods that it is read in.")]
    return (known.unit if known else typed_unit), problems


def _numbers(form: KeyResultForm, unit: str) -> tuple[dict[str, Decimal | None], list[Problem]]:
    """The weight and the numbers that the kind uses; what was typed for another kind is left out."""
    read = {"weight": read_number(form.weight, "number", "Weight")}
    for name in okr.MEASURE_NUMBERS:
        used = form.kind not in okr.KINDS or name in okr.KINDS[form.kind].numbers
        read[name] = read_number(getattr(form, name), unit, name.capitalize()) if used else (None, [])
    return {name: value for name, (value, _) in read.items()}, [p for _, found in read.values() for p in found]


def _plan(form: KeyResultForm) -> tuple[tuple[okr.PlanPoint, ...], list[Problem]]:
    read = [(day, *read_number(text, "percent", "Plan")) for day, text in form.plan]
    points = tuple(okr.PlanPoint(day, share) for day, share, _ in read if share is not None)
    return points, [problem for *_, found in read for problem in found]


def _luck(context: BoardContext, new: NewKeyResult) -> str:
    if not new.kvi:
        return ""
    history, _ = context.history_or_trouble(new.kvi, new.grain, new.where)
    if history is None:
        return ""
    show = partial(format_value, unit=history.kvi.unit, currency=context.currency)
    return reachable_by_luck(as_rules_see(new).measure, *history.normal, show, history.kvi.limits) or ""


def _raised_limit(context: BoardContext, new: NewKeyResult) -> list[Problem]:
    """A supervisor's requirement that a key result would raise or lower, instead of keeping within its band."""
    kvi = context.board.catalog.kvis.get(new.kvi or "")
    way = okr.KINDS[new.kind].better if new.kind in okr.KINDS else ""
    return [Problem("KVI", kvi.no_target, AS_A_LIMIT)] if kvi and kvi.no_target and way else []


def _hints(context: BoardContext, new: NewKeyResult, cycle: okr.Cycle) -> list[str]:
    kvi = context.board.catalog.kvis.get(new.kvi or "")
    if kvi is None:
        share = _SHARE.match(new.title) if new.unit == "number" and new.kind != "milestone" else None
        return (
            [f"“{share[0]} …” is usually in per cent: with the unit “Number” it reads 40, not 40 %."] if share else []
        )
    hints = []
    days = (cycle.ends_on - cycle.starts_on).days + 1
    if kvi.complete_after >= days:
        hints.append(
            f"{kvi.title} is complete only {kvi.complete_after} days after a period: it has no value within this cycle."
        )
    way = okr.KINDS[new.kind].better if new.kind in okr.KINDS else ""
    if way and way != kvi.better:
        hints.append(f"{kvi.title} is better when it goes {kvi.better}; this key result wants it {way}.")
    return hints
