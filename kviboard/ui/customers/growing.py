"""Growing: what moved revenue from one period to the next, and which segments are worth what."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pandas as pd
import streamlit as st

from kviboard.board.customers.expected_value import expected_value
from kviboard.board.kvis.reading import View
from kviboard.board.kvis.scored_share import LOW
from kviboard.board.kvis.tables import to_csv_file
from kviboard.board.views.named import read_per_segment
from kviboard.caching import shared_cache
from kviboard.charts.revenue_bridge import bridge_chart
from kviboard.components.markup import link, quiet, text
from kviboard.components.rows import BY_CHANCE, cell_text, rows_table
from kviboard.domain.customers.words import bridge_in_words
from kviboard.domain.formatting import NO_VALUE, format_range, format_share, format_value
from kviboard.domain.kvis.intervals import FEW
from kviboard.errors import UsageError
from kviboard.ui import session
from kviboard.ui.customers.year import last_year
from kviboard.ui.draw import draw_chart
from kviboard.ui.filters import SEGMENT
from kviboard.ui.page import Page, href, warn_of_gone
from kviboard.ui.response_rate import draw_rate
from kviboard.ui.style import draw_html, draw_section
from kviboard.ui.url_state import choice, unchecked, widget_key
from kviboard.ui.views import draw_csv, is_lacking, period_names, rows_of

_MOVES = {
    "opening": ("Opening", "currency"),
    "new": ("New", "currency"),
    "expansion": ("Grew", "currency"),
    "reactivated": ("Back", "currency"),
    "contraction": ("Shrank", "currency"),
    "lost": ("Lost", "currency"),
    "refunds": ("Refunds", "currency"),
    "closing": ("Closing", "currency"),
}
SORTS = {
    "revenue_12m": ("Revenue, 12 months", "currency"),
    "share": ("Share", "share"),
    "customers": ("Customers", "customers"),
    "revenue_per_customer": ("Revenue each", "currency"),
    "net_revenue_retention": ("Net retention", "share"),
    "expected_revenue_12m": ("Expected, 12 months", "currency"),
    "eight_plus_share": ("Turnover from 8+", "share"),
    "nps": ("NPS", "score"),
    "at_risk_revenue": ("Revenue at risk", "currency"),
}

_WORDED = {"eight_plus_share": ("Turnover from 8+", "text"), "nps": (f"NPS ({BY_CHANCE})", "text")}
"""The columns that say beside the number what it rests on."""


def draw_growing(page: Page) -> None:
    """The waterfall of one period, and the same sums of every period of the range."""
    grain = "quarter" if page.view.grain == "quarter" else "month"
    note = f"Each customer's {grain} against the {grain} before; choose month or quarter above."
    draw_section("What moved revenue", note, " ")
    if is_lacking("revenue_bridge"):
        return
    view = replace(page.view, by=None, grain=grain)
    found = rows_of("revenue_bridge", view)
    if found.empty:
        draw_html(quiet(f"No {grain} of this range can be compared with the one before."))
        return
    names = period_names(page, found["period"], grain)
    _draw_waterfall(page, found, names, grain)
    rows = found.assign(name=_with_running(names, found["complete"])).iloc[::-1]
    rows = rows.assign(contraction=-rows["contraction"], lost=-rows["lost"])  # a row adds up from left to right
    moves = {name: as_ for name, as_ in _MOVES.items() if name != "refunds" or found["refunds"].any()}
    columns = {"name": (grain.capitalize(), "text"), **moves}
    currency = page.board.workspace.company.currency
    draw_html(rows_table(rows, columns, currency, f"What moved revenue, by {grain}"))
    if not found["complete"].all():
        whole = f"A {grain} so far is compared with the whole one before"
        draw_html(quiet(f"{whole}: who has not bought again yet counts as lost, who may still buy more as shrunk."))
    draw_csv("revenue_bridge", view)


def _with_running(names: list[str], complete: pd.Series) -> list[str]:
    return [name if done else f"{name} (so far)" for name, done in zip(names, complete, strict=True)]


def _draw_waterfall(page: Page, found: pd.DataFrame, names: list[str], grain: str) -> None:
    currency = page.board.workspace.company.currency
    slugs = [f"{day:%Y_%m}" for day in found["period"]]
    whole = [slug for slug, done in zip(slugs, found["complete"], strict=True) if done]
    default = (whole or slugs)[-1]
    at = choice("at", slugs, default)
    warn_of_gone(at="period")
    titles = dict(zip(slugs, _with_running(names, found["complete"]), strict=True))
    row = {str(name): value for name, value in found.iloc[slugs.index(at)].items()}
    chart, words = st.columns([1.6, 1], gap="large")
    with chart:
        draw_chart(bridge_chart(row, f"{grain.capitalize()} before", titles[at], currency), key="bridge")
    with words:
        st.selectbox(
            grain.capitalize(),
            slugs[::-1],
            format_func=titles.__getitem__,
            width=200,
            **widget_key("at", at, default),
        )
        draw_html(f"<p>{text(bridge_in_words(row, titles[at], currency))}</p>")


def draw_segments(page: Page) -> None:
    """Every slice in one table, sorted by the column that is chosen."""
    dimensions = page.board.dimensions
    by = page.view.by or (dimensions[0] if dimensions else None)
    title = f"By {by.replace('_', ' ')}" if by else "All customers"
    year = last_year(page)
    brought = f"Revenue is what customers brought {year}; who may leave is as of the data's last day. " if year else ""
    draw_section(title, f"{brought}A segment opens its customers at risk; slice by another dimension above.", " ")
    if is_lacking("segments"):
        return
    view = replace(page.view, by=by)
    sort = choice("sort", list(SORTS), "revenue_12m")
    found = rows_of("segments", view).sort_values(sort, ascending=False, na_position="last", kind="stable")
    currency = page.board.workspace.company.currency
    rows = found.assign(slice=found["slice"] if by else "All customers")
    columns = {"slice": (by.replace("_", " ").capitalize() if by else "", "text"), **SORTS}
    addresses = [href("customers", part="leaving", **{by: name}) for name in rows["slice"]] if by else []
    caption = "Segments: what they bring and what is at risk"
    draw_html(rows_table(_in_words(rows), {**columns, **_WORDED}, currency, caption, addresses))
    links = " · ".join(link(title, href("customers", sort=name)) for name, (title, _) in SORTS.items() if name != sort)
    draw_html(f'<p class="kvi-quiet">Sorted by {text(SORTS[sort][0].lower())}, highest first. Sort by {links}</p>')
    draw_html(quiet(expected_value(page.board).said))
    draw_rate(page.view)
    draw_csv("segments", view)
    _draw_named(page)


def _draw_named(page: Page) -> None:
    """The segments that kviboard.toml names, in the same columns; they may overlap. Nothing where there are none."""
    segments = page.board.workspace.segments
    if not segments or unchecked(SEGMENT):
        return
    try:
        found = _per_segment(session.board_key(), replace(page.view, by=None, first=None, last=None, grain="month"))
    except UsageError:
        return  # nobody is in a segment and in what is chosen
    addresses = [href("customers", part="leaving", **{SEGMENT: name}) for name in found["slice"]]
    shown = _in_words(found).assign(slice=[str(name).replace("_", " ").capitalize() for name in found["slice"]])
    columns = {"slice": ("Segment", "text"), **SORTS, **_WORDED}
    currency = page.board.workspace.company.currency
    table = rows_table(shown, columns, currency, "Named segments: what they bring and what is at risk", addresses)
    draw_section("Named segments", "As kviboard.toml names them. They may overlap; share is of all chosen.", table)
    st.download_button(
        "CSV", lambda: to_csv_file(found), "named_segments.csv", "text/csv", on_click="ignore", key="csv-named-segments"
    )


@shared_cache(most=32)
def _per_segment(key: session.Key, view: View) -> pd.DataFrame:
    return read_per_segment(session.board(), "segments", view)


def _in_words(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows with what shares by score and the Net Promoter Score rest on."""
    records = rows.to_dict("records")
    return rows.assign(eight_plus_share=[*map(_eight_plus, records)], nps=[*map(_nps, records)])


def _eight_plus(row: Mapping[Any, Any]) -> str:
    share, scored = row["eight_plus_share"], row["scored_share"]
    if pd.isna(share) or pd.isna(scored):
        return cell_text(share, "share", "")
    return f"{cell_text(share, 'share', '')} ({'only ' if scored < LOW else ''}{format_share(scored)} scored)"


def _nps(row: Mapping[Any, Any]) -> str:
    if not row["responses"]:
        return NO_VALUE
    few = ", few answers" if row["responses"] < FEW else ""
    return f"{format_value(row['nps'], 'score')} ({format_range(row['nps_low'], row['nps_high'], 'score')}{few})"
