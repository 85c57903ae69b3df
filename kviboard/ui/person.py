"""Who is at the keyboard, as they say themselves: only where nobody signs in. What they may do belongs to `access`.

The name lives in the session and, so that nobody types it every week, in a cookie of this browser; never in the URL.
"""

from urllib.parse import unquote

import streamlit as st

COOKIE = "kviboard_person"
_PERSON, _FIELD = "person", "person-field"


def said_name() -> str:
    """The name to save under; empty while nobody has said it."""
    if _PERSON not in st.session_state:
        st.session_state[_PERSON] = unquote(st.context.cookies.get(COOKIE, "")).strip()
    return str(st.session_state[_PERSON])


def draw_name() -> None:
    """Draw the field in which people say who they are."""
    if _FIELD not in st.session_state:
        st.session_state[_FIELD] = said_name()
    st.text_input("You are", key=_FIELD, placeholder="Your name, written beside what you save", on_change=_take_name)


def _take_name() -> None:
    st.session_state[_PERSON] = " ".join(st.session_state[_FIELD].split())
