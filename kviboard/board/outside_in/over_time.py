"""How signs of customer focus stood at earlier month ends: the same count, of what was recorded by then."""

from collections.abc import Callable
from dataclasses import fields
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from kviboard.board.context import BoardContext
from kviboard.domain.outside_in.rewards import Reward, share_of_all

MONTHS = 12
Count = tuple[int, int]
"""How many, and of how many."""


def shares_over_time(first: date, today: date, count: Callable[[date], Count]) -> tuple[float | None, ...]:
    """The share as it was counted at each of `month_ends`; None where there was nothing to count."""
    counts = [count(day) for day in month_ends(first, today)]
    return tuple(part / whole if whole else None for part, whole in counts)


def month_ends(first: date, today: date) -> list[date]:
    """The last days of up to MONTHS months that ended before `today`, none before `first`; the earliest first."""
    found, day = list[date](), today.replace(day=1) - timedelta(days=1)
    while day >= first and len(found) < MONTHS:
        found.append(day)
        day = day.replace(day=1) - timedelta(days=1)
    return found[::-1]


def rewards_over_time(context: BoardContext, today: date) -> tuple[float | None, ...]:
    """The customers' share of all rewards at month ends, from what was saved and taken off by then."""
    entries = [(context.day_of(each.created_at), each) for each in context.store.history.of_table("rewards")]
    if not entries:
        return ()
    shares = []
    for day in month_ends(entries[0][0], today):
        rows: dict[int, dict[str, Any]] = {}
        for saved_on, entry in entries:
            if saved_on <= day:
                rows[entry.row_id] = rows.get(entry.row_id, {}) | (entry.after or {})
        share = share_of_all([_reward(row) for row in rows.values() if not row.get("archived_at")])
        shares.append(None if share is None else float(share) / 100)
    return tuple(shares)


def _reward(row: dict[str, Any]) -> Reward:
    values = {each.name: row[each.name] for each in fields(Reward)}
    return Reward(**{**values, "weight": Decimal(values["weight"])})
