"""A quarter as it was when an earlier day was over: later check-ins, changes of target and steps undone.

Periods that were not complete yet are unknown to `kvis.history` on that day. Other edits (titles, owners) stay.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from kviboard.board.context import BoardContext
from kviboard.board.okrs.texts import with_target
from kviboard.domain.okrs.lifecycle import State
from kviboard.store import AuditEntry, KeyResultRow, ObjectiveRow, TargetChange

_STATE_BEFORE = {"activated": State.DRAFT, "closed": State.ACTIVE, "reopened": State.CLOSED}


def rows_on(context: BoardContext, cycle_id: int, day: date, newest: int) -> list[ObjectiveRow]:
    """The objectives of a cycle when `day` was over; what was made later is left out."""
    midnight = datetime.combine(day + timedelta(days=1), time(), context.board.workspace.company.zone)
    moved = _by_key_result(context.store.key_results.target_changes_since(midnight))
    states = _states_before(context.store.history.since(midnight))
    return [
        replace(
            row,
            objective=replace(row.objective, state=state),
            key_results=tuple(
                as_of(context, part, moved[part.key_result.id], day)
                for part in row.key_results
                if part.key_result.created_at < midnight
            ),
        )
        for row in context.store.objectives_of(cycle_id, newest, through=day)
        if row.objective.created_at < midnight
        for state in (states.get(row.objective.id, row.objective.state),)
    ]


def as_of(context: BoardContext, row: KeyResultRow, changes: Sequence[TargetChange], day: date) -> KeyResultRow:
    """The key result as it was when `day` was over. `changes` are those of this key result, oldest first."""
    check_ins = tuple(check_in for check_in in row.check_ins if check_in.day <= day)
    later = next((change for change in changes if context.day_of(change.created_at) > day), None)
    return KeyResultRow(with_target(row.key_result, later, "before") if later else row.key_result, check_ins)


def _states_before(later: Sequence[AuditEntry]) -> dict[int, State]:
    """The state of objectives before their first step later on; the others have not moved."""
    states: dict[int, State] = {}
    for entry in later:
        if entry.row_of == "objectives" and entry.action in _STATE_BEFORE:
            states.setdefault(entry.row_id, _STATE_BEFORE[entry.action])
    return states


def _by_key_result(changes: Sequence[TargetChange]) -> Mapping[int, list[TargetChange]]:
    groups: defaultdict[int, list[TargetChange]] = defaultdict(list)
    for change in changes:
        groups[change.key_result_id].append(change)
    return groups
