"""Who came by on which day, for how long. Weekdays, holidays and the release that lifted daily use act here."""

import numpy as np

from generator import truths
from generator.chance import pick, stream
from generator.customers import Customers
from generator.days import ISO, WEEKDAY, use_factors
from generator.subscriptions import Subscriptions

EVENTS = ("home", "plan", "bill", "tips")
EVENT_SHARES = (0.52, 0.27, 0.13, 0.08)


def come_by(customers: Customers, subscriptions: Subscriptions) -> np.ndarray:
    """customers x days: was the customer active? Only from the first told day on."""
    keen = customers.keenness
    habit = np.clip(0.025 + 0.64 * keen * np.sqrt(keen) + 0.04 * customers.mood, 0.012, 0.9)
    at_home = customers.segment == 0
    home, work = np.array(truths.WEEKDAYS_AT_HOME)[WEEKDAY], np.array(truths.WEEKDAYS_AT_WORK)[WEEKDAY]
    rhythm = np.where(at_home[:, None], home, work)
    chance = habit[:, None] * rhythm * use_factors()[None, :]
    chance = np.where(subscriptions.leaving(45), chance * 0.45, chance)
    age = np.arange(truths.DAYS)[None, :] - customers.joined[:, None]
    chance = np.where(age < 30, chance * 1.25, chance)
    active = stream("activity").random(chance.shape) < np.minimum(chance, 0.97)
    active &= subscriptions.here()
    active[:, : truths.TOLD] = False
    return active


def active_28d(active: np.ndarray) -> np.ndarray:
    """Customers active in the 28 days ending each day."""
    counts = np.zeros(truths.DAYS, dtype=np.int64)
    last = np.full(len(active), -1000)
    for day in range(truths.DAYS):
        last[active[:, day]] = day
        counts[day] = int((last > day - 28).sum())
    return counts


def activity_rows(active: np.ndarray, customers: Customers) -> dict[str, list[list[str]]]:
    """Rows of the product's usage log per month (yyyy-mm): customer, day, what they mostly did, minutes."""
    rng = stream("minutes")
    days, who = np.nonzero(active.T)
    long = rng.random(len(days))
    minutes = 1 + np.floor(4 * rng.random(len(days)) + 22 * long * long * long).astype(np.int64)
    events = pick(rng.random(len(days)), EVENT_SHARES)
    rows: dict[str, list[list[str]]] = {}
    columns = (column.tolist() for column in (days, who, events, minutes))
    for day, customer, event, length in zip(*columns, strict=True):
        rows.setdefault(ISO[day][:7], []).append([customers.ids[customer], ISO[day], EVENTS[event], str(length)])
    return rows
