"""A form that loses nothing: what is typed survives errors, dismissal, a lost session and somebody else's save.

Owns the state of a form and its saving. It holds values as JSON has them (a day is 2026-11-03), under the names of its
fields; those are drawn in `fields`. What a form is about, and the use case that saves it, belong to each form.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from typing import Any
from uuid import uuid4

import streamlit as st

from kviboard.domain.formatting import listed
from kviboard.errors import ConflictError, StoreError
from kviboard.store import Author, Store
from kviboard.store.saving import moment_text
from kviboard.ui.access import visitor
from kviboard.ui.author import author, draw_person, person
from kviboard.ui.markdown import plain
from kviboard.ui.served import company_zone

_FORMS, _FLASH = "forms", "flash"
_NAMELESS = "Enter your name to save, in the field below."
Values = Mapping[str, Any]


@dataclass(frozen=True)
class Start:
    """What a form shows at first, and the record it edits at the version it was read at."""

    values: Values
    record: Any = None


@dataclass
class Form:
    """A form that is open. `base` is what it showed at first; `typed` what it shows now."""

    name: str
    read: Callable[[], Start]
    typed: dict[str, Any]
    base: dict[str, Any]
    record: Any
    idempotency_key: str = field(default_factory=lambda: uuid4().hex)
    errors: tuple[str, ...] = ()  # why it was not saved
    notice: str = ""  # what happened to its text
    turns: dict[str, int] = field(default_factory=dict)  # how often a field was changed from outside
    shown: dict[str, Any] = field(default_factory=dict)  # what the widget of each field began with
    replaced: dict[str, tuple[Any, Any]] = field(
        default_factory=dict
    )  # what was put into a field, and what it replaced

    def key(self, name: str) -> str:
        """The key of the widget that shows a field: another one after a change from outside and in a new form."""
        return f"form-{self.name}-{name}-{self.idempotency_key[:8]}-{self.turns.get(name, 0)}"

    def put(self, name: str, value: Any) -> None:
        """Change a field from outside, not from its own widget."""
        self.typed[name] = value
        self.turns[name] = self.turns.get(name, 0) + 1

    def first_value(self, name: str) -> Any:
        """What the widget of a field begins with. The same in every run: a value that changes would be ignored, and one
        that is set once would be lost where a run is cut short before the browser has drawn it."""
        if self.key(name) not in st.session_state:
            self.shown[name] = self.typed[name]
        return self.shown[name]

    def rebase(self, start: Start) -> list[str]:
        """Lay what was typed over what somebody else saved meanwhile; the fields that both changed."""
        fresh = dict(start.values)
        mine = {name for name, value in self.typed.items() if value != self.base.get(name)}
        theirs = {name for name, value in fresh.items() if value != self.base.get(name)}
        for name in theirs - mine:
            self.put(name, fresh[name])
        both = sorted(name for name in mine & theirs if self.typed[name] != fresh[name])
        self.base, self.record = fresh, start.record
        return both


Save = Callable[[Form, Author], str]
"""Saves what is typed and returns the sentence that says so. Raises StoreError."""


def open_form(store: Store, name: str, read: Callable[[], Start]) -> Form:
    """The form of this name as it was left in this session, else with the draft kept for this person, else fresh.

    Raises StoreError where what it is about cannot be read.
    """
    forms: dict[str, Form] = st.session_state.setdefault(_FORMS, {})
    found = forms.get(name)
    if found is None:
        start = read()
        found = forms[name] = Form(name, read, dict(start.values), dict(start.values), start.record)
        _restore(store, found)
    found.read = read
    return found


def keep(store: Store, form: Form) -> None:
    """Keep what is typed as a draft, so that it outlives the session. Called after every change."""
    form.notice = ""
    if not person():
        return
    try:
        if form.typed == form.base:
            store.drafts.drop(form.name, visitor().key)
        else:
            draft = {"typed": form.typed, "base": form.base}
            store.drafts.keep(form.name, draft, at=datetime.now(UTC), by=visitor().key)
    except StoreError as error:
        form.notice = f"Your text is kept in this window only: {error}"


def draw_notice(form: Form) -> None:
    """Say what happened to the text of a form: that it is back, or is not kept."""
    if form.notice:
        st.caption(plain(form.notice))


def draw_save(store: Store, form: Form, label: str, save: Save, close: Callable[[], None]) -> None:
    """Draw why it was not saved, who saves, and the button; `close` closes the form once it is saved."""
    if form.errors:
        st.error("\n\n".join(plain(sentence) for sentence in form.errors), icon="✖️")
    pressed = (store, form, save, close)
    draw_person(partial(_save, *pressed) if _NAMELESS in form.errors else None)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(label, type="primary", on_click=_save, args=pressed, shortcut="ctrl+enter", key=form.key("/save"))
        if form.typed != form.base:
            st.button("Discard draft", on_click=forget, args=(store, form), key=form.key("/afresh"))


def take_flash() -> str:
    """The sentence about the last save, once."""
    return str(st.session_state.pop(_FLASH, ""))


def _save(store: Store, form: Form, save: Save, close: Callable[[], None]) -> None:
    if form.name not in st.session_state.get(_FORMS, {}):
        return  # the second click of a double click: it is saved
    if not person():
        form.errors = (_NAMELESS,)
        return
    try:
        sentence = save(form, author(form.idempotency_key))
    except ConflictError as error:
        form.errors = (str(error), *_merged(form))
        keep(store, form)
    except StoreError as error:
        form.errors = ("Not saved.", *map(str, error.problems)) if error.problems else (str(error),)
    else:
        st.session_state[_FLASH] = sentence
        forget(store, form)
        close()


def _merged(form: Form) -> list[str]:
    """Take over what others changed; say which of their words yours would replace."""
    try:
        both = form.rebase(form.read())
    except StoreError as error:
        return [str(error)]
    errors = ["What they changed is filled in; what you typed stayed."]
    errors += [f"You both changed the {name.replace('_', ' ')}; theirs: “{form.base[name]}”." for name in both]
    return errors


def _restore(store: Store, form: Form) -> None:
    try:
        draft = store.drafts.get(form.name, visitor().key) if person() else None
    except StoreError:
        return
    if draft is None:
        return
    fresh = Start(form.base, form.record)
    form.base = dict(draft.typed["base"])
    form.typed = {name: draft.typed["typed"].get(name, value) for name, value in fresh.values.items()}
    both = form.rebase(fresh)
    form.notice = f"What you typed on {moment_text(draft.kept_at, company_zone())}, not saved yet, is back."
    if both:
        names = listed([name.replace("_", " ") for name in both])
        form.notice += f" Somebody changed the {names} since: saving puts yours in its place."


def forget(store: Store, form: Form) -> None:
    """Drop the form and its draft, once it is saved or given up; what the draft table refuses now is dropped with the
    next save."""
    st.session_state[_FORMS].pop(form.name, None)
    with suppress(StoreError):
        store.drafts.drop(form.name, visitor().key)
