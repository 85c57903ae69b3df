"""What every kind of export file is read into: batches of text columns, and the records that could not be read."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Protocol, TypeVar

import pyarrow as pa
import pyarrow.compute as pc

from kviboard.domain.currencies import CODES
from kviboard.domain.formatting import counted, listed, plural
from kviboard.warehouse.files.cut_off import LastColumn
from kviboard.warehouse.files.layout import Layout, Numbered
from kviboard.warehouse.files.names import FILE, LINE
from kviboard.warehouse.files.read_options import ReadOptions
from kviboard.warehouse.manifest import ExportDecision

__all__ = ["FILE", "LINE", "Findings", "Malformed", "NoRecords", "Records", "in_batches", "to_table"]

BATCH_ROWS = 20_000
_LONGEST_TEXT = 2_000
_LONGEST_SHOWN = 40
_CURRENCY = re.compile(r"[(\[]?(?:([A-Z]{3})|[A-Z]{0,2}[$€£¥₹])[)\]]?")
_ZONE = re.compile(r'"timeZone"\s*:\s*"([^"]+)"')  # as Qualtrics writes it beside the id of a column of times
_Item = TypeVar("_Item")


@dataclass(frozen=True)
class Malformed:
    """A record that is not a row: the physical line it starts on, its text as found, and what is wrong with it.

    `is_set_aside`: nothing is wrong, it only is no row, as a total or a second header line.
    """

    line: int
    text: str
    reason: str
    is_set_aside: bool = False

    @classmethod
    def of(cls, line: int, text: str, reason: str, is_set_aside: bool = False) -> "Malformed":
        return cls(line, text[:_LONGEST_TEXT], reason, is_set_aside)


@dataclass
class Findings:
    """What a file turned out to hold besides rows; complete once all its batches were taken."""

    malformed: list[Malformed] = field(default_factory=list)
    decisions: list[ExportDecision] = field(default_factory=list)  # without the file's name, which `extract` adds
    repeated: tuple[str, ...] = ()  # names that several columns have
    padded: dict[int, list[int]] = field(default_factory=dict)  # lines of short rows, by how many cells they have
    is_from_1904: bool = False  # whether its numbers that stand for days count from 1904 on
    zone: str = ""  # in which a header line says that its times are

    def note_layout(self, layout: Layout, reading: ReadOptions) -> None:
        """Say where the header is, where it is not the first line alone."""
        self.repeated = layout.repeated
        if layout.above:
            are = plural(len(layout.above), "is no row", "are no rows")
            lines = f"{counted(len(layout.above), 'line')} above {are}"
            shown = ", ".join(f'line {line} "{_shortly(row)}"' for line, row in layout.above[:2])
            what = f"the column names are in line {layout.line}; the {lines}."
            decision = ExportDecision(where="", what=what, example=shown, setting=reading.decides("header_line"))
            self.decisions.append(_doubted(decision, layout.rows_above))
        if layout.further:
            found = listed([f"line {line}" for line in sorted(layout.further)])
            are = plural(len(layout.further), "is a header line", "are header lines")
            what = f"{found} {are} as line {layout.line} is, and no {plural(len(layout.further), 'row', 'rows')}."
            shown = ", ".join(f'line {line} "{_shortly(row)}"' for line, row in layout.below[:2])
            decides = reading.decides("header_line")
            self.decisions.append(ExportDecision(where="", what=what, example=shown, setting=decides))
            self.decisions += _units_below(layout)
            self.zone = _zone_below(layout)
        if layout.is_numbered:
            what = "the first column has no name and only counts the rows; it is called column_1."
            self.decisions.append(ExportDecision(where="", what=what, setting=reading.decides("columns")))

    def note_padded(self, layout: Layout) -> None:
        """Say which rows have fewer cells than there are columns."""
        for width, lines in sorted(self.padded.items()):
            missing = listed(layout.names[width:])
            what = f"{counted(len(lines), 'row')} {plural(len(lines), 'ends', 'end')} before {missing}, which "
            what += f"{plural(len(layout.names) - width, 'is', 'are')} empty there."
            again = "If values are missing there, export it again."
            self.decisions.append(ExportDecision(where="", what=what, example=f"line {lines[0]}", setting=again))

    def note_cut_off(self, name: str, last: LastColumn) -> None:
        """Warn that the last value of all, of the column `name`, may be what is left of one."""
        what = f'nothing ends the last line, {last.line:,}, and its {name} "{last.value}" has fewer digits than all '
        what += f'others, such as "{last.usual[-1]}"; it counts as it is.'
        again = "If the file was cut off, export it again."
        self.decisions.append(ExportDecision(where="", what=what, setting=again, level="warning", moves_kvis=True))


def _doubted(said: ExportDecision, rows: Sequence[Numbered]) -> ExportDecision:
    """The same as a warning where `rows` above the column names look like rows that are lost."""
    if not rows:
        return said
    line, row = rows[0]
    look = plural(len(rows), "looks like a row", "look like rows")
    what = f"{said.what} {len(rows):,} of them {look}."
    found = {
        "what": what,
        "example": f'line {line} "{_shortly(row)}"',
        "setting": f"If they are rows, export them as a file of their own, with their column names. {said.setting}",
        "level": "warning",
        "moves_kvis": True,
    }
    return said.model_copy(update=found)


class Records(Protocol):
    """A file opened for reading."""

    findings: Findings

    def batches(self) -> Iterator[pa.Table]:
        """Tables of text columns under the file's own column names, with the first line of each row in `_line`."""
        ...


class NoRecords:
    """A file without a byte in it."""

    def __init__(self) -> None:
        self.findings = Findings()

    def batches(self) -> Iterator[pa.Table]:
        """No column and no row."""
        yield to_table([], [], [])


def in_batches(items: Iterable[_Item]) -> Iterator[list[_Item]]:
    """The items in lists of at most BATCH_ROWS."""
    remaining = iter(items)
    while batch := list(islice(remaining, BATCH_ROWS)):
        yield batch


def to_table(names: Sequence[str], rows: Sequence[Sequence[str | None]], lines: Sequence[int]) -> pa.Table:
    """Rows as text columns; an empty value is null, because no export can tell the two apart reliably."""
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(names)
    arrays = [_text_array(column) for column in columns]
    return pa.table([*arrays, pa.array(lines, pa.int64())], names=[*names, LINE])


def _text_array(values: Sequence[str | None]) -> pa.Array:
    try:
        array = pa.array(values, pa.string())
    except UnicodeEncodeError:  # half a surrogate pair, as "\ud83d" in JSON
        sound = [value and value.encode("utf-16", "surrogatepass").decode("utf-16", "replace") for value in values]
        array = pa.array(sound, pa.string())
    return pc.if_else(pc.equal(array, ""), pa.scalar(None, pa.string()), array)


def _zone_below(layout: Layout) -> str:
    """The only time zone that header lines name; "" where they name none, or several."""
    zones = {found for _, row in layout.below for cell in row for found in _ZONE.findall(cell)}
    return zones.pop() if len(zones) == 1 else ""


def _units_below(layout: Layout) -> list[ExportDecision]:
    """A warning for each column that has a currency below its name: only names and values tell which it is."""
    found = [
        (line, cell.strip(), name)
        for line, row in layout.below
        for name, cell in zip(layout.names, row, strict=False)
        if (unit := _CURRENCY.fullmatch(cell.strip())) and (unit[1] is None or unit[1] in CODES)
    ]
    return [
        ExportDecision(
            where="",
            what=f'line {line} says "{unit}" of {name}, and that is not read; it counts as in your own currency.',
            setting=f'Where they are not, write it into the name, as "{name} ({unit})", or beside each amount in a '
            "column currency.",
            level="warning",
            moves_kvis=True,
        )
        for line, unit, name in found
    ]


def _shortly(row: Sequence[str]) -> str:
    text = " ".join(cell for cell in row if cell)
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}…"
