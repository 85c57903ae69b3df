"""“Why?” on the page of a KVI: which slices and touchpoints moved it, what was released and said in that time."""

from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from kviboard.board.kvis.reading import View
from kviboard.board.kvis.tables import to_csv_file
from kviboard.board.kvis.why import PREVIOUS, USUAL, Why, explain_change, in_words, periods_to_explain, usual_in_words
from kviboard.caching import shared_cache
from kviboard.components.contributions import Contribution, contributions_table
from kviboard.components.markup import quiet, text
from kviboard.domain.formatting import counted, format_change, format_days, format_moves, format_share, format_value
from kviboard.domain.kvis.kvi import Kvi
from kviboard.domain.kvis.signals import DOWN, UP
from kviboard.domain.kvis.verdict_words import in_plain_words
from kviboard.errors import KviBoardError
from kviboard.ui import session
from kviboard.ui.kvis.decisions import decided_in
from kviboard.ui.kvis.goals import noted
from kviboard.ui.kvis.touchpoints import touchpoints_in
from kviboard.ui.kvis.voices import quotes_of
from kviboard.ui.page import Page, href
from kviboard.ui.style import draw_html
from kviboard.ui.url_state import choice, unchecked, widget_key

_AGAINST = {USUAL: "what is usual", PREVIOUS: "the period before"}
_MUCH = 0.1  # of the largest effect: as much of one came from a slice that grew or shrank where that is told
_MOST_SLICES = 12  # the largest effects; the others together in one row


def draw_why(page: Page, kvi: Kvi, view: View) -> None:
    """An expander with what each slice of each dimension contributed to the change of the latest complete period."""
    opened = st.expander("Why?", expanded=bool(unchecked("why")), key="why", on_change="rerun")
    if not opened.open:
        return
    with opened:
        try:
            why = _why(session.board_key(), kvi.name, view, *_two_periods(kvi, view))
        except KviBoardError as error:
            draw_html(quiet(str(error)))
            return
        _draw_change(page, why)
        for dimension, rows in why.by_dimension.items():
            draw_html(_table(page, why, dimension, rows))
        first, last = _days_of(why, view)
        draw_html(touchpoints_in(why.kvi, view, first, last))
        _draw_around(page, why, view, first, last)


def _two_periods(kvi: Kvi, view: View) -> tuple[str, str | None]:
    """What is compared with, and the period in question; None where there is none to choose."""
    periods = periods_to_explain(session.readings(kvi.name, replace(view, first=None, last=None))[0])
    if not periods:
        return USUAL, None
    period = choice("why_in", periods, periods[0])
    others = [*_AGAINST, *periods[periods.index(period) + 1 :]]
    against = choice("why", others, USUAL)
    with st.container(horizontal=True):
        st.selectbox(view.grain.capitalize(), periods, width=220, **widget_key("why_in", period, periods[0]))
        st.selectbox(
            "Compared with", others, format_func=lambda name: _AGAINST.get(name, name), width=220,
            **widget_key("why", against),
        )  # fmt: skip
    return against, period


@shared_cache(most=256)
def _why(key: session.Key, name: str, view: View, against: str, period: str | None) -> Why:
    board = session.board()
    kvi = board.kvi(name)
    read = partial(session.readings, name) if board.judged_grain(kvi) == view.grain else None
    return explain_change(board, kvi, view, board.dimensions, against, period, read)


def _draw_change(page: Page, why: Why) -> None:
    currency, unit = page.board.workspace.company.currency, why.kvi.unit
    then, now = (format_value(value, unit, currency) for value in (why.then, why.now))
    change = format_change(why.now, why.then, unit, currency)
    compared = (
        f"{why.period}: {now}, {change} on {then} ({why.against}). What the groups of each table moved adds up to that."
    )
    said = [compared, *filter(None, [usual_in_words(why, currency)])]
    draw_html(f'<div class="kvi-case"><p><b>{text(in_words(why, currency))}</b></p>{"".join(map(quiet, said))}</div>')
    name = f"why-{why.kvi.name}.csv"
    st.download_button("CSV", lambda: to_csv_file(why.rows), name, "text/csv", on_click="ignore", key="csv-why")


def _table(page: Page, why: Why, dimension: str, rows: pd.DataFrame) -> str:
    rows = rows[(rows["effect"] != 0) | (rows["weight"] > 0)]  # not those that are neither there nor were
    place = rows["effect"].abs().rank(ascending=False, method="first")
    shown, others = rows[place <= _MOST_SLICES], rows[place > _MOST_SLICES]
    if len(others):
        sums = others[["effect", "mix_effect", "weight"]].sum(min_count=1)
        together = {**sums.to_dict(), "slice": counted(len(others), "other"), "dimension": "", "verdict": ""}
        shown = pd.concat([shown, pd.DataFrame([together])])
    currency, unit = page.board.workspace.company.currency, why.kvi.unit
    moves = format_moves([*shown["effect"], *shown["mix_effect"].fillna(0.0)], unit, currency)
    effects, mixes = moves[: len(shown)], moves[len(shown) :]
    largest = float(rows["effect"].abs().max()) or 1.0
    has_mix = shown["mix_effect"].abs().max() > _MUCH * largest
    items = [
        _contribution(row, row["effect"] / largest, effect, mix if has_mix else "")
        for row, effect, mix in zip(shown.to_dict("records"), effects, mixes, strict=True)
    ]
    title = dimension.replace("_", " ").capitalize()
    return contributions_table(items, title, f"What moved it, by {dimension.replace('_', ' ')}")


def _contribution(row: dict[Any, Any], size: float, effect: str, mix: str) -> Contribution:
    return Contribution(
        slice=row["slice"],
        href=href("kvis", why="", **{row["dimension"]: row["slice"]}) if row["dimension"] else "",
        size=size,
        effect=effect,
        mix=mix,
        weight=format_share(row["weight"]),
        verdict=in_plain_words(row["verdict"]),
        is_pale=row["verdict"] not in (UP, DOWN),
    )


def _days_of(why: Why, view: View) -> tuple[date, date]:
    """The first and the last day of the period in question."""
    reading = session.readings(why.kvi.name, view)[0]
    row = reading.history[reading.history["label"] == why.period].iloc[0]
    return row["period"].date(), row["ends_on"].date()


def _draw_around(page: Page, why: Why, view: View, first: date, last: date) -> None:
    """Releases, notes, decisions and comments of the period, which may say what the numbers cannot."""
    named = {
        "Released": _titles(page.board.reader.releases, first, last),
        "Noted": _titles(noted(why.kvi), first, last),
        "Decided": decided_in(why.kvi, why.period, first, last),
    }
    parts = [f"<p>{what} in this time: {text('; '.join(titles))}.</p>" for what, titles in named.items() if titles]
    parts += [quotes_of(view, first, last)]
    if any(parts):
        title = f"In that time ({format_days(first, last)})"
        draw_html(f'<section class="kvi-section"><h3 class="kvi-question">{text(title)}</h3>{"".join(parts)}</section>')


def _titles(flags: pd.DataFrame, first: date, last: date) -> list[str]:
    return flags.loc[flags["day"].between(pd.Timestamp(first), pd.Timestamp(last)), "title"].tolist()
