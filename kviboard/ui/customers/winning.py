"""Winning and keeping: new customers and their first year, how many stay, month by month."""

from dataclasses import replace

import pandas as pd
import streamlit as st

from kviboard.board.kvis.reading import View
from kviboard.board.views.views import lacks
from kviboard.charts.new_customers import new_customers_chart
from kviboard.charts.retention import retention_chart
from kviboard.components.cohorts import Cohort, triangle
from kviboard.components.markup import link, quiet, text
from kviboard.components.rows import BY_CHANCE, Columns, rows_table
from kviboard.domain.customers.first_year import earned_against_bought
from kviboard.domain.customers.starts import SERVED_IN, UNKNOWN_START_DAYS
from kviboard.domain.customers.words import difference_in_words, lost_in_words
from kviboard.domain.formatting import MONTHS
from kviboard.domain.kvis.intervals import CHANCE, FEW
from kviboard.ui.draw import draw_chart, unseen_message
from kviboard.ui.page import Page, href, warn_of_gone
from kviboard.ui.style import draw_html, draw_section
from kviboard.ui.url_state import choice, widget_key
from kviboard.ui.views import draw_csv, is_lacking, period_names, rows_of

MEASURES = {"active": "were active", "ordering": "ordered"}
_TABLES = {"active": "activity", "ordering": "orders"}


def draw_winning(page: Page) -> None:
    """New customers per period by the way they came, and what they bring in their first year."""
    left, right = st.columns(2, gap="large")
    with left:
        _draw_new(page)
    with right:
        _draw_first_year(page)


def _draw_new(page: Page) -> None:
    if page.board.reader.reach.keys().isdisjoint(("customers", *SERVED_IN)):  # a first answer makes nobody a customer
        draw_section("New customers", "", "", "This needs the customers, the orders or the activity export.")
        return
    view = replace(page.view, by=None)
    note = f"Per {view.grain}, by the way they came; pale where the data does not cover it whole."
    if "signed_up_on" not in page.board.reader.manifest.provided.get("customers", ()):
        seen = f"Whoever is first seen in the first {UNKNOWN_START_DAYS} days of an export is not counted"
        note = f"{note} {seen}: no sign-up is known, so they may have been there before."
    found = rows_of("new_customers_by_source", view)
    if found.empty:
        draw_section("New customers", note, "", "Nobody became a customer in this range.")
        return
    chart = new_customers_chart(found, period_names(page, found["period"], view.grain), view.grain)
    draw_section("New customers", note, unseen_message(chart))
    draw_chart(chart, key="new", alt="New customers over time, described above")
    draw_csv("new_customers_by_source", view)


def _draw_first_year(page: Page) -> None:
    view = replace(page.view, by=None)
    note = "Revenue of each customer's first 12 months, zeros counted; all quarters whose customers had a whole year."
    draw_section("What they bring in their first year", note, " ")
    if is_lacking("first_year"):
        return
    found = rows_of("first_year", view)
    if found.empty:
        draw_html(quiet("No quarter's customers have had a whole year yet."))
        return
    currency = page.board.workspace.company.currency
    if said := difference_in_words(earned_against_bought(found), currency):
        draw_html(f"<p>{text(said)}</p>")
    rows = found.assign(quarter=period_names(page, found["cohort_quarter"], "quarter")).iloc[::-1]
    columns: Columns = {
        "quarter": ("Came in", "text"),
        "acquisition": ("as", "text"),
        "customers": ("Customers", "customers"),
        "revenue_per_customer_12m": ("Revenue each", "currency"),
        ("revenue_low", "revenue_high"): (BY_CHANCE, "currency"),
        "still_active": ("Still there", "share"),
    }
    caption = "First-year revenue per customer by quarter and way they came"
    alike = ("revenue_per_customer_12m", "revenue_low", "revenue_high")
    draw_html(rows_table(rows, columns, currency, caption, alike=alike))
    draw_csv("first_year", view)


def draw_keeping(page: Page) -> None:
    """The cohort triangle and the retention curve, of those who were active or of those who ordered."""
    known = [name for name in MEASURES if _TABLES[name] in page.board.reader.reach]
    if not known:
        draw_html(quiet("This needs the activity or the orders export."))
        return
    measure = choice("measure", known, known[0])
    warn_of_gone(measure="measure")
    view = replace(page.view, by=None)
    left, right = st.columns([1.6, 1], gap="large")
    with left:
        note = f"Percent of a month's customers who {MEASURES[measure]} so many months later; · not covered."
        draw_section(
            "Who stays", f"{note} Pale: fewer than {FEW}; how many on hover. A month opens its customers.", " "
        )
        if len(known) > 1:
            st.segmented_control(
                "What counts as staying",
                known,
                format_func=lambda name: f"They {MEASURES[name]}",
                required=True,
                label_visibility="collapsed",
                **widget_key("measure", measure, known[0]),
            )
        _draw_cohorts(view, measure)
        draw_csv("cohorts", view)
    with right:
        _draw_curve(view, measure)
        _draw_lost(page, view)


def _draw_cohorts(view: View, measure: str) -> None:
    found = rows_of("cohorts", view)
    if found[measure].isna().all():
        draw_html(quiet("No whole month since they came is covered yet."))
        return
    cohorts = []
    for month, rows in found.groupby("cohort_month"):
        day = pd.Timestamp(str(month))
        known = rows.set_index("month_number")[measure].reindex(range(int(rows["month_number"].max()) + 1))
        cohorts.append(
            Cohort(
                f"{MONTHS[day.month - 1]} {day.year}",
                href("customers", part="leaving", joined=f"{day:%Y_%m}", sign="", measure="", at="", sort=""),
                int(rows["customers"].iloc[0]),
                [None if pd.isna(count) else int(count) for count in known],
            )
        )
    draw_html(triangle(cohorts, MEASURES[measure], FEW))


def _draw_curve(view: View, measure: str) -> None:
    found = rows_of("retention_curve", view, measure=measure)
    note = f"Share who {MEASURES[measure]}, over all customers of the range whose month is covered; shaded: {CHANCE}."
    draw_section("How long they stay", note, " ")
    if found.empty:
        draw_html(quiet("No whole month since they came is covered yet."))
        return
    draw_chart(retention_chart(found, MEASURES[measure]), key="retention")
    draw_csv("retention_curve", view, measure=measure)


def _draw_lost(page: Page, view: View) -> None:
    """The revenue that was lost in the latest whole month, with the way to what moved it and to who may leave next."""
    if lacks(page.board, "revenue_bridge"):
        return
    found = rows_of("revenue_bridge", replace(view, grain="month"))
    found = found[found["complete"]]
    if found.empty:
        return
    row = {str(name): value for name, value in found.iloc[-1].items()}
    said = lost_in_words(
        row, period_names(page, found["period"].tail(1), "month")[0], page.board.workspace.company.currency
    )
    if not said:
        return
    ways = (("What moved revenue", "grow"), ("Who may leave", "leaving"))
    more = " · ".join(link(label, href("customers", part=part)) for label, part in ways)
    draw_section("What it costs", "", f'<p>{text(said)}</p><p class="kvi-quiet">{more}</p>')
