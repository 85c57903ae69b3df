"""What people set and write on a KVI: targets from a day on, notes on a day, and the key results that depend on it.

Targets of kviboard.toml come first; those set on the board are laid over them, the one set last on top.
"""

import math
from dataclasses import dataclass, replace
from datetime import date
from typing import Unpack

from kviboard.board.board import Board
from kviboard.board.context import OkrBoard, as_slice
from kviboard.board.kvis.readings import View
from kviboard.board.okrs.numbers import read_number
from kviboard.board.okrs.quarter import link_to, read_quarter
from kviboard.board.okrs.saving import Stamp, refuse
from kviboard.board.okrs.views import KeyResultView, ObjectiveLink
from kviboard.domain.formatting import format_day, format_days, format_value
from kviboard.domain.kvis.kvi import Target, beyond_limits
from kviboard.domain.okrs.status import WORST_FIRST
from kviboard.errors import Problem
from kviboard.store import KviNote, KviTarget, NewKviNote, NewKviTarget, Store


@dataclass(frozen=True, kw_only=True)
class TargetForm:
    """A target of a KVI as typed; an empty value means no target from that day on. Percentages as 48.7."""

    value: str = ""
    starts_on: date
    ends_on: date | None = None
    reason: str = ""
    whole: bool = True  # for every grain and slice, not only for those on the screen


@dataclass(frozen=True)
class TargetLine:
    """One target as a line of text; `by` is empty for one that kviboard.toml names."""

    value_text: str
    days_text: str
    about: str  # "per month · Enterprise"; empty where it is for all
    reason: str
    by: str


@dataclass(frozen=True, eq=False)
class DependentKeyResult:
    """A key result that a KVI drives, with its objective."""

    view: KeyResultView
    objective: ObjectiveLink


def with_set_targets(board: Board, store: Store) -> Board:
    """The same board with the targets set in the store; itself where nothing changed since."""
    targets = tuple(_target(record) for record in store.kvi_targets.all())
    return board if targets == board.set_targets else replace(board, set_targets=targets)


def set_target(okrs: OkrBoard, kvi: str, view: View, form: TargetForm, **stamp: Unpack[Stamp]) -> KviTarget:
    """Sets a target of a KVI from a day on, or ends one. It needs a reason; nothing set before is changed."""
    asked = okrs.board.kvi(kvi)
    value, problems = read_number(form.value, asked.unit, "Target")
    why = beyond_limits(asked, float(value), okrs.currency) if value is not None else ""
    if value is not None and why:
        problems.append(Problem("Target", f"{format_value(float(value), asked.unit, okrs.currency)} {why}"))
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
    return okrs.store.kvi_targets.add(new, **stamp)


def target_lines(okrs: OkrBoard, kvi: str) -> list[TargetLine]:
    """Every target of a KVI as text, the one that begins last first; of the same day, the one set last."""
    unit = okrs.board.catalog.kvis[kvi].unit if kvi in okrs.board.catalog.kvis else "number"
    given = [(target, target.note, "") for target in okrs.board.targets.get(kvi, ()) if target.order == 0]
    found = [*given, *((_target(each), each.reason, each.created_by) for each in okrs.store.kvi_targets.all(kvi))]
    newest = sorted(found, key=lambda each: (each[0].starts_on or date.min, each[0].order), reverse=True)
    return [_line(okrs, target, unit, reason, by) for target, reason, by in newest]


def add_note(okrs: OkrBoard, kvi: str, day: date, text: str, **stamp: Unpack[Stamp]) -> KviNote:
    """Writes a note on a KVI's day."""
    refuse([] if text.strip() else [Problem("Note", "it is empty.", "Write what happened on that day.")])
    return okrs.store.kvi_notes.add(NewKviNote(kvi=kvi, day=day, text=text.strip()), **stamp)


def edit_note(okrs: OkrBoard, seen: KviNote, day: date, text: str, **stamp: Unpack[Stamp]) -> KviNote:
    """Changes a note. ConflictError where somebody else did since it was read."""
    refuse([] if text.strip() else [Problem("Note", "it is empty.", "Archive it instead.")])
    return okrs.store.kvi_notes.edit(replace(seen, day=day, text=text.strip()), **stamp)


def archive_note(okrs: OkrBoard, seen: KviNote, **stamp: Unpack[Stamp]) -> KviNote:
    """Takes a note off the chart."""
    return okrs.store.kvi_notes.archive(seen, **stamp)


def notes_of(okrs: OkrBoard, kvi: str) -> list[KviNote]:
    """The notes of a KVI, by day."""
    return okrs.store.kvi_notes.of(kvi)


def key_results_of_kvi(okrs: OkrBoard, kvi: str) -> list[DependentKeyResult]:
    """The key results of open objectives that a KVI drives, worst first."""
    found = []
    for record in okrs.store.key_results.driven_by(kvi):
        objective = okrs.store.objectives.get(record.objective_id)
        quarter = read_quarter(okrs, objective.cycle_id)
        view = quarter.key_result(record.id)
        if view is not None:
            found.append(DependentKeyResult(view, link_to(objective, quarter.cycle.name if quarter.cycle else "")))
    return sorted(found, key=lambda each: WORST_FIRST.index(each.view.status))


def _target(record: KviTarget) -> Target:
    value = math.nan if record.value is None else float(record.value)
    where = as_slice(record.where)
    return Target(
        record.kvi, value, record.starts_on, record.ends_on, record.reason, record.grain, where, order=record.id
    )


def _line(okrs: OkrBoard, target: Target, unit: str, reason: str, by: str) -> TargetLine:
    value = "no target" if math.isnan(target.value) else format_value(target.value, unit, okrs.currency)
    chosen = [" or ".join(values) for _, values in target.where]
    about = " · ".join([*([f"per {target.grain}"] if target.grain else []), *chosen])
    return TargetLine(value, _days(target), about, reason, by)


def _days(target: Target) -> str:
    if target.starts_on and target.ends_on:
        return format_days(target.starts_on, target.ends_on)
    if target.starts_on:
        return f"from {format_day(target.starts_on)}"
    return f"until {format_day(target.ends_on)}" if target.ends_on else "always"
