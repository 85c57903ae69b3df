"""The quarter: what must be done, then every objective by team. Large quarters come a sheet at a time."""

from decimal import ROUND_HALF_UP, Decimal
from itertools import groupby

import streamlit as st

from kviboard.board.okrs.quarter import as_cycle
from kviboard.board.okrs.views import ObjectiveView, Quarter
from kviboard.components.markup import link, quiet, text
from kviboard.domain.formatting import counted, format_day
from kviboard.domain.okrs.lifecycle import State
from kviboard.domain.okrs.status import Status, gone_text, rule_text
from kviboard.ui.author import all_names, person
from kviboard.ui.okrs.cards import objective_card
from kviboard.ui.okrs.links import links
from kviboard.ui.okrs.page import OkrPage
from kviboard.ui.okrs.todo import todo_list
from kviboard.ui.page import href
from kviboard.ui.style import draw_section
from kviboard.ui.url_state import choice

SHEET = 20  # objectives drawn at once


def draw_quarter(page: OkrPage) -> None:
    """Draw what must be done and the objectives that the filters leave."""
    if page.quarter.cycle is None:
        begin = quiet("There is no cycle yet: a quarter in which objectives live.") + links(("Begin one", "add_cycle"))
        st.markdown(begin, unsafe_allow_html=True)
        return
    if all(view.state == State.CLOSED for view in page.quarter.objectives):
        draw_section(
            "How it went" if page.quarter.objectives else page.quarter.cycle.name, _time(page.quarter), _went(page)
        )
    else:
        draw_section(
            "Needs attention",
            _time(page.quarter),
            todo_list(page.quarter, page.shown.todos, all_names(person())),
            otherwise="Nothing waits: every key result is looked after, owned and on its way.",
        )
    _draw_objectives(page)
    if any(view.state == State.ACTIVE for view in page.shown.objectives):
        st.markdown(f'<p><span class="okr-notes">{text(rule_text())}</span></p>', unsafe_allow_html=True)


def _went(page: OkrPage) -> str:
    """A closed quarter in a line: how many were achieved, and the mean of the grades, halves rounded up."""
    views = page.shown.objectives
    grades = [view.record.grade for view in views if view.record.grade is not None]
    if not grades:
        return ""
    achieved = sum(view.status == Status.ACHIEVED for view in views)
    mean = f"{(sum(grades, Decimal()) / len(grades)).quantize(Decimal('0.01'), ROUND_HALF_UP)} on average"
    return f'<p class="okr-went"><b>{achieved} of {len(views)}</b> achieved · graded <b>{text(mean)}</b></p>'


def _time(quarter: Quarter) -> str:
    """How much of the cycle is over today, and the day of the data, by which KVIs are judged, where it is another."""
    cycle = quarter.cycle
    assert cycle is not None
    left = (cycle.ends_on - quarter.clock_day).days
    if quarter.clock_day < cycle.starts_on:
        return f"{cycle.name} starts on {format_day(cycle.starts_on)}"
    if left <= 0:
        return f"{cycle.name} ended on {format_day(cycle.ends_on)}"
    gone = gone_text(as_cycle(cycle), quarter.elapsed)
    stands = f"{gone[:1].upper()}{gone[1:]} on {format_day(quarter.clock_day)}; {counted(left, 'day')} left"
    measured = any(part.record.kvi for view in quarter.objectives for part in view.key_results)
    lags = measured and quarter.today < quarter.clock_day
    return f"{stands}. KVIs are judged by {format_day(quarter.today)}, the last day of the data" if lags else stands


def _draw_objectives(page: OkrPage) -> None:
    views = sorted(page.shown.objectives, key=lambda view: page.quarter.teams.index(view.team))
    if not views:
        st.markdown(_nothing(page), unsafe_allow_html=True)
        return
    sheets = -(-len(views) // SHEET)
    sheet = int(choice("sheet", [str(number) for number in range(1, sheets + 1)], "1"))
    for team, group in groupby(views[(sheet - 1) * SHEET : sheet * SHEET], key=lambda view: view.team):
        _draw_team(page.quarter, team, list(group))
    if sheets > 1:
        st.markdown(_pager(sheet, sheets, len(views)), unsafe_allow_html=True)


def _draw_team(quarter: Quarter, team: str, views: list[ObjectiveView]) -> None:
    hint = next((hint.removeprefix(f"{team}: ") for hint in quarter.hints if hint.startswith(f"{team}: ")), "")
    heading = f'<section class="kvi-section okr-team"><h2>{text(team)}</h2>{quiet(hint) if hint else ""}</section>'
    st.markdown(heading, unsafe_allow_html=True)
    for view in views:
        st.markdown(objective_card(view), unsafe_allow_html=True)


def _nothing(page: OkrPage) -> str:
    if page.quarter.objectives:
        return quiet("No objective has the chosen team and status.")
    first = quiet("This cycle has no objective yet. What should change for customers by its end?")
    return first + links(("Word the first one", "add_objective"))


def _pager(sheet: int, sheets: int, count: int) -> str:
    before = link("Previous", href("okrs", sheet=str(sheet - 1))) if sheet > 1 else ""
    after = link("Next", href("okrs", sheet=str(sheet + 1))) if sheet < sheets else ""
    first, last = (sheet - 1) * SHEET + 1, min(sheet * SHEET, count)
    places = " · ".join(part for part in (before, f"objectives {first} to {last} of {count}", after) if part)
    return f'<nav class="okr-pager" aria-label="Objectives">{places}</nav>'
