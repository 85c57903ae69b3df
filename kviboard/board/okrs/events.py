"""What happened to an objective or key result, as lines of text: check-ins, changes, steps, releases, decisions.

Values and statuses over time belong to `story`, which puts everything on one line.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from kviboard.board.context import BoardContext
from kviboard.board.kvis.did_it_work import name_of
from kviboard.board.okrs.texts import target_text, value_text, with_target
from kviboard.domain.formatting import format_day
from kviboard.domain.okrs import model as okr
from kviboard.store import AuditEntry, CheckIn, KeyResult, TargetChange

_IN_WORDS = ("title", "owner", "team", "customer_promise")
_FIELDS = {"lower": "lower bound", "upper": "upper bound", "cadence_days": "days between check-ins", "kvi": "KVI"}


class EventKind(StrEnum):
    """What kind of thing happened."""

    CHECK_IN = "check-in"
    CORRECTION = "correction"
    TARGET = "target"
    STEP = "step"
    CHANGE = "change"
    STATUS = "status"
    RELEASE = "release"
    DECISION = "decision"
    NOTE = "note"


@dataclass(frozen=True)
class StoryEvent:
    """One thing that happened on a day; `about` names the key result in the story of an objective."""

    day: date
    kind: EventKind
    text: str
    by: str = ""
    about: str = ""


def check_in_events(context: BoardContext, record: KeyResult, check_ins: Sequence[CheckIn]) -> Iterator[StoryEvent]:
    """All check-ins of a key result as they were said; a correction names what it replaces."""
    by_number = {check_in.id: check_in for check_in in check_ins}
    for check_in in check_ins:
        wrong = by_number.get(check_in.corrects_id or 0)
        text = _check_in_text(context, record, check_in)
        if wrong is not None:
            text = f"{text} (corrects {format_day(wrong.day)}: {_check_in_text(context, record, wrong)})"
        kind = EventKind.CORRECTION if wrong else EventKind.CHECK_IN
        yield StoryEvent(check_in.day, kind, text, check_in.created_by, record.title)


def target_events(context: BoardContext, record: KeyResult, changes: Sequence[TargetChange]) -> Iterator[StoryEvent]:
    """Changes of baseline or target, each with its reason."""
    for change in changes:
        before, after = with_target(record, change, "before"), with_target(record, change, "after")
        starts = [value_text(each, each.baseline, context.currency) for each in (before, after)]
        goals = [target_text(each, context.currency) for each in (before, after)]
        changed = (("baseline", starts), ("target", goals))
        moved = " and ".join(f"{name} {old} → {new}" for name, (old, new) in changed if old != new)
        text = f"{moved[:1].upper()}{moved[1:] or 'What it is judged by changed'}: {change.reason}"
        day = context.day_of(change.created_at)
        yield StoryEvent(day, EventKind.TARGET, text, change.created_by, record.title)


def step_events(context: BoardContext, entries: Sequence[AuditEntry], about: str = "") -> Iterator[StoryEvent]:
    """What the audit tells of a row but for changes of target: added, activated, closed with its grade, reopened, …

    A key result (`about`) is closed and reopened with its objective, which says so: of it only the grade is told.
    """
    for entry in entries:
        if entry.action == "target changed" or (about and entry.action == "reopened"):
            continue
        kind = EventKind.CHANGE if entry.action == "changed" else EventKind.STEP
        yield StoryEvent(context.day_of(entry.created_at), kind, _done(entry, bool(about)), entry.created_by, about)


def release_events(context: BoardContext, cycle: okr.Cycle, day: date) -> Iterator[StoryEvent]:
    """The releases of a cycle up to a day."""
    frame = context.board.reader.releases
    for when, title, description in zip(frame["day"], frame["title"], frame["description"], strict=True):
        released = when.date()
        if cycle.starts_on <= released <= min(cycle.ends_on, day):
            text = f"{title}: {description}" if isinstance(description, str) and description else str(title)
            yield StoryEvent(released, EventKind.RELEASE, text)


def decision_events(context: BoardContext, kvis: Collection[str], cycle: okr.Cycle) -> Iterator[StoryEvent]:
    """The decisions and experiments about these KVIs, on the day they were made; on the day they are due where they
    were made before the cycle."""
    for decision in context.store.decisions.all() if kvis else ():
        made = context.day_of(decision.created_at)
        day = next((day for day in (made, decision.due_on) if cycle.starts_on <= day <= cycle.ends_on), None)
        if day is None or decision.kvi is None or decision.kvi not in kvis:
            continue
        known = context.board.catalog.kvis.get(decision.kvi)
        stands = f"{decision.state}: {decision.outcome}" if decision.outcome else decision.state
        name, due = name_of(context.board.catalog, decision), format_day(decision.due_on)
        text = f"{name} ({decision.owner}, due {due}; {stands})"
        yield StoryEvent(day, EventKind.DECISION, text, decision.created_by, known.title if known else decision.kvi)


def note_events(context: BoardContext, record: KeyResult, cycle: okr.Cycle) -> Iterator[StoryEvent]:
    """The notes on the days of the KVI that drives a key result."""
    for note in context.store.kvi_notes.of(record.kvi) if record.kvi else ():
        if cycle.starts_on <= note.day <= cycle.ends_on:
            yield StoryEvent(note.day, EventKind.NOTE, note.text, note.created_by, record.title)


def _check_in_text(context: BoardContext, record: KeyResult, check_in: CheckIn) -> str:
    parts = [
        value_text(record, check_in.value, context.currency) if check_in.value is not None else "",
        f"confidence {check_in.confidence} of 10" if check_in.confidence is not None else "",
        check_in.comment,
    ]
    return "; ".join(part for part in parts if part)


def _done(entry: AuditEntry, part: bool) -> str:
    reason = f": {entry.reason}" if entry.reason else ""
    if entry.action == "closed" and entry.after:
        graded, note = _graded(entry.after), entry.after.get("closing_note")
        if part:
            return f"Graded {graded}" if graded else "Closed without a grade"
        with_grade = f" with {graded}" if graded else ""
        return f"Closed{with_grade}, {entry.after.get('outcome')}{f': {note}' if note else ''}"
    if entry.action == "changed" and entry.before and entry.after:
        changes = (_changed(name, value, entry.after.get(name)) for name, value in entry.before.items())
        return f"Changed {' and '.join(changes)}{reason}"
    return f"{entry.action.capitalize()}{reason}"


def _graded(after: Mapping[str, Any]) -> str:
    """The grade, and where it is another than progress suggested, that one and why."""
    grade, offered, why = (after.get(name) for name in ("grade", "suggested_grade", "grade_reason"))
    if grade is None:
        return ""
    override = f" instead of {float(offered):.1f} ({why})" if offered is not None and why else ""
    return f"{float(grade):.1f}{override}"


def _changed(name: str, before: object, after: object) -> str:
    """A changed field; from what to what where these are words."""
    field = _FIELDS.get(name, name.removesuffix("_id").replace("_", " "))
    return f"the {field} from {_quoted(before)} to {_quoted(after)}" if name in _IN_WORDS else f"the {field}"


def _quoted(words: object) -> str:
    return f"“{words}”" if words else "nothing"
