"""Makes the card of a key result: its current value, status, badge, forecast and movement on a day of the data.

The rules are domain's; which objectives and what else the page shows belongs to `okrs`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

from kviboard.board.kvi_history import KviHistory, periods_left
from kviboard.board.okr_board import OkrBoard
from kviboard.board.okr_views import CheckInLine, Current, GuardrailView, KeyResultView
from kviboard.domain import okr
from kviboard.domain.forecast import describe_forecast, forecast
from kviboard.domain.life_cycle import State
from kviboard.domain.okr_badges import Badge, badge_of
from kviboard.domain.okr_progress import Guardrail as Rail
from kviboard.domain.okr_progress import guardrail_breach
from kviboard.domain.okr_signals import Movement, movement_since_baseline
from kviboard.domain.okr_status import Judgement, Status, judge_key_result
from kviboard.domain.values import NO_VALUE, format_change, format_day, format_range, format_value
from kviboard.store import CheckIn, Guardrail, KeyResult, KeyResultRow, as_rules_see

DONE, NOT_DONE = "done", "not done"
IS_DRAFT = "a draft; it counts once it is active"


@dataclass(frozen=True)
class Moment:
    """The cycle, the day of the data and the state of the objective a card is made for."""

    cycle: okr.Cycle
    day: date
    state: State

    @property
    def closed(self) -> bool:
        return self.state == State.CLOSED


def key_result_view(okrs: OkrBoard, row: KeyResultRow, moment: Moment) -> KeyResultView:
    """The card of a key result."""
    record, rules = row.key_result, as_rules_see(row.key_result)
    history, trouble = None, ""
    if record.kvi:
        history, trouble = okrs.history_or_trouble(record.kvi, record.grain, record.where)
    place = history.latest_in(moment.cycle, moment.day) if history else None
    current = _measured(okrs, history, place) if record.kvi else _typed(okrs, record, row.check_ins)
    confidence = next((said.confidence for said in row.check_ins if said.confidence is not None), None)
    return KeyResultView(
        record=record,
        rules=rules,
        judgement=_judge(rules, current, moment, confidence),
        current=current,
        baseline_text=value_text(okrs, record, record.baseline, NOT_DONE),
        target_text=target_text(okrs, record),
        badge=_badge(rules, moment, history, row.check_ins),
        check_ins=check_in_lines(okrs, record, row.check_ins),
        confidence=confidence,
        forecast=_forecast(okrs, rules, moment, history, place),
        movement=_movement(okrs, record, moment, history, place),
        kvi_title=_kvi_title(okrs, record) if record.kvi else "",
        reading=history.reading if history else None,
        typed_values=() if record.kvi else _values(row.check_ins),
        trouble=trouble,
    )


def guardrail_view(okrs: OkrBoard, record: Guardrail, cycle: okr.Cycle, day: date) -> GuardrailView:
    """A guardrail with the value its KVI has on a day; a breach counts only where there is a value."""
    history, trouble = okrs.history_or_trouble(record.kvi, record.grain, record.where)
    title = kvi_title(okrs, record.kvi, record.grain, record.where)
    if history is None:
        return GuardrailView(record, title, okr.band_text(record.lower, record.upper), None, trouble=trouble)
    show = partial(format_value, unit=history.kvi.unit, currency=okrs.currency)
    current = _measured(okrs, history, history.latest_in(cycle, day))
    rail = Rail(history.kvi.title, record.lower, record.upper)
    breach = guardrail_breach(rail, current.value if current else None, show)
    return GuardrailView(record, title, okr.band_text(record.lower, record.upper, show), current, breach or "")


def kvi_title(okrs: OkrBoard, kvi: str, grain: str | None, where: Mapping[str, Sequence[str]]) -> str:
    """ "Net promoter score · Enterprise · per month"; the name where the KVI is not known any more."""
    known = okrs.board.catalog.kvis.get(kvi)
    chosen = [" or ".join(values) for values in where.values() if values]
    return " · ".join([known.title if known else kvi, *chosen, f"per {grain}"])


def value_text(okrs: OkrBoard, record: KeyResult, value: okr.Number | None, milestone: str = DONE) -> str:
    """A value of a key result as people read it."""
    if record.kind == "milestone":
        return milestone if value is None else (DONE if value >= 1 else NOT_DONE)
    return format_value(None if value is None else float(value), record.unit, okrs.currency)


def target_text(okrs: OkrBoard, record: KeyResult) -> str:
    """Where a key result should go: a value, a band, or "done"."""
    if record.kind == "keep_within":
        show = partial(format_value, unit=record.unit, currency=okrs.currency)
        return okr.band_text(record.lower, record.upper, show)
    return value_text(okrs, record, record.target)


def check_in_lines(okrs: OkrBoard, record: KeyResult, said: Sequence[CheckIn]) -> tuple[CheckInLine, ...]:
    """Check-ins, newest first, each with the value said before it."""
    lines = []
    for place, check_in in enumerate(said):
        before = next((other.value for other in said[place + 1 :] if other.value is not None), None)
        texts = [value_text(okrs, record, value, NO_VALUE) for value in (check_in.value, before)]
        lines.append(CheckInLine(check_in, *texts))
    return tuple(lines)


def _judge(rules: okr.KeyResult, current: Current | None, moment: Moment, confidence: int | None) -> Judgement:
    value = current.value if current else None
    judged = judge_key_result(rules, value, moment.cycle, moment.day, confidence, moment.closed)
    if moment.state == State.DRAFT:
        return replace(judged, status=Status.PENDING, reason=IS_DRAFT)
    return judged


def _measured(okrs: OkrBoard, history: KviHistory | None, place: int | None) -> Current | None:
    if history is None or place is None:
        return None
    point, unit = history.points[place], history.kvi.unit
    if point.value is None:
        return None
    interval = "" if point.low is None else format_range(point.low, point.high, unit, okrs.currency)
    text = format_value(point.value, unit, okrs.currency)
    return Current(point.value, text, point.label, True, point.n_text, interval)


def _typed(okrs: OkrBoard, record: KeyResult, said: Sequence[CheckIn]) -> Current | None:
    for check_in in said:
        if check_in.value is not None:
            text = value_text(okrs, record, check_in.value)
            return Current(float(check_in.value), text, format_day(check_in.day), False)
    return None


def _values(said: Sequence[CheckIn]) -> tuple[tuple[date, float], ...]:
    return tuple((each.day, float(each.value)) for each in reversed(said) if each.value is not None)


def _badge(rules: okr.KeyResult, moment: Moment, history: KviHistory | None, said: Sequence[CheckIn]) -> Badge | None:
    if moment.state != State.ACTIVE:
        return None
    reach = history.reading.data_through if history else None
    last = said[0].day if said else None
    return badge_of(rules, moment.cycle, moment.day, last, None if reach is None else min(reach, moment.day))


def _forecast(
    okrs: OkrBoard, rules: okr.KeyResult, moment: Moment, history: KviHistory | None, place: int | None
) -> str:
    if history is None or place is None or moment.closed:
        return ""
    left = periods_left(okrs.board.calendar, history.reading.grain, history.ends[place], moment.cycle.ends_on)
    values = [point.value for point in history.points[: place + 1]]
    outlook = forecast(values, left, rules.measure, *history.kvi.limits)
    show = partial(format_value, unit=history.kvi.unit, currency=okrs.currency)
    return describe_forecast(outlook, show) if outlook and left else ""


def _movement(
    okrs: OkrBoard, record: KeyResult, moment: Moment, history: KviHistory | None, place: int | None
) -> Movement | None:
    if history is None or place is None or record.baseline is None:
        return None
    since = [point for point in history.points[: place + 1] if point.ends_on >= moment.cycle.starts_on]
    change = format_change(since[-1].value, float(record.baseline), history.kvi.unit, okrs.currency)
    return movement_since_baseline([point.verdict for point in since if point.value is not None], change)


def _kvi_title(okrs: OkrBoard, record: KeyResult) -> str:
    return kvi_title(okrs, record.kvi or "", record.grain, record.where)
