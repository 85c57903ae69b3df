"""What a form needs from the browser: long text that is kept while it is typed, and a name that the browser remembers.

Streamlit reads a text area when it is left. Here it is also read when the typist pauses, by telling it that it was left
while it is not, and before Escape closes the form: a moment earlier, since two messages at once would be taken for one.
"""

from functools import cache
from urllib.parse import quote

import streamlit as st

from kviboard.ui.person import COOKIE, person

_SECONDS = 365 * 24 * 3600
_BEHAVIOUR = """
const PAUSE = 700, BEFORE_CLOSING = 200;
const left = (field) => {
  field.dispatchEvent(new FocusEvent("focusout", { bubbles: true }));
  field.dispatchEvent(new FocusEvent("focusin", { bubbles: true }));
};
export default function ({ data }) {
  if (data.cookie) document.cookie = data.cookie;
  let timer;
  const typed = (event) => {
    if (event.target.tagName !== "TEXTAREA") return;
    clearTimeout(timer);
    timer = setTimeout(() => left(event.target), PAUSE);
  };
  const escape = (event) => {
    const field = event.target;
    if (event.key !== "Escape" || event.repeated || !["TEXTAREA", "INPUT"].includes(field.tagName)) return;
    if (!field.closest("[role=dialog]") || field.getAttribute("aria-expanded") === "true") return;
    event.stopImmediatePropagation();
    event.preventDefault();
    left(field);
    const again = new KeyboardEvent("keydown", { key: "Escape", bubbles: true, cancelable: true });
    again.repeated = true;
    setTimeout(() => field.dispatchEvent(again), BEFORE_CLOSING);
  };
  document.addEventListener("input", typed);
  document.addEventListener("keydown", escape, true);
  return () => {
    clearTimeout(timer);
    document.removeEventListener("input", typed);
    document.removeEventListener("keydown", escape, true);
  };
}
"""


def prepare_form() -> None:
    """Call once in every open form."""
    name = quote(person())
    cookie = f"{COOKIE}={name}; path=/; max-age={_SECONDS}; samesite=lax" if name else ""
    _component()(key="form-behaviour", data={"cookie": cookie})


@cache
def _component():  # type: ignore[no-untyped-def]  # Streamlit's component type is private
    return st.components.v2.component("kvi_form", html="<span></span>", js=_BEHAVIOUR)
