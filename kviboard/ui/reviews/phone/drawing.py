"""Draws what is asked, the answer that was given, or what was revealed, and looks for what is asked next."""

from functools import cache
from pathlib import Path

import streamlit as st

from kviboard.board.reviews.asked import Asked
from kviboard.board.reviews.document import PollRecord
from kviboard.board.reviews.meeting import numbers_seen
from kviboard.board.reviews.polls import poll_record
from kviboard.board.reviews.sprints import slug_of
from kviboard.caching import shared_cache
from kviboard.components.markup import link, quiet, text
from kviboard.store import Review, ReviewRecord
from kviboard.ui import session
from kviboard.ui.page import href
from kviboard.ui.reviews.phone.answering import draw_answer, draw_refusal
from kviboard.ui.reviews.phone.opening import PhonePage
from kviboard.ui.reviews.presentation.rooms import ROOMS
from kviboard.ui.style import draw_html

_LOOK_EVERY = "2s"
_AWAY = "Not connected: what you typed stays here. Send it when this line is gone."


def draw_phone(page: PhonePage) -> None:
    """Draw what is asked, the answer that was given, or what was revealed."""
    with st.container(key="phone"):
        if page.poll is None or page.record is None:
            _draw_nothing(page.asked)
        else:
            shown = _shown(session.board_key(), page.newest, page.poll.id, page)
            draw_html(_head(page.record, shown))
            draw_answer(page, page.poll, shown)
        if page.poll is not None:
            draw_html(_other_meetings(page.asked, "Not your meeting? "))
        _connection()(key="phone-connection")
        draw_refusal()
    _look(page.newest, page.secret)


@shared_cache(most=20, by=3)
def _shown(key: session.Key, newest: int, poll_id: int, page: PhonePage) -> PollRecord:
    assert page.poll is not None
    assert page.record is not None
    return poll_record(page.context, numbers_seen(page.context, page.record, page.act), page.poll)


def _draw_nothing(asked: Asked) -> None:
    if asked.own is None and asked.others:
        draw_html(f'<p class="kvi-lead">{text("Several meetings ask something: which one are you in?")}</p>')
        draw_html(_other_meetings(asked, ""))
        return
    if asked.own is not None:
        draw_html(quiet(_title(asked.own)))
    draw_html(quiet("Nothing is asked at the moment. Keep this page open: it changes by itself."))
    draw_html(_other_meetings(asked, "Not your meeting? "))


def _other_meetings(asked: Asked, before: str) -> str:
    """Links to what other meetings ask; empty where none does."""
    links = (link(_title(each), href("meeting", sprint=slug_of(each.team, each.sprint))) for each in asked.others)
    found = " · ".join(links)
    return f'<p class="phone-others">{text(before)}{found}</p>' if found else ""


def _title(review: Review) -> str:
    """ "Sprint 39" or "Payments · Sprint 39"."""
    return " · ".join(part for part in (review.team, review.sprint) if part)


def _head(record: ReviewRecord, shown: PollRecord) -> str:
    meeting = quiet(_title(record.review))
    asked = f"By how much does it change until {record.review.sprint} ends?" if shown.asks == "change" else ""
    facts = "".join(f"<p>{text(fact)}</p>" for fact in (asked, shown.now_text, shown.usual_text) if fact)
    return f'<section class="phone-asked">{meeting}<h2>{text(shown.title)}</h2>{facts}</section>'


@cache
def _connection():  # type: ignore[no-untyped-def]  # Streamlit's component type is private
    """A line that is seen while the phone has no connection, which no server can say; keeps what is typed."""
    script = Path(__file__).with_name("connection.js").read_text(encoding="utf-8")
    line = f'<p class="phone-away" role="status" hidden>◌ {_AWAY}</p>'
    return st.components.v2.component("kvi_phone_connection", html=line, js=script, isolate_styles=False)


@st.fragment(run_every=_LOOK_EVERY)
def _look(shown: int, secret: str) -> None:
    """Draw the page again as soon as something else is asked or revealed; the big screen counts who looks."""
    ROOMS.phone(secret)
    session.run_again_if_changed(shown)
