"""An objective and its key results as cards: how far, is that enough, why, and what was said last. HTML only."""

from kviboard.board.kvis.tiles import spark_of
from kviboard.board.okrs.values import CheckInLine
from kviboard.board.okrs.views import GuardrailView, KeyResultView, ObjectiveView
from kviboard.caching import shared_cache
from kviboard.components.markup import link, text
from kviboard.components.progress import confidence_line
from kviboard.components.sparkline import Spark, sparkline_svg
from kviboard.components.statuses import TONES, status
from kviboard.domain.formatting import SPACE, format_day
from kviboard.domain.okrs.lifecycle import State
from kviboard.domain.okrs.progress import percent
from kviboard.store import KeyResult, Objective
from kviboard.ui.okrs.links import FormName, badge, bar, links, story_link
from kviboard.ui.page import href
from kviboard.ui.url_state import link_parameters


def objective_card(view: ObjectiveView, level: int = 3) -> str:
    """One objective with its key results; `level` is that of its heading."""
    return _drawn(view, level, repr(link_parameters()))


@shared_cache(most=500)
def _drawn(view: ObjectiveView, level: int, choices: str) -> str:
    """`choices` are those that the links keep."""
    results = "".join(_key_result(part, view.state, level + 1) for part in view.key_results)
    listed = f'<ol class="okr-results">{results}</ol>' if results else ""
    return (
        f'<article class="okr-objective okr-{TONES[view.status]}">{_head(view, level)}{listed}{_steps(view)}</article>'
    )


def _head(view: ObjectiveView, level: int) -> str:
    record = view.record
    promise = f'<p class="okr-promise">{text(record.customer_promise)}</p>' if record.customer_promise else ""
    return (
        f'<header><div class="okr-what"><h{level} class="okr-title">{story_link(record.title, record.id)}</h{level}>'
        f'{promise}<p class="okr-notes">{_whose(view)}</p>{_remarks(view)}</div>'
        f'<div class="okr-total">{_total(view)}<p class="okr-reason">{text(_sentence(view.reason))}</p></div></header>'
    )


def _total(view: ObjectiveView) -> str:
    """How far it has come in large type; of what is closed the grade it got; a draft has not set out yet."""
    if view.state == State.DRAFT:
        return '<p class="okr-done"><b>Draft</b></p>'
    if view.record.grade is not None:
        grade = f'<b>{view.record.grade:.1f}</b> <span class="okr-notes">graded</span>'
        return f'<p class="okr-done">{grade} {status(view.status)}</p>{bar(view)}'
    done = "–" if view.progress is None else percent(view.progress)
    return f'<p class="okr-done"><b>{done}</b> {status(view.status)}</p>{bar(view)}'


def _whose(view: ObjectiveView) -> str:
    parts = [text(view.record.owner) if view.record.owner else '<span class="okr-lack">nobody owns it</span>']
    if view.parent is not None:
        parts.append(f"supports {story_link(view.parent.title, view.parent.id)}")
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
    now = f"{view.confidence:.1f}".removesuffix(".0")
    points = ", ".join(f"{value:.1f}".removesuffix(".0") for _, value in view.confidences)
    return f"Confidence {now} of 10 {confidence_line(view.confidences, f'Confidence over time: {points}')}"


def _guardrail(rail: GuardrailView) -> str:
    if rail.trouble:
        return f'<span class="okr-lack">Guardrail {text(rail.title)}: {text(rail.trouble)}</span>'
    now = f"{rail.current.text} in {rail.current.when}" if rail.current else "no value in this cycle yet"
    stands = "✕ breached" if rail.breach else "✓ holds" if rail.current else "◌ not measured yet"
    line = f"Guardrail {stands}: {rail.title}, {rail.band_text}; {now}"
    return f'<span class="okr-{"bad" if rail.breach else "calm"}">{text(line)}</span>'


def _closing(record: Objective) -> str:
    """What was decided and learned when the objective was closed."""
    if record.grade is None:
        return ""
    graded = f"Graded {_graded(record)}. " if _graded(record) else ""
    return text(f"{graded}Decision: {record.outcome}. {record.closing_note or ''}")


def _graded(record: Objective | KeyResult) -> str:
    """The grade with the one that progress suggested, where they differ; empty where the large figure says it all."""
    offered, grade = record.suggested_grade, record.grade
    if grade is None or offered in (None, grade):
        return ""
    return f"{grade:.1f} instead of {offered:.1f} ({record.grade_reason})"


def _grade(record: KeyResult) -> str:
    line = "" if record.grade is None else f"Graded {_graded(record) or f'{record.grade:.1f}'}"
    return f'<p class="okr-reason">{text(line)}</p>' if line else ""


def _steps(view: ObjectiveView) -> str:
    number, title = view.record.id, view.record.title
    forms: dict[State, tuple[tuple[str, FormName], ...]] = {
        State.DRAFT: (("Add a key result", "add_key_result"), ("Edit", "edit_objective"), ("Activate", "activate")),
        State.ACTIVE: (("Add a key result", "add_key_result"), ("Edit", "edit_objective"), ("Close", "close")),
        State.CLOSED: (("Carry over", "carry_over"), ("Reopen", "reopen")),
    }
    return links(*forms[view.state], of=number, about=title)


def _key_result(view: KeyResultView, state: State, level: int) -> str:
    parts = (
        f'<div class="okr-what"><h{level} class="okr-title">{text(view.record.title)}</h{level}>'
        f'<p class="okr-notes">{_source(view)}</p></div>',
        f'<div class="okr-now">{_way(view)}{_spark(view)}</div>',
        f'<div class="okr-stand">{_stand(view, state)}</div>',
        f'<div class="okr-ahead">{_outlook(view)}{_latest(view.last_check_in)}{_key_result_links(view, state)}</div>',
    )
    return f'<li class="okr-result">{"".join(parts)}</li>'


def _stand(view: KeyResultView, state: State) -> str:
    if state == State.DRAFT:
        return ""
    verdict = status(view.status, outdated=view.badge is not None)
    reason = text(_sentence(view.reason))
    return f'<p>{verdict} {badge(view.badge)}</p>{bar(view)}<p class="okr-reason">{reason}</p>{_grade(view.record)}'


def _source(view: KeyResultView) -> str:
    record = view.record
    owner = text(record.owner) if record.owner else '<span class="okr-lack">nobody owns it</span>'
    parts = [_measured_by(view), owner]
    if record.ambition != "committed":
        parts.append(text(record.ambition))
    if record.weight != 1:
        parts.append(f"weight {record.weight}")
    return " · ".join(parts)


def _measured_by(view: KeyResultView) -> str:
    """The KVI behind it, linked to its page in the same slice and periods."""
    record = view.record
    if not record.kvi:
        return "typed at check-in"
    chosen = {name: list(values) for name, values in record.where.items()}
    return link(view.kvi_title, href("kvis", kvi=record.kvi, grain=record.grain or "", do="", of="", **chosen))


def _way(view: KeyResultView) -> str:
    """Baseline → current → target, the current one large."""
    spoken = f"from {view.baseline_text}, now {view.current_text}, target {view.target_text}"
    start = "" if view.record.kind in ("milestone", "keep_within") else f"{text(view.baseline_text)} → "
    now = view.current
    facts = [now.when, now.n_text, f"95 % within {now.interval_text}" if now.interval_text else ""] if now else []
    line = " · ".join(text(fact) for fact in facts if fact) or text(view.trouble)
    return (
        f'<p class="okr-way" role="group" aria-label="{text(spoken)}">{start}<b>{text(view.current_text)}</b>'
        f' → {text(view.target_text)}</p><p class="okr-notes">{line}</p>'
    )


@shared_cache(most=1000)
def _spark(view: KeyResultView) -> str:
    if view.recent is not None and view.recent.shown:
        return sparkline_svg(spark_of(view.recent), f"{view.kvi_title}, its last periods")
    if len(view.typed_values) > 1 and view.record.kind != "milestone":
        return sparkline_svg(Spark([value for _, value in view.typed_values]), f"{view.record.title}, its check-ins")
    return ""


def _outlook(view: KeyResultView) -> str:
    sentences = [view.forecast, _sentence(view.movement.sentence) if view.movement else ""]
    return "".join(f"<p>{text(sentence)}</p>" for sentence in sentences if sentence)


def _latest(line: CheckInLine | None) -> str:
    if line is None:
        return ""
    record = line.record
    value = f"{line.value_text} (before: {line.before_text})" if record.value is not None else ""
    sure = f"confidence {record.confidence}" if record.confidence is not None else ""
    comment = f"“{record.comment}”" if record.comment else ""
    facts = " · ".join(fact for fact in (value, sure, comment) if fact)
    return f"<p>{text(f'{format_day(record.day)}, {record.created_by}: {facts}')}</p>"


def _key_result_links(view: KeyResultView, state: State) -> str:
    if state == State.CLOSED:
        return ""
    number, title = view.record.id, view.record.title
    check_in: tuple[tuple[str, FormName], ...] = (("Check in", "check_in"),) if state == State.ACTIVE else ()
    return links(*check_in, ("Edit", "edit_key_result"), of=number, about=title)


def _sentence(reason: str) -> str:
    """A reason with a capital first letter, no number torn from its per cent sign."""
    return (reason[:1].upper() + reason[1:]).replace(" %", f"{SPACE}%")
