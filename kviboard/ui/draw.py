"""Draws charts on a page."""

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from kviboard.charts.theme import Chart
from kviboard.components.markup import text

Heard = Mapping[str, Callable[[list[str]], None]]
"""By the name of a selection in a chart's spec who hears the keys of what a reader selected, in their order."""


def draw_chart(chart: Chart, key: str, heard: Heard | None = None, alt: str | None = None) -> None:
    """Draw the chart over the full width; its message is its text for those who cannot see it.

    `alt` stands there instead, where what follows has the message as `unseen_message`: the text is part of what the
    browser makes a chart of, so that one with another text is made anew, and one with the same only gets other rows.
    """
    more: dict[str, Any] = {}
    if heard:
        more = {"on_select": lambda: _hear(key, heard), "selection_mode": list(heard)}
    height = chart.spec.get("height")
    if isinstance(height, int):
        more["height"] = height  # the place is kept while the browser gets what draws it
    st.vega_lite_chart(chart.frame, chart.spec, width="stretch", theme=None, key=key, alt=alt or chart.alt, **more)


def unseen_message(*charts: Chart) -> str:
    """HTML that only those hear who cannot see these charts."""
    return f'<span class="kvi-unseen">{text(" ".join(chart.alt for chart in charts))}</span>'


def _hear(key: str, heard: Heard) -> None:
    for name, then in heard.items():
        found = st.session_state[key].selection.get(name) or []
        keys = found.get("key", []) if isinstance(found, Mapping) else [each["key"] for each in found]
        if keys:
            then([str(each) for each in keys])
