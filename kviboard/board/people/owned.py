"""What somebody owns: objectives and key results of the running cycle, and KVIs."""

from dataclasses import dataclass

from kviboard.board.context import BoardContext
from kviboard.board.okrs.quarter import read_quarter
from kviboard.board.okrs.views import KeyResultView, ObjectiveView
from kviboard.domain.kvis.kvi import Kvi
from kviboard.domain.people import same_person


@dataclass(frozen=True, eq=False)
class Owned:
    """What one person owns in a cycle: objectives, key results of objectives of others (with those), KVIs."""

    cycle: str
    objectives: tuple[ObjectiveView, ...]
    key_results: tuple[tuple[ObjectiveView, KeyResultView], ...]
    kvis: tuple[Kvi, ...]

    @property
    def is_nothing(self) -> bool:
        return not (self.objectives or self.key_results or self.kvis)


def owned_by(context: BoardContext, *names: str) -> Owned:
    """What the person of these names owns, in the cycle of the data's day. Raises StoreError."""
    quarter = read_quarter(context)
    objectives = [view for view in quarter.objectives if same_person(view.record.owner, *names)]
    parts = (
        (view, part)
        for view in quarter.objectives
        for part in view.key_results
        if view not in objectives and same_person(part.record.owner, *names)
    )
    kvis = (kvi for kvi in context.board.catalog.kvis.values() if same_person(kvi.owner, *names))
    cycle = quarter.cycle.name if quarter.cycle else ""
    return Owned(cycle, tuple(objectives), tuple(parts), tuple(kvis))
