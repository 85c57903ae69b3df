"""What waits for whom: check-ins, open decisions, answers to call back, objectives to close or to begin.

Nothing is kept here: each line stands in the OKRs, the reviews or the loop with customers, and leads to the form there.
Days count from today on the company's clocks: whoever promised something owes it, whether data arrives or not.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from kviboard.board.context import BoardContext
from kviboard.board.kvis.did_it_work import name_of
from kviboard.board.okrs.quarter import as_cycle, read_quarter
from kviboard.board.okrs.todo import owners_of
from kviboard.board.okrs.views import KeyResultView, Quarter, TodoAction
from kviboard.board.people.due import SOON_DAYS, when_due
from kviboard.board.voice.follow_ups import follow_ups_of
from kviboard.domain.formatting import counted, format_day, plural
from kviboard.domain.okrs.badges import next_check_in_on
from kviboard.domain.okrs.lifecycle import State
from kviboard.domain.people import same_person
from kviboard.store import Decision, FollowUp


class Kind(StrEnum):
    """What kind of thing waits."""

    CHECK_IN = "check in"
    DECISION = "decision"
    CALL = "call back"
    CLOSE = "close"
    DRAFT = "draft"


@dataclass(frozen=True)
class Waiting:
    """Something that waits for `owner`. `form` on `page` about the row `of` is where it is done.

    `days` it is past due today (negative: it has time left); None for what has no day.
    """

    kind: Kind
    owner: str
    title: str
    why: str
    page: str
    form: str
    of: int
    due_on: date | None = None
    days: int | None = None

    @property
    def is_late(self) -> bool:
        return self.days is not None and self.days > 0

    @property
    def when(self) -> str:
        """ "5 days past due", "due today", "due in 3 days"; empty for what has no day."""
        return "" if self.days is None else when_due(self.days)


def waiting(context: BoardContext) -> tuple[Waiting, ...]:
    """All that waits for somebody by name, the longest past due first, what has no day last. Raises StoreError."""
    today, quarter = context.board.clock_day, read_quarter(context)
    found = [
        *_check_ins(quarter, today),
        *_steps(quarter, today),
        *(_decision(context, each, today) for each in context.store.decisions.all("open")),
        *(_call(each, today) for each in follow_ups_of(context) if each.state == "open"),
    ]
    return tuple(sorted((each for each in found if each.owner.strip()), key=_order))


def of_person(found: Iterable[Waiting], *names: str) -> tuple[Waiting, ...]:
    """What waits for one person, whichever of their names it is under."""
    return tuple(each for each in found if same_person(each.owner, *names))


def by_owner(found: Iterable[Waiting]) -> dict[str, list[Waiting]]:
    """What waits, by whom it waits for, whatever the capitals and spaces of the name."""
    groups: dict[str, list[Waiting]] = {}
    for each in found:
        name = next((known for known in groups if same_person(known, each.owner)), each.owner)
        groups.setdefault(name, []).append(each)
    return groups


def _order(each: Waiting) -> tuple[bool, date, str]:
    return (each.due_on is None, each.due_on or date.max, each.title)


def _check_ins(quarter: Quarter, today: date) -> Iterator[Waiting]:
    """Typed key results of active objectives that need a check-in now or soon; none is asked for after the cycle."""
    if quarter.cycle is None:
        return
    cycle, owners = as_cycle(quarter.cycle), owners_of(quarter.objectives)
    for view in quarter.objectives:
        for part in view.key_results if view.state == State.ACTIVE else ():
            due_on = next_check_in_on(part.record.cadence_days, cycle, _last(part))
            days = (min(today, cycle.ends_on) - due_on).days
            if part.record.kvi or days < -SOON_DAYS or due_on > cycle.ends_on:
                continue
            owner = owners[view.record.id, part.record.id]
            yield _made(Kind.CHECK_IN, owner, part.record.title, _since(part), "okrs", "check_in", part.record.id,
                        due_on, days)  # fmt: skip


def _last(part: KeyResultView) -> date | None:
    return part.last_check_in.record.day if part.last_check_in else None


def _since(part: KeyResultView) -> str:
    last = _last(part)
    return f"last check-in {format_day(last)}" if last else "no check-in yet"


def _steps(quarter: Quarter, today: date) -> Iterator[Waiting]:
    """Objectives whose cycle is over, and drafts."""
    owners = owners_of(quarter.objectives)
    ends_on = quarter.cycle.ends_on if quarter.cycle else None
    for todo in quarter.todos:
        owner = owners.get((todo.objective_id, None), "")
        if todo.action == TodoAction.CLOSE and ends_on is not None:
            yield _made(Kind.CLOSE, owner, todo.title, todo.why, "okrs", "close", todo.objective_id,
                        ends_on, (today - ends_on).days)  # fmt: skip
        elif todo.action in (TodoAction.ADD, TodoAction.ACTIVATE):
            form = "activate" if todo.action == TodoAction.ACTIVATE else "add_key_result"
            yield _made(Kind.DRAFT, owner, todo.title, todo.why, "okrs", form, todo.objective_id)


def _decision(context: BoardContext, made: Decision, today: date) -> Waiting:
    why = "experiment" if made.kind == "experiment" else ""
    days = (today - made.due_on).days
    title = name_of(context.board.catalog, made)
    return _made(Kind.DECISION, made.owner, title, why, "review", "settle", made.id, made.due_on, days)


def _call(made: FollowUp, today: date) -> Waiting:
    title = f"A {made.band}'s answer of {format_day(made.answered_on)}"
    return _made(Kind.CALL, made.owner, title, "call the customer back", "voice", "settle_follow_up", made.id,
                 made.due_on, (today - made.due_on).days)  # fmt: skip


def _made(
    kind: Kind, owner: str | None, title: str, why: str, page: str, form: str, of: int,
    due_on: date | None = None, days: int | None = None,
) -> Waiting:  # fmt: skip
    return Waiting(kind, " ".join((owner or "").split()), title, why, page, form, of, due_on, days)


def due_now(found: Iterable[Waiting]) -> tuple[Waiting, ...]:
    """What is past due or due within `SOON_DAYS`."""
    return tuple(each for each in found if each.days is not None and each.days >= -SOON_DAYS)


def how_many(found: Sequence[Waiting], whom: str) -> str:
    """ "3 things wait for you, 1 of them past due"; empty for none."""
    late = sum(each.is_late for each in found)
    count = f"{counted(len(found), 'thing')} {plural(len(found), 'waits', 'wait')} for {whom}"
    past_due = f"{late} of them past due" if len(found) > 1 else "past due"
    return (f"{count}, {past_due}" if late else count) if found else ""
