"""Reads a KVI: its values with what they mean — normal variation, signals, targets — and the latest in words.

Owns the frame behind every trend, tile and table. Drawing belongs to charts, placing to the pages.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
import pandas as pd

from kviboard.board.board import Board
from kviboard.board.kvis.evaluation import COLUMNS, Values, evaluate_all
from kviboard.board.kvis.reach import reach_of
from kviboard.board.kvis.sql import Question
from kviboard.board.kvis.verdicts import as_objects, meaning, not_judged
from kviboard.domain.formatting import format_change, format_value
from kviboard.domain.kvis.kvi import Kvi, Target, meets, target_on
from kviboard.domain.periods import Calendar, Period, periods_between
from kviboard.errors import QueryError


@dataclass(frozen=True)
class View:
    """What a viewer chose. The range only zooms: verdicts always rest on the whole history, so that they do not change
    with what happens to be on the screen."""

    grain: str = "month"
    first: date | None = None
    last: date | None = None
    by: str | None = None
    where: tuple[tuple[str, tuple[str, ...]], ...] = ()

    @property
    def question(self) -> Question:
        return Question(self.grain, self.by, dict(self.where))


@dataclass(frozen=True, eq=False)
class Reading:
    """One KVI in one slice: `columns` by name (see `_columns`), with one row per period there is.

    `shown` are the rows of the periods on the screen. Frames are made when they are asked for: most pages read a few
    numbers of each KVI, and making a frame costs more than the query.
    """

    kvi: Kvi
    grain: str
    slice: str | None
    columns: Mapping[str, np.ndarray]
    shown: range
    target: Target | None
    data_through: date | None
    currency: str = ""
    trouble: str = ""  # why it could not be computed while the others could
    elsewhere: str = ""  # what the KVI's target was set for, where that is something else than what is looked at
    judged: "Reading | None" = None  # the same in the grain it is judged in; None where that is its own

    @property
    def judging(self) -> "Reading":
        """The reading that the verdict comes from: signals are told in one grain, whatever grain is looked at."""
        return self.judged or self

    @cached_property
    def history(self) -> pd.DataFrame:
        """All periods there are."""
        return self._frame(range(self.columns["period"].size) if self.columns else range(0))

    @cached_property
    def frame(self) -> pd.DataFrame:
        """The periods shown."""
        return self._frame(self.shown).reset_index(drop=True)

    @cached_property
    def latest(self) -> Mapping[str, Any] | None:
        """The last complete period by column; days as Timestamp."""
        return self._row(self._complete[-1]) if self._complete.size else None

    @cached_property
    def previous(self) -> Mapping[str, Any] | None:
        """The complete period before it."""
        return self._row(self._complete[-2]) if self._complete.size > 1 else None

    @cached_property
    def _complete(self) -> np.ndarray:
        return np.flatnonzero(self.columns["complete"]) if self.columns else np.empty(0, int)

    def _row(self, place: int) -> Mapping[str, Any]:
        row = {name: column[place] for name, column in self.columns.items()}
        days = {name: pd.Timestamp(row[name]) for name in ("period", "ends_on")}
        return row | days | {name: text for name, (text,) in self._texts(range(place, place + 1)).items()}

    def _frame(self, rows: range) -> pd.DataFrame:
        columns = {name: column[rows.start : rows.stop] for name, column in self.columns.items()}
        texts = {name: pd.Series(column, rows, object) for name, column in columns.items() if column.dtype == object}
        if self.columns:
            texts |= {name: pd.Series(text, rows, object) for name, text in self._texts(rows).items()}
        return pd.DataFrame(columns | texts, index=rows)

    def _texts(self, rows: range) -> dict[str, list[str]]:
        """What charts and tables show of these rows: a text for each of a long history takes as long as its query."""
        before = max(rows.start - 1, 0)
        known = _floats(self.columns["value"][before : rows.stop])
        shown = known[rows.start - before :]
        return {
            "value_text": [format_value(value, self.kvi.unit, self.currency) for value in shown],
            "change_text": [
                format_change(now, then, self.kvi.unit, self.currency)
                for now, then in zip(shown, known if rows.start else [None, *known], strict=False)
            ],
            "n_text": [f"n = {n:,.0f}" if n == n else "" for n in self.columns["n"][rows.start : rows.stop].tolist()],
        }

    @property
    def verdict(self) -> str:
        """The verdict on the latest complete period of the grain that it is judged in."""
        latest, nothing = self.judging.latest, self.trouble or "no complete period yet"
        return str(latest["verdict"]) if latest is not None else nothing

    @property
    def signal(self) -> str | None:
        """good, bad or neutral where that period is a signal."""
        latest = self.judging.latest
        signal = latest["signal"] if latest is not None else None
        return signal if isinstance(signal, str) else None  # a column of texts says NaN for none

    @cached_property
    def rows_drawn(self) -> range:
        """The rows worth drawing: from the first with a value up to the running period; without those whose values
        have not settled yet, which would look like a crash (bought again within 90 days: nobody of last week has)."""
        first, end = self.shown.start, self.shown.stop
        if not self._complete.size:
            return self.shown
        known = np.flatnonzero(~np.isnan(self.columns["value"][first:end]))
        settled = max(first, int(self._complete[-1]) + 1) + (self.kvi.complete_after == 0)
        return range(first + (int(known[0]) if known.size else 0), min(settled, end))

    @cached_property
    def drawn(self) -> pd.DataFrame:
        """The periods worth drawing."""
        return self._frame(self.rows_drawn)

    def until(self, day: date) -> "Reading":
        """The reading with only the periods shown that ended by `day`."""
        ended = int(np.searchsorted(self.columns["ends_on"], np.datetime64(day), side="right"))
        return replace(self, shown=range(self.shown.start, max(self.shown.start, min(ended, self.shown.stop))))

    @property
    def reason(self) -> str:
        """Why it is a signal; empty where it is none."""
        latest = self.judging.latest
        return str(latest["reason"]) if latest is not None else ""

    @property
    def level_since(self) -> str:
        """The period since which the present level holds; empty where no shift was seen."""
        latest = self.judging.latest
        return str(latest["level_since"]) if latest is not None else ""

    @property
    def value(self) -> float | None:
        return _number(self.latest, "value")

    @property
    def meets_target(self) -> bool | None:
        if self.value is None or self.target is None:
            return None
        return meets(self.value, self.target.value, self.kvi.better)


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
    count = len(periods)  # of every slice
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
    return f"target {value}: set for {found.about(board.judged_grain(kvi))}, so not judged here"


@lru_cache(maxsize=64)  # the KVIs of a page share theirs
def _periods(calendar: Calendar, grain: str, first: date, last: date) -> list[Period]:
    return periods_between(calendar, grain, first, last)


def _reading(board: Board, kvi: Kvi, view: View, values: Values, periods: Sequence[Period]) -> Reading:
    of_slice = values["slice"][0]
    where = (*view.where, (view.by, (str(of_slice),))) if view.by else view.where
    targets = targets_for(board, kvi, replace(view, where=where))
    columns = _columns(board, kvi, values, periods, targets, view.grain)
    complete = np.flatnonzero(columns["complete"])
    ends_on = periods[complete[-1]].ends_on if complete.size else None
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
    board: Board, kvi: Kvi, values: Values, periods: Sequence[Period], targets: Sequence[Target], grain: str
) -> dict[str, np.ndarray]:
    """Values with `label`, `ends_on`, limits, verdict, reason and target."""
    currency, judged = board.workspace.company.currency, board.judged_grain(kvi)
    labels = [period.full_name for period in periods]
    held = [target_on(targets, period.ends_on) for period in periods]
    columns = {name: values[name] for name in COLUMNS if name != "slice"}
    columns["ends_on"] = np.array([period.ends_on for period in periods], dtype="datetime64[us]")
    columns["comparable"] = _comparable(board, kvi, values)
    columns |= meaning(kvi, columns, labels, currency, grain) if grain == judged else not_judged(values, judged)
    columns["target"] = np.array([target.value if target else math.nan for target in held])
    return columns | {"label": as_objects(labels)}


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


def _floats(values: np.ndarray) -> list[float | None]:
    return [None if math.isnan(value) else value for value in values.tolist()]


def _number(row: Mapping[str, Any] | None, name: str) -> float | None:
    return None if row is None or math.isnan(row[name]) else float(row[name])
