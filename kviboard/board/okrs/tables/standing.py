"""Where key results stand, for the table of OKRs: computed from data and check-ins, so it goes out and is never read
again."""

from kviboard.board.context import BoardContext
from kviboard.board.okrs.quarter import read_quarter
from kviboard.board.okrs.tables.cells import Cells, as_exact, number_text
from kviboard.board.okrs.views import KeyResultView
from kviboard.domain.okrs.lifecycle import State
from kviboard.store import Cycle


def where_they_stand(context: BoardContext) -> dict[int, Cells]:
    """Value, period, progress, status and its reason, by the number of each key result of an active objective, as the
    page of its cycle has them."""
    cycles = (cycle for cycle in context.store.cycles.all() if _has_active(context, cycle))
    objectives = (view for cycle in cycles for view in read_quarter(context, cycle.id).objectives)
    return {
        part.record.id: _cells(part) for view in objectives if view.state == State.ACTIVE for part in view.key_results
    }


def _has_active(context: BoardContext, cycle: Cycle) -> bool:
    return any(row.objective.state == State.ACTIVE for row in context.store.objectives_of(cycle.id))


def _cells(part: KeyResultView) -> Cells:
    now, raw = part.current, part.judgement.raw
    return {
        "stands_at": number_text(as_exact(now.value), part.record.unit) if now else "",
        "stands_in": now.when if now else "",
        "progress": number_text(round(as_exact(raw), 4), "percent") if raw is not None else "",
        "status": str(part.status),
        "status_reason": part.reason,
    }
