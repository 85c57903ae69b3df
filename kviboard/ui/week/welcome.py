"""What a first visit is told, in three sentences that this browser can put away for good."""

from functools import cache

import streamlit as st

_SENTENCES = (
    "A Key Value Indicator ties what customers get to what the company gets; a tile says first what is unusual.",
    "Red waits for somebody: owner and open actions stand on the tile, and a click shows the trend and why it moved.",
    "What shows its usual ups and downs is left alone. Ctrl K (⌘ K) goes to any page, KVI, objective or customer.",
)
_ONCE = """
export default function ({ data, parentElement }) {
  const place = parentElement.querySelector(".kvi-welcome");
  const seen = () => { try { return localStorage.getItem("kvi-welcome") } catch { return "no storage" } };
  if (seen()) return;
  place.innerHTML = "<ol></ol><button type='button'>Got it</button>";
  for (const sentence of data.sentences) {
    const item = document.createElement("li");
    item.textContent = sentence;
    place.querySelector("ol").append(item);
  }
  place.querySelector("button").addEventListener("click", () => {
    localStorage.setItem("kvi-welcome", "seen");
    place.replaceChildren();
  });
}
"""


def draw_welcome() -> None:
    """Draw the three sentences until they are put away; nothing where the browser keeps nothing."""
    _component()(key="kvi-welcome", data={"sentences": list(_SENTENCES)})


@cache
def _component():  # type: ignore[no-untyped-def]  # Streamlit's component type is private
    return st.components.v2.component(
        "kvi_welcome", html='<div class="kvi-welcome"></div>', js=_ONCE, isolate_styles=False
    )
