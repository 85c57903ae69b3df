"""OKRs as a review freezes them: every objective with its key results, and what they were at the opening."""

from collections.abc import Sequence

from kviboard.board.context import BoardContext
from kviboard.board.okrs.quarter import read_quarter
from kviboard.board.okrs.views import KeyResultView, ObjectiveView, Quarter
from kviboard.board.reviews.document import KeyResultRecord, ObjectiveRecord, ReviewDocument
from kviboard.domain.formatting import format_share
from kviboard.domain.okrs.lifecycle import State


def objective_records(quarter: Quarter, opening: ReviewDocument | None) -> tuple[ObjectiveRecord, ...]:
    """The objectives of a quarter that are no drafts, with what they were at the opening."""
    before = {each.id: each for each in opening.objectives} if opening else {}
    views = (view for view in quarter.objectives if view.state != State.DRAFT)
    return tuple(_objective(view, before.get(view.record.id)) for view in views)


def _objective(view: ObjectiveView, was: ObjectiveRecord | None) -> ObjectiveRecord:
    results = {part.id: part.status for part in was.key_results} if was else {}
    return ObjectiveRecord(
        id=view.record.id,
        title=view.record.title,
        team=view.team,
        status=view.status,
        reason=view.reason,
        progress_text=format_share(view.progress) if view.progress is not None else "no value yet",
        key_results=tuple(key_result_record(part, results.get(part.record.id, "")) for part in view.key_results),
        was=was.status if was else "",
        was_at=was.progress_text if was else "",
    )


def key_result_record(view: KeyResultView, was: str = "") -> KeyResultRecord:
    """A key result as it stands."""
    return KeyResultRecord(
        id=view.record.id,
        title=view.record.title,
        status=view.status,
        reason=view.reason,
        baseline_text=view.baseline_text,
        current_text=view.current_text,
        target_text=view.target_text,
        progress_text=view.progress_text,
        was=was,
    )


def goal_key_results(context: BoardContext, quarter: Quarter, ids: Sequence[int]) -> tuple[KeyResultRecord, ...]:
    """The key results that a sprint's goal should move, as they stand; those of a cycle that ended within the sprint as
    they stand in their own."""
    found = (quarter.key_result(number) or _in_its_own_cycle(context, number, quarter) for number in ids)
    return tuple(key_result_record(view) for view in found if view is not None)


def _in_its_own_cycle(context: BoardContext, number: int, quarter: Quarter) -> KeyResultView | None:
    objective = context.store.objectives.get(context.store.key_results.get(number).objective_id)
    return read_quarter(context, objective.cycle_id, quarter.today).key_result(number)
