"""Reads KVIs: their values with what those mean — normal variation, signals, targets.

Owns how a reading is made of the values of one query. What a reading is, and tells, belongs to reading.py.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple

import numpy as np

from kviboard.board.board import Board
from kviboard.board.kvis.evaluation import COLUMNS, Values, evaluate_grains
from kviboard.board.kvis.reach import reach_of
from kviboard.board.kvis.reading import Reading, View
from kviboard.board.kvis.segments import segment_of
from kviboard.board.kvis.verdicts import as_objects, meaning, not_judged
from kviboard.domain.formatting import format_value
from kviboard.domain.kvis.kvi import Kvi, Target, target_on
from kviboard.domain.periods import Calendar, Period, periods_between
from kviboard.errors import QueryError

ByGrain = Mapping[str, Mapping[str, list[Reading]]]
"""Readings by grain, then by the KVI's name."""

_NOTHING: ByGrain = MappingProxyType({})


def read_kvi(board: Board, kvi: Kvi, view: View) -> list[Reading]:
    """The KVI's readings, one per slice (one in all without `view.by`), in the order of the slices' names."""
    found = _evaluated(board, _wanted(board, {view.grain: [kvi]}, _NOTHING), view)
    return zoomed(_judged(board, found, _NOTHING)[view.grain][kvi.name], view)


def read_kvis(board: Board, kvis: Sequence[Kvi], view: View) -> dict[str, list[Reading]]:
    """The readings of several KVIs by name, at the cost of few queries. One that fails or takes too long is left empty
    and says so (`trouble`); the others are computed all the same."""
    found = read_grains(board, {view.grain: kvis}, view).get(view.grain, {})
    return {kvi.name: zoomed(found[kvi.name], view) for kvi in kvis}


def read_grains(board: Board, asked: Mapping[str, Sequence[Kvi]], view: View, known: ByGrain = _NOTHING) -> ByGrain:
    """The readings of KVIs in several grains over all the periods there are, and in the grain that each is judged in;
    what is `known` of the same customers is not read again.

    `view` says which slices of which customers. Trouble is told as `read_kvis` tells it.
    """
    wanted = _wanted(board, asked, known)
    try:
        found = _evaluated(board, wanted, view)
    except QueryError:
        found = {grain: {kvi.name: _read_alone(board, kvi, grain, view) for kvi in kvis}
                 for grain, kvis in wanted.items()}  # fmt: skip
    return _judged(board, found, known)


def zoomed(readings: Sequence[Reading], view: View) -> list[Reading]:
    """The readings with those of their periods shown that overlap the view's range."""
    return [reading.between(view.first, view.last) for reading in readings]


def _wanted(board: Board, asked: Mapping[str, Sequence[Kvi]], known: ByGrain) -> dict[str, list[Kvi]]:
    """What is asked and not known, and the same KVIs in the grain in which each is judged."""
    pairs = [(grain, kvi) for grain, kvis in asked.items() for kvi in kvis]
    pairs += [(board.judged_grain(kvi), kvi) for _, kvi in pairs]
    wanted: dict[str, dict[str, Kvi]] = {}
    for grain, kvi in pairs:
        if kvi.name not in known.get(grain, ()):
            wanted.setdefault(grain, {})[kvi.name] = kvi
    return {grain: list(kvis.values()) for grain, kvis in wanted.items()}


def _evaluated(board: Board, wanted: Mapping[str, Sequence[Kvi]], view: View) -> ByGrain:
    values = evaluate_grains(board.reader, wanted, view.question)
    return {
        grain: {kvi.name: _read(board, kvi, grain, view, values[grain][kvi.name]) for kvi in kvis}
        for grain, kvis in wanted.items()
    }


def _read_alone(board: Board, kvi: Kvi, grain: str, view: View) -> list[Reading]:
    try:
        return _evaluated(board, {grain: [kvi]}, view)[grain][kvi.name]
    except QueryError as error:
        return [Reading(kvi, grain, None, {}, range(0), None, None, trouble=f"{kvi.path}: {error}")]


def _judged(board: Board, found: ByGrain, known: ByGrain) -> ByGrain:
    """The readings, those in another grain than their KVI is judged in with the verdict of that one."""
    return {
        grain: {name: _judged_in(board.judged_grain(readings[0].kvi), readings, found, known)
                for name, readings in by_name.items()}
        for grain, by_name in found.items()
    }  # fmt: skip


def _judged_in(grain: str, readings: list[Reading], found: ByGrain, known: ByGrain) -> list[Reading]:
    first = readings[0]
    if first.grain == grain or not first.columns:
        return readings
    return _judged_by(readings, {**known.get(grain, {}), **found.get(grain, {})}[first.kvi.name])


def _judged_by(readings: Sequence[Reading], judged: Sequence[Reading]) -> list[Reading]:
    """Each reading with the one of its slice that its verdict comes from, said on its latest complete period."""
    of_slice = {reading.slice: reading for reading in judged}
    return [_judged_elsewhere(reading, of_slice[reading.slice]) for reading in readings if reading.slice in of_slice]


def _judged_elsewhere(reading: Reading, judged: Reading) -> Reading:
    verdicts = reading.columns["verdict"].copy()
    complete = np.flatnonzero(reading.columns["complete"])
    if complete.size:
        verdicts[complete[-1]] = replace(reading, judged=judged).verdict
    return replace(reading, columns=dict(reading.columns) | {"verdict": verdicts}, judged=judged)


def _read(board: Board, kvi: Kvi, grain: str, view: View, values: Values) -> list[Reading]:
    if not values["period"].size:
        return [Reading(kvi, grain, None, {}, range(0), None, None)]
    spans = (values["period"][0].item().date(), values["period"][-1].item().date())
    periods = _periods(board.calendar, grain, *spans)
    count = len(periods.each)  # of every slice
    slices = [{name: column[start : start + count] for name, column in values.items()}
              for start in range(0, values["period"].size, count)]  # fmt: skip
    return [_reading(board, kvi, replace(view, grain=grain), own, periods) for own in slices]


def as_of(board: Board, reading: Reading, day: date) -> Reading:
    """The reading with only the periods that ended by `day`, judged anew: what came later has no say in what was usual
    then."""
    if not reading.columns:
        return reading
    seen = reading.until(day).shown
    columns = {name: column[: seen.stop] for name, column in reading.columns.items()}
    judged = as_of(board, reading.judged, day) if reading.judged else None
    if judged is None:
        currency = board.workspace.company.currency
        columns |= meaning(reading.kvi, columns, columns["label"].tolist(), currency, reading.grain)
    return replace(reading, columns=columns, shown=seen, judged=judged)


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
        shown=range(len(periods.each)),
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
