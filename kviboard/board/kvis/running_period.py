"""The period that still runs, compared with as many days of the period before: it must not look like a crash."""

from dataclasses import dataclass

import pandas as pd

from kviboard.board.board import Board
from kviboard.board.kvis.evaluation import evaluate
from kviboard.board.kvis.reach import reach_of
from kviboard.board.kvis.readings import Reading, View
from kviboard.board.kvis.sql import Question
from kviboard.domain.formatting import counted, format_change, format_value
from kviboard.domain.kvis.kvi import Kvi
from kviboard.domain.periods import Period, period_of, previous_period


@dataclass(frozen=True)
class SoFar:
    """Where the running period stands after `days` of its `of_days` days, beside the same days of the one before."""

    label: str
    days: int
    of_days: int
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
        return f"Newer periods are not shown: their values settle {counted(kvi.complete_after, 'day')} after they end."
    running = so_far(board, kvi, view)
    if running is None:
        return ""
    value = format_value(running.value, kvi.unit, currency)
    start = f"{running.label} so far ({running.days} of {running.of_days} days): {value}"
    if running.value is None or running.before is None:
        return start
    change = format_change(running.value, running.before, kvi.unit, currency)
    before = format_value(running.before, kvi.unit, currency)
    days = "day" if running.days == 1 else f"{running.days} days"
    return f"{start}, {change} on the first {days} of {running.before_label} ({before})"


def so_far(board: Board, kvi: Kvi, view: View) -> SoFar | None:
    """The running period; None where the data ends with a period or nothing came before."""
    reach = reach_of(kvi, board.reader)
    period = period_of(board.calendar, view.grain, reach.data_through) if reach else None
    if reach is None or period is None or period.ends_on <= reach.data_through or view.grain == "day":
        return None
    before = previous_period(board.calendar, view.grain, period)
    if before is None or before.starts_on < reach.data_from:
        return None
    days = (reach.data_through - period.starts_on).days + 1
    where = dict(view.where)
    both = evaluate(board.reader, kvi, Question(view.grain, None, where, before.starts_on, period.starts_on, days))
    now, then = _value(both, period), _value(both, before)
    return SoFar(period.full_name, days, period.days, now, before.full_name, then)


def _value(frame: pd.DataFrame, period: Period) -> float | None:
    values = frame.loc[frame["period"] == pd.Timestamp(period.starts_on), "value"].tolist()
    return values[0] if values and values[0] == values[0] else None
