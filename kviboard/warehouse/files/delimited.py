"""Reads delimited text exactly: every record with its physical line, broken records known one by one.

Owns rows and lines. The dialect is detected elsewhere; types and meaning are staging's.
"""

import csv
import io
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from itertools import accumulate, islice
from pathlib import Path
from typing import Any

import pyarrow as pa

from kviboard.domain.formatting import counted, plural
from kviboard.errors import ExportError
from kviboard.warehouse.files.dialect import detect, is_utf8, open_text, other_encoding
from kviboard.warehouse.files.records import BATCH_ROWS, Findings, Malformed, check_names, to_table
from kviboard.warehouse.manifest import Decision

csv.field_size_limit(64 * 1024 * 1024)
_MOST_RESTARTS = 50
Row = list[str]
Batch = tuple[list[Row], list[int]]


@dataclass(frozen=True)
class _Span:
    """The physical lines of a broken record."""

    first: int
    last: int
    reason: str


class DelimitedFile:
    """CSV, TSV and their kin, plain or .gz."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.findings = Findings()
        self.dialect = detect(path)
        self._broken: list[_Span] = []
        if self.dialect.encoding == "utf-8" and not is_utf8(path):
            self.dialect, unreadable = other_encoding(path, self.dialect)
            if unreadable:
                what = f"{counted(unreadable, 'character')} {plural(unreadable, 'is', 'are')} not UTF-8"
                self.findings.decisions.append(Decision(where="", what=f"{what} and read as \ufffd.", level="warning"))

    def batches(self) -> Iterator[pa.Table]:
        """See Records. Raises ExportError for an unusable header or a quote that is never closed."""
        with open_text(self.path, self.dialect) as text:
            header, header_end = self._header(text)
        names = check_names(header)
        yield to_table(names, [], [])
        for rows, lines in self._rows(header_end):
            yield to_table(names, *self._fitting(rows, lines, len(names)))
        self.findings.malformed += self._malformed()

    def _header(self, text: io.TextIOWrapper) -> tuple[Row, int]:
        """The column names, and the last physical line that they take."""
        reader = csv.reader(text, **self.dialect.reader_options())
        try:
            for _ in range(self.dialect.header_line - 1):
                next(reader)
            header = next((row for row in reader if any(cell.strip() for cell in row)), [])
        except csv.Error as error:
            raise ExportError(f"line 1: the column names cannot be read ({error})") from error
        return header, reader.line_num

    def _rows(self, skip: int) -> Iterator[Batch]:
        """All rows after the first `skip` lines, with the line each starts on.

        A broken quote can swallow the lines that follow it: then only its first line is given up, and reading starts
        again on the next one.
        """
        for _ in range(_MOST_RESTARTS):
            again = yield from self._rows_after(skip)
            if again is None:
                return
            skip = again
        raise ExportError(f"line {skip}: {_MOST_RESTARTS} quotes up to here open and are not closed as they should be")

    def _rows_after(self, skip: int) -> Generator[Batch, None, int | None]:
        """One pass; returns how many lines to skip before reading again, or None where the file's end was reached."""
        with open_text(self.path, self.dialect) as text:
            reader = csv.reader(islice(text, skip, None), **self.dialect.reader_options())
            while True:
                rows: list[Row] = []
                start = skip + reader.line_num
                error = _take(reader, rows)
                end = skip + reader.line_num
                lines = _first_lines(rows, start, end)
                yield rows, lines[:-1]
                if error:
                    self._broken.append(_broken_quote(error, lines[-1], end))
                    if end > lines[-1]:
                        return lines[-1]
                elif len(rows) < BATCH_ROWS:
                    return None

    def _fitting(self, rows: list[Row], lines: list[int], width: int) -> Batch:
        """The rows that have as many cells as the header; blank ones are no rows, others are noted as broken."""
        if all(map(any, rows)) and set(map(len, rows)) <= {width}:
            return rows, lines
        fitting: Batch = ([], [])
        for row, line in zip(rows, lines, strict=True):
            if not any(cell.strip() for cell in row):
                continue
            if len(row) >= width and not any(row[width:]):  # a delimiter too many at the end says nothing
                fitting[0].append(row[:width])
                fitting[1].append(line)
            else:
                reason = f"has {counted(len(row), 'column')} where the header has {width}"
                self._broken.append(_Span(line, line + sum(map(_breaks, row)), reason))
        return fitting

    def _malformed(self) -> list[Malformed]:
        """Broken records with their text, which takes a second look at the file."""
        found = []
        with open_text(self.path, self.dialect) as text:
            at = 0
            for span in sorted(self._broken, key=lambda span: span.first):
                held = list(islice(text, span.first - 1 - at, span.last - at))
                at = span.last
                found.append(Malformed.of(span.first, "".join(held).rstrip("\r\n"), span.reason))
        return found


def _take(reader: Any, rows: list[Row]) -> str | None:
    """Move the next rows from the reader into `rows`; what stopped it, if anything did."""
    try:
        rows.extend(islice(reader, BATCH_ROWS))
    except csv.Error as error:
        return str(error)
    return None


def _first_lines(rows: list[Row], start: int, end: int) -> list[int]:
    """The line each row starts on, and the line after the last row, where `start` lines lie before the first."""
    if end - start == len(rows):
        return list(range(start + 1, end + 2))
    heights = (1 + sum(map(_breaks, row)) for row in rows)
    return list(accumulate(heights, initial=start + 1))


def _breaks(cell: str) -> int:
    """Physical line ends inside a quoted cell."""
    return cell.count("\n") + cell.count("\r") - cell.count("\r\n")


def _broken_quote(error: str, first: int, last: int) -> _Span:
    if error == "unexpected end of data":
        raise ExportError(f"line {first}: a quote opens here and is never closed; the file may be cut off")
    reason = "a value is too long" if "field larger" in error else "a quote inside a quoted value is not doubled"
    return _Span(first, first, reason)
