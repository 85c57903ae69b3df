"""The fields of a form: each shows what is typed and keeps every change, in the session and as a draft in the store."""

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from typing import Any

import streamlit as st

from kviboard.store import Store
from kviboard.ui.forms.form import Form, keep

PAUSE = "300ms"  # of typing, after which a live field is read
Then = Callable[[], None]


class Fields:
    """Draws fields of one form. Names are those of the form's values; `then` runs when a field was changed."""

    def __init__(self, store: Store, form: Form) -> None:
        self._store, self._form = store, form
        self._offered: dict[str, list[Any]] = st.session_state.setdefault(f"offered-{form.name}", {})

    def line(self, name: str, label: str, then: Then | None = None, **more: Any) -> str:
        """One line of text, read while it is typed."""
        st.text_input(label, self._form.first_value(name), live=PAUSE, **self._bound(name, then), **more)
        return str(self._form.typed[name])

    def lines(self, name: str, label: str, **more: Any) -> str:
        """Several lines of text, all in sight unless `height` is less; read when the typist pauses, see `browser`."""
        more = {"height": "content", **more}
        st.text_area(label, self._form.first_value(name), **self._bound(name), **more)
        return str(self._form.typed[name])

    def one(
        self,
        name: str,
        label: str,
        options: Sequence[Any],
        show: Callable[[Any], str] = str,
        then: Then | None = None,
        **more: Any,
    ) -> Any:
        """One of several, from a list."""
        self._offer(name, options)
        first = self._form.first_value(name)
        place = list(options).index(first) if first in options else None
        st.selectbox(label, options, place, format_func=show, **self._bound(name, then), **more)
        return self._form.typed[name]

    def choice(
        self,
        name: str,
        label: str,
        options: Sequence[Any],
        show: Callable[[Any], str] = str,
        then: Then | None = None,
        **more: Any,
    ) -> Any:
        """One of a few, all in sight; none where nothing is chosen yet."""
        self._offer(name, options)
        first = self._form.first_value(name)
        bound = self._bound(name, then)
        st.segmented_control(label, options, default=first, format_func=show, **bound, **more)
        return self._form.typed[name]

    def many(self, name: str, label: str, options: Sequence[Any], then: Then | None = None, **more: Any) -> list[Any]:
        """Any number of several."""
        self._offer(name, options)
        st.multiselect(
            label, options, self._form.first_value(name), select_all=False, **self._bound(name, then), **more
        )
        return list(self._form.typed[name])

    def tick(self, name: str, label: str, **more: Any) -> bool:
        """Yes or no."""
        st.checkbox(label, self._form.first_value(name), **self._bound(name), **more)
        return bool(self._form.typed[name])

    def whole(self, name: str, label: str, **more: Any) -> int:
        """A whole number."""
        st.number_input(label, value=self._form.first_value(name), step=1, **self._bound(name), **more)
        return int(self._form.typed[name])

    def day(self, name: str, label: str, **more: Any) -> date | None:
        """A day, or none where it began empty."""
        first = as_day(self._form.first_value(name))
        st.date_input(label, first, format="DD/MM/YYYY", **self._bound(name, read=_as_text), **more)
        return as_day(self._form.typed[name])

    def _offer(self, name: str, options: Sequence[Any]) -> None:
        """What cannot be chosen any more is let go; a field that offers other options than before begins anew."""
        value, offered = self._form.typed[name], list(options)
        if isinstance(value, list):
            value = [each for each in value if each in offered]
        elif value not in offered:
            value = None
        if value != self._form.typed[name] or self._offered.get(name, offered) != offered:
            self._form.put(name, value)
        self._offered[name] = offered

    def _bound(
        self, name: str, then: Then | None = None, read: Callable[[Any], Any] = lambda value: value
    ) -> dict[str, Any]:
        """The arguments that tie a widget to its value."""
        key = self._form.key(name)
        return {"key": key, "on_change": partial(_changed, self._store, self._form, name, key, read, then)}


def as_day(text: str | None) -> date | None:
    """The day that a form holds as text."""
    return date.fromisoformat(text) if text else None


def _changed(store: Store, form: Form, name: str, key: str, read: Callable[[Any], Any], then: Then | None) -> None:
    form.typed[name] = read(st.session_state[key])
    if then is not None:
        then()
    keep(store, form)


def _as_text(day: date | None) -> str:
    return day.isoformat() if day else ""
