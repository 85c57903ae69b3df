"""The minutes of a frozen act as files: a page, slides, text. What they say comes from the record alone."""

from dataclasses import replace
from functools import partial

import streamlit as st

from kviboard.board.review_document import ReviewDocument
from kviboard.documents.blocks import Points, Step, Story
from kviboard.documents.minutes_html import minutes_html
from kviboard.documents.review_story import review_story
from kviboard.domain.values import format_day
from kviboard.store import ReviewRecord

_SLIDES = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
_KINDS = {
    "Page (HTML)": ("html", "text/html"),
    "Slides (PPTX)": ("pptx", _SLIDES),
    "Text (Markdown)": ("md", "text/markdown"),
}


def draw_minutes(document: ReviewDocument, record: ReviewRecord) -> None:
    """Draw the downloads; a file is written when it is asked for."""
    story = minutes_of(document, record)
    with st.container(horizontal=True, vertical_alignment="center", key="minutes"):
        st.markdown("Minutes")
        for label, (ending, kind) in _KINDS.items():
            name = f"{story.file_name}.{ending}"
            st.download_button(label, partial(write_minutes, story, ending), name, kind, on_click="ignore")


def write_minutes(story: Story, ending: str) -> bytes:
    """The minutes as html, pptx or md."""
    if ending == "pptx":
        from kviboard.documents.minutes_pptx import minutes_pptx  # takes a while to import, and few ask for slides

        return minutes_pptx(story)
    written = minutes_html(story) if ending == "html" else minutes_markdown(story)
    return written.encode()


def minutes_of(document: ReviewDocument, record: ReviewRecord) -> Story:
    """The story of a frozen act with its addenda."""
    story = review_story(document)
    said = tuple(f"{each.text} ({each.created_by}, {format_day(each.created_at.date())})" for each in record.addenda)
    if not said:
        return story
    return replace(story, steps=(*story.steps, Step("addenda", "Addenda", (Points(said),))))
