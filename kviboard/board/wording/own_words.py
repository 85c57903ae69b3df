"""How the board itself is worded: vision, sprint goals, objectives and key results, as the coach hears them."""

from dataclasses import dataclass

from kviboard.board.context import BoardContext
from kviboard.board.wording.coaching import Coached, coached_key_result, coached_objective, coached_vision
from kviboard.domain.okrs.lifecycle import State


@dataclass(frozen=True)
class Worded:
    """Something that is worded: what it is, the words, and what the coach says."""

    what: str
    text: str
    coached: Coached


def own_words(context: BoardContext) -> list[Worded]:
    """All that is in use: the vision, goals of reviews that are not closed, active objectives, their key results."""
    company = context.board.workspace.company
    vision = coached_vision(company, company.vision, context.kinds_of_customers)
    found = [Worded("Vision", company.vision, vision)]
    done = context.store.reviews.acts_done()
    for review in context.store.reviews.all():
        if review.goal and "closing" not in done.get(review.id, frozenset()):
            found.append(Worded(f"Goal of {review.sprint}", review.goal, coached_objective(context, review.goal)))
    for cycle in context.store.cycles.all():
        for row in context.store.objectives_of(cycle.id):
            if row.objective.state == State.ACTIVE:
                title = row.objective.title
                found.append(Worded("Objective", title, coached_objective(context, title)))
                parts = (part.key_result.title for part in row.key_results)
                found += [Worded("Key result", part, coached_key_result(context, part)) for part in parts]
    return [each for each in found if each.text]
