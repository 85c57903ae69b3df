"""Short forms: begin a cycle, activate, reopen, archive, bring back. Closing is in closing."""

from collections.abc import Callable
from datetime import date
from typing import Any

import streamlit as st

from kviboard.board.okrs import saving
from kviboard.board.okrs.lifecycle import activate, reopen
from kviboard.board.okrs.proposals import propose_cycle
from kviboard.board.okrs.texts import kvi_title
from kviboard.domain.formatting import format_days
from kviboard.store import Author, NewCycle
from kviboard.ui.forms.form import Form, Start
from kviboard.ui.forms.saving import begin, draw_sentence, finish, number, offer
from kviboard.ui.okrs.links import FormName, form_link
from kviboard.ui.okrs.page import OkrPage
from kviboard.ui.url_state import choose, unchecked


def draw_new_cycle(page: OkrPage, of: str) -> None:
    """A new cycle: the next quarter is proposed. `of` is the objective that waits to be carried into it, if any."""
    new = propose_cycle(page.context)
    start = {"name": new.name, "starts_on": new.starts_on.isoformat(), "ends_on": new.ends_on.isoformat()}
    form, fields = begin(page.context, "new cycle", lambda: Start(start))
    fields.line("name", "Name")
    left, right = st.columns(2)
    with left:
        fields.day("starts_on", "First day")
    with right:
        fields.day("ends_on", "Last day")

    def save(form: Form, author: Author) -> str:
        days = {name: date.fromisoformat(form.typed[name]) for name in ("starts_on", "ends_on")}
        saved = saving.add_cycle(page.context, NewCycle(name=form.typed["name"].strip(), **days), author=author)
        choose("cycle", str(saved.id))
        if of:
            offer(form_link("Carry key results over", "carry_over", number(of)))
        return f"{saved.name} is there: {format_days(saved.starts_on, saved.ends_on)}."

    finish(page.context, form, "Add the cycle", save)


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
        "objective": (saving.archive_objective, "restore_objective"),
        "key_result": (saving.archive_key_result, "restore_key_result"),
        "guardrail": (saving.archive_guardrail, "restore_guardrail"),
    }
    archive, restore = verbs[kind]

    def take(author: Author) -> None:
        archive(page.context, record, author=author)
        offer(form_link("Bring it back", restore, record.id))

    sentence = f"“{title}” leaves the board. Nothing is deleted: it can be brought back, and its story stays."
    _draw_step(page, f"archive {kind} {of}", sentence, "Archive", take, f"Archived: “{title}”.")


def draw_restoring(page: OkrPage, of: str) -> None:
    """Bring back what was archived."""
    kind, record, title = _named(page, of)
    verbs: dict[str, Callable[..., Any]] = {
        "objective": saving.restore_objective,
        "key_result": saving.restore_key_result,
        "guardrail": page.context.store.guardrails.restore,
    }
    given = (page.context, record) if kind != "guardrail" else (record,)
    _draw_step(
        page,
        f"restore {kind} {of}",
        f"“{title}” comes back as it was.",
        "Bring back",
        lambda author: verbs[kind](*given, author=author),
        f"Back: “{title}”.",
    )


def _named(page: OkrPage, of: str) -> tuple[str, Any, str]:
    """The kind of thing the form is about, its record and its title."""
    kind = unchecked("do").partition("_")[2]
    store = page.context.store
    tables: dict[str, Any] = {"objective": store.objectives, "key_result": store.key_results}
    tables["guardrail"] = store.guardrails
    record = tables[kind].get(number(of))
    if kind == "guardrail":
        return kind, record, kvi_title(page.context.board.catalog, record.kvi, record.grain, record.where)
    return kind, record, record.title


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
