"""Customers: do we win, keep and grow the right ones, what are they worth, and who may leave?"""

from kviboard.ui.customers.one import draw_customer
from kviboard.ui.customers.parts import CHOICES, PARTS, draw_lead
from kviboard.ui.page import open_page
from kviboard.ui.url_state import unchecked
from kviboard.ui.views import draw_chosen_part

page = open_page(
    "Customers",
    "Do we win, keep and grow the right customers?",
    extra_choices=CHOICES,
    has_bar=lambda: not unchecked("customer"),  # one customer's story is whole
)

if customer := unchecked("customer"):
    draw_customer(page, customer)
else:
    draw_lead(page)
    draw_chosen_part(page, PARTS, "part")
