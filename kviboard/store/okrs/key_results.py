"""Key results: added, edited, their targets changed with a reason. Rules and progress are domain's."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, insert, select

from kviboard.domain.okrs.lifecycle import State, changed_terms, check_change
from kviboard.domain.okrs.model import MEASURE_NUMBERS, Cycle, check_key_result
from kviboard.errors import StoreError
from kviboard.store.okrs.okrs import open_ones
from kviboard.store.records import KeyResult, NewKeyResult, TargetChange
from kviboard.store.rows import Editable, one, records, selection, typed
from kviboard.store.rules import as_rules_see, refuse, refuse_closed
from kviboard.store.saving import Author, Save, gone
from kviboard.store.schema import check_ins, cycles, key_results, objectives, target_changes


class KeyResults(Editable[NewKeyResult, KeyResult]):
    """The measures of an objective."""

    table, new_kind, kind = key_results, NewKeyResult, KeyResult

    def driven_by(self, kvi: str) -> list[KeyResult]:
        """The key results that a KVI drives, in objectives that are not closed."""
        found = selection(KeyResult, key_results).where(
            key_results.c.kvi == kvi, key_results.c.archived_at.is_(None), key_results.c.objective_id.in_(open_ones())
        )
        with self._database.reading() as connection:
            return records(KeyResult, connection.execute(found.order_by(key_results.c.id)))

    def target_changes(self, key_result_id: int) -> list[TargetChange]:
        """How the target moved while the key result was active, oldest first."""
        found = selection(TargetChange, target_changes).where(target_changes.c.key_result_id == key_result_id)
        with self._database.reading() as connection:
            return records(TargetChange, connection.execute(found.order_by(target_changes.c.id)))

    def target_changes_since(self, moment: datetime) -> list[TargetChange]:
        """How the targets of all key results moved from a moment on, oldest first."""
        found = selection(TargetChange, target_changes).where(target_changes.c.created_at >= moment)
        with self._database.reading() as connection:
            return records(TargetChange, connection.execute(found.order_by(target_changes.c.id)))

    def edit(self, changed: KeyResult, *, author: Author, reason: str = "") -> KeyResult:
        """Saves a key result changed with `dataclasses.replace`. What an active one is judged by (baseline, target,
        band, plan, KVI, ambition) needs a reason; its kind is frozen after the first check-in."""
        with self._database.saving(author) as save:
            if save.repeated(key_results) is None:
                before = one(save.connection, KeyResult, key_results, changed.id)
                if before.version == changed.version:
                    self._allow_change(save, before, changed, reason)
                _save_change(save, before, changed, reason)
            return one(save.connection, KeyResult, key_results, changed.id)

    def allow(self, save: Save, wanted: NewKeyResult | KeyResult, before: KeyResult | None) -> None:
        """Refuses what the rules refuse: anything in a closed objective, an incomplete one in an active objective."""
        state, title, cycle = _surroundings(save.connection, wanted.objective_id)
        refuse_closed(state, title)
        if before is None or as_rules_see(wanted) != as_rules_see(before):  # archiving is never refused for its content
            refuse(check_key_result(as_rules_see(wanted), cycle, draft=state == State.DRAFT))

    def _allow_change(self, save: Save, before: KeyResult, after: KeyResult, reason: str) -> None:
        self.allow(save, after, before)
        count = select(func.count()).where(check_ins.c.key_result_id == before.id)
        state, _, _ = _surroundings(save.connection, before.objective_id)
        noted = save.connection.execute(count).scalar_one()
        refuse(check_change(as_rules_see(before), as_rules_see(after), state, noted, reason))


def _surroundings(connection: Connection, objective_id: int) -> tuple[State, str, Cycle]:
    """State and title of the objective, and its cycle."""
    found = select(objectives.c.state, objectives.c.title, cycles.c.name, cycles.c.starts_on, cycles.c.ends_on)
    row = connection.execute(found.join(cycles).where(objectives.c.id == objective_id)).first()
    if row is None:
        raise StoreError(gone("objective", objective_id))
    return State(row.state), row.title, Cycle(row.name, row.starts_on, row.ends_on)


def _save_change(save: Save, before: KeyResult, after: KeyResult, reason: str) -> None:
    """The edit; where it moves the target of an active key result, also the change of target."""
    moved = bool(changed_terms(as_rules_see(before), as_rules_see(after))) and bool(reason.strip())
    action = "target changed" if moved else "changed"
    values = typed(NewKeyResult, after)
    if save.change(key_results, before.id, after.version, values, action, reason.strip() or None) and moved:
        save.connection.execute(insert(target_changes).values(**_moved(save, before, values, reason)))


def _moved(save: Save, before: KeyResult, after: Mapping[str, Any], reason: str) -> dict[str, Any]:
    old = {f"{name}_before": getattr(before, name) for name in MEASURE_NUMBERS}
    new = {f"{name}_after": after[name] for name in MEASURE_NUMBERS}
    stamps = {"created_at": save.at, "created_by": save.by, "key_result_id": before.id, "reason": reason}
    return {**old, **new, **stamps}
