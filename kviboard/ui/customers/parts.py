"""The frame of the Customers page: where we stand in a sentence, and which of its parts is open."""

from dataclasses import replace

import pandas as pd

from kviboard.board.kvis.reading import View
from kviboard.board.views.views import lacks, select_rows
from kviboard.caching import shared_cache
from kviboard.components.markup import quiet, text
from kviboard.domain.customers.words import guests_in_words, lead_in_words
from kviboard.ui import session
from kviboard.ui.customers.growing import draw_growing, draw_segments
from kviboard.ui.customers.leaving import draw_leaving
from kviboard.ui.customers.winning import draw_keeping, draw_winning
from kviboard.ui.customers.worth import draw_worth
from kviboard.ui.customers.year import last_year
from kviboard.ui.page import Page
from kviboard.ui.style import draw_html
from kviboard.ui.views import Parts, rows_of

PARTS: Parts = {
    "win": ("Win", draw_winning),
    "keep": ("Keep", draw_keeping),
    "grow": ("Grow", draw_growing),
    "segments": ("Segments", draw_segments),
    "worth": ("Expected value", draw_worth),
    "leaving": ("At risk", draw_leaving),
}
CHOICES = ("part", "customer", "measure", "at", "sort", "sign", "stage", "tier", "held", "joined")
"""Choices of the page's own that its address holds."""


def draw_lead(page: Page) -> None:
    """How many customers brought how much, and how much of it may leave; nothing where no orders are exported."""
    if lacks(session.board(), "segments"):  # its parts say so, those that need orders
        return
    rows = _summed(session.board_key(), replace(page.view, grain="month", first=None, last=None, by=None))
    if rows.empty:
        return
    row = rows.iloc[0]
    said = lead_in_words(
        int(row["customers"]),
        float(row["revenue_12m"]),
        last_year(page),
        int(row["at_risk_customers"]),
        float(row["at_risk_revenue"]),
        page.board.workspace.company.currency,
        float(row["revenue_before"]),
    )
    draw_html(f'<p class="kvi-customers-lead">{text(said)}</p>')
    _draw_guests(page)


def _draw_guests(page: Page) -> None:
    """What customers bring is less than turnover where shops sell to guests, too: by how much."""
    found = rows_of("orders_of_guests", replace(page.view, by=None))
    if not found.empty:
        row = found.iloc[0]
        share = None if pd.isna(row["share"]) else float(row["share"])
        currency = page.board.workspace.company.currency
        said = guests_in_words(int(row["orders"]), float(row["revenue"]), share, currency)
        draw_html(quiet(said))


@shared_cache(most=64)
def _summed(key: session.Key, view: View) -> pd.DataFrame:
    """The row of all customers chosen: without what is expected of them, which takes long at first."""
    return select_rows(session.board(), "segments", view)
