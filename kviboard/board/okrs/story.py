"""The story of an objective or a key result: values, targets, statuses and events on one time line.

What happened, in words, comes from `events`, what is drawn of a key result from `story_lines`.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from kviboard.board.context import BoardContext
from kviboard.board.okrs.cards import check_in_lines, guardrail_view
from kviboard.board.okrs.events import (
    EventKind,
    StoryEvent,
    check_in_events,
    decision_events,
    note_events,
    release_events,
    step_events,
    target_events,
)
from kviboard.board.okrs.judging import JudgedAt, judge_parts, key_result_state
from kviboard.board.okrs.past import as_of
from kviboard.board.okrs.quarter import as_cycle, read_quarter
from kviboard.board.okrs.story_lines import Goal, Past, StoryValue, expected_line, goals_of, past_of, values_of
from kviboard.board.okrs.values import CheckInLine
from kviboard.board.okrs.views import KeyResultView, ObjectiveView
from kviboard.domain.okrs import model as okr
from kviboard.domain.okrs.lifecycle import State
from kviboard.domain.okrs.objective import expected_together
from kviboard.domain.okrs.status import Judgement, Status, due_day
from kviboard.errors import StoreError


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
    """An objective over its cycle, what happened to its key results included. `progress` is the mean per day,
    `expected` what was expected of it then, and will be of what is measured now."""

    view: ObjectiveView
    cycle: okr.Cycle
    progress: tuple[tuple[date, float], ...]
    expected: tuple[tuple[date, float], ...]
    statuses: tuple[StatusRun, ...]
    events: tuple[StoryEvent, ...]  # newest first


def key_result_story(context: BoardContext, key_result_id: int) -> KeyResultStory:
    """The story of one key result. Raises StoreError where it is not there or archived."""
    record = context.store.key_results.get(key_result_id)
    objective, cycle = _objective(context, record.objective_id)
    view = next((part for part in objective.key_results if part.record.id == key_result_id), None)
    if view is None:
        raise StoreError(f"The key result “{record.title}” is archived: restore it first.")
    past = past_of(context, view)
    days = _days(context, objective, cycle)
    judged = [(day, _on(context, past, JudgedAt(cycle, day, State.ACTIVE))) for day in days]
    statuses = _runs(judged, view.judgement, objective, context.board.today)
    events = (*_events(context, past, cycle), *_around(context, [view], cycle), *_turns(statuses))
    return KeyResultStory(
        view=view,
        objective=objective,
        cycle=cycle,
        values=tuple(values_of(context, past, cycle)),
        goals=tuple(goals_of(context, past, cycle)),
        expected=tuple(expected_line(view, cycle)),
        statuses=statuses,
        check_ins=check_in_lines(context, view.record, past.row.check_ins),
        events=_newest_first(events),
    )


def objective_story(context: BoardContext, objective_id: int) -> ObjectiveStory:
    """The story of one objective. Raises StoreError where it is not there or archived."""
    view, cycle = _objective(context, objective_id)
    pasts = [past_of(context, part) for part in view.key_results]
    judged = []
    for day in _days(context, view, cycle):
        at = JudgedAt(cycle, day, State.ACTIVE)
        rails = [guardrail_view(context, rail.record, cycle, day).breach for rail in view.guardrails]
        parts = [_on(context, past, at) for past in pasts]
        records = [past.row.key_result for past in pasts]
        judged.append((day, judge_parts(records, parts, at, [breach for breach in rails if breach])))
    statuses = _runs(judged, view.judgement, view, context.board.today)
    own = step_events(context, context.store.history.of("objectives", objective_id))
    below = (event for past in pasts for event in _events(context, past, cycle))
    around = _around(context, view.key_results, cycle)
    progress = tuple((day, each.raw) for day, each in judged if each.raw is not None)
    events = _newest_first((*own, *below, *around, *_turns(statuses)))
    return ObjectiveStory(view, cycle, progress, tuple(_expected(judged, view, cycle)), statuses, events)


def _expected(
    judged: Sequence[tuple[date, Judgement]], view: ObjectiveView, cycle: okr.Cycle
) -> Iterator[tuple[date, float]]:
    """The line of what was expected on each day with a value, then of what will be of what has one now; without any,
    of all. On the last day all of it is: judged is then by the bars, which are no progress expected."""
    parts = [part for part in view.key_results if part.judgement.raw is not None] or view.key_results
    rules = [part.rules for part in parts]
    known = {day: each.expected for day, each in judged if each.raw is not None and day < cycle.ends_on}
    yield from known.items()
    due = [due_day(each, cycle) for each in rules if each.measure.is_milestone]
    turns = {cycle.starts_on, *due, cycle.ends_on + timedelta(days=1)}
    days = {point.day for each in rules for point in each.plan}.union(
        *((day - timedelta(days=1), day) for day in turns)
    )
    for day in sorted(days):
        if max(known, default=date.min) < day <= cycle.ends_on:
            yield day, expected_together(rules, cycle, day)


def _objective(context: BoardContext, objective_id: int) -> tuple[ObjectiveView, okr.Cycle]:
    record = context.store.objectives.get(objective_id)
    quarter = read_quarter(context, record.cycle_id)
    view = quarter.objective(objective_id)
    if view is None or quarter.cycle is None:
        raise StoreError(f"The objective “{record.title}” is archived: restore it first.")
    return view, as_cycle(quarter.cycle)


def _on(context: BoardContext, past: Past, at: JudgedAt) -> Judgement:
    """A value so far stands in on the data's day only: it was another on every day before."""
    row = as_of(context, past.row, past.changes, at.day)
    return key_result_state(context, row, at, may_stand_in=at.day == context.board.today).judgement


def _days(context: BoardContext, view: ObjectiveView, cycle: okr.Cycle) -> list[date]:
    """The days on which the objective was judged: since it became active, up to the data's day or the cycle's end."""
    entries = context.store.history.of("objectives", view.record.id)
    began = [context.day_of(entry.created_at) for entry in entries if entry.action == "activated"]
    if view.state == State.DRAFT or not began:
        return []
    first, last = max(began[0], cycle.starts_on), min(context.board.today, cycle.ends_on)
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


def _events(context: BoardContext, past: Past, cycle: okr.Cycle) -> Iterator[StoryEvent]:
    record = past.row.key_result
    yield from check_in_events(context, record, past.check_ins)
    yield from target_events(context, record, past.changes)
    yield from step_events(context, context.store.history.of("key_results", record.id), record.title)
    yield from note_events(context, record, cycle)


def _around(context: BoardContext, parts: Sequence[KeyResultView], cycle: okr.Cycle) -> Iterator[StoryEvent]:
    """What happened beside the key results: releases, and decisions about the KVIs that drive them."""
    yield from release_events(context, cycle, context.board.today)
    yield from decision_events(context, {part.record.kvi for part in parts if part.record.kvi}, cycle)


def _newest_first(events: Iterable[StoryEvent]) -> tuple[StoryEvent, ...]:
    oldest_first = sorted(events, key=lambda event: event.day)
    return tuple(oldest_first[::-1])
