"""Which objective supports which: the tree of a cycle with worst statuses first, orphans and circles flagged."""

from collections.abc import Iterator
from dataclasses import dataclass

from kviboard.board.context import BoardContext
from kviboard.board.okrs.quarter import link_to
from kviboard.board.okrs.views import ObjectiveLink, ObjectiveView, Quarter
from kviboard.domain.okrs.alignment import Branch, alignment_tree, check_parent, circles
from kviboard.domain.okrs.lifecycle import State
from kviboard.domain.okrs.status import Status


@dataclass(frozen=True, eq=False)
class TreeLine:
    """One objective of the tree, `depth` steps below the top. `worst` is the worst status in its whole branch;
    `flag` says in words why it hangs in the air, or is empty."""

    view: ObjectiveView
    depth: int
    worst: Status
    flag: str


@dataclass(frozen=True, eq=False)
class Alignment:
    """The tree, line by line from the top; `circles` are sentences, empty in a sound store."""

    lines: tuple[TreeLine, ...]
    circles: tuple[str, ...]


def read_alignment(quarter: Quarter) -> Alignment:
    """The tree of a quarter's objectives."""
    views = {view.record.id: view for view in quarter.objectives}
    parents = {number: view.record.parent_id for number, view in views.items()}
    branches = alignment_tree(parents, {number: view.status for number, view in views.items()})
    lines = [line for branch in branches for line in _lines(branch, views, 0)]
    return Alignment(tuple(lines), tuple(_circle(circle, views) for circle in circles(parents)))


def possible_parents(context: BoardContext, quarter: Quarter, objective_id: int | None = None) -> list[ObjectiveLink]:
    """The objectives of the quarter that one (None: a new one) may support: not itself, none that supports it."""
    parents = context.store.objectives.all_parents()
    return [
        link_to(view.record)
        for view in quarter.objectives
        if view.state != State.CLOSED
        and (objective_id is None or not check_parent(parents, objective_id, view.record.id))
    ]


def _lines(branch: Branch[int], views: dict[int, ObjectiveView], depth: int) -> Iterator[TreeLine]:
    yield TreeLine(views[branch.id], depth, branch.worst, branch.orphan)
    for child in branch.children:
        yield from _lines(child, views, depth + 1)


def _circle(circle: list[int], views: dict[int, ObjectiveView]) -> str:
    names = " → ".join(f"“{views[number].record.title}”" for number in [*circle, circle[0]])
    return f"These objectives support each other in a circle: {names}. Take one parent away."
