"""Who the customers are: sign-up, segment, country, plan, how they came and how happy they are by nature."""

from dataclasses import dataclass

import numpy as np

from generator import truths
from generator.chance import bell, pick, stream
from generator.days import DATES, day_of

STREETS = ("Heron Lane", "Kettle Yard", "Foxglove Row", "Old Ropewalk", "Lantern Street", "Willow Quay", "Tallow Hill",
           "Plover Close", "Cinder Path", "Moss Terrace", "Barley Court", "Gull Steps")  # fmt: skip
TRADES = ("Bakery", "Bicycle shop", "Dentist", "Florist", "Garage", "Hairdresser", "Joinery", "Café", "Nursery")
SITES = ("Housing association", "Hospital", "Offices", "Cold store", "School board", "Hotel group")


@dataclass(frozen=True)
class Customers:
    """One entry per customer in each array, in order of sign-up."""

    ids: list[str]
    names: list[str]
    joined: np.ndarray  # day index; negative before the first day of orders
    segment: np.ndarray
    country: np.ndarray
    first_plan: np.ndarray
    earned: np.ndarray
    annual: np.ndarray
    mood: np.ndarray  # about normal(0, 1): by nature unhappy … happy
    keenness: np.ndarray  # uniform: how often they come by


def make_customers() -> Customers:
    rng = stream("customers")
    count = truths.CUSTOMERS
    segment = pick(rng.random(count), truths.SEGMENT_SHARES)
    earned = rng.random(count) < truths.EARNED_SHARE
    return Customers(
        ids=[f"C{number:04d}" for number in range(1, count + 1)],
        names=_names(segment, rng),
        joined=_sign_ups(rng),
        segment=segment,
        country=pick(rng.random(count), truths.COUNTRY_SHARES),
        first_plan=pick(rng.random(count), truths.PLAN_SHARES),
        earned=earned,
        annual=rng.random(count) < np.array(truths.ANNUAL_SHARES)[segment],
        mood=bell(rng, count) + np.where(earned, 0.20, -0.10),
        keenness=rng.random(count),
    )


def _sign_ups(rng: np.random.Generator) -> np.ndarray:
    """Sorted day indexes: customers from before, more of them recent, then new ones with more sign-ups in the cold."""
    before = rng.random(truths.CUSTOMERS_AT_START)
    old = -1 - np.floor(before * (0.6 + 0.4 * before) * (365 * truths.SIGN_UP_YEARS_BEFORE)).astype(np.int64)
    edges = np.cumsum([truths.SIGN_UP_SEASON.get(day.month, 1.0) for day in DATES])
    count = truths.CUSTOMERS - truths.CUSTOMERS_AT_START
    spread = (np.arange(count) + 40 * rng.random(count)) / (count + 40)  # a steady stream with some unrest
    new = np.searchsorted(edges, spread * edges[-1], side="right")
    return np.sort(np.concatenate([old, new]), kind="stable")


def _names(segment: np.ndarray, rng: np.random.Generator) -> list[str]:
    """Addresses rather than people: a home by its door, a business by its trade and door."""
    streets = pick(rng.random(len(segment)), [1 / len(STREETS)] * len(STREETS))
    kinds = rng.random(len(segment))
    names = []
    for number, (part, street, kind) in enumerate(zip(segment, streets, kinds, strict=True)):
        door = f"{STREETS[street]} {number // 7 + 1}"
        prefix = ("", TRADES[int(kind * len(TRADES))], SITES[int(kind * len(SITES))])[part]
        names.append(f"{prefix}, {door}" if prefix else door)
    return names


def customer_rows(customers: Customers, plan_now: np.ndarray) -> list[list[str]]:
    """Rows of the CRM export. A few customers lack a segment, a country or a plan."""
    columns = {
        "segment": [truths.SEGMENTS[index] for index in customers.segment],
        "country": [truths.COUNTRIES[index] for index in customers.country],
        "plan": [truths.PLANS[index] for index in plan_now],
    }
    order = np.argsort(stream("unknown").random(truths.CUSTOMERS), kind="stable")
    taken = 0
    for name, count in truths.UNKNOWN.items():
        for index in order[taken : taken + count]:
            columns[name][index] = ""
        taken += count
    how = ["earned" if earned else "bought" for earned in customers.earned]
    since = [day_of(index).isoformat() for index in customers.joined]
    rows = [list(row) for row in zip(customers.ids, customers.names, since, how, *columns.values(), strict=True)]
    return [*rows, *_just_signed_up()]


def _just_signed_up() -> list[list[str]]:
    """Whoever signed up in the last days and has not come by yet. The stream runs dry there: without them the list
    would be taken for one that is older than the other exports."""
    days = ("2026-10-28", "2026-10-30")
    who = (("Cinder Path 573", "bought", "Netherlands", "Basic"), ("Barley Court 573", "earned", "Germany", "Plus"))
    return [
        [f"C{truths.CUSTOMERS + number}", name, day, how, "Households", *rest]
        for number, (day, (name, how, *rest)) in enumerate(zip(days, who, strict=True), 1)
    ]
