"""The form of a check-in: the value before in sight, one comment, a confidence; and of its correction."""

from dataclasses import asdict
from datetime import date
from typing import Any

import streamlit as st

from kviboard.board.okrs.check_ins import CheckInForm, check_in, check_in_form, correct_check_in
from kviboard.board.okrs.quarter import read_quarter
from kviboard.board.okrs.texts import DONE, NOT_DONE
from kviboard.board.okrs.views import KeyResultView
from kviboard.components.markup import text
from kviboard.components.statuses import status
from kviboard.domain.formatting import format_day
from kviboard.domain.okrs.model import CONFIDENCE
from kviboard.errors import StoreError
from kviboard.store import Author, CheckIn, KeyResult
from kviboard.ui.author import all_names
from kviboard.ui.forms.fields import Fields
from kviboard.ui.forms.form import Form, Start
from kviboard.ui.forms.saving import begin, draw_number, draw_sentence, finish, number, offer, stand_at
from kviboard.ui.forms.talk import draw_mentioned
from kviboard.ui.okrs.links import badge, form_link
from kviboard.ui.okrs.page import OkrPage
from kviboard.ui.okrs.todo import next_check_in

_UNITS = {"percent": "48.7 means 48.7 %", "currency": "in the company's currency"}


def draw_check_in(page: OkrPage, of: str) -> None:
    """A new check-in on a key result."""
    view = _view(page, number(of))
    start = Start(_values(check_in_form(page.context, view.record)))
    form, fields = begin(page.context, f"check in {view.record.id}", lambda: start)
    _draw(view, fields, page.context.currency)

    def save(form: Form, author: Author) -> str:
        check_in(page.context, view.record, _typed(form), author=author)
        quarter = read_quarter(page.context, _cycle_id(page, view.record))
        waiting = next_check_in(quarter, all_names(author.by), view.record.id)
        if waiting is not None:
            offer(form_link("Check in the next that waits", "check_in", waiting))
        stand_at(f"objective-{view.record.objective_id}")
        return f"Checked in: “{view.record.title}”."

    finish(page.context, form, "Check in", save)


def draw_correction(page: OkrPage, of: str) -> None:
    """A check-in to be replaced by a right one; both stay in the story. `of` names key result and check-in: 12_40."""
    key_result_id, _, check_in_id = of.partition("_")
    view = _view(page, number(key_result_id))
    wrong = _find_check_in(page, view, number(check_in_id))
    start = Start(_values(check_in_form(page.context, view.record, wrong)), wrong)
    form, fields = begin(page.context, f"correct {wrong.id}", lambda: start)
    draw_sentence(f"Said by {wrong.created_by} on {format_day(wrong.day)}. Both stay; the new one counts.")
    _draw(view, fields, page.context.currency)

    def save(form: Form, author: Author) -> str:
        correct_check_in(page.context, view.record, wrong, _typed(form), author=author)
        return f"Corrected: “{view.record.title}”."

    finish(page.context, form, "Correct", save)


def _view(page: OkrPage, key_result_id: int) -> KeyResultView:
    """The key result as its card shows it. Raises StoreError where it is not there or archived."""
    record = page.context.store.key_results.get(key_result_id)
    view = read_quarter(page.context, _cycle_id(page, record)).key_result(key_result_id)
    if view is None:
        raise StoreError(f"The key result “{record.title}” is archived: bring it back before you check in.")
    return view


def _cycle_id(page: OkrPage, record: KeyResult) -> int:
    return page.context.store.objectives.get(record.objective_id).cycle_id


def _find_check_in(page: OkrPage, view: KeyResultView, check_in_id: int) -> CheckIn:
    found = next((each for each in page.context.store.check_ins.of(view.record.id) if each.id == check_in_id), None)
    if found is None:
        raise StoreError("That check-in is not there: the link may be old. Open the form from the story.")
    return found


def _draw(view: KeyResultView, fields: Fields, currency: str) -> None:
    st.markdown(_standing(view), unsafe_allow_html=True)
    if view.record.measure.is_milestone:
        fields.choice("value", "Is it done?", [NOT_DONE, DONE])
    elif not view.record.kvi:
        unit = view.record.unit
        draw_number(fields, "value", "Value now", unit, currency, placeholder=_UNITS.get(unit, "A number"))
    fields.choice("confidence", "Confidence that it will be reached, 0 to 10", list(CONFIDENCE), width="stretch")
    draw_mentioned(fields.lines("comment", "What moved it, or what is in the way"))
    fields.day("day", "Day")


def _standing(view: KeyResultView) -> str:
    """Where it stands and what was said last, above the fields."""
    now = f"{view.current_text} ({view.current.when})" if view.current else "no value yet"
    source = "from the data, nothing to type" if view.record.kvi else "typed at check-in"
    lines = [
        f"<b>{text(view.record.title)}</b>",
        f"{text(view.baseline_text)} → <b>{text(now)}</b> → {text(view.target_text)}, {source}",
        f"{status(view.status, view.badge is not None)} {text(view.reason)} {badge(view.badge)}",
    ]
    last = view.last_check_in
    if last is not None:
        value = f"{last.value_text}, " if last.record.value is not None else ""
        comment = f": “{last.record.comment}”" if last.record.comment else ""
        summary = f"{value}confidence {last.confidence_text}{comment}"
        lines.append(text(f"Before, on {format_day(last.record.day)}, {last.record.created_by}: {summary}"))
    return f'<div class="okr-standing">{"".join(f"<p>{line}</p>" for line in lines)}</div>'


def _values(form: CheckInForm) -> dict[str, Any]:
    return {**asdict(form), "day": form.day.isoformat()}


def _typed(form: Form) -> CheckInForm:
    day = date.fromisoformat(form.typed["day"])
    return CheckInForm(**{**form.typed, "value": form.typed["value"] or "", "day": day})
