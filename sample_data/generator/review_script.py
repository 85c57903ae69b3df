"""Who does what in the acts of a sprint review, minute by minute, over the numbers of one refresh.

What was said is told in `reviews_third_quarter` and `reviews_fourth_quarter`; the numbers are taken as the app takes
them, none is typed in here.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from generator.okr_script import Act, Stage
from kviboard.board.context import BoardContext
from kviboard.board.reviews.document import MeetingName
from kviboard.board.reviews.meeting import (
    DecisionForm,
    PredictionForm,
    add_addendum,
    begin_review,
    decide,
    freeze,
    numbers_of_meeting,
    remark,
    save_goal,
    save_prediction,
)
from kviboard.board.reviews.polls import ask, guess_change, reveal
from kviboard.board.reviews.sprints import reviewed_sprints
from kviboard.store import Author, Review

NIGHTLY = time(4, 10)  # UTC: when the exports are read each morning


def morning(month: int, day: int) -> datetime:
    """When a sprint's review is closed: on the first day of the next."""
    return datetime(2026, month, day, 8, 0, tzinfo=UTC)


def after_lunch(month: int, day: int) -> datetime:
    """When a sprint is opened, on its first day."""
    return datetime(2026, month, day, 12, 0, tzinfo=UTC)


class Meeting:
    """One act of a sprint's review. `refreshed`: when the exports it shows were read; that night unless told."""

    def __init__(
        self, sprint: str, act: MeetingName, chair: str, begins: datetime, refreshed: datetime | None = None
    ) -> None:
        self.sprint, self.act, self.chair = sprint, act, chair
        self._now = begins
        self._refreshed = refreshed or datetime.combine(begins.date(), NIGHTLY, UTC)

    def begins(self) -> Act:
        """The numbers are taken, and stay as they are for the meeting."""

        def do(context: BoardContext, review: Review | None, author: Author) -> None:
            chosen = next(
                each for each in reviewed_sprints(context.board, context.store) if each.sprint.name == self.sprint
            )
            review = begin_review(context, chosen, author=author)
            numbers_of_meeting(context, context.store.reviews.whole(review.id), self.act, author)

        return self._does(self.chair, 0, do)

    def wants(self, *key_results: str) -> Act:
        """Links the sprint's goal, as exported, to the key results that it should move."""

        def do(stage: Stage, author: Author) -> None:
            context = stage.context(self._refreshed)
            review = self._review(context)
            save_goal(context, review, review.goal, [stage.numbers[name] for name in key_results], author=author)

        return Act(self._later(6), self.chair, do)

    def asks_all(self, kvi: str, *answers: tuple[str, str, int, str]) -> Iterator[Act]:
        """Everybody predicts by phone, unseen: way, by how much, how sure, why. Then the answers are revealed."""
        yield self._does(
            self.chair, 2, lambda context, review, author: ask(context, review, f"kvi:{kvi}", author=author)
        )

        def guess(context: BoardContext, review: Review, author: Author) -> None:
            poll = next(each for each in context.store.reviews.whole(review.id).polls if each.kvi == kvi)
            for number, (way, by, sure, why) in enumerate(answers):
                guess_change(context, poll, way, by, sure, why, f"{self.sprint} {kvi} {number}", "")
            reveal(context, poll.id, author=author)

        yield self._does(self.chair, 3, guess)

    def predicts(self, by: str, kvi: str, confidence: int, because: str, lower: str = "", upper: str = "") -> Act:
        """The change expected over the sprint, in the KVI's unit or in percentage points."""
        form = PredictionForm(kvi=kvi, lower=lower, upper=upper, confidence=confidence, because=because)
        return self._does(by, 3, lambda context, review, author: save_prediction(context, review, form, author=author))

    def says(self, by: str, about: str, text: str) -> Act:
        """`about`: the step on the screen."""
        return self._does(by, 4, lambda context, review, author: remark(context, review, text, about, author=author))

    def decides(self, name: str, owner: str, due_on: date, text: str, kind: str = "decision", kvi: str = "") -> Act:
        """`name`: what the script calls it, to settle it later."""
        form = DecisionForm(text=text, owner=owner, due_on=due_on, kind=kind, kvi=kvi)

        def do(stage: Stage, author: Author) -> None:
            context = stage.context(self._refreshed)
            stage.numbers[name] = decide(context, self._review(context), form, author=author).id

        return Act(self._later(4), self.chair, do)

    def freezes(self, *reviewed_by: str) -> Act:
        """Opens the sprint, or closes its review."""
        return self._does(
            self.chair, 3, lambda context, review, author: freeze(context, review, self.act, reviewed_by, author=author)
        )

    def adds(self, by: str, minutes: int, text: str) -> Act:
        """An addendum, so many minutes after what was done last."""
        return self._does(
            by, minutes, lambda context, review, author: add_addendum(context, review, text, author=author)
        )

    def _later(self, minutes: int) -> datetime:
        self._now += timedelta(minutes=minutes)
        return self._now

    def _review(self, context: BoardContext) -> Any:
        return context.store.reviews.of_sprint(self.sprint)

    def _does(self, by: str, minutes: int, do: Callable[[BoardContext, Any, Any], object]) -> Act:
        def done(stage: Stage, author: Author) -> None:
            context = stage.context(self._refreshed)
            do(context, self._review(context), author)

        return Act(self._later(minutes), by, done)


def settles(by: str, at: datetime, name: str, state: str, outcome: str) -> Act:
    """Between two meetings: a decision is done, or dropped with its reason."""

    def do(stage: Stage, author: Author) -> None:
        seen = next(each for each in stage.store.decisions.all() if each.id == stage.numbers[name])
        stage.store.decisions.settle(seen, state, outcome, author=author)

    return Act(at, by, do)
