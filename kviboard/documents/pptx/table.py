"""A table on a slide: native and editable, quiet lines, as many rows as there is room for. Measures in inches."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from pptx.enum.text import MSO_ANCHOR
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls
from pptx.slide import Slide
from pptx.table import _Cell
from pptx.util import Inches, Pt

from kviboard.components.palette import PALETTE
from kviboard.documents.blocks import Cell, Table
from kviboard.documents.pptx.deck import Box, add_text, write
from kviboard.documents.pptx.text import SlideParagraph, height_of
from kviboard.documents.sanitize import one_line

BESIDE, ABOVE = 0.22, 0.065  # room at the right of a cell, and above and below its text
_UNDER_TITLE = 0.06
_PLAIN_STYLE = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"  # PowerPoint's "No Style, No Grid"
_MANY_COLUMNS = 6
_WIDEST = 6.0
_SHORT = 14  # letters
_LARGER, _LARGEST = (1.3, 1.2, 1.1), 20.0  # times, pt
_LONGEST_NAME = 120  # letters of a title or a column's name: what is cut off stands in the notes
Row = tuple[SlideParagraph, ...]


@dataclass(frozen=True)
class Grid:
    """A part of a table with its head, under its title where it has one; `notes` are the names that were cut."""

    caption: str
    title: SlideParagraph | None
    head: Row
    rows: tuple[Row, ...]
    numeric: tuple[int, ...]
    leads: bool = False
    fills: bool = False
    notes: str = ""

    def height(self, width: float) -> float:
        widths = self._widths(width)
        return self._above(width) + sum(_row_height(row, widths) for row in (self.head, *self.rows))

    def split(self, width: float, room: float) -> tuple["Grid | None", "Grid | None"]:
        """The rows that fit; a row that would fit nowhere is continued in another one."""
        widths = self._widths(width)
        room -= self._above(width) + _row_height(self.head, widths)
        for index, row in enumerate(self.rows):
            room -= _row_height(row, widths)
            if room < -1e-6:
                return self._cut(index, room, widths)
        return self, None

    def enlarged(self, width: float, room: float) -> "Grid":
        """The same in the largest letters in which it still has room: seen from the back of it."""
        for factor in _LARGER:
            rows = tuple(tuple(_larger(item, factor) for item in row) for row in self.rows)
            larger = replace(self, head=tuple(_larger(item, factor) for item in self.head), rows=rows)
            if larger.height(width) <= room:
                return larger
        return self

    def draw(self, slide: Slide, box: Box) -> None:
        """Add the table at the top of the box."""
        left, top, width, _ = box
        widths, above = self._widths(width), self._above(width)
        if self.title:
            add_text(slide, [self.title], (left, top, width, above - _UNDER_TITLE), "Title of a table")
        place = (left, top + above, width, self.height(width) - above)
        shape = slide.shapes.add_table(len(self.rows) + 1, len(self.head), *map(Inches, place))
        shape.name = "Table"
        shape._element.nvGraphicFramePr.cNvPr.set("descr", self.caption)
        table = shape.table
        table.horz_banding, table.first_row, table.first_col = False, True, True
        shape._element.graphic.graphicData.tbl.tblPr.find(_STYLE_ID).text = _PLAIN_STYLE
        for column, wide in zip(table.columns, widths, strict=True):
            column.width = Inches(wide)
        for index, row in enumerate((self.head, *self.rows)):
            table.rows[index].height = Inches(_row_height(row, widths))
            for column, item in enumerate(row):
                _fill(table.cell(index, column), item, column in self.numeric, index == 0)

    def _above(self, width: float) -> float:
        return self.title.height(width) + _UNDER_TITLE if self.title else 0.0

    def _cut(self, index: int, room: float, widths: Sequence[float]) -> tuple["Grid | None", "Grid | None"]:
        whole = room + _row_height(self.rows[index], widths)
        if index:
            half = -(-len(self.rows) // 2)
            index = half if 1 < half < index else index  # two slides share the rows; none is left over alone
            return replace(self, rows=self.rows[:index]), replace(self, rows=self.rows[index:])
        parts = [item.split(wide - BESIDE, whole - 2 * ABOVE) for item, wide in zip(self.rows[0], widths, strict=True)]
        if not any(head for head, _ in parts) or whole < _TALL:
            return None, self
        empty = replace(self.rows[0][0], text="")
        head = tuple(first or empty for first, _ in parts)
        rest = tuple(rest or empty for _, rest in parts)
        return replace(self, rows=(head,)), replace(self, rows=(rest, *self.rows[1:]))

    def _widths(self, width: float) -> list[float]:
        """Of the columns: what their longest cell wants, the long ones giving way."""
        columns = list(zip(self.head, *self.rows, strict=True))
        wanted = [min(max(map(_length, column)), _WIDEST) + BESIDE for column in columns]
        least = [min(max(map(_least, column)) + BESIDE, want) for column, want in zip(columns, wanted, strict=True)]
        if sum(wanted) <= width:
            return [want * width / sum(wanted) for want in wanted]
        if sum(least) >= width:
            return [few * width / sum(least) for few in least]
        share = (width - sum(least)) / (sum(wanted) - sum(least))
        return [few + share * (want - few) for few, want in zip(least, wanted, strict=True)]


_TALL = 1.5  # a row is not torn apart for less
_STYLE_ID = "{http://schemas.openxmlformats.org/drawingml/2006/main}tableStyleId"


def grid(table: Table, titled: bool) -> Grid:
    """The whole table, `titled` by its caption or not; rows of any length become as long as the head."""
    size = 16.0 if len(table.columns) <= _MANY_COLUMNS else 14.0
    names = [one_line(name) for name in table.columns]
    head = tuple(SlideParagraph(_short(name), 13, colour="secondary", before=0) for name in names)
    rows = tuple(tuple(_cell_paragraph(row, column, size) for column in range(len(head))) for row in table.rows)
    caption = one_line(table.caption)
    title = SlideParagraph(_short(caption), 16, bold=True, before=6) if titled and caption else None
    cut = [name for name in (caption, *names) if _short(name) != name]
    return Grid(caption, title, head, rows, table.numeric, notes="\n".join(cut))


def _larger(item: SlideParagraph, factor: float) -> SlideParagraph:
    return replace(item, size=min(item.size * factor, _LARGEST))


def _short(name: str) -> str:
    return name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 1].rstrip()}…"


def _cell_paragraph(row: Sequence[Cell], column: int, size: float) -> SlideParagraph:
    cell = row[column] if column < len(row) else Cell("")
    return SlideParagraph(
        one_line(cell.text), size, bold=column == 0 or bool(cell.tone), colour=cell.tone or "text", before=0
    )


def _row_height(row: Row, widths: Sequence[float]) -> float:
    return max(height_of([item], wide - BESIDE) for item, wide in zip(row, widths, strict=True)) + 2 * ABOVE


def _length(item: SlideParagraph) -> float:
    return item.length(item.text)


def _least(item: SlideParagraph) -> float:
    """What a cell cannot do without: its longest word; all of it where it is short ("24 Nov 2026")."""
    words = item.text.split(" ") if len(item.text) > _SHORT else [item.text]
    return min(max(map(item.length, words)), 2.0)


def _fill(cell: _Cell, item: SlideParagraph, numeric: bool, head: bool) -> None:
    cell.margin_left, cell.margin_right = 0, Inches(BESIDE)
    cell.margin_top = cell.margin_bottom = Inches(ABOVE)
    cell.vertical_anchor = MSO_ANCHOR.BOTTOM if head else MSO_ANCHOR.TOP
    write(cell.text_frame, [item])
    if numeric:
        cell.text_frame.paragraphs[0]._p.get_or_add_pPr().set("algn", "r")
    colour = PALETTE["axis" if head else "grid"][0].removeprefix("#")
    line = f'<a:lnB {nsdecls("a")} w="{Pt(0.75)}"><a:solidFill><a:srgbClr val="{colour}"/></a:solidFill></a:lnB>'
    form = cell._tc.get_or_add_tcPr()
    form.append(parse_xml(line))
    form.append(parse_xml(f"<a:noFill {nsdecls('a')}/>"))
