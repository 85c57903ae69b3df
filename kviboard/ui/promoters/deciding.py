"""Keeps the business case with a decision: what is going to be done, and the numbers that spoke for it."""

from datetime import timedelta
from functools import partial

import streamlit as st

from kviboard.board.context import BoardContext
from kviboard.board.reviews.meeting import DecisionForm, decide
from kviboard.domain.formatting import format_day
from kviboard.errors import StoreError
from kviboard.store import Author
from kviboard.ui import session
from kviboard.ui.forms.drawer import draw_drawer
from kviboard.ui.forms.fields import as_day
from kviboard.ui.forms.form import Form, Start
from kviboard.ui.forms.saving import begin, finish

DECIDE = "decide_case"
_TWO_WEEKS = timedelta(days=14)


def draw_deciding(reason: str) -> None:
    """Draw the form where the address names it; `reason` is the business case in words, as it stands on the page."""
    try:
        context = session.context()
    except StoreError as error:
        st.warning(str(error), icon="⚠️")
        return
    draw_drawer({DECIDE: ("Decide with this business case", partial(_draw_decision, context, reason))})


def _draw_decision(context: BoardContext, reason: str, of: str) -> None:
    due = (context.board.today + _TWO_WEEKS).isoformat()
    first = {"text": "", "reason": reason, "owner": "", "due_on": due}
    form, fields = begin(context, "decision with a business case", lambda: Start(first))
    fields.lines("text", "What is going to be done", height=90)
    fields.lines("reason", "Why: the numbers of today, kept with the decision", height=160)
    left, right = st.columns(2)
    with left:
        fields.line("owner", "Owner")
    with right:
        fields.day("due_on", "Due")

    def save(form: Form, author: Author) -> str:
        what, why = (str(form.typed[name] or "").strip() for name in ("text", "reason"))
        end = "" if what.endswith((".", "!", "?")) else "."
        words = f"{what}{end} Why: {why}" if what and why else what
        wanted = DecisionForm(
            text=words, kind="decision", owner=form.typed["owner"] or "", kvi="", due_on=as_day(form.typed["due_on"])
        )
        made = decide(context, None, wanted, author=author)
        return f"Decided: {made.owner}, by {format_day(made.due_on)}. It is among the decisions of Sprint review."

    finish(context, form, "Save", save)
