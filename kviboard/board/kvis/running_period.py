"""The period that still runs, compared with as many days of the period before: it must not look like a crash."""

from dataclasses import dataclass
from datetime import date

import pandas as pd

from kviboard.board.board import Board
from kviboard.board.kvis.evaluation import evaluate
from kviboard.board.kvis.reach import full_from, reach_of
from kviboard.board.kvis.reading import Reading, View
from kviboard.board.kvis.sql import Question
from kviboard.domain.formatting import counted, format_change, format_value
from kviboard.domain.kvis.kvi import Kvi
from kviboard.domain.periods import Period, period_of, previous_period


@dataclass(frozen=True)
class SoFar:
    """Where the running period stands after its first `days`, beside the same days of the one before; `before` is None
    where the data does not reach back to them, or it had not so many."""

    period: Period
    days: int
    value: float | None
    before_label: str
    before: float | None


def in_words(board: Board, reading: Reading, view: View) -> str:
    """What there is to say of the time after the latest complete period.

    "Sprint 23 so far (9 of 14 days): 48.1 %, ▼ 0.4 pp on the first 9 days of Sprint 22 (48.5 %)", or how long its
    values take to settle, or nothing where the data ends with a period.
    """
    kvi, currency = reading.kvi, board.workspace.company.currency
    if kvi.complete_after:
        settled = f"{counted(kvi.complete_after, 'day')} after"
        if reading.latest is None:
            return f"None is settled yet: that takes until {settled} its end."
        return f"Newer periods are not shown: their values settle {settled} they end."
    running = so_far(board, kvi, view)
    if running is None:
        return ""
    value = format_value(running.value, kvi.unit, currency)
    start = f"{running.period.full_name} so far ({running.days} of {counted(running.period.days, 'day')}): {value}"
    if running.value is None or running.before is None:
        return start
    change = format_change(running.value, running.before, kvi.unit, currency)
    before = format_value(running.before, kvi.unit, currency)
    days = "day" if running.days == 1 else f"{running.days} days"
    return f"{start}, {change} on the first {days} of {running.before_label} ({before})"


def so_far(board: Board, kvi: Kvi, view: View, day: date | None = None) -> SoFar | None:
    """The period that runs on `day`, the last one of the KVI's data unless given.

    None where the period ends with that day, the data does not reach the day or back to the period's first, or a window
    that the value looks back over is not full yet.
    """
    reach = reach_of(kvi, board.reader)
    day = day or (reach.data_through if reach else None)
    period = period_of(board.calendar, view.grain, day) if day else None
    if reach is None or day is None or period is None or view.grain == "day":
        return None
    if not reach.data_from <= period.starts_on or not full_from(kvi, reach) <= day <= reach.data_through:
        return None
    if period.ends_on <= day:
        return None
    before = previous_period(board.calendar, view.grain, period)
    days = (day - period.starts_on).days + 1
    before = before if before is not None and before.starts_on >= reach.data_from and before.days >= days else None
    first = before.starts_on if before else period.starts_on
    both = evaluate(board.reader, kvi, Question(view.grain, None, dict(view.where), first, period.starts_on, days))
    then = _value(both, before) if before else None
    return SoFar(period, days, _value(both, period), before.full_name if before else "", then)


def _value(frame: pd.DataFrame, period: Period) -> float | None:
    values = frame.loc[frame["period"] == pd.Timestamp(period.starts_on), "value"].tolist()
    return values[0] if values and values[0] == values[0] else None
