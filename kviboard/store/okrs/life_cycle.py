"""Draft → Active → Closed and back, and what goes on in the next cycle. Which steps exist is domain.life_cycle's."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection, select

from kviboard.domain.okrs.lifecycle import STEPS, State, check_step
from kviboard.domain.okrs.model import Cycle
from kviboard.store.database import Database
from kviboard.store.records import (
    Grade,
    Graded,
    Guardrail,
    KeyResult,
    NewGuardrail,
    NewKeyResult,
    NewObjective,
    Objective,
    TargetValues,
)
from kviboard.store.rows import names_of, one, records, selection, typed
from kviboard.store.rules import as_rules_see, refuse
from kviboard.store.saving import Author, Save
from kviboard.store.schema import cycles, guardrails, key_results, objectives

NOT_GRADED = dict.fromkeys(names_of(Graded))


class LifeCycle:
    """The steps of an objective, its key results with it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def activate(self, objective: Objective, *, author: Author) -> Objective:
        """Draft → Active. StoreError with all that is missing in its key results."""
        with self._database.saving(author) as save:
            return _step(save, "activate", objective, {})

    def close(
        self,
        objective: Objective,
        grade: Grade,
        key_result_grades: Mapping[int, Grade],
        *,
        author: Author,
    ) -> Objective:
        """Active → Closed, with the grade of the objective and those of its key results by their number."""
        with self._database.saving(author) as save:
            if save.repeated(objectives) is not None:
                return one(save.connection, Objective, objectives, objective.id)
            closed = _step(save, "close", objective, asdict(grade))
            for key_result in _key_results(save.connection, objective.id):
                if key_result.id in key_result_grades:
                    graded = asdict(key_result_grades[key_result.id])
                    save.change(key_results, key_result.id, key_result.version, graded, "closed")
            return closed

    def reopen(self, objective: Objective, reason: str, *, author: Author) -> Objective:
        """Closed → Active; the grades go, the audit keeps them."""
        with self._database.saving(author) as save:
            if save.repeated(objectives) is not None:
                return one(save.connection, Objective, objectives, objective.id)
            reopened = _step(save, "reopen", objective, NOT_GRADED, reason)
            for key_result in _key_results(save.connection, objective.id):
                save.change(key_results, key_result.id, key_result.version, NOT_GRADED, "reopened", reason)
            return reopened

    def carry_over(
        self,
        objective_id: int,
        into: int,
        chosen: Mapping[int, TargetValues],
        *,
        author: Author,
    ) -> Objective:
        """A draft of the objective in the cycle `into`, with the chosen key results (by number) at their new baselines
        and targets, and its guardrails. Plans, grades and check-ins stay behind. Returns the draft."""
        with self._database.saving(author) as save:
            row_id = save.repeated(objectives)
            if row_id is None:
                row_id = _carry_objective(save, objective_id, into)
                for key_result in _key_results(save.connection, objective_id):
                    if key_result.id in chosen:
                        _carry_key_result(save, key_result, row_id, chosen[key_result.id])
                _carry_guardrails(save, objective_id, row_id)
            return one(save.connection, Objective, objectives, row_id)


def _step(save: Save, step: str, given: Objective, values: Mapping[str, Any], reason: str | None = None) -> Objective:
    """Takes a step; the same click takes it once."""
    if save.repeated(objectives) is None:
        now = one(save.connection, Objective, objectives, given.id)
        if now.version == given.version:
            measures = [as_rules_see(key_result) for key_result in _key_results(save.connection, given.id)]
            refuse(check_step(step, State(now.state), measures, _cycle(save.connection, now.cycle_id)))
        done = {"activate": "activated", "close": "closed", "reopen": "reopened"}[step]
        save.change(objectives, given.id, given.version, {**values, "state": STEPS[step][1].value}, done, reason)
    return one(save.connection, Objective, objectives, given.id)


def _key_results(connection: Connection, objective_id: int) -> list[KeyResult]:
    found = selection(KeyResult, key_results).where(
        key_results.c.objective_id == objective_id, key_results.c.archived_at.is_(None)
    )
    return records(KeyResult, connection.execute(found.order_by(key_results.c.id)))


def _cycle(connection: Connection, cycle_id: int) -> Cycle:
    row = connection.execute(select(cycles).where(cycles.c.id == cycle_id)).one()
    return Cycle(row.name, row.starts_on, row.ends_on)


def _carry_objective(save: Save, objective_id: int, into: int) -> int:
    """The copy supports the copy of the parent, where that one was carried over too."""
    old = one(save.connection, Objective, objectives, objective_id)
    parent = select(objectives.c.id).where(
        objectives.c.carried_from_id == old.parent_id, objectives.c.cycle_id == into, objectives.c.archived_at.is_(None)
    )
    values = {
        **typed(NewObjective, old),
        "cycle_id": into,
        "parent_id": save.connection.execute(parent).scalars().first(),
        "carried_from_id": objective_id,
    }
    return save.add(objectives, values, "carried over")


def _carry_key_result(save: Save, old: KeyResult, objective_id: int, new: TargetValues) -> None:
    values = {
        **typed(NewKeyResult, old),
        **asdict(new),
        "objective_id": objective_id,
        "plan": (),
        "carried_from_id": old.id,
    }
    save.add(key_results, values, "carried over")


def _carry_guardrails(save: Save, old_id: int, new_id: int) -> None:
    found = selection(Guardrail, guardrails).where(
        guardrails.c.objective_id == old_id, guardrails.c.archived_at.is_(None)
    )
    for guardrail in records(Guardrail, save.connection.execute(found)):
        save.add(guardrails, {**typed(NewGuardrail, guardrail), "objective_id": new_id}, "carried over")
