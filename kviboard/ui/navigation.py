"""The sections and pages of the board, in the order of the menu."""

import streamlit as st

from kviboard.ui import idle, session

SECTIONS = {
    "Review": [("this_week", "This week", ""), ("sprint_review", "Sprint review", "review")],
    "Value": [("kvis", "KVIs", "kvis")],
    "Goals": [("okrs", "OKRs", "okrs")],
    "Data": [("exports", "Exports and checks", "exports")],
}


def run_page() -> None:
    """Draw the menu and run the page that the address names."""
    pages = [
        st.Page(f"pages/{file}.py", title=title, url_path=path or None, default=not path)
        for entries in SECTIONS.values()
        for file, title, path in entries
    ]
    with idle.drawing(), session.one_board():
        st.navigation(pages, position="top").run()
