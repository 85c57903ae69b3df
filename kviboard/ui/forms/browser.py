"""What a form needs from the browser: text that is kept while it is typed, the keyboard, a name that is remembered.

Streamlit reads a text area when it is left. Here it is also read when the typist pauses, by telling it that it was left
while it is not, and before Escape closes the form: a moment earlier, since two messages at once would be taken for one.
What the server has not read yet, because the page was reloaded or the server was gone, waits in the tab's own storage
until the form is there again. Ctrl+Enter saves from every field, also where Streamlit would press the button that has
the focus. Owners are offered from the people the board knows.
After the form the focus goes to what the page says of it, else to the link that opened it, and the page
stands at the card that was saved.
"""

from functools import cache
from urllib.parse import quote, unquote

import streamlit as st

from kviboard.errors import StoreError
from kviboard.ui import known
from kviboard.ui.person import COOKIE, said_name
from kviboard.ui.served import workspace

_SECONDS = 365 * 24 * 3600
_BEHAVIOUR = """
const PAUSE = 700, BEFORE_CLOSING = 200, SOON = 100, PATIENCE = 3000;
const PLACES = ":is([role=dialog], .st-key-workshop)";
const FIELDS = `${PLACES} :is(textarea, input[type=text]:not([role=combobox]))`;
const ENDS = ":is([class*=-afresh-], .st-key-kvi-draft, .st-key-kvi-save) button"; // it is saved, or given up
const opened = () => {
  const address = new URLSearchParams(location.search);
  const [form, about, make, kvi] = ["do", "of", "make", "kvi"].map((name) => address.get(name));
  return form ? `form ${form} ${about ?? ""} ` : make ? `form make-${make} ${kvi ?? ""} ` : "";
};
const nameOf = (field) => {
  const place = field.closest("[class*=st-key-form-]");
  const key = [...(place?.classList ?? [])].find((name) => name.startsWith("st-key-form-"));
  return key?.replace(/-[0-9a-f]{8}-[0-9]+$/, "");
};
const left = (field) => {
  field.dispatchEvent(new FocusEvent("focusout", { bubbles: true }));
  field.dispatchEvent(new FocusEvent("focusin", { bubbles: true }));
};
const rewrite = (field, text) => {
  const kind = field.tagName === "TEXTAREA" ? HTMLTextAreaElement : HTMLInputElement;
  Object.getOwnPropertyDescriptor(kind.prototype, "value").set.call(field, text);
  field.dispatchEvent(new Event("input", { bubbles: true }));
  left(field);
};
const forget = (form) => {
  const stored = Object.keys(sessionStorage).filter((name) => name.startsWith(form));
  stored.forEach((name) => sessionStorage.removeItem(name));
};
const bringBack = (form, until) => {
  if (!form || opened() !== form || Date.now() > until) return;
  for (const field of document.querySelectorAll(FIELDS)) {
    const typed = sessionStorage.getItem(form + nameOf(field));
    if (typed && typed !== field.value) rewrite(field, typed); // what was emptied may have been filled in since
  }
  setTimeout(bringBack, SOON, form, until);
};
const afterwards = (form, until) => {
  const later = () => Date.now() < until && setTimeout(afterwards, SOON, form, until);
  if (opened() === form) return later(); // the page may lose its form before the address does
  forget(form);
  const told = document.querySelector(".okr-told");
  const [, which, about] = form.split(" ");
  const links = [...document.querySelectorAll("a.kvi-link")].map((link) => [link, new URL(link.href).searchParams]);
  const opener = links.find(([, to]) => to.get("do") === which && (to.get("of") ?? "") === about)?.[0];
  const lost = document.activeElement === document.body || document.activeElement === null;
  if (told) told.tabIndex = -1;
  if (!told && later()) return;
  const card = document.getElementById(told?.dataset.at ?? "");
  if (told?.dataset.at && !card && later()) return;
  card?.scrollIntoView({ block: "center" });
  if (lost) (told ?? opener)?.focus({ preventScroll: true });
};
const OWNERS = ["Owner", "Who calls", "Who owns it?"].map((label) => `${PLACES} input[aria-label="${label}"]`).join();
const offerPeople = (people) => {
  const list = document.getElementById("kvi-people") ?? document.createElement("datalist");
  list.id = "kvi-people";
  list.replaceChildren(...people.map((name) => Object.assign(document.createElement("option"), { value: name })));
  document.body.append(list);
  const attach = () => document.querySelector(OWNERS)?.setAttribute("list", list.id);
  const drawn = new MutationObserver(attach);
  drawn.observe(document.querySelector(PLACES) ?? document.body, { childList: true, subtree: true });
  attach();
  return drawn;
};
export default function ({ data }) {
  if (data.cookie) document.cookie = data.cookie;
  const drawn = offerPeople(data.people);
  const form = opened(), app = document.querySelector("[data-testid=stApp]");
  const again = () => app.dataset.testConnectionState === "CONNECTED" && bringBack(form, Date.now() + PATIENCE);
  const connection = new MutationObserver(again);
  connection.observe(app, { attributes: true, attributeFilter: ["data-test-connection-state"] });
  again();
  const afresh = (event) => event.target.closest?.(ENDS) && forget(form);
  let timer;
  const typed = (event) => {
    if (!event.target.matches(FIELDS)) return;
    if (form && event.isTrusted && nameOf(event.target))
      sessionStorage.setItem(form + nameOf(event.target), event.target.value);
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
    const repeated = new KeyboardEvent("keydown", { key: "Escape", bubbles: true, cancelable: true });
    repeated.repeated = true;
    setTimeout(() => field.dispatchEvent(repeated), BEFORE_CLOSING);
  };
  const save = (event) => {
    const dialog = event.target.closest?.("[role=dialog]");
    if (!dialog || event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    if (["TEXTAREA", "INPUT"].includes(event.target.tagName)) return;
    event.stopImmediatePropagation();
    event.preventDefault();
    dialog.querySelector("[data-testid=stBaseButton-primary]")?.click();
  };
  document.addEventListener("input", typed);
  document.addEventListener("click", afresh, true);
  document.addEventListener("keydown", escape, true);
  document.addEventListener("keydown", save, true);
  return () => {
    clearTimeout(timer);
    connection.disconnect();
    drawn.disconnect();
    document.removeEventListener("input", typed);
    document.removeEventListener("click", afresh, true);
    document.removeEventListener("keydown", escape, true);
    document.removeEventListener("keydown", save, true);
    if (form && opened() !== form) forget(form); // at once: the page may be left before the next look
    if (form) setTimeout(afterwards, SOON, form, Date.now() + PATIENCE);
  };
}
"""
_KEEP = "export default function ({ data }) { document.cookie = data.cookie; }"


def prepare_form() -> None:
    """Call once in every open form."""
    _component()(key="form-behaviour", data={"cookie": _cookie(), "people": _people()})


def keep_name() -> None:
    """Let the browser remember the name of who has just saved, whose form is gone before it could."""
    cookie = _cookie()
    if cookie and unquote(st.context.cookies.get(COOKIE, "")) != said_name():
        _keeper()(key="form-name", data={"cookie": cookie})


def _cookie() -> str:
    name = "" if workspace().sign_in.is_on else quote(said_name())
    return f"{COOKIE}={name}; path=/; max-age={_SECONDS}; samesite=lax" if name else ""


def _people() -> list[str]:
    """Names to choose an owner from; none where the store is out of reach, which the form says itself."""
    try:
        return list(known.people())
    except StoreError:
        return []


@cache
def _component():  # type: ignore[no-untyped-def]  # Streamlit's component type is private
    return st.components.v2.component("kvi_form", html="<span></span>", js=_BEHAVIOUR)


@cache
def _keeper():  # type: ignore[no-untyped-def]
    return st.components.v2.component("kvi_name", html="<span></span>", js=_KEEP)
