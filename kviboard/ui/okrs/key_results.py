"""A key result as one line that opens: title, from → now → to, bar, status, owner, trend; behind it the reasons."""

from kviboard.board.kvis.tiles import spark_of
from kviboard.board.okrs.values import CheckInLine
from kviboard.board.okrs.views import KeyResultView
from kviboard.caching import shared_cache
from kviboard.components.markup import apart, link, text
from kviboard.components.sparkline import Spark, sparkline_svg
from kviboard.components.statuses import status
from kviboard.domain.formatting import SPACE, format_day
from kviboard.domain.okrs.lifecycle import State
from kviboard.store import KeyResult, Objective
from kviboard.ui.okrs.links import FormName, badge, bar, links
from kviboard.ui.page import href


def key_result_row(view: KeyResultView, state: State, is_open: bool = False) -> str:
    """The line and what opens below it; what can be done stands beside it, in reach without opening."""
    title = text(view.record.title)
    summary = (
        f'<b class="okr-name" title="{title}">{apart(view.record.title)}</b>{_way(view)}'
        f'<span class="okr-stand">{_stand(view, state)}</span>'
        f'<span class="okr-owner">{_owner(view)}</span><span class="okr-spark">{_spark(view)}</span>'
    )
    reason = "" if state == State.DRAFT else f"<p>{text(as_sentence(view.reason))}</p>{_grade(view.record)}"
    stale = f"<p>{badge(view.badge)}</p>" if view.badge else ""
    more = f"<p>{_source(view)}</p>{_measured(view)}{reason}{stale}{_outlook(view)}{_latest(view.last_check_in)}"
    return (
        f'<li class="okr-result"><details{" open" if is_open else ""}><summary>{summary}</summary>'
        f'<div class="okr-ahead">{more}</div></details>{_key_result_links(view, state)}</li>'
    )


def _stand(view: KeyResultView, state: State) -> str:
    if state == State.DRAFT:
        return ""
    return f"{bar(view)}{status(view.status, view.badge is not None, view.is_close)}{_stale(view)}"


def _stale(view: KeyResultView) -> str:
    return f' <span class="okr-badge">{text(view.badge.name)}</span>' if view.badge else ""


def _owner(view: KeyResultView) -> str:
    return text(view.record.owner) if view.record.owner else '<span class="okr-lack">nobody owns it</span>'


def _grade(record: KeyResult) -> str:
    line = "" if record.grade is None else f"Graded {graded_text(record) or f'{record.grade:.1f}'}"
    return f"<p>{text(line)}</p>" if line else ""


def graded_text(record: Objective | KeyResult) -> str:
    """The grade with the one that progress suggested, where they differ; empty where the large figure says it all."""
    offered, grade = record.suggested_grade, record.grade
    if grade is None or offered in (None, grade):
        return ""
    return f"{grade:.1f} instead of {offered:.1f} ({record.grade_reason})"


def _source(view: KeyResultView) -> str:
    record = view.record
    parts = [_measured_by(view), _owner(view)]
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
    return link(view.kvi_title, href("kvis", kvi=record.kvi, grain=record.grain or "", **chosen))


def _way(view: KeyResultView) -> str:
    """Baseline → current → target, the current one large; in words, and on hover, of which day or period it is."""
    when = f" ({view.current.when})" if view.current else ""
    spoken = f"from {view.baseline_text}, now {view.current_text}{when}, target {view.target_text}"
    start = f"{text(view.baseline_text)} → " if view.record.measure.has_direction else ""
    return (
        f'<span class="okr-way" role="group" aria-label="{text(spoken)}" title="{text(spoken)}">{start}'
        f"<b>{text(view.current_text)}</b> → {text(view.target_text)}</span>"
    )


def _measured(view: KeyResultView) -> str:
    """When and on how many answers the current value was measured; why it cannot be."""
    now = view.current
    facts = (
        [now.when, now.n_text, f"chance alone reaches {now.interval_text}" if now.interval_text else ""] if now else []
    )
    line = " · ".join(text(fact) for fact in facts if fact) or text(view.trouble)
    return f"<p>{line}</p>" if line else ""


@shared_cache(most=1000)
def _spark(view: KeyResultView) -> str:
    if view.recent is not None and view.recent.shown:
        return sparkline_svg(spark_of(view.recent), f"{view.kvi_title}, its last periods")
    if len(view.typed_values) > 1 and not view.record.measure.is_milestone:
        return sparkline_svg(Spark([value for _, value in view.typed_values]), f"{view.record.title}, its check-ins")
    return ""


def _outlook(view: KeyResultView) -> str:
    sentences = [view.forecast, as_sentence(view.movement.sentence) if view.movement else ""]
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


def as_sentence(reason: str) -> str:
    """A reason with a capital first letter, no number torn from its per cent sign."""
    return (reason[:1].upper() + reason[1:]).replace(" %", f"{SPACE}%")
