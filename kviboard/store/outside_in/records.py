"""The records of the outside-in check and the rewards; see `store.records` for how they are made."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from kviboard.store.records import Edited


@dataclass(frozen=True, kw_only=True)
class NewCheckRound:
    """A round of the check, answered up to a day, that day included."""

    name: str
    closes_on: date


@dataclass(frozen=True, kw_only=True)
class CheckRound(NewCheckRound, Edited):
    """A round in the store."""


@dataclass(frozen=True, kw_only=True)
class NewReward:
    """A metric in the reward of a role: its weight in per cent, and whether it is the customer's."""

    role: str
    metric: str
    weight: Decimal
    is_customers: bool
    kvi: str | None = None


@dataclass(frozen=True, kw_only=True)
class Reward(NewReward, Edited):
    """A reward in the store."""
