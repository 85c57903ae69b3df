"""A KVI as a plain table, for the command line and for download."""

import csv
import json
import math
from typing import Any

import pandas as pd

from kviboard.board.board import GROUPS, Board
from kviboard.board.kvis.all_kvis import read_every_kvi
from kviboard.board.kvis.evaluation import unknown_dimensions
from kviboard.board.kvis.reach import reach_of
from kviboard.board.kvis.reading import Reading, View
from kviboard.board.kvis.readings import read_kvi
from kviboard.domain.formatting import format_day, format_days, format_value, without_formula
from kviboard.domain.kvis.kvi import Kvi
from kviboard.domain.kvis.verdict_words import in_plain_words, is_judged
from kviboard.errors import UsageError

ANSWER_COLUMNS = ("period", "slice", "value", "numerator", "denominator", "n", "low", "high", "complete", "verdict")

_EXACT = 2.0**53  # up to here every whole number is one of its own

NO_SPRINTS = (
    "There are no sprints. Give [sprints] first_day in kviboard.toml, or export them as [sources.sprints]; "
    "then refresh."
)


def answer(board: Board, kvi: Kvi, view: View) -> pd.DataFrame:
    """The KVI per period and slice: ANSWER_COLUMNS; period as ISO date, floats NaN where there is no basis.

    Raises UsageError for a grain, dimension or dimension value that does not exist.
    """
    refuse_unknown_values(board, view)
    frames = [rows_of(reading) for reading in read_kvi(board, kvi, view) if not reading.frame.empty]
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=list(ANSWER_COLUMNS))


def for_people(reading: Reading, told: pd.DataFrame) -> pd.DataFrame:
    """Periods of a reading as people read them: each value in full with its unit, and the verdict in plain words."""
    unit, currency = reading.kvi.unit, reading.currency
    values = [format_value(value, unit, currency, precise=True) for value in told["value"]]
    judged = zip(told["verdict"], told["signal"], strict=True)
    shown = told.assign(value=values, verdict=[in_plain_words(verdict, tone) for verdict, tone in judged])
    columns = {
        "label": "Period",
        "value": "Value",
        "change_text": "Change",
        "n_text": "Based on",
        "verdict": "Verdict",
    }
    return shown[list(columns)].rename(columns=columns)


def why_empty(board: Board, kvi: Kvi, view: View) -> str:
    """Why there is no period to answer for, in a sentence, and what to do."""
    if view.grain == "sprint" and not board.calendar.sprints:
        return NO_SPRINTS
    if view.first and view.last and view.first > view.last:
        return f"{format_day(view.first)} lies after {format_day(view.last)}: swap the days of the range."
    reach = reach_of(kvi, board.reader)
    if reach is None:
        return f"{kvi.title} has no dated rows."
    data = format_days(reach.first_day, reach.last_day)
    return f"No {view.grain} of this range has data. {kvi.title} has data of {data}: choose a range within."


def catalogue(board: Board) -> pd.DataFrame:
    """Every KVI with the value of its latest complete month (or shortest grain it has) and what it waits for."""
    currency = board.workspace.company.currency
    readings = read_every_kvi(board, View("month"))
    rows = []
    for name, kvi in board.kvis.items():
        reading = readings[name][0]
        period, value = reading.stands_at
        value_text = format_value(value, kvi.unit, currency)
        rows.append((name, kvi.title, GROUPS[kvi.group], period, value_text, _judged(reading)))
    rows += [
        (name, board.catalog.kvis[name].title, GROUPS[board.catalog.kvis[name].group], "", "–", sentence)
        for name, sentence in board.waiting.items()
    ]
    return pd.DataFrame(rows, columns=["kvi", "title", "group", "period", "value", "verdict"])


def _judged(reading: Reading) -> str:
    """The verdict in plain words; in which period it was found, where that is not the one shown beside it."""
    words, judged = in_plain_words(reading.verdict, reading.signal), reading.judged
    return f"{words} in {judged.latest['label']}" if judged and judged.latest and is_judged(words) else words


def refuse_unknown_values(board: Board, view: View) -> None:
    """Raises UsageError where a view names dimensions or values that no customer has: all of them at once."""
    unknown = unknown_in(board, view)
    if unknown:
        raise UsageError(" ".join(unknown))


def unknown_in(board: Board, view: View) -> list[str]:
    """A sentence for each dimension and each value of a view that does not exist."""
    sentences = unknown_dimensions(view.by, (dimension for dimension, _ in view.where), board.reader)
    for dimension, values in view.where:
        there = board.reader.dimension_values(dimension) if dimension in board.dimensions else values
        listed = ", ".join(there)
        sentences += [
            f'{dimension} has no value "{value}"; known are {listed}.' for value in values if value not in there
        ]
    return sentences


def to_json(frame: pd.DataFrame) -> str:
    """A list of objects, one per row; no basis is null."""
    return json.dumps(objects(frame), ensure_ascii=False, indent=1)


def objects(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """A mapping per row; no basis is None."""
    return [
        {str(name): None if isinstance(value, float) and math.isnan(value) else value for name, value in row.items()}
        for row in frame.to_dict("records")
    ]


def to_csv(frame: pd.DataFrame) -> str:
    """Comma-separated, one header line; no basis is empty. For people: no cell is a formula where it is opened."""
    return to_raw_csv(frame.map(_no_formula).rename(columns=_no_formula))


def to_csv_file(frame: pd.DataFrame) -> bytes:
    """The same as a file for a spreadsheet."""
    return csv_file(to_csv(frame))


def csv_file(text: str) -> bytes:
    """A table's CSV as a file: without the mark in front, Excel takes UTF-8 for another encoding."""
    return text.encode("utf-8-sig")


def to_raw_csv(frame: pd.DataFrame) -> str:
    """The same with every text as it is, for programs."""
    text = frame.to_csv(index=False, float_format=_number)
    if "\r" in text:  # before Python 3.13 it stands without quotes, and ends a row
        text = frame.to_csv(index=False, float_format=_number, quoting=csv.QUOTE_NONNUMERIC)
    return text.rstrip("\n")


def to_table(frame: pd.DataFrame) -> str:
    """Aligned columns for a terminal; a dash where there is no basis."""
    if frame.empty:
        return "No rows: the exports have nothing of this for the days and customers chosen."
    texts = frame.map(_cell)
    right = [pd.api.types.is_numeric_dtype(frame[name]) and frame[name].dtype != bool for name in frame]
    widths = [max(len(str(name)), *(len(text) for text in texts[name])) for name in texts]
    lines = [list(texts.columns), ["─" * width for width in widths], *texts.to_numpy().tolist()]
    return "\n".join(
        "  ".join(t.rjust(w) if r else t.ljust(w) for t, w, r in zip(line, widths, right, strict=True)).rstrip()
        for line in lines
    )


def rows_of(reading: Reading) -> pd.DataFrame:
    """The periods shown: ANSWER_COLUMNS."""
    frame = reading.frame.assign(
        period=reading.frame["period"].dt.strftime("%Y-%m-%d"),
        slice=pd.Series(reading.slice, index=reading.frame.index, dtype=object),
    )
    return frame[list(ANSWER_COLUMNS)]


def _number(value: Any) -> str:
    """Every digit of it, and none that says nothing: 12 where a count's column has cells without a basis, too."""
    return f"{int(value)}" if value.is_integer() and abs(value) < _EXACT else str(value)


def _no_formula(value: object) -> object:
    return without_formula(value) if isinstance(value, str) else value


def _cell(value: Any) -> str:
    if pd.isna(value):
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:z,.0f}" if value.is_integer() else f"{value:z,.4f}"  # z: nothing is "-0"
    return " ".join(str(value).split())
