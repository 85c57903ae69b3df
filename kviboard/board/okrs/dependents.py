"""What a KVI drives, and what else names it."""

from dataclasses import dataclass

from kviboard.board.context import BoardContext
from kviboard.board.okrs.quarter import link_to, read_quarter
from kviboard.board.okrs.views import KeyResultView, ObjectiveLink
from kviboard.domain.formatting import counted, listed
from kviboard.domain.kvis.kvi import Kvi
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


def once_it_is_gone(context: BoardContext, kvi: Kvi) -> list[str]:
    """What its going does to all that it drives, and what else names it, in sentences."""
    named = context.store.naming(kvi.name)
    said = [f"{counted(count, noun)}" for noun, count in named.items() if count]
    catalog = context.board.catalog.kvis.values()
    others = [f"“{other.title}”" for other in catalog if kvi.name in (other.mirrors, other.coverage)]
    return [
        *_without_value(context, kvi),
        *([f"What goes on naming it: {listed(said)}."] if said else []),
        *([f"{listed(others)} no longer {'names' if len(others) == 1 else 'name'} it beside it."] if others else []),
    ]


def _without_value(context: BoardContext, kvi: Kvi) -> list[str]:
    results = [f"“{each.view.record.title}”" for each in key_results_of_kvi(context, kvi.name)]
    held = {each.objective_id: None for each in context.store.guardrails.driven_by(kvi.name)}
    rails = [f"“{context.store.objectives.get(objective_id).title}”" for objective_id in held]
    driven = [f"{counted(len(results), 'key result')} ({listed(results)})"] if results else []
    driven += [f"{counted(len(rails), 'guardrail')} (of {listed(rails)})"] if rails else []
    return [f"Measured by it, and without a value from then on: {listed(driven)}."] if driven else []
