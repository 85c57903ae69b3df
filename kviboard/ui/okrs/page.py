"""Opens the OKRs page: the cycle, the filters and what is on it. Cards, story and forms are drawn by modules of their
own; the page places them.
"""

from collections import Counter
from dataclasses import dataclass

import streamlit as st

from kviboard.board.context import BoardContext
from kviboard.board.okrs.quarter import narrowed, read_quarter, statuses_of
from kviboard.board.okrs.views import Quarter
from kviboard.components.statuses import ICONS
from kviboard.domain.okrs.status import Status
from kviboard.errors import StoreError
from kviboard.ui.forms.saving import number
from kviboard.ui.okrs.links import form_link, slug, slugs
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
from kviboard.ui.url_state import choice, choose, chosen_values, close_choices, unchecked, widget_key

TITLE = "OKRs"
QUESTION = "The quarter on one page: what changes for customers, how far it has come, what to do now"
VIEWS = {"quarter": "Quarter", "alignment": "Alignment"}
FILTERS = ("cycle", "team", "status", "view", "sheet")
_FORM = ("do", "of")  # the open form and what it is about


@dataclass(frozen=True)
class OkrPage:
    """An open page: the whole quarter, what the filters leave of it, and the objective whose story is open."""

    context: BoardContext
    quarter: Quarter
    shown: Quarter
    view: str
    objective_id: int | None


def open_okrs() -> OkrPage:
    """Open the page; stops with a sentence and a next step where there is no data or no store."""
    enter(TITLE)
    context = context_or_stop(TITLE)
    board = context.board
    try:
        quarter, objective_id = _chosen_quarter(context)
    except StoreError as error:
        stop_with(TITLE, str(error), "Fix it and reload this page; see `[store]` in `kviboard.toml`.")
    draw_heading(TITLE, QUESTION, state_of(board))
    view = choice("view", list(VIEWS), "quarter")
    shown = quarter if objective_id is not None else _filtered(quarter, view)
    gone = unchecked("objective") if objective_id is None else ""
    if gone:
        choose("objective", None)  # no link shall keep it
    close_choices([*FILTERS, "objective", *_FORM])
    warn_of_gone(cycle="cycle", team="team", status="status", view="view")
    if gone:
        warn(f"There is no objective “{gone}” here: the address is wrong or another board's. This is the quarter.")
    warn_of_refused_form()
    warn_of_problems(board)
    return OkrPage(context, quarter, shown, view, objective_id)


def _chosen_quarter(context: BoardContext) -> tuple[Quarter, int | None]:
    """The cycle in the address and the objective in it; an objective of another cycle brings its cycle along."""
    running = read_quarter(context)
    if running.cycle is None:
        return running, None
    default = str(running.cycle.id)
    wanted = choice("cycle", [str(cycle.id) for cycle in running.cycles], default)
    choose("cycle", wanted, default)  # the running one is no choice: a link shall not freeze it
    quarter = running if wanted == default else read_quarter(context, int(wanted))
    try:
        named = number(unchecked("objective"))
    except StoreError:
        return quarter, None
    if quarter.objective(named) is None:
        its = _quarter_of(context, named)
        if its is None:
            return quarter, None
        quarter = its
        is_offered = any(each == quarter.cycle for each in quarter.cycles)  # one that left with an import is not
        choose("cycle", str(quarter.cycle.id) if quarter.cycle and is_offered else None, default)
    return quarter, named


def _quarter_of(context: BoardContext, objective_id: int) -> Quarter | None:
    try:
        return read_quarter(context, context.store.objectives.get(objective_id).cycle_id)
    except StoreError:
        return None


def _filtered(quarter: Quarter, view: str) -> Quarter:
    """Draw the bar of choices and leave what they leave. The story of one objective has none of it."""
    if quarter.cycle is None:
        return quarter
    with st.container(horizontal=True, vertical_alignment="center", key="okr-filters"):
        _draw_cycles(quarter)
        st.segmented_control(
            "View",
            list(VIEWS),
            format_func=VIEWS.__getitem__,
            required=True,
            label_visibility="collapsed",
            **widget_key("view", view, "quarter"),
        )
        teams = _draw_teams(quarter)
        statuses = _draw_statuses(narrowed(quarter, teams))
        ways = [form_link("New objective", "add_objective"), form_link("New cycle", "add_cycle")]
        ways.append(form_link("Edit cycle", "edit_cycle", quarter.cycle.id, quarter.cycle.name))
        st.markdown(f'<p class="okr-links">{" · ".join(ways)}</p>', unsafe_allow_html=True)
    return narrowed(quarter, teams, statuses)


def _draw_cycles(quarter: Quarter) -> None:
    assert quarter.cycle is not None
    names = {str(cycle.id): cycle.name for cycle in quarter.cycles}
    running = next((c for c in quarter.cycles if c.starts_on <= quarter.clock_day <= c.ends_on), quarter.cycles[0])
    st.selectbox(
        "Cycle",
        list(names),
        format_func=names.__getitem__,
        width=150,
        label_visibility="collapsed",
        **widget_key("cycle", str(quarter.cycle.id), str(running.id)),
    )


def _draw_teams(quarter: Quarter) -> list[str]:
    names = slugs(quarter.teams)
    chosen = chosen_values("team", list(names))
    st.multiselect(
        "Teams",
        list(names),
        format_func=names.__getitem__,
        placeholder="All teams",
        select_all=False,  # it would be the first choice
        width=240,
        label_visibility="collapsed",
        **widget_key("team", chosen),
    )
    return [names[name] for name in chosen]


def _draw_statuses(quarter: Quarter) -> list[Status]:
    """The statuses that occur, each with the number of objectives that it or a key result of theirs leaves."""
    counts = Counter(status for view in quarter.objectives for status in statuses_of(view))
    names = {slug(status): status for status in Status}
    chosen = chosen_values("status", list(names))
    offered = [name for name, status in names.items() if counts[status] or name in chosen]
    if not offered:
        return []
    st.markdown('<span class="okr-notes" aria-hidden="true">Objectives with</span>', unsafe_allow_html=True)
    st.pills(
        "Objectives with this status, or with a key result of it",
        offered,
        selection_mode="multi",
        format_func=lambda name: f"{ICONS[names[name]]} {names[name]} {counts[names[name]]}",
        label_visibility="collapsed",
        wrap=True,
        **widget_key("status", chosen),
    )
    return [names[name] for name in chosen]
