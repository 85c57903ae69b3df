"""What people set on a KVI, on its page: targets by date, notes on a day, and the key results that depend on it."""

from collections.abc import Sequence
from datetime import date
from functools import partial

import pandas as pd
import streamlit as st

from kviboard.board.context import BoardContext
from kviboard.board.kvis.did_it_work import days_marked
from kviboard.board.kvis.reading import View
from kviboard.board.kvis.targets import (
    TargetForm,
    TargetLine,
    add_note,
    archive_note,
    edit_note,
    notes_of,
    set_target,
    target_lines,
)
from kviboard.board.okrs.dependents import DependentKeyResult, key_results_of_kvi
from kviboard.caching import shared_cache
from kviboard.components.markup import and_form, link, quiet, text
from kviboard.components.mentions import with_mentions
from kviboard.components.statuses import status
from kviboard.domain.formatting import format_day
from kviboard.domain.kvis.kvi import Kvi
from kviboard.errors import StoreError
from kviboard.store import Author, KviNote
from kviboard.ui import known, session
from kviboard.ui.forms.drawer import Drawer, draw_drawer
from kviboard.ui.forms.fields import as_day
from kviboard.ui.forms.form import Form, Start
from kviboard.ui.forms.saving import begin, draw_number, finish, number
from kviboard.ui.forms.talk import draw_mentions
from kviboard.ui.kvis.decisions import decision_forms
from kviboard.ui.okrs.links import story_link
from kviboard.ui.page import href
from kviboard.ui.url_state import link_parameters

_TARGETS_SHOWN = 4


def noted(kvi: Kvi) -> pd.DataFrame:
    """The notes on a KVI: day, title. None where the store is out of reach."""
    try:
        return _noted(session.board_key(), session.newest_entry(), kvi.name)[0]
    except StoreError:
        return _as_flags([])


def marked(newest: int, name: str) -> pd.DataFrame:
    """What its chart marks: the notes, and when something was decided and done. Raises StoreError."""
    return pd.concat(_noted(session.board_key(), newest, name))


@shared_cache(most=128)
def _noted(key: session.Key, newest: int, name: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    context = session.context()
    notes = [(note.day, f"{note.text} ({note.created_by})") for note in notes_of(context.store, name)]
    return _as_flags(notes), _as_flags(days_marked(context, context.board.catalog.kvis[name]))


def _as_flags(flags: Sequence[tuple[date, str]]) -> pd.DataFrame:
    days = pd.to_datetime([day for day, _ in flags]).as_unit("us")
    return pd.DataFrame({"day": days, "title": [title for _, title in flags]})


def draw_goals(kvi: Kvi) -> None:
    """Draw targets, notes and depending key results, with links to the forms that add to them."""
    try:
        choices = repr(link_parameters())  # the links keep them
        html = _drawn(session.board_key(), session.newest_entry(), kvi.name, choices)
    except StoreError as error:
        html = quiet(str(error))
    st.markdown(html, unsafe_allow_html=True)


@shared_cache(most=128)
def _written(
    key: session.Key, newest: int, name: str
) -> tuple[Sequence[TargetLine], Sequence[KviNote], Sequence[DependentKeyResult]]:
    """What the store has about a KVI, however the KVI is looked at: targets, notes, key results that depend on it."""
    context = session.context()
    targets = target_lines(context.board, context.store, name)
    return targets, notes_of(context.store, name), key_results_of_kvi(context, name)


@shared_cache(most=256)
def _drawn(key: session.Key, newest: int, name: str, choices: str) -> str:
    targets, notes, dependents = _written(key, newest, name)
    parts = (_targets(targets), _notes(notes), _depending(dependents))
    return f'<div class="okr-goals">{"".join(parts)}</div>'


def draw_goal_forms(kvi: Kvi, view: View) -> None:
    """Draw the form that the address names, if it names one."""
    try:
        context = session.context()
    except StoreError:
        return  # said beside the chart
    drawer: Drawer = {
        "set_target": ("Set a target", partial(_draw_target, context, kvi, view)),
        "add_note": ("Write a note", partial(_draw_note, context, kvi)),
        "edit_note": ("Change a note", partial(_draw_note, context, kvi)),
        "archive_note": ("Take a note off", partial(_draw_archiving, context, kvi)),
        **decision_forms(context, kvi, view),
    }
    draw_drawer(drawer)


def _link(label: str, form: str, of: str = "") -> str:
    return link(label, href("kvis", do=form, of=of))


def _part(title: str, body: str) -> str:
    return f"<section><h3>{title}</h3>{body}</section>"


def _targets(lines: Sequence[TargetLine]) -> str:
    items = "".join(f"<li><b>{text(line.value_text)}</b> {_about(line)}</li>" for line in lines[:_TARGETS_SHOWN])
    more = f"<li>and {len(lines) - _TARGETS_SHOWN} earlier</li>" if len(lines) > _TARGETS_SHOWN else ""
    listed = f"<ul>{items}{more}</ul>" if items else quiet("None.")
    return _part("Targets", f'{listed}<p class="okr-links">{_link("Set a target", "set_target")}</p>')


def _about(line: TargetLine) -> str:
    facts = (line.days_text, line.about, line.reason, line.by)
    return f'<span class="okr-notes">{text(" · ".join(fact for fact in facts if fact))}</span>'


def _notes(notes: Sequence[KviNote]) -> str:
    people = known.people() if notes else ()
    items = "".join(
        f'<li>{with_mentions(note.text, people)} <span class="okr-notes">{format_day(note.day)} · '
        f"{text(note.created_by)}{and_form(_link('Change', 'edit_note', str(note.id)))}</span></li>"
        for note in reversed(notes)
    )
    listed = f"<ul>{items}</ul>" if items else quiet("None.")
    return _part("Notes", f'{listed}<p class="okr-links">{_link("Write a note", "add_note")}</p>')


def _depending(dependents: Sequence[DependentKeyResult]) -> str:
    found = "".join(map(_key_result, dependents))
    return _part("Key results that depend on it", f"<ul>{found}</ul>") if found else ""


def _key_result(found: DependentKeyResult) -> str:
    view, objective = found.view, found.objective
    stands = f"{view.baseline_text} → {view.current_text} → {view.target_text}"
    named = story_link(view.record.title, objective.id)
    about = " · ".join(part for part in (stands, objective.team, objective.cycle) if part)
    return f'<li>{named} {status(view.status)} <span class="okr-notes">{text(about)}</span></li>'


def _draw_target(context: BoardContext, kvi: Kvi, view: View, of: str) -> None:
    """A target from a day on; what was set before stays in the list."""
    today = context.board.today.isoformat()
    start = Start({"value": "", "starts_on": today, "ends_on": "", "reason": "", "whole": True})
    form, fields = begin(context, f"target of {kvi.name}", lambda: start)
    ending = "Leave empty to end the target from that day on"
    draw_number(fields, "value", f"{kvi.title}, target", kvi.unit, context.currency, placeholder=ending)
    left, right = st.columns(2)
    with left:
        fields.day("starts_on", "From")
    with right:
        fields.day("ends_on", "To, if it ends")
    fields.line("reason", "Why", placeholder="Kept beside the target")
    judged = context.board.judged_grain(kvi)
    if view.where or view.grain != judged:
        chosen = " · ".join([f"per {view.grain}", *(" or ".join(values) for _, values in view.where)])
        fields.tick("whole", f"For all customers per {judged}, as {kvi.title} is judged; else for: {chosen}")

    def save(form: Form, author: Author) -> str:
        starts_on, ends_on = date.fromisoformat(form.typed["starts_on"]), as_day(form.typed["ends_on"])
        rest = {name: form.typed[name] for name in ("value", "reason", "whole")}
        typed = TargetForm(starts_on=starts_on, ends_on=ends_on, **rest)
        set_target(context.board, context.store, kvi.name, view, typed, author=author)
        session.targets_set.clear()
        return f"The target of {kvi.title} is set."

    finish(context, form, "Set the target", save)


def _draw_note(context: BoardContext, kvi: Kvi, of: str) -> None:
    """What happened on a day, drawn as a flag; a new note, perhaps on a day that was clicked, or the one that the
    address names."""
    day = _day_in(of)
    note = _find_note(context, kvi, number(of)) if of and day is None else None

    def read() -> Start:
        now = _find_note(context, kvi, note.id) if note else None
        on, note_text = (now.day, now.text) if now else (day or context.board.today, "")
        return Start({"day": on.isoformat(), "text": note_text, "mention": None}, now)

    new = f"new note on {kvi.name} {of}".strip()
    form, fields = begin(context, f"note {note.id}" if note else new, read)
    fields.line("text", "What happened", placeholder="Seen by everybody who wonders about this day")
    draw_mentions(form, fields, "text")
    fields.day("day", "On")

    def save(form: Form, author: Author) -> str:
        day, note_text = date.fromisoformat(form.typed["day"]), form.typed["text"]
        if form.record is None:
            add_note(context.store, kvi.name, day, note_text, author=author)
        else:
            edit_note(context.store, form.record, day, note_text, author=author)
        return f"Noted on {format_day(day)}."

    finish(context, form, "Save the note", save)
    if note is not None:
        archive = _link("Take it off the chart", "archive_note", str(note.id))
        st.markdown(f'<p class="okr-links">{archive}</p>', unsafe_allow_html=True)


def _day_in(of: str) -> date | None:
    """The day in an address, as a click on the chart writes it; None for the number of a note."""
    try:
        return date.fromisoformat(of) if "-" in of else None
    except ValueError:
        return None


def _draw_archiving(context: BoardContext, kvi: Kvi, of: str) -> None:
    note = _find_note(context, kvi, number(of))
    form, _ = begin(context, f"archive note {note.id}", lambda: Start({}, note))
    st.markdown(quiet(f"“{note.text}” leaves the chart."), unsafe_allow_html=True)

    def save(form: Form, author: Author) -> str:
        archive_note(context.store, form.record, author=author)
        return "The note is off the chart."

    finish(context, form, "Take it off", save)


def _find_note(context: BoardContext, kvi: Kvi, note_id: int) -> KviNote:
    found = next((note for note in notes_of(context.store, kvi.name) if note.id == note_id), None)
    if found is None:
        raise StoreError("That note is not on this chart any more.")
    return found
