"""The company's thirty months, from customers to tickets: who joined, stayed, came by, bought, answered and asked."""

from dataclasses import dataclass

import numpy as np

from generator.activity import active_28d, activity_rows, come_by
from generator.add_ons import buy, order_rows, refund
from generator.customers import Customers, customer_rows, make_customers
from generator.subscriptions import Order, Subscriptions, subscribe
from generator.surveys import Survey, ask_about_us, ask_after_bot, ask_after_contact, invitation_rows, response_rows
from generator.tickets import Ticket, complain_and_ask, ticket_rows

Rows = list[list[str]]


@dataclass(frozen=True)
class Company:
    """Everything that happened, before it is written down."""

    customers: Customers
    subscriptions: Subscriptions
    active: np.ndarray  # customers x days
    orders: list[Order]
    survey: Survey
    tickets: list[Ticket]

    def rows(self) -> tuple[Rows, dict[str, Rows], dict[int, Rows], Rows, Rows, Rows]:
        """Rows of the exports: customers, activity per month, orders per year, responses, invitations,
        tickets."""
        return (
            customer_rows(self.customers, np.array(self.subscriptions.plan_now)),
            activity_rows(self.active, self.customers),
            order_rows(self.orders, self.customers),
            response_rows(self.survey.answered, self.customers),
            invitation_rows(self.survey.invited, self.customers),
            ticket_rows(self.tickets, self.customers),
        )


def live_through() -> Company:
    customers = make_customers()
    subscriptions = subscribe(customers)
    here = subscriptions.here()
    active = come_by(customers, subscriptions)
    purchases = buy(customers, here)
    tickets = complain_and_ask(customers, here, active_28d(active))
    survey = ask_about_us(customers, here) + ask_after_contact(customers, purchases, tickets) + ask_after_bot(here)
    orders = subscriptions.bills + [purchase.order for purchase in purchases] + refund(purchases)
    return Company(customers, subscriptions, active, orders, survey, tickets)
