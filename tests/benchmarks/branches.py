"""A company of branches where nothing ever changes: each branch is a board on which every signal is a false one.

Customers of a branch have habits that stay: how often they come, what and how often they buy, what they answer. Whoever
leaves is replaced the same day by one with habits of the same kind, so that the branch neither grows nor shrinks.
"""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

LAST_DAY = np.datetime64(date(2026, 10, 31), "D")
WEEKDAYS = np.array([1.1, 1.1, 1.05, 1.05, 1.0, 0.7, 0.6])  # Monday first: how much a day is used
CONFIG = """dimensions = ["branch"]

[company]
name = "Branches"

[sources.customers]
files = "exports/customers.parquet"

[sources.activity]
files = "exports/activity.parquet"

[sources.orders]
files = "exports/orders.parquet"

[sources.responses]
files = "exports/responses.parquet"

[sources.tickets]
files = "exports/tickets.parquet"

[sprints]
first_day = {first_sprint}
days = 14
"""


@dataclass(frozen=True)
class Size:
    """How much is simulated: each branch has `seats`, always taken by somebody, for `days`."""

    branches: int
    seats: int
    days: int

    @property
    def first_day(self) -> np.datetime64:
        return LAST_DAY - np.timedelta64(self.days - 1, "D")


def write_branches(folder: Path, size: Size, seed: int) -> None:
    """A workspace in `folder`, ready to be refreshed."""
    chance = np.random.default_rng(seed)
    people = _people(size, chance)
    exports = folder / "exports"
    exports.mkdir(parents=True)
    kept = people[people["until"] >= 0].reset_index(drop=True)
    customers = pd.DataFrame(
        {
            "customer_id": kept["customer_id"],
            "branch": kept["branch"],
            "signed_up_on": _stamps(size, kept["since"].to_numpy()),
            "acquisition": np.where(chance.random(len(kept)) < 0.3, "earned", "bought"),
        }
    )
    customers.to_parquet(exports / "customers.parquet", index=False)
    for name, frame in {
        "activity": _activity(size, kept, chance),
        "orders": _orders(size, kept, chance),
        "responses": _responses(size, kept, chance),
        "tickets": _tickets(size, kept, chance),
    }.items():
        frame.to_parquet(exports / f"{name}.parquet", index=False)
    (folder / "kviboard.toml").write_text(CONFIG.format(first_sprint=size.first_day), encoding="utf-8")


def _people(size: Size, chance: np.random.Generator, mean_stay: float = 700) -> pd.DataFrame:
    """Everybody who ever sat on a seat, from long before the first day, so that the data begins in the steady state."""
    rounds = int((size.days + 3 * mean_stay) / mean_stay * 2) + 6
    seats = size.branches * size.seats
    stays = np.maximum(1, chance.exponential(mean_stay, (seats, rounds)).round()).astype(int)
    until = np.cumsum(stays, axis=1) - int(3 * mean_stay) - 1
    since = until - stays + 1
    frame = pd.DataFrame({"since": since.ravel(), "until": until.ravel()})
    frame["branch"] = [f"b{number:04}" for number in np.repeat(np.arange(seats) // size.seats, rounds)]
    frame = frame[(frame["since"] < size.days)].reset_index(drop=True)
    frame["customer_id"] = [f"C{number:07}" for number in range(len(frame))]
    frame["comes"] = chance.beta(1.2, 3.0, len(frame))
    frame["buys"] = chance.gamma(1.5, 1 / 60, len(frame))  # orders a day
    frame["spends"] = chance.lognormal(3.2, 0.4, len(frame))
    frame["likes"] = np.clip(chance.normal(7.9, 1.4, len(frame)), 0, 10)
    frame["complains"] = chance.gamma(1.0, 1 / 400, len(frame))
    return frame


def _stamps(size: Size, days: np.ndarray) -> pd.Series:
    return pd.Series((size.first_day + days.astype("timedelta64[D]")).astype("datetime64[us]"))


def _moments(size: Size, people: pd.DataFrame, rate: np.ndarray, chance: np.random.Generator) -> tuple:
    """Events at a rate per day while somebody is there: row numbers of people, and days."""
    since, until = np.maximum(people["since"], 0), np.minimum(people["until"], size.days - 1)
    span = np.maximum(until - since + 1, 0).to_numpy()
    counts = chance.poisson(rate * span)
    who = np.repeat(np.arange(len(people)), counts)
    days = since.to_numpy()[who] + (chance.random(len(who)) * span[who]).astype(int)
    order = np.argsort(days, kind="stable")
    return who[order], days[order]


def _activity(size: Size, people: pd.DataFrame, chance: np.random.Generator) -> pd.DataFrame:
    who, days = [], []
    since, until, comes = (people[name].to_numpy() for name in ("since", "until", "comes"))
    weekday = ((size.first_day.astype(int) + 3) % 7 + np.arange(size.days)) % 7
    for day in range(size.days):
        there = np.flatnonzero((since <= day) & (until >= day))
        here = there[chance.random(len(there)) < np.minimum(comes[there] * WEEKDAYS[weekday[day]], 1)]
        who.append(here)
        days.append(np.full(len(here), day))
    place, day_of = np.concatenate(who), np.concatenate(days)
    return pd.DataFrame(
        {
            "customer_id": people["customer_id"].to_numpy()[place],
            "occurred_at": _stamps(size, day_of),
            "minutes": chance.gamma(2, 6, len(place)).round(1),
        }
    )


def _orders(size: Size, people: pd.DataFrame, chance: np.random.Generator) -> pd.DataFrame:
    who, days = _moments(size, people, people["buys"].to_numpy(), chance)
    amount = people["spends"].to_numpy()[who] * chance.lognormal(0, 0.3, len(who))
    refund = chance.random(len(who)) < 0.02
    return pd.DataFrame(
        {
            "order_id": [f"O{number}" for number in range(len(who))],
            "customer_id": people["customer_id"].to_numpy()[who],
            "ordered_at": _stamps(size, days),
            "amount": np.where(refund, -amount, amount).round(2),
        }
    )


def _responses(size: Size, people: pd.DataFrame, chance: np.random.Generator) -> pd.DataFrame:
    who, days = _moments(size, people, np.full(len(people), 1 / 120), chance)
    score = np.clip(np.round(people["likes"].to_numpy()[who] + chance.normal(0, 1.2, len(who))), 0, 10)
    return pd.DataFrame(
        {
            "response_id": [f"R{number}" for number in range(len(who))],
            "customer_id": people["customer_id"].to_numpy()[who],
            "responded_at": _stamps(size, days),
            "score": score.astype(int),
        }
    )


def _tickets(size: Size, people: pd.DataFrame, chance: np.random.Generator) -> pd.DataFrame:
    who, days = _moments(size, people, people["complains"].to_numpy(), chance)
    kinds = np.where(chance.random(len(who)) < 0.7, "complaint", "question")
    return pd.DataFrame(
        {
            "ticket_id": [f"T{number}" for number in range(len(who))],
            "customer_id": people["customer_id"].to_numpy()[who],
            "opened_at": _stamps(size, days),
            "kind": kinds,
        }
    )
