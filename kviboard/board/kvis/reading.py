"""What a reading is: one KVI's values with what they mean, and the view of them that somebody chose.

Owns the frame behind every trend, tile and table. How readings are made belongs to readings.py, drawing to charts.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from kviboard.board.kvis.sql import Question
from kviboard.board.kvis.verdicts import FEW_ANSWERS
from kviboard.domain.formatting import format_change, format_margin, format_value
from kviboard.domain.kvis.kvi import Kvi, Target, meets
from kviboard.domain.kvis.verdict_words import in_plain_words


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
        """What charts and tables show of these rows: a text for each of a long history takes as long as its query.

        Whole periods are compared, each with the one before: half a period's sum is no fall."""
        before = max(rows.start - 1, 0)
        value, complete = (self.columns[name][before : rows.stop] for name in ("value", "complete"))
        shown = _floats(value[rows.start - before :])
        whole = [*([] if rows.start else [None]), *_floats(np.where(complete, value, np.nan))]
        return {
            "value_text": [format_value(value, self.kvi.unit, self.currency) for value in shown],
            "change_text": [format_change(now, then, self.kvi.unit, self.currency) for then, now in pairwise(whole)],
            "n_text": [f"{n:,.0f}" if n == n else "" for n in self.columns["n"][rows.start : rows.stop].tolist()],
        }

    @property
    def verdict(self) -> str:
        """The verdict on the latest complete period of the grain that it is judged in."""
        latest = self.judging.latest
        if latest is None:
            return self.trouble or f"no complete {self.judged.grain if self.judged else 'period'} yet"
        said = str(latest["verdict"])
        if self.judged and said.startswith(FEW_ANSWERS):  # of another period than the one beside which it stands
            return f"{said.removesuffix(')')} in {latest['label']})"
        return said

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
        """The periods worth drawing, as they are told."""
        return self._told(self.rows_drawn)

    @cached_property
    def told(self) -> pd.DataFrame:
        """The periods shown, for people: the verdict of another grain is said to be of it."""
        return self._told(self.shown)

    def _told(self, rows: range) -> pd.DataFrame:
        frame = self._frame(rows)
        if self.judged and self._complete.size and (latest := int(self._complete[-1])) in rows:
            words = in_plain_words(self.verdict, self.signal)
            frame.loc[latest, "verdict"] = f"judged per {self.judged.grain}: {words[:1].lower()}{words[1:]}"
        return frame

    def between(self, first: date | None, last: date | None) -> "Reading":
        """The reading with only the periods shown that overlap these days; all there are where neither is given."""
        if not self.columns or (first is None and last is None):
            return self
        begin, end = np.datetime64(first or date.min), np.datetime64(last or date.max)
        places = np.flatnonzero((self.columns["ends_on"] >= begin) & (self.columns["period"] <= end))
        return replace(self, shown=range(int(places[0]), int(places[-1]) + 1) if places.size else range(0))

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
    def stands_at(self) -> tuple[str, float | None]:
        """The period that `standing` is of, and its value; "" and None where there is none."""
        row = self.standing
        if row is None:
            return "", None
        return f"{row['label']}{'' if row is self.latest else ' so far'}", _number(row, "value")

    @cached_property
    def standing(self) -> Mapping[str, Any] | None:
        """The row of the latest complete period; before there is one, of the period in which the KVI's data ends so
        far, unless its value could not be told yet from one that is still filling or settling. Later ones lack an
        export."""
        if self.latest is not None:
            return self.latest
        kvi, columns = self.kvi, self.columns
        if not columns or self.data_through is None or kvi.complete_after or kvi.window_days or kvi.full_after:
            return None
        last_day = np.datetime64(self.data_through)
        running = np.flatnonzero((columns["period"] <= last_day) & (columns["ends_on"] >= last_day))
        if not running.size or np.isnan(columns["value"][running[0]]):
            return None
        return self._row(running[0])

    @property
    def meets_target(self) -> bool | None:
        if self.value is None or self.target is None:
            return None
        return meets(self.value, self.target.value, self.kvi.better)


def answers_in_words(row: Mapping[str, Any], unit: str, currency: str) -> str:
    """How many answers a period's value rests on, and how sure that makes it: "based on 165 (±7.5 pp by chance)". Empty
    where it rests on none."""
    if not row.get("n", math.nan) > 0:
        return ""
    margin = format_margin(row["value"], row["low"], row["high"], unit, currency)
    return f"based on {row['n']:,.0f}" + (f" ({margin} by chance)" if margin else "")


def _floats(values: np.ndarray) -> list[float | None]:
    return [None if math.isnan(value) else value for value in values.tolist()]


def _number(row: Mapping[str, Any] | None, name: str) -> float | None:
    return None if row is None or math.isnan(row[name]) else float(row[name])
