"""What tests of OKRs begin with: a quarter with one objective, its key results and check-ins. Times are given."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time
from decimal import Decimal
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from kviboard.board.board import Board
from kviboard.board.context import BoardContext
from kviboard.store import (
    Author,
    CheckIn,
    Cycle,
    KeyResult,
    NewCheckIn,
    NewCycle,
    NewKeyResult,
    NewObjective,
    Objective,
    open_store,
)

Okrs = Callable[..., BoardContext]


def an_author(day: date = date(2026, 1, 1), by: str = "Product owner", key: str | None = None) -> Author:
    """A person who saves at nine in the morning."""
    return Author(by, datetime.combine(day, time(9), UTC), key)


def context_on(board: Board, folder: Path) -> BoardContext:
    """A board with an empty store in a folder, or the store that is there."""
    place = folder / "board.sqlite"
    if not place.exists():
        place.write_bytes(empty_store())
    return BoardContext(board, open_store(place))


@cache
def empty_store() -> bytes:
    """A store without a row: making its tables takes ten times as long as copying them."""
    with TemporaryDirectory() as folder:
        place = Path(folder) / "board.sqlite"
        open_store(place).close()
        return place.read_bytes()


def a_quarter(
    context: BoardContext, name: str = "Q1 2026", first: date = date(2026, 1, 1), last: date = date(2026, 3, 31)
) -> Cycle:
    """A quarter; the tiny company's data ends on its 71st of 90 days."""
    return context.store.cycles.add(NewCycle(name=name, starts_on=first, ends_on=last), author=an_author(first))


def an_objective(
    context: BoardContext, cycle: Cycle, title: str = "Customers find help at once", **more: Any
) -> Objective:
    """A draft without key results."""
    wanted = {"team": "Service", "owner": "Product owner", **more}
    new = NewObjective(cycle_id=cycle.id, title=title, **wanted)
    return context.store.objectives.add(new, author=an_author(cycle.starts_on))


def a_key_result(
    context: BoardContext, objective: Objective, title: str = "Answered within a day", **more: Any
) -> KeyResult:
    """From 0 to 100, typed at check-in."""
    wanted = {"kind": "increase", "baseline": "0", "target": "100", "owner": "Product owner", **more}
    numbers = ("baseline", "target", "lower", "upper", "tolerance", "weight")
    exact = {n: Decimal(v) if n in numbers and v is not None else v for n, v in wanted.items()}
    return context.store.key_results.add(
        NewKeyResult(objective_id=objective.id, title=title, **exact), author=an_author()
    )


def active(context: BoardContext, objective: Objective, day: date = date(2026, 1, 1)) -> Objective:
    """The objective, active since a day."""
    return context.store.life_cycle.activate(context.store.objectives.get(objective.id), author=an_author(day))


def say(
    context: BoardContext,
    record: KeyResult,
    day: date,
    value: str | None,
    confidence: int | None = None,
    comment: str = "",
) -> CheckIn:
    """A check-in on a day, written down that day."""
    exact = None if value is None else Decimal(value)
    new = NewCheckIn(key_result_id=record.id, day=day, value=exact, confidence=confidence, comment=comment)
    return context.store.check_ins.add(new, author=an_author(day))
