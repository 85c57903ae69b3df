"""Saving objectives, key results, guardrails and cycles: what was typed is checked again, whoever sent it.

Every function saves once per click, by a person at a time (`Author`). Raises StoreError with every problem, and
ConflictError where somebody saved first; the form keeps what was typed. Check-ins are in `check_ins`, the steps of
the life cycle in `lifecycle`.
"""

from dataclasses import fields, replace
from typing import Any

from kviboard.board.context import BoardContext
from kviboard.board.okrs.forms import GuardrailForm, KeyResultForm, ObjectiveForm
from kviboard.board.okrs.validation import CheckedKeyResult, check_guardrail, check_key_result, check_objective
from kviboard.domain.okrs import model as okr
from kviboard.domain.okrs.lifecycle import State
from kviboard.store import (
    Author,
    Cycle,
    Guardrail,
    KeyResult,
    NewCycle,
    NewGuardrail,
    NewKeyResult,
    NewObjective,
    Objective,
    refuse,
)


def add_cycle(context: BoardContext, new: NewCycle, *, author: Author) -> Cycle:
    """Adds a cycle; `okr_proposals.propose_cycle` proposes one."""
    return context.store.cycles.add(new, author=author)


def save_cycle(context: BoardContext, changed: Cycle, *, author: Author) -> Cycle:
    """Saves another name or other days of a cycle, by which all its objectives are judged."""
    return context.store.cycles.edit(changed, author=author)


def archive_cycle(context: BoardContext, record: Cycle, *, author: Author) -> Cycle:
    """Deletes a cycle, as far as people see. StoreError where objectives are in it."""
    return context.store.cycles.archive(record, author=author)


def cycle_named(context: BoardContext, new: NewCycle, *, author: Author) -> Cycle:
    """The cycle of this name, added where it is not there yet, by the same click as what goes into it."""
    there = next((cycle for cycle in context.store.cycles.all() if cycle.name == new.name), None)
    return there or context.store.cycles.add(new, author=replace(author, key=None))


def save_objective(
    context: BoardContext, cycle_id: int, form: ObjectiveForm, record: Objective | None = None, *, author: Author
) -> Objective:
    """Adds an objective as a draft, or saves the form over the one `record`. Parents that go round are refused."""
    checked = check_objective(context, cycle_id, form)
    refuse(checked.problems)
    if record is None:
        return context.store.objectives.add(checked.new, author=author)
    return context.store.objectives.edit(replace(record, **_typed(checked.new, NewObjective)), author=author)


def archive_objective(context: BoardContext, record: Objective, *, author: Author) -> Objective:
    """Deletes an objective, as far as people see; those that support it become orphans."""
    return context.store.objectives.archive(record, author=author)


def save_key_result(
    context: BoardContext,
    objective_id: int,
    form: KeyResultForm,
    record: KeyResult | None = None,
    reason: str = "",
    *,
    author: Author,
) -> KeyResult:
    """Adds a key result, or saves the form over the one `record`.

    An active one needs a `reason` where what it is judged by changes (baseline, target, band, plan, KVI, ambition).
    """
    checked = _check(context, objective_id, form)
    refuse(checked.problems)
    if record is None:
        return context.store.key_results.add(checked.new, author=author)
    changed = replace(record, **_typed(checked.new, NewKeyResult))
    return context.store.key_results.edit(changed, reason=reason, author=author)


def archive_key_result(context: BoardContext, record: KeyResult, *, author: Author) -> KeyResult:
    """Deletes a key result, as far as people see."""
    return context.store.key_results.archive(record, author=author)


def save_guardrail(
    context: BoardContext, objective_id: int, form: GuardrailForm, record: Guardrail | None = None, *, author: Author
) -> Guardrail:
    """Adds a guardrail to an objective, or saves the form over the one `record`."""
    new, problems = check_guardrail(context, objective_id, form)
    refuse(problems)
    if record is None:
        return context.store.guardrails.add(new, author=author)
    return context.store.guardrails.edit(replace(record, **_typed(new, NewGuardrail)), author=author)


def archive_guardrail(context: BoardContext, record: Guardrail, *, author: Author) -> Guardrail:
    """Takes a guardrail away."""
    return context.store.guardrails.archive(record, author=author)


def _check(context: BoardContext, objective_id: int, form: KeyResultForm) -> CheckedKeyResult:
    objective = context.store.objectives.get(objective_id)
    cycle = context.store.cycles.get(objective.cycle_id)
    rules_cycle = okr.Cycle(cycle.name, cycle.starts_on, cycle.ends_on)
    return check_key_result(context, objective_id, rules_cycle, form, draft=objective.state == State.DRAFT)


def _typed(new: object, kind: type[NewObjective | NewKeyResult | NewGuardrail]) -> dict[str, Any]:
    return {each.name: getattr(new, each.name) for each in fields(kind)}
