"""What most tests begin with: a quarter, an objective, a key result. Times are given, never taken from a clock."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from kviboard.store import Author, Cycle, KeyResult, NewCheckIn, NewCycle, NewKeyResult, NewObjective, Objective, Store

MONDAY = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
TUESDAY = datetime(2026, 11, 3, 14, 5, tzinfo=UTC)


OWNER = Author("the owner", MONDAY)
COLLEAGUE = Author("a colleague", TUESDAY)


def a_cycle(store: Store, name: str = "Q4 2026") -> Cycle:
    """The last quarter of 2026."""
    return store.cycles.add(NewCycle(name=name, starts_on=date(2026, 10, 1), ends_on=date(2026, 12, 31)), author=OWNER)


def an_objective(store: Store, cycle: Cycle, title: str = "Customers find help at once", **more: Any) -> Objective:
    """A draft objective without key results."""
    return store.objectives.add(NewObjective(cycle_id=cycle.id, title=title, **more), author=OWNER)


def a_key_result(store: Store, objective: Objective, **more: Any) -> KeyResult:
    """From 40 to 80 per cent, typed at check-in."""
    wanted = {"title": "Answered within a day", "kind": "increase", "baseline": Decimal(40), "target": Decimal(80)}
    return store.key_results.add(NewKeyResult(objective_id=objective.id, **{**wanted, **more}), author=OWNER)


def an_active_key_result(store: Store, **more: Any) -> KeyResult:
    """A key result that can be checked in, in a quarter of its own."""
    objective = an_objective(store, a_cycle(store))
    key_result = a_key_result(store, objective, **more)
    store.life_cycle.activate(objective, author=OWNER)
    return key_result


def new_check_in(key_result: KeyResult, value: str | None = "45", day: int = 2, **more: Any) -> NewCheckIn:
    """A check-in of November 2026."""
    number = None if value is None else Decimal(value)
    return NewCheckIn(key_result_id=key_result.id, day=date(2026, 11, day), value=number, **more)
