"""Expected value: how far it may be believed, what is expected of all, and who is expected to bring most."""

import math

import pandas as pd
import streamlit as st

from kviboard.board.customers.expected_value import Where, expected_most, expected_value, trial_of
from kviboard.board.kvis.reading import View
from kviboard.caching import shared_cache
from kviboard.charts.predictions import predictions_chart
from kviboard.components.markup import quiet, text
from kviboard.components.rows import rows_table
from kviboard.domain.formatting import counted, format_value
from kviboard.ui import session
from kviboard.ui.draw import draw_chart
from kviboard.ui.page import Page, href
from kviboard.ui.personal import draw_personal_csv, sees_customers
from kviboard.ui.style import draw_html, draw_section
from kviboard.ui.views import draw_csv, is_lacking

_LISTED = 15
_COLUMNS = {  # long ids push the last ones out of sight
    "customer_id": ("Customer", "text"),
    "expected_revenue_12m": ("Revenue expected", "currency"),
    "expected_orders_12m": ("Orders expected", "number"),
    "alive": ("Still a customer", "share"),
    "orders": ("Days with orders", "number"),
}


def draw_worth(page: Page) -> None:
    """The trial beside what is expected, then the customers expected to bring most."""
    if is_lacking("expected_value"):
        return
    left, right = st.columns(2, gap="large")
    with left:
        _draw_trial(page)
    with right:
        _draw_most(page)


def _draw_most(page: Page) -> None:
    total, count, shown = _most(session.board_key(), page.view.where)
    currency = page.board.workspace.company.currency
    if math.isnan(total):
        draw_section("Who will bring most", "", "", "What customers will spend cannot be told from these orders yet.")
        return
    draw_section("Who will bring most", "In the next 12 months, from those who bought at least once.", " ")
    said = f"{format_value(total, 'currency', currency)} expected from {counted(count, 'customer')}."
    draw_html(f"<p>{text(said)}</p>")
    if not sees_customers():
        return
    addresses = [href("customers", customer=name) for name in shown["customer_id"]]
    draw_html(rows_table(shown, _COLUMNS, currency, "Customers by expected revenue", addresses))
    draw_personal_csv("expected_value", View(where=page.view.where))


@shared_cache(most=64)
def _most(key: session.Key, where: Where) -> tuple[float, int, pd.DataFrame]:
    return expected_most(session.board(), where, _LISTED)


@shared_cache(most=64)
def _trial(key: session.Key, where: Where) -> pd.DataFrame:
    return trial_of(session.board(), where)


def _draw_trial(page: Page) -> None:
    draw_section("Can it be believed?", "Predicted from the orders before, against what came.", " ")
    draw_html(f"<p>{text(expected_value(page.board).said)}</p>")
    found = _trial(session.board_key(), page.view.where)
    if not found.empty:
        draw_chart(predictions_chart(found, page.board.workspace.company.currency), key="trial")
        draw_csv("expected_value_trial", page.view)
    draw_html(
        quiet(
            "A pattern in past orders, not a promise: it knows no prices or complaints. "
            "Customers who bought once count as still there: only a pause after a repeat order tells."
        )
    )
