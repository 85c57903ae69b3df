"""What customers buy besides the subscription, and send back. Happy customers buy more: that is planted here."""

from dataclasses import dataclass

import numpy as np

from generator import truths
from generator.chance import pick, stream, whole
from generator.customers import Customers
from generator.days import DATES
from generator.subscriptions import Order


@dataclass(frozen=True)
class Purchase:
    """An add-on order, as the touchpoint surveys need it."""

    order: Order
    add_on: int  # index into ADD_ONS


def buy(customers: Customers, here: np.ndarray) -> list[Purchase]:
    rng = stream("add-ons")
    monthly = np.clip(0.165 + 0.085 * customers.mood, 0.02, 0.5)
    factor = np.array([truths.GIFT_SEASON.get(day.month, 1.0) for day in DATES])
    bought = here & (rng.random(here.shape) < monthly[:, None] * factor[None, :] / 30.4)
    who, when = np.nonzero(bought)
    which = pick(rng.random(len(who)), [share for _, _, share, _, _ in truths.ADD_ONS])
    return [_purchase(customers, *found) for found in zip(who.tolist(), when.tolist(), which.tolist(), strict=True)]


def _purchase(customers: Customers, customer: int, day: int, add_on: int) -> Purchase:
    name, euros, *_ = truths.ADD_ONS[add_on]
    cents = euros * 100 * truths.ADD_ON_QUANTITY[customers.segment[customer]]
    return Purchase(Order(day, customer, cents, name), add_on)


def refund(purchases: list[Purchase]) -> list[Order]:
    """A small part comes back some weeks later."""
    rng = stream("refunds")
    back, later = rng.random(len(purchases)), whole(rng.random(len(purchases)), 6, 24)
    refunds = [
        Order(purchase.order.day + int(days), purchase.order.customer, -purchase.order.cents, "Refund")
        for purchase, draw, days in zip(purchases, back, later, strict=True)
        if draw < truths.REFUND_SHARE
    ]
    return [order for order in refunds if order.day < truths.DAYS]


def order_rows(orders: list[Order], customers: Customers) -> dict[int, list[list[str]]]:
    """Rows of the billing export per year: numbered by day, decimal comma, day first."""
    ordered = sorted(orders, key=lambda order: (order.day, order.customer, order.product, order.cents))
    rows: dict[int, list[list[str]]] = {}
    for number, order in enumerate(ordered, start=100_001):
        day = DATES[order.day]
        sign, cents = "-" if order.cents < 0 else "", abs(order.cents)
        amount = f"{sign}{cents // 100},{cents % 100:02d}"
        row = [str(number), customers.ids[order.customer], day.strftime("%d.%m.%Y"), amount, order.product]
        rows.setdefault(day.year, []).append(row)
    return rows
