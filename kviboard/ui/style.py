"""The look of every page: style sheet and links that stay in the app. Pieces of HTML are in `components`.

Everything that comes from data goes through `markup.text` before it becomes HTML.
"""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import streamlit as st

from kviboard.components.markup import section
from kviboard.components.style import style_of_pieces
from kviboard.ui.sections import SECTIONS

# A reader opens our links without a page load: the address changes, Streamlit hears of it as of the back button and
# runs the page. Without this script, or with a modifier key, they are ordinary links. A click anywhere or Escape
# closes what a tile says about itself. Dialogs and popovers lie outside the element that has the theme's colour scheme,
# so the document takes it over. The frame of a drag over a chart calls itself a picture, which has no words of its own.
_BEHAVIOUR = """
export default function () {
  const follow = (event) => {
    const link = event.target.closest?.("a[data-kvi-link]");
    const plain = !event.button && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
    if (!link || !plain || event.defaultPrevented) return;
    event.preventDefault();
    window.history.pushState({}, "", link.href);
    window.dispatchEvent(new PopStateEvent("popstate"));
    document.querySelector("[data-testid=stMain]")?.scrollTo(0, 0);
  };
  const close = (event) => {
    if (event.type === "keydown" && event.key !== "Escape") return;
    for (const open of document.querySelectorAll("details.kvi-about[open]"))
      if (event.type === "keydown" || !open.contains(event.target)) open.open = false;
  };
  const app = document.querySelector("[data-testid=stApp]");
  const adopt = () => { document.documentElement.style.colorScheme = getComputedStyle(app).colorScheme; };
  const theme = new MutationObserver(adopt);
  theme.observe(app, { attributes: true, attributeFilter: ["class"] });
  adopt();
  const quieten = () => {
    for (const frame of document.querySelectorAll('g[class*="_brush"][role]')) frame.removeAttribute("role");
  };
  const frames = new MutationObserver(quieten);
  frames.observe(app, { childList: true, subtree: true, attributes: true, attributeFilter: ["role"] });
  quieten(); // a chart may have been drawn before this came
  document.addEventListener("click", follow);
  document.addEventListener("click", close);
  document.addEventListener("keydown", close);
  return () => {
    theme.disconnect();
    frames.disconnect();
    document.removeEventListener("click", follow);
    document.removeEventListener("click", close);
    document.removeEventListener("keydown", close);
  };
}
"""


_FORM = ':is([href*="?do="],[href*="&do="],[href*="&amp;do="])'
_NO_FORMS = (
    f"a{_FORM},:is(.okr-links,.kvi-aside,.kvi-answer):has(a):not(:has(a:not({_FORM}))){{display:none !important}}"
    ".okr-todos li{padding-left:0 !important;text-indent:0 !important}"
    ".okr-todos a.kvi-link{min-width:0 !important;margin-right:0.5rem}"  # no column where most lines have no link
)
"""Without a link to a form nothing stands that was there for it alone: no dot between two, no room before a line."""

_BEGINS = ",".join(f'[href$="/{path}"]' for (_, _, path), *_ in SECTIONS.values() if path)
_FIRST_OF_GROUP = f'a[data-testid="stTopNavLink"]:is({_BEGINS})'
_MENU_GROUPS = (
    f"{_FIRST_OF_GROUP}{{position:relative;margin-left:1rem}}"
    f'{_FIRST_OF_GROUP}::before{{content:"";position:absolute;inset:0 auto 0 -0.5rem;'
    "border-left:1px solid var(--kvi-grid)}"
)
"""A fine line before each section of the menu. Streamlit's own sections would hide its pages behind a click more. The
line is the link's own: :has, on what is around it, is looked at again while a page draws."""


def dress_page(writes: bool) -> None:
    """Give the page its style sheet, links and small behaviour; call once per run, before anything is drawn. Without
    `writes` no link leads to a form."""
    st.html(_sheet(writes))
    _behaviour()(key="kvi-links")


@dataclass(frozen=True)
class _Sheet:
    """A style sheet that says itself what it is: of a text Streamlit would look for a margin, at each run of a page."""

    html: str

    def _repr_html_(self) -> str:
        return self.html


@cache
def _sheet(writes: bool) -> _Sheet:
    return _Sheet(f"<style>{style_sheet()}{_MENU_GROUPS}{'' if writes else _NO_FORMS}</style>")


@cache
def style_sheet() -> str:
    """The style sheet with the palette's colours; sizes are in rem, so that larger text scales them all."""
    files = sorted(Path(__file__).parent.rglob("*.css"), key=lambda path: path.name)
    rules = "\n".join(path.read_text(encoding="utf-8") for path in files)
    return " ".join(re.sub(r"/\*.*?\*/", "", f"{style_of_pieces()}{rules}", flags=re.DOTALL).split())


@cache
def _behaviour():  # type: ignore[no-untyped-def]  # Streamlit's component type is private
    return st.components.v2.component("kvi_behaviour", html="<span></span>", js=_BEHAVIOUR)


def draw_section(title: str, note: str, body: str, otherwise: str = "") -> None:
    """Draw a part of a page: its heading, a note in one quiet line, and its HTML or a sentence where that is empty."""
    draw_html(section(title, note, body, otherwise))


def draw_html(html: str) -> None:
    """Draw HTML whose texts were made safe by `markup.text`."""
    st.markdown(html, unsafe_allow_html=True)
