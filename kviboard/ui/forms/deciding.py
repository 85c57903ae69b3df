"""What the forms have in common that keep a decision, and the one that settles it."""

from datetime import timedelta

import streamlit as st

from kviboard.board.context import BoardContext
from kviboard.board.kvis.did_it_work import name_of
from kviboard.board.reviews.meeting import DecisionForm, decide, settle
from kviboard.domain.formatting import format_day
from kviboard.errors import StoreError
from kviboard.store import Author, Review
from kviboard.ui.forms.fields import Fields
from kviboard.ui.forms.form import Form, Start
from kviboard.ui.forms.saving import begin, draw_sentence, finish, number

_TWO_WEEKS = timedelta(days=14)


def new_decision(context: BoardContext, **more: str | None) -> Start:
    """What the fields of a decision begin with, due in two weeks; `more` are those of one form alone."""
    due = (context.board.clock_day + _TWO_WEEKS).isoformat()
    return Start({"text": "", "owner": "", "due_on": due, **more})


def draw_what(fields: Fields) -> None:
    """What is going to be done."""
    fields.lines("text", "What is going to be done")


def draw_who_and_when(fields: Fields) -> None:
    """Whose it is, and by which day."""
    left, right = st.columns(2)
    with left:
        fields.line("owner", "Owner")
    with right:
        fields.day("due_on", "Due")


def with_reason(form: Form, name_of_reason: str) -> str:
    """What is going to be done and the reason behind it, as they are kept: "Call them. Why: they wait"."""
    what, why = (str(form.typed[name] or "").strip() for name in ("text", "reason"))
    end = "" if what.endswith((".", "!", "?")) else "."
    return f"{what}{end} {name_of_reason}: {why}" if what and why else what


def save_decision(context: BoardContext, review: Review | None, wanted: DecisionForm, author: Author) -> str:
    """Save it, and say so."""
    made = decide(context, review, wanted, author=author)
    return f"Decided: {made.owner}, by {format_day(made.due_on)}."


def draw_settling(context: BoardContext, of: str) -> None:
    """Done, dropped with a reason, or open again."""
    made = context.store.decisions.get(number(of))
    form, fields = begin(context, f"settle {made.id}", lambda: Start({"state": None, "outcome": ""}, made))
    draw_sentence(f"“{name_of(context.board.catalog, made)}” · {made.owner}, due {format_day(made.due_on)}")
    fields.choice("state", "It is", [state for state in ("done", "dropped", "open") if state != made.state])
    fields.lines("outcome", "What came of it, or why it is dropped")

    def save(form: Form, author: Author) -> str:
        state = form.typed["state"]
        if not state:
            raise StoreError("Not saved. Say whether it is done, dropped or open.")
        settle(context, form.record, state, form.typed["outcome"] or "", author=author)
        return f"“{made.text}” is {state}."

    finish(context, form, "Save", save)
