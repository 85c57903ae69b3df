"""Opens the sprint review's page: which sprint, its review and stage. What is shown of it belongs to other modules."""

from dataclasses import dataclass, replace
from datetime import date
from zoneinfo import ZoneInfo

import streamlit as st

from kviboard.board.board import Board
from kviboard.board.context import BoardContext
from kviboard.board.okrs.quarter import read_quarter
from kviboard.board.reviews.document import MeetingName
from kviboard.board.reviews.meeting import MEETING
from kviboard.board.reviews.sprints import ReviewedSprint, current_sprint, reviewed_sprints
from kviboard.domain.reviews.predictions import Stage
from kviboard.errors import StoreError
from kviboard.store import Author, ReviewRecord
from kviboard.ui.author import author
from kviboard.ui.page import (
    context_or_stop,
    draw_heading,
    enter,
    state_of,
    stop_with,
    warn,
    warn_of_gone,
    warn_of_problems,
    warn_of_refused_form,
)
from kviboard.ui.url_state import asked_in_vain, choice, choose, close_choices, widget_key

TITLE = "Sprint review"
QUESTION = "Open the sprint with a prediction, close it with what came of it"
VIEWS = {"sprint": "Sprint", "history": "History", "decisions": "Decisions"}
_MEETINGS: dict[str, MeetingName] = {"opening": "opening", "closing": "closing"}
_CHOICES = ("sprint", "view", "present", "do", "of")


@dataclass(frozen=True)
class ReviewPage:
    """An open page: the sprint chosen, and its review as it is in the store, if one was begun."""

    context: BoardContext
    sprints: tuple[ReviewedSprint, ...]
    chosen: ReviewedSprint
    record: ReviewRecord | None
    view: str
    presenting: MeetingName | None
    newest: int  # the store's latest entry when it was read: what is later is not shown yet

    @property
    def zone(self) -> ZoneInfo:
        """The company's time zone: times are those of its clocks."""
        return self.context.board.workspace.company.zone

    @property
    def act(self) -> MeetingName:
        """The act that comes next, or came last."""
        return "opening" if self.chosen.stage in (Stage.NOT_BEGUN, Stage.PREPARED) else "closing"


def open_review() -> ReviewPage:
    """Open the page; stops with a sentence and a next step where there is no data, no sprint or no store."""
    enter(TITLE)
    context = context_or_stop(TITLE)
    board = context.board
    try:
        newest = context.store.history.newest()
        sprints = tuple(reviewed_sprints(board, context.store))
        chosen = _chosen(sprints, board)
        record = context.store.reviews.whole(chosen.review.id) if chosen.review else None
    except StoreError as error:
        stop_with(TITLE, str(error), "Fix it and reload this page; see `[store]` in `kviboard.toml`.")
    if asked_in_vain().get("sprint"):  # the meeting of another sprint than the one in the address; links lead to this
        choose("present", None)
        choose("sprint", None)
    presenting = _presenting(record)
    view = "sprint"
    if not presenting:
        draw_heading(TITLE, QUESTION, state_of(board))
        view = _draw_choices(sprints, chosen, board.today)
    close_choices(_CHOICES)
    if not presenting:
        for gone in asked_in_vain().get("sprint", ()):
            warn(f"“{gone}” is no sprint of this company. This is {chosen.title}.")
        warn_of_gone(view="view", present="meeting")
        if asked := choice("present", list(_MEETINGS), ""):
            begun = "prepared" if asked == "opening" or record is None else "opened"
            warn(f"The address shows the {asked} of {chosen.title}, which is not {begun} yet. This is its page.")
        warn_of_refused_form()
        warn_of_problems(board)
    return ReviewPage(context, sprints, chosen, record, view, presenting, newest)


def page_of(context: BoardContext) -> ReviewPage | None:
    """The page as it opens without any choice; None where the company has no sprints."""
    newest = context.store.history.newest()
    sprints = tuple(reviewed_sprints(context.board, context.store))
    chosen = current_sprint(list(sprints), context.board.today)
    if chosen is None:
        return None
    record = context.store.reviews.whole(chosen.review.id) if chosen.review else None
    return ReviewPage(context, sprints, chosen, record, "sprint", None, newest)


def now_author() -> Author:
    """Who is at the keyboard, now."""
    found = author()
    return found if found.by else replace(found, by=MEETING)


def key_results_to_choose(page: ReviewPage) -> dict[int, str]:
    """The key results that a sprint's goal can be linked to, by number, each with its team."""
    quarter = read_quarter(page.context)
    return {
        part.record.id: f"{part.record.title} · {view.team}" for view in quarter.objectives for part in view.key_results
    }


def _presenting(record: ReviewRecord | None) -> MeetingName | None:
    """The act that the address presents, if it can be: an opening needs a review, a closing its opening's numbers."""
    act = _MEETINGS.get(choice("present", list(_MEETINGS), ""))
    if record is None or (act == "closing" and record.opening is None and record.closing is None):
        return None
    return act


def _chosen(sprints: tuple[ReviewedSprint, ...], board: Board) -> ReviewedSprint:
    default = current_sprint(list(sprints), board.today)
    if default is None:
        warn_of_problems(board)
        step = (
            "Name the first day and the length of your sprints in `[sprints]` of `kviboard.toml` and reload this page, "
            "or upload them as an export: name, first day and last day of each."
        )
        stop_with(TITLE, "This company has no sprints yet.", step)
    slug = choice("sprint", [each.slug for each in sprints], default.slug)
    return next(each for each in sprints if each.slug == slug)


def _draw_choices(sprints: tuple[ReviewedSprint, ...], chosen: ReviewedSprint, today: date) -> str:
    """The sprint and what to see of it."""
    default = current_sprint(list(sprints), today)
    named = {each.slug: f"{each.title} · {each.days_text} · {each.stage}" for each in sprints}
    with st.container(horizontal=True, vertical_alignment="center", key="review-choices"):
        st.selectbox(
            "Sprint",
            list(named),
            format_func=named.__getitem__,
            width=420,
            label_visibility="collapsed",
            **widget_key("sprint", chosen.slug, default.slug if default else None),
        )
        view = choice("view", list(VIEWS), "sprint")
        st.segmented_control(
            "View",
            list(VIEWS),
            format_func=VIEWS.__getitem__,
            required=True,
            label_visibility="collapsed",
            **widget_key("view", view, "sprint"),
        )
    return view
