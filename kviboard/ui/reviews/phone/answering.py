"""Answering on a phone: the form, what was sent, and what the others said once it is revealed."""

from collections.abc import Callable

import streamlit as st

from kviboard.board.reviews.document import PollRecord
from kviboard.board.reviews.polls import (
    LONGEST_WHY,
    LONGEST_WORD,
    guess_change,
    say_confidence,
    say_why,
    unit_of,
)
from kviboard.components.markup import quiet, text
from kviboard.domain.formatting import CURRENCY_SIGNS, counted
from kviboard.domain.reviews.blind import CONFIDENCES, HIGHEST, LOWEST
from kviboard.domain.reviews.predictions import difference_text
from kviboard.errors import KviBoardError, StoreError
from kviboard.store import Poll, PollAnswer
from kviboard.ui import served
from kviboard.ui.author import person
from kviboard.ui.markdown import plain
from kviboard.ui.reviews.phone.opening import PhonePage
from kviboard.ui.reviews.presentation.rooms import ROOMS
from kviboard.ui.style import draw_html

_REFUSED, _CHANGING = "phone-refused", "phone-changing"
_WAYS = {"down": "▼ Down", "same": "● The same", "up": "▲ Up"}
_UNITS = {
    "percent": "percentage points",
    "score": "points",
    "customers": "customers",
    "days": "days",
    "per_1000": "per 1,000",
}


def draw_answer(page: PhonePage, poll: Poll, shown: PollRecord) -> None:
    """Draw the form, what this browser answered, or what all answered once that is revealed."""
    if poll.revealed_at is not None:
        _draw_revealed(page, poll, shown)
    elif page.own is not None and not st.session_state.get(_CHANGING):
        _draw_answered(page, page.own)
    else:
        _draw_form(page, poll)


def draw_refusal() -> None:
    """Say once what is wrong with what was sent."""
    if refused := st.session_state.pop(_REFUSED, ""):
        st.error(refused, icon="✖️")


def _draw_form(page: PhonePage, poll: Poll) -> None:
    with st.form(f"poll-{poll.id}", border=False):
        if poll.asks == "change":
            _draw_change(page, poll)
        else:
            _draw_confidence(poll)
        draw_refusal()  # where the finger is: below the button it would be out of sight
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
    st.text_input(label, key=_key(poll, "by"), placeholder="a number")  # an example would be an anchor
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
