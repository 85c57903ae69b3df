"""Small pieces of HTML that every OKR page shows the same: bars, badges, links to forms and stories."""

import re
from collections.abc import Iterable
from typing import Literal

from kviboard.board.okrs.views import KeyResultView, ObjectiveView
from kviboard.components.markup import link, text
from kviboard.components.progress import progress_bar
from kviboard.components.statuses import tone_of
from kviboard.domain.formatting import format_share
from kviboard.domain.okrs.badges import Badge
from kviboard.domain.okrs.status import Status
from kviboard.ui.page import href

FormName = Literal[
    "add_cycle",
    "edit_cycle",
    "add_objective",
    "edit_objective",
    "add_key_result",
    "edit_key_result",
    "add_guardrail",
    "edit_guardrail",
    "check_in",
    "correct",
    "activate",
    "close",
    "reopen",
    "carry_over",
    "archive_cycle",
    "archive_objective",
    "archive_key_result",
    "archive_guardrail",
    "restore_cycle",
    "restore_objective",
    "restore_key_result",
    "restore_guardrail",
    "take_back",
    "comment",
]
"""The forms that a link can open."""


def slug(name: str) -> str:
    """A name as it stands in an address: "On track" is on_track."""
    return re.sub(r"\W+", "_", name.lower()).strip("_")


def slugs(names: Iterable[str]) -> dict[str, str]:
    """Names by what stands for each in an address, every one its own: "C++" is c, then "C#" is c_2, "🚀" is name."""
    found: dict[str, str] = {}
    for name in names:
        base = place = slug(name) or "name"
        number = 1
        while place in found:
            number += 1
            place = f"{base}_{number}"
        found[place] = name
    return found


def badge(shown: Badge | None) -> str:
    """What is stale and why; nothing where all is fresh."""
    if shown is None:
        return ""
    return f'<span class="okr-badge">{text(shown.name)}</span><span class="okr-stale">{text(shown.reason)}</span>'


def bar(view: ObjectiveView | KeyResultView) -> str:
    """The progress bar with the mark of what is expected today; at the end, of what was needed."""
    expected = view.expected if isinstance(view, ObjectiveView) else view.judgement.expected
    done = "no value yet" if view.progress is None else f"{format_share(view.judgement.raw or 0.0)} done"
    stale = isinstance(view, KeyResultView) and view.badge is not None
    tone = "calm" if stale else tone_of(view.status, view.is_close)
    ended = view.judgement.elapsed >= 1 or view.status in (Status.ACHIEVED, Status.MISSED)
    raw = view.judgement.raw if isinstance(view, KeyResultView) else view.progress
    return progress_bar(
        raw, expected, tone, f"{done}, {format_share(expected)} {'needed' if ended else 'expected today'}"
    )


def form_link(label: str, form: FormName, of: int | str | None = None, about: str = "") -> str:
    """A link that opens a form beside the page. `about` completes its name for a screen reader: "Check in: NPS"."""
    named = f"{label}: {about}" if about else label
    html = link(label, href("okrs", do=form, of="" if of is None else str(of)))
    return html.replace("<a ", f'<a aria-label="{text(named)}" ', 1)


def links(*forms: tuple[str, FormName], of: int | str | None = None, about: str = "") -> str:
    """A line of links to forms about the same thing."""
    line = " · ".join(form_link(label, form, of, about) for label, form in forms)
    return f'<p class="okr-links">{line}</p>'


def story_link(label: str, objective_id: int) -> str:
    """A link to the story of an objective."""
    return link(label, href("okrs", objective=str(objective_id)))
