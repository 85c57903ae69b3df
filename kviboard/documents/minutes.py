"""The minutes of a frozen act: its record with what was added later, written as a page, slides or text."""

from dataclasses import replace
from datetime import tzinfo
from typing import Final

from kviboard.board.reviews.document import ReviewDocument
from kviboard.board.reviews.history import frozen_when
from kviboard.board.reviews.sprints import OPENED_LATE, opened_late
from kviboard.documents.blocks import Block, Paragraph, Points, Step, Story
from kviboard.documents.html.minutes import minutes_html
from kviboard.documents.markdown.minutes import minutes_markdown
from kviboard.documents.review.result import result_step, with_message
from kviboard.documents.review.story import notes_step, review_story, without_unasked
from kviboard.domain.formatting import format_day
from kviboard.errors import UsageError
from kviboard.store import ReviewRecord

ENDINGS: Final = ("html", "pptx", "md")
SLIDES: Final = "application/vnd.openxmlformats-officedocument.presentationml.presentation"


def minutes_story(document: ReviewDocument, record: ReviewRecord, zone: tzinfo) -> Story:
    """The story of a frozen act with its addenda, the result of a closing first; a title is the message of its step,
    a day one on the clocks of `zone`. Needs no warehouse."""
    told = without_unasked(review_story(document))
    last = replace(told.steps[-1], blocks=(*told.steps[-1].blocks, *_held(document, record, zone)))
    notes = (notes_step(document, told.steps),) if document.act == "opening" and document.remarks else ()
    told = replace(told, steps=(*told.steps[:-1], *notes, last))
    story = replace(told, steps=tuple(with_message(document, step) for step in told.steps))
    if document.act == "closing":
        rest = tuple(step for step in story.steps if step.name != "decisions")
        story = replace(story, steps=(result_step(document), *rest))
    addenda = tuple(
        f"{each.text} ({each.created_by}, {format_day(each.created_at.astimezone(zone).date())})"
        for each in record.addenda
    )
    return replace(story, steps=(*story.steps, Step("addenda", "Addenda", (Points(addenda),)))) if addenda else story


def _held(document: ReviewDocument, record: ReviewRecord, zone: tzinfo) -> list[Block]:
    """Who opened or closed it and when, and what was predicted too late to count."""
    held = [frozen_when(record, document.act, zone)]
    if document.predictions and opened_late(record, zone):
        held.append(OPENED_LATE)
    return [Paragraph(" ".join(filter(None, held)), "quiet")]


def write_minutes(story: Story, ending: str) -> bytes:
    """The minutes as html, pptx or md. Raises UsageError for anything else."""
    if ending == "pptx":
        from kviboard.documents.pptx.minutes import minutes_pptx  # takes a while to import, and few ask for slides

        return minutes_pptx(story)
    if ending not in ENDINGS:
        raise UsageError(f'"{ending}" is no kind of minutes; end the file in .html, .pptx or .md.')
    return (minutes_html(story) if ending == "html" else minutes_markdown(story)).encode()
