"""How the board itself is worded: vision, sprint goals, objectives and key results, as the coach hears them."""

from dataclasses import dataclass

from kviboard.board.context import BoardContext
from kviboard.domain.okrs.lifecycle import State
from kviboard.domain.wording.coach import Finding, coach_key_result, coach_objective, coach_vision


@dataclass(frozen=True)
class Worded:
    """Something that is worded: what it is, the words, and what is found."""

    what: str
    text: str
    findings: tuple[Finding, ...]


def own_words(context: BoardContext) -> list[Worded]:
    """All that is in use: the vision, goals of reviews that are not closed, active objectives, their key results."""
    kinds, company = context.kinds_of_customers, context.board.workspace.company
    vision = coach_vision(company.vision, kinds, (company.name, company.product))
    found = [Worded("Vision", company.vision, tuple(vision))]
    done = context.store.reviews.acts_done()
    for review in context.store.reviews.all():
        if review.goal and "closing" not in done.get(review.id, frozenset()):
            found.append(Worded(f"Goal of {review.sprint}", review.goal, tuple(coach_objective(review.goal, kinds))))
    for cycle in context.store.cycles.all():
        for row in context.store.objectives_of(cycle.id):
            if row.objective.state == State.ACTIVE:
                title = row.objective.title
                found.append(Worded("Objective", title, tuple(coach_objective(title, kinds))))
                parts = (part.key_result.title for part in row.key_results)
                found += [Worded("Key result", part, tuple(coach_key_result(part))) for part in parts]
    return [each for each in found if each.text]
