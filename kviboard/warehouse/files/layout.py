"""How a table lies in its file, text or sheet: which lines are header, which columns there are, which rows fit."""

from collections.abc import Sequence
from dataclasses import dataclass

from kviboard.domain.formatting import counted
from kviboard.domain.names import likeness
from kviboard.errors import ExportError
from kviboard.warehouse.files.decimal_commas import joined
from kviboard.warehouse.files.header import filled_cells, find_header, holds_values_of, is_ruled, kinds_of
from kviboard.warehouse.files.names import column_names, repeated_names
from kviboard.warehouse.files.read_options import ReadOptions

Numbered = tuple[int, list[str]]


@dataclass(frozen=True)
class Layout:
    """Lines are physical ones, counted from 1. `width`: how many leading cells a row must have."""

    names: tuple[str, ...]
    line: int  # of the column names
    skip: int  # lines before the first that may be a row
    further: frozenset[int] = frozenset()  # lines of the header below its first
    above: tuple[Numbered, ...] = ()  # what stands above it
    rows_above: tuple[Numbered, ...] = ()  # those of them that hold values as the rows do
    below: tuple[Numbered, ...] = ()  # the further lines
    repeated: tuple[str, ...] = ()
    least: int = 0  # cells without which a row is none
    is_numbered: bool = False  # the first column has no name and only counts the rows
    joined: int | None = None  # the column that a decimal comma makes two cells of

    @property
    def last_header_line(self) -> int:
        return max(self.further, default=0)

    def fit(self, row: list[str], line: int) -> tuple[list[str] | None, str]:
        """The row with a cell for each column, or None and why it is none."""
        width = len(self.names)
        if line in self.further:
            return None, "is a second header line"
        if is_ruled(row):
            return None, "is drawn and holds nothing"
        if self.joined is not None and len(row) == width + 1:
            return joined(row, self.joined), ""
        if len(row) >= width and not any(row[width:]):  # a delimiter too many at the end says nothing
            return row[:width], ""
        if self.least <= len(row) < width:
            return [*row, *[""] * (width - len(row))], ""
        return None, f"has {counted(len(row), 'column')} where the header has {width}"

    def is_set_aside(self, row: list[str], line: int) -> bool:
        """Whether a line that is no row is nothing to worry about."""
        return line in self.further or is_ruled(row)


def find_layout(rows: Sequence[Numbered], at: int, reading: ReadOptions, first_line: int = 1) -> Layout:
    """The layout of a table whose column names are in the row `at` of the first `rows` of its file.

    A layout without names is returned where their row is broken. Raises ExportError where there are none.
    """
    if reading.columns:
        return _without_header(rows, reading, first_line)
    line, cells = rows[at]
    if not cells:
        return Layout((), line, line)
    header = find_header([row for _, row in rows], at)
    body = [row for _, row in rows[at + 1 + header.further :]]
    kinds = kinds_of(body) if at else []
    cells = [""] * header.is_short + cells
    names = column_names(cells[: _width(cells, body)])
    below = tuple(rows[at + 1 : at + 1 + header.further])
    return Layout(
        tuple(names),
        line,
        line + sum(map(breaks_in, cells)),
        frozenset(line for line, _ in below),
        tuple(rows[:at]),
        tuple((line, row) for line, row in rows[:at] if holds_values_of(row, kinds)),
        below,
        repeated_names(cells),
        _least(names, reading),
        header.is_short,
    )


def _without_header(rows: Sequence[Numbered], reading: ReadOptions, first_line: int) -> Layout:
    """The columns are those of the settings; a line with these very names, or that header_line names, is no row."""
    names = column_names(reading.columns)
    width = len(rows[0][1])
    line = reading.header_line or first_line - 1
    if [likeness(cell) for cell in rows[0][1]] == [likeness(name) for name in names]:
        line = max(line, rows[0][0])
    if width != len(names) and line < rows[0][0]:
        what = f"has {counted(width, 'column')} in line {rows[0][0]}, and [sources.{reading.source}] columns names "
        raise ExportError(f"{what}{len(names)}; correct columns")
    return Layout(tuple(names), line, line, least=_least(names, reading))


def _least(names: Sequence[str], reading: ReadOptions) -> int:
    """How many cells a row must have, so that none is missing that it needs."""
    return max((at for at, name in enumerate(names, start=1) if reading.needs([name])), default=1)


def _width(header: Sequence[str], body: Sequence[Sequence[str]]) -> int:
    """How many columns there are: nameless last ones count where most rows have a value there."""
    named = filled_cells(header)
    if named == len(header):
        return named
    filled = sorted(filled_cells(row[: len(header)]) for row in body)
    return max(named, filled[(len(filled) - 1) // 2] if filled else 0)


def breaks_in(cell: str) -> int:
    """How many line ends lie inside a quoted cell."""
    return cell.count("\n") + cell.count("\r") - cell.count("\r\n")
