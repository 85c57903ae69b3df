"""Reads spreadsheets into text columns, each value as the export shows it."""

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import python_calamine

from kviboard.errors import ExportError
from kviboard.warehouse.files.header import place_of_header
from kviboard.warehouse.files.layout import Layout, Numbered, find_layout
from kviboard.warehouse.files.limits import check_spreadsheet
from kviboard.warehouse.files.reading import Reading
from kviboard.warehouse.files.records import Findings, Malformed, in_batches, to_table
from kviboard.warehouse.files.values import as_text

_HEAD_ROWS = 500  # in which the layout of the table is seen


class SheetFile:
    """One sheet of an XLSX, XLS or ODS file; the line of a row is its row number in the sheet."""

    def __init__(self, path: Path, reading: Reading | None = None) -> None:
        self.path = path
        self.reading = reading or Reading()
        self.findings = Findings()

    def batches(self) -> Iterator[pa.Table]:
        """See Records. Raises ExportError for a file that is no spreadsheet or lacks the sheet."""
        rows = list(self._rows())
        if not rows:
            yield to_table([], [], [])
            return
        layout = self._layout(rows[:_HEAD_ROWS])
        self.findings.note_layout(layout, self.reading)
        yield to_table(layout.names, [], [])
        for some in in_batches((line, row) for line, row in rows if line > layout.skip):
            fitting = [(line, cells) for line, row in some if (cells := self._fit(layout, line, row)) is not None]
            yield to_table(layout.names, [cells for _, cells in fitting], [line for line, _ in fitting])

    def _layout(self, rows: list[Numbered]) -> Layout:
        line = self.reading.header_line
        lines = [line for line, _ in rows]
        if line is not None and line not in lines:
            raise ExportError(f"row {line}: holds no column names, which header_line says it does")
        texts = [row for _, row in rows]
        at = lines.index(line) if line is not None else place_of_header(texts, self.reading.known)
        return find_layout(rows, at, self.reading)

    def _rows(self) -> Iterator[Numbered]:
        """The rows that are not blank, as texts."""
        try:
            check_spreadsheet(self.path)
            book = python_calamine.CalamineWorkbook.from_path(self.path)
            wanted = self.reading.sheets
            if wanted and wanted[0] not in book.sheet_names:
                raise ExportError(f'has no sheet "{wanted[0]}"; it has {", ".join(book.sheet_names)}')
            sheet = book.get_sheet_by_name(wanted[0] if wanted else book.sheet_names[0])
            first = sheet.start[0] + 1 if sheet.start else 1
            for line, row in enumerate(sheet.to_python(skip_empty_area=True), start=first):
                if any(cell != "" for cell in row):
                    yield line, [as_text(cell) or "" for cell in row]
        except python_calamine.CalamineError as error:
            raise ExportError(f"is not a readable spreadsheet ({error})") from error

    def _fit(self, layout: Layout, line: int, row: list[str]) -> list[str] | None:
        cells, reason = layout.fit(row, line)
        if cells is None:
            text = " | ".join(row)
            self.findings.malformed.append(Malformed.of(line, text, reason, layout.is_set_aside(row, line)))
        return cells
