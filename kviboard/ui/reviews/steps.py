"""The steps of a review as HTML, drawn once: a chart takes a moment, and hardly any step changes between two reruns."""

from kviboard.caching import shared_cache
from kviboard.documents.blocks import Step, Story
from kviboard.documents.html.blocks import PAGE, PHONE, WALL, Size, step_html


def steps_on_page(story: Story) -> list[str]:
    """Each step as the overview shows it, wide and on a phone."""
    return [_drawn(repr(step), PAGE, PHONE, step) for step in story.steps]


def step_on_screen(step: Step) -> str:
    """A step as the big screen shows it."""
    return _drawn(repr(step), WALL, None, step)


@shared_cache(most=400, by=3)
def _drawn(step_text: str, chart: Size, narrow: Size | None, step: Step) -> str:
    return step_html(step, chart, narrow)
