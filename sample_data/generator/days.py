"""Days as indexes from the first day of orders, and what kind of day each is."""

from datetime import date, timedelta

import numpy as np

from generator.truths import CHRISTMAS_DIP, DAYS, FIRST_DAY, LIFT, LIFT_ON, SUMMER_DIP

DATES = [FIRST_DAY + timedelta(days=index) for index in range(DAYS)]
ISO = [day.isoformat() for day in DATES]
WEEKDAY = np.array([day.weekday() for day in DATES])


def index_of(day: date) -> int:
    return (day - FIRST_DAY).days


def day_of(index: int) -> date:
    return FIRST_DAY + timedelta(days=int(index))


def next_bill(day: date, months: int) -> date:
    """The same day of the month, some months on; the 29th and later bill on the 28th so that every month has it."""
    month = day.month - 1 + months
    return date(day.year + month // 12, month % 12 + 1, min(day.day, 28))


def season(day: date) -> float:
    """Factor on daily use: less in the summer holidays and at Christmas."""
    factor = 1.0
    for first, last, dip in (SUMMER_DIP, CHRISTMAS_DIP):
        if first <= (day.month, day.day) <= last:
            factor *= dip
    return factor


def use_factors() -> np.ndarray:
    """One factor per day: season, and the release that lifted daily use for good."""
    return np.array([season(day) * (LIFT if day >= LIFT_ON else 1.0) for day in DATES])
