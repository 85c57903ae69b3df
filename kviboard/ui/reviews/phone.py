"""What everybody in a meeting is asked, on a phone of their own. Nobody sees another's answer before it is revealed."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import streamlit as st

from kviboard.board.context import BoardContext
from kviboard.board.reviews.asked import Asked, asked_of
from kviboard.board.reviews.document import MeetingName, PollRecord
from kviboard.board.reviews.meeting import numbers_seen
from kviboard.board.reviews.polls import (
    LONGEST_WHY,
    LONGEST_WORD,
    guess_change,
    poll_record,
    say_confidence,
    say_why,
    unit_of,
)
from kviboard.board.reviews.sprints import slug_of
from kviboard.caching import shared_cache
from kviboard.components.markup import link, quiet, text
from kviboard.domain.formatting import CURRENCY_SIGNS, counted
from kviboard.domain.reviews.blind import CONFIDENCES, HIGHEST, LOWEST
from kviboard.domain.reviews.predictions import difference_text
from kviboard.errors import KviBoardError, StoreError
from kviboard.store import Poll, PollAnswer, Review, ReviewRecord
from kviboard.ui import served, session
from kviboard.ui.author import person
from kviboard.ui.browser_secret import browser_secret
from kviboard.ui.markdown import plain
from kviboard.ui.page import context_or_stop, draw_heading, enter, href
from kviboard.ui.reviews.presentation.rooms import ROOMS
from kviboard.ui.style import draw_html
from kviboard.ui.url_state import unchecked

TITLE = "In the meeting"
_LOOK_EVERY = "2s"
_LAST, _REFUSED, _CHANGING = "phone-poll", "phone-refused", "phone-changing"
_AWAY = "Not connected: what you typed stays here. Send it when this line is gone."
_WAYS = {"down": "▼ Down", "same": "● The same", "up": "▲ Up"}
_UNITS = {
    "percent": "percentage points",
    "score": "points",
    "customers": "customers",
    "days": "days",
    "per_1000": "per 1,000",
}
_SUCH_AS = {"currency": "such as 5,000", "customers": "such as 20"}


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


def draw_phone(page: PhonePage) -> None:
    """Draw what is asked, the answer that was given, or what was revealed."""
    with st.container(key="phone"):
        if page.poll is None or page.record is None:
            _draw_nothing(page.asked)
        else:
            shown = _shown(session.board_key(), page.newest, page.poll.id, page)
            draw_html(_head(page.record, shown))
            if page.poll.revealed_at is not None:
                _draw_revealed(page, page.poll, shown)
            elif page.own is not None and not st.session_state.get(_CHANGING):
                _draw_answered(page, page.own)
            else:
                _draw_form(page, page.poll)
        if page.poll is not None:
            draw_html(_other_meetings(page.asked, "Not your meeting? "))
        _connection()(key="phone-connection")
        refused = st.session_state.pop(_REFUSED, "")
        if refused:
            st.error(refused, icon="✖️")
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


def _draw_form(page: PhonePage, poll: Poll) -> None:
    with st.form(f"poll-{poll.id}", border=False):
        if poll.asks == "change":
            _draw_change(page, poll)
        else:
            _draw_confidence(poll)
        st.form_submit_button(
            "Send, unseen by the others", type="primary", width="stretch", on_click=_send, args=(page,)
        )


def _draw_change(page: PhonePage, poll: Poll) -> None:
    ways, sure = list(_WAYS), list(CONFIDENCES)
    st.segmented_control("It goes", ways, format_func=_WAYS.__getitem__, key=_key(poll, "way"), width="stretch")
    unit = unit_of(page.context, poll)
    currency = page.context.currency
    named = CURRENCY_SIGNS.get(currency, currency) if unit == "currency" else _UNITS.get(unit, "")
    label = f"By at least{f', in {named}' if named else ''}"
    st.text_input(label, key=_key(poll, "by"), placeholder=_SUCH_AS.get(unit, "such as 2.5"))
    st.segmented_control("How sure are you?", sure, format_func=_percent, key=_key(poll, "sure"), width="stretch")
    st.text_input("Because (if you like)", max_chars=LONGEST_WHY, key=_key(poll, "because"))


def _draw_confidence(poll: Poll) -> None:
    grades = list(range(LOWEST, HIGHEST + 1))
    label = f"{LOWEST} not at all, {HIGHEST} fully"
    st.segmented_control(label, grades, key=_key(poll, "sure"), width="stretch")
    st.text_input("One word at the end (if you like)", max_chars=LONGEST_WORD, key=_key(poll, "because"))


def _draw_answered(page: PhonePage, own: PollAnswer) -> None:
    draw_html(f'<p class="kvi-lead" role="status">✓ {text(_said(page, own))}</p>')
    draw_html(quiet("Nobody sees it before it is revealed; until then you can change it."))
    st.button("Change it", on_click=_change, key="phone-change", width="stretch")


def _draw_revealed(page: PhonePage, poll: Poll, shown: PollRecord) -> None:
    answers = counted(shown.answered, "answer")
    ends = f", from {shown.lowest_text} to {shown.highest_text}" if shown.lowest_text != shown.highest_text else ""
    middle = "on average" if shown.asks == "confidence" else "in the middle"
    draw_html(f'<p class="kvi-lead">{text(f"{shown.middle_text} {middle}{ends} ({answers})")}</p>')
    if page.own is None:
        return
    draw_html(f"<p>{text(_said(page, page.own))}</p>")
    if shown.asks == "change" and _is_farthest(page, page.own, shown):
        with st.form(f"why-{poll.id}", border=False):
            st.text_input(
                "Yours is farthest from the others: say why",
                value=page.own.because,
                max_chars=LONGEST_WHY,
                key=_key(poll, "why"),
            )
            st.form_submit_button("Show it to all", type="primary", width="stretch", on_click=_explain, args=(page,))


def _is_farthest(page: PhonePage, own: PollAnswer, shown: PollRecord) -> bool:
    mine = _change_text(page, own)
    return shown.lowest_text != shown.highest_text and mine in (shown.lowest_text, shown.highest_text)


def _said(page: PhonePage, own: PollAnswer) -> str:
    if own.change is None:
        return f"You said {own.confidence} of {HIGHEST}{f', {own.because}' if own.because else ''}."
    return f"You said {_change_text(page, own)}, {own.confidence} % sure."


def _change_text(page: PhonePage, own: PollAnswer) -> str:
    assert page.poll is not None
    change = float(own.change) if own.change is not None else None
    return difference_text(change, unit_of(page.context, page.poll), page.context.currency)


def _send(page: PhonePage) -> None:
    poll = page.poll
    assert poll is not None

    def save() -> None:
        way, by, sure, because = (st.session_state.get(_key(poll, name)) for name in ("way", "by", "sure", "because"))
        if poll.asks == "change":
            guess_change(page.context, poll, way or "", by or "", sure, because or "", page.secret, _who())
        else:
            say_confidence(page.context, poll, sure, because or "", page.secret, _who())
        st.session_state[_CHANGING] = False

    _try(page, save)


def _explain(page: PhonePage) -> None:
    poll = page.poll
    assert poll is not None
    why = str(st.session_state.get(_key(poll, "why")) or "")
    _try(page, lambda: say_why(page.context, poll, why, page.secret))


def _try(page: PhonePage, save: Callable[[], None]) -> None:
    """Save, and let the big screen know; or say what is missing, with everything typed still there."""
    try:
        save()
    except StoreError as error:
        st.session_state[_REFUSED] = "\n\n".join(plain(str(each)) for each in error.problems or (error,))
        return
    except KviBoardError as error:
        st.session_state[_REFUSED] = plain(str(error))
        return
    if page.poll is not None:
        ROOMS.tell(f"{page.poll.review_id}-{page.act}")


def _change() -> None:
    st.session_state[_CHANGING] = True


def _who() -> str:
    """The name to keep beside an answer: of whoever signed in; what people say they are called is not asked."""
    return person() if served.workspace().sign_in.is_on else ""


def _key(poll: Poll, field: str) -> str:
    return f"poll-{poll.id}-{field}"


def _percent(value: int) -> str:
    return f"{value} %"


@cache
def _connection():  # type: ignore[no-untyped-def]  # Streamlit's component type is private
    """A line that is seen while the phone has no connection, which no server can say; keeps what is typed."""
    script = Path(__file__).with_name("phone.js").read_text(encoding="utf-8")
    line = f'<p class="phone-away" role="status" hidden>◌ {_AWAY}</p>'
    return st.components.v2.component("kvi_phone_connection", html=line, js=script, isolate_styles=False)


@st.fragment(run_every=_LOOK_EVERY)
def _look(shown: int, secret: str) -> None:
    """Draw the page again as soon as something else is asked or revealed; the big screen counts who looks."""
    ROOMS.phone(secret)
    session.run_again_if_changed(shown)
