"""What people are paid for: the metrics that carry weight in each role's reward, and which are the customer's."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

WHOLE = Decimal(100)
LITTLE = Decimal(20)  # per cent of the reward below which customer focus may stay at best efforts


@dataclass(frozen=True)
class Reward:
    """A metric in the reward of a role, with its weight in per cent."""

    role: str
    metric: str
    weight: Decimal
    is_customers: bool


@dataclass(frozen=True)
class RoleShare:
    """How much of a role's reward depends on customers, in per cent of what its metrics weigh together."""

    role: str
    share: Decimal
    weight: Decimal  # of all its metrics; 100 where the table is whole

    @property
    def is_whole(self) -> bool:
        return self.weight == WHOLE


def shares_of_roles(rewards: Sequence[Reward]) -> list[RoleShare]:
    """The customer's share per role, the smallest first; a role whose metrics weigh nothing has a share of 0."""
    roles = dict.fromkeys(reward.role for reward in rewards)
    shares = (_share(role, [reward for reward in rewards if reward.role == role]) for role in roles)
    return sorted(shares, key=lambda share: (share.share, share.role))


def share_of_all(rewards: Sequence[Reward]) -> Decimal | None:
    """The customer's share over all roles, each role counting alike; None without any."""
    shares = [each.share for each in shares_of_roles(rewards)]
    return sum(shares, Decimal(0)) / len(shares) if shares else None


def _share(role: str, rewards: Sequence[Reward]) -> RoleShare:
    weight = sum((reward.weight for reward in rewards), Decimal(0))
    customers = sum((reward.weight for reward in rewards if reward.is_customers), Decimal(0))
    return RoleShare(role, WHOLE * customers / weight if weight else Decimal(0), weight)
