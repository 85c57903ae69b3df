"""Badges beside a status: "nobody looked" (a missing check-in) is not "no new data" (an export that stopped)."""

from dataclasses import dataclass
from datetime import date, timedelta

from kviboard.domain.formatting import counted, format_day, plural
from kviboard.domain.okrs.model import Cycle, KeyResult

OUTDATED = "Outdated"
OLD_DATA = "Old data"


@dataclass(frozen=True)
class Badge:
    """`name` is OUTDATED or OLD_DATA; it overrides the colour of the status, never the status itself."""

    name: str
    reason: str


def badge_of(
    key_result: KeyResult,
    cycle: Cycle,
    today: date,
    last_check_in: date | None = None,
    data_through: date | None = None,
    settles_after: int = 0,
) -> Badge | None:
    """The badge of an active key result, or None while it is fresh. A typed one needs a check-in within its cadence,
    counted from the cycle's start where there is none; a KVI-driven one needs data no older than that, less the days
    after which its numbers have settled. A day after the cycle asks for neither."""
    day = min(today, cycle.ends_on)
    if key_result.source is not None:
        return _old_data(key_result.cadence_days, day, data_through, settles_after)
    return _outdated(key_result.cadence_days, cycle, day, last_check_in)


def next_check_in_on(cadence: int, cycle: Cycle, last_check_in: date | None) -> date:
    """The last day on which a typed key result is still fresh: the next check-in is due on it."""
    return max(last_check_in or cycle.starts_on, cycle.starts_on) + timedelta(days=cadence)


def _outdated(cadence: int, cycle: Cycle, day: date, last_check_in: date | None) -> Badge | None:
    late = (day - next_check_in_on(cadence, cycle, last_check_in)).days
    if late <= 0:
        return None
    age = late + cadence
    since = f"no check-in since {format_day(last_check_in)}" if last_check_in else "no check-in since the cycle began"
    every = "day" if cadence == 1 else f"{cadence} days"
    return Badge(OUTDATED, f"{since}, {counted(age, 'day')}; one is due every {every}")


def _old_data(cadence: int, day: date, data_through: date | None, settles_after: int) -> Badge | None:
    if data_through is None:
        return Badge(OLD_DATA, "its KVI has no data yet")
    age = max(0, (day - data_through).days)
    if age + settles_after <= cadence:
        return None
    allowed = f"{counted(cadence, 'day')} {plural(cadence, 'is', 'are')} allowed"
    if age > cadence:
        return Badge(OLD_DATA, f"its data ends on {format_day(data_through)}, {counted(age, 'day')} ago; {allowed}")
    reach = format_day(day - timedelta(days=age + settles_after))
    return Badge(
        OLD_DATA, f"its numbers settle after {counted(settles_after, 'day')}, so they reach {reach}; {allowed}"
    )
