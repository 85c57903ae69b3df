"""Saves what a table of OKRs brings: all of it or nothing."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from kviboard.board.context import BoardContext
from kviboard.board.okrs.tables.plan import ImportPlan
from kviboard.board.okrs.tables.planned import PlannedKeyResult, PlannedObjective
from kviboard.domain.okrs.lifecycle import State
from kviboard.store import Author, Incoming, NewCycle
from kviboard.store.okrs.incoming import Name


def apply_import(context: BoardContext, plan: ImportPlan, author: Author) -> None:
    """Save what was planned. Raises StoreError where the store is out of reach or refuses it; then nothing is saved."""
    context.store.take_in(list(_rows(context, plan, author.at)), author=author)


def _rows(context: BoardContext, plan: ImportPlan, at: datetime) -> Iterator[Incoming]:
    there = {cycle.name: cycle for cycle in context.store.cycles.all()}
    for name, new in plan.cycles.items():
        yield Incoming(("cycles", name), asdict(new))
    for objective in plan.objectives.values():
        cycle = there.get(objective.cycle)
        values, refers = _objective(context, plan, objective)
        if cycle is None:
            refers["cycle_id"] = ("cycles", objective.cycle)
        else:
            values["cycle_id"] = cycle.id
        yield Incoming(objective.name, values, refers)
        for result in objective.results:
            yield _key_result(plan, objective, result)
            yield from _said(result, cycle or plan.cycles[objective.cycle], at)
            yield from result.others
        yield from objective.others


def _objective(
    context: BoardContext, plan: ImportPlan, objective: PlannedObjective
) -> tuple[dict[str, Any], dict[str, Name]]:
    values = asdict(objective.new) | {"state": str(objective.state)}
    del values["cycle_id"]
    if objective.state == State.CLOSED:
        values |= objective.grade
    refers = _carried(objective.carried_from, plan.objectives.values())
    parent = _parent(plan, objective)
    if parent is not None:
        refers["parent_id"] = parent.name
    elif objective.parent:
        found = [
            row.objective.id
            for cycle in context.store.cycles.all()
            for row in context.store.objectives_of(cycle.id)
            if row.objective.title == objective.parent
        ]
        values["parent_id"] = found[0] if found else None
    return values, refers


def _parent(plan: ImportPlan, objective: PlannedObjective) -> PlannedObjective | None:
    """The objective in the file that is supported: by number, else by title, one of the same cycle first."""
    others = [each for each in plan.objectives.values() if each is not objective]
    if objective.parent_no:
        return next((each for each in others if each.number == objective.parent_no), None)
    named = [each for each in others if objective.parent and each.new.title == objective.parent]
    return next((each for each in named if each.cycle == objective.cycle), named[0] if named else None)


def _key_result(plan: ImportPlan, objective: PlannedObjective, result: PlannedKeyResult) -> Incoming:
    values = asdict(result.new) | {"plan": result.new.plan, "where": dict(result.new.where)}
    del values["objective_id"]
    if objective.state == State.CLOSED:
        values |= result.grade
    refers = {"objective_id": objective.name}
    refers |= _carried(result.carried_from, plan.key_results)
    return Incoming(result.name, values, refers)


def _said(result: PlannedKeyResult, cycle: NewCycle, at: datetime) -> Iterator[Incoming]:
    """The check-ins in the order they were said; one without a day is of the day it comes in, within the cycle. A
    correction of what is not in the file stands for itself."""
    today = min(max(at.date(), cycle.starts_on), cycle.ends_on)
    said = {result.name}
    for each in sorted(result.check_ins, key=lambda check_in: check_in.at or at):
        refers = {column: other for column, other in each.refers.items() if other in said}
        yield replace(each, values={**each.values, "day": each.values["day"] or today}, refers=refers)
        said.add(each.name)


def _carried(number: str, found: Iterable[PlannedObjective | PlannedKeyResult]) -> dict[str, Name]:
    """What it was carried over from, where that is in the file."""
    same = [each.name for each in found if number and each.number == number]
    return {"carried_from_id": same[0]} if same else {}
