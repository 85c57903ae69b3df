"""Which items share a slide: as many as there is room for, in their order, nothing beyond its edge."""

from collections import deque
from collections.abc import Iterable, Sequence

from pptx.slide import Slide

from kviboard.documents.pptx.blocks import Item
from kviboard.documents.pptx.deck import BODY_BOTTOM, BODY_TOP, COLUMN, MARGIN, add_text
from kviboard.documents.pptx.table import Grid
from kviboard.documents.pptx.text import SlideParagraph

ROOM = BODY_BOTTOM - BODY_TOP
_APART = 0.12  # between text and what is no text
_LITTLE = 0.3  # of a slide: less text than this is no slide of its own


def slides_of(items: Iterable[Item]) -> list[list[Item]]:
    """The items of each slide; one empty slide where there are none."""
    pages: list[list[Item]] = [[]]
    waiting, room = deque(items), ROOM
    while waiting:
        item = waiting.popleft()
        apart = _APART if pages[-1] and not isinstance(item, SlideParagraph) else 0.0
        head, rest = item.split(COLUMN, room - apart)
        if head is None and not pages[-1]:
            head, rest = item, None  # there will never be more room than on an empty slide
        if head is not None:
            pages[-1].append(head)
            room = 0.0 if head.fills else room - apart - head.height(COLUMN)
        if rest is None:
            continue
        waiting.appendleft(rest)
        while len(pages[-1]) > 1 and pages[-1][-1].leads and head is None:
            waiting.appendleft(pages[-1].pop())
        pages.append([])
        room = ROOM
    return _without_leftover([page for page in pages if page]) or [[]]


def _without_leftover(pages: list[list[Item]]) -> list[list[Item]]:
    """The same, but a last slide that would hold little text shares what the one before it holds."""
    if len(pages) < 2 or not all(isinstance(item, SlideParagraph) for page in pages[-2:] for item in page):
        return pages
    *others, full, left = pages
    if _high(left) > _LITTLE * ROOM:
        return pages
    while (moved := _last_thought(full)) and _high(left) + _high(moved) <= _high(full):
        full, left = full[: -len(moved)], [*moved, *left]
    return [*others, full, left]


def _last_thought(page: list[Item]) -> list[Item]:
    """The last paragraph with those that lead to it."""
    start = len(page) - 1
    while start > 0 and page[start - 1].leads:
        start -= 1
    return page[start:] if start > 0 else []


def _high(page: Sequence[Item]) -> float:
    return sum(item.height(COLUMN) for item in page)


def draw_items(slide: Slide, items: Sequence[Item]) -> None:
    """Add the items below each other; neighbouring paragraphs share a text frame."""
    top, text = BODY_TOP, list[SlideParagraph]()
    for item in [*items, None]:
        if isinstance(item, SlideParagraph):
            text.append(item)
            continue
        if text:
            high = sum(paragraph.height(COLUMN) for paragraph in text)
            add_text(slide, text, (MARGIN, top, COLUMN, high))
            top, text = top + high + _APART, []
        if item is not None:
            room = BODY_BOTTOM - top
            if isinstance(item, Grid) and item is items[-1] and sum(isinstance(each, Grid) for each in items) == 1:
                item = item.enlarged(COLUMN, room)
            item.draw(slide, (MARGIN, top, COLUMN, room))
            top += item.height(COLUMN) + _APART
