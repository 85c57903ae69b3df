"""Runs a view: its SELECT over the customers chosen and the days of the range, with intervals and statistics."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

import pandas as pd

from kviboard.board.board import Board
from kviboard.board.kvis.reading import View
from kviboard.board.kvis.tables import NO_SPRINTS, refuse_unknown_values
from kviboard.board.views.statistics import FINISHED
from kviboard.catalog import ViewFile
from kviboard.domain.formatting import format_day, format_days, listed
from kviboard.domain.kvis.intervals import interval, repeats_in
from kviboard.domain.periods import GRAINS, ONE_DAY
from kviboard.errors import Problem, QueryError, UsageError
from kviboard.warehouse.slices import with_chosen_slices
from kviboard.warehouse.tried import refuse_inflation

Given = str | int | float


def read_view(board: Board, name: str, view: View, **given: Given) -> pd.DataFrame:
    """The rows of a view: its columns in their order, `slice` before them where the view is asked by a dimension.

    `given` are parameters of the view's own, its defaults where they are left out. Percentages are fractions, days
    datetime64, missing numbers NaN. Raises UsageError for a view, dimension, value or parameter that does not exist or
    an export that is missing, QueryError where its SQL does not run.
    """
    frame = select_rows(board, name, view, **given)
    file = view_file(board, name)
    _refuse_missing(file, [*(file.interval.columns if file.interval else ())], frame)
    if file.interval:
        columns = [frame[column].to_numpy() for column in file.interval.columns]
        frame["low"], frame["high"] = interval(file.interval.kind, columns, repeats_in(frame))
    finish = FINISHED.get(name)
    if finish:
        frame = finish(board, frame)
    named = [*(["slice"] if view.by else []), *file.columns]
    _refuse_missing(file, named, frame)
    return frame[named]


def _refuse_missing(file: ViewFile, columns: Sequence[str], frame: pd.DataFrame) -> None:
    missing = [name for name in columns if name not in frame.columns]
    if missing:
        there = f"it returns {listed(list(map(str, frame.columns)))}"
        raise QueryError(f"{file.path}: names {listed(missing)}, which its SELECT does not return; {there}.")


def select_rows(board: Board, name: str, view: View, **given: Given) -> pd.DataFrame:
    """What the SELECT of a view answers with, before intervals and statistics; raises as `read_view` does."""
    file = view_file(board, name)
    lacking = lacks(board, name)
    if lacking:
        raise UsageError(f"{file.title} {lacking}.")
    _refuse_wrong(board, file, view, given)
    sql, parameters = sql_of_view(board, file, view, given)
    if file.is_own:
        refuse_inflation(board.reader, file.title, [file.sql], sql, parameters)
    return board.reader.frame(sql, parameters)


def view_file(board: Board, name: str) -> ViewFile:
    """The view called `name`. Raises UsageError with what is known, or what is wrong with its file."""
    if name in board.catalog.views:
        return board.catalog.views[name]
    found = [str(problem) for problem in board.problems if f"/views/{name}.sql" in problem.where]
    known = ", ".join(sorted(board.catalog.views))
    raise UsageError(found[0] if found else f'"{name}" is not a view; known are {known}.')


def lacks(board: Board, name: str) -> str:
    """Which export a view needs that is not there ("needs the responses export"); empty where it can be asked."""
    return board.missing_export(view_file(board, name).needs) or ""


def list_views(board: Board) -> pd.DataFrame:
    """Every view: its name, title, whether it can be sliced, what it waits for and what one row is."""
    rows = [
        (name, file.title, file.is_sliced, lacks(board, name), file.row)
        for name, file in sorted(board.catalog.views.items())
    ]
    return pd.DataFrame(rows, columns=["view", "title", "sliced", "waits_for", "row"])


def own_views_that_fail(board: Board) -> tuple[Problem, ...]:
    """Files of the company's own views that do not run as they are asked first, nor told by a dimension where they can
    be; none that waits for an export."""
    problems = []
    for name, file in board.catalog.views.items():
        if file.is_own and not lacks(board, name):
            by = next(iter(board.reader.dimensions), None) if file.is_sliced else None
            try:
                read_view(board, name, View(by=by))
            except (QueryError, UsageError) as error:
                problems.append(Problem(file.path, str(error).removeprefix(f"{file.path}: ")))
    return tuple(problems)


def plain(frame: pd.DataFrame) -> pd.DataFrame:
    """The rows for CSV, JSON or a terminal: days as ISO texts."""
    days = {str(name): days.dt.strftime("%Y-%m-%d") for name, days in frame.select_dtypes("datetime").items()}
    return frame.assign(**days)


def sql_of_view(board: Board, file: ViewFile, view: View, given: Mapping[str, Given]) -> tuple[str, dict[str, object]]:
    """The SQL that runs for a view, and its parameters."""
    first, last = range_of(board, file, view)
    values = {**file.parameters, **given, "first": first, "last": last, "grain": view.grain}
    parameters: dict[str, object] = {name: values[name] for name in file.asked}
    if not file.is_sliced:
        return file.sql, parameters
    sql, chosen = with_chosen_slices(file.sql, view.by, dict(view.where))
    return sql, parameters | chosen


def range_of(board: Board, file: ViewFile, view: View) -> tuple[date, date]:
    """First and last day that are asked for: those chosen, else as far as the exports behind the view reach."""
    tables = {need.partition(".")[0] for need in file.needs} & board.reader.reach.keys() - {"customers"}
    spans = [board.reader.reach[table] for table in tables or board.reader.reach]
    first = view.first or min((span.data_from for span in spans), default=date.min)
    return first, view.last or max((span.data_through for span in spans), default=date.max)


def days_in_words(board: Board, name: str, view: View) -> str:
    """The days that the rows of a view can be of, " of 1 Nov 2025 – 31 Oct 2026": those of the range that the exports
    behind it reach; empty where they reach none of it."""
    first, last, _ = _reached(board, name, view)
    return f" of {format_days(first, last)}" if first <= last else ""


def view_before(board: Board, name: str, view: View) -> View | None:
    """The view of as many days before those of `days_in_words`, or of the fewer that the exports have; None of none."""
    first, last, begins = _reached(board, name, view)
    if last < first or first <= begins:
        return None
    return replace(view, first=first - min(last - first + ONE_DAY, first - begins), last=first - ONE_DAY)


def _reached(board: Board, name: str, view: View) -> tuple[date, date, date]:
    """First and last day of the range that the exports behind a view reach, and the first day that they have."""
    file = view_file(board, name)
    begins, ends = range_of(board, file, replace(view, first=None, last=None))
    first, last = range_of(board, file, view)
    return max(first, begins), min(last, ends), begins


def _refuse_wrong(board: Board, file: ViewFile, view: View, given: Mapping[str, Given]) -> None:
    if (view.by or view.where) and not file.is_sliced:
        raise UsageError(f"{file.title} cannot be filtered or sliced by customers.")
    refuse_unknown_values(board, view)
    unknown = sorted(given.keys() - file.parameters.keys())
    if unknown:
        known = f"known are {', '.join(file.parameters)}" if file.parameters else "it has none"
        raise UsageError(f"{file.name} has no parameter {unknown[0]}; {known}.")
    if view.first and view.last and view.first > view.last:
        raise UsageError(f"{format_day(view.first)} lies after {format_day(view.last)}: swap the days of the range.")
    if "grain" in file.asked and view.grain not in GRAINS:
        raise UsageError(f'"{view.grain}" is not a grain; choose one of {", ".join(GRAINS)}.')
    if "grain" in file.asked and view.grain == "sprint" and not board.calendar.sprints:
        raise UsageError(NO_SPRINTS)
