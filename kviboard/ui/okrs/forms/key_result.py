"""The form of a key result: what is measured, from where to where; warned of luck and coached while it is typed."""

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

import streamlit as st

from kviboard.board.context import BoardContext
from kviboard.board.kvis.tiles import spark_of
from kviboard.board.okrs.forms import KeyResultForm, key_result_form
from kviboard.board.okrs.proposals import Proposal, propose_measure
from kviboard.board.okrs.quarter import as_cycle
from kviboard.board.okrs.saving import save_key_result
from kviboard.board.okrs.validation import CheckedKeyResult, check_key_result
from kviboard.components.markup import text
from kviboard.components.sparkline import sparkline_svg
from kviboard.domain.kvis.kvi import UNITS
from kviboard.domain.okrs import model as okr
from kviboard.domain.okrs.lifecycle import State, needs_reason
from kviboard.errors import KviBoardError
from kviboard.store import Author, KeyResult, Objective, as_rules_see
from kviboard.ui.forms.fields import Fields
from kviboard.ui.forms.form import Form, Start
from kviboard.ui.forms.saving import begin, draw_coach, draw_number, draw_remark, finish, number, offer, stand_at
from kviboard.ui.okrs.forms.source import draw_source, source_values, typed_where
from kviboard.ui.okrs.links import form_link, links
from kviboard.ui.okrs.page import OkrPage

_LABELS = {"baseline": "Baseline", "target": "Target", "lower": "At least", "upper": "At most"}
_PLAN_POINTS = 4


@dataclass(frozen=True, eq=False)
class _About:
    """What the form is about: the objective, its cycle, and the key result where one is edited."""

    context: BoardContext
    objective: Objective
    cycle: okr.Cycle
    record: KeyResult | None


def draw_new_key_result(page: OkrPage, of: str) -> None:
    """A new key result of an objective."""
    objective = page.context.store.objectives.get(number(of))
    about = _About(page.context, objective, _cycle(page.context, objective), None)
    _draw(about, f"new key result of {objective.id}", lambda: Start(_values(page.context, KeyResultForm())))


def draw_key_result(page: OkrPage, of: str) -> None:
    """A key result to be edited; its target changes with a reason once it is active."""
    record = page.context.store.key_results.get(number(of))
    objective = page.context.store.objectives.get(record.objective_id)

    def read() -> Start:
        now = page.context.store.key_results.get(record.id)
        return Start(_values(page.context, key_result_form(now)), now)

    _draw(_About(page.context, objective, _cycle(page.context, objective), record), f"key result {record.id}", read)
    st.markdown(links(("Archive it", "archive_key_result"), of=record.id, about=record.title), unsafe_allow_html=True)


def _cycle(context: BoardContext, objective: Objective) -> okr.Cycle:
    return as_cycle(context.store.cycles.get(objective.cycle_id))


def _draw(about: _About, name: str, read: Any) -> None:
    form, fields = begin(about.context, name, read)
    st.markdown(f'<p class="okr-remark">{text(about.objective.title)}</p>', unsafe_allow_html=True)
    fields.line("title", "Key result", placeholder="What is measured: share, time or number of …")
    checked = _check(about, form)
    draw_coach(about.context, form, "title", checked.coached)
    draw_source(about.context, form, fields, "Typed at each check-in", lambda: _propose(about, form))
    proposal = _proposal(about, form)
    if proposal is not None:
        draw_remark(proposal.why)
        spark = sparkline_svg(spark_of(proposal.reading), f"{proposal.kvi.title}, its last periods")
        st.markdown(f'<div class="okr-now">{spark}</div>', unsafe_allow_html=True)
    _draw_measure(about, form, fields, checked.new.unit)
    draw_remark(checked.luck, caution=True)
    for hint in checked.hints:
        draw_remark(hint, caution=True)
    if _moves(about, checked):
        fields.line("reason", "Why it changes", placeholder="Drawn on its chart and kept in its story")
    fields.line("owner", "Owner", placeholder="Who answers for it")
    _draw_more(about, form, fields)

    def save(form: Form, author: Author) -> str:
        reason = form.typed["reason"]
        saved = save_key_result(about.context, about.objective.id, _typed(form), form.record, reason, author=author)
        stand_at(f"objective-{saved.objective_id}")
        if form.record is None:
            steps = [form_link("Add another", "add_key_result", about.objective.id)]
            if about.objective.state == State.DRAFT:
                steps.append(form_link("Activate the objective", "activate", about.objective.id))
            offer(" · ".join(steps))
        return f"Saved: “{saved.title}”."

    finish(about.context, form, "Save", save)


def _check(about: _About, form: Form) -> CheckedKeyResult:
    draft = about.objective.state == State.DRAFT
    return check_key_result(about.context, about.objective.id, about.cycle, _typed(form), draft)


def _moves(about: _About, checked: CheckedKeyResult) -> bool:
    """Whether what an active key result is judged by changes, which asks for a reason."""
    if about.record is None:
        return False
    before, after = as_rules_see(about.record), as_rules_see(checked.new)
    return needs_reason(before, after, State(about.objective.state))


def _draw_measure(about: _About, form: Form, fields: Fields, unit: str) -> None:
    kinds = [name for name, kind in okr.KINDS.items() if kind.takes_kvi or not form.typed["kvi"]]
    kind = fields.choice("kind", "It should", kinds, lambda name: okr.KINDS[name].title, required=True)
    numbers = okr.KINDS.get(kind, okr.KINDS["increase"]).numbers
    named = {name: _LABELS[name] for name in numbers if name in _LABELS}
    columns = st.columns(len(named)) if named else []
    for column, (name, label) in zip(columns, named.items(), strict=True):
        with column:
            draw_number(fields, name, label, unit, about.context.currency)
    if "tolerance" in numbers:
        helps = "How far outside counts as nothing kept; the band's width"
        draw_number(fields, "tolerance", "Tolerance", unit, about.context.currency, placeholder=helps)
    if named and not form.typed["kvi"]:
        fields.one("unit", "Unit", list(UNITS), lambda unit: unit.replace("_", " ").capitalize())


def _draw_more(about: _About, form: Form, fields: Fields) -> None:
    with st.expander("Ambition, weight, check-ins, plan"):
        fields.choice("ambition", "Counts as achieved at 1.0, or at 0.7", list(okr.BARS), str.capitalize, required=True)
        left, right = st.columns(2)
        with left:
            fields.line("weight", "Weight in its objective")
        with right:
            fields.whole("cadence_days", "Days between check-ins", min_value=1, max_value=366)
        st.caption("A plan, where progress will not be even: the share of the way in per cent, by day.")
        shown = 1 + sum(1 for place in range(_PLAN_POINTS) if form.typed[f"plan_day_{place}"])
        for place in range(min(shown, _PLAN_POINTS)):
            left, right = st.columns(2)
            with left:
                days = {"min_value": about.cycle.starts_on, "max_value": about.cycle.ends_on}
                fields.day(f"plan_day_{place}", f"Plan: day {place + 1}", **days)
            with right:
                draw_number(fields, f"plan_share_{place}", f"Share by day {place + 1}", "percent", "", placeholder="20")


def _proposal(about: _About, form: Form) -> Proposal | None:
    if form.typed["kvi"] not in about.context.board.kvis or not form.typed["grain"]:
        return None
    try:
        return propose_measure(about.context, form.typed["kvi"], form.typed["grain"], typed_where(form), about.cycle)
    except KviBoardError:
        return None  # the same is said among the problems


def _propose(about: _About, form: Form) -> None:
    """Fill in where the chosen KVI stood; what people typed themselves stays."""
    proposal = _proposal(about, form)
    if proposal is None:
        return
    if form.typed["baseline"] in ("", form.typed["proposed"]):
        form.put("baseline", proposal.baseline)
    if form.typed["kind"] in ("increase", "decrease", "milestone", None):
        form.put("kind", proposal.kind)
    if not form.typed["title"]:
        form.put("title", proposal.kvi.title)
    form.typed["proposed"] = proposal.baseline


def _values(context: BoardContext, typed: KeyResultForm) -> dict[str, Any]:
    """A key result as the values of the form; plan points apart, so that each has its field."""
    values = asdict(typed)
    values |= source_values(
        context, typed.kvi, typed.grain, {name: list(chosen) for name, chosen in typed.where.items()}
    )
    values |= {"reason": "", "proposed": ""}
    for place in range(_PLAN_POINTS):
        day, share = typed.plan[place] if place < len(typed.plan) else (None, "")
        values |= {f"plan_day_{place}": day.isoformat() if day else "", f"plan_share_{place}": share}
    del values["plan"], values["where"]
    return values


def _typed(form: Form) -> KeyResultForm:
    names = KeyResultForm.__dataclass_fields__.keys() - {"plan", "where"}
    days = [(form.typed[f"plan_day_{place}"], form.typed[f"plan_share_{place}"]) for place in range(_PLAN_POINTS)]
    plan = tuple((date.fromisoformat(day), share) for day, share in days if day)
    given = {name: form.typed[name] for name in names}
    given["kind"] = given["kind"] or "increase"  # a milestone that a KVI drives now has lost its kind
    return KeyResultForm(**given, plan=plan, where=typed_where(form))
