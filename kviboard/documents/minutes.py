"""The minutes of a frozen act: its record with what was added later, written as a page, slides or text."""

from dataclasses import replace
from datetime import tzinfo
from typing import Final

from kviboard.board.reviews.document import ReviewDocument
from kviboard.documents.blocks import Points, Step, Story
from kviboard.documents.html.minutes import minutes_html
from kviboard.documents.markdown.minutes import minutes_markdown
from kviboard.documents.review.result import result_step, with_message
from kviboard.documents.review.story import review_story, without_unasked
from kviboard.domain.formatting import format_day
from kviboard.errors import UsageError
from kviboard.store import ReviewRecord

ENDINGS: Final = ("html", "pptx", "md")
SLIDES: Final = "application/vnd.openxmlformats-officedocument.presentationml.presentation"


def minutes_story(document: ReviewDocument, record: ReviewRecord, zone: tzinfo) -> Story:
    """The story of a frozen act with its addenda, the result of a closing first; a title is the message of its step,
    a day one on the clocks of `zone`. Needs no warehouse."""
    told = without_unasked(review_story(document))
    story = replace(told, steps=tuple(with_message(document, step) for step in told.steps))
    if document.act == "closing":
        rest = tuple(step for step in story.steps if step.name != "decisions")
        story = replace(story, steps=(result_step(document), *rest))
    addenda = tuple(
        f"{each.text} ({each.created_by}, {format_day(each.created_at.astimezone(zone).date())})"
        for each in record.addenda
    )
    return replace(story, steps=(*story.steps, Step("addenda", "Addenda", (Points(addenda),)))) if addenda else story


def write_minutes(story: Story, ending: str) -> bytes:
    """The minutes as html, pptx or md. Raises UsageError for anything else."""
    if ending == "pptx":
        from kviboard.documents.pptx.minutes import minutes_pptx  # takes a while to import, and few ask for slides

        return minutes_pptx(story)
    if ending not in ENDINGS:
        raise UsageError(f'"{ending}" is no kind of minutes; end the file in .html, .pptx or .md.')
    return (minutes_html(story) if ending == "html" else minutes_markdown(story)).encode()
