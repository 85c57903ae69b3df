"""Short forms: begin a cycle or change one, activate, reopen, archive, bring back. Closing is in closing."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import streamlit as st

from kviboard.board.okrs import saving
from kviboard.board.okrs.lifecycle import activate, reopen
from kviboard.board.okrs.proposals import propose_cycle
from kviboard.board.okrs.texts import kvi_title
from kviboard.domain.formatting import counted, format_days, plural
from kviboard.store import Author, NewCycle
from kviboard.ui.forms.fields import Fields
from kviboard.ui.forms.form import Form, Start
from kviboard.ui.forms.saving import begin, draw_remark, draw_sentence, finish, number, offer
from kviboard.ui.okrs.links import FormName, form_link, links
from kviboard.ui.okrs.page import OkrPage
from kviboard.ui.url_state import choose, unchecked


def draw_new_cycle(page: OkrPage, of: str) -> None:
    """A new cycle: the next quarter is proposed. `of` is the objective that waits to be carried into it, if any."""
    start = _days(propose_cycle(page.context))
    form, fields = begin(page.context, "new cycle", lambda: Start(start))
    _draw_days(fields)

    def save(form: Form, author: Author) -> str:
        saved = saving.add_cycle(page.context, NewCycle(**_typed_days(form)), author=author)
        choose("cycle", str(saved.id))
        if of:
            offer(form_link("Carry key results over", "carry_over", number(of)))
        return f"{saved.name} is there: {format_days(saved.starts_on, saved.ends_on)}."

    finish(page.context, form, "Add the cycle", save)


def draw_cycle(page: OkrPage, of: str) -> None:
    """The name and the days of a cycle; one without objectives can be archived."""
    record = page.context.store.cycles.get(number(of))
    form, fields = begin(page.context, f"cycle {record.id}", lambda: Start(_days(record), record))
    _draw_days(fields)
    count = len(page.context.store.objectives_of(record.id))
    if count:
        draw_remark(f"By its days {counted(count, 'objective')} {plural(count, 'is', 'are')} judged, past days too.")

    def save(form: Form, author: Author) -> str:
        saved = saving.save_cycle(page.context, replace(form.record, **_typed_days(form)), author=author)
        return f"Saved: {saved.name}, {format_days(saved.starts_on, saved.ends_on)}."

    finish(page.context, form, "Save", save)
    if not count:
        st.markdown(links(("Archive it", "archive_cycle"), of=record.id, about=record.name), unsafe_allow_html=True)


def _days(cycle: NewCycle) -> dict[str, str]:
    return {"name": cycle.name, "starts_on": cycle.starts_on.isoformat(), "ends_on": cycle.ends_on.isoformat()}


def _draw_days(fields: Fields) -> None:
    fields.line("name", "Name")
    left, right = st.columns(2)
    with left:
        fields.day("starts_on", "First day")
    with right:
        fields.day("ends_on", "Last day")


def _typed_days(form: Form) -> dict[str, Any]:
    days = {name: date.fromisoformat(form.typed[name]) for name in ("starts_on", "ends_on")}
    return {"name": form.typed["name"].strip(), **days}


def draw_activation(page: OkrPage, of: str) -> None:
    """Draft → Active, once its key results are complete."""
    record = page.context.store.objectives.get(number(of))
    _draw_step(
        page,
        f"activate {record.id}",
        f"“{record.title}” counts from now on: its key results are judged, and changing a target asks for a reason.",
        "Activate",
        lambda author: activate(page.context, record, author=author),
        f"Active: “{record.title}”.",
    )


def draw_reopening(page: OkrPage, of: str) -> None:
    """Closed → Active, with a reason."""
    record = page.context.store.objectives.get(number(of))
    form, fields = begin(page.context, f"reopen {record.id}", lambda: Start({"reason": ""}, record))
    draw_sentence(f"“{record.title}” becomes active again; its grades go, the story keeps them.")
    fields.line("reason", "Why it goes on")

    def save(form: Form, author: Author) -> str:
        reopen(page.context, form.record, form.typed["reason"], author=author)
        return f"Open again: “{record.title}”."

    finish(page.context, form, "Reopen", save)


def draw_archiving(page: OkrPage, of: str) -> None:
    """Archive what the address names; it can be brought back."""
    kind, record, title = _named(page, of)
    verbs: dict[str, tuple[Callable[..., Any], FormName]] = {
        "cycle": (saving.archive_cycle, "restore_cycle"),
        "objective": (saving.archive_objective, "restore_objective"),
        "key_result": (saving.archive_key_result, "restore_key_result"),
        "guardrail": (saving.archive_guardrail, "restore_guardrail"),
    }
    archive, restore = verbs[kind]

    def take(author: Author) -> None:
        archive(page.context, record, author=author)
        if record == page.quarter.cycle:
            choose("cycle", None)
        offer(form_link("Bring it back", restore, record.id))

    sentence = f"“{title}” leaves the board. Nothing is deleted: it can be brought back, and its story stays."
    _draw_step(page, f"archive {kind} {of}", sentence, "Archive", take, f"Archived: “{title}”.")


def draw_restoring(page: OkrPage, of: str) -> None:
    """Bring back what was archived."""
    kind, record, title = _named(page, of)
    verbs: dict[str, Callable[..., Any]] = {
        "cycle": page.context.store.cycles.restore,
        "objective": page.context.store.objectives.restore,
        "key_result": page.context.store.key_results.restore,
        "guardrail": page.context.store.guardrails.restore,
    }
    _draw_step(
        page,
        f"restore {kind} {of}",
        f"“{title}” comes back as it was.",
        "Bring back",
        lambda author: verbs[kind](record, author=author),
        f"Back: “{title}”.",
    )


def _named(page: OkrPage, of: str) -> tuple[str, Any, str]:
    """The kind of thing the form is about, its record and its title."""
    kind = unchecked("do").partition("_")[2]
    store = page.context.store
    tables: dict[str, Any] = {"objective": store.objectives, "key_result": store.key_results}
    tables |= {"guardrail": store.guardrails, "cycle": store.cycles}
    record = tables[kind].get(number(of))
    if kind == "guardrail":
        return kind, record, kvi_title(page.context.board.catalog, record.kvi, record.grain, record.where)
    return kind, record, record.name if kind == "cycle" else record.title


def _draw_step(
    page: OkrPage, name: str, sentence: str, label: str, take: Callable[[Author], object], message: str
) -> None:
    """A form that asks nothing but whether."""
    form, _ = begin(page.context, name, lambda: Start({}))
    draw_sentence(sentence)

    def save(form: Form, author: Author) -> str:
        take(author)
        return message

    finish(page.context, form, label, save)
