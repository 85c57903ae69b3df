"""The ten questions for whoever answers them, on a phone in two minutes. Nothing here asks or keeps who that is."""

from typing import Any

import streamlit as st

from kviboard.board.outside_in.rounds import LONGEST_COMMENT, give_answer
from kviboard.components.markup import quiet, text
from kviboard.domain.formatting import format_day
from kviboard.domain.outside_in.check import GROUPS, HIGHEST, LOWEST, QUESTIONS
from kviboard.errors import StoreError
from kviboard.store import CheckRound
from kviboard.ui.browser_secret import browser_secret
from kviboard.ui.markdown import plain
from kviboard.ui.outside_in.page import OutsideInPage
from kviboard.ui.style import draw_html

_DONE, _REFUSED = "check-answered", "check-refused"
_GRADES = [*range(LOWEST, HIGHEST + 1), 0]


def draw_answering(page: OutsideInPage) -> None:
    """The form of the round that the address names, or why it cannot be answered."""
    asked = next((each for each in page.rounds if str(each.id) == page.answering), None)
    if asked is None:
        draw_html(quiet("There is no such round. Ask for the link again."))
    elif st.session_state.get(_DONE) == asked.id:
        draw_html(
            '<p class="kvi-lead" role="status">✓ Thank you. Your answer is in, and nobody can tell it is yours.</p>'
        )
    elif asked.closes_on < page.context.board.workspace.company.today():
        draw_html(quiet(f"The round “{asked.name}” closed on {format_day(asked.closes_on)}."))
    else:
        _draw_questions(page, asked)


def _draw_questions(page: OutsideInPage, asked: CheckRound) -> None:
    draw_html(
        f"<p>{text(asked.name)}: ten sentences about us. How true is each, from 1 (not at all) to 5 (fully)? "
        "It takes two minutes. No name, no address and no time is kept; results are shown once nobody can answer any "
        "more, from five answers on.</p>"
    )
    token = browser_secret()
    with st.form(f"check-{asked.id}", border=False):
        for place, (name, question) in enumerate(QUESTIONS.items(), 1):
            label = f"{place}. {plain(question)}"
            st.segmented_control(label, _GRADES, format_func=_grade, key=_key(asked, name))
        groups = list(GROUPS)
        st.segmented_control("I am (if you like)", groups, format_func=GROUPS.__getitem__, key=_key(asked, "group"))
        label = "What would change most for customers? (if you like)"
        st.text_area(label, max_chars=LONGEST_COMMENT, key=_key(asked, "comment"))
        st.form_submit_button("Send", type="primary", on_click=_send, args=(page, asked, token))
    refused = st.session_state.pop(_REFUSED, "")
    if refused:
        st.error(refused, icon="✖️")


def _key(asked: CheckRound, field: str) -> str:
    return f"check-{asked.id}-{field}"


def _send(page: OutsideInPage, asked: CheckRound, token: str) -> None:
    typed: dict[str, Any] = {n: st.session_state.get(_key(asked, n)) for n in (*QUESTIONS, "group", "comment")}
    grades = {name: typed[name] for name in QUESTIONS if typed[name]}
    try:
        is_new = give_answer(page.context, asked.id, grades, typed["group"], typed["comment"] or "", token)
    except StoreError as error:
        st.session_state[_REFUSED] = "\n\n".join(plain(str(each)) for each in error.problems or (error,))
        return
    if is_new:
        st.session_state[_DONE] = asked.id
    else:
        st.session_state[_REFUSED] = "This browser has answered this round already; the first answer counts."


def _grade(value: int) -> str:
    return str(value) if value else "Cannot say"
