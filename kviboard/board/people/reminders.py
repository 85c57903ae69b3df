"""Reminders: what fell due for whom, told a few times and then no more. What waits is read in `waiting`."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from kviboard.board.context import BoardContext
from kviboard.board.people.waiting import Waiting, by_owner, of_person, waiting
from kviboard.domain.people import name_now

TIMES = 3  # so often something is reminded of, once a week; whoever has ignored it then has decided to
REMINDED_FOR = timedelta(weeks=TIMES)


@dataclass(frozen=True)
class Reminder:
    """What fell due for one person and is not done."""

    person: str
    lines: tuple[Waiting, ...]


def reminders(context: BoardContext, on: date, people: Sequence[str] = ()) -> list[Reminder]:
    """What to remind of on a day by the clock, of everybody or only of these people, by any name of theirs: who was
    renamed is one person, under the newest. Something is reminded of from the day it is due for `REMINDED_FOR`: sent
    every week, that is three times. Raises StoreError."""
    signatures = context.store.signatures()
    due = [each for each in waiting(context) if each.due_on and each.due_on <= on < each.due_on + REMINDED_FOR]
    due = [replace(each, owner=name_now(each.owner, signatures)) for each in due]
    wanted = [each for name in people for each in of_person(due, name_now(name, signatures))] if people else due
    found = by_owner(wanted)
    return [Reminder(name, tuple(found[name])) for name in sorted(found, key=str.casefold)]
