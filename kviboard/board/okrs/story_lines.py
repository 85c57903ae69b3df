"""What the time line of a key result draws: its values, where it was to go, and where it was expected to be."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from kviboard.board.context import BoardContext
from kviboard.board.kvis.history import KviHistory, Point
from kviboard.board.okrs.texts import target_text, value_text, with_target
from kviboard.board.okrs.views import KeyResultView
from kviboard.domain.formatting import format_day, format_value
from kviboard.domain.okrs import model as okr
from kviboard.domain.okrs.progress import value_at
from kviboard.domain.okrs.status import expected_of
from kviboard.store import CheckIn, KeyResult, KeyResultRow, TargetChange


@dataclass(frozen=True)
class StoryValue:
    """A value on the time line: a complete period of the KVI (its last day) or a check-in. `low` and `high` are the
    95 % interval of what rests on a sample."""

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


@dataclass(frozen=True, eq=False)
class Past:
    """All that is kept of a key result: check-ins as said (oldest first) and changes of target."""

    row: KeyResultRow
    check_ins: tuple[CheckIn, ...]
    changes: tuple[TargetChange, ...]


def past_of(context: BoardContext, view: KeyResultView) -> Past:
    """Everything that is kept of a key result; corrected check-ins are among `check_ins` only."""
    check_ins = context.store.check_ins.of(view.record.id)
    corrected = {check_in.corrects_id for check_in in check_ins}
    counting = [check_in for check_in in check_ins if check_in.id not in corrected]
    newest_first = sorted(counting, key=lambda check_in: (check_in.day, check_in.id), reverse=True)
    changes = context.store.key_results.target_changes(view.record.id)
    return Past(KeyResultRow(view.record, tuple(newest_first)), tuple(check_ins), tuple(changes))


def values_of(context: BoardContext, past: Past, cycle: okr.Cycle) -> Iterator[StoryValue]:
    """The values of the cycle in order; those of a KVI begin with the last period before it, where it came from."""
    record = past.row.key_result
    for check_in in reversed(past.row.check_ins):
        if check_in.value is not None:
            text = value_text(record, check_in.value, context.currency)
            yield StoryValue(check_in.day, format_day(check_in.day), float(check_in.value), text)
    history, _ = context.history_or_trouble(record.kvi, record.grain, record.where) if record.kvi else (None, "")
    for point in _periods(history, cycle) if history else ():
        if point.value is not None:
            text = format_value(point.value, record.unit, context.currency)
            yield StoryValue(point.ends_on, point.label, point.value, text, point.low, point.high)


def _periods(history: KviHistory, cycle: okr.Cycle) -> list[Point]:
    known = [point for point in history.points if point.value is not None and point.ends_on <= cycle.ends_on]
    before = sum(point.ends_on < cycle.starts_on for point in known)
    return known[max(0, before - 1) :]


def goals_of(context: BoardContext, past: Past, cycle: okr.Cycle) -> Iterator[Goal]:
    """Where it was to go, from the cycle's start on and from each change of target on."""
    record, day, reason = past.row.key_result, cycle.starts_on, ""
    for change in past.changes:
        yield _goal(context, day, with_target(record, change, "before"), reason)
        day, reason = max(context.day_of(change.created_at), cycle.starts_on), change.reason
    yield _goal(context, day, record, reason)


def _goal(context: BoardContext, day: date, record: KeyResult, reason: str) -> Goal:
    baseline, target, lower, upper = (
        None if number is None else float(number)
        for number in (record.baseline, record.target, record.lower, record.upper)
    )
    return Goal(day, baseline, target, lower, upper, target_text(record, context.currency), reason)


def expected_line(view: KeyResultView, cycle: okr.Cycle) -> Iterator[tuple[date, float]]:
    """The days and values of the line that is on plan; nothing for a band or a milestone."""
    days = [cycle.starts_on - timedelta(days=1), *(point.day for point in view.rules.plan), cycle.ends_on]
    for day in dict.fromkeys(days):
        value = value_at(view.rules.measure, expected_of(view.rules, cycle, day))
        if value is not None:
            yield day, value
