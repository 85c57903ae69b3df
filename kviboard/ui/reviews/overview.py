"""The overview of a sprint: its stage, what to do next, and its record so far, as the minutes will show it."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from textwrap import shorten

import streamlit as st

from kviboard.board.reviews.contributions import promised_to, with_contributions
from kviboard.board.reviews.document import MeetingName, ReviewDocument, Voice
from kviboard.board.reviews.history import corrections, frozen_when
from kviboard.board.reviews.meeting import (
    MEETING,
    document_of,
    fresh_numbers,
    meeting_began,
    meeting_is_over,
    minutes_to_undo,
)
from kviboard.board.reviews.quotes import quoted_voices
from kviboard.board.reviews.snapshot import Occasion, take_numbers
from kviboard.board.reviews.sprints import warned_of
from kviboard.caching import shared_cache
from kviboard.components.markup import link, quiet, text
from kviboard.documents.blocks import Paragraph, Step, Story
from kviboard.documents.html.blocks import style_of_blocks
from kviboard.documents.review.agenda import in_one_line
from kviboard.documents.review.story import review_story, without_unasked
from kviboard.domain.formatting import counted, format_day
from kviboard.domain.reviews.predictions import Stage
from kviboard.errors import KviBoardError
from kviboard.store import Author, ReviewRecord
from kviboard.store.saving import moment_text
from kviboard.ui import session
from kviboard.ui.access import may
from kviboard.ui.page import href
from kviboard.ui.reviews.minutes import draw_minutes
from kviboard.ui.reviews.page import ReviewPage, now_author, page_of
from kviboard.ui.reviews.steps import steps_on_page

_STAGE_TEXTS = {
    Stage.NOT_BEGUN: "Nobody has prepared this sprint yet. Its goal comes first.",
    Stage.PREPARED: "The opening is being prepared: goal, predictions, then open the sprint together.",
    Stage.OPEN: "The sprint is open. At its end, close its review together.",
    Stage.CLOSED: "The review is closed. What is frozen stays; an addendum can follow.",
}

_LETTERS = 160  # of a quote in the list


def draw_overview(page: ReviewPage) -> None:
    """Draw the sprint chosen."""
    st.html(f"<style>{style_of_blocks()}</style>")
    st.markdown(_headline(page), unsafe_allow_html=True)
    document = _document(page, now_author())
    is_warned = bool(document.gate) and page.chosen.stage != Stage.CLOSED
    if is_warned and not _is_running(page):
        note = "Going on is possible; the record will say so."
        st.markdown(_box("⚠ The data does not reach far enough", document.gate, note), unsafe_allow_html=True)
    st.markdown(_box("The meeting's numbers are kept", _kept_since(page, document)), unsafe_allow_html=True)
    if page.record and meeting_is_over(page.record, page.act):
        _draw_corrections(page, page.record, document)
    if page.record:
        draw_minutes(page.record, page.zone)
    if page.chosen.stage == Stage.PREPARED and document.predictions:
        st.markdown(_predictions(document), unsafe_allow_html=True)
    story = without_unasked(review_story(document))
    if is_warned:  # said in the box above, or nothing to say yet; the big screen has no box
        story = replace(story, steps=tuple(step for step in story.steps if step.name != "gate"))
    st.markdown(_agenda(story), unsafe_allow_html=True)
    if page.record and page.record.closing is None:
        st.markdown(_quotes(page, page.record), unsafe_allow_html=True)


def _is_running(page: ReviewPage) -> bool:
    """Whether the sprint is opened and not over: that its days are not exported yet is no lack."""
    return page.act == "closing" and page.context.board.workspace.company.today() <= page.chosen.sprint.ends_on


def _agenda(story: Story) -> str:
    """Every part of the review as one line that opens; the vision stands whole, with who reviewed."""
    first, *others = zip(story.steps, steps_on_page(story), strict=True)
    parts = "".join(_part(step, drawn) for step, drawn in others if step.asks != "freeze")
    vision = " ".join(block.text for block in first[0].blocks if isinstance(block, Paragraph))
    return f'<p class="review-vision">{text(vision)}</p><div class="review-agenda">{parts}</div>'


def _part(step: Step, drawn: str) -> str:
    line = f"<b>{text(step.title)}</b> <span>{text(in_one_line(step))}</span>"
    return f'<details class="review-part"><summary>{line}</summary><div class="review-step">{drawn}</div></details>'


def draw_ahead() -> None:
    """Draw the sprint that the page begins with, so that its first visitor does not wait for the charts."""
    with suppress(KviBoardError):  # the page says what is wrong
        page = page_of(session.context())
        if page is not None:
            steps_on_page(without_unasked(review_story(_document(page, Author(MEETING, datetime.now(UTC))))))


def _headline(page: ReviewPage) -> str:
    chosen = page.chosen
    frozen = " ".join(frozen_when(page.record, act, page.zone) for act in ("opening", "closing")) if page.record else ""
    links = "".join(f"<li>{each}</li>" for each in _actions(page))
    late = warned_of(chosen, page.context.board.workspace.company.today())
    quietly = "".join(quiet(said) for said in (frozen.strip(), late) if said)
    return (
        f'<section class="review-head"><h2>{text(chosen.title)} <small>{text(chosen.days_text)}</small></h2>'
        f'<p class="review-stage">{text(_STAGE_TEXTS[chosen.stage])}</p>{quietly}'
        f'<ul class="review-actions" role="list">{links}</ul></section>'
    )


def _actions(page: ReviewPage) -> list[str]:
    """What can be done now, the next step first."""
    stage, record = page.chosen.stage, page.record
    if record is None:
        return [_form("Prepare the opening", "goal")]
    newest = [_form("Take the newest numbers", "renew")] if meeting_began(page.context, record.review, page.act) else []
    if stage == Stage.PREPARED:
        return [_present("Present the opening", "opening"), _form("Goal", "goal"), _form("Predict", "predict"), *newest]
    if stage == Stage.OPEN:
        links = [_form("Decide", "decide"), _present("Show the opening", "opening")]
        return [_present("Present the closing", "closing"), *links, *newest]
    opening = [_present("Show the opening", "opening")] if record.opening else []
    left = minutes_to_undo(record, now_author())
    undo = [_form(f"Undo the closing ({counted(left, 'minute')} left)", "undo_closing")] if left else []
    return [_present("Show the closing", "closing"), *opening, _form("Write an addendum", "addendum"), *undo]


def _predictions(document: ReviewDocument) -> str:
    """What is predicted so far, to be changed or taken back until the sprint is opened."""
    items = "".join(
        f"<li><b>{text(prediction.title)}</b> {text(prediction.expected_text)}, {prediction.confidence} % sure "
        f'<span class="okr-links">{_form("Change", "edit_prediction", prediction.id)} · '
        f"{_form('Take back', 'drop_prediction', prediction.id)}</span></li>"
        for prediction in document.predictions
    )
    return f'<section class="kvi-section"><h2>Predictions so far</h2><ul class="review-list">{items}</ul></section>'


def _quotes(page: ReviewPage, record: ReviewRecord) -> str:
    """What is chosen from what customers said, to be taken back until the review is closed."""
    found = quoted_voices(page.context.board, record.quotes)
    if not found:
        return ""
    items = "".join(_quote(number, voice) for number, voice in found.items())
    title = "Chosen from what customers said"
    return f'<section class="kvi-section"><h2>{title}</h2><ul class="review-list">{items}</ul></section>'


def _quote(number: int, voice: Voice) -> str:
    source = f"score {voice.score:g} · {format_day(voice.day)} · chosen by {voice.quoted_by}"
    back = f' <span class="okr-links">{_form("Take back", "drop_quote", number)}</span>' if may("follow_up") else ""
    said = shorten(voice.text, _LETTERS, placeholder="…")
    return f'<li><q><bdi>{text(said)}</bdi></q> <span class="okr-notes">{text(source)}</span>{back}</li>'


def _present(label: str, act: MeetingName) -> str:
    return link(label, href("review", present=act))


def _form(label: str, form: str, of: int | str = "") -> str:
    return link(label, href("review", do=form, of=str(of)))


def _document(page: ReviewPage, author: Author) -> ReviewDocument:
    """The act's record, the numbers of its meeting, or a preview with the newest numbers."""
    record, act = page.record, page.act
    if record is not None and (meeting_is_over(record, act) or meeting_began(page.context, record.review, act)):
        return document_of(page.context, record, act, author)
    return _preview(session.board_key(), page.newest, page.chosen.slug, act, page)


@shared_cache(most=12, by=4)
def _preview(key: session.Key, newest: int, slug: str, act: MeetingName, page: ReviewPage) -> ReviewDocument:
    if page.record is None:
        sprint = page.chosen.sprint
        numbers = take_numbers(page.context, Occasion(act, sprint))
        return numbers.model_copy(update={"goal": sprint.goal or "", "promised": promised_to(page.context, sprint)})
    return with_contributions(page.context, fresh_numbers(page.context, page.record, act), page.record)


def _kept_since(page: ReviewPage, document: ReviewDocument) -> list[str]:
    """A sentence where a meeting that was looked at earlier keeps its numbers from newer data."""
    record, board = page.record, page.context.board
    reaches = board.today if board.reader.reach else None
    if record is None or meeting_is_over(record, page.act) or reaches in (None, document.reached):
        return []
    then = f"when the data reached {format_day(document.reached)}; it" if document.reached else ""
    then = then or "before any export was read; the data"
    taken = f"They were taken {then} reaches {format_day(reaches)} now."
    return [f"{taken} Before the meeting begins, take the newest numbers."]


def _draw_corrections(page: ReviewPage, record: ReviewRecord, document: ReviewDocument) -> None:
    """What the data says otherwise now, beside what was frozen; and what was added."""
    found = _corrected(session.board_key(), record.review.id, page, record, document)
    note = "The record keeps what was on the screen; the exports, or how a KVI is counted, have changed since."
    addenda = [f"{each.text} ({each.created_by}, {moment_text(each.created_at, page.zone)})" for each in record.addenda]
    html = _box("Corrected since", found, note) + _box("Addenda", addenda)
    if html:
        st.markdown(html, unsafe_allow_html=True)


def _box(title: str, sentences: Sequence[str], note: str = "") -> str:
    """Sentences that must not be missed; nothing where there are none."""
    items = "".join(f"<li>{text(sentence)}</li>" for sentence in sentences)
    more = f"<p>{text(note)}</p>" if note else ""
    return f'<section class="review-box"><h3>{text(title)}</h3><ul>{items}</ul>{more}</section>' if items else ""


@shared_cache(most=40, by=2)
def _corrected(
    key: session.Key, review_id: int, page: ReviewPage, record: ReviewRecord, document: ReviewDocument
) -> list[str]:
    return [each.sentence for each in corrections(page.context, record, document)]
