"""Which days the last 12 months of revenue are on the board that a page shows."""

from kviboard.domain.customers.words import last_year_in_words
from kviboard.ui.page import Page


def last_year(page: Page) -> str:
    """ "in the 12 months to 30 Jun 2026"; "" where nothing is known of orders."""
    orders = page.board.reader.reach.get("orders")
    return last_year_in_words(orders.data_from, orders.data_through) if orders else ""
