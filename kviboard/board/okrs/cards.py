"""Makes the cards of the quarter's page: a key result, a guardrail, an objective with both.

Where each stands comes from `judging`; which objectives are shown belongs to `quarter`.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import partial

from kviboard.board.context import BoardContext
from kviboard.board.kvis.history import KviHistory, periods_left
from kviboard.board.okrs.judging import JudgedAt, KeyResultState, judge_parts, judged_at, key_result_state, measured
from kviboard.board.okrs.texts import kvi_title, value_text
from kviboard.board.okrs.values import CheckInLine
from kviboard.board.okrs.views import GuardrailView, KeyResultView, ObjectiveLink, ObjectiveView
from kviboard.domain.formatting import format_change, format_value
from kviboard.domain.kvis.signals import DOWN, UP, WITHIN
from kviboard.domain.kvis.xmr import ENOUGH
from kviboard.domain.okrs import model as okr
from kviboard.domain.okrs.badges import Badge, badge_of
from kviboard.domain.okrs.chance import Movement, movement_since_baseline
from kviboard.domain.okrs.forecast import describe_forecast, forecast
from kviboard.domain.okrs.lifecycle import State
from kviboard.domain.okrs.progress import Guardrail as Rail
from kviboard.domain.okrs.progress import guardrail_breach
from kviboard.store import CheckIn, Guardrail, KeyResult, KeyResultRow, ObjectiveRow

CHECK_INS_SHOWN = 5  # per key result on a cycle's page; its story has them all


def objective_view(
    context: BoardContext,
    row: ObjectiveRow,
    cycle: okr.Cycle,
    day: date,
    clock: date,
    parents: Mapping[int, ObjectiveLink],
) -> ObjectiveView:
    """The card of an objective with those of its key results, judged on a day of the data; what is owed goes by the
    clock. `parents` names the objectives it may support."""
    at = judged_at(context, row, cycle, day)
    parts = tuple(key_result_view(context, part, at, clock) for part in row.key_results)
    rails = tuple(guardrail_view(context, rail, cycle, at.day) for rail in row.guardrails)
    records, judgements = [part.record for part in parts], [part.judgement for part in parts]
    hint = okr.key_result_limit_hint(len(parts)) if not at.closed else None
    return ObjectiveView(
        record=row.objective,
        judgement=judge_parts(records, judgements, at, [rail.breach for rail in rails if rail.breach]),
        key_results=parts,
        guardrails=rails,
        hints=(hint,) if hint else (),
        parent=parents.get(row.objective.parent_id or 0),
        confidences=_confidences(row.key_results),
    )


def key_result_view(context: BoardContext, row: KeyResultRow, at: JudgedAt, clock: date) -> KeyResultView:
    """The card of a key result."""
    record, found = row.key_result, key_result_state(context, row, at)
    title = kvi_title(context.board.catalog, record.kvi, record.grain, record.where) if record.kvi else ""
    return KeyResultView(
        record=record,
        rules=found.rules,
        judgement=found.judgement,
        current=found.current,
        badge=_badge(found, at, clock, row.check_ins),
        check_ins=check_in_lines(context, record, row.check_ins),
        confidence=found.confidence,
        currency=context.currency,
        outlook=partial(_forecast, context, found, at),
        moved=partial(_movement, context, record, found, at),
        kvi_title=title,
        reading=found.history.reading if found.history else None,
        until=at.cycle.ends_on,
        trouble=found.trouble,
    )


def check_in_lines(context: BoardContext, record: KeyResult, check_ins: Sequence[CheckIn]) -> tuple[CheckInLine, ...]:
    """Check-ins, newest first, each with the value said before it."""
    show, lines = partial(value_text, record, currency=context.currency), []
    before: Decimal | None = None
    for check_in in reversed(check_ins):
        lines.append(CheckInLine(check_in, before, show))
        before = before if check_in.value is None else check_in.value
    return tuple(reversed(lines))


def guardrail_view(context: BoardContext, record: Guardrail, cycle: okr.Cycle, day: date) -> GuardrailView:
    """A guardrail with the value its KVI has on a day; a breach counts only where there is a value."""
    history, trouble = context.history_or_trouble(record.kvi, record.grain, record.where)
    title = kvi_title(context.board.catalog, record.kvi, record.grain, record.where)
    if history is None:
        return GuardrailView(record, title, okr.band_text(record.lower, record.upper), None, trouble=trouble)
    show = partial(format_value, unit=history.kvi.unit, currency=context.currency)
    current = measured(context, history, history.latest_in(cycle, day))
    rail = Rail(history.kvi.title, record.lower, record.upper)
    breach = guardrail_breach(rail, current.value, show, current.text_with_interval) if current else None
    return GuardrailView(record, title, okr.band_text(record.lower, record.upper, show), current, breach or "")


def _badge(found: KeyResultState, at: JudgedAt, clock: date, check_ins: Sequence[CheckIn]) -> Badge | None:
    if at.state != State.ACTIVE:
        return None
    last, history = check_ins[0].day if check_ins else None, found.history
    through, settles_after = (history.reading.data_through, history.kvi.complete_after) if history else (None, 0)
    return badge_of(found.rules, at.cycle, clock, last, through, settles_after)


def _forecast(context: BoardContext, found: KeyResultState, at: JudgedAt) -> str:
    history, place = found.history, found.place
    if history is None or place is None or at.closed:
        return ""
    left = periods_left(context.board.calendar, history.reading.grain, history.ends[place], at.cycle.ends_on)
    values = [point.value for point in history.points[: place + 1]]
    steady = history.steady_until(place)
    outlook = forecast(values, left, found.rules.measure, *history.kvi.limits, steady=steady) if left else None
    show = partial(format_value, unit=history.kvi.unit, currency=context.currency)
    return describe_forecast(outlook, show, found.rules.measure.is_band) if outlook else ""


def _movement(context: BoardContext, record: KeyResult, found: KeyResultState, at: JudgedAt) -> Movement | None:
    history, place = found.history, found.place
    if history is None or place is None or record.baseline is None or found.current is None:
        return None
    change = format_change(found.current.value, float(record.baseline), history.kvi.unit, context.currency)
    verdicts = _verdicts_since(history, at.cycle, place, float(record.baseline), found.current.value)
    return movement_since_baseline(verdicts, change)


def _verdicts_since(
    history: KviHistory, cycle: okr.Cycle, place: int, baseline: float, current: float
) -> list[str | None]:
    """The verdicts of the cycle's periods as far as they speak of a movement away from the baseline.

    A verdict compares a period with its level, which may have been left before the cycle began. So a signal counts
    only in the direction of the movement, and where normal variation does not explain the distance to the baseline:
    it is farther away than that, or enough periods since the baseline made a run of their own.
    """
    since = [point for point in history.within(cycle, place) if point.value is not None]
    moved = UP if current > baseline else DOWN
    return [
        WITHIN
        if point.verdict in (UP, DOWN) and (point.verdict != moved or (point.is_near(baseline) and count < ENOUGH))
        else point.verdict
        for count, point in enumerate(since, 1)
    ]


def _confidences(rows: Sequence[KeyResultRow]) -> tuple[tuple[date, float], ...]:
    """The mean of the latest confidence of each key result, at each day of a check-in that says one, as far back as
    it is known of all of them: only their newest check-ins are at hand."""
    stated = sorted(
        (check_in.day, check_in.id, place, check_in.confidence)
        for place, row in enumerate(rows)
        for check_in in row.check_ins
        if check_in.confidence is not None
    )
    latest: dict[int, int] = {}
    means: dict[date, float] = {}
    for day, _, place, confidence in stated:
        latest[place] = confidence
        means[day] = sum(latest.values()) / len(latest)
    known_from = max((_confidence_known_from(row.check_ins) for row in rows), default=date.min)
    return tuple((day, mean) for day, mean in means.items() if day >= known_from)


def _confidence_known_from(check_ins: Sequence[CheckIn]) -> date:
    """From which day on every confidence of a key result is among its newest check-ins."""
    if len(check_ins) < CHECK_INS_SHOWN:
        return date.min
    newest, older = check_ins[:CHECK_INS_SHOWN], check_ins[CHECK_INS_SHOWN:]
    stated = [check_in.day for check_in in newest if check_in.confidence is not None]
    return min(stated) if stated else next((each.day for each in older if each.confidence is not None), date.min)
