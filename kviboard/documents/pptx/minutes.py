"""A story as slides: native text and tables that people can go on editing, charts as pictures that say what they show.

What a block becomes stands in `blocks`, what shares a slide in `flow`, the look in `deck`.
"""

from pptx.presentation import Presentation as Deck
from pptx.slide import Slide

from kviboard.documents.blocks import Step, Story
from kviboard.documents.pptx.blocks import items_of
from kviboard.documents.pptx.deck import (
    COLUMN,
    CONTENT,
    COVER,
    MARGIN,
    TITLE_HEIGHT,
    add_bar,
    add_slide,
    new_deck,
    saved,
    set_text,
)
from kviboard.documents.pptx.flow import draw_items, slides_of
from kviboard.documents.pptx.text import SlideParagraph
from kviboard.documents.sanitize import one_line

_TITLE_SIZES = (28.0, 26.0, 24.0, 22.0, 20.0)


def minutes_pptx(story: Story) -> bytes:
    """The whole story as a PPTX file: a cover, then each step on as many slides as it needs."""
    title = one_line(story.title)
    deck = new_deck(title)
    cover = add_slide(deck, COVER, "")
    add_bar(cover, (MARGIN, 4.05, 1.1, 0.05), "accent")
    set_text(cover.shapes.title, _fitted(title, (40.0, 36.0, 32.0, 28.0, 24.0), "", 1.5)[0])
    subtitle = _fitted(one_line(story.subtitle), (18.0, 16.0, 14.0), "", 1.2)[0]
    set_text(cover.placeholders[1], SlideParagraph(subtitle.text, subtitle.size, colour="secondary"))
    for step in story.steps:
        _add_step(deck, step, title)
    return saved(deck)


def _add_step(deck: Deck, step: Step, footer: str) -> None:
    pages = slides_of(items_of(step))
    foot = _fitted(footer, (10.0,), "", 0.2)[0].text
    for number, items in enumerate(pages, start=1):
        slide = add_slide(deck, CONTENT, foot)
        count = f" ({number}/{len(pages)})" if len(pages) > 1 else ""
        title, whole = _fitted(one_line(step.title), _TITLE_SIZES, count, TITLE_HEIGHT)
        set_text(slide.shapes.title, title)
        draw_items(slide, items)
        notes = [] if whole else [one_line(step.title)]
        notes += [one_line(step.note)] if number == 1 else []
        _set_notes(slide, [*notes, *(item.notes for item in items)])


def _fitted(text: str, sizes: tuple[float, ...], count: str, room: float) -> tuple[SlideParagraph, bool]:
    """The text in the largest size in which it fits, cut off in the smallest; and whether it is whole."""
    for size in sizes:
        paragraph = SlideParagraph(text + count, size, bold=True, before=0)
        if paragraph.height(COLUMN) <= room:
            return paragraph, True
    kept = len(text)
    while kept and SlideParagraph(f"{text[:kept]}…{count}", size, bold=True, before=0).height(COLUMN) > room:
        kept = kept * 9 // 10
    return SlideParagraph(f"{text[:kept].rstrip()}…{count}", size, bold=True, before=0), False


def _set_notes(slide: Slide, notes: list[str]) -> None:
    joined = "\n\n".join(note for note in notes if note)
    if joined:
        slide.notes_slide.notes_text_frame.text = joined
