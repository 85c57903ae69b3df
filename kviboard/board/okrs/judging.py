"""Where a key result stands on a day of the data: its current value, confidence and status. The one place that judges.

The quarter, the story and "what changed since" all ask here, so that they cannot disagree.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from functools import partial

from kviboard.board.context import BoardContext
from kviboard.board.kvis.history import KviHistory, as_slice
from kviboard.board.kvis.reach import full_from, reach_of
from kviboard.board.kvis.reading import View
from kviboard.board.kvis.running_period import so_far
from kviboard.board.kvis.scored_share import basis_text, caution_text
from kviboard.board.okrs.texts import value_text
from kviboard.board.okrs.values import Current
from kviboard.domain.formatting import counted, format_day, format_value
from kviboard.domain.okrs import model as okr
from kviboard.domain.okrs.head_start import with_head_start
from kviboard.domain.okrs.lifecycle import State
from kviboard.domain.okrs.objective import Graded, JudgedKeyResult, ObjectiveJudgement, judge_objective
from kviboard.domain.okrs.progress import progress
from kviboard.domain.okrs.status import Judgement, Status, judge_key_result
from kviboard.domain.periods import periods_between
from kviboard.store import CheckIn, KeyResult, KeyResultRow, ObjectiveRow, as_rules_see

IS_DRAFT = "a draft; it counts once it is active"


@dataclass(frozen=True)
class JudgedAt:
    """The cycle, the day of the data and the state of the objective that a key result is judged in, and its grade."""

    cycle: okr.Cycle
    day: date
    state: State
    graded: Graded | None = None

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


def key_result_state(
    context: BoardContext, row: KeyResultRow, at: JudgedAt, may_stand_in: bool = True
) -> KeyResultState:
    """Judges a key result; its check-ins come newest first, corrected ones left out. Where no period of the cycle is
    complete yet, the running one's value stands in if it `may_stand_in`."""
    record, rules = row.key_result, as_rules_see(row.key_result)
    history, trouble, place = None, "", None
    if record.kvi:
        history, trouble = context.history_or_trouble(record.kvi, record.grain, record.where)
        place = history.latest_in(at.cycle, at.day) if history else None
        current = measured(context, history, place)
        if current is not None and history is not None and place is not None:
            current = replace(current, n_text=current.n_text or _scored(context, record, history, place))
        if current is None and may_stand_in and history is not None:
            current = _provisional(context, record, history, at)
    else:
        current = _typed(context, record, row.check_ins)
        at = _as_checked_in(at, row.check_ins)
    confidence = next((check_in.confidence for check_in in row.check_ins if check_in.confidence is not None), None)
    judgement = _judge(rules, current, at, confidence, record.grade if at.closed else None)
    if history is not None and at.state == State.ACTIVE:
        judgement = _with_history(context, rules, judgement, current, history, at)
    return KeyResultState(rules, judgement, current, confidence, history, place, trouble)


def judge_parts(
    records: Sequence[KeyResult], judgements: Sequence[Judgement], at: JudgedAt, breaches: Sequence[str]
) -> ObjectiveJudgement:
    """The status of an objective from those of its key results."""
    parts = [
        JudgedKeyResult(record.title, judgement, record.weight, record.ambition, record.measure.is_band)
        for record, judgement in zip(records, judgements, strict=True)
    ]
    judged = judge_objective(parts, at.cycle, at.day, breaches, at.closed, at.graded)
    return replace(judged, status=Status.PENDING, reason=IS_DRAFT) if at.state == State.DRAFT else judged


def measured(context: BoardContext, history: KviHistory | None, place: int | None) -> Current | None:
    """The value of one period of a KVI, with its n and interval."""
    point = history.points[place] if history is not None and place is not None else None
    if history is None or point is None or point.value is None:
        return None
    show = partial(format_value, unit=history.kvi.unit, currency=context.currency)
    n_text = f"based on {point.n_text}" if point.n_text else ""
    return Current(point.value, point.label, show, n_text, point.low, point.high)


def _scored(context: BoardContext, record: KeyResult, history: KviHistory, place: int) -> str:
    """Of how much revenue a KVI by score speaks in the period; empty where that is no question."""
    if not history.kvi.coverage:
        return ""
    whole, _ = context.history_or_trouble(history.kvi.coverage, record.grain, record.where)
    day = history.points[place].starts_on
    share = next((point.value for point in whole.points if point.starts_on == day), None) if whole else None
    return caution_text(share) or basis_text(share)


def judged_at(context: BoardContext, row: ObjectiveRow, cycle: okr.Cycle, day: date) -> JudgedAt:
    """The moment that an objective of a cycle is judged at: where it was closed before the cycle's end, that day."""
    objective = row.objective
    if objective.state != State.CLOSED:
        return JudgedAt(cycle, day, State(objective.state))
    # Archiving changes an objective that is closed, too, but its key results no more.
    closed_at = max((part.key_result.changed_at for part in row.key_results), default=objective.changed_at)
    closed_on = context.day_of(closed_at)
    graded = None if objective.grade is None else Graded(objective.grade, objective.suggested_grade)
    return JudgedAt(cycle, min(day, closed_on) if closed_on < cycle.ends_on else day, State.CLOSED, graded)


def _judge(
    rules: okr.KeyResult, current: Current | None, at: JudgedAt, confidence: int | None, grade: Decimal | None
) -> Judgement:
    value = current.value if current else None
    show = current.show if current else okr.plain
    judged = judge_key_result(rules, value, at.cycle, at.day, confidence, at.closed, show, grade)
    return replace(judged, status=Status.PENDING, reason=IS_DRAFT) if at.state == State.DRAFT else judged


def _as_checked_in(at: JudgedAt, check_ins: Sequence[CheckIn]) -> JudgedAt:
    """The moment that a typed value is judged at: one that was said after the last day of the data has had until then
    to get there."""
    said = next((check_in.day for check_in in check_ins if check_in.value is not None), at.day)
    return at if at.closed else replace(at, day=max(at.day, said))


def _with_history(
    context: BoardContext,
    rules: okr.KeyResult,
    judgement: Judgement,
    current: Current | None,
    history: KviHistory,
    at: JudgedAt,
) -> Judgement:
    """The judgement with what the KVI's history says of it: no value yet, a provisional one, a head start."""
    if current is None:
        return replace(judgement, reason=_not_yet(context, history, at) or judgement.reason)
    if current.is_provisional:
        reason = f"{judgement.reason}; provisional: {current.when}"
        judgement = replace(judgement, reason=reason, is_provisional=True)
    start = history.before(at.cycle)
    if start is None or start.value is None or not rules.measure.has_direction:
        return judgement
    return with_head_start(
        judgement, progress(rules.measure, start.value), f"{current.show(start.value)} in {start.label}"
    )


def _provisional(context: BoardContext, record: KeyResult, history: KviHistory, at: JudgedAt) -> Current | None:
    """The running period's value so far, for an average or a share of a cycle that has no complete period yet: a month
    would leave it without any for a month. A sum of some days is no value of a period."""
    kvi, grain, through = history.kvi, history.reading.grain, history.reading.data_through
    if at.state != State.ACTIVE or kvi.complete_after or kvi.formula.denominator is None or through is None:
        return None
    found = so_far(context.board, kvi, View(grain, where=as_slice(record.where)), min(at.day, through))
    if found is None or found.value is None:
        return None
    period = found.period
    if period.starts_on < at.cycle.starts_on or period.ends_on > at.cycle.ends_on:
        return None
    when = f"{period.full_name} so far, {found.days} of {counted(period.days, 'day')}"
    show = partial(format_value, unit=kvi.unit, currency=context.currency)
    n, low, high = (found.row[name] for name in ("n", "low", "high"))
    if not n > 0:
        return Current(found.value, when, show, is_provisional=True)
    return Current(found.value, when, show, f"based on {n:,.0f}", low, high, is_provisional=True)


def _not_yet(context: BoardContext, history: KviHistory, at: JudgedAt) -> str:
    """Why a KVI has no value in the cycle yet: its first period there is not complete; empty where it should be."""
    cycle, grain, wait = at.cycle, history.reading.grain, history.kvi.complete_after
    periods = periods_between(context.board.calendar, grain, cycle.starts_on, cycle.ends_on)
    ended = [period for period in periods if cycle.starts_on <= period.ends_on <= cycle.ends_on]
    if not ended:
        return f"no value within {cycle.name}: no {grain} ends in it"
    reach = reach_of(history.kvi, context.board.reader)
    from_day = max(cycle.starts_on, full_from(history.kvi, reach)) if reach else cycle.starts_on
    whole = (period for period in ended if period.ends_on >= from_day)
    first = next((period for period in whole if reach is None or period.starts_on >= reach.data_from), None)
    if first is None:
        return f"no value within {cycle.name}: its data covers no {grain} of it whole"
    complete_on = first.ends_on + timedelta(days=wait)
    if complete_on > cycle.ends_on:
        return f"no value within {cycle.name}: a {grain} is complete only {counted(wait, 'day')} after its end"
    return f"no value before {first.name} is complete on {format_day(complete_on)}" if at.day < complete_on else ""


def _typed(context: BoardContext, record: KeyResult, check_ins: Sequence[CheckIn]) -> Current | None:
    for check_in in check_ins:
        if check_in.value is not None:
            show = partial(value_text, record, currency=context.currency)
            return Current(float(check_in.value), format_day(check_in.day), show)
    return None
