"""Reads KVIs: their values with what those mean — normal variation, signals, targets.

Owns how a reading is made of the values of one query. What a reading is, and tells, belongs to reading.py.
"""

import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from kviboard.board.board import Board
from kviboard.board.kvis.evaluation import COLUMNS, Values, evaluate_all
from kviboard.board.kvis.reach import reach_of
from kviboard.board.kvis.reading import Reading, View
from kviboard.board.kvis.segments import segment_of
from kviboard.board.kvis.verdicts import as_objects, meaning, not_judged
from kviboard.domain.formatting import format_value
from kviboard.domain.kvis.kvi import Kvi, Target, target_on
from kviboard.domain.periods import Calendar, Period, periods_between
from kviboard.errors import QueryError


def read_kvi(board: Board, kvi: Kvi, view: View) -> list[Reading]:
    """The KVI's readings, one per slice (one in all without `view.by`), in the order of the slices' names."""
    values = evaluate_all(board.reader, [kvi], view.question)
    return _with_judged(board, view, {kvi.name: _read(board, kvi, view, values[kvi.name])})[kvi.name]


def read_kvis(board: Board, kvis: Sequence[Kvi], view: View) -> dict[str, list[Reading]]:
    """The readings of several KVIs by name, at the cost of few queries. One that fails or takes too long is left empty
    and says so (`trouble`); the others are computed all the same."""
    try:
        values = evaluate_all(board.reader, kvis, view.question)
    except QueryError:
        return {kvi.name: _read_alone(board, kvi, view) for kvi in kvis}
    return _with_judged(board, view, {kvi.name: _read(board, kvi, view, values[kvi.name]) for kvi in kvis})


def _read_alone(board: Board, kvi: Kvi, view: View) -> list[Reading]:
    try:
        return read_kvi(board, kvi, view)
    except QueryError as error:
        return [Reading(kvi, view.grain, None, {}, range(0), None, None, trouble=f"{kvi.path}: {error}")]


def _with_judged(board: Board, view: View, found: dict[str, list[Reading]]) -> dict[str, list[Reading]]:
    """The readings, those in another grain than their KVI is judged in with the verdict of that one."""
    elsewhere: dict[str, list[Kvi]] = {}
    for readings in found.values():
        kvi = readings[0].kvi
        if readings[0].columns and board.judged_grain(kvi) != view.grain:
            elsewhere.setdefault(board.judged_grain(kvi), []).append(kvi)
    judged: dict[str, list[Reading]] = {}
    for grain, kvis in elsewhere.items():
        judged |= read_kvis(board, kvis, View(grain, by=view.by, where=view.where))
    return found | {name: _judged_by(found[name], judged[name]) for name in judged}


def _judged_by(readings: Sequence[Reading], judged: Sequence[Reading]) -> list[Reading]:
    """Each reading with the one of its slice that its verdict comes from, said on its latest complete period."""
    of_slice = {reading.slice: reading for reading in judged}
    return [_judged_elsewhere(reading, of_slice[reading.slice]) for reading in readings if reading.slice in of_slice]


def _judged_elsewhere(reading: Reading, judged: Reading) -> Reading:
    verdicts = reading.columns["verdict"].copy()
    complete = np.flatnonzero(reading.columns["complete"])
    if complete.size:
        verdicts[complete[-1]] = judged.verdict
    return replace(reading, columns=dict(reading.columns) | {"verdict": verdicts}, judged=judged)


def _read(board: Board, kvi: Kvi, view: View, values: Values) -> list[Reading]:
    if not values["period"].size:
        return [Reading(kvi, view.grain, None, {}, range(0), None, None)]
    spans = (values["period"][0].item().date(), values["period"][-1].item().date())
    periods = _periods(board.calendar, view.grain, *spans)
    count = len(periods.each)  # of every slice
    slices = [{name: column[start : start + count] for name, column in values.items()}
              for start in range(0, values["period"].size, count)]  # fmt: skip
    return [_reading(board, kvi, view, own, periods) for own in slices]


def targets_for(board: Board, kvi: Kvi, view: View) -> list[Target]:
    """The KVI's targets that were set for just these periods and customers."""
    judged = board.judged_grain(kvi)
    given = board.targets.get(kvi.name, ())
    return [target for target in given if target.speaks_for(view.grain, view.where, judged)]


def target_elsewhere(board: Board, kvi: Kvi, targets: Sequence[Target], day: date | None) -> str:
    """What the KVI's target of a day was set for, where none of `targets`, those for what is looked at, holds then:
    "target 800: set for all customers per month, so not judged here"; empty where there is nothing to say."""
    if day is None or target_on(targets, day) is not None:
        return ""
    others = [target for target in board.targets.get(kvi.name, ()) if target not in targets]
    found = target_on([target for target in others if not target.where] or others, day)
    if found is None:
        return ""
    value = format_value(found.value, kvi.unit, board.workspace.company.currency)
    about = found.about(board.judged_grain(kvi), segment_of(board.workspace, found.where))
    return f"target {value}: set for {about}, so not judged here"


class _Periods(NamedTuple):
    """Periods in a row, with their names and last days as columns."""

    each: Sequence[Period]
    labels: np.ndarray
    ends_on: np.ndarray


@lru_cache(maxsize=64)  # the KVIs of a page share theirs
def _periods(calendar: Calendar, grain: str, first: date, last: date) -> _Periods:
    found = periods_between(calendar, grain, first, last)
    ends_on = np.array([period.ends_on for period in found], dtype="datetime64[us]")
    return _Periods(found, as_objects([period.full_name for period in found]), ends_on)


def _reading(board: Board, kvi: Kvi, view: View, values: Values, periods: _Periods) -> Reading:
    of_slice = values["slice"][0]
    where = (*view.where, (view.by, (str(of_slice),))) if view.by else view.where
    targets = targets_for(board, kvi, replace(view, where=where))
    columns = _columns(board, kvi, values, periods, targets, view.grain)
    complete = np.flatnonzero(columns["complete"])
    ends_on = periods.each[complete[-1]].ends_on if complete.size else None
    reach = reach_of(kvi, board.reader)
    return Reading(
        kvi=kvi,
        grain=view.grain,
        slice=of_slice,
        columns=columns,
        shown=_shown(columns, view),
        target=target_on(targets, ends_on) if ends_on else None,
        data_through=reach.data_through if reach else None,
        currency=board.workspace.company.currency,
        elsewhere="" if view.by else target_elsewhere(board, kvi, targets, ends_on),
    )


def _columns(
    board: Board, kvi: Kvi, values: Values, periods: _Periods, targets: Sequence[Target], grain: str
) -> dict[str, np.ndarray]:
    """Values with `label`, `ends_on`, limits, verdict, reason and target."""
    currency, judged = board.workspace.company.currency, board.judged_grain(kvi)
    held = [target_on(targets, period.ends_on) if targets else None for period in periods.each]
    columns = {name: values[name] for name in COLUMNS if name != "slice"}
    columns["ends_on"] = periods.ends_on
    columns["comparable"] = _comparable(board, kvi, values)
    columns |= meaning(kvi, columns, periods.labels, currency, grain) if grain == judged else not_judged(values, judged)
    columns["target"] = np.array([target.value if target else math.nan for target in held])
    return columns | {"label": periods.labels}


def _comparable(board: Board, kvi: Kvi, values: Values) -> np.ndarray:
    """Whether each period can be compared with later ones: what has not filled up yet would look like growth."""
    reach = reach_of(kvi, board.reader)
    if reach is None or not kvi.judged_after:
        return np.ones(values["period"].size, dtype=bool)
    return np.asarray(values["period"] >= np.datetime64(reach.data_from + timedelta(days=kvi.judged_after)))


def _shown(columns: Values, view: View) -> range:
    """The rows of whole periods that overlap the chosen range."""
    first, last = np.datetime64(view.first or date.min), np.datetime64(view.last or date.max)
    keep = np.flatnonzero((columns["ends_on"] >= first) & (columns["period"] <= last))
    return range(int(keep[0]), int(keep[-1]) + 1) if keep.size else range(0)
