"""Opens My page: whose it is. The address names another person; without one it is the visitor's own."""

from dataclasses import dataclass

import streamlit as st

from kviboard.board.context import BoardContext
from kviboard.domain.people import each_once, same_person
from kviboard.errors import StoreError
from kviboard.ui import known
from kviboard.ui.author import all_names, person
from kviboard.ui.forms.browser import prepare_form
from kviboard.ui.page import context_or_stop, draw_heading, enter, page_top, state_of, stop_with, warn_of_problems
from kviboard.ui.person import draw_name
from kviboard.ui.served import workspace
from kviboard.ui.url_state import arrives_at, choose, close_choices, unchecked, widget_key

TITLE = "My page"
QUESTION = "What waits for me, what do others say to me, what do I answer for?"


@dataclass(frozen=True)
class MyPage:
    """An open page: whose it is, with all names they go or went by, and everybody known by name."""

    context: BoardContext
    name: str
    names: tuple[str, ...]
    people: tuple[str, ...]

    @property
    def is_own(self) -> bool:
        return same_person(person(), *self.names)


def open_my_page() -> MyPage:
    """Open the page; stops with the way on where nobody is named, or there is no store."""
    arrives = arrives_at(TITLE)
    enter(TITLE)
    if arrives and "person" not in st.query_params:
        choose("person", None)  # somebody else's page is open only while its address says so
    context = context_or_stop(TITLE)
    try:
        people = known.people()
    except StoreError as error:
        stop_with(TITLE, str(error), "Fix it and reload this page; see `[store]` in `kviboard.toml`.")
    asked = " ".join(unchecked("person").split())
    name = next((each for each in people if same_person(each, asked)), asked) or person()
    with page_top():
        draw_heading(TITLE, QUESTION, state_of(context.board))
        _draw_choice(name, each_once([*people, person(), name]))
    close_choices(["person"])
    warn_of_problems(context.board)
    prepare_form()  # it keeps the name that is typed here
    if not name:
        _draw_nobody()
        st.stop()
    return MyPage(context, name, all_names(name), people)


def _draw_choice(name: str, people: list[str]) -> None:
    own = next((each for each in people if same_person(each, person())), None)
    shown = next((each for each in people if same_person(each, name)), None)
    st.selectbox(
        "Whose page",
        people,
        placeholder="Choose a person",
        width=280,
        label_visibility="collapsed",
        **widget_key("person", shown, own),
    )


def _draw_nobody() -> None:
    """What there is to do before anybody is named."""
    st.info("Nobody is named yet: choose a person above, or say who you are.", icon="ℹ️")
    if not workspace().sign_in.is_on:
        draw_name()
