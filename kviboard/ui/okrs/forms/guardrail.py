"""The form of a guardrail: a KVI that must not suffer while the objective is pursued."""

from collections.abc import Callable

import streamlit as st

from kviboard.board.context import BoardContext
from kviboard.board.okrs.forms import GuardrailForm, guardrail_form
from kviboard.board.okrs.proposals import propose_measure
from kviboard.board.okrs.quarter import as_cycle
from kviboard.board.okrs.saving import save_guardrail
from kviboard.errors import KviBoardError
from kviboard.store import Author, Objective
from kviboard.ui.forms.form import Form, Start
from kviboard.ui.forms.saving import begin, draw_number, draw_remark, finish, number
from kviboard.ui.okrs.forms.source import draw_source, source_values, typed_where
from kviboard.ui.okrs.links import links
from kviboard.ui.okrs.page import OkrPage


def draw_new_guardrail(page: OkrPage, of: str) -> None:
    """A new guardrail of an objective."""
    objective = page.context.store.objectives.get(number(of))
    start = Start(_values(page.context, GuardrailForm()))
    _draw(page.context, objective, f"new guardrail of {objective.id}", lambda: start)


def draw_guardrail(page: OkrPage, of: str) -> None:
    """A guardrail to be edited."""
    record = page.context.store.guardrails.get(number(of))

    def read() -> Start:
        now = page.context.store.guardrails.get(record.id)
        return Start(_values(page.context, guardrail_form(page.context, now)), now)

    _draw(page.context, page.context.store.objectives.get(record.objective_id), f"guardrail {record.id}", read)
    st.markdown(links(("Take it away", "archive_guardrail"), of=record.id), unsafe_allow_html=True)


def _draw(context: BoardContext, objective: Objective, name: str, read: Callable[[], Start]) -> None:
    form, fields = begin(context, name, read)
    draw_remark("While this KVI leaves its band, the objective is at risk whatever its key results say.")
    draw_source(context, form, fields, "Choose a KVI", lambda: None)
    draw_remark(_stands(context, objective, form))
    known = context.board.catalog.kvis.get(form.typed["kvi"])
    unit = known.unit if known else "number"
    left, right = st.columns(2)
    with left:
        draw_number(fields, "lower", "At least", unit, context.currency)
    with right:
        draw_number(fields, "upper", "At most", unit, context.currency)

    def save(form: Form, author: Author) -> str:
        save_guardrail(context, objective.id, _typed(form), form.record, author=author)
        return f"Saved: a guardrail of “{objective.title}”."

    finish(context, form, "Save", save)


def _stands(context: BoardContext, objective: Objective, form: Form) -> str:
    if not form.typed["kvi"] or not form.typed["grain"]:
        return ""
    cycle = as_cycle(context.store.cycles.get(objective.cycle_id))
    try:
        return propose_measure(context, form.typed["kvi"], form.typed["grain"], typed_where(form), cycle).why
    except KviBoardError as error:
        return str(error)


def _values(context: BoardContext, typed: GuardrailForm) -> dict[str, object]:
    where = {name: list(chosen) for name, chosen in typed.where.items()}
    return {"lower": typed.lower, "upper": typed.upper, **source_values(context, typed.kvi, typed.grain, where)}


def _typed(form: Form) -> GuardrailForm:
    names = ("kvi", "grain", "lower", "upper")
    return GuardrailForm(**{name: form.typed[name] for name in names}, where=typed_where(form))
