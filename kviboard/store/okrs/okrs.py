"""Cycles, objectives and guardrails: added, edited, archived. Life cycle and key results have modules of their own."""

from datetime import date

from sqlalchemy import Connection, Select, func, select

from kviboard.domain.formatting import counted
from kviboard.domain.okrs.alignment import check_parent
from kviboard.domain.okrs.lifecycle import State
from kviboard.errors import StoreError
from kviboard.store.records import Cycle, Guardrail, NewCycle, NewGuardrail, NewObjective, Objective
from kviboard.store.rows import Editable, one, records, selection, typed
from kviboard.store.rules import refuse, refuse_closed
from kviboard.store.saving import Author, Save
from kviboard.store.schema import cycles, guardrails, objectives


class Cycles(Editable[NewCycle, Cycle]):
    """The stretches of time that objectives live in."""

    table, new_kind, kind = cycles, NewCycle, Cycle

    def archive(self, record: Cycle, *, author: Author) -> Cycle:
        """Deletes a cycle, as far as people see. StoreError where objectives are in it, which would go with it."""
        with self._database.saving(author) as save:
            if save.repeated(cycles) is None:
                inside = select(func.count()).where(
                    objectives.c.cycle_id == record.id, objectives.c.archived_at.is_(None)
                )
                count = save.connection.execute(inside).scalar_one()
                if count:
                    raise StoreError(f"{record.name} has {counted(count, 'objective')}: archive them before it.")
                save.change(cycles, record.id, record.version, {"archived_at": save.at}, "archived")
            return one(save.connection, Cycle, cycles, record.id)

    def all(self) -> list[Cycle]:
        """The cycles that are not archived, newest first."""
        found = selection(Cycle, cycles).where(cycles.c.archived_at.is_(None)).order_by(cycles.c.starts_on.desc())
        with self._database.reading() as connection:
            return records(Cycle, connection.execute(found))

    def on(self, day: date) -> Cycle | None:
        """The cycle that a day lies in: the one that starts last."""
        return next((cycle for cycle in self.all() if cycle.starts_on <= day <= cycle.ends_on), None)


class Objectives(Editable[NewObjective, Objective]):
    """What changes for the customer. See life_cycle for activating, closing, reopening and carrying over."""

    table, new_kind, kind = objectives, NewObjective, Objective

    def all_parents(self) -> dict[int, int | None]:
        """Which objective supports which, over all cycles: objective -> the one it supports."""
        with self._database.reading() as connection:
            return parents(connection)

    def restore(self, record: Objective, *, author: Author) -> Objective:
        """Brings an archived objective back, and its cycle, where that was archived with it."""
        with self._database.saving(author) as save:
            if save.repeated(objectives) is None:
                save.change(objectives, record.id, record.version, {"archived_at": None}, "restored")
                cycle = save.row(cycles, record.cycle_id)
                save.change(cycles, cycle.id, cycle.version, {"archived_at": None}, "restored")
            return one(save.connection, Objective, objectives, record.id)

    def allow(self, save: Save, wanted: NewObjective | Objective, before: Objective | None) -> None:
        """Refuses edits of a closed objective, and parents that would go round in a circle. Archiving is no edit."""
        if before is not None and typed(NewObjective, wanted) != typed(NewObjective, before):
            refuse_closed(before.state, before.title)
            if wanted.parent_id != before.parent_id:
                refuse(check_parent(parents(save.connection), before.id, wanted.parent_id))


class Guardrails(Editable[NewGuardrail, Guardrail]):
    """KVIs that must stay within their band while an objective is pursued."""

    table, new_kind, kind = guardrails, NewGuardrail, Guardrail

    def driven_by(self, kvi: str) -> list[Guardrail]:
        """The guardrails that a KVI drives, of objectives that are not closed."""
        found = selection(Guardrail, guardrails).where(
            guardrails.c.kvi == kvi, guardrails.c.archived_at.is_(None), guardrails.c.objective_id.in_(open_ones())
        )
        with self._database.reading() as connection:
            return records(Guardrail, connection.execute(found.order_by(guardrails.c.id)))

    def allow(self, save: Save, wanted: NewGuardrail | Guardrail, before: Guardrail | None) -> None:
        """Refuses guardrails of a closed objective."""
        objective = save.row(objectives, wanted.objective_id)
        refuse_closed(objective.state, objective.title)


def parents(connection: Connection) -> dict[int, int | None]:
    """Which objective supports which, of those that are not archived."""
    found = select(objectives.c.id, objectives.c.parent_id).where(objectives.c.archived_at.is_(None))
    return {row.id: row.parent_id for row in connection.execute(found)}


def open_ones() -> Select[tuple[int]]:
    """The numbers of the objectives that are neither closed nor archived."""
    return select(objectives.c.id).where(objectives.c.state != State.CLOSED, objectives.c.archived_at.is_(None))
