"""Which OKRs changed their status since a day, for This week: each judged on that day and on the data's day."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from kviboard.board.okr_board import OkrBoard
from kviboard.board.okr_cards import guardrail_view
from kviboard.board.okr_judging import Moment, as_of, judge_parts, standing
from kviboard.board.okr_views import ObjectiveView
from kviboard.board.okrs import as_cycle, read_quarter
from kviboard.domain.life_cycle import State
from kviboard.domain.okr_status import WORST_FIRST, Status
from kviboard.store import AuditEntry, Cycle, TargetChange

DAYS_OF_THIS_WEEK = 7

_STATE_BEFORE = {"activated": State.DRAFT, "closed": State.ACTIVE, "reopened": State.CLOSED}


@dataclass(frozen=True)
class StatusChange:
    """An objective, or one of its key results, whose status is another than it was. `before` is None where it was not
    active then."""

    objective_id: int
    key_result_id: int | None
    title: str
    team: str
    cycle: str
    before: Status | None
    after: Status
    reason: str

    @property
    def better(self) -> bool | None:
        """Whether it went for the better; None where it was not active before."""
        return None if self.before is None else WORST_FIRST.index(self.after) > WORST_FIRST.index(self.before)

    @property
    def sentence(self) -> str:
        """ "On track → At risk: 40 % done at 55 % of the cycle; on track needs 47 %"."""
        return f"{self.before or 'Not active'} → {self.after}: {self.reason}"


def okr_changes_since(okrs: OkrBoard, day: date | None = None) -> list[StatusChange]:
    """What has another status now than when `day` (default: a week before the data's day) was over, worst first.

    Judged anew on both days by today's rules: later periods, check-ins, changes of target and steps are undone.
    """
    today = okrs.board.today
    day = day or today - timedelta(days=DAYS_OF_THIS_WEEK)
    cycles = [cycle for cycle in okrs.store.cycles.all() if cycle.starts_on <= today and cycle.ends_on >= day]
    changes = [change for cycle in cycles for change in _changes(okrs, cycle, day)]
    return sorted(changes, key=lambda change: (WORST_FIRST.index(change.after), change.key_result_id is not None))


def _changes(okrs: OkrBoard, cycle: Cycle, day: date) -> list[StatusChange]:
    """The changes of a cycle: what is not a draft now, compared with what it was."""
    views = [view for view in read_quarter(okrs, cycle.id).objectives if view.state != State.DRAFT]
    before = _statuses_on(okrs, cycle, views, day)
    return [
        StatusChange(view.record.id, part_id, title, view.team, cycle.name, then, now.status, now.reason)
        for view in views
        for part_id, title, now in (
            (None, view.record.title, view.judgement),
            *((part.record.id, part.record.title, part.judgement) for part in view.key_results),
        )
        if (then := before.get((view.record.id, part_id))) != now.status
    ]


def _statuses_on(
    okrs: OkrBoard, cycle: Cycle, views: Sequence[ObjectiveView], day: date
) -> dict[tuple[int, int | None], Status]:
    """The statuses when `day` was over, by objective and key result (None: the objective itself)."""
    midnight = datetime.combine(day + timedelta(days=1), time(), ZoneInfo(okrs.board.workspace.company.timezone))
    moved = _grouped(okrs.store.key_results.target_changes_since(midnight))
    states = _states_on(okrs.store.history.since(midnight))
    rows = {row.objective.id: row for row in okrs.store.objectives_of(cycle.id, newest=1, through=day)}
    found: dict[tuple[int, int | None], Status] = {}
    for view in views:
        number = view.record.id
        state = states.get(number, view.state)
        if state is None or state == State.DRAFT:
            continue
        moment = Moment(as_cycle(cycle), day, state)
        parts = [as_of(okrs, row, moved[row.key_result.id], day) for row in rows[number].key_results]
        judged = [standing(okrs, part, moment).judgement for part in parts]
        breaches = [guardrail_view(okrs, rail, moment.cycle, day).breach for rail in rows[number].guardrails]
        records = [part.key_result for part in parts]
        found[number, None] = judge_parts(records, judged, moment, [breach for breach in breaches if breach]).status
        found |= {(number, record.id): each.status for record, each in zip(records, judged, strict=True)}
    return found


def _states_on(later: Sequence[AuditEntry]) -> dict[int, State | None]:
    """The state of objectives before their first step later on; None for those made later. Others have not moved."""
    states: dict[int, State | None] = {}
    for entry in later:
        if entry.row_of == "objectives" and entry.row_id not in states:
            if entry.action in _STATE_BEFORE:
                states[entry.row_id] = _STATE_BEFORE[entry.action]
            elif entry.action in ("added", "carried over"):
                states[entry.row_id] = None
    return states


def _grouped(changes: Sequence[TargetChange]) -> Mapping[int, list[TargetChange]]:
    groups: defaultdict[int, list[TargetChange]] = defaultdict(list)
    for change in changes:
        groups[change.key_result_id].append(change)
    return groups
