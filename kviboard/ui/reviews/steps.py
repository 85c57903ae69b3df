"""The steps of a review as HTML, drawn once: a chart takes a moment, and hardly any step changes between two reruns."""

import streamlit as st

from kviboard.documents.blocks import Step, Story
from kviboard.documents.html.blocks import PAGE, PHONE, WALL, Size, step_html


def steps_on_page(story: Story) -> list[str]:
    """Each step as the overview shows it, wide and on a phone."""
    return [_drawn(repr(step), PAGE, PHONE, step) for step in story.steps]


def step_on_screen(step: Step) -> str:
    """A step as the big screen shows it."""
    return _drawn(repr(step), WALL, None, step)


@st.cache_resource(show_spinner=False, max_entries=400)  # text, which nobody can change
def _drawn(step_text: str, chart: Size, narrow: Size | None, _step: Step) -> str:
    return step_html(_step, chart, narrow)
