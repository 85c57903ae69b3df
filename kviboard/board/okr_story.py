"""The story of an objective or a key result: values, targets, statuses and events on one time line.

What happened, in words, comes from `okr_events`; what is decided in reviews will join it there.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from kviboard.board.okr_board import OkrBoard
from kviboard.board.okr_cards import check_in_lines, guardrail_view
from kviboard.board.okr_events import (
    EventKind,
    StoryEvent,
    check_in_events,
    note_events,
    release_events,
    step_events,
    target_events,
)
from kviboard.board.okr_judging import Moment, day_of, judge_parts, standing
from kviboard.board.okr_past import as_of
from kviboard.board.okr_texts import target_text, value_text, with_target
from kviboard.board.okr_values import CheckInLine
from kviboard.board.okr_views import KeyResultView, ObjectiveView
from kviboard.board.okrs import as_cycle, read_quarter
from kviboard.domain import okr
from kviboard.domain.life_cycle import State
from kviboard.domain.okr_progress import value_at
from kviboard.domain.okr_status import Judgement, Status, expected_of
from kviboard.domain.values import format_day, format_value
from kviboard.errors import StoreError
from kviboard.store import CheckIn, KeyResult, KeyResultRow, TargetChange


@dataclass(frozen=True)
class StoryValue:
    """A value on the time line: a complete period of the KVI (its last day) or a check-in."""

    day: date
    label: str
    value: float
    text: str
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Goal:
    """Where the key result was to go from a day on; a change of target begins another one."""

    from_day: date
    baseline: float | None
    target: float | None
    lower: float | None
    upper: float | None
    text: str
    reason: str = ""


@dataclass(frozen=True)
class StatusRun:
    """A status from a day on, until the next run, with the reason it had at first."""

    from_day: date
    status: Status
    reason: str


@dataclass(frozen=True, eq=False)
class KeyResultStory:
    """A key result over its cycle. `expected` is the line of values that are on plan; empty for a band or milestone."""

    view: KeyResultView
    objective: ObjectiveView
    cycle: okr.Cycle
    values: tuple[StoryValue, ...]
    goals: tuple[Goal, ...]
    expected: tuple[tuple[date, float], ...]
    statuses: tuple[StatusRun, ...]
    check_ins: tuple[CheckInLine, ...]  # all that count, newest first
    events: tuple[StoryEvent, ...]  # newest first


@dataclass(frozen=True, eq=False)
class ObjectiveStory:
    """An objective over its cycle, what happened to its key results included. `progress` is the mean per day."""

    view: ObjectiveView
    cycle: okr.Cycle
    progress: tuple[tuple[date, float], ...]
    statuses: tuple[StatusRun, ...]
    events: tuple[StoryEvent, ...]  # newest first


@dataclass(frozen=True, eq=False)
class _Past:
    """All that is kept of a key result: check-ins as said (oldest first) and changes of target."""

    row: KeyResultRow
    said: tuple[CheckIn, ...]
    changes: tuple[TargetChange, ...]


def key_result_story(okrs: OkrBoard, key_result_id: int) -> KeyResultStory:
    """The story of one key result. Raises StoreError where it is not there or archived."""
    record = okrs.store.key_results.get(key_result_id)
    objective, cycle = _objective(okrs, record.objective_id)
    view = next((part for part in objective.key_results if part.record.id == key_result_id), None)
    if view is None:
        raise StoreError(f"The key result “{record.title}” is archived: restore it first.")
    past = _past(okrs, view)
    days = _days(okrs, objective, cycle)
    judged = [(day, _on(okrs, past, Moment(cycle, day, State.ACTIVE))) for day in days]
    statuses = _runs(judged, view.judgement, objective, okrs.board.today)
    events = (*_events(okrs, past, cycle), *release_events(okrs, cycle, okrs.board.today), *_turns(statuses))
    return KeyResultStory(
        view=view,
        objective=objective,
        cycle=cycle,
        values=tuple(_values(okrs, past, cycle)),
        goals=tuple(_goals(okrs, past, cycle)),
        expected=tuple(_expected(view, cycle)),
        statuses=statuses,
        check_ins=check_in_lines(okrs, view.record, past.row.check_ins),
        events=_newest_first(events),
    )


def objective_story(okrs: OkrBoard, objective_id: int) -> ObjectiveStory:
    """The story of one objective. Raises StoreError where it is not there or archived."""
    view, cycle = _objective(okrs, objective_id)
    pasts = [_past(okrs, part) for part in view.key_results]
    judged = []
    for day in _days(okrs, view, cycle):
        moment = Moment(cycle, day, State.ACTIVE)
        rails = [guardrail_view(okrs, rail.record, cycle, day).breach for rail in view.guardrails]
        parts = [_on(okrs, past, moment) for past in pasts]
        records = [past.row.key_result for past in pasts]
        judged.append((day, judge_parts(records, parts, moment, [breach for breach in rails if breach])))
    statuses = _runs(judged, view.judgement, view, okrs.board.today)
    own = step_events(okrs, okrs.store.history.of("objectives", objective_id))
    below = (event for past in pasts for event in _events(okrs, past, cycle))
    released = release_events(okrs, cycle, okrs.board.today)
    progress = tuple((day, each.raw) for day, each in judged if each.raw is not None)
    return ObjectiveStory(view, cycle, progress, statuses, _newest_first((*own, *below, *released, *_turns(statuses))))


def _objective(okrs: OkrBoard, objective_id: int) -> tuple[ObjectiveView, okr.Cycle]:
    record = okrs.store.objectives.get(objective_id)
    quarter = read_quarter(okrs, record.cycle_id)
    view = quarter.objective(objective_id)
    if view is None or quarter.cycle is None:
        raise StoreError(f"The objective “{record.title}” is archived: restore it first.")
    return view, as_cycle(quarter.cycle)


def _past(okrs: OkrBoard, view: KeyResultView) -> _Past:
    said = okrs.store.check_ins.of(view.record.id)
    corrected = {check_in.corrects_id for check_in in said}
    counting = [check_in for check_in in said if check_in.id not in corrected]
    newest_first = sorted(counting, key=lambda check_in: (check_in.day, check_in.id), reverse=True)
    changes = okrs.store.key_results.target_changes(view.record.id)
    return _Past(KeyResultRow(view.record, tuple(newest_first)), tuple(said), tuple(changes))


def _on(okrs: OkrBoard, past: _Past, moment: Moment) -> Judgement:
    return standing(okrs, as_of(okrs, past.row, past.changes, moment.day), moment).judgement


def _days(okrs: OkrBoard, view: ObjectiveView, cycle: okr.Cycle) -> list[date]:
    """The days on which the objective was judged: since it became active, up to the data's day or the cycle's end."""
    entries = okrs.store.history.of("objectives", view.record.id)
    began = [day_of(okrs, entry.created_at) for entry in entries if entry.action == "activated"]
    if view.state == State.DRAFT or not began:
        return []
    first, last = max(began[0], cycle.starts_on), min(okrs.board.today, cycle.ends_on)
    return [first + timedelta(days=days) for days in range((last - first).days + 1)]


def _runs(
    judged: Sequence[tuple[date, Judgement]], now: Judgement, view: ObjectiveView, today: date
) -> tuple[StatusRun, ...]:
    """Statuses joined to runs; what it is now ends them, where closing has decided it."""
    last = [(min(today, judged[-1][0]) if judged else today, now)] if view.state == State.CLOSED else []
    runs: list[StatusRun] = []
    for day, judgement in [*judged, *last]:
        if not runs or runs[-1].status != judgement.status:
            runs.append(StatusRun(day, judgement.status, judgement.reason))
    return tuple(runs)


def _turns(statuses: Iterable[StatusRun]) -> Iterator[StoryEvent]:
    for run in statuses:
        yield StoryEvent(run.from_day, EventKind.STATUS, f"{run.status}: {run.reason}")


def _events(okrs: OkrBoard, past: _Past, cycle: okr.Cycle) -> Iterator[StoryEvent]:
    record = past.row.key_result
    yield from check_in_events(okrs, record, past.said)
    yield from target_events(okrs, record, past.changes)
    yield from step_events(okrs, okrs.store.history.of("key_results", record.id), record.title)
    yield from note_events(okrs, record, cycle)


def _newest_first(events: Iterable[StoryEvent]) -> tuple[StoryEvent, ...]:
    oldest_first = sorted(events, key=lambda event: event.day)
    return tuple(oldest_first[::-1])


def _values(okrs: OkrBoard, past: _Past, cycle: okr.Cycle) -> Iterator[StoryValue]:
    record = past.row.key_result
    for check_in in reversed(past.row.check_ins):
        if check_in.value is not None:
            text = value_text(record, check_in.value, okrs.currency)
            yield StoryValue(check_in.day, format_day(check_in.day), float(check_in.value), text)
    history, _ = okrs.history_or_trouble(record.kvi, record.grain, record.where) if record.kvi else (None, "")
    for point in history.points if history else ():
        if cycle.starts_on <= point.ends_on <= cycle.ends_on and point.value is not None:
            text = format_value(point.value, record.unit, okrs.currency)
            yield StoryValue(point.ends_on, point.label, point.value, text, point.low, point.high)


def _goals(okrs: OkrBoard, past: _Past, cycle: okr.Cycle) -> Iterator[Goal]:
    record, day, reason = past.row.key_result, cycle.starts_on, ""
    for change in past.changes:
        yield _goal(okrs, day, with_target(record, change, "before"), reason)
        day, reason = max(day_of(okrs, change.created_at), cycle.starts_on), change.reason
    yield _goal(okrs, day, record, reason)


def _goal(okrs: OkrBoard, day: date, record: KeyResult, reason: str) -> Goal:
    baseline, target, lower, upper = (
        None if number is None else float(number)
        for number in (record.baseline, record.target, record.lower, record.upper)
    )
    return Goal(day, baseline, target, lower, upper, target_text(record, okrs.currency), reason)


def _expected(view: KeyResultView, cycle: okr.Cycle) -> Iterator[tuple[date, float]]:
    days = [cycle.starts_on - timedelta(days=1), *(point.day for point in view.rules.plan), cycle.ends_on]
    for day in dict.fromkeys(days):
        value = value_at(view.rules.measure, expected_of(view.rules, cycle, day))
        if value is not None:
            yield day, value
