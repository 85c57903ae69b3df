"""The key results that a KVI drives."""

from dataclasses import dataclass

from kviboard.board.context import BoardContext
from kviboard.board.okrs.quarter import link_to, read_quarter
from kviboard.board.okrs.views import KeyResultView, ObjectiveLink
from kviboard.domain.okrs.status import WORST_FIRST


@dataclass(frozen=True, eq=False)
class DependentKeyResult:
    """A key result that a KVI drives, with its objective."""

    view: KeyResultView
    objective: ObjectiveLink


def key_results_of_kvi(context: BoardContext, kvi: str) -> list[DependentKeyResult]:
    """The key results of open objectives that a KVI drives, worst first."""
    found = []
    for record in context.store.key_results.driven_by(kvi):
        objective = context.store.objectives.get(record.objective_id)
        quarter = read_quarter(context, objective.cycle_id)
        view = quarter.key_result(record.id)
        if view is not None:
            found.append(DependentKeyResult(view, link_to(objective, quarter.cycle.name if quarter.cycle else "")))
    return sorted(found, key=lambda each: WORST_FIRST.index(each.view.status))
