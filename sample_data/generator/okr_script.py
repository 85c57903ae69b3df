"""Plays what people did with their OKRs and in reviews, in the order of time, and hands over the store as one file.

What they did stands in the modules named after a quarter; keeping it is the store's business.
"""

import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from generator.exports_then import Refreshes
from generator.files import Export
from kviboard.board.context import BoardContext
from kviboard.board.kvis.targets import with_set_targets
from kviboard.store import (
    Author,
    Grade,
    NewCheckIn,
    NewComment,
    NewCycle,
    NewGuardrail,
    NewKeyResult,
    NewKviNote,
    NewKviTarget,
    NewObjective,
    Store,
    TargetValues,
    open_store,
)

NUMBERS = ("baseline", "target", "lower", "upper", "tolerance", "weight")


@dataclass
class Stage:
    """The store and what was made in it so far: the number of each row by the name the script gives it."""

    store: Store
    refreshes: Refreshes
    numbers: dict[str, int] = field(default_factory=dict)
    _boards: dict[datetime, BoardContext] = field(default_factory=dict)

    def context(self, refreshed: datetime) -> BoardContext:
        """The board as it was after a refresh, with the store as it is now."""
        if refreshed not in self._boards:
            board = with_set_targets(self.refreshes.board(refreshed), self.store)
            self._boards[refreshed] = BoardContext(board, self.store)
        return self._boards[refreshed]


@dataclass(frozen=True)
class Act:
    """One thing a person did at a moment."""

    at: datetime
    by: str
    do: Callable[[Stage, Author], None]


def play(acts: Iterable[Act], exports: list[Export]) -> bytes:
    """The export of a store in which all of it happened; `exports` as they are at the end of the story."""
    with tempfile.TemporaryDirectory() as folder:
        with closing(open_store(Path(folder) / "sample.sqlite")) as store:
            stage = Stage(store, Refreshes(exports, Path(folder) / "workspace"))
            for act in sorted(acts, key=lambda act: act.at):
                act.do(stage, Author(act.by, act.at))
            store.export_json(Path(folder) / "okrs.json")
        return (Path(folder) / "okrs.json").read_bytes()


class Person:
    """Somebody in a role, who does one thing after the other; each takes a minute."""

    def __init__(self, role: str, day: date, at: time = time(9)) -> None:
        self.role = role
        self._next = datetime.combine(day, at, UTC)

    def _act(self, do: Callable[[Stage, Author], None]) -> Act:
        self._next += timedelta(minutes=1)
        return Act(self._next, self.role, do)

    def adds_cycle(self, name: str, first: date, last: date) -> Act:
        def do(stage: Stage, author: Author) -> None:
            new = NewCycle(name=name, starts_on=first, ends_on=last)
            stage.numbers[name] = stage.store.cycles.add(new, author=author).id

        return self._act(do)

    def adds_objective(self, name: str, cycle: str, title: str, supports: str = "", **more: Any) -> Act:
        def do(stage: Stage, author: Author) -> None:
            parent = stage.numbers[supports] if supports else None
            new = NewObjective(cycle_id=stage.numbers[cycle], title=title, parent_id=parent, **more)
            stage.numbers[name] = stage.store.objectives.add(new, author=author).id

        return self._act(do)

    def edits_objective(self, name: str, supports: str = "", **changes: Any) -> Act:
        def do(stage: Stage, author: Author) -> None:
            record = stage.store.objectives.get(stage.numbers[name])
            parent = {"parent_id": stage.numbers[supports]} if supports else {}
            stage.store.objectives.edit(replace(record, **changes, **parent), author=author)

        return self._act(do)

    def adds_key_result(self, name: str, objective: str, title: str, kind: str, **more: Any) -> Act:
        def do(stage: Stage, author: Author) -> None:
            new = NewKeyResult(objective_id=stage.numbers[objective], title=title, kind=kind, **_exact(more))
            stage.numbers[name] = stage.store.key_results.add(new, author=author).id

        return self._act(do)

    def edits_key_result(self, name: str, reason: str = "", **changes: Any) -> Act:
        def do(stage: Stage, author: Author) -> None:
            record = stage.store.key_results.get(stage.numbers[name])
            stage.store.key_results.edit(replace(record, **_exact(changes)), reason=reason, author=author)

        return self._act(do)

    def guards(self, objective: str, kvi: str, grain: str = "month", **band: str) -> Act:
        def do(stage: Stage, author: Author) -> None:
            new = NewGuardrail(objective_id=stage.numbers[objective], kvi=kvi, grain=grain, **_exact(band))
            stage.store.guardrails.add(new, author=author)

        return self._act(do)

    def activates(self, objective: str) -> Act:
        def do(stage: Stage, author: Author) -> None:
            stage.store.life_cycle.activate(stage.store.objectives.get(stage.numbers[objective]), author=author)

        return self._act(do)

    def says(
        self, key_result: str, value: str | None, confidence: int, comment: str = "", corrects: bool = False
    ) -> Act:
        """A check-in on the day it is done; `corrects` the one this key result had last."""

        def do(stage: Stage, author: Author) -> None:
            number = stage.numbers[key_result]
            exact = None if value is None else Decimal(value)
            new = NewCheckIn(
                key_result_id=number, day=author.at.date(), value=exact, confidence=confidence, comment=comment
            )
            if corrects:
                wrong = stage.store.check_ins.of(number)[-1]
                stage.store.check_ins.correct(wrong, replace(new, day=wrong.day), author=author)
            else:
                stage.store.check_ins.add(new, author=author)

        return self._act(do)

    def closes(self, objective: str, grade: Grade, **key_results: Grade) -> Act:
        def do(stage: Stage, author: Author) -> None:
            record = stage.store.objectives.get(stage.numbers[objective])
            grades = {stage.numbers[name]: each for name, each in key_results.items()}
            stage.store.life_cycle.close(record, grade, grades, author=author)

        return self._act(do)

    def carries_over(self, objective: str, into: str, name: str, **chosen: tuple[str, dict[str, str]]) -> Act:
        """`chosen`: the key results by name, each with the name it has from then on and its new numbers."""

        def do(stage: Stage, author: Author) -> None:
            values = {stage.numbers[old]: TargetValues(**_exact(new)) for old, (_, new) in chosen.items()}
            number, cycle = stage.numbers[objective], stage.numbers[into]
            copy = stage.store.life_cycle.carry_over(number, cycle, values, author=author)
            stage.numbers[name] = copy.id
            rows = next(row for row in stage.store.objectives_of(cycle) if row.objective.id == copy.id).key_results
            came_from = {row.key_result.carried_from_id: row.key_result.id for row in rows}
            stage.numbers |= {new: came_from[stage.numbers[old]] for old, (new, _) in chosen.items()}

        return self._act(do)

    def sets_target(self, kvi: str, value: str | None, starts_on: date, reason: str, **more: Any) -> Act:
        def do(stage: Stage, author: Author) -> None:
            exact = None if value is None else Decimal(value)
            new = NewKviTarget(kvi=kvi, value=exact, starts_on=starts_on, reason=reason, **more)
            stage.store.kvi_targets.add(new, author=author)

        return self._act(do)

    def comments(self, text: str, objective: str = "", key_result: str = "") -> Act:
        """Something said about an objective or a key result."""

        def do(stage: Stage, author: Author) -> None:
            about = {"objective_id": stage.numbers.get(objective), "key_result_id": stage.numbers.get(key_result)}
            stage.store.comments.add(NewComment(text=text, **about), author=author)

        return self._act(do)

    def notes(self, kvi: str, day: date, text: str) -> Act:
        def do(stage: Stage, author: Author) -> None:
            stage.store.kvi_notes.add(NewKviNote(kvi=kvi, day=day, text=text), author=author)

        return self._act(do)


def graded(suggested: str, outcome: str, note: str = "", grade: str = "", reason: str | None = None) -> Grade:
    """A grade as suggested, or another one with its reason."""
    return Grade(
        outcome=outcome,
        grade=Decimal(grade or suggested),
        suggested_grade=Decimal(suggested),
        grade_reason=reason,
        closing_note=note or None,
    )


def weekly(person: str, key_result: str, first: date, *said: tuple[str | None, int, str]) -> Iterator[Act]:
    """A check-in a week, from a day on: value, confidence, comment."""
    for week, (value, confidence, comment) in enumerate(said):
        yield Person(person, first + timedelta(weeks=week)).says(key_result, value, confidence, comment)


def _exact(values: dict[str, Any]) -> dict[str, Any]:
    """Numbers, written as text in the script, as the decimals they are."""
    return {name: Decimal(value) if name in NUMBERS and value is not None else value for name, value in values.items()}
