"""Blocks as what a slide can hold: paragraphs, rows of a table, a large figure, a row of small ones.

Each knows how high it is and how to fall into two where there is no more room; how they share slides is decided in
`flow`, how shapes get onto them in `deck`.
"""

from collections.abc import Iterator, Sequence

from kviboard.documents.blocks import Block, Figure, Paragraph, Points, Quotes, Step, Table
from kviboard.documents.pptx.figures import SmallFigures, Trend, small_figures, trend
from kviboard.documents.pptx.table import Grid, grid
from kviboard.documents.pptx.text import SlideParagraph
from kviboard.documents.sanitize import lines, one_line

Item = SlideParagraph | Grid | Trend | SmallFigures
_WORDS = {"vision": (32.0, "text"), "lead": (22.0, "text"), "body": (18.0, "text"), "quiet": (14.0, "secondary")}
_A_ROW = 3  # small figures beside each other


def items_of(step: Step) -> Iterator[Item]:
    """What the step's note and blocks become, in their order; small figures that follow each other share rows."""
    yield from (SlideParagraph(line, 14, colour="secondary", before=0) for line in lines(step.note))
    row: list[Figure] = []
    for block in step.blocks:
        if isinstance(block, Figure) and not block.large:
            row.append(block)
            continue
        yield from _rows(row)
        row = []
        yield from _block(block, one_line(step.title))
    yield from _rows(row)


def _rows(figures: Sequence[Figure]) -> Iterator[Item]:
    for start in range(0, len(figures), _A_ROW):
        yield from small_figures(tuple(figures[start : start + _A_ROW]))


def _block(block: Block, title: str) -> Iterator[Item]:
    match block:
        case Paragraph():
            size, colour = _WORDS[block.style]
            yield from (SlideParagraph(line, size, colour=colour, before=10) for line in lines(block.text))
        case Points():
            yield from _points(block)
        case Quotes():
            yield from _quotes(block)
        case Table() if block.rows:
            yield grid(block, titled=one_line(block.caption) != title)
        case Figure():
            yield from trend(block, title_known=one_line(block.title) == title)


def _points(block: Points) -> Iterator[SlideParagraph]:
    items = [one_line(item) for item in block.items if lines(item)]
    if items:
        yield from _heading(block.title)
        yield from (SlideParagraph(item, bullet=True, before=7) for item in items)


def _quotes(block: Quotes) -> Iterator[SlideParagraph]:
    yield from _heading(block.title, block.tone or "text")
    for words, source in block.quotes:
        if lines(words):
            yield SlideParagraph(f"“{one_line(words)}”", 18, before=10, leads=bool(one_line(source)))
            yield from (SlideParagraph(line, 12, colour="secondary", before=2) for line in lines(source))


def _heading(title: str, colour: str = "text") -> Iterator[SlideParagraph]:
    if one_line(title):
        yield SlideParagraph(one_line(title), 16, bold=True, colour=colour, before=14, leads=True)
