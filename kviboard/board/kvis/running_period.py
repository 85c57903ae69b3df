"""The period that still runs, compared with as many days of the period before: it must not look like a crash."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pandas as pd

from kviboard.board.board import Board
from kviboard.board.kvis.evaluation import evaluate
from kviboard.board.kvis.reach import full_from, reach_of
from kviboard.board.kvis.reading import Reading, View, answers_in_words
from kviboard.board.kvis.sql import Question
from kviboard.domain.formatting import counted, format_change, format_value
from kviboard.domain.kvis.kvi import Kvi
from kviboard.domain.periods import Period, period_of, previous_period


@dataclass(frozen=True)
class SoFar:
    """Where the running period stands after its first `days`, beside the same days of the one before; `before` is None
    where the data does not reach back to them, or it had not so many. `row` has the value's n, low and high, NaN where
    it rests on no answers."""

    period: Period
    days: int
    value: float | None
    before_label: str
    before: float | None
    row: Mapping[str, Any] = field(default_factory=dict)


def in_words(board: Board, reading: Reading, view: View) -> str:
    """What there is to say of the time after the latest complete period.

    "Sprint 23 so far (9 of 14 days): 48.1 %, based on 52 (±13.6 pp by chance), ▼ 0.4 pp on the first 9 days of Sprint
    22 (48.5 %)", or how long its values take to settle, or nothing where the data ends with a period.
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
    if answers := answers_in_words(running.row, kvi.unit, currency):
        start += f", {answers}"
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
    now = _row(both, period)
    then = _value(_row(both, before)) if before else None
    return SoFar(period, days, _value(now), before.full_name if before else "", then, now)


def _row(frame: pd.DataFrame, period: Period) -> dict[str, Any]:
    found = frame[frame["period"] == pd.Timestamp(period.starts_on)].to_dict("records")
    return {str(name): value for name, value in found[0].items()} if found else {}


def _value(row: Mapping[str, Any]) -> float | None:
    value = row.get("value")
    return float(value) if value is not None and value == value else None
