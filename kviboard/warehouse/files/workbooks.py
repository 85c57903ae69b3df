"""What a workbook says beside its cells: from when its days count, merged cells, hidden rows, formulas not computed or
in error, currencies and percent signs that only the format of a cell shows."""

import re
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path

from kviboard.warehouse.files.cell_formats import PERCENT, units_of_styles
from kviboard.warehouse.files.xls_formats import units_of_xls

_FROM_1904 = re.compile(rb"""<(?:\w+:)?workbookPr\b[^>]*\bdate1904\s*=\s*["'](?:1|true|on)["']""")
_BROKEN = (zipfile.BadZipFile, zlib.error, KeyError, EOFError, NotImplementedError, RuntimeError, struct.error)
_BEGIN_OF_XLS = b"\x09\x08\x10\x00\x00\x06\x05\x00"  # BOF of the workbook's own stream, BIFF8
_DATE_MODE, _END = 0x22, 0x0A
_WORKBOOK_PROPERTIES = 153  # BrtWbProp
_LOOKED_AT = 1 << 20  # bytes of an .xls in which its settings stand
_MOST_BYTES = 50 << 20  # of a sheet that is looked through for hidden rows and formulas
_HIDDEN_ROW = re.compile(rb"""<(?:\w+:)?row\b[^>]*\bhidden\s*=\s*["'](?:1|true)["']""")
_NOT_COMPUTED = re.compile(
    rb"""<(?:\w+:)?c\b(?![^>]*\bt\s*=\s*["']str["'])[^>]*>\s*<(?:\w+:)?f\b[^>]*(?:/>|>[^<]*</(?:\w+:)?f>)"""
    rb"""\s*(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>)?\s*</(?:\w+:)?c>"""
)
_ERROR = re.compile(rb"""<(?:\w+:)?c\b[^>]*\bt\s*=\s*["']e["']""")
_CELL = re.compile(rb"""<(?:\w+:)?c\s+r=["']([A-Z]{1,3})(\d+)["']([^>]*)>""")
_STYLE = re.compile(rb"""\bs=["'](\d+)["']""")
_ODS_CELLS = "content.xml"
_ODS_TAG = re.compile(rb"<table:(table|table-row|table-cell|covered-table-cell)(?=[\s/>])([^>]*)>")
_ODS_NAME = re.compile(rb"""\btable:name=["']([^"']*)["']""")
_ODS_CURRENCY = re.compile(rb"""\boffice:currency=["']([A-Z]{3})["']""")
_ODS_PERCENT = re.compile(rb"""\boffice:value-type=["']percentage["']""")
_SHEET = re.compile(r"""<(?:\w+:)?sheet\b[^>]*\bname\s*=\s*"([^"]*)"[^>]*\br:id\s*=\s*"([^"]*)\"""")
_TARGET = re.compile(r"<Relationship\b[^>]*>")

Range = tuple[tuple[int, int], tuple[int, int]]  # first and last row and column of merged cells, from 0


def counts_from_1904(path: Path) -> bool:
    """Whether a workbook (.xlsx, .xlsb, .xls) counts days from 1904 on, as those of old Macs do.

    Cells that are formatted as dates are read right either way; of plain numbers only this tells which day is meant.
    """
    try:
        if not zipfile.is_zipfile(path):
            return _xls_counts_from_1904(path)
        with zipfile.ZipFile(path) as archive:
            if "xl/workbook.bin" in archive.namelist():
                return _xlsb_counts_from_1904(archive.read("xl/workbook.bin"))
            return bool(_FROM_1904.search(archive.read("xl/workbook.xml")))
    except _BROKEN:
        return False


@dataclass(frozen=True)
class BesideCells:
    """What stands in a workbook beside the values of one sheet; nothing where that cannot be told."""

    hidden_rows: int = 0  # as by a filter
    not_computed: int = 0  # cells with a formula that no program has computed yet
    errors: int = 0  # cells that show #N/A, #DIV/0! and the like
    units: Mapping[tuple[int, int], str] = field(default_factory=dict)  # by line and column, of cells' formats


def beside_cells(path: Path, sheet: str) -> BesideCells:
    """What a sheet says beside its values. Of an .ods and .xls only the units are looked for."""
    try:
        if not zipfile.is_zipfile(path):
            return BesideCells(units=units_of_xls(path, sheet))
        with zipfile.ZipFile(path) as archive:
            if _ODS_CELLS in archive.namelist():
                is_small = archive.getinfo(_ODS_CELLS).file_size <= _MOST_BYTES
                return BesideCells(units=dict(_units_of_ods(archive.read(_ODS_CELLS), sheet)) if is_small else {})
            relation = dict(_SHEET.findall(archive.read("xl/workbook.xml").decode())).get(sheet, "")
            relations = archive.read("xl/_rels/workbook.xml.rels").decode()
            found = [each for each in _TARGET.findall(relations) if f'Id="{relation}"' in each]
            target = re.search(r'Target="([^"]*)"', found[0]) if found else None
            name = f"xl/{target[1].removeprefix('/xl/')}" if target else ""
            if not name or archive.getinfo(name).file_size > _MOST_BYTES:
                return BesideCells()
            cells = archive.read(name)
            styles = "xl/styles.xml"
            is_styled = styles in archive.namelist() and archive.getinfo(styles).file_size <= _MOST_BYTES
            units = units_of_styles(archive.read(styles).decode()) if is_styled else {}
            shown = dict(_units(cells, units)) if units else {}
            hidden, not_computed, errors = (len(each.findall(cells)) for each in (_HIDDEN_ROW, _NOT_COMPUTED, _ERROR))
            return BesideCells(hidden, not_computed, errors, shown)
    except (*_BROKEN, UnicodeDecodeError):
        return BesideCells()


def down_the_rows(ranges: Iterable[Range] | None, below: int) -> dict[tuple[int, int], int]:
    """Of cells merged over several rows below line `below`: the line that holds the value, by line and column of those
    that look empty. Lines count from 1, columns from 0."""
    return {
        (line + 1, column): first + 1
        for (first, column), (last, _) in ranges or ()
        for line in range(first + 1, last + 1)
        if first + 1 > below
    }


def _units(cells: bytes, of_style: Mapping[str, str]) -> Iterator[tuple[tuple[int, int], str]]:
    """The cells of a sheet whose style shows a unit, lines from 1 and columns from 0."""
    for cell in _CELL.finditer(cells):
        style = _STYLE.search(cell[3])
        if style and (unit := of_style.get(style[1].decode())):
            yield (int(cell[2]), _column(cell[1])), unit


def _units_of_ods(content: bytes, sheet: str) -> Iterator[tuple[tuple[int, int], str]]:
    """The same of an OpenDocument sheet, whose cells name their unit. Rows that repeat one another hold no more than
    one that is worth reading, so only the first of them has it."""
    name, line, after, column = "", 1, 0, 0
    for tag in _ODS_TAG.finditer(content):
        kind, attributes = tag[1], tag[2]
        if kind == b"table":
            found = _ODS_NAME.search(attributes)
            name, line, after = unescape(found[1].decode()) if found else "", 0, 1
        elif kind == b"table-row":
            line, column, after = line + after, 0, _repeated(attributes, b"rows")
        elif name == sheet:
            money = _ODS_CURRENCY.search(attributes)
            unit = money[1].decode() if money else PERCENT if _ODS_PERCENT.search(attributes) else ""
            repeated = _repeated(attributes, b"columns")
            if unit:
                yield from (((line, each), unit) for each in range(column, column + repeated))
            column += repeated


def _repeated(attributes: bytes, what: bytes) -> int:
    """How many rows or columns one stands for."""
    found = re.search(rb"""number-%s-repeated=["'](\d{1,7})["']""" % what, attributes)
    return int(found[1]) if found else 1


def _column(letters: bytes) -> int:
    """The number of a column from 0: A, B, …, Z, AA."""
    number = 0
    for letter in letters:
        number = 26 * number + letter - ord("A") + 1
    return number - 1


def _xls_counts_from_1904(path: Path) -> bool:
    with path.open("rb") as file:
        data = file.read(_LOOKED_AT)
    at = data.find(_BEGIN_OF_XLS)
    while 0 <= at <= len(data) - 6:
        kind, size = struct.unpack_from("<HH", data, at)
        if kind in (_DATE_MODE, _END):
            return kind == _DATE_MODE and data[at + 4] == 1
        at += 4 + size
    return False


def _xlsb_counts_from_1904(data: bytes) -> bool:
    return any(
        kind == _WORKBOOK_PROPERTIES and bool(content[:1]) and content[0] & 1 for kind, content in _records(data)
    )


def _records(data: bytes) -> Iterator[tuple[int, bytes]]:
    """The records of a binary part: number and content."""
    at = 0
    while at < len(data):
        kind, at = _number(data, at, 2)
        size, at = _number(data, at, 4)
        yield kind, data[at : at + size]
        at += size


def _number(data: bytes, at: int, most: int) -> tuple[int, int]:
    """A number in seven bits a byte, the lowest first, and where it ends."""
    value = 0
    for place in range(most):
        if at >= len(data):
            break
        byte, at = data[at], at + 1
        value |= (byte & 0x7F) << 7 * place
        if not byte & 0x80:
            break
    return value, at
