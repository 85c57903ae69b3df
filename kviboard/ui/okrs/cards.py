"""An objective as a dense block: one line, one line per key result (`key_results`), the rest opens on a click."""

from kviboard.board.okrs.views import GuardrailView, ObjectiveLink, ObjectiveView
from kviboard.caching import shared_cache
from kviboard.components.markup import on_phone_folded, text
from kviboard.components.progress import confidence_line
from kviboard.components.statuses import status, tone_of
from kviboard.domain.formatting import counted, format_share
from kviboard.domain.okrs.lifecycle import State
from kviboard.domain.okrs.status import SLACK, Status, grade_text
from kviboard.store import Objective
from kviboard.ui.okrs.key_results import as_sentence, graded_text, key_result_row
from kviboard.ui.okrs.links import FormName, bar, links, story_link
from kviboard.ui.url_state import link_parameters


def objective_card(view: ObjectiveView, level: int = 3, is_open: bool = False) -> str:
    """One objective with its key results; `level` is that of its heading; `is_open` shows all there is to say."""
    return _drawn(view, level, is_open, repr(link_parameters()))


@shared_cache(most=500)
def _drawn(view: ObjectiveView, level: int, is_open: bool, choices: str) -> str:
    """`choices` are those that the links keep."""
    results = "".join(key_result_row(part, view.state, is_open) for part in view.key_results)
    listed = f'<ol class="okr-results" role="list">{results}</ol>' if results else ""
    listed = listed if is_open else on_phone_folded(counted(len(view.key_results), "key result"), listed)
    return (
        f'<article class="okr-objective okr-{tone_of(view.status, view.is_close)}" id="objective-{view.record.id}">'
        f"{_head(view, level)}{_more(view, is_open)}{listed}</article>"
    )


def _head(view: ObjectiveView, level: int) -> str:
    record = view.record
    return (
        f'<header><h{level} class="okr-title">{story_link(record.title, record.id)}</h{level}>'
        f'<div class="okr-total">{_total(view)}</div>{_steps(view)}</header>'
    )


def _more(view: ObjectiveView, is_open: bool) -> str:
    """Whose it is in one line; the promise, the reason for the status and all remarks behind it."""
    record = view.record
    promise = f'<p class="okr-promise">{text(record.customer_promise)}</p>' if record.customer_promise else ""
    reason = f'<p class="okr-reason">{text(as_sentence(view.reason))}</p>'
    parent = f'<p class="okr-notes">Supports {_supported(view.parent)}</p>' if view.parent else ""
    return (
        # One element: on a phone the line's parts would else be columns, with "·" alone in the middle of them.
        f'<details class="okr-more"{" open" if is_open else ""}><summary><span>{_whose(view)}</span></summary>'
        f"<div>{promise}{reason}{parent}{_remarks(view)}</div></details>"
    )


def _supported(parent: ObjectiveLink) -> str:
    """The link to what an objective supports, which may have left the board."""
    return story_link(parent.title, parent.id) + (" (archived)" if parent.is_archived else "")


def _total(view: ObjectiveView) -> str:
    """How far it has come in large type; of what is closed the grade it got; a draft has not set out yet."""
    if view.state == State.DRAFT:
        return '<p class="okr-done"><b>Draft</b></p>'
    if view.record.grade is not None:
        grade = f"<b>{view.record.grade:.1f}</b> {graded_note(view)}"
        return f'<p class="okr-done">{grade} {status(view.status, is_close=view.is_close)}</p>{bar(view)}'
    done = "–" if view.progress is None else format_share(view.progress)
    return f'<p class="okr-done"><b>{done}</b> {status(view.status, is_close=view.is_close)}</p>{bar(view)}'


def graded_note(view: ObjectiveView) -> str:
    """What stands beside a grade; where the objective was missed with what it lacks: a grade alone reads like success
    or failure of its own."""
    lacks = ""
    if view.status == Status.MISSED and view.record.grade is not None:
        is_enough = float(view.record.grade) + SLACK >= view.expected
        lacks = ", a commitment missed" if is_enough else f", {grade_text(view.expected)} needed"
    return f'<span class="okr-notes">graded{lacks}</span>'


def _whose(view: ObjectiveView) -> str:
    parts = [text(view.record.owner) if view.record.owner else '<span class="okr-lack">nobody owns it</span>']
    if view.confidence is not None:
        parts.append(f"confidence {_confidence_text(view.confidence)} of 10")
    if view.progress is not None and view.state != State.DRAFT and any(p.progress is None for p in view.key_results):
        parts.append(view.measured_text)  # what the share above speaks of
    if view.breaches:
        parts.append('<span class="okr-bad">✕ a guardrail is breached</span>')
    return " · ".join(parts)


def _remarks(view: ObjectiveView) -> str:
    """Confidence, guardrails, hints, and the grade of what is closed."""
    rails, hints = map(_guardrail, view.guardrails), map(text, view.hints)
    line = [_confidence(view), *rails, *hints, _closing(view.record)]
    items = "".join(f"<li>{remark}</li>" for remark in line if remark)
    return f'<ul class="okr-remarks">{items}</ul>' if items else ""


def _confidence(view: ObjectiveView) -> str:
    if view.confidence is None:
        return ""
    points = ", ".join(_confidence_text(value) for _, value in view.confidences)
    line = confidence_line(view.confidences, f"Confidence over time: {points}")
    return f"Confidence {_confidence_text(view.confidence)} of 10 {line}"


def _confidence_text(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def _guardrail(rail: GuardrailView) -> str:
    if rail.trouble:
        return f'<span class="okr-lack">Guardrail {text(rail.title)}: {text(rail.trouble)}</span>'
    now = f"{rail.current.text_with_interval} in {rail.current.when}" if rail.current else "no value in this cycle yet"
    stands = "✕ breached" if rail.breach else "✓ holds" if rail.current else "◌ not measured yet"
    line = f"Guardrail {stands}: {rail.title}, {rail.band_text}; {now}"
    return f'<span class="okr-{"bad" if rail.breach else "calm"}">{text(line)}</span>'


def _closing(record: Objective) -> str:
    """What was decided and learned when the objective was closed."""
    if record.grade is None:
        return ""
    graded = f"Graded {graded_text(record)}. " if graded_text(record) else ""
    return text(f"{graded}Decision: {record.outcome}. {record.closing_note or ''}")


def _steps(view: ObjectiveView) -> str:
    number, title = view.record.id, view.record.title
    forms: dict[State, tuple[tuple[str, FormName], ...]] = {
        State.DRAFT: (("Add a key result", "add_key_result"), ("Edit", "edit_objective"), ("Activate", "activate")),
        State.ACTIVE: (("Add a key result", "add_key_result"), ("Edit", "edit_objective"), ("Close", "close")),
        State.CLOSED: (("Carry over", "carry_over"), ("Reopen", "reopen")),
    }
    return links(*forms[view.state], of=number, about=title)
