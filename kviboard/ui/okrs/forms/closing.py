"""The forms that end a cycle: grade and close an objective, carry over what is chosen; nothing goes on by itself."""

import streamlit as st

from kviboard.board.okrs.lifecycle import (
    CarryOverPart,
    Closing,
    ClosingForm,
    GradeForm,
    carry_over,
    carry_over_parts,
    close,
    suggest_closing,
)
from kviboard.board.okrs.proposals import propose_cycle
from kviboard.board.okrs.quarter import read_quarter
from kviboard.board.okrs.saving import cycle_named
from kviboard.board.okrs.texts import target_text, value_text
from kviboard.components.markup import text
from kviboard.components.statuses import status
from kviboard.domain.formatting import counted, format_day
from kviboard.domain.okrs import lifecycle as life_cycle
from kviboard.domain.okrs.lifecycle import OUTCOMES, State
from kviboard.errors import StoreError
from kviboard.store import Author
from kviboard.ui.forms.fields import Fields
from kviboard.ui.forms.form import Form, Start
from kviboard.ui.forms.saving import begin, draw_remark, draw_sentence, finish, number, offer
from kviboard.ui.markdown import plain
from kviboard.ui.okrs.links import form_link
from kviboard.ui.okrs.page import OkrPage
from kviboard.ui.url_state import choose

_NEW = 0  # the number of a cycle that is not there yet


def draw_closing(page: OkrPage, of: str) -> None:
    """Grade an objective and its key results, decide, and write down what was learned."""
    closing = suggest_closing(page.context, number(of))
    record = closing.view.record
    if record.state == State.CLOSED:
        raise StoreError(f"The objective “{record.title}” is closed.")
    form, fields = begin(page.context, f"close {record.id}", lambda: Start(_values(closing), record))
    st.markdown(f'<p class="okr-remark">{text(record.title)}</p>', unsafe_allow_html=True)
    draw_remark(_early(page, record.cycle_id), caution=True)
    for part in closing.parts:
        heading = f"<b>{text(part.view.record.title)}</b> {status(part.view.status, is_close=part.view.is_close)}"
        st.markdown(f'<p class="okr-remark">{heading}</p>', unsafe_allow_html=True)
        _draw_grade(fields, f"_{part.view.record.id}", part.suggested)
    st.markdown('<p class="okr-remark"><b>The objective</b></p>', unsafe_allow_html=True)
    _draw_grade(fields, "", closing.suggested)
    fields.choice("outcome", "What follows", list(OUTCOMES), str.capitalize)
    fields.lines("note", "What was learned", placeholder="A sentence for whoever opens this next year")

    def save(form: Form, author: Author) -> str:
        close(page.context, form.record, _typed(form, closing), author=author)
        offer(form_link("Carry key results over", "carry_over", record.id))
        return f"Closed: “{record.title}”."

    finish(page.context, form, "Close the objective", save)


def _early(page: OkrPage, cycle_id: int) -> str:
    cycle, today = page.context.store.cycles.get(cycle_id), page.context.board.clock_day
    left = (cycle.ends_on - today).days
    ends = f"{cycle.name} runs until {format_day(cycle.ends_on)}, {counted(left, 'day')} more"
    return f"{ends}. What is closed now is judged as it stands." if left > 0 else ""


def _draw_grade(fields: Fields, which: str, suggested: life_cycle.SuggestedGrade) -> None:
    offered = "No grade is suggested" if suggested.grade is None else f"Suggested {suggested.grade:.1f}"
    left, right = st.columns([1, 3], vertical_alignment="bottom")
    with left:
        grade = fields.line(f"grade{which}", "Grade, 0.0 to 1.0")
    with right:
        same = suggested.grade is None or grade.strip() == f"{suggested.grade:.1f}"
        if same:
            draw_remark(f"{offered}: {suggested.reason}.")
        else:
            fields.line(f"reason{which}", f"{offered}; why another grade")


def _values(closing: Closing) -> dict[str, str | None]:
    suggested = closing.form
    values: dict[str, str | None] = {"grade": suggested.grade, "reason": "", "outcome": None, "note": ""}
    for key_result_id, part in suggested.key_results.items():
        values |= {f"grade_{key_result_id}": part.grade, f"reason_{key_result_id}": ""}
    return values


def _typed(form: Form, closing: Closing) -> ClosingForm:
    typed = form.typed
    ids = [part.view.record.id for part in closing.parts]
    return ClosingForm(
        grade=typed["grade"],
        reason=typed["reason"],
        outcome=typed["outcome"] or "",
        note=typed["note"],
        key_results={i: GradeForm(grade=typed[f"grade_{i}"], reason=typed[f"reason_{i}"]) for i in ids},
    )


def draw_carry_over(page: OkrPage, of: str) -> None:
    """Choose the key results that go on in another cycle, from where they stand now."""
    record = page.context.store.objectives.get(number(of))
    new = propose_cycle(page.context)
    others = _cycles_to_come(page, record.cycle_id) | {_NEW: f"{new.name} (new)"}
    parts = carry_over_parts(page.context, record.id)
    start = {"into": next(iter(others)), **{_tick(part): False for part in parts}}
    form, fields = begin(page.context, f"carry over {record.id}", lambda: Start(start, record))
    draw_sentence(f"“{record.title}” becomes a draft in another cycle. Choose the key results that go along.")
    into = fields.one("into", "Into", list(others), others.__getitem__)
    if _is_carried(page, record.id, into):
        draw_remark(f"It was carried over into {others[into]} before: this makes a second one.", caution=True)
    for part in parts:
        fields.tick(_tick(part), plain(_offered(page, part)))

    def save(form: Form, author: Author) -> str:
        chosen = [part.view.record.id for part in parts if form.typed[_tick(part)]]
        into = form.typed["into"]
        if into == _NEW:
            into = cycle_named(page.context, new, author=author).id
        made = carry_over(page.context, record.id, into, chosen, author=author)
        choose("cycle", str(made.cycle_id))
        choose("objective", None)
        return f"Carried over into {page.context.store.cycles.get(made.cycle_id).name} as a draft: “{made.title}”."

    finish(page.context, form, "Carry over", save)


def _is_carried(page: OkrPage, objective_id: int, cycle_id: int) -> bool:
    """Whether a cycle holds what was carried over from an objective."""
    if cycle_id == _NEW:
        return False
    there = read_quarter(page.context, cycle_id).objectives
    return any(view.record.carried_from_id == objective_id for view in there)


def _cycles_to_come(page: OkrPage, cycle_id: int) -> dict[int, str]:
    """The names of the other cycles that are not over, those after this one first, the next one at the top."""
    own = next(cycle for cycle in page.quarter.cycles if cycle.id == cycle_id)
    others = [c for c in page.quarter.cycles if c.id != cycle_id and c.ends_on >= page.context.board.clock_day]
    ordered = sorted(others, key=lambda cycle: (cycle.starts_on <= own.starts_on, cycle.starts_on))
    return {cycle.id: cycle.name for cycle in ordered}


def _tick(part: CarryOverPart) -> str:
    return f"take_{part.view.record.id}"


def _offered(page: OkrPage, part: CarryOverPart) -> str:
    record, currency = part.view.record, page.context.currency
    if record.measure.is_milestone:
        return record.title
    baseline = value_text(record, part.values.baseline, currency)
    reached = part.values.target is None and not record.measure.is_band
    goal = "a new target, as this one is reached" if reached else target_text(record, currency)
    return f"{record.title}: {baseline} → {goal}"
