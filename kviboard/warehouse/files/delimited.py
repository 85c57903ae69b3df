"""Reads delimited text exactly: every record with its physical line, broken records known one by one.

Owns rows and lines. The dialect is detected elsewhere; types and meaning are staging's.
"""

import csv
import io
from collections import deque
from collections.abc import Generator, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import accumulate, chain, islice
from pathlib import Path
from typing import Any

import pyarrow as pa

from kviboard.domain.formatting import counted, plural
from kviboard.errors import ExportError
from kviboard.warehouse.files.cut_off import LastColumn
from kviboard.warehouse.files.decimal_commas import column_to_join, joined
from kviboard.warehouse.files.dialect import detect, header_place, numbered_rows
from kviboard.warehouse.files.encoding import is_utf8, open_text, other_encoding
from kviboard.warehouse.files.layout import Layout, breaks_in, find_layout
from kviboard.warehouse.files.limits import BoundedRows
from kviboard.warehouse.files.plain_lines import PlainLines
from kviboard.warehouse.files.read_options import ReadOptions
from kviboard.warehouse.files.records import BATCH_ROWS, Findings, Malformed, to_table
from kviboard.warehouse.manifest import ExportDecision

_LONGEST_VALUE_MB = 1  # a cell of a spreadsheet holds 32,767 characters, a mail with its pictures more
csv.field_size_limit(_LONGEST_VALUE_MB * 1024 * 1024)
_AS_UTF8 = "Export it as UTF-8 where names or comments must be right."
_MOST_RESTARTS = 50
_MOST_BROKEN = 250_000  # records: each is kept with its line and its reason
_MOST_CELLS, _MOST_LETTERS = 4_000_000, 16_000_000  # of a batch, which is kept in memory
_FIRST_LETTERS, _BLOCK_LETTERS = 96 * 1024, 4 * 1024 * 1024  # of lines that are taken apart at once
_BLOCK_LINES = 100_000  # about: a cell alone takes memory, too
_FEW_LINES = 1_500  # of a block with an odd row: to take it apart further gains little
_LONG_LINE = 100_000  # letters, from which on its cells are counted one by one
_HEAD_CHARACTERS, _HEAD_ROWS = 512 * 1024, 2_000  # in which the layout of the table is seen
Row = list[str]
Batch = tuple[list[Row], list[int]]


@dataclass(frozen=True)
class _Span:
    """The physical lines of a broken record."""

    first: int
    last: int
    reason: str
    is_set_aside: bool = False


class DelimitedFile:
    """CSV, TSV and their kin, plain or .gz."""

    def __init__(self, path: Path, reading: ReadOptions | None = None) -> None:
        self.path = path
        self.reading = reading or ReadOptions()
        self.findings = Findings()
        self.dialect = detect(path, self.reading)
        self._broken: list[_Span] = []
        if self.dialect.encoding == "utf-8" and not is_utf8(path):
            other = other_encoding(path)
            self.dialect = replace(self.dialect, encoding=other.name, errors=other.errors)
            if other.odd or other.foreign:
                count, them = counted(other.odd, "character"), plural(other.odd, "is", "are")
                what = f"{count} {them} UTF-8 in a file that is not, and read as two others, as Ã¼ for ü"
                if other.name == "utf-8":
                    what = f"{count} {them} not UTF-8 and read as \ufffd"
                if other.foreign:
                    what = f'{other.foreign:,} words are in an encoding that is not known, and read as "{other.word}"'
                said = ExportDecision(
                    where="", what=f"{what}; line {other.line:,} has the first.", setting=_AS_UTF8, level="warning"
                )
                self.findings.decisions.append(said)

    def batches(self) -> Iterator[pa.Table]:
        """See Records. Raises ExportError for an unusable header or a quote that is never closed."""
        layout = self._layout()
        if layout is None:
            yield to_table([], [], [])
            return
        self.findings.note_layout(layout, self.reading)
        names = list(layout.names)
        yield to_table(names, [], [])
        last = LastColumn()
        for found in self._rows(layout.skip):
            if isinstance(found, PlainLines):
                yield pa.concat_tables(self._taken(found, layout, last))
            else:
                yield self._one_by_one(*found, layout, last)
        self.findings.malformed += self._malformed()
        self.findings.note_padded(layout)
        if last.looks_cut_off and self._is_cut(last.line, list(last.row)):
            self.findings.note_cut_off(names[-1], last)

    def _layout(self) -> Layout | None:
        """How the table lies in the file; None where the file holds nothing. Raises ExportError for names that are
        none, or that are cut off by a quote."""
        with self._open() as text:
            head = text.read(_HEAD_CHARACTERS)
        rows = list(islice(numbered_rows(io.StringIO(head, newline=""), self.dialect), _HEAD_ROWS))
        if len(head) == _HEAD_CHARACTERS and 1 < len(rows) < _HEAD_ROWS:
            rows.pop()  # it may end inside a row
        if not rows:
            return None
        at, split = header_place(rows, self.reading), None
        if self.dialect.delimiter == "," and not self.reading.columns:
            line, header = rows[at]
            split = column_to_join(header, [row for _, row in rows[at + 1 :]], self.reading, line)
        if split is not None:
            width = len(rows[at][1])
            rows = [(line, joined(row, split) if len(row) == width + 1 else row) for line, row in rows]
        layout = replace(find_layout(rows, at, self.reading, self.dialect.first_line), joined=split)
        if self.dialect.delimiter == " " or self.dialect.gaps:  # an empty cell leaves no trace, so none is missing
            layout = replace(layout, least=len(layout.names))
        if not layout.names:
            raise ExportError(f"line {layout.line}: a quote in the column names is not closed; export the file again")
        return layout

    def _open(self) -> Any:
        return open_text(self.path, self.dialect.encoding, self.dialect.errors)

    def _taken(self, block: PlainLines, layout: Layout, last: LastColumn) -> Iterator[pa.Table]:
        """The rows of a block: at once where nothing is odd about them, one by one around a row where something is."""
        if table := self._at_once(block, layout, last):
            yield table
        elif layout.joined is not None or block.count <= _FEW_LINES:
            rows = list(self.dialect.rows(io.StringIO(block.text, newline=""), block.before))
            starts = _first_lines(rows, block.before, block.before + block.count)
            yield self._one_by_one(rows, starts[:-1], layout, last)
        else:
            for part in block.parts():
                yield from self._taken(part, layout, last)

    def _at_once(self, block: PlainLines, layout: Layout, last: LastColumn) -> pa.Table | None:
        """The rows of a block that has nothing odd about it."""
        if layout.joined is not None or block.before < layout.last_header_line:
            return None
        table = block.columns(layout.names, self.dialect.delimiter, self.dialect.quoted)
        if table is not None:
            *columns, _ = table.columns  # and the lines
            before = columns[-1].slice(0, min(block.count - 1, last.wanted)).to_pylist()
            row = [column[-1].as_py() or "" for column in columns]
            last.note((value or "" for value in before), row, block.before + block.count)
        return table

    def _one_by_one(self, rows: list[Row], lines: list[int], layout: Layout, last: LastColumn) -> pa.Table:
        """The rows that fit; what is odd about the others is noted."""
        rows, lines = self._fitting(rows, lines, layout)
        if rows:
            last.note((row[-1] for row in rows[:-1]), rows[-1], lines[-1])
        return to_table(layout.names, rows, lines)

    def _rows(self, skip: int) -> Iterator[Batch | PlainLines]:
        """All rows after the first `skip` lines, with the line each starts on.

        A broken quote can swallow the lines that follow it: then only its first line is given up, and reading starts
        again on the next one.
        """
        for _ in range(_MOST_RESTARTS):
            again = yield from self._rows_after(skip)
            if again is None:
                return
            skip = again
        raise ExportError(
            f"line {skip}: {_MOST_RESTARTS} quotes up to here are not closed; export it again, with quotes in values "
            "doubled"
        )

    def _rows_after(self, skip: int) -> Generator[Batch | PlainLines, None, int | None]:
        """One pass; returns how many lines to skip before reading again, or None where the file's end was reached."""
        with self._open() as text:
            deque(islice(text, skip), maxlen=0)
            letters, waiting = _FIRST_LETTERS, list[str]()
            while lines := waiting or text.readlines(letters):
                block = PlainLines(lines, skip)
                if max(map(len, lines)) <= _LONG_LINE and self.dialect.is_plain(block):
                    yield block
                    skip, waiting = skip + len(lines), []
                    letters = min(4 * letters, _BLOCK_LETTERS, _BLOCK_LINES * len(block.text) // len(lines))
                    continue
                rows: list[Row] = []
                rest = iter(lines)
                reader = self.dialect.rows(chain(rest, text), skip)
                is_end, error = _take(reader, rows)
                end = skip + reader.line_num
                starts = _first_lines(rows, skip, end)
                yield rows, starts[:-1]
                if error:
                    self._broken.append(_broken_quote(error, starts[-1], end))
                    if end > starts[-1]:
                        return starts[-1]
                elif is_end:
                    break
                skip, waiting, letters = end, list(rest), _FIRST_LETTERS
        return None

    def _fitting(self, rows: list[Row], lines: list[int], layout: Layout) -> Batch:
        """The rows that have a cell for each column; blank ones are no rows, others are noted as broken."""
        width, begins = len(layout.names), bool(lines) and lines[0] <= layout.last_header_line
        if not begins and all(map(any, rows)) and set(map(len, rows)) <= {width}:
            return rows, lines
        fitting: Batch = ([], [])
        for row, line in zip(rows, lines, strict=True):
            if not any(row) or (len(row) != width and not any(map(str.strip, row))):
                continue
            cells, reason = layout.fit(row, line)
            if cells is not None and len(row) < width and self._is_cut(line, row):
                cells, reason = None, "ends within a row; the file may be cut off"
            if cells is None:
                self._note_broken(_Span(line, line + sum(map(breaks_in, row)), reason, layout.is_set_aside(row, line)))
                continue
            if len(row) < width:
                self.findings.padded.setdefault(len(row), []).append(line)
            fitting[0].append(cells)
            fitting[1].append(line)
        return fitting

    def _note_broken(self, span: _Span) -> None:
        self._broken.append(span)
        if len(self._broken) > _MOST_BROKEN:
            what = f"more than {_MOST_BROKEN:,} lines do not fit the column names"
            raise ExportError(
                f"{what}; line {self._broken[0].first} is the first: {self._broken[0].reason}; export it again"
            )

    def _is_cut(self, line: int, row: Row) -> bool:
        """Whether a row is the last of a file that does not end a line."""
        return line + sum(map(breaks_in, row)) == self._open_end

    @cached_property
    def _open_end(self) -> int | None:
        """The number of the last line where nothing ends it."""
        number, last = 0, "\n"
        with self._open() as text:
            for line in text:
                number, last = number + 1, line
        return None if last.endswith(("\n", "\r")) else number

    def _malformed(self) -> list[Malformed]:
        """Broken records with their text, which takes a second look at the file."""
        found = []
        with self._open() as text:
            at = 0
            for span in sorted(self._broken, key=lambda span: span.first):
                held = list(islice(text, span.first - 1 - at, span.last - at))
                at = span.last
                found.append(Malformed.of(span.first, "".join(held).rstrip("\r\n"), span.reason, span.is_set_aside))
        return found


def _take(reader: BoundedRows, rows: list[Row]) -> tuple[bool, str | None]:
    """Move the next rows from the reader into `rows`, up to a batch; whether that was all, and the error that stopped
    it, if one did."""
    cells, enough = 0, reader.letters + _MOST_LETTERS
    try:
        for row in reader:
            rows.append(row)
            cells += len(row)
            if len(rows) == BATCH_ROWS or cells > _MOST_CELLS or reader.letters > enough:
                return False, None
    except csv.Error as error:
        return False, str(error)
    return True, None


def _first_lines(rows: list[Row], start: int, end: int) -> list[int]:
    """The line each row starts on, and the line after the last row, where `start` lines lie before the first."""
    if end - start == len(rows):
        return list(range(start + 1, end + 2))
    heights = (1 + sum(map(breaks_in, row)) for row in rows)
    return list(accumulate(heights, initial=start + 1))


def _broken_quote(error: str, first: int, last: int) -> _Span:
    if error == "unexpected end of data":
        raise ExportError(
            f"line {first}: a quote opens here and is never closed; the file may be cut off, so export it again"
        )
    if "field larger" not in error:
        reason = "a quote inside a quoted value is not doubled"
    elif last > first:
        reason = f"opens a quote that is not closed within {_LONGEST_VALUE_MB} MB"
    else:
        reason = f"has a value of more than {_LONGEST_VALUE_MB} MB"
    return _Span(first, first, reason)
