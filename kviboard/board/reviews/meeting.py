"""Holding a review: begin it, say what is said, take its numbers once, freeze its acts.

Saves through the store, once per click (`Author`). Raises StoreError with every problem, ConflictError where somebody
was first. What the numbers are belongs to `snapshot`.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal

from kviboard.board.context import BoardContext
from kviboard.board.numbers import read_number
from kviboard.board.reviews.contributions import with_contributions
from kviboard.board.reviews.document import MeetingName, ReviewDocument, from_json, to_json
from kviboard.board.reviews.quotes import comment_of
from kviboard.board.reviews.snapshot import Occasion, take_numbers
from kviboard.board.reviews.sprints import ReviewedSprint, context_of_team
from kviboard.domain.formatting import counted, format_day
from kviboard.domain.people import plain_name
from kviboard.domain.periods import Sprint
from kviboard.errors import Problem, StoreError
from kviboard.store import (
    Author,
    Decision,
    FrozenMeeting,
    NewDecision,
    NewFrozenMeeting,
    NewPrediction,
    NewQuote,
    NewRemark,
    NewReview,
    Prediction,
    Quote,
    Remark,
    Review,
    ReviewRecord,
    refuse,
)
from kviboard.store.reviews.reviews import UNDO_MINUTES

MEETING = "the meeting"  # who keeps the numbers of a meeting that runs


@dataclass(frozen=True, kw_only=True)
class PredictionForm:
    """A prediction as typed: the change expected over the sprint, percentages as percentage points."""

    kvi: str = ""
    lower: str = ""
    upper: str = ""
    confidence: int = 70
    because: str = ""


@dataclass(frozen=True, kw_only=True)
class DecisionForm:
    """A decision or an experiment as typed."""

    text: str = ""
    owner: str = ""
    due_on: date | None = None
    kind: str = "decision"
    kvi: str = ""
    where: Mapping[str, Sequence[str]] = field(default_factory=dict)  # of which customers, where it is about a KVI
    period: str = ""  # of the KVI, as it was looked at
    quote: int | None = None  # the number of a customer's words that it answers


def begin_review(context: BoardContext, chosen: ReviewedSprint, *, author: Author) -> Review:
    """The review of a sprint, begun where it was not; its goal starts as the one exported with the sprint."""
    sprint = chosen.sprint
    known = context.store.reviews.of_sprint(sprint.name, sprint.team)
    if known is not None:
        return known
    new = NewReview(
        sprint=sprint.name,
        team=sprint.team,
        starts_on=sprint.starts_on,
        ends_on=sprint.ends_on,
        goal=(sprint.goal or "").strip(),
    )
    try:
        return context.store.reviews.add(new, author=author)
    except StoreError:  # somebody began it a moment ago
        begun = context.store.reviews.of_sprint(sprint.name, sprint.team)
        if begun is None:
            raise
        return begun


def save_goal(
    context: BoardContext, review: Review, goal: str, key_results: Sequence[int], *, author: Author
) -> Review:
    """Saves the sprint's goal and the key results it should move."""
    changed = replace(review, goal=" ".join(goal.split()), goal_key_results=tuple(key_results))
    return context.store.reviews.edit(changed, author=author)


def save_prediction(
    context: BoardContext, review: Review, form: PredictionForm, edited: Prediction | None = None, *, author: Author
) -> Prediction:
    """Adds a prediction or saves the form over the one `edited`."""
    known = context.board.catalog.kvis.get(form.kvi)
    unit = known.unit if known else "number"
    lower, low_wrong = read_number(form.lower, unit, "At least")
    upper, high_wrong = read_number(form.upper, unit, "At most")
    problems = [*low_wrong, *high_wrong]
    if known is None:
        problems.append(Problem("KVI", "none is chosen.", "Choose the one you expect to change."))
    if lower is None and upper is None and not problems:
        problems.append(Problem("Expected change", "it has no bound.", "Say at least, at most, or both."))
    if lower is not None and upper is not None and lower > upper:
        problems.append(Problem("Expected change", "the lower bound lies above the upper bound.", "Swap them."))
    refuse(problems)
    new = _prediction(review, form, lower, upper)
    if edited is None:
        return context.store.predictions.add(new, author=author)
    typed = {name: getattr(new, name) for name in ("kvi", "lower", "upper", "confidence", "because")}
    return context.store.predictions.edit(replace(edited, **typed), author=author)


def _prediction(review: Review, form: PredictionForm, lower: Decimal | None, upper: Decimal | None) -> NewPrediction:
    return NewPrediction(
        review_id=review.id,
        kvi=form.kvi,
        confidence=form.confidence,
        lower=lower,
        upper=upper,
        because=form.because.strip(),
    )


def quote(context: BoardContext, chosen: ReviewedSprint, response_id: str, *, author: Author) -> Quote:
    """Chooses what a customer wrote for the review of a sprint, which is begun where it was not."""
    comment_of(context.board, response_id)
    review = begin_review(context, chosen, author=replace(author, key=None))
    return context.store.quotes.add(NewQuote(review_id=review.id, response_id=response_id), author=author)


def decide(context: BoardContext, review: Review | None, form: DecisionForm, *, author: Author) -> Decision:
    """Adds a decision or an experiment; each has an owner and a day it is due."""
    problems = []
    if not form.text.strip():
        problems.append(Problem("Decision", "it has no words.", "Say what is going to be done."))
    if not form.owner.strip():
        problems.append(Problem("Owner", "nobody is named.", "Say who sees to it."))
    if form.due_on is None:
        problems.append(Problem("Due day", "none is named.", "Say by when."))
    if form.quote is not None and context.store.quotes.get(form.quote).review_id != (review.id if review else None):
        problems.append(
            Problem("Customer's words", "they are not quoted in this review.", "Choose among those that are.")
        )
    refuse(problems)
    assert form.due_on is not None
    new = NewDecision(
        text=form.text.strip(),
        owner=form.owner.strip(),
        due_on=form.due_on,
        review_id=review.id if review else None,
        kind=form.kind,
        kvi=form.kvi or None,
        where=form.where,
        period=form.period or None,
        quote_id=form.quote,
    )
    return context.store.decisions.add(new, author=author)


def settle(context: BoardContext, decision: Decision, state: str, outcome: str, *, author: Author) -> Decision:
    """Marks a decision done, dropped (with the reason) or open again."""
    if state == "dropped" and not outcome.strip():
        refuse([Problem("Reason", "none is given.", "Say why it is dropped.")])
    return context.store.decisions.settle(decision, state, outcome, author=author)


def move(context: BoardContext, decision: Decision, due_on: date | None, why: str, *, author: Author) -> Decision:
    """Moves an open decision to another day, with the reason."""
    problems = [] if due_on and due_on != decision.due_on else [Problem("New day", "is missing.", "Say until when.")]
    problems += [] if why.strip() else [Problem("Reason", "none is given.", "Say why it is moved.")]
    refuse(problems)
    assert due_on is not None
    outcome = f"moved from {format_day(decision.due_on)}: {why.strip()}"
    return context.store.decisions.move(decision, due_on, outcome, author=author)


def remark(context: BoardContext, review: Review, text: str, about: str = "", *, author: Author) -> Remark:
    """Adds a line to what is said in the meeting; nothing anybody else typed is touched."""
    refuse([] if text.strip() else [Problem("Note", "it is empty.", "Write what was said.")])
    return context.store.reviews.remark(
        NewRemark(review_id=review.id, text=text.strip(), about=about or None), author=author
    )


def add_addendum(context: BoardContext, review: Review, text: str, *, author: Author) -> None:
    """Adds to a review that is frozen."""
    refuse([] if text.strip() else [Problem("Addendum", "it is empty.", "Write what has to be known.")])
    context.store.reviews.add_addendum(review.id, text.strip(), author=author)


def numbers_of_meeting(
    context: BoardContext, record: ReviewRecord, act: MeetingName, author: Author, renew: bool = False
) -> ReviewDocument:
    """The numbers of a meeting that runs: taken when it begins and kept for everybody in it, until it is over or
    somebody asks for the newest (`renew`)."""
    name = _meeting(record.review, act)
    kept = None if renew else context.store.drafts.get(name, MEETING)
    if kept is not None:
        return from_json(kept.typed)
    numbers = fresh_numbers(context, record, act)
    context.store.drafts.keep(name, to_json(numbers), at=author.at, by=MEETING)
    return numbers


def numbers_seen(context: BoardContext, record: ReviewRecord, act: MeetingName) -> ReviewDocument:
    """The numbers of a meeting for somebody who only looks: those kept, else those of now, without keeping them."""
    kept = context.store.drafts.get(_meeting(record.review, act), MEETING)
    return from_json(kept.typed) if kept is not None else fresh_numbers(context, record, act)


def meeting_is_over(record: ReviewRecord, act: MeetingName) -> bool:
    """Whether an act is frozen: nothing can be typed into it any more."""
    return record.closing is not None or (act == "opening" and record.opening is not None)


def document_of(context: BoardContext, record: ReviewRecord, act: MeetingName, author: Author | None) -> ReviewDocument:
    """What is on the screen of an act: its frozen record, else the numbers of its meeting with what was said so far.
    Without an author, for somebody who only looks, none are kept."""
    done = record.opening if act == "opening" else record.closing
    if done is not None:
        return frozen_document(done)
    numbers = numbers_of_meeting(context, record, act, author) if author else numbers_seen(context, record, act)
    return with_contributions(context, numbers, record)


def meeting_began(context: BoardContext, review: Review, act: MeetingName) -> bool:
    """Whether numbers are kept for a meeting."""
    return context.store.drafts.get(_meeting(review, act), MEETING) is not None


def fresh_numbers(context: BoardContext, record: ReviewRecord, act: MeetingName) -> ReviewDocument:
    """The numbers of an act as the data has them now."""
    review = record.review
    sprint = Sprint(review.sprint, review.starts_on, review.ends_on, review.goal, review.team)
    opening = from_json(record.opening.document) if act == "closing" and record.opening else None
    return take_numbers(context_of_team(context, review.team), Occasion(act, sprint, opening))


def freeze(
    context: BoardContext, review: Review, act: MeetingName, reviewed_by: Sequence[str] = (), *, author: Author
) -> FrozenMeeting:
    """Opens the sprint or closes its review: everything on the screen becomes the record."""
    record = context.store.reviews.whole(review.id)
    if act == "closing" and record.opening is None:
        refuse([Problem("Closing", "the sprint was not opened.", "Open it first: nothing can be compared before.")])
    numbers = numbers_of_meeting(context, record, act, author)
    record = context.store.reviews.whole(review.id)  # numbers take a moment, in which people go on typing
    document = with_contributions(context, numbers, record)
    named = {plain_name(name): " ".join(name.split()) for name in reversed(reviewed_by)}  # as written first
    names = tuple(named[key] for key in dict.fromkeys(map(plain_name, reviewed_by)) if key)
    if act == "closing":
        document = document.model_copy(update={"reviewed_by": names})
    new = NewFrozenMeeting(
        review_id=review.id,
        document=to_json(document),
        data_through=document.data_through,
        warehouse_version=document.warehouse_version,
    )
    if act == "opening":
        frozen = context.store.reviews.open(new, shown=record, author=author)
    else:
        frozen = context.store.reviews.close(new, names, shown=record, author=author)
    context.store.drafts.drop(_meeting(review, act), MEETING)
    return frozen


def undo_closing(context: BoardContext, review: Review, *, author: Author) -> Review:
    """Opens a review again that this person closed a moment ago; what was frozen then is kept in the archive."""
    return context.store.reviews.undo_closing(review.id, author=author)


def minutes_to_undo(record: ReviewRecord, author: Author) -> int:
    """For how many more minutes this person may undo the closing; 0 where they may not."""
    if record.closing is None or not author.wrote(record.closing):
        return 0
    left = timedelta(minutes=UNDO_MINUTES) - (author.at - record.closing.created_at)
    return max(0, math.ceil(left.total_seconds() / 60))


def closing_question(context: BoardContext, review: Review, reviewed_by: Sequence[str]) -> str:
    """What to ask before a review without reviewers or decisions is closed, for good; empty where it has both."""
    names = [name for name in reviewed_by if name.strip()]
    decisions = context.store.reviews.whole(review.id).decisions
    if names and decisions:
        return ""
    has = f"{counted(len(names), 'reviewer')}, {counted(len(decisions), 'decision')}"
    return f"Close {review.sprint} with {has}? Add what is missing, or choose “Close all the same”."


def frozen_document(act: FrozenMeeting) -> ReviewDocument:
    """What an act froze."""
    return from_json(act.document)


def _meeting(review: Review, act: MeetingName) -> str:
    return f"meeting {review.id} {act}"
