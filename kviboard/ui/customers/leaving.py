"""Who may leave: the customers that the filters choose, the largest revenue at risk first."""

from collections.abc import Mapping
from dataclasses import replace

import streamlit as st

from kviboard.components.markup import link, quiet
from kviboard.components.rows import rows_table
from kviboard.domain.customers.words import SIGNS, signs_in_words
from kviboard.domain.formatting import MONTHS, counted
from kviboard.ui.customers.year import last_year
from kviboard.ui.page import Page, href
from kviboard.ui.personal import draw_personal_csv, sees_customers
from kviboard.ui.style import draw_html, draw_section
from kviboard.ui.url_state import choice, unchecked, widget_key
from kviboard.ui.views import rows_of

_LISTED = 25
_ALL = 1_000_000
_SIGNS = {"any": "Any sign of leaving", **{name: words.capitalize() for name, words in SIGNS.items()}, "all": "All"}
_STAGES = {"": "Any stage", "new": "New", "active": "Active", "at_risk": "Quiet for 28 days", "lost": "Lost"}
_BANDS = {
    "": "Any score",
    "promoter": "Promoters",
    "passive": "Passives",
    "detractor": "Detractors",
    "unscored": "No score",
}
_TIERS = {"": "Any value", "top": "Top 10 %", "next": "Next 40 %", "rest": "Below the top half"}
_TIER_NAMES = {"": "", "top": "top 10 %", "next": "next 40 %", "rest": "rest"}
_COLUMNS = {
    "customer_id": ("Customer", "text"),
    "name": ("Name", "text"),
    "signs": ("Signs", "text"),
    "revenue_12m": ("Last 12 months", "currency"),
    "revenue_at_risk": ("At risk", "currency"),
    "last_score": ("Score", "number"),
    "score_before": ("before", "number"),
    "active_days_28": ("Active days of 28", "days"),
    "last_order_on": ("Last order", "day"),
}


def draw_leaving(page: Page) -> None:
    """The filters, how many they choose, the first 25 and all as CSV."""
    year = last_year(page)
    at_risk = f" At risk is what those who show a sign of leaving brought {year}." if year else ""
    draw_section("Who may leave", f"As of the data's last day.{at_risk}", " ")
    joined = unchecked("joined")
    with st.container(horizontal=True, key="list-filters"):
        sign = _chosen("sign", _SIGNS, "Sign", "all" if joined else "any")
        stage = _chosen("stage", _STAGES, "Stage", "")
        held = _chosen("held", _BANDS, "Score held", "")
        tier = _chosen("tier", _TIERS, "Value", "")
    given = {
        "sign": "" if sign == "all" else sign,
        "lifecycle": stage.replace("_", " "),
        "band": held,
        "value_tier": _TIER_NAMES[tier],
        "joined": joined.replace("_", "-"),
    }
    _draw_list(page, given, joined)


def _chosen(name: str, options: Mapping[str, str], label: str, default: str) -> str:
    value = choice(name, list(options), default)
    st.selectbox(
        label,
        list(options),
        format_func=options.__getitem__,
        width=165,
        label_visibility="collapsed",
        **widget_key(name, value, default),
    )
    return value


def _draw_list(page: Page, given: Mapping[str, str], joined: str) -> None:
    view = replace(page.view, by=None)
    found = rows_of("customer_list", view, most=_LISTED, **given)
    if joined:
        year, _, month = joined.partition("_")
        came = f"{MONTHS[int(month) - 1]} {year}" if month.isdigit() and 1 <= int(month) <= 12 else joined
        every = link("Show those of every month", href("customers", joined=""))
        draw_html(f'<p class="kvi-quiet">Only customers who came in {came}. {every}</p>')
    if found.empty:
        draw_html(quiet("No customer matches these filters."))
        return
    count = int(found["matching"].iloc[0])
    more = f"; the first {len(found)} are shown, all are in the CSV" if count > len(found) else ""
    draw_html(quiet(f"{counted(count, 'customer')}{more}. An id opens the whole story."))
    if not sees_customers():
        return
    rows = found.assign(signs=[signs_in_words(row) for row in found.to_dict("records")])
    currency = page.board.workspace.company.currency
    addresses = [href("customers", customer=name) for name in rows["customer_id"]]
    columns = {name: as_ for name, as_ in _COLUMNS.items() if name != "name" or rows["name"].notna().any()}
    draw_html(rows_table(rows, columns, currency, "Customers, the largest revenue at risk first", addresses))
    draw_personal_csv("customer_list", view, most=_ALL, **given)
