"""The records of follow-ups; see `store.records` for how they are made."""

from dataclasses import dataclass
from datetime import date

from kviboard.store.records import Edited


@dataclass(frozen=True, kw_only=True)
class NewFollowUp:
    """An answer that somebody takes up, until a day."""

    response_id: str
    answered_on: date
    band: str
    owner: str
    due_on: date


@dataclass(frozen=True, kw_only=True)
class FollowUp(NewFollowUp, Edited):
    """A follow-up in the store: open, done with its outcome and day, or dropped with its reason in `note`."""

    state: str
    outcome: str | None
    done_on: date | None
    note: str
