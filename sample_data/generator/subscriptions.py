"""How long each customer stays, which plan they hold and what they are billed for it."""

from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np

from generator import truths
from generator.chance import stream
from generator.customers import Customers
from generator.days import index_of, next_bill

STEPS = 48  # more than the bills one customer can get


@dataclass
class Order:
    """One line of the billing export; a refund has a negative amount."""

    day: int
    customer: int
    cents: int
    product: str


@dataclass
class Subscriptions:
    """What became of every customer."""

    bills: list[Order] = field(default_factory=list)
    stays: list[list[tuple[int, int]]] = field(default_factory=list)  # [first day, day after the last)
    plan_now: list[int] = field(default_factory=list)

    def here(self) -> np.ndarray:
        """customers x days: is the customer subscribed that day?"""
        mask = np.zeros((len(self.stays), truths.DAYS), dtype=bool)
        for customer, stays in enumerate(self.stays):
            for first, end in stays:
                mask[customer, max(first, 0) : end] = True
        return mask

    def leaving(self, days: int) -> np.ndarray:
        """customers x days: does the customer leave within that many days?"""
        mask = np.zeros((len(self.stays), truths.DAYS), dtype=bool)
        for customer, stays in enumerate(self.stays):
            for _, end in stays:
                if end < truths.DAYS:
                    mask[customer, max(end - days, 0) : end] = True
        return mask


def subscribe(customers: Customers) -> Subscriptions:
    draws = stream("subscriptions").random((truths.CUSTOMERS, STEPS, 3))
    result = Subscriptions()
    for number in range(truths.CUSTOMERS):
        _live(number, customers, draws[number], result)
    return result


def _live(number: int, customers: Customers, draws: np.ndarray, result: Subscriptions) -> None:
    """Follow one customer from bill to bill: stay or leave, perhaps come back; keep the plan or change it."""
    segment, mood = int(customers.segment[number]), float(customers.mood[number])
    plan, annual = int(customers.first_plan[number]), bool(customers.annual[number])
    joined = truths.FIRST_DAY + timedelta(days=int(customers.joined[number]))
    day, fresh, since, stays = joined, True, joined, []
    for leave, change, back in draws:
        while day < truths.FIRST_DAY:
            day, fresh = next_bill(day, 12 if annual else 1), False
        if day > truths.LAST_DAY:
            break
        if not fresh and leave < _leave_chance(segment, mood, annual, day):
            stays.append((index_of(since), index_of(day)))
            if back > 0.10:
                since = None
                break
            since = day = day + timedelta(days=50 + int(back * 1900))
            annual, fresh = False, True
            continue
        plan = plan if fresh else _changed(plan, change, mood, annual)
        result.bills.append(Order(index_of(day), number, _price(segment, plan, annual, day), _product(plan, annual)))
        day, fresh = next_bill(day, 12 if annual else 1), False
    if since is not None and since <= truths.LAST_DAY:
        stays.append((index_of(since), truths.DAYS))
    result.stays.append(stays)
    result.plan_now.append(plan)


def _leave_chance(segment: int, mood: float, annual: bool, day: date) -> float:
    """Per bill. Happy customers stay; the new prices drive small businesses away."""
    low, middle, slope, high = (0.03, 0.195, 0.105, 0.65) if annual else (0.004, 0.026, 0.015, 0.10)
    chance = min(max(middle - slope * mood, low), high)
    if segment == truths.PRICE_CHANGE_SEGMENT and day >= truths.PRICE_CHANGE_ON:
        chance += truths.PRICE_CHANGE_LEAVE_ANNUAL if annual else truths.PRICE_CHANGE_LEAVE_MONTHLY
    return chance * (0.6 if segment == 2 else 1.0)


def _changed(plan: int, draw: float, mood: float, annual: bool) -> int:
    times = 8.0 if annual else 1.0
    up, down = max(0.006 + 0.004 * mood, 0.0) * times, max(0.0035 - 0.002 * mood, 0.0) * times
    if draw < up:
        return min(plan + 1, 2)
    return max(plan - 1, 0) if draw < up + down else plan


def _price(segment: int, plan: int, annual: bool, day: date) -> int:
    new = segment == truths.PRICE_CHANGE_SEGMENT and day >= truths.PRICE_CHANGE_ON
    euros = truths.NEW_PRICES[plan] if new else truths.MONTHLY_PRICES[segment][plan]
    return euros * 100 * (truths.ANNUAL_MONTHS if annual else 1)


def _product(plan: int, annual: bool) -> str:
    return f"Kettle {truths.PLANS[plan]} {'year' if annual else 'month'}"
