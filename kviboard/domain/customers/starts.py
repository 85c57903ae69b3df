"""Which exports tell when somebody became a customer, where no sign-up does."""

from collections.abc import Mapping
from datetime import date, timedelta

UNKNOWN_START_DAYS = 28  # of an export: whoever is first seen in them may have been a customer before
SERVED_IN = ("activity", "orders")
"""What customers get from us. Whoever only answers or asks may not be one yet, or have been one for long."""


def starting_exports(named_from: Mapping[str, date]) -> tuple[str, ...]:
    """Of the exports, by the day from which each names customers, those whose first row of a customer begins one:
    activity and orders, else whatever there is; and of these the one that reaches back farthest, with those that begin
    hardly later. One that begins much later knows nothing of the time before, and would make its first months look
    like growth."""
    served = [name for name in SERVED_IN if name in named_from] or list(named_from)
    first = min((named_from[name] for name in served), default=date.min)
    return tuple(name for name in served if named_from[name] < first + timedelta(days=UNKNOWN_START_DAYS))
