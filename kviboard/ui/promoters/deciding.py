"""Keeps the business case with a decision: what is going to be done, and the numbers that spoke for it."""

from functools import partial

import streamlit as st

from kviboard.board.context import BoardContext
from kviboard.board.reviews.meeting import DecisionForm
from kviboard.errors import StoreError
from kviboard.store import Author
from kviboard.ui import session
from kviboard.ui.forms.deciding import draw_what, draw_who_and_when, new_decision, save_decision, with_reason
from kviboard.ui.forms.drawer import draw_drawer
from kviboard.ui.forms.fields import as_day
from kviboard.ui.forms.form import Form
from kviboard.ui.forms.saving import begin, finish

DECIDE = "decide_case"


def draw_deciding(reason: str) -> None:
    """Draw the form where the address names it; `reason` is the business case in words, as it stands on the page."""
    try:
        context = session.context()
    except StoreError as error:
        st.warning(str(error), icon="⚠️")
        return
    draw_drawer({DECIDE: ("Decide with this business case", partial(_draw_decision, context, reason))})


def _draw_decision(context: BoardContext, reason: str, of: str) -> None:
    form, fields = begin(context, "decision with a business case", partial(new_decision, context, reason=reason))
    draw_what(fields)
    fields.lines("reason", "Why: the numbers of today, kept with the decision")
    draw_who_and_when(fields)

    def save(form: Form, author: Author) -> str:
        words, owner, due_on = with_reason(form, "Why"), form.typed["owner"] or "", as_day(form.typed["due_on"])
        wanted = DecisionForm(text=words, kind="decision", owner=owner, kvi="", due_on=due_on)
        return f"{save_decision(context, None, wanted, author)} It is among the decisions of Sprint review."

    finish(context, form, "Save", save)
