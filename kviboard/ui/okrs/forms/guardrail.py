"""The form of a guardrail: a KVI that must not suffer while the objective is pursued."""

from collections.abc import Callable

import streamlit as st

from kviboard.board.context import OkrBoard
from kviboard.board.okrs.forms import GuardrailForm, guardrail_form
from kviboard.board.okrs.proposals import propose_measure
from kviboard.board.okrs.quarter import as_cycle
from kviboard.board.okrs.saving import save_guardrail
from kviboard.board.saving import Stamp
from kviboard.errors import KviBoardError
from kviboard.store import Objective
from kviboard.ui.forms.form import Form, Start
from kviboard.ui.okrs.forms.saving import begin, draw_number, draw_remark, finish, number
from kviboard.ui.okrs.forms.source import draw_source, source_values, typed_where
from kviboard.ui.okrs.links import links
from kviboard.ui.okrs.page import OkrPage


def draw_new_guardrail(page: OkrPage, of: str) -> None:
    """A new guardrail of an objective."""
    objective = page.okrs.store.objectives.get(number(of))
    start = Start(_values(page.okrs, GuardrailForm()))
    _draw(page.okrs, objective, f"new guardrail of {objective.id}", lambda: start)


def draw_guardrail(page: OkrPage, of: str) -> None:
    """A guardrail to be edited."""
    record = page.okrs.store.guardrails.get(number(of))

    def read() -> Start:
        now = page.okrs.store.guardrails.get(record.id)
        return Start(_values(page.okrs, guardrail_form(page.okrs, now)), now)

    _draw(page.okrs, page.okrs.store.objectives.get(record.objective_id), f"guardrail {record.id}", read)
    st.markdown(links(("Take it away", "archive_guardrail"), of=record.id), unsafe_allow_html=True)


def _draw(okrs: OkrBoard, objective: Objective, name: str, read: Callable[[], Start]) -> None:
    form, fields = begin(okrs, name, read)
    draw_remark("While this KVI leaves its band, the objective is at risk whatever its key results say.")
    draw_source(okrs, form, fields, "Choose a KVI", lambda: None)
    draw_remark(_stands(okrs, objective, form))
    known = okrs.board.catalog.kvis.get(form.typed["kvi"])
    unit = known.unit if known else "number"
    left, right = st.columns(2)
    with left:
        draw_number(fields, "lower", "At least", unit, okrs.currency)
    with right:
        draw_number(fields, "upper", "At most", unit, okrs.currency)

    def save(form: Form, stamp: Stamp) -> str:
        save_guardrail(okrs, objective.id, _typed(form), form.seen, **stamp)
        return f"Saved: a guardrail of “{objective.title}”."

    finish(okrs, form, "Save", save)


def _stands(okrs: OkrBoard, objective: Objective, form: Form) -> str:
    if not form.typed["kvi"] or not form.typed["grain"]:
        return ""
    cycle = as_cycle(okrs.store.cycles.get(objective.cycle_id))
    try:
        return propose_measure(okrs, form.typed["kvi"], form.typed["grain"], typed_where(form), cycle).why
    except KviBoardError as error:
        return str(error)


def _values(okrs: OkrBoard, typed: GuardrailForm) -> dict[str, object]:
    where = {name: list(chosen) for name, chosen in typed.where.items()}
    return {"lower": typed.lower, "upper": typed.upper, **source_values(okrs, typed.kvi, typed.grain, where)}


def _typed(form: Form) -> GuardrailForm:
    names = ("kvi", "grain", "lower", "upper")
    return GuardrailForm(**{name: form.typed[name] for name in names}, where=typed_where(form))
