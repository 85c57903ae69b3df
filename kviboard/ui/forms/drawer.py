"""Opens the form that the address names (`do`, and `of` what), in a drawer beside the page, and closes it."""

from collections.abc import Callable, Mapping
from functools import partial

import streamlit as st

from kviboard.errors import KviBoardError, StoreError
from kviboard.ui.access import may
from kviboard.ui.forms.browser import prepare_form
from kviboard.ui.markdown import plain
from kviboard.ui.url_state import choice, choose, unchecked

Drawer = Mapping[str, tuple[str, Callable[[str], None]]]
"""Forms by their name in the address: their title, and what draws them about the thing with that number."""


def draw_drawer(drawer: Drawer) -> None:
    """Draw the form that the address names, if it names one; a drawer that says so where there is none of that name."""
    name = unchecked("do")
    if name and may("write"):
        title, draw = drawer.get(name, ("No such form", partial(_say_unknown, name)))
        st.dialog(title, position="right", width="medium", on_dismiss=close_drawer)(_draw)(name, draw)


def close_drawer() -> None:
    """Close the form; what is typed stays, in the session and as a draft."""
    choose("do", None)
    choose("of", None)


def _draw(name: str, draw: Callable[[str], None]) -> None:
    if choice("do", [name], "") != name:  # it was saved, in a run of the drawer alone
        st.rerun()
    prepare_form()
    try:
        draw(unchecked("of"))
    except KviBoardError as error:
        st.error(plain(str(error)), icon="✖️")


def _say_unknown(name: str, of: str) -> None:
    raise StoreError(f"The address opens the form “{name}”, which is not here, or not for you.")
