"""The records of sprint reviews, as they go into the store and come out; see `store.records` for how they are made."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from kviboard.store.records import Authored, Edited, Signed, Where


@dataclass(frozen=True, kw_only=True)
class NewReview:
    """The review of a sprint; no team: the whole company. The goal is linked to the key results it should move."""

    sprint: str
    starts_on: date
    ends_on: date
    team: str | None = None
    goal: str = ""
    goal_key_results: tuple[int, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Review(NewReview, Edited):
    """A review in the store."""


@dataclass(frozen=True, kw_only=True)
class NewFrozenMeeting:
    """What an opening or a closing freezes: all that was shown, as one JSON object, and the data it came from."""

    review_id: int
    document: Mapping[str, Any]
    data_through: date | None = None
    warehouse_version: str | None = None


@dataclass(frozen=True, kw_only=True)
class FrozenMeeting(NewFrozenMeeting, Signed):
    """A frozen act: "opening" or "closing"."""

    act: str


@dataclass(frozen=True, kw_only=True)
class NewPrediction:
    """The change of a KVI expected over the sprint: at least `lower`, at most `upper`, or both, in its unit, signed."""

    review_id: int
    kvi: str
    confidence: int  # 0 to 100 per cent
    lower: Decimal | None = None
    upper: Decimal | None = None
    grain: str | None = None
    where: Where = field(default_factory=dict)
    because: str = ""


@dataclass(frozen=True, kw_only=True)
class Prediction(NewPrediction, Edited):
    """A prediction in the store."""


@dataclass(frozen=True, kw_only=True)
class NewPoll:
    """What everybody in the meeting is asked: `asks` is "change" (of a KVI or a key result) or "confidence"."""

    review_id: int
    asks: str
    kvi: str | None = None
    key_result_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class Poll(NewPoll, Edited):
    """A poll in the store; its answers are seen once it is revealed."""

    revealed_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class PollAnswer:
    """What one person answered: the change they expect at least, and how sure they are (50 to 95 %), or how sure they
    are of the decisions (1 to 5). `by` is who signed in, None where nobody does; `because` says why."""

    change: Decimal | None
    confidence: int
    because: str = ""
    by: str | None = None


@dataclass(frozen=True, kw_only=True)
class NewDecision:
    """A decision or an experiment, with who sees to it by when; without a review where it was made elsewhere."""

    text: str
    owner: str
    due_on: date
    review_id: int | None = None
    kind: str = "decision"  # or experiment
    kvi: str | None = None
    where: Where = field(default_factory=dict)  # of which customers, where it is about a KVI
    period: str | None = None  # the period that was looked at: "Sprint 38"
    quote_id: int | None = None  # the customer's words that it answers


@dataclass(frozen=True, kw_only=True)
class Decision(NewDecision, Edited):
    """A decision in the store: open, done or dropped, and what came of it or why it was dropped."""

    state: str
    outcome: str | None


@dataclass(frozen=True, kw_only=True)
class NewQuote:
    """What a customer answered, chosen for a review."""

    review_id: int
    response_id: str


@dataclass(frozen=True, kw_only=True)
class Quote(NewQuote, Edited):
    """A quote in the store; `response_id` is empty once the customer is forgotten."""


@dataclass(frozen=True, kw_only=True)
class NewRemark:
    """One line said in the meeting; `about` names a KVI or a step."""

    review_id: int
    text: str
    about: str | None = None


@dataclass(frozen=True, kw_only=True)
class Remark(NewRemark, Authored):
    """A remark in the store; its author is `created_by`."""


@dataclass(frozen=True, kw_only=True)
class Addendum(Authored):
    """What was added to a review after it was frozen."""

    review_id: int
    text: str


@dataclass(frozen=True, kw_only=True)
class ReviewRecord:
    """A whole review: what was frozen, predicted, decided, said and added, and who reviewed it."""

    review: Review
    opening: FrozenMeeting | None
    closing: FrozenMeeting | None
    predictions: tuple[Prediction, ...]
    polls: tuple[Poll, ...]
    decisions: tuple[Decision, ...]
    quotes: tuple[Quote, ...]
    remarks: tuple[Remark, ...]
    addenda: tuple[Addendum, ...]
    reviewed_by: tuple[str, ...]
