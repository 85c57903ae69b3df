"""Draws charts on a page."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from kviboard.charts.theme import Chart


def draw_chart(chart: Chart, key: str, picked: str = "", then: Callable[[str], None] | None = None) -> None:
    """Draw the chart over the full width; its message is its text for those who cannot see it. `then` hears the key of
    what a click picked, where its spec has a selection of the name `picked`."""
    more: dict[str, Any] = {}
    if then is not None:
        more = {"on_select": lambda: _hear(key, picked, then), "selection_mode": picked}
    st.vega_lite_chart(chart.frame, chart.spec, width="stretch", theme=None, key=key, alt=chart.alt, **more)


def _hear(key: str, picked: str, then: Callable[[str], None]) -> None:
    found = st.session_state[key].selection.get(picked) or []
    if found:
        then(str(found[0]["key"]))
