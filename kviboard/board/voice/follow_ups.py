"""Closing the loop: who takes up what a customer answered, what came of it, and how often it is done in time.

What is open is past due by today's day, as whoever promised to call owes it; how many were called back is counted up
to the data's last day, after which answers are unknown. Saves through the store, once per click (`Author`);
raises StoreError with every problem, ConflictError where somebody was first.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from kviboard.board.context import BoardContext
from kviboard.board.kvis.reading import View
from kviboard.board.views.views import lacks, read_view
from kviboard.domain.formatting import counted, format_day
from kviboard.domain.voice.follow_ups import NOBODY, OUTCOMES, CalledBack, called_back, last_due_day
from kviboard.errors import Problem, StoreError
from kviboard.store import Author, FollowUp, NewFollowUp, refuse


@dataclass(frozen=True)
class OpenFollowUp:
    """A follow-up that is open, `days` past due today (negative: it has time left)."""

    follow_up: FollowUp
    days: int

    @property
    def when(self) -> str:
        """ "5 days past due", "due today", "due 3 Nov 2026"."""
        if self.days > 0:
            return f"{counted(self.days, 'day')} past due"
        return f"due {format_day(self.follow_up.due_on)}" if self.days else "due today"


@dataclass(frozen=True)
class Loop:
    """How the loop with customers is closed: what is open, by due day, and how many detractors were called back."""

    open: tuple[OpenFollowUp, ...] = ()
    rate: CalledBack = NOBODY

    @property
    def past_due(self) -> tuple[OpenFollowUp, ...]:
        return tuple(each for each in self.open if each.days > 0)

    @property
    def calls(self) -> tuple[str, ...]:
        """Whose calls are open, those past due first, no customer named: "Bo: 3 answers of customers, 2 past due"."""
        found: dict[str, list[OpenFollowUp]] = {}
        for each in self.open:
            found.setdefault(each.follow_up.owner, []).append(each)
        late = {owner: sum(each.days > 0 for each in theirs) for owner, theirs in found.items()}
        return tuple(
            f"{owner}: {counted(len(found[owner]), 'answer')} of customers"
            + (f", {late[owner]} past due" if late[owner] else f", the first {found[owner][0].when}")
            for owner in sorted(found, key=lambda owner: (-late[owner], owner))
        )

    @property
    def in_words(self) -> str:
        """ "3 answers of customers wait for a call, 1 of them past due. 82 % of 51 detractors were …"."""
        waiting, late = len(self.open), len(self.past_due)
        of_them = f", {late} of them past due" if late else ""
        wait = f"{counted(waiting, 'answer')} of customers {'waits' if waiting == 1 else 'wait'} for a call{of_them}."
        return " ".join(filter(None, (wait if waiting else "", self.rate.in_words)))


NO_LOOP = Loop()


def take_up(
    context: BoardContext, answer: Mapping[str, Any], owner: str, due_on: date | None, *, author: Author
) -> FollowUp:
    """Takes up an answer (response_id, day and band, as in the view answers), until a day."""
    problems = []
    if not owner.strip():
        problems.append(Problem("Owner", "nobody is named.", "Say who calls."))
    if due_on is None:
        problems.append(Problem("Due day", "none is named.", "Say by when."))
    refuse(problems)
    assert due_on is not None
    new = NewFollowUp(
        response_id=answer["response_id"], answered_on=answer["day"].date(), band=answer["band"],
        owner=" ".join(owner.split()), due_on=due_on,
    )  # fmt: skip
    return context.store.follow_ups.add(new, author=author)


def settle_follow_up(
    context: BoardContext,
    record: FollowUp,
    outcome: str | None,
    done_on: date | None,
    note: str,
    dropped: bool = False,
    *,
    author: Author,
) -> FollowUp:
    """Says what came of a follow-up and when, or why it is dropped."""
    problems = []
    if dropped and not note.strip():
        problems.append(Problem("Note", "it is empty.", "Say why nobody calls."))
    if not dropped and outcome not in OUTCOMES:
        problems.append(Problem("Outcome", "none is chosen.", "Say what came of it."))
    if not dropped and done_on is None:
        problems.append(Problem("Day", "none is named.", "Say when that was."))
    if not dropped and done_on is not None and done_on < record.answered_on:
        problems.append(
            Problem("Day", "it lies before the answer.", f"Choose {format_day(record.answered_on)} or later.")
        )
    refuse(problems)
    state = "dropped" if dropped else "done"
    kept = (None, None) if dropped else (outcome, done_on)
    return context.store.follow_ups.settle(record, state, *kept, note, author=author)


def answer_of(context: BoardContext, response_id: str) -> dict[str, Any]:
    """An answer by its number. StoreError where the exports do not have it, or not of whom it is."""
    found = read_view(context.board, "answers", View(), band="", response_id=response_id)
    if found.empty or not response_id:
        raise StoreError("This answer is not in the exports any more, or names no customer: look again.")
    return dict(found.iloc[0])


def follow_ups_of(context: BoardContext) -> list[FollowUp]:
    """The follow-ups, by due day, without those of answers that the exports lack although they cover their day: of
    customers who are left out since. Raises StoreError."""
    known, reader = context.store.follow_ups.all(), context.board.reader
    covered = reader.reach.get("responses")
    if not known or covered is None:
        return known
    named = [each.response_id for each in known if each.response_id]
    there = {"", *reader.known_among("responses", "response_id", named)}
    return [
        each
        for each in known
        if each.response_id in there or not covered.data_from <= each.answered_on <= covered.data_through
    ]


def outcome_of(record: FollowUp) -> str:
    """What came of a follow-up: "Talked with them on 3 Nov 2026", "Ada calls, due 3 Nov 2026"."""
    if record.state == "open":
        return f"{record.owner} calls, due {format_day(record.due_on)}"
    if record.state == "dropped":
        return f"{record.owner} dropped it"
    day = f" on {format_day(record.done_on)}" if record.done_on else ""
    return f"{OUTCOMES.get(record.outcome or '', '')}{day}"


def loop_of(context: BoardContext) -> Loop:
    """The follow-ups that are open, and of the detractors since the first follow-up, how many were called back in time.
    Raises StoreError."""
    known = follow_ups_of(context)
    today = context.board.clock_day
    waiting = [OpenFollowUp(each, (today - each.due_on).days) for each in known if each.state == "open"]
    return Loop(tuple(waiting), called_back_by(context, known, [context.board.today])[0])


def called_back_by(context: BoardContext, known: Sequence[FollowUp], days: Sequence[date]) -> list[CalledBack]:
    """Of the detractors since the first follow-up of those `known`, how many were called back in time, as it stood at
    the end of each of these days, the earliest first."""
    taken_up = [each for each in known if each.band == "detractor"]
    first = min((each.answered_on for each in taken_up), default=None)
    if first is None or last_due_day(days[-1]) < first or lacks(context.board, "detractors_by_day"):
        return [NOBODY for _ in days]
    view = View(first=first, last=last_due_day(days[-1]))
    rows = read_view(context.board, "detractors_by_day", view)
    answers = dict(zip(rows["day"].dt.date, rows["answers"], strict=True))
    found = [_called_back_by(day, taken_up, answers) for day in days]
    return [replace(each, since=first) if each.answers else each for each in found]


def _called_back_by(day: date, taken_up: Sequence[FollowUp], answers: Mapping[date, int]) -> CalledBack:
    last = last_due_day(day)
    done = [(each.answered_on, each.done_on, each.outcome) for each in taken_up if each.answered_on <= last]
    by_then = [each for each in done if each[1] is not None and each[1] <= day]
    return called_back(by_then, sum(int(count) for on, count in answers.items() if on <= last))
