"""The menu, and the page that the address names. Which pages there are stands in `sections`."""

from copy import copy
from functools import cache

import streamlit as st

from kviboard.ui import idle
from kviboard.ui.access import admit
from kviboard.ui.sections import SECTIONS, UNLISTED
from kviboard.ui.served import one_look
from kviboard.ui.streamlit_internals import StreamlitPage


def run_page() -> None:
    """Draw the menu and run the page that the address names."""
    pages = [copy(page) for page in _pages()]  # a run marks the one that it shows
    with idle.drawing(), one_look():
        admit()
        st.navigation(pages, position="top").run()


@cache
def _pages() -> tuple[StreamlitPage, ...]:
    """Found once: finding five files takes a tenth of a run."""
    listed = (
        st.Page(f"pages/{file}.py", title=title, url_path=path or None, default=not path)
        for entries in SECTIONS.values()
        for file, title, path in entries
    )
    unlisted = (
        st.Page(f"pages/{file}.py", title=title, url_path=path, visibility="hidden") for file, title, path in UNLISTED
    )
    return (*listed, *unlisted)
