"""Which objective supports which: the tree of a cycle, worst first, its orphans, and the circles that are refused."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from kviboard.domain.okrs.status import WORST_FIRST, Status
from kviboard.errors import Problem

Id = TypeVar("Id", bound=Hashable)


@dataclass(frozen=True)
class Branch(Generic[Id]):
    """One objective of the tree with those that support it. `worst` is the worst status in the whole branch;
    `orphan` says in words why it hangs in the air, or is empty."""

    id: Id
    status: Status
    worst: Status
    children: tuple["Branch[Id]", ...]
    orphan: str = ""


def path_to_root(parents: Mapping[Id, Id | None], child: Id) -> list[Id]:
    """The objective, its parent, its parent's parent …; stops where it meets itself again or the parent is unknown."""
    path = [child]
    parent = parents.get(child)
    while parent is not None and parent in parents:
        if parent in path:
            return path
        path.append(parent)
        parent = parents[parent]
    return path


def check_parent(parents: Mapping[Id, Id | None], child: Id, parent: Id | None) -> list[Problem]:
    """What keeps an objective from supporting another: itself, an unknown one, or one that supports it already."""
    if parent is None:
        return []
    if parent == child:
        return [Problem("Supports", "an objective cannot support itself.", "Choose another one.")]
    if parent not in parents:
        return [Problem("Supports", "that objective is not there any more.", "Choose another one.")]
    if child in path_to_root(parents, parent):
        return [Problem("Supports", "that objective already supports this one.", "Choose one that does not.")]
    return []


def circles(parents: Mapping[Id, Id | None]) -> list[list[Id]]:
    """Objectives that support each other in a circle, each circle once. A store that refuses them has none."""
    found: list[list[Id]] = []
    seen: set[Id] = set()
    for start in parents:
        path = path_to_root(parents, start)
        closes_at = parents.get(path[-1])
        if closes_at in path and closes_at is not None and closes_at not in seen:
            circle = path[path.index(closes_at) :]
            seen.update(circle)
            found.append(circle)
    return found


def alignment_tree(parents: Mapping[Id, Id | None], statuses: Mapping[Id, Status]) -> list[Branch[Id]]:
    """The objectives as trees, worst branch first at every level, in the given order where they are alike.

    An objective whose parent is not among them, or that neither supports nor is supported, is an orphan. Members of
    a circle are cut open at the first of them, so that each objective is shown once.
    """
    children: dict[Id | None, list[Id]] = {}
    cut = {circle[0] for circle in circles(parents)}
    for child, parent in parents.items():
        children.setdefault(None if child in cut or parent not in parents else parent, []).append(child)
    roots = children.get(None, [])
    return _worst_first([_branch(root, children, statuses, _orphan(root, parents, children)) for root in roots])


def _branch(
    node: Id, children: Mapping[Id | None, Sequence[Id]], statuses: Mapping[Id, Status], orphan: str
) -> Branch[Id]:
    below = _worst_first([_branch(child, children, statuses, "") for child in children.get(node, [])])
    worst = min((statuses[node], *(branch.worst for branch in below)), key=WORST_FIRST.index)
    return Branch(node, statuses[node], worst, tuple(below), orphan)


def _orphan(node: Id, parents: Mapping[Id, Id | None], children: Mapping[Id | None, Sequence[Id]]) -> str:
    parent = parents[node]
    if parent is not None and parent not in parents:
        return "the objective it supports is not in this cycle"
    return "" if parent is not None or node in children else "not linked"


def _worst_first(branches: list[Branch[Id]]) -> list[Branch[Id]]:
    return sorted(branches, key=lambda branch: WORST_FIRST.index(branch.worst))
