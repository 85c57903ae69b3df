"""Reads spreadsheets into text columns, each value as the export shows it, and tells which sheets belong together."""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pyarrow as pa
import python_calamine

from kviboard.domain.formatting import counted, plural
from kviboard.domain.names import likeness, plain_name
from kviboard.errors import ExportError
from kviboard.warehouse.files.alike import Candidate, Choice, choose
from kviboard.warehouse.files.cell_formats import PERCENT, is_measure
from kviboard.warehouse.files.header import place_of_header
from kviboard.warehouse.files.layout import Layout, Numbered, find_layout
from kviboard.warehouse.files.limits import UNREADABLE, check_spreadsheet
from kviboard.warehouse.files.read_options import ReadOptions
from kviboard.warehouse.files.records import Findings, Malformed, in_batches, to_table
from kviboard.warehouse.files.values import as_text
from kviboard.warehouse.files.workbooks import BesideCells, Range, beside_cells, counts_from_1904, down_the_rows
from kviboard.warehouse.manifest import ExportDecision

_HEAD_ROWS = 500  # in which the layout of the table is seen
_ALL = "*"
Units = Mapping[tuple[int, int], str]  # by line and column, from the first one that is not empty
_NUMBER = re.compile(r"-?\d+(\.\d+)?(e[+-]?\d+)?")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # how .xls begins, and every spreadsheet with a password


class SheetFile:
    """One sheet of an XLSX, XLS or ODS file; the line of a row is its row number in the sheet.

    `sheet`: its name; the first of those that are to be read unless given.
    """

    def __init__(self, path: Path, reading: ReadOptions | None = None, sheet: str | None = None) -> None:
        self.path = path
        self.reading = reading or ReadOptions()
        self.findings = Findings(is_from_1904=counts_from_1904(path))
        self._sheet = sheet

    def batches(self) -> Iterator[pa.Table]:
        """See Records. Raises ExportError for a file that is no spreadsheet or lacks the sheet."""
        if self._sheet is None:
            read = choose_sheets(self.path, self.reading).read
            self._sheet = read[0] if read else None
        book = _open(self.path)
        rows = list(_rows(book, self._sheet)) if self._sheet else []
        if not rows or not self._sheet:
            yield to_table([], [], [])
            return
        layout = _layout(rows[:_HEAD_ROWS], self.reading)
        self.findings.note_layout(layout, self.reading)
        sheet = book.get_sheet_by_name(self._sheet)
        left = sheet.start[1] if sheet.start else 0  # columns that are empty
        self._fill_merged(dict(rows), sheet.merged_cell_ranges, layout.line, left)
        beside = beside_cells(self.path, self._sheet)
        self._note_hidden(beside.hidden_rows)
        self._note_formulas(beside)
        units = {(line, column - left): unit for (line, column), unit in beside.units.items() if line > layout.line}
        self._note_percents(dict(rows), units, layout)
        self._write_units(dict(rows), units, layout)
        yield to_table(layout.names, [], [])
        for some in in_batches((line, row) for line, row in rows if line > layout.skip):
            fitting = [(line, cells) for line, row in some if (cells := self._fit(layout, line, row)) is not None]
            yield to_table(layout.names, [cells for _, cells in fitting], [line for line, _ in fitting])

    def _fill_merged(self, rows: dict[int, list[str]], ranges: Sequence[Range] | None, below: int, left: int) -> None:
        """Give each row of merged cells their value: it stands in the first of them alone."""
        filled = [
            line
            for (line, column), first in down_the_rows(ranges, below).items()
            if line in rows and first in rows and _set(rows[line], column - left, rows[first])
        ]
        if filled:
            what = f"{counted(len(filled), 'cell')} merged with the one above {plural(len(filled), 'has', 'have')} its "
            line = f"line {min(filled)}"
            self.findings.decisions.append(ExportDecision(where="", what=f"{what}value.", example=line))

    def _note_hidden(self, rows: int) -> None:
        if rows:
            what = f"{counted(rows, 'row')} of the sheet {plural(rows, 'is', 'are')} hidden, as by a filter, and "
            what += f"{plural(rows, 'counts', 'count')}."
            self._warn(what, "If they do not belong there, delete them and export again.")

    def _note_formulas(self, beside: BesideCells) -> None:
        if beside.not_computed:
            what = _holding(beside.not_computed, "a formula that no program has computed")
            self._warn(what, "Open it in a spreadsheet program, save it there, and export that.")
        if beside.errors:
            what = _holding(beside.errors, "an error, such as #N/A or #DIV/0!")
            self._warn(what, "Mend their formulas in the spreadsheet, or delete what they stand in.")

    def _note_percents(self, rows: dict[int, list[str]], units: Units, layout: Layout) -> None:
        """Warn of amounts and times that the sheet shows in percent: one hundredth of what people see in it."""
        for at, name in enumerate(layout.names):
            lines = [line for (line, column), unit in units.items()
                     if unit == PERCENT and column == at and _is_number(rows.get(line, []), at)]  # fmt: skip
            if lines and likeness(name) in self.reading.numbers:
                count = plural(len(lines), "is shown in percent and counts", "are shown in percent and count")
                what = f"{counted(len(lines), 'cell')} of {name} {count} as a hundredth of that: line {min(lines)} as "
                hint = f"If {name} is no share, give these cells a number format and their right value."
                self._warn(f"{what}{rows[min(lines)][at]}.", hint)

    def _write_units(self, rows: dict[int, list[str]], units: Units, layout: Layout) -> None:
        """Write the currency that a cell shows by its format alone beside its number, as if it stood there, and hours
        or thousands where the column is one of numbers."""
        for (line, column), unit in units.items():
            if unit == PERCENT or not _is_number(rows.get(line, []), column):
                continue
            number = rows[line][column]
            if not is_measure(unit):
                rows[line][column] = f"{unit} {number}"
            elif column < len(layout.names) and likeness(layout.names[column]) in self.reading.numbers:
                rows[line][column] = f"{number} {unit}"

    def _warn(self, what: str, hint: str) -> None:
        self.findings.decisions.append(
            ExportDecision(where="", what=what, setting=hint, level="warning", moves_kvis=True)
        )

    def _fit(self, layout: Layout, line: int, row: list[str]) -> list[str] | None:
        cells, reason = layout.fit(row, line)
        if cells is None:
            text = " | ".join(row)
            self.findings.malformed.append(Malformed.of(line, text, reason, layout.is_set_aside(row, line)))
        return cells


def _holding(cells: int, what: str) -> str:
    held = f"{counted(cells, 'cell')} {plural(cells, 'holds', 'hold')} {what}"
    return f"{held}, and {plural(cells, 'counts', 'count')} as empty."


def _is_number(row: list[str], column: int) -> bool:
    return 0 <= column < len(row) and bool(_NUMBER.fullmatch(row[column]))


def _set(row: list[str], column: int, above: list[str]) -> bool:
    """Take a cell from the row above where it is empty; whether there was anything to take."""
    if not 0 <= column < min(len(row), len(above)) or row[column] or not above[column]:
        return False
    row[column] = above[column]
    return True


def choose_sheets(path: Path, reading: ReadOptions) -> Choice:
    """Which sheets are read: those that are named, else the visible ones with the columns of the first.

    Raises ExportError for a file that is no spreadsheet, that would take too much memory or lacks a named sheet.
    """
    check_spreadsheet(path)
    book = _open(path)
    tables = [sheet for sheet in book.sheets_metadata if sheet.typ == python_calamine.SheetTypeEnum.WorkSheet]
    named = reading.sheets or ()
    if named and named != (_ALL,):
        known = {plain_name(sheet.name).casefold(): sheet.name for sheet in reversed(tables)}
        lacking = [name for name in named if plain_name(name).casefold() not in known]
        if lacking:
            raise ExportError(
                f'has no sheet "{lacking[0]}"; it has {", ".join(sheet.name for sheet in tables)}; correct sheet'
            )
        return Choice(tuple(known[plain_name(name).casefold()] for name in named))
    if len(tables) < 2:
        return Choice(tuple(sheet.name for sheet in tables))
    candidates = []
    for sheet in tables:
        rows = list(_rows(book, sheet.name))
        columns = _layout(rows[:_HEAD_ROWS], reading).names if rows else ()
        hidden = sheet.visible != python_calamine.SheetVisibleEnum.Visible
        candidates.append(Candidate(sheet.name, columns, len(rows), "is hidden" if hidden else ""))
    if named:
        return Choice(tuple(each.name for each in candidates if each.rows))
    return choose(candidates, reading)


def sheets_of(path: Path) -> list[str]:
    """Names of the visible sheets that hold a table. Raises ExportError for a file that is no spreadsheet."""
    return [
        sheet.name
        for sheet in _open(path).sheets_metadata
        if sheet.typ == python_calamine.SheetTypeEnum.WorkSheet
        and sheet.visible == python_calamine.SheetVisibleEnum.Visible
    ]


def _layout(rows: list[Numbered], reading: ReadOptions) -> Layout:
    line = reading.header_line
    lines = [line for line, _ in rows]
    if line is not None and line not in lines:
        raise ExportError(
            f"row {line}: holds no column names, which [sources.{reading.source}] header_line says; correct it"
        )
    texts = [row for _, row in rows]
    at = lines.index(line) if line is not None else place_of_header(texts, reading.known)
    return find_layout(rows, at, reading)


def _open(path: Path) -> python_calamine.CalamineWorkbook:
    try:
        return python_calamine.CalamineWorkbook.from_path(path)
    except python_calamine.CalamineError as error:
        with path.open("rb") as file:
            is_old_container = file.read(len(_OLE)) == _OLE
        if is_old_container:
            what = "is protected by a password, or an old spreadsheet under a new name"
            raise ExportError(f"{what}: save it as .xlsx without a password") from error
        raise ExportError(UNREADABLE) from error


def _rows(book: python_calamine.CalamineWorkbook, name: str) -> Iterator[Numbered]:
    """The rows of a sheet that are not blank, as texts, with their numbers."""
    try:
        sheet = book.get_sheet_by_name(name)
        first = sheet.start[0] + 1 if sheet.start else 1
        for line, row in enumerate(sheet.to_python(skip_empty_area=True), start=first):
            if any(cell != "" for cell in row):
                yield line, [as_text(cell) or "" for cell in row]
    except python_calamine.CalamineError as error:
        raise ExportError(UNREADABLE) from error
