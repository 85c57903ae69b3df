"""What people set and write on a KVI: targets from a day on, and notes on a day.

Targets of kviboard.toml come first; those set on the board are laid over them, the one set last on top.
"""

import math
from dataclasses import dataclass, replace
from datetime import date

from kviboard.board.board import Board
from kviboard.board.kvis.history import as_slice
from kviboard.board.kvis.reading import View
from kviboard.board.kvis.segments import segment_of
from kviboard.board.numbers import read_number
from kviboard.domain.formatting import format_day, format_days, format_value
from kviboard.domain.kvis.kvi import AS_A_LIMIT, Target, beyond_limits
from kviboard.errors import Problem
from kviboard.store import Author, KviNote, KviTarget, NewKviNote, NewKviTarget, Store, refuse
from kviboard.workspace import Workspace


@dataclass(frozen=True, kw_only=True)
class TargetForm:
    """A target of a KVI as typed; an empty value means no target from that day on. Percentages as 48.7."""

    value: str = ""
    starts_on: date
    ends_on: date | None = None
    reason: str = ""
    whole: bool = True  # for all customers in the grain that the KVI is judged in, not for what is on the screen


@dataclass(frozen=True)
class TargetLine:
    """One target as a line of text; `by` is empty for one that kviboard.toml names."""

    value_text: str
    days_text: str
    about: str  # "per month · Enterprise"; empty where it is for all
    reason: str
    by: str


def with_set_targets(board: Board, store: Store) -> Board:
    """The same board with the targets set in the store; itself where nothing changed since."""
    targets = tuple(_target(record) for record in store.kvi_targets.all())
    return board if targets == board.set_targets else replace(board, set_targets=targets)


def set_target(board: Board, store: Store, kvi: str, view: View, form: TargetForm, *, author: Author) -> KviTarget:
    """Sets a target of a KVI from a day on, or ends one. It needs a reason; nothing set before is changed."""
    asked, currency = board.kvi(kvi), board.workspace.company.currency
    value, problems = read_number(form.value, asked.unit, "Target")
    why = beyond_limits(asked, float(value), currency) if value is not None else ""
    if value is not None and why:
        problems.append(Problem("Target", f"{format_value(float(value), asked.unit, currency)} {why}"))
    if value is not None and asked.no_target:
        problems.append(Problem("Target", asked.no_target, AS_A_LIMIT))
    if not form.reason.strip():
        problems.append(Problem("Target", "there is no reason.", "Say why it is this from that day on."))
    if form.ends_on is not None and form.ends_on < form.starts_on:
        problems.append(Problem("Target", "it ends before it starts.", "Swap the days."))
    refuse(problems)
    new = NewKviTarget(
        kvi=kvi,
        starts_on=form.starts_on,
        ends_on=form.ends_on,
        reason=form.reason.strip(),
        value=value,
        grain=None if form.whole else view.grain,
        where={} if form.whole else dict(view.where),
    )
    return store.kvi_targets.add(new, author=author)


def target_lines(board: Board, store: Store, kvi: str) -> list[TargetLine]:
    """Every target of a KVI as text, the one that begins last first; of the same day, the one set last."""
    unit = board.catalog.kvis[kvi].unit if kvi in board.catalog.kvis else "number"
    given = [(target, target.note, "") for target in board.targets.get(kvi, ()) if target.order == 0]
    found = [*given, *((_target(each), each.reason, each.created_by) for each in store.kvi_targets.all(kvi))]
    newest = sorted(found, key=lambda each: (each[0].starts_on or date.min, each[0].order), reverse=True)
    return [_line(board.workspace, target, unit, reason, by) for target, reason, by in newest]


def add_note(store: Store, kvi: str, day: date, text: str, *, author: Author) -> KviNote:
    """Writes a note on a KVI's day."""
    refuse([] if text.strip() else [Problem("Note", "it is empty.", "Write what happened on that day.")])
    return store.kvi_notes.add(NewKviNote(kvi=kvi, day=day, text=text.strip()), author=author)


def edit_note(store: Store, note: KviNote, day: date, text: str, *, author: Author) -> KviNote:
    """Changes a note. ConflictError where somebody else did since it was read."""
    refuse([] if text.strip() else [Problem("Note", "it is empty.", "Archive it instead.")])
    return store.kvi_notes.edit(replace(note, day=day, text=text.strip()), author=author)


def archive_note(store: Store, note: KviNote, *, author: Author) -> KviNote:
    """Takes a note off the chart."""
    return store.kvi_notes.archive(note, author=author)


def notes_of(store: Store, kvi: str) -> list[KviNote]:
    """The notes of a KVI, by day."""
    return store.kvi_notes.of(kvi)


def _target(record: KviTarget) -> Target:
    value = math.nan if record.value is None else float(record.value)
    where = as_slice(record.where)
    return Target(
        record.kvi, value, record.starts_on, record.ends_on, record.reason, record.grain, where, order=record.id
    )


def _line(workspace: Workspace, target: Target, unit: str, reason: str, by: str) -> TargetLine:
    is_none = math.isnan(target.value)
    value = "no target" if is_none else format_value(target.value, unit, workspace.company.currency)
    segment = segment_of(workspace, target.where)
    chosen = [segment] if segment else [" or ".join(values) for _, values in target.where]
    about = " · ".join([*([f"per {target.grain}"] if target.grain else []), *chosen])
    return TargetLine(value, _days(target), about, reason, by)


def _days(target: Target) -> str:
    if target.starts_on and target.ends_on:
        return format_days(target.starts_on, target.ends_on)
    if target.starts_on:
        return f"from {format_day(target.starts_on)}"
    return f"until {format_day(target.ends_on)}" if target.ends_on else "always"
