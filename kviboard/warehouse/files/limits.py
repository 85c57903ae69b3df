"""How much a file may turn out to hold once it is unpacked, so that none brings the board down.

Owns the bounds and their sentences. What is ordinary, however large, passes: files that stream are bounded by how much
they grow when unpacked and by the length of a line, files that must be read whole by their size.
"""

import csv
import gzip
import io
import os
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, Any

from kviboard.domain.formatting import counted
from kviboard.errors import ExportError

UNREADABLE = "is not a readable spreadsheet; open it and save it as .xlsx, or export CSV"
_MB = 1024 * 1024
_BLOCK = _MB
LONGEST_LINE = 64 * _MB
MOST_WHOLE = 128 * _MB  # characters of a text that is parsed at once; as objects it takes some five times as much
MOST_COLUMNS = 4_096  # of a table
MOST_CELLS = 16_384  # of a row, empty ones at its end included; no spreadsheet has more
MOST_VALUES = 10_000_000  # of a JSON text that is parsed at once; each is an object in memory
MOST_LINE_VALUES = 1_000_000  # of a line, and lines that a row may go over
_LONG = 100_000  # characters of a line that are worth a look at how many values they are
_SMALL = 16 * _MB  # may come from however little: long values take twenty times as much when they are read
_MOST_GROWTH = 200  # text packs to a third or a tenth of its size, hardly ever to less than a fiftieth
_GROWS = f"grows to more than {_MOST_GROWTH} times its size when it is unpacked; export it again, unpacked"
_SHEET_SMALL, _SHEET_MOST = 16 * _MB, 512 * _MB
_SHEET_GROWTH = 100
_SPARSE_CELLS = 5_000_000  # of the rectangle around all cells, which is kept whole in memory
_CELL = re.compile(rb"""\sr\s*=\s*["']([A-Za-z]+)(\d+)["'](?:[^<>]*[^/<>])?>""")  # one that holds something
_LETTERS, _DIGITS = 9, 12  # of a cell's place that are looked at: more than any sheet has, whatever the cell says
_ANY_CELL, _ROW = (re.compile(rb"<(?:\w{1,9}:)?" + name + rb"(?=[\s/>])") for name in (b"c", b"row"))
_SHORT_ROW = MOST_CELLS * len(b"<c/>")  # bytes that hold no more cells than a row may have
_LONGEST_TAG = 1_000
_NAME = re.compile(r'"([^"\\]*)"\s*:')


class BoundedReader(io.RawIOBase):
    """The bytes of a file, unpacked where its name ends in .gz. Raises ExportError where a bound is passed."""

    def __init__(self, path: Path) -> None:
        self._packed = path.open("rb")
        is_packed = path.suffix.lower() == ".gz"
        self._stream: IO[bytes] = gzip.GzipFile(fileobj=self._packed) if is_packed else self._packed  # type: ignore[assignment]
        self._read = self._lines = self._line_bytes = 0
        if is_packed:
            try:
                _try_promise(path)
            except BaseException:
                self.close()
                raise

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        self._read = self._stream.seek(offset, whence)
        self._lines = self._line_bytes = 0
        return self._read

    def tell(self) -> int:
        return self._stream.tell()

    def readinto(self, buffer: Any) -> int:
        block = self._stream.read(len(buffer))
        self._read += len(block)
        refuse_growth(self._read, self._packed.tell())
        self._follow_lines(block)
        buffer[: len(block)] = block
        return len(block)

    def close(self) -> None:
        self._stream.close()
        self._packed.close()
        super().close()

    def _follow_lines(self, block: bytes) -> None:
        """Know how long the line is that the block ends in; a line feed's byte ends lines in UTF-16, too."""
        last = max(block.rfind(b"\n"), block.rfind(b"\r"))
        self._line_bytes = self._line_bytes + len(block) if last < 0 else len(block) - last - 1
        self._lines += block.count(b"\n")
        if self._line_bytes > LONGEST_LINE:
            raise ExportError(f"line {self._lines + 1}: is longer than {LONGEST_LINE // _MB} MB; export one row a line")


def copy_bounded(stream: IO[bytes] | gzip.GzipFile, out: IO[bytes], packed: int) -> None:
    """Copy what an archive of `packed` bytes holds. Raises ExportError where it grows beyond measure."""
    copied = 0
    while block := stream.read(_BLOCK):
        copied += len(block)
        refuse_growth(copied, packed)
        out.write(block)


def check_columns(count: int, where: str = "", most: int = MOST_COLUMNS) -> None:
    """Raises ExportError for more columns than any table has."""
    if count > most:
        place = f"{where}: " if where else ""
        raise ExportError(f"{place}has more than {most:,} columns; export only those that are needed")


def check_values(text: str, most: int, where: str) -> None:
    """Raises ExportError for a JSON text that holds more values than are parsed at once."""
    if len(text) > _LONG and text.count(",") > most:
        raise ExportError(f"{where} more than {most:,} values; export JSON lines, an object a line")


def check_names(text: str) -> None:
    """Raises ExportError for a JSON text with an object of far more names than columns, before it is parsed.

    Objects whose names are numbers are a table written by columns.
    """
    for start in range(0, len(text) - _MB, _MB):
        end = start + _MB
        if text.find("{", start, end) < 0 and text.find("}", start, end) < 0:
            name = _NAME.search(text, start, end)
            if name and not name[1].isdecimal():
                check_columns(text.count('":', start, end))


class BoundedRows:
    """A csv.reader of lines whose rows have a measure. Raises ExportError for a row of too many cells, csv.Error for
    one that goes over too many lines: a quote in it is not closed."""

    def __init__(self, lines: Iterable[str], before: int, delimiter: str, **written: Any) -> None:
        """`before`: how many lines of the file lie before these."""
        self._before, self._lines_of_row = before, 0
        self.letters = 0  # of the lines taken
        self._reader = csv.reader(self._bounded(lines, delimiter), delimiter=delimiter, **written)

    @property
    def line_num(self) -> int:
        """How many lines were taken."""
        return self._reader.line_num

    def __iter__(self) -> "BoundedRows":
        return self

    def __next__(self) -> list[str]:
        self._lines_of_row = 0
        row = next(self._reader)
        if len(row) > MOST_CELLS:
            line = self._before + self._reader.line_num - self._lines_of_row + 1
            check_columns(len(row), f"line {line}", MOST_CELLS)
        return row

    def _bounded(self, lines: Iterable[str], delimiter: str) -> Iterator[str]:
        for line in lines:
            self._lines_of_row += 1
            self.letters += len(line)
            if self._lines_of_row > MOST_LINE_VALUES:
                raise csv.Error(f"field larger than {MOST_LINE_VALUES} lines")
            if len(line) > _LONG and (cells := line.count(delimiter)) > MOST_LINE_VALUES:
                check_columns(cells, f"line {self._before + self._reader.line_num + 1}", MOST_CELLS)
            yield line


class BoundedText(io.TextIOWrapper):
    """Text that may be streamed at any length, and read whole only up to MOST_WHOLE characters."""

    def read(self, size: int | None = -1) -> str:
        if size is not None and size >= 0:
            return super().read(size)
        text = super().read(MOST_WHOLE + 1)
        if len(text) > MOST_WHOLE:
            raise ExportError(
                f"is one JSON text of more than {MOST_WHOLE // _MB} MB; export JSON lines, an object a line"
            )
        return text


def refuse_growth(unpacked: int, packed: int) -> None:
    """Raises ExportError for a file of `packed` bytes that comes to so many."""
    if grows(unpacked, packed):
        raise ExportError(_GROWS)


def grows(unpacked: int, packed: int) -> bool:
    """Whether so many bytes are more than a file of `packed` bytes may come to."""
    return unpacked > max(_SMALL, _MOST_GROWTH * packed)


def _try_promise(path: Path) -> None:
    """Unpack a file that promises to grow beyond measure, before anything in it is parsed. A file that is cut off or
    not packed at all promises anything: it fails here as it would when it is read."""
    packed = path.stat().st_size
    if grows(_promised(path), packed):
        with gzip.open(path) as whole, open(os.devnull, "wb") as nowhere:
            copy_bounded(whole, nowhere, packed)


def _promised(path: Path) -> int:
    """What a .gz file says that it unpacks to, modulo 4 GB, of its last part: enough to refuse most without reading."""
    with path.open("rb") as file:
        file.seek(-min(4, path.stat().st_size), io.SEEK_END)
        return int.from_bytes(file.read(4), "little")


def check_spreadsheet(path: Path) -> None:
    """Raises ExportError for a packed spreadsheet (.xlsx, .ods and their kin) that would take too much memory.

    What the archive says of its sizes is not believed: it is unpacked to see, and given up as soon as it is too much.
    """
    if not zipfile.is_zipfile(path):
        return
    packed = path.stat().st_size
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
            is_much = _is_too_much(sum(part.file_size for part in parts), packed)
            for looks in (False, True) if is_much else (True,):  # to unpack without a look takes a third of the time
                total = 0
                for part in parts:
                    total = _check_part(archive, part, total, packed, looks)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError) as error:
        raise ExportError(UNREADABLE) from error


def _is_too_much(total: int, packed: int) -> bool:
    return total > _SHEET_MOST or (total > _SHEET_SMALL and total > _SHEET_GROWTH * packed)


def _check_part(archive: zipfile.ZipFile, part: zipfile.ZipInfo, total: int, packed: int, looks: bool) -> int:
    """Unpack one part, and look at its cells; returns how many bytes all parts so far have."""
    rows = columns = cells = beside = 0
    is_sheet = looks and "worksheets/" in part.filename
    with archive.open(part) as stream:
        rest = b""
        while block := stream.read(_BLOCK):
            total += len(block)
            if _is_too_much(total, packed):
                raise ExportError(
                    f"unpacks to more than {min(total, _SHEET_MOST) // _MB} MB of a file of {packed / _MB:,.1f} MB; "
                    "export it as CSV"
                )
            if is_sheet:
                block = rest + block
                whole = max(block.rfind(b">") + 1, len(block) - _LONGEST_TAG)
                tags, rest = block[:whole], block[whole:]
                beside = _cells_so_far(tags, beside)
                found = _CELL.findall(tags)
                cells += len(found)
                rows = max([rows, *(int(row[:_DIGITS]) for _, row in found)])
                columns = max(
                    [columns, *(_column_number(name) for name in {name[:_LETTERS].upper() for name, _ in found})]
                )
                _refuse_sparse(rows, columns, cells)
    return total


def _cells_so_far(tags: bytes, before: int) -> int:
    """Cells of the row that a piece of a sheet ends in, `before` of which lie before it: also of those that do not say
    where they are. Raises ExportError where a row has more than a spreadsheet can have."""
    step = _SHORT_ROW // 2
    if len(tags) > step and all(_ROW.search(tags, at, at + step) for at in range(0, len(tags) - step, step)):
        rows = [_ROW.split(tags, maxsplit=1)[0], _ROW.split(tags[-_SHORT_ROW:])[-1]]  # those between have few cells
    else:
        rows = _ROW.split(tags)
    counts = [len(_ANY_CELL.findall(row)) for row in rows]
    counts[0] += before
    check_columns(max(counts), most=MOST_CELLS)
    return counts[-1]


def _refuse_sparse(rows: int, columns: int, cells: int) -> None:
    if rows * columns > _SPARSE_CELLS and rows * columns > 100 * cells:
        raise ExportError(
            f"has a sheet of {counted(rows, 'row')} and {counted(columns, 'column')} that is almost empty; "
            "delete the cells far away from the table"
        )


def _column_number(name: bytes) -> int:
    """The number of the column called A, Z or AB: 1, 26, 28."""
    number = 0
    for letter in name:
        number = number * 26 + letter - 64
    return number
