"""Which sprints there are and how far each one's review has come, from the calendar and the store together."""

import re
from collections.abc import Container, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta, tzinfo

from kviboard.board.board import Board
from kviboard.board.context import BoardContext
from kviboard.domain.formatting import format_days
from kviboard.domain.periods import Sprint, title_of_sprint
from kviboard.domain.reviews.predictions import Stage
from kviboard.store import Review, ReviewRecord, Store
from kviboard.warehouse.reader import Reader

OPENED_LATE = "Opened after the fact: its predictions do not count."
TOO_LATE = "The sprint is over: what is predicted now will not count."
_NOT_LONG = timedelta(days=31)


@dataclass(frozen=True)
class ReviewedSprint:
    """A sprint with its review, if one was begun."""

    sprint: Sprint
    review: Review | None
    stage: Stage
    after_the_fact: bool = False  # opened when it was over: nothing could be predicted any more

    @property
    def slug(self) -> str:
        """Its name in addresses: "sprint-39", "payments.sprint-39" of a team."""
        return slug_of(self.sprint.team, self.sprint.name)

    @property
    def title(self) -> str:
        """ "Sprint 39" or "Payments · Sprint 39"."""
        return title_of_sprint(self.sprint.name, self.sprint.team)

    @property
    def days_text(self) -> str:
        """ "28 Oct – 10 Nov 2026"."""
        return format_days(self.sprint.starts_on, self.sprint.ends_on)


def reviewed_sprints(board: Board, store: Store) -> list[ReviewedSprint]:
    """Every sprint of the calendar and every one that has a review, newest first, the company's before its teams'.

    A review of a sprint that is no longer exported keeps its days.
    """
    reviews = {(review.sprint, review.team): review for review in store.reviews.all()}
    done = store.reviews.acts_done()
    opened = store.reviews.held_at("opening")
    begun = [review for review in reviews.values() if review.id in opened]
    late = {review.id for review in begun if is_late(opened[review.id], review, board.workspace.company.zone)}
    sprints = {(sprint.name, sprint.team): sprint for sprint in board.calendar.sprints}
    for key, review in reviews.items():
        known = sprints.get(key) or Sprint(review.sprint, review.starts_on, review.ends_on, None, review.team)
        sprints[key] = replace(known, starts_on=review.starts_on, ends_on=review.ends_on)
    found = [_reviewed(sprint, reviews.get(key), done, late) for key, sprint in sprints.items()]
    return sorted(found, key=lambda each: (-each.sprint.starts_on.toordinal(), each.sprint.team or "", each.slug))


def _reviewed(
    sprint: Sprint, review: Review | None, done: dict[int, frozenset[str]], late: Container[int]
) -> ReviewedSprint:
    return ReviewedSprint(sprint, review, _stage(review, done), review is not None and review.id in late)


def opened_late(record: ReviewRecord, zone: tzinfo) -> bool:
    """Whether a sprint was opened when it was over: its predictions knew what came, so they count for nothing."""
    return record.opening is not None and is_late(record.opening.created_at, record.review, zone)


def is_late(opened: datetime, review: Review, zone: tzinfo) -> bool:
    """Whether a sprint was opened when it was over, on the clocks of `zone`: nothing could be predicted any more."""
    return opened.astimezone(zone).date() > review.ends_on


def warned_of(sprint: ReviewedSprint, today: date) -> str:
    """What to say of predictions that do not count, or would not if the sprint were opened `today`; empty where they
    do."""
    if sprint.stage in (Stage.NOT_BEGUN, Stage.PREPARED):
        return TOO_LATE if today > sprint.sprint.ends_on else ""
    return OPENED_LATE if sprint.after_the_fact else ""


def current_sprint(sprints: list[ReviewedSprint], today: date) -> ReviewedSprint | None:
    """The sprint to begin with: one that is over and waits for its closing, else the running one, else the newest. One
    that was opened after the fact never comes first.

    `today` is the last day of the data: where a sprint ends on it, the one that begins on the next day is the running
    one, which a team meets to open.
    """
    begun = [each for each in sprints if each.sprint.starts_on <= today]
    over = [each for each in begun if each.stage == Stage.OPEN and each.sprint.ends_on <= today]
    waiting = [each for each in over if not each.after_the_fact]
    tomorrow = today + timedelta(days=1)
    running = [each for each in sprints if each.sprint.starts_on <= tomorrow <= each.sprint.ends_on]
    last = [each for each in begun if each.sprint.ends_on == today]
    return next(iter([*waiting, *running, *last, *begun, *sprints]), None)


def quotable(sprints: Sequence[ReviewedSprint], today: date) -> list[ReviewedSprint]:
    """The sprints in whose review something can be quoted, the newest first: begun by today, their review not closed;
    where nobody has begun it, those that are not over for long."""
    return [
        each
        for each in sprints
        if each.stage != Stage.CLOSED
        and each.sprint.starts_on <= today
        and (each.review is not None or each.sprint.ends_on >= today - _NOT_LONG)
    ]


def context_of_team(context: BoardContext, team: str | None) -> BoardContext:
    """The board with the sprints of one team as its sprints, so that its numbers are those of the team's own days, and
    the same store. Opened once: it has a warehouse of its own, and nothing that was computed on other sprints."""
    board = context.board
    if not team or all(sprint.team == team for sprint in board.calendar.sprints):
        return context

    def opened() -> BoardContext:
        reader = Reader(board.workspace, board.reader.version, team=team)
        return BoardContext(replace(board, reader=reader), context.store)

    return context.of_team(team, opened)


def _stage(review: Review | None, done: dict[int, frozenset[str]]) -> Stage:
    if review is None:
        return Stage.NOT_BEGUN
    acts = done.get(review.id, frozenset())
    if "closing" in acts:
        return Stage.CLOSED
    return Stage.OPEN if "opening" in acts else Stage.PREPARED


def slug_of(*parts: str | None) -> str:
    """The parts of a name as addresses and files have them: "payments.sprint-39"."""
    return ".".join(_slug(part) for part in parts if part)


def _slug(name: str) -> str:
    return re.sub(r"[^\w]+", "-", name.lower()).strip("-")
