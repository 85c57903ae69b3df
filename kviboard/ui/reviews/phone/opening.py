"""What the page shows: the poll that is asked or was asked last, and what this browser answered."""

from dataclasses import dataclass

import streamlit as st

from kviboard.board.context import BoardContext
from kviboard.board.reviews.asked import Asked, asked_of
from kviboard.board.reviews.document import MeetingName
from kviboard.store import Poll, PollAnswer, ReviewRecord
from kviboard.ui.browser_secret import browser_secret
from kviboard.ui.page import context_or_stop, draw_heading, enter
from kviboard.ui.url_state import unchecked

TITLE = "In the meeting"
_LAST = "phone-poll"


@dataclass(frozen=True)
class PhonePage:
    """An open page: the poll that is asked, or the one that was asked last, and what this browser answered."""

    context: BoardContext
    asked: Asked
    record: ReviewRecord | None
    own: PollAnswer | None
    secret: str
    newest: int

    @property
    def poll(self) -> Poll | None:
        return self.asked.poll

    @property
    def act(self) -> MeetingName:
        return "opening" if self.poll is not None and self.poll.asks == "change" else "closing"


def open_phone() -> PhonePage:
    """Open the page; stops with a sentence where the board cannot be used."""
    enter(TITLE)
    context = context_or_stop(TITLE)
    secret = browser_secret()
    store = context.store
    newest = store.history.newest()
    asked = asked_of(store, unchecked("sprint"), st.session_state.get(_LAST))
    poll = asked.poll
    if poll is not None:
        st.session_state[_LAST] = poll.id
    draw_heading(TITLE, context.board.workspace.company.name, "")
    record = store.reviews.whole(poll.review_id) if poll else None
    own = store.polls.own(poll.id, secret) if poll else None
    return PhonePage(context, asked, record, own, secret, newest)
