"""The company's thirty months, from customers to tickets: who joined, stayed, came by, bought, answered and asked."""

from dataclasses import dataclass

import numpy as np

from generator.activity import active_28d, activity_rows, come_by
from generator.add_ons import buy, order_rows, refund
from generator.customers import Customers, customer_rows, make_customers
from generator.subscriptions import Order, Subscriptions, subscribe
from generator.surveys import Asked, ask_about_us, ask_after_contact, response_rows
from generator.tickets import Ticket, complain_and_ask, ticket_rows

Rows = list[list[str]]


@dataclass(frozen=True)
class Company:
    """Everything that happened, before it is written down."""

    customers: Customers
    subscriptions: Subscriptions
    active: np.ndarray  # customers x days
    orders: list[Order]
    asked: list[Asked]
    tickets: list[Ticket]

    def rows(self) -> tuple[Rows, dict[str, Rows], dict[int, Rows], Rows, Rows]:
        """Rows of the exports: customers, activity per month, orders per year, responses, tickets."""
        return (
            customer_rows(self.customers, np.array(self.subscriptions.plan_now)),
            activity_rows(self.active, self.customers),
            order_rows(self.orders, self.customers),
            response_rows(self.asked, self.customers),
            ticket_rows(self.tickets, self.customers),
        )


def live_through() -> Company:
    customers = make_customers()
    subscriptions = subscribe(customers)
    here = subscriptions.here()
    active = come_by(customers, subscriptions)
    purchases = buy(customers, here)
    tickets = complain_and_ask(customers, here, active_28d(active))
    asked = ask_about_us(customers, here) + ask_after_contact(customers, purchases, tickets)
    orders = subscriptions.bills + [purchase.order for purchase in purchases] + refund(purchases)
    return Company(customers, subscriptions, active, orders, asked, tickets)
