"""What needs attention: the lines on top of the quarter's page, most pressing first. `quarter` reads their ground."""

from collections.abc import Iterator, Sequence
from datetime import date

from kviboard.board.okrs.views import KeyResultView, ObjectiveView, Todo, TodoAction
from kviboard.domain.formatting import counted, format_day
from kviboard.domain.okrs.badges import OUTDATED
from kviboard.domain.okrs.lifecycle import State
from kviboard.domain.okrs.status import WORST_FIRST, Status
from kviboard.store import Cycle

_URGENT = (Status.OFF_TRACK, Status.AT_RISK)


def what_to_do(cycle: Cycle, views: Sequence[ObjectiveView], day: date) -> tuple[Todo, ...]:
    """What is to close once the cycle has ended; what no KVI can tell; outdated key results, then those off track or at
    risk; owners that are missing; drafts."""
    active = [view for view in views if view.state == State.ACTIVE]
    return (
        *_ended(cycle, active, day),
        *(todo for view in active for todo in _not_computed(view)),
        *(todo for view in active for part in view.key_results for todo in _outdated(view, part)),
        *sorted((todo for view in active for todo in _in_trouble(view)), key=_urgency),
        *(todo for view in views for todo in _without_owner(view)),
        *(_draft(view) for view in views if view.state == State.DRAFT),
    )


def owners_of(views: Sequence[ObjectiveView]) -> dict[tuple[int, int | None], str]:
    """Who answers for what, by the numbers of objective and key result (None: the objective itself). A key result that
    nobody owns is its objective's owner's; "" where nobody owns either."""
    owners: dict[tuple[int, int | None], str] = {}
    for view in views:
        responsible = owners[view.record.id, None] = view.record.owner or ""
        owners |= {(view.record.id, part.record.id): part.record.owner or responsible for part in view.key_results}
    return owners


def _urgency(todo: Todo) -> int:
    return WORST_FIRST.index(todo.status or Status.PENDING)


def _not_computed(view: ObjectiveView) -> Iterator[Todo]:
    """Key results and guardrails that look calm because their KVI cannot be computed, as one whose file is gone."""
    for part in view.key_results:
        if part.trouble:
            yield Todo(TodoAction.OPEN, part.record.title, part.trouble, view.record.id, part.record.id)
    for rail in view.guardrails:
        if rail.trouble:
            why = f"its guardrail {rail.title} guards nothing: {rail.trouble}"
            yield Todo(TodoAction.OPEN, view.record.title, why, view.record.id)


def _outdated(view: ObjectiveView, part: KeyResultView) -> Iterator[Todo]:
    if part.badge and _is_outdated(part):
        yield Todo(
            TodoAction.CHECK_IN, part.record.title, part.badge.reason, view.record.id, part.record.id, part.status
        )


def _is_outdated(part: KeyResultView) -> bool:
    return part.badge is not None and part.badge.name == OUTDATED


def _in_trouble(view: ObjectiveView) -> Iterator[Todo]:
    for part in view.key_results:
        if part.status in _URGENT and not _is_outdated(part):
            yield Todo(TodoAction.OPEN, part.record.title, part.reason, view.record.id, part.record.id, part.status)
    for breach in view.breaches:
        yield Todo(
            TodoAction.OPEN, view.record.title, f"guardrail breached: {breach}", view.record.id, None, view.status
        )


def _without_owner(view: ObjectiveView) -> Iterator[Todo]:
    if view.state == State.CLOSED:
        return
    if not view.record.owner:
        yield Todo(TodoAction.NAME_OWNER, view.record.title, "nobody owns this objective", view.record.id)
    for record in (part.record for part in view.key_results):
        if not record.owner:
            yield Todo(TodoAction.NAME_OWNER, record.title, "nobody owns this key result", view.record.id, record.id)


def _draft(view: ObjectiveView) -> Todo:
    count = len(view.key_results)
    if not count:
        return Todo(
            TodoAction.ADD, view.record.title, "a draft without a key result; 2 to 5 make it active", view.record.id
        )
    why = f"a draft with {counted(count, 'key result')}; it counts once it is active"
    return Todo(TodoAction.ACTIVATE, view.record.title, why, view.record.id)


def _ended(cycle: Cycle, active: Sequence[ObjectiveView], day: date) -> Iterator[Todo]:
    for view in active if day >= cycle.ends_on else ():
        why = f"{cycle.name} ended on {format_day(cycle.ends_on)} and this is still active"
        yield Todo(TodoAction.CLOSE, view.record.title, why, view.record.id, None, view.status)
