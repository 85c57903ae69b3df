"""Currencies and percents that only the formats of cells show are read from old workbooks, too."""

import struct
from pathlib import Path

import pyarrow as pa
import pytest

from kviboard.warehouse.files.read_options import ReadOptions
from kviboard.warehouse.files.sheets import SheetFile
from kviboard.warehouse.files.xls_formats import units_of_xls
from kviboard.workspace.settings import Source

BOF, EOF = (0x809, struct.pack("<HHHHII", 0x600, 0x05, 0, 0, 0, 0x600)), (0x0A, b"")
FORMATS = {164: "[$€-407]#,##0.00", 165: "0.00", 166: '"$"0.00'}
PLAIN, EURO, DOLLAR, PERCENT = range(4)  # styles, by their places
END, OF_TABLE, FREE = 0xFFFFFFFE, 0xFFFFFFFD, 0xFFFFFFFF
Record = tuple[int, bytes]


def text(value: str, size: str) -> bytes:
    return struct.pack(size, len(value)) + b"\1" + value.encode("utf-16-le")


def number(row: int, column: int, style: int, value: float) -> Record:
    return 0x203, struct.pack("<HHHd", row, column, style, value)


def several(row: int, column: int, *cells: tuple[int, int]) -> Record:
    """Whole numbers in one record, each with its style."""
    held = b"".join(struct.pack("<HI", style, value << 2 | 2) for style, value in cells)
    return 0xBD, struct.pack("<HH", row, column) + held + struct.pack("<H", column + len(cells) - 1)


def label(row: int, column: int, value: str) -> Record:
    return 0x204, struct.pack("<HHH", row, column, PLAIN) + text(value, "<H")


def written(records: list[Record]) -> bytes:
    return b"".join(struct.pack("<HH", kind, len(content)) + content for kind, content in records)


def xls(path: Path, name: str, *cells: Record) -> Path:
    """A workbook with one sheet, in a container of sectors that lie in reverse order."""
    book: list[Record] = [BOF]
    book += [(0x41E, struct.pack("<H", at) + text(code, "<H")) for at, code in FORMATS.items()]
    book += [(0xE0, struct.pack("<HH", 0, of) + bytes(16)) for of in (165, 164, 166, 10)]
    sheet = (0x85, bytes(6) + text(name, "<B"))
    begins = len(written([*book, sheet, EOF]))
    sheet = (0x85, struct.pack("<IH", begins, 0) + sheet[1][6:])
    stream = written([*book, sheet, EOF, BOF, *cells, EOF])
    stream += bytes(max(4096, -len(stream) % 512 + len(stream)) - len(stream))
    count = len(stream) // 512
    order = [2 + count - 1 - place for place in range(count)]  # sectors of the stream; 0 and 1 are the tables
    table = {0: OF_TABLE, 1: END} | dict(zip(order, [*order[1:], END], strict=True))
    sectors = {at: stream[place * 512 : place * 512 + 512] for place, at in enumerate(order)}
    entries = [entry("Root Entry", 5, END, 0, child=1), entry("Workbook", 2, order[0], len(stream))]
    header = struct.pack("<8s16xHHHHH6xIIIIIIIII", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 0x3E, 3, 0xFFFE, 9, 6,
                         0, 1, 1, 0, 4096, END, 0, END, 0)  # fmt: skip
    header += struct.pack("<109I", 0, *[FREE] * 108)
    sectors[0] = struct.pack("<128I", *(table.get(at, FREE) for at in range(128)))
    sectors[1] = b"".join(entries).ljust(512, b"\0")
    path.write_bytes(header + b"".join(sectors[at] for at in sorted(sectors)))
    return path


def entry(name: str, kind: int, begins: int, size: int, child: int = FREE) -> bytes:
    called = name.encode("utf-16-le")
    return struct.pack("<64sHBBIII36xIQ", called, len(called) + 2, kind, 1, FREE, FREE, child, begins, size)


@pytest.fixture
def orders(tmp_path: Path) -> Path:
    return xls(
        tmp_path / "orders.xls", "Käufe",
        label(0, 0, "order_id"), label(0, 1, "amount"), label(0, 2, "items"),
        label(1, 0, "1"), number(1, 1, EURO, 5.5), number(1, 2, PLAIN, 2),
        label(2, 0, "2"), several(2, 1, (DOLLAR, 6), (PLAIN, 1)),
        label(3, 0, "3"), number(3, 1, PLAIN, 7), number(3, 2, PERCENT, 0.5),
        label(4, 0, "4"), number(4, 1, PERCENT, 0.25),
    )  # fmt: skip


def test_what_cells_show_is_read_by_line_and_column(orders: Path) -> None:
    shown = {(2, 1): "€", (3, 1): "$", (4, 2): "%", (5, 1): "%"}
    assert units_of_xls(orders, "Käufe") == shown
    assert units_of_xls(orders, "Other") == {}


def test_amounts_have_their_currency_and_percents_are_warned_of(orders: Path) -> None:
    file = SheetFile(orders, ReadOptions.of("orders", Source(files="orders.xls")))
    rows = pa.concat_tables(file.batches()).to_pylist()
    assert [row["amount"] for row in rows] == ["€ 5.5", "$ 6", "7", "0.25"]
    (said,) = file.findings.decisions
    assert said.what == "1 cell of amount is shown in percent and counts as a hundredth of that: line 5 as 0.25."


@pytest.mark.parametrize("kept", [0, 7, 40, 512, 700, 1100, 1600, 4000])
def test_a_damaged_workbook_shows_nothing_and_breaks_nothing(orders: Path, kept: int) -> None:
    orders.write_bytes(orders.read_bytes()[:kept])
    assert units_of_xls(orders, "Käufe") == {}


def test_a_chain_of_sectors_that_runs_in_a_circle_ends(orders: Path) -> None:
    whole = bytearray(orders.read_bytes())
    whole[512 + 4 : 512 + 8] = struct.pack("<I", 1)  # the directory goes on where it began
    orders.write_bytes(whole)
    assert units_of_xls(orders, "Käufe")[2, 1] == "€"
