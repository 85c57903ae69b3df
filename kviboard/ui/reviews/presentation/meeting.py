"""Presentation mode: the steps of a review on the big screen, and what is typed there.

The browser has all steps and moves between them alone (`meeting.js`). Here they are made, saved what is said, and
looked every moment whether somebody else has said something. Who is at which step goes through `rooms`.
"""

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

from kviboard.board.age import NO_EXPORT, reach_text
from kviboard.board.kvis.looks import IN_REVIEW
from kviboard.board.reviews.document import MeetingName, ReviewDocument
from kviboard.board.reviews.history import frozen_when
from kviboard.board.reviews.meeting import document_of, meeting_is_over
from kviboard.documents.blocks import Paragraph, Step
from kviboard.documents.html.blocks import style_of_blocks
from kviboard.documents.review.story import review_story, without_unasked
from kviboard.domain.formatting import format_day
from kviboard.errors import KviBoardError, StoreError
from kviboard.store import Author, ReviewRecord
from kviboard.ui import served, session
from kviboard.ui.access import lasting_right, may, visitor
from kviboard.ui.author import person
from kviboard.ui.looking import note_looking
from kviboard.ui.page import href
from kviboard.ui.reviews.page import ReviewPage, now_author
from kviboard.ui.reviews.presentation.forms import FORMS, MeetingContext, form_fields
from kviboard.ui.reviews.presentation.rooms import ROOMS, ROUTE
from kviboard.ui.reviews.presentation.seats import Seat
from kviboard.ui.reviews.steps import step_on_screen

LOOK_EVERY = "4s"  # for what was said elsewhere; what is said in the meeting is heard of at once
ROWS = 8  # of a table on one step
_ANSWERS, _MOST_ANSWERS, _SEATS = "meeting-answers", 50, "meeting-seats"


def draw_meeting(page: ReviewPage, record: ReviewRecord, act: MeetingName) -> None:
    """Draw the meeting over everything else on the page."""
    document = document_of(page.context, record, act, now_author() if may("write") else None)
    story = review_story(document, page.context.board.workspace.review.minutes(act), ROWS)
    steps = story.steps
    if meeting_is_over(record, act):
        steps = without_unasked(story).steps
        done = Paragraph(frozen_when(record, act, page.zone), "lead")
        steps = (*steps[:-1], replace(steps[-1], asks="", blocks=(*steps[-1].blocks, done)))
    else:
        large = [kvi.name for kvi in document.kvis if any(step.name == f"kvi-{kvi.name}" for step in steps)]
        note_looking(page.context.board, large, IN_REVIEW)
    answers = st.session_state.setdefault(_ANSWERS, {})
    meeting = MeetingContext(page, record, act)
    data = {
        "meeting": meeting.name,
        "act": act,
        "title": page.chosen.title,
        "state": _state(page, document, meeting_is_over(record, act)),
        "steps": [_as_data(step) for step in steps],
        "remarks": [{"about": each.about, "text": each.text, "by": each.by} for each in document.remarks],
        "forms": form_fields(meeting, steps),
        "answers": answers,
        "person": person(),
        "is_proven": served.workspace().sign_in.is_on,
        "frozen": meeting_is_over(record, act),
        "leave": href("review", present=""),
        "ready": "api/ready",
        "room": ROUTE.strip("/"),
        "seat": _seat(meeting),
    }
    st.html(f"<style>{style_of_blocks()}</style>")
    heard = {"on_said_change": lambda: _hear(meeting), "on_looked_change": lambda: None}  # a look is the run itself
    _component()(key="meeting", data=data, **heard)
    _look(page.newest, _rights())


def _seat(meeting: MeetingContext) -> str:
    """The visitor's seat in the meeting's room; empty for a record that is read when nobody holds its meeting."""
    if meeting_is_over(meeting.record, meeting.act) and not ROOMS.is_held(meeting.name):
        return ""
    proven = person() if served.workspace().sign_in.is_on else ""
    seats: dict[Seat, str] = st.session_state.setdefault(_SEATS, {})
    seat = Seat(meeting.name, proven, lasting_right("review"))
    seats[seat] = ROOMS.seat(seat, seats.get(seat, ""))
    return seats[seat]


def _as_data(step: Step) -> dict[str, Any]:
    return {"name": step.name, "html": step_on_screen(step), "asks": step.asks, "minutes": step.minutes}


def _state(page: ReviewPage, document: ReviewDocument, is_over: bool) -> str:
    """The act and how far its data reaches; how old that is, while the meeting is held."""
    act = "Opening" if document.act == "opening" else "Closing"
    last_day = document.reached
    if last_day is None:
        reach = NO_EXPORT
    else:
        reach = f"data to {format_day(last_day)}" if is_over else reach_text(page.context.board, last_day)
    return f"{act} · {reach} · the same numbers for the whole meeting"


def _hear(meeting: MeetingContext) -> None:
    """Save what was typed; the answer goes back with the next drawing, under the key of the click."""
    message = st.session_state["meeting"].said
    if not message or not isinstance(message, Mapping):
        return
    answers: dict[str, Any] = st.session_state[_ANSWERS]
    while len(answers) >= _MOST_ANSWERS:
        answers.pop(next(iter(answers)))
    save = FORMS.get(str(message.get("asks")))
    key, step, values = str(message.get("once", "")), str(message.get("step", "")), message.get("values")
    # whoever signed in has that name only
    said = person() if served.workspace().sign_in.is_on else str(message.get("by", ""))
    author = Author(" ".join(said.split()), served.workspace().company.now(), key, visitor().subject)
    try:
        if save is None or not (author.by and key and isinstance(values, Mapping)):
            raise StoreError("Not saved: reload the page and try again.")
        answers[key] = {"ok": True, "text": save(meeting, step, values, author)}
        ROOMS.tell(meeting.name)
    except StoreError as error:
        words = " ".join(map(str, error.problems)) if error.problems else str(error)
        answers[key] = {"ok": False, "text": words}
    except KviBoardError as error:
        answers[key] = {"ok": False, "text": str(error)}


def _rights() -> tuple[bool, bool]:
    """What the forms of a meeting hang on."""
    return may("write"), may("review")


@st.fragment(run_every=LOOK_EVERY)
def _look(shown: int, rights: tuple[bool, bool]) -> None:
    """Draw the meeting again as soon as anybody has saved something, or the visitor's rights are others: a form that
    was taken away comes back with the right."""
    if _rights() != rights:
        st.rerun()
    session.run_again_if_changed(shown)


@cache
def _component():  # type: ignore[no-untyped-def]  # Streamlit's component type is private
    script = Path(__file__).with_name("meeting.js").read_text(encoding="utf-8")
    return st.components.v2.component(
        "kvi_meeting", html='<div class="meeting"></div>', js=script, isolate_styles=False
    )
