"""What the viewer chose: kept in the URL (defaults left out), shared by all pages of a session.

The URL wins when a link changed it; a widget wins when the viewer used it; a page opened without choices keeps the
session's. Streamlit's own binding writes labels instead of slugs and drops choices on a page change.
"""

from collections.abc import Sequence
from typing import Any

import streamlit as st

_CHOSEN, _WRITTEN, _PAGE, _IN_VAIN = "chosen", "url_written", "url_page", "url_in_vain"
_FORM = ("do", "of", "make")  # the open form, and what it is about
_FLEETING = (*_FORM, "customer", "nowhere")
"""The open form, the customer looked at, the page asked for in vain: only while the address says so."""


def arrives_at(page: str) -> bool:
    """Whether this run is the first on `page` since another one. Ask before `open_choices`."""
    return bool(st.session_state.get(_PAGE) != page)


def open_choices(page: str) -> None:
    """Take over what the URL of `page` says. Call once per run, before any choice is read."""
    state = st.session_state
    chosen: dict[str, list[str]] = state.setdefault(_CHOSEN, {})
    now = _url()
    arrived = state.get(_PAGE) != page
    if now != state.get(_WRITTEN) and (now or not arrived):
        if not arrived:
            chosen.clear()
        chosen.update(now)
    for name in _FLEETING:
        if name not in now:
            chosen.pop(name, None)
    state[_PAGE], state[_IN_VAIN] = page, {}


def close_choices(shown: Sequence[str]) -> None:
    """Write the choices of this page into the URL. `shown` names those that the page has; others wait for theirs."""
    chosen: dict[str, list[str]] = st.session_state[_CHOSEN]
    wanted = {name: chosen[name] for name in shown if chosen.get(name)}
    if wanted != _url():
        st.query_params.from_dict(wanted)
    st.session_state[_WRITTEN] = wanted


def choice(name: str, allowed: Sequence[str], default: str) -> str:
    """The chosen option's slug; the default where nothing valid is chosen."""
    values = chosen_values(name, allowed)
    return values[-1] if values else default


def chosen_values(name: str, allowed: Sequence[str]) -> list[str]:
    """The chosen slugs, those that do not exist (any more) left out: see `asked_in_vain`."""
    asked = st.session_state.get(_CHOSEN, {}).get(name, [])
    found = [value for value in asked if value in allowed]
    if len(found) < len(asked):
        st.session_state.setdefault(_IN_VAIN, {})[name] = [value for value in asked if value not in allowed]
    return found


def asked_in_vain() -> dict[str, list[str]]:
    """What was chosen and does not exist (any more), of the choices that were read so far: an old link may ask for
    it."""
    return dict(st.session_state.get(_IN_VAIN, {}))


def unchecked(name: str) -> str:
    """What the address says under a name, whatever it is; empty where it says nothing."""
    values = st.session_state.get(_CHOSEN, {}).get(name)
    return values[-1] if values else ""


def choose(name: str, values: Sequence[str] | str | None, default: str | None = None) -> None:
    """Keep a choice; the default is kept as no choice, so that a link does not freeze it."""
    chosen: dict[str, list[str]] = st.session_state.setdefault(_CHOSEN, {})
    kept = [values] if isinstance(values, str) else list(values or ())
    if not kept or kept == [default]:
        chosen.pop(name, None)
    else:
        chosen[name] = kept


def open_address(**changed: str) -> None:
    """Go where a link with these choices would lead, from within a callback; an empty text drops one."""
    for name, value in changed.items():
        if value:
            st.query_params[name] = value
        elif name in st.query_params:
            del st.query_params[name]


def widget_key(name: str, value: Any, default: str | None = None) -> dict[str, Any]:
    """Arguments that make a widget show `value` and keep what the viewer picks under `name`."""
    key = f"choice-{name}"
    st.session_state[key] = value
    return {"key": key, "on_change": lambda: choose(name, st.session_state[key], default)}


def link_parameters(**changed: str | list[str]) -> dict[str, str | list[str]]:
    """Query parameters of a link that keeps the viewer's choices and changes some; an empty text drops one. The form
    that is open stays behind."""
    kept = {name: value for name, value in st.session_state.get(_CHOSEN, {}).items() if name not in _FORM}
    chosen: dict[str, Any] = {**kept, **changed}
    return {name: value for name, value in chosen.items() if value}


def _url() -> dict[str, list[str]]:
    return {name: st.query_params.get_all(name) for name in st.query_params}
