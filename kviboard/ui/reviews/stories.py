"""User stories of a sprint: a file that somebody drops, and for each story whether it says what a customer gets."""

from collections.abc import Sequence

import streamlit as st

from kviboard.board.brought import MOST_MB
from kviboard.board.kvis.tables import csv_file
from kviboard.board.reviews.stories import are_kept, keep_stories
from kviboard.board.wording.stories import CoachedStory, coach_file, in_words, stories_csv
from kviboard.components.markup import quiet, text
from kviboard.domain.reviews.predictions import Stage
from kviboard.domain.wording.stories import STORY_RULES
from kviboard.errors import StoreError, UsageError
from kviboard.ui import served
from kviboard.ui.access import may
from kviboard.ui.forms.sent import kept_for_now
from kviboard.ui.markdown import plain
from kviboard.ui.reviews.page import ReviewPage, now_author
from kviboard.ui.streamlit_internals import UploadedFile
from kviboard.ui.style import draw_html

_KEPT, _SAID = "review-stories", "review-stories-said"
_MOST = 200  # stories that are shown; the CSV has them all
_MARKS = {True: ("kvi-good", "✓ says it"), False: ("kvi-bad", "✗ not yet"), None: ("kvi-quiet", "◌ language not known")}


def draw_stories(page: ReviewPage) -> None:
    """A fold with the field; what is closed costs nothing."""
    box = st.expander("Coach user stories", key="review-stories-box", on_change="rerun")
    if not box.open:
        return
    with box:
        label = "Stories of a sprint (CSV or XLSX of Jira, Azure DevOps or any other). They are kept where you say so."
        sent = st.file_uploader(label, ["csv", "tsv", "xlsx"], key="review-stories-file", max_upload_size=MOST_MB)
        if sent is not None:
            try:
                coached, unread = _coached(page, sent)
            except UsageError as error:
                st.error(plain(str(error)))
                return
            _draw(page, coached, unread)


def _coached(page: ReviewPage, sent: UploadedFile) -> tuple[list[CoachedStory], tuple[str, ...]]:
    """What the coach says of a file; kept while the file is there. Raises UsageError."""
    held = st.session_state.get(_KEPT)
    if held is None or held[0] != sent.file_id:
        with kept_for_now(sent) as file:
            said = coach_file(file, page.context.kinds_of_customers, served.apart())
        held = st.session_state[_KEPT] = (sent.file_id, *said)
    return held[1], held[2]


def _draw(page: ReviewPage, coached: Sequence[CoachedStory], unread: Sequence[str]) -> None:
    ordered = sorted(coached, key=lambda each: each.passes)  # what can be mended first
    items = "".join(f"<li>{_story(each)}</li>" for each in ordered[:_MOST])
    more = quiet(f"And {len(ordered) - _MOST:,} more, in the CSV.") if len(ordered) > _MOST else ""
    left = "".join(quiet(sentence) for sentence in unread)
    draw_html(f'<p><b>{text(in_words(coached))}</b></p>{left}<ul class="review-stories" role="list">{items}</ul>{more}')
    file = csv_file(stories_csv(coached))
    st.download_button("CSV", file, "stories.csv", "text/csv", on_click="ignore", key="csv-stories")
    _draw_keeping(page, coached)


def _draw_keeping(page: ReviewPage, coached: Sequence[CoachedStory]) -> None:
    """The button that keeps them for the sprint, or what the opening says already."""
    title = page.chosen.title
    if page.chosen.stage in (Stage.OPEN, Stage.CLOSED):
        draw_html(quiet(f"{title} is open: its record keeps what was said of its stories at the opening."))
    elif may("write"):
        told = "instead of those kept before" if are_kept(page.context, page.chosen.sprint) else "for its opening"
        st.button(f"Keep them for {title}, {told}", key="keep-stories", on_click=_keep, args=(page, coached))
    said = st.session_state.pop(_SAID, "")
    if said:
        draw_html(f'<p role="status">{text(said)}</p>')


def _keep(page: ReviewPage, coached: Sequence[CoachedStory]) -> None:
    try:
        keep_stories(page.context, page.chosen.sprint, coached, author=now_author())
        st.session_state[_SAID] = f"Kept: the opening of {page.chosen.title} will say it."
    except StoreError as error:
        st.session_state[_SAID] = str(error)


def _story(story: CoachedStory) -> str:
    tone, mark = _MARKS[story.passes if story.language else None]
    findings = "".join(
        f"<small>{text(STORY_RULES[each.rule])} <q>{text(each.quote)}</q>: {text(each.rewrite)}</small>"
        for each in story.findings
    )
    better = f"<small><b>Better:</b> {text(story.rewrite)}</small>" if story.rewrite else ""
    said = f"<b>{text(story.key)}</b> <bdi>{text(' '.join(story.text.split()))}</bdi>"
    return f'<span class="kvi-mark {tone}">{mark}</span><div>{said}{findings}{better}</div>'
