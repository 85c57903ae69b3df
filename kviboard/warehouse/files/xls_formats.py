"""Units that the number formats of cells show in an old workbook (.xls, BIFF8), which are records in a stream.

Whatever is not as it should be gives no unit: the values themselves are read elsewhere, and say what is broken.
"""

import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from kviboard.warehouse.files.cell_formats import BUILT_IN_PERCENT, unit_of_format

_SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_IN_HEADER = 109  # sectors of the table of sectors that the header names itself: 6.8 MB and more need none beyond
_MOST_BYTES = 50 << 20
_SMALL = 4096  # bytes below which a stream lies elsewhere; programs fill a workbook up to it
_FORMAT, _STYLE, _SHEET, _END = 0x41E, 0xE0, 0x85, 0x0A
_NUMBER, _SHORT_NUMBER, _FORMULA, _SHORT_NUMBERS = 0x203, 0x27E, 0x06, 0xBD
_OF_SHORT_NUMBER = 6  # bytes of each in a row of them: its style and its value


@dataclass
class _Workbook:
    formats: dict[int, str] = field(default_factory=lambda: {int(k): unit for k, unit in BUILT_IN_PERCENT.items()})
    styles: list[int] = field(default_factory=list)  # the format of each
    sheets: dict[str, int] = field(default_factory=dict)  # where each begins

    @property
    def units(self) -> Mapping[int, str]:
        """The unit that a style shows."""
        return {at: self.formats[number] for at, number in enumerate(self.styles) if number in self.formats}


def units_of_xls(path: Path, sheet: str) -> dict[tuple[int, int], str]:
    """The cells of a sheet whose style shows a unit, lines from 1 and columns from 0."""
    try:
        if path.stat().st_size > _MOST_BYTES:
            return {}
        stream = _workbook_stream(path.read_bytes())
        book = _read_workbook(stream)
        units = book.units
        begin = book.sheets.get(sheet)
        if begin is None or not units:
            return {}
        cells = (cell for kind, content in _records(stream, begin) for cell in _cells(kind, content))
        return {at: units[style] for at, style in cells if style in units}
    except (struct.error, IndexError, UnicodeDecodeError, OSError):
        return {}


def _read_workbook(stream: bytes) -> _Workbook:
    """What the workbook's own records, the first of the stream, say of formats, styles and sheets."""
    book = _Workbook()
    for kind, content in _records(stream, 0):
        if kind == _FORMAT:
            number, letters = struct.unpack_from("<HH", content)
            if unit := unit_of_format(_text(content, 4, letters)):
                book.formats[number] = unit
            else:
                book.formats.pop(number, None)
        elif kind == _STYLE:
            book.styles.append(struct.unpack_from("<H", content, 2)[0])
        elif kind == _SHEET:
            book.sheets[_text(content, 7, content[6])] = struct.unpack_from("<I", content)[0]
    return book


def _records(stream: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    """The records from `at` on, up to the end of their part."""
    while at + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, at)
        if kind == _END:
            return
        yield kind, stream[at + 4 : at + 4 + size]
        at += 4 + size


def _cells(kind: int, content: bytes) -> Iterator[tuple[tuple[int, int], int]]:
    """The cells of a record that hold numbers: line, column and style."""
    if kind in (_NUMBER, _SHORT_NUMBER, _FORMULA):
        row, column, style = struct.unpack_from("<HHH", content)
        yield (row + 1, column), style
    elif kind == _SHORT_NUMBERS:
        row, first = struct.unpack_from("<HH", content)
        for place in range((len(content) - 6) // _OF_SHORT_NUMBER):
            yield (row + 1, first + place), struct.unpack_from("<H", content, 4 + place * _OF_SHORT_NUMBER)[0]


def _text(content: bytes, at: int, letters: int) -> str:
    """A text whose first byte says how wide its letters are."""
    wide = content[at] & 1
    held = content[at + 1 : at + 1 + letters * (1 + wide)]
    return held.decode("utf-16-le" if wide else "latin-1")


def _workbook_stream(data: bytes) -> bytes:
    """The stream of the workbook in its container of sectors; empty where there is none."""
    if not data.startswith(_SIGNATURE):
        return b""
    size = 1 << struct.unpack_from("<H", data, 30)[0]
    tables, directory = struct.unpack_from("<I", data, 44)[0], struct.unpack_from("<I", data, 48)[0]

    def sector(number: int) -> bytes:
        return data[(number + 1) * size : (number + 2) * size]

    named = struct.unpack_from(f"<{min(tables, _IN_HEADER)}I", data, 76)
    following = [number for each in named for number in struct.unpack(f"<{size // 4}I", sector(each))]

    def chain(number: int) -> Iterator[bytes]:
        while number < len(following):
            yield sector(number)
            number = following[number]

    most = len(data) // size + 1  # a chain that runs in a circle ends here
    entries = b"".join(islice(chain(directory), most))
    for at in range(0, len(entries), 128):
        name = entries[at : at + 64].decode("utf-16-le").partition("\0")[0]
        begin, length = struct.unpack_from("<II", entries, at + 116)
        if name == "Workbook" and length >= _SMALL:
            return b"".join(islice(chain(begin), most))[:length]
    return b""
