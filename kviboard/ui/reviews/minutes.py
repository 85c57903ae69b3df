"""The minutes of frozen acts as files: a page, slides, text. What they say comes from the record alone."""

from datetime import tzinfo
from functools import partial

import streamlit as st

from kviboard.board.reviews.meeting import frozen_document
from kviboard.documents.minutes import SLIDES, minutes_story, write_minutes
from kviboard.store import ReviewRecord

_KINDS = {
    "Page (HTML)": ("html", "text/html"),
    "Slides (PPTX)": ("pptx", SLIDES),
    "Text (Markdown)": ("md", "text/markdown"),
}


def draw_minutes(record: ReviewRecord, zone: tzinfo) -> None:
    """Draw the downloads of what is frozen, the newest act first; a file is written when it is asked for."""
    for act in (record.closing, record.opening):
        if act is None:
            continue
        document = frozen_document(act)
        story = minutes_story(document, record, zone)
        with st.container(horizontal=True, vertical_alignment="center", key=f"minutes-{document.act}"):
            st.markdown(f"Minutes of the {document.act}")
            for label, (ending, kind) in _KINDS.items():
                name = f"{story.file_name}.{ending}"
                file = partial(write_minutes, story, ending)
                st.download_button(label, file, name, kind, on_click="ignore", key=f"{document.act}-{ending}")
