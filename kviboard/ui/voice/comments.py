"""The comments themselves: searched and filtered, for those who may see what single customers wrote."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pandas as pd
import streamlit as st

from kviboard.components.markup import link, text
from kviboard.domain.formatting import counted, format_day
from kviboard.domain.voice.words import PLURALS
from kviboard.errors import StoreError
from kviboard.store import FollowUp, Review
from kviboard.ui import session
from kviboard.ui.page import Page, href, warn_of_gone
from kviboard.ui.personal import draw_personal_csv, sees_customers
from kviboard.ui.style import draw_html, draw_section
from kviboard.ui.url_state import choice, unchecked, widget_key
from kviboard.ui.views import is_lacking, rows_of
from kviboard.ui.voice.loop import follow_ups, state_of
from kviboard.ui.voice.quoting import quoted_in, quoting_of

_LISTED = 25
_ALL = 1_000_000
_LABELS = {"said_by": "Anyone", "touchpoint": "Any touchpoint", "theme": "Any theme"}
_KINDS = {"said_by": "band", "touchpoint": "touchpoint", "theme": "theme"}


def draw_comments(page: Page) -> None:
    """Search and filters, each choice with how many it would find; the newest 25 and all as CSV."""
    if is_lacking("comments"):
        return
    draw_section("Comments", 'Of all surveys, newest first. "In quotes" finds words side by side.', " ")
    if not sees_customers():
        return
    view = replace(page.view, by=None)
    known = rows_of("comment_counts", view)
    with st.container(horizontal=True, key="comment-filters"):
        search = unchecked("q").strip()
        st.text_input(
            "Search comments",
            placeholder="Search comments",
            width=260,
            label_visibility="collapsed",
            **widget_key("q", search, ""),
        )
        chosen = {name: choice(name, _names(known, kind), "") for name, kind in _KINDS.items()}
        given = {
            "search": search,
            "band": chosen["said_by"],
            "touchpoint": chosen["touchpoint"],
            "theme": chosen["theme"],
        }
        counts = rows_of("comment_counts", view, **given)
        for name, kind in _KINDS.items():
            _draw_filter(name, _names(known, kind), counts[counts["kind"] == kind], chosen[name])
    warn_of_gone(said_by="group", touchpoint="touchpoint", theme="theme")
    _draw_list(page, given)


def _names(counts: pd.DataFrame, kind: str) -> list[str]:
    return [str(name) for name in counts.loc[counts["kind"] == kind, "name"]]


def _draw_filter(name: str, options: list[str], counts: pd.DataFrame, value: str) -> None:
    if not options:
        return
    found = dict(zip(counts["name"], counts["comments"], strict=True))

    def label(option: str) -> str:
        if not option:
            return _LABELS[name]
        named = PLURALS.get(option, option) if name == "said_by" else option.replace("_", " ")
        named = "no touchpoint" if name == "touchpoint" and option == "none" else named
        return f"{named[:1].upper()}{named[1:]} ({int(found.get(option, 0)):,})"

    st.selectbox(
        _LABELS[name],
        ["", *options],
        format_func=label,
        width=190,
        label_visibility="collapsed",
        **widget_key(name, value, ""),
    )


def _draw_list(page: Page, given: Mapping[str, str]) -> None:
    view = replace(page.view, by=None)
    found = rows_of("comments", view, most=_LISTED, **given)
    clear = link("Clear search and filters", href("voice", q="", said_by="", touchpoint="", theme=""))
    ends = f" {clear}" if any(given.values()) else ""
    if found.empty:
        draw_html(f'<p class="kvi-quiet">No comment matches.{ends}</p>')
        return
    count = int(found["matching"].iloc[0])
    more = f"; the newest {len(found)} are shown, all are in the CSV" if count > len(found) else ""
    draw_html(f'<p class="kvi-quiet">{text(counted(count, "comment"))}{more}.{ends}</p>')
    known, quoted = _known()
    quotes = "".join(_quote(row, known, quoted) for row in found.to_dict("records"))
    draw_html(f'<ul class="kvi-quotes kvi-comments" role="list">{quotes}</ul>')
    draw_personal_csv("comments", view, most=_ALL, **given)


def _known() -> tuple[dict[str, FollowUp] | None, dict[str, Review] | None]:
    """The follow-ups by answer, and where answers are quoted; None where the store is out of reach: then nothing is
    said of them."""
    try:
        return follow_ups(), quoted_in()
    except StoreError:
        return None, None


def _quote(row: Mapping[Any, Any], known: Mapping[str, FollowUp] | None, quoted: Mapping[str, Review] | None) -> str:
    day, touchpoint = row["day"].date(), row["touchpoint"]
    where = f" · {text(touchpoint)}" if isinstance(touchpoint, str) else ""
    customer = row["customer_id"]
    named = isinstance(customer, str)
    who = link(customer, href("customers", customer=customer)) if named else "anonymous"
    state = state_of(known, row["response_id"]) if named and known is not None else ""
    quoting = quoting_of(quoted, row["response_id"]) if quoted is not None and session.board().calendar.sprints else ""
    done = "".join(f" · {each}" for each in (state, quoting) if each)
    score = f'<b class="kvi-said-{row["band"]}">{row["score"]:.0f}</b>'
    return (
        f"<li><small>{score} · {text(format_day(day))}{where} · {who}{done}</small>"
        f"<q><bdi>{text(row['comment'])}</bdi></q></li>"
    )
