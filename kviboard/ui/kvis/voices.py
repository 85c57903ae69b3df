"""What customers said in the periods shown, under the chart of a KVI and beside why it moved."""

from datetime import date
from typing import Any

import streamlit as st

from kviboard.board.kvis.reading import View
from kviboard.components.markup import link, quiet, text
from kviboard.domain.formatting import format_day
from kviboard.ui import session
from kviboard.ui.access import visitor
from kviboard.ui.filters import as_range
from kviboard.ui.page import href
from kviboard.ui.style import draw_html
from kviboard.ui.views import rows_of

_MOST = 2  # of each band
_BANDS = ("detractor", "promoter")


def draw_voices(view: View) -> None:
    """An expander with the newest comments of the customers and periods shown; none without the right to read them."""
    if not _may_be_read():
        return
    opened = st.expander("What customers said", key="voices", on_change="rerun")
    if opened.open:
        with opened:
            said = quotes_of(view, view.first, view.last)
            draw_html(said or quiet("No customer wrote anything in these periods."))


def quotes_of(view: View, first: date | None, last: date | None) -> str:
    """The newest comments of detractors and of promoters between two days, as HTML; empty where there are none."""
    if not _may_be_read():
        return ""
    asked = View(first=first, last=last, where=view.where)
    found = [row for band in _BANDS for row in rows_of("comments", asked, band=band, most=_MOST).to_dict("records")]
    if not found:
        return ""
    days = {"range": as_range(first, last)} if first and last else {}
    more = link("All comments", href("voice", show="comments", **days))
    quotes = "".join(map(_quote, found))
    return f'<ul class="kvi-quotes" role="list">{quotes}</ul><p class="kvi-quiet">{more}</p>'


def _may_be_read() -> bool:
    board = session.board()
    return visitor().sees_customers and "responses" in board.reader.reach and "comments" in board.catalog.views


def _quote(row: dict[Any, Any]) -> str:
    about = f"{row['band']}, {row['score']:.0f} · {format_day(row['day'].date())}"
    return f"<li><small>{text(about)}</small> <q><bdi>{text(row['comment'])}</bdi></q></li>"
