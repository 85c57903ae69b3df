"""Who is at the keyboard, as they say themselves: only where nobody signs in. What they may do belongs to `access`.

The name lives in the session and, so that nobody types it every week, in a cookie of this browser; never in the URL.
"""

from collections.abc import Callable
from urllib.parse import unquote

import streamlit as st

COOKIE = "kviboard_person"
_PERSON, _FIELD = "person", "person-field"


def said_name() -> str:
    """The name to save under; empty while nobody has said it."""
    if _PERSON not in st.session_state:
        st.session_state[_PERSON] = unquote(st.context.cookies.get(COOKIE, "")).strip()
    return str(st.session_state[_PERSON])


def draw_name(waiting: Callable[[], None] | None = None) -> None:
    """Draw the field in which people say who they are; what waited for the name is done once it is there."""
    if _FIELD not in st.session_state:
        st.session_state[_FIELD] = said_name()
    hint = "Your name, written beside what you save"
    st.text_input("You are", key=_FIELD, placeholder=hint, on_change=_take_name, args=(waiting,))


def _take_name(waiting: Callable[[], None] | None) -> None:
    st.session_state[_PERSON] = " ".join(st.session_state[_FIELD].split())
    if waiting and said_name():
        waiting()
