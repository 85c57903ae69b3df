"""A story as one HTML file: title, first step, contents, other steps. The pieces are in `blocks`, all in `page`."""

from kviboard.components.markup import text
from kviboard.documents.blocks import Step, Story
from kviboard.documents.html.blocks import anchor, step_html
from kviboard.documents.html.page import page_html
from kviboard.documents.sanitize import one_line

_FEW_STEPS = 3  # need no contents


def minutes_html(story: Story) -> str:
    """The whole story as a page that can be mailed, read on a phone and printed. What came of it stands first."""
    first, rest = ("".join(map(step_html, steps)) for steps in (story.steps[:1], story.steps[1:]))
    return page_html(one_line(story.title), f"{_header(story)}{first}{_contents(story.steps[1:])}{rest}")


def _header(story: Story) -> str:
    title = f'<h1 dir="auto">{text(one_line(story.title))}</h1>'
    return f'<header class="kvi-cover">{title}<p dir="auto">{text(one_line(story.subtitle))}</p></header>'


def _contents(steps: tuple[Step, ...]) -> str:
    if len(steps) <= _FEW_STEPS:
        return ""
    items = "".join(
        f'<li><a href="#{text(anchor(step))}" dir="auto">{text(one_line(step.title))}</a></li>' for step in steps
    )
    return f'<nav class="kvi-contents" aria-label="Contents"><ol>{items}</ol></nav>'
