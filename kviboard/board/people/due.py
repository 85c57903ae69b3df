"""When something is due, in words, and the open decisions that are past due or due soon.

Counted from today on the company's clocks: a promise falls due whether data arrives or not.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from kviboard.domain.formatting import counted, format_day
from kviboard.store import Decision

SOON_DAYS = 7


@dataclass(frozen=True)
class Due:
    """An open decision; `days` it is past due, negative where it has time left."""

    decision: Decision
    days: int

    @property
    def is_past(self) -> bool:
        return self.days > 0

    @property
    def when(self) -> str:
        """ "5 days past due", "due today", "due in 3 days"."""
        return when_due(self.days)

    @property
    def facts(self) -> str:
        """ "Product owner · due 26 Oct 2026"."""
        owner = " ".join(self.decision.owner.split())
        return " · ".join(fact for fact in (owner, f"due {format_day(self.decision.due_on)}") if fact)


def when_due(days: int) -> str:
    """ "5 days past due", "due today", "due in 3 days" for days that are past, none, or left (negative)."""
    if not days:
        return "due today"
    count = counted(abs(days), "day")
    return f"{count} past due" if days > 0 else f"due in {count}"


def due_of(decisions: Sequence[Decision], today: date) -> list[Due]:
    """Those of the decisions that are past due or due within SOON_DAYS, the longest past first."""
    found = [Due(decision, (today - decision.due_on).days) for decision in decisions]
    return sorted((due for due in found if due.days >= -SOON_DAYS), key=lambda due: -due.days)
