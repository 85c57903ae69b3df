"""Reads a KVI: its values with what they mean — normal variation, signals, targets — and the latest in words.

Owns the frame behind every trend, tile and table. Drawing belongs to charts, placing to the pages.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache

import numpy as np
import pandas as pd

from kviboard.board.board import Board
from kviboard.board.evaluation import COLUMNS, evaluate_all
from kviboard.board.evaluation_sql import Question
from kviboard.board.reach import reach_of
from kviboard.board.verdicts import as_objects, meaning
from kviboard.domain.kvi import Kvi, Target, meets, target_on
from kviboard.domain.periods import Calendar, Period, periods_between
from kviboard.domain.values import format_change, format_value


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
    """One KVI in one slice. `frame` has one row per period shown (see `_frame`), `history` one per period there is;
    `latest` is the last complete row."""

    kvi: Kvi
    grain: str
    slice: str | None
    frame: pd.DataFrame
    latest: pd.Series | None
    previous: pd.Series | None
    reason: str
    target: Target | None
    data_through: date | None
    history: pd.DataFrame

    @property
    def verdict(self) -> str:
        return str(self.latest["verdict"]) if self.latest is not None else "no complete period yet"

    @property
    def signal(self) -> str | None:
        """good, bad or neutral where the latest complete period is a signal."""
        signal = self.latest["signal"] if self.latest is not None else None
        return signal if isinstance(signal, str) else None  # a column of texts says NaN for none

    @cached_property  # a reading does not change, and pages draw it again at every click
    def drawn(self) -> pd.DataFrame:
        """The periods worth drawing: from the first with a value up to the running one; without those whose values
        have not settled yet, which would look like a crash (bought again within 90 days: nobody of last week has)."""
        if self.latest is None:
            return self.frame
        known = np.flatnonzero(self.frame["value"].notna().to_numpy())
        settled = int((self.frame["period"] <= self.latest["period"]).sum())
        return self.frame.iloc[known[0] if known.size else 0 : settled + (self.kvi.complete_after == 0)]

    @property
    def level_since(self) -> str:
        """The period since which the present level holds; empty where no shift was seen."""
        return str(self.latest["level_since"]) if self.latest is not None else ""

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
    return read_kvis(board, [kvi], view)[kvi.name]


def read_kvis(board: Board, kvis: Sequence[Kvi], view: View) -> dict[str, list[Reading]]:
    """The readings of several KVIs by name, at the cost of few queries."""
    values = evaluate_all(board.reader, kvis, view.question)
    return {kvi.name: _read(board, kvi, view, values[kvi.name]) for kvi in kvis}


def _read(board: Board, kvi: Kvi, view: View, values: pd.DataFrame) -> list[Reading]:
    if values.empty:
        return [_nothing(kvi, view)]
    spans = values["period"].min().date(), values["period"].max().date()
    periods = _periods(board.calendar, view.grain, *spans)
    targets = targets_for(board, kvi, view)
    if not view.by:
        return [_reading(board, kvi, view, None, values, periods, targets)]
    slices = values.groupby("slice", sort=True)
    return [_reading(board, kvi, view, str(name), group, periods, targets) for name, group in slices]


def targets_for(board: Board, kvi: Kvi, view: View) -> list[Target]:
    """The KVI's targets that are about these periods and customers."""
    return [target for target in board.targets.get(kvi.name, ()) if target.speaks_for(view.grain, view.where)]


@lru_cache(maxsize=64)  # the KVIs of a page share theirs
def _periods(calendar: Calendar, grain: str, first: date, last: date) -> list[Period]:
    return periods_between(calendar, grain, first, last)


def _reading(
    board: Board,
    kvi: Kvi,
    view: View,
    name: str | None,
    values: pd.DataFrame,
    periods: Sequence[Period],
    targets: Sequence[Target],
) -> Reading:
    currency = board.workspace.company.currency
    frame = _frame(kvi, values.reset_index(drop=True), periods, targets, currency)
    complete = np.flatnonzero(frame["complete"].to_numpy())
    latest = frame.iloc[complete[-1]] if complete.size else None
    previous = frame.iloc[complete[-2]] if complete.size > 1 else None
    reach = reach_of(kvi, board.reader)
    return Reading(
        kvi=kvi,
        grain=view.grain,
        slice=name,
        frame=_zoom(frame, view),
        latest=latest,
        previous=previous,
        reason=str(latest["reason"]) if latest is not None else "",
        target=target_on(targets, latest["ends_on"].date()) if latest is not None else None,
        data_through=reach.data_through if reach else None,
        history=frame,
    )


def _frame(
    kvi: Kvi, values: pd.DataFrame, periods: Sequence[Period], targets: Sequence[Target], currency: str
) -> pd.DataFrame:
    """Values with `label`, `ends_on`, limits, verdict, reason, target and the texts that charts and tables show.

    Built in one go: growing a frame column by column costs more than the query.
    """
    labels = [period.full_name for period in periods]
    numbers = _floats(values["value"])
    held = [target_on(targets, period.ends_on) for period in periods]
    columns: dict[str, object] = {name: values[name].to_numpy() for name in COLUMNS if name != "slice"}
    columns["ends_on"] = np.array([period.ends_on for period in periods], dtype="datetime64[us]")
    columns |= meaning(kvi, values, labels, currency)
    columns["target"] = np.array([target.value if target else math.nan for target in held])
    texts = {
        "label": labels,
        "value_text": [format_value(value, kvi.unit, currency) for value in numbers],
        "change_text": [
            format_change(now, then, kvi.unit, currency) for now, then in zip(numbers, [None, *numbers], strict=False)
        ],
        "n_text": [f"n = {n:,.0f}" if n == n else "" for n in values["n"].tolist()],
    }
    return pd.DataFrame(columns | {name: as_objects(text) for name, text in texts.items()})


def _zoom(frame: pd.DataFrame, view: View) -> pd.DataFrame:
    """Whole periods that overlap the chosen range."""
    first, last = view.first or date.min, view.last or date.max
    keep = (frame["ends_on"].to_numpy() >= np.datetime64(first)) & (frame["period"].to_numpy() <= np.datetime64(last))
    return frame if keep.all() else frame[keep].reset_index(drop=True)


def _nothing(kvi: Kvi, view: View) -> Reading:
    nothing = pd.DataFrame()
    return Reading(kvi, view.grain, None, nothing, None, None, "", None, None, nothing)


def _floats(values: pd.Series) -> list[float | None]:
    return [None if math.isnan(value) else value for value in values.tolist()]


def _number(row: pd.Series | None, name: str) -> float | None:
    return None if row is None or math.isnan(row[name]) else float(row[name])
