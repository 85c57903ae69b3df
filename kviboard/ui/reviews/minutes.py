"""The minutes of a frozen act as files: a page, slides, text. What they say comes from the record alone."""

from datetime import tzinfo
from functools import partial

import streamlit as st

from kviboard.board.reviews.document import ReviewDocument
from kviboard.documents.minutes import SLIDES, minutes_story, write_minutes
from kviboard.store import ReviewRecord

_KINDS = {
    "Page (HTML)": ("html", "text/html"),
    "Slides (PPTX)": ("pptx", SLIDES),
    "Text (Markdown)": ("md", "text/markdown"),
}


def draw_minutes(document: ReviewDocument, record: ReviewRecord, zone: tzinfo) -> None:
    """Draw the downloads; a file is written when it is asked for."""
    story = minutes_story(document, record, zone)
    with st.container(horizontal=True, vertical_alignment="center", key="minutes"):
        st.markdown("Minutes")
        for label, (ending, kind) in _KINDS.items():
            name = f"{story.file_name}.{ending}"
            st.download_button(label, partial(write_minutes, story, ending), name, kind, on_click="ignore")
