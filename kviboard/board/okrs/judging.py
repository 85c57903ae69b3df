"""Where a key result stands on a day of the data: its current value, confidence and status. The one place that judges.

The quarter, the story and "what changed since" all ask here, so that they cannot disagree.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from kviboard.board.context import BoardContext
from kviboard.board.kvis.history import KviHistory
from kviboard.board.okrs.texts import value_text
from kviboard.board.okrs.values import Current
from kviboard.domain.formatting import format_day, format_value
from kviboard.domain.okrs import model as okr
from kviboard.domain.okrs.lifecycle import State
from kviboard.domain.okrs.objective import JudgedKeyResult, ObjectiveJudgement, judge_objective
from kviboard.domain.okrs.status import Judgement, Status, judge_key_result
from kviboard.domain.periods import periods_between
from kviboard.store import CheckIn, KeyResult, KeyResultRow, Objective, as_rules_see

IS_DRAFT = "a draft; it counts once it is active"


@dataclass(frozen=True)
class JudgedAt:
    """The cycle, the day of the data and the state of the objective that a key result is judged in."""

    cycle: okr.Cycle
    day: date
    state: State

    @property
    def closed(self) -> bool:
        return self.state == State.CLOSED


@dataclass(frozen=True, eq=False)
class KeyResultState:
    """Where a key result stands. `place` is the period of `history` that speaks for it, None where none does."""

    rules: okr.KeyResult
    judgement: Judgement
    current: Current | None
    confidence: int | None
    history: KviHistory | None = None
    place: int | None = None
    trouble: str = ""


def key_result_state(context: BoardContext, row: KeyResultRow, at: JudgedAt) -> KeyResultState:
    """Judges a key result; its check-ins come newest first, corrected ones left out."""
    record, rules = row.key_result, as_rules_see(row.key_result)
    history, trouble, place = None, "", None
    if record.kvi:
        history, trouble = context.history_or_trouble(record.kvi, record.grain, record.where)
        place = history.latest_in(at.cycle, at.day) if history else None
        current = measured(context, history, place)
    else:
        current = _typed(context, record, row.check_ins)
    confidence = next((check_in.confidence for check_in in row.check_ins if check_in.confidence is not None), None)
    judgement = _judge(rules, current, at, confidence)
    if history is not None and current is None and at.state == State.ACTIVE:
        judgement = replace(judgement, reason=_not_yet(context, history, at) or judgement.reason)
    return KeyResultState(rules, judgement, current, confidence, history, place, trouble)


def judge_parts(
    records: Sequence[KeyResult], judgements: Sequence[Judgement], at: JudgedAt, breaches: Sequence[str]
) -> ObjectiveJudgement:
    """The status of an objective from those of its key results."""
    parts = [
        JudgedKeyResult(record.title, judgement, record.weight, record.ambition)
        for record, judgement in zip(records, judgements, strict=True)
    ]
    judged = judge_objective(parts, at.cycle, at.day, breaches, at.closed)
    return replace(judged, status=Status.PENDING, reason=IS_DRAFT) if at.state == State.DRAFT else judged


def measured(context: BoardContext, history: KviHistory | None, place: int | None) -> Current | None:
    """The value of one period of a KVI, with its n and interval."""
    point = history.points[place] if history is not None and place is not None else None
    if history is None or point is None or point.value is None:
        return None
    show = partial(format_value, unit=history.kvi.unit, currency=context.currency)
    return Current(point.value, point.label, show, point.n_text, point.low, point.high)


def day_of(context: BoardContext, at: datetime) -> date:
    """The day it was for the company at a moment."""
    return at.astimezone(ZoneInfo(context.board.workspace.company.timezone)).date()


def judged_at(objective: Objective, cycle: okr.Cycle, day: date) -> JudgedAt:
    """The moment that an objective of a cycle is judged at."""
    return JudgedAt(cycle, day, State(objective.state))


def _judge(rules: okr.KeyResult, current: Current | None, at: JudgedAt, confidence: int | None) -> Judgement:
    value = current.value if current else None
    show = current.show if current else okr.plain
    judged = judge_key_result(rules, value, at.cycle, at.day, confidence, at.closed, show)
    return replace(judged, status=Status.PENDING, reason=IS_DRAFT) if at.state == State.DRAFT else judged


def _not_yet(context: BoardContext, history: KviHistory, at: JudgedAt) -> str:
    """Why a KVI has no value in the cycle yet: its first period there is not complete; empty where it should be."""
    cycle, grain, wait = at.cycle, history.reading.grain, history.kvi.complete_after
    periods = periods_between(context.board.calendar, grain, cycle.starts_on, cycle.ends_on)
    first = next((period for period in periods if cycle.starts_on <= period.ends_on <= cycle.ends_on), None)
    if first is None:
        return f"no value within {cycle.name}: no {grain} ends in it"
    complete_on = first.ends_on + timedelta(days=wait)
    if complete_on > cycle.ends_on:
        return f"no value within {cycle.name}: a {grain} is complete only {wait} days after its end"
    return f"no value before {first.name} is complete on {format_day(complete_on)}" if at.day < complete_on else ""


def _typed(context: BoardContext, record: KeyResult, check_ins: Sequence[CheckIn]) -> Current | None:
    for check_in in check_ins:
        if check_in.value is not None:
            show = partial(value_text, record, currency=context.currency)
            return Current(float(check_in.value), format_day(check_in.day), show)
    return None
