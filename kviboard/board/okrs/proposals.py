"""What the forms propose before anything is typed: where a KVI stands, what is normal for it, the next cycle.

What is typed then is checked in `forms`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from kviboard.board.context import BoardContext
from kviboard.board.kvis.history import KviHistory, Point, points_of
from kviboard.board.kvis.reading import Reading
from kviboard.board.kvis.readings import as_of
from kviboard.board.numbers import rounded, typed_text
from kviboard.domain.formatting import format_range, format_value
from kviboard.domain.kvis.kvi import Kvi
from kviboard.domain.kvis.signals import DOWN, UP, WITHIN
from kviboard.domain.okrs import model as okr
from kviboard.domain.periods import Calendar, periods_between
from kviboard.store import NewCycle


@dataclass(frozen=True, eq=False)
class Proposal:
    """Where a key result on a KVI could start. `baseline` is as it would be typed, empty without history."""

    kvi: Kvi
    kind: str  # increase or decrease, whichever is better
    baseline: str
    why: str  # the sentence that says where the baseline comes from
    latest: str  # the latest complete period before the cycle, as it would be typed
    reading: Reading


def propose_measure(
    context: BoardContext, kvi: str, grain: str, where: Mapping[str, Sequence[str]], cycle: okr.Cycle
) -> Proposal:
    """The level the KVI held before the cycle began as baseline: steadier than its latest period, which luck moves.

    The latest complete period where that one left the level, or with too little history. Raises UsageError where the
    KVI cannot be computed so.
    """
    history = context.history(kvi, grain, where)
    before = _before(context, history, cycle.starts_on)
    unit, value = history.kvi.unit, None
    if before is not None:
        value = before.centre if before.verdict == WITHIN else before.value
    return Proposal(
        kvi=history.kvi,
        kind="increase" if history.kvi.better == "up" else "decrease",
        baseline="" if value is None else typed_text(rounded(value, unit), unit),
        why=_why(context, history, before),
        latest="" if before is None or before.value is None else typed_text(rounded(before.value, unit), unit),
        reading=history.reading,
    )


def _before(context: BoardContext, history: KviHistory, starts_on: date) -> Point | None:
    """The last complete period with a value that ended before the cycle, with the level that was known then: what the
    cycle brings is no part of where it began. The latest of all if none did."""
    then = points_of(as_of(context.board, history.reading, starts_on - timedelta(days=1)))
    known = _with_value(then) or _with_value(history.points)
    return known[-1] if known else None


def _with_value(points: Sequence[Point]) -> list[Point]:
    return [point for point in points if point.value is not None]


def _why(context: BoardContext, history: KviHistory, before: Point | None) -> str:
    title, unit, currency = history.kvi.title, history.kvi.unit, context.currency
    if before is None:
        return f"{title} has no complete {history.reading.grain} yet."
    latest = f"{format_value(before.value, unit, currency)} in {before.label}"
    if before.centre is None:
        return f"{title} stood at {latest}; too little history for a level."
    level = format_value(before.centre, unit, currency)
    if before.verdict in (UP, DOWN):
        return (
            f"{title} stood at {latest}, which is a real change ({before.verdict}): its level of {level} holds no more."
        )
    usual = format_range(before.lower, before.upper, unit, currency)
    return f"{title} stood at {latest}; usually it was {level} ({usual})."


def propose_cycle(context: BoardContext) -> NewCycle:
    """The quarter after the newest cycle, or the one that today lies in."""
    calendar, cycles = context.board.calendar, context.store.cycles.all()
    day = cycles[0].ends_on + timedelta(days=1) if cycles else context.board.clock_day
    return quarter_on(calendar, day)


def quarter_on(calendar: Calendar, day: date) -> NewCycle:
    """The fiscal quarter that a day lies in."""
    quarter = periods_between(calendar, "quarter", day, day)[0]
    return NewCycle(name=quarter.name, starts_on=quarter.starts_on, ends_on=quarter.ends_on)
