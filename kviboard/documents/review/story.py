"""A review act as a story: the steps of the meeting and of its minutes, from its record alone.

Needs neither warehouse nor store, so that a record can be read years later.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial

from kviboard.board.age import NO_EXPORT
from kviboard.board.reviews.document import ReviewDocument, Voice
from kviboard.documents.blocks import Block, Paragraph, Points, Quotes, Step, Story, Tone
from kviboard.documents.review.kvis import kvi_steps
from kviboard.documents.review.polls import poll_steps
from kviboard.documents.review.tables import (
    cycle_and_day,
    decision_table,
    goal_blocks,
    has_moved,
    objective_table,
    prediction_table,
    table_steps,
)
from kviboard.domain.formatting import counted, format_day, format_days
from kviboard.domain.periods import title_of_sprint
from kviboard.domain.reviews.predictions import STEPS

_VOICES = 3  # of each band
_QUOTED = 3  # of those chosen, on one step
_PART = re.compile(r"-\d+$")
_BANDS: Mapping[str, tuple[str, Tone | None]] = {
    "promoter": ("Promoters (9–10)", "good"),
    "passive": ("Passives (7–8)", None),
    "detractor": ("Detractors (0–6)", "bad"),
}


def review_story(
    document: ReviewDocument, minutes: Mapping[str, float] | None = None, rows: int | None = None
) -> Story:
    """The steps of an act in their order. `minutes` are the time boxes by part, `STEPS` unless given.

    `rows` is how many lines of a table one step has room for; all unless given."""
    boxes = {**STEPS[document.act], **(minutes or {})}
    parts = _opening(document, rows) if document.act == "opening" else _closing(document, rows)
    steps = [step for name, found in parts for step in _timed(found, boxes.get(name, 0))]
    if document.gate:
        steps.insert(1, _gate(document))
    steps = [replace(step, blocks=_said(document, steps)) if step.asks == "feedback" else step for step in steps]
    sprint = title_of_sprint(document.sprint, document.team)
    days = format_days(document.starts_on, document.ends_on)
    reach = f"data to {format_day(document.reached)}" if document.reached else NO_EXPORT
    slug = "-".join(f"{sprint} {document.act}".lower().replace("·", " ").split())
    return Story(
        title=f"{sprint}: {'opening' if document.act == 'opening' else 'closing'}",
        subtitle=f"{document.company} · {days} · {reach}",
        steps=tuple(steps),
        file_name=slug,
    )


def _timed(steps: Sequence[Step], minutes: float) -> Iterable[Step]:
    """The steps of a part share its time box."""
    return (replace(step, minutes=minutes / len(steps)) for step in steps)


def _opening(document: ReviewDocument, rows: int | None) -> list[tuple[str, list[Step]]]:
    return [
        ("vision", [_vision("vision", document)]),
        ("promised", [*_promised(document, "What we decided last time", rows), *_calls(document)]),
        ("kvis", kvi_steps(document, rows)),
        ("okrs", _okrs(document, rows)),
        ("goal", [_goal(document)]),
        ("blind", poll_steps(document)),
        ("predictions", [_predictions(document)]),
        ("open", [_vision("open", document)]),
    ]


def _closing(document: ReviewDocument, rows: int | None) -> list[tuple[str, list[Step]]]:
    return [
        ("vision", [_vision("vision", document)]),
        ("goal", [_goal_and_predictions(document)]),
        ("kvis", kvi_steps(document, rows)),
        ("okrs", _okrs(document, rows)),
        ("voices", [*_quoted(document), _voices(document)]),
        ("feedback", [Step("feedback", "Demo and feedback", (), asks="feedback")]),
        ("decisions", [*_carried(document, rows), *_answered(document), _decisions(document)]),
        ("confidence", poll_steps(document)),
        ("close", [_vision("close", document)]),
    ]


def _vision(name: str, document: ReviewDocument) -> Step:
    """The vision, with which an act begins, and on which it is frozen."""
    blocks: list[Block] = [Paragraph(document.vision or "No product vision is written in kviboard.toml yet.", "vision")]
    if document.reviewed_by:
        blocks.append(Paragraph(f"Reviewed by {', '.join(document.reviewed_by)}.", "quiet"))
    title = {"vision": "Our vision", "open": "Open the sprint", "close": "Close the review"}[name]
    return Step(name, title, tuple(blocks), asks="" if name == "vision" else "freeze")


def _gate(document: ReviewDocument) -> Step:
    lead = "These numbers are not whole. Going on is possible; the record says so."
    return Step("gate", "What the data does not reach", (Paragraph(lead, "lead"), Points(document.gate)))


def without_unasked(story: Story) -> Story:
    """A story that is read, not held: without the steps on which nobody was asked anything."""
    kept = tuple(step for step in story.steps if step.asks != "poll" or len(step.blocks) > 1)
    return replace(story, steps=kept)


def _promised(document: ReviewDocument, title: str, rows: int | None) -> list[Step]:
    """Decisions made before, each taking the room of two lines."""
    if not document.promised:
        return [Step("promised", title, (Paragraph("Nothing was left open.", "quiet"),))]
    table = partial(decision_table, document=document, caption="Decisions made before")
    steps = table_steps("promised", title, document.promised, rows and max(1, rows // 2), table)
    return [replace(step, asks="settle") for step in steps]


def _calls(document: ReviewDocument) -> list[Step]:
    """Who owes customers a call, without the customers; no step where nobody does."""
    blocks: tuple[Block, ...] = (Paragraph(document.called_back), Points(document.calls))
    return [Step("calls", "Customers who wait for a call", blocks)] if document.calls else []


def _okrs(document: ReviewDocument, rows: int | None) -> list[Step]:
    """Every objective, those that moved since the opening first; each takes the room of two lines."""
    title = "What moved in our OKRs" if document.act == "closing" else "Where our OKRs stand"
    title += cycle_and_day(document)
    if not document.objectives:
        return [Step("okrs", title, (Paragraph("No objective is active.", "quiet"),))]
    ordered = sorted(document.objectives, key=lambda each: not has_moved(each))
    return table_steps("okrs", title, ordered, rows and max(1, rows // 2), partial(objective_table, document))


def _goal(document: ReviewDocument) -> Step:
    return Step("goal", "Our goal for this sprint", tuple(goal_blocks(document)), asks="goal")


def _predictions(document: ReviewDocument) -> Step:
    title = "What we expect to change"
    if not document.predictions:
        return Step("predictions", title, (Paragraph("Nothing is predicted yet.", "quiet"),), asks="prediction")
    return Step("predictions", title, (prediction_table(document),), asks="prediction")


def _goal_and_predictions(document: ReviewDocument) -> Step:
    blocks = goal_blocks(document)
    if document.predictions:
        blocks.append(prediction_table(document))
    return Step("goal", "What we wanted, and what we predicted", tuple(blocks))


def _quoted(document: ReviewDocument) -> Iterable[Step]:
    """What people chose for this review, a few on each step; none where nobody chose anything."""
    chosen = [voice for voice in document.voices if voice.quoted_by]
    for start in range(0, len(chosen), _QUOTED):
        quotes = [
            Quotes(f"A {voice.band}", _BANDS[voice.band][1], ((_words(voice), _source(voice)),))
            for voice in chosen[start : start + _QUOTED]
        ]
        yield Step(f"quoted-{start // _QUOTED + 1}" if start else "quoted", "What customers told us", tuple(quotes))


def _voices(document: ReviewDocument) -> Step:
    others = [voice for voice in document.voices if not voice.quoted_by]
    blocks: list[Block] = [Paragraph(document.called_back)] if document.called_back else []
    most = _VOICES - len(blocks)  # one step holds no more lines
    for band, (name, tone) in _BANDS.items():
        voices = [voice for voice in others if voice.band == band]
        count = document.answers.get(band, 0)
        quotes = tuple((_words(voice), _source(voice)) for voice in voices[:most])
        if count:
            blocks.append(Quotes(f"{name}: {counted(count, 'answer')}", tone, quotes))
    nobody = Paragraph(document.unheard or "Nobody answered.", "quiet")
    return Step("voices", "Voices of the sprint", tuple(blocks) or (nobody,))


def _words(voice: Voice) -> str:
    return "(removed: this customer is forgotten)" if voice.is_removed else voice.text


def _source(voice: Voice) -> str:
    chosen = f"chosen by {voice.quoted_by}" if voice.quoted_by else ""
    parts = (f"score {voice.score:g}", format_day(voice.day), voice.touchpoint, voice.waits, chosen)
    return " · ".join(part for part in parts if part)


def notes_step(document: ReviewDocument, steps: Sequence[Step]) -> Step:
    """What was noted in an opening, in which every step has its own notes on the screen."""
    return Step("notes", "What was noted", _said(document, steps))


def _said(document: ReviewDocument, steps: Sequence[Step]) -> tuple[Block, ...]:
    """Every remark, behind the title of the step on which it was made."""
    titles = {step.name: step.title for step in steps if step.asks != "feedback"}
    lines = []
    for each in document.remarks:
        # a later part of a table that took several steps on the screen is one step in the minutes
        title = titles.get(each.about) or titles.get(_PART.sub("", each.about), "")
        lines.append(f"{title}{': ' if title else ''}{each.text} ({each.by})")
    return (Points(tuple(lines)),) if lines else (Paragraph("Nothing is written down yet.", "quiet"),)


def _carried(document: ReviewDocument, rows: int | None) -> list[Step]:
    return _promised(document, "What we had decided before", rows) if document.promised else []


def _answered(document: ReviewDocument) -> list[Step]:
    return [Step("answered", "Did it work?", (Points(document.answered),))] if document.answered else []


def _decisions(document: ReviewDocument) -> Step:
    blocks: tuple[Block, ...] = (Paragraph("Nothing is decided yet.", "quiet"),)
    if document.decisions:
        blocks = (decision_table(document.decisions, document, "Decided today"),)
    return Step("decisions", "Decisions and next experiments", blocks, asks="decision")
