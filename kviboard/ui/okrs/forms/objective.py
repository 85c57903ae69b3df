"""The form of an objective: what changes for the customer, coached while worded; team, owner, what it supports."""

from dataclasses import asdict
from typing import Any

import streamlit as st

from kviboard.board.okrs.forms import ObjectiveForm, objective_form
from kviboard.board.okrs.quarter import read_quarter
from kviboard.board.okrs.saving import save_objective
from kviboard.board.okrs.tree import possible_parents
from kviboard.board.okrs.validation import check_objective
from kviboard.domain.outside_in.stages import OBJECTIVES
from kviboard.errors import StoreError
from kviboard.store import Author, Objective
from kviboard.ui.forms.fields import Fields
from kviboard.ui.forms.form import Form, Start
from kviboard.ui.forms.saving import begin, draw_coach, finish, number, offer, stand_at
from kviboard.ui.okrs.links import form_link, links, slugs
from kviboard.ui.okrs.page import OkrPage
from kviboard.ui.url_state import chosen_values

_NONE = 0  # the number of no objective: a list cannot offer None


def draw_new_objective(page: OkrPage, of: str) -> None:
    """A new objective of the cycle on the page, of the team that is filtered for. `of` may name a condition of
    Outside-in, which words its first draft."""
    if page.quarter.cycle is None:
        raise StoreError("There is no cycle yet: add one first.")
    teams = slugs(page.quarter.teams)
    named = next((teams[place] for place in chosen_values("team", list(teams)) if teams[place] != "Company"), "")
    title = OBJECTIVES.get(of, "")
    start = Start(_values(ObjectiveForm(team=named, title=title)))
    name = f"new objective in {page.quarter.cycle.id}{f' from {of}' if title else ''}"
    _draw(page, page.quarter.cycle.id, name, start, "Save as a draft")


def draw_objective(page: OkrPage, of: str) -> None:
    """An objective to be edited."""
    record = page.context.store.objectives.get(number(of))
    _draw(page, record.cycle_id, f"objective {record.id}", Start(_values(objective_form(record)), record), "Save")
    st.markdown(links(("Archive it", "archive_objective"), of=record.id, about=record.title), unsafe_allow_html=True)


def _draw(page: OkrPage, cycle_id: int, name: str, start: Start, label: str) -> None:
    record: Objective | None = start.record
    form, fields = begin(page.context, name, lambda: _again(page, start))
    fields.line("title", "Objective", placeholder="What can customers do, get or feel that they cannot today?")
    draw_coach(page.context, form, "title", check_objective(page.context, cycle_id, _typed(form)).coached)
    promise = "In their words: what will be different?"
    fields.lines("customer_promise", "Promise to the customer", placeholder=promise)
    left, right = st.columns(2)
    with left:
        fields.line("team", "Team", placeholder="The whole company")
    with right:
        fields.line("owner", "Owner", placeholder="Who answers for it")
    _draw_parent(page, cycle_id, record, fields)
    with st.expander("Weight"):
        fields.line("weight", "Weight beside other objectives")

    def save(form: Form, author: Author) -> str:
        saved = save_objective(page.context, cycle_id, _typed(form), form.record, author=author)
        stand_at(f"objective-{saved.id}")
        if form.record is None:
            offer(form_link("Give it key results", "add_key_result", saved.id))
        return f"Saved: “{saved.title}”."

    finish(page.context, form, label, save)


def _again(page: OkrPage, start: Start) -> Start:
    """The objective as it is now; a new one starts as it did."""
    if start.record is None:
        return start
    record = page.context.store.objectives.get(start.record.id)
    return Start(_values(objective_form(record)), record)


def _draw_parent(page: OkrPage, cycle_id: int, record: Objective | None, fields: Fields) -> None:
    quarter = read_quarter(page.context, cycle_id)
    offered = possible_parents(page.context, quarter, record.id if record else None)
    names = {_NONE: "No other objective"} | {link.id: f"{link.title} ({link.team})" for link in offered}
    if record is not None and record.parent_id and record.parent_id not in names:
        parent = page.context.store.objectives.get(record.parent_id)
        names[parent.id] = f"{parent.title} ({'archived' if parent.archived_at else 'not in this cycle'})"
    fields.one("parent_id", "Supports", list(names), names.__getitem__)


def _values(typed: ObjectiveForm) -> dict[str, Any]:
    return {**asdict(typed), "parent_id": typed.parent_id or _NONE}


def _typed(form: Form) -> ObjectiveForm:
    return ObjectiveForm(**{**form.typed, "parent_id": form.typed["parent_id"] or None})
