"""The story of one objective: its card, its progress and that of each key result over time, and all that happened."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from functools import partial

import streamlit as st

from kviboard.board.okrs.events import EventKind, StoryEvent
from kviboard.board.okrs.story import KeyResultStory, ObjectiveStory, StatusRun, key_result_story, objective_story
from kviboard.board.okrs.values import CheckInLine
from kviboard.board.okrs.views import ObjectiveView
from kviboard.charts.timeline import Timeline, story_chart
from kviboard.components.markup import link, quiet, text
from kviboard.components.statuses import TONES
from kviboard.domain.formatting import format_day, format_share
from kviboard.domain.okrs import model as okr
from kviboard.domain.okrs.lifecycle import State
from kviboard.errors import StoreError
from kviboard.ui.draw import draw_chart
from kviboard.ui.forms.talk import thread
from kviboard.ui.okrs.cards import objective_card
from kviboard.ui.okrs.links import form_link, links
from kviboard.ui.okrs.page import OkrPage
from kviboard.ui.page import href
from kviboard.ui.style import draw_section

_SHOWN_AS = {EventKind.CORRECTION: "check-in"}
_LISTED_ONLY = (EventKind.STATUS, EventKind.CHANGE)  # a status is the ribbon of the chart
_EVENTS_AT_ONCE = 8


def draw_story(page: OkrPage, objective_id: int) -> None:
    """Draw the story of an objective, or say that it is not there."""
    whole = "← The whole quarter" if page.view == "quarter" else "← Alignment"
    back = link(whole, href("okrs", objective=""))
    st.markdown(f'<p class="okr-links">{back}</p>', unsafe_allow_html=True)
    try:
        story = objective_story(page.context, objective_id)
        parts = [key_result_story(page.context, part.record.id) for part in story.view.key_results]
    except StoreError as error:
        st.markdown(f"{quiet(str(error))}{_way_back(page, objective_id)}", unsafe_allow_html=True)
        return
    st.markdown(objective_card(story.view, level=2, is_open=True), unsafe_allow_html=True)
    _draw_more_links(story)
    if story.progress:
        draw_section("How far, day by day", "", quiet("Progress of the objective, and where it was expected to be"))
        draw_chart(story_chart(_objective_line(page, story), story.view.record.title), key="story")
    for part in parts:
        _draw_key_result(page, part)
    _draw_talk(page, story.view)
    draw_section("What happened", "Newest first", _events(story.events), otherwise="Nothing yet.")


def _way_back(page: OkrPage, objective_id: int) -> str:
    """The link that brings an objective back that was archived; nothing of one that never was there."""
    try:
        archived = page.context.store.objectives.get(objective_id).archived_at
    except StoreError:
        return ""
    way = form_link("Bring it back", "restore_objective", objective_id)
    return f'<p class="okr-links">{way}</p>' if archived else ""


def _draw_talk(page: OkrPage, view: ObjectiveView) -> None:
    """What people say about the objective and its key results, and the way to say something."""
    titles = {part.record.id: part.record.title for part in view.key_results}
    store = page.context.store.comments
    found = [*store.of("objective_id", [view.record.id]), *store.of("key_result_id", list(titles))]
    said = thread(sorted(found, key=lambda each: (each.created_at, each.id)), "okrs", titles)
    note = "" if said else quiet("Nobody has said anything yet.")
    draw_section("Comments", "", f"{said}{note}{links(('Comment', 'comment'), of=view.record.id)}")


def _draw_more_links(story: ObjectiveStory) -> None:
    view = story.view
    if view.state == State.CLOSED:
        archive = links(("Archive it", "archive_objective"), of=view.record.id, about=view.record.title)
        st.markdown(archive, unsafe_allow_html=True)
        return
    forms = [form_link("Add a guardrail", "add_guardrail", view.record.id, view.record.title)]
    for rail in view.guardrails:
        forms.append(form_link(f"Edit the guardrail {rail.title}", "edit_guardrail", rail.record.id))
    st.markdown(f'<p class="okr-links">{" · ".join(forms)}</p>', unsafe_allow_html=True)


def _draw_key_result(page: OkrPage, story: KeyResultStory) -> None:
    record = story.view.record
    rows = _check_ins(story.check_ins, record.id, story.objective.state)
    if not story.values and not rows:
        return
    draw_section(record.title, story.view.reason[:1].upper() + story.view.reason[1:], "")
    if story.values and not record.measure.is_milestone:  # done or not is no line
        draw_chart(story_chart(_key_result_line(page, story), record.title), key=f"story-{record.id}")
    if rows:
        st.markdown(rows, unsafe_allow_html=True)


def _objective_line(page: OkrPage, story: ObjectiveStory) -> Timeline:
    cycle = story.cycle
    known = [(day, value, f"{format_share(value)} done") for day, value in story.progress]
    return Timeline(
        cycle.starts_on,
        cycle.ends_on,
        page.context.board.today,
        "percent",
        page.context.currency,
        values=known,
        expected=story.expected,
        runs=_runs(story.statuses, cycle, page.context.board.today),
        marks=_marks(story.events),
        points=False,
    )


def _key_result_line(page: OkrPage, story: KeyResultStory) -> Timeline:
    cycle, end = story.cycle, story.cycle.ends_on + timedelta(days=1)
    ends = [*(goal.from_day for goal in story.goals[1:]), end]
    spans = list(zip(story.goals, ends, strict=True))
    return Timeline(
        min([cycle.starts_on, *(each.day for each in story.values)]),
        cycle.ends_on,
        page.context.board.today,
        story.view.record.unit,
        page.context.currency,
        values=[(each.day, each.value, f"{each.text} ({each.label})") for each in story.values],
        intervals=[(v.day, v.low, v.high) for v in story.values if v.low is not None and v.high is not None],
        expected=story.expected,
        goals=[(goal.from_day, until, goal.target, goal.text) for goal, until in spans if goal.target is not None],
        bands=[(g.from_day, until, g.lower, g.upper) for g, until in spans if (g.lower, g.upper) != (None, None)],
        runs=_runs(story.statuses, cycle, page.context.board.today),
        marks=_marks(story.events),
    )


def _runs(runs: Sequence[StatusRun], cycle: okr.Cycle, today: date) -> list[tuple[date, date, str, str]]:
    if not runs:  # active only after the data's day, or after the cycle
        return []
    end = min(today, cycle.ends_on) + timedelta(days=1)
    ends = [*(run.from_day for run in runs[1:]), end]
    return [(run.from_day, until, TONES[run.status], run.status) for run, until in zip(runs, ends, strict=True)]


def _marks(events: Iterable[StoryEvent]) -> list[tuple[date, str, str]]:
    drawn = [event for event in events if event.kind not in _LISTED_ONLY]
    return [(event.day, _SHOWN_AS.get(event.kind, event.kind.value), _text_of(event)) for event in drawn]


def _text_of(event: StoryEvent) -> str:
    about = f"{event.about}: " if event.about else ""
    return f"{about}{event.text}" + (f" ({event.by})" if event.by else "")


def _check_ins(lines: Sequence[CheckInLine], key_result_id: int, state: State) -> str:
    row = partial(_check_in, key_result_id=key_result_id, state=state)
    return f'<ul class="okr-said">{"".join(map(row, lines))}</ul>' if lines else ""


def _check_in(line: CheckInLine, key_result_id: int, state: State) -> str:
    record = line.record
    facts = [f"<b>{text(line.value_text)}</b> (before: {text(line.before_text)})" if record.value is not None else ""]
    facts += [f"confidence {record.confidence}" if record.confidence is not None else "", text(record.comment)]
    correct = ""
    if state == State.ACTIVE:
        correct = links(("Correct", "correct"), of=f"{key_result_id}_{record.id}", about=format_day(record.day))
    shown = " · ".join(fact for fact in facts if fact)
    return f"<li><span>{format_day(record.day)}, {text(record.created_by)}</span><span>{shown}</span>{correct}</li>"


def _events(events: Sequence[StoryEvent]) -> str:
    if not events:
        return ""
    first, rest = events[:_EVENTS_AT_ONCE], events[_EVENTS_AT_ONCE:]
    more = f"<details><summary>{len(rest)} earlier</summary>{_listed(rest)}</details>" if rest else ""
    return f'<div class="okr-todo">{_listed(first)}{more}</div>'


def _listed(events: Sequence[StoryEvent]) -> str:
    items = "".join(
        f"<li><span>{format_day(event.day)}</span><span>{text(event.kind.capitalize())}</span>"
        f"<span>{text(_text_of(event))}</span></li>"
        for event in events
    )
    return f'<ol class="okr-events">{items}</ol>'
