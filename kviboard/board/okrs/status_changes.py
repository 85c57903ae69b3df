"""Which OKRs changed their status since a day, for This week: each judged on that day and on the data's day."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from kviboard.board.context import BoardContext
from kviboard.board.okrs.quarter import read_quarter
from kviboard.board.okrs.views import ObjectiveView
from kviboard.domain.okrs.lifecycle import State
from kviboard.domain.okrs.status import WORST_FIRST, Judgement, Status
from kviboard.store import Cycle

DAYS_OF_THIS_WEEK = 7


@dataclass(frozen=True)
class StatusChange:
    """An objective, or one of its key results, whose status is another than it was. `before` is None where it was not
    active then."""

    objective_id: int
    key_result_id: int | None
    objective_title: str
    title: str
    team: str
    cycle: str
    before: Status | None
    after: Status
    reason: str
    is_provisional: bool = False  # a period that still runs gave the value

    @property
    def better(self) -> bool | None:
        """Whether it went for the better; None where it was not active before."""
        return None if self.before is None else WORST_FIRST.index(self.after) > WORST_FIRST.index(self.before)

    @property
    def sentence(self) -> str:
        """ "On track → At risk: 40 % done; 55 % of the cycle gone, expected 47 % or more"."""
        return f"{self.before or 'Not active'} → {self.after}: {self.reason}"


def okr_changes_since(context: BoardContext, day: date | None = None) -> list[StatusChange]:
    """What has another status now than when `day` (default: a week before the data's day) was over, worst first.

    Judged anew on both days by today's rules: later periods, check-ins, changes of target and steps are undone.
    """
    today = context.board.today
    day = day or today - timedelta(days=DAYS_OF_THIS_WEEK)
    cycles = [cycle for cycle in context.store.cycles.all() if cycle.starts_on <= today and cycle.ends_on >= day]
    changes = [change for cycle in cycles for change in _changes(context, cycle, day)]
    return sorted(changes, key=lambda change: (WORST_FIRST.index(change.after), change.key_result_id is not None))


def _changes(context: BoardContext, cycle: Cycle, day: date) -> list[StatusChange]:
    """The changes of a cycle: what is not a draft now, compared with what it was."""
    before = {key: now.status for view in _not_drafts(context, cycle, day) for key, _, now in _judged(view)}
    return [
        StatusChange(
            *key,
            view.record.title,
            title,
            view.team,
            cycle.name,
            before.get(key),
            now.status,
            now.reason,
            now.is_provisional,
        )
        for view in _not_drafts(context, cycle)
        for key, title, now in _judged(view)
        if before.get(key) != now.status
    ]


def _not_drafts(context: BoardContext, cycle: Cycle, day: date | None = None) -> list[ObjectiveView]:
    return [view for view in read_quarter(context, cycle.id, day).objectives if view.state != State.DRAFT]


def _judged(view: ObjectiveView) -> Iterator[tuple[tuple[int, int | None], str, Judgement]]:
    """The objective (no key result) and its key results, each with its judgement."""
    number = view.record.id
    yield (number, None), view.record.title, view.judgement
    for part in view.key_results:
        yield (number, part.record.id), part.record.title, part.judgement
