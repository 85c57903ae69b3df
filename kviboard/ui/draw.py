"""Draws charts on a page."""

import streamlit as st

from kviboard.charts.theme import Chart


def draw_chart(chart: Chart, key: str) -> None:
    """Draw the chart over the full width; its message is its text for those who cannot see it."""
    st.vega_lite_chart(chart.frame, chart.spec, width="stretch", theme=None, key=key, alt=chart.alt)
