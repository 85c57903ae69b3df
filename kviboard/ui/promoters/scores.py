"""The first half of Promoters: what customers score, how the bands moved over time, and who changed band."""

import math

import streamlit as st

from kviboard.board.kvis.reading import View
from kviboard.board.promoters.summary import (
    Move,
    against_before,
    bands_of,
    lead_of,
    moves_in_words,
    moves_of,
)
from kviboard.board.views.views import days_in_words, read_view, view_before
from kviboard.charts.bands import bands_chart
from kviboard.charts.scores import bands_over_time, nps_over_time, score_chart
from kviboard.components.markup import link, quiet, text
from kviboard.components.rows import rows_table
from kviboard.domain.formatting import counted, format_day, format_value
from kviboard.domain.kvis.intervals import CHANCE
from kviboard.domain.promoters.loyalty import BANDS
from kviboard.ui.draw import draw_chart, unseen_message
from kviboard.ui.page import Page, href, warn_of_gone
from kviboard.ui.personal import draw_personal_csv, sees_customers
from kviboard.ui.response_rate import draw_rate
from kviboard.ui.style import draw_html, draw_section
from kviboard.ui.url_state import choice
from kviboard.ui.views import draw_csv, period_names, rows_of

MOVES = [f"{start}_to_{end}" for start in BANDS for end in BANDS]
_MOST_LISTED = 20
_TONES = {1: "kvi-rose", 0: "", -1: "kvi-fell"}


def draw_scores(page: Page) -> None:
    """Where we stand in a sentence; the share of each score and who changed band; the bands over time, and by slice."""
    whole = whole_of(page.view)
    found = rows_of("score_distribution", whole)
    if found.empty:
        draw_html(quiet("Nobody answered in this range. Choose a longer one, or fewer filters."))
        return
    days = days_in_words(page.board, "score_distribution", whole)
    (bands,) = bands_of(found).to_dict("records")
    draw_html(f'<p class="kvi-lead">{text(lead_of(bands, days))}</p>' + quiet(_against_before(page)))
    draw_rate(page.view)
    left, right = st.columns(2, gap="large")
    with left:
        draw_section("Scores", f"Share of answers per score; lines show {CHANCE}.", " ")
        draw_chart(score_chart(found), key="scores")
        draw_html(_behind_bands())
        draw_csv("score_distribution", whole_of(page.view))
        _draw_moves(page)
    with right:
        if page.view.by:
            _draw_slices(page)
        _draw_time(page)


def _against_before(page: Page) -> str:
    """How the score of the range compares with that of the days before it."""
    name = "score_change"
    before = view_before(page.board, name, whole_of(page.view))
    if before is None or before.first is None or before.last is None:
        return "Nothing to compare it with: there are no answers before."
    days_before = (before.last - before.first).days + 1
    (row,) = rows_of(name, whole_of(page.view), days_before=days_before).to_dict("records")
    if not row["responses_before"]:
        return "Nothing to compare it with: nobody answered before."
    return against_before(row, before.first, before.last)


def _behind_bands() -> str:
    """Links from each band to its customers and to what they wrote."""
    who = [link(f"{each}s", href("customers", part="leaving", sign="all", held=each)) for each in BANDS]
    said = [link(f"{each}s", href("voice", show="comments", said_by=each, q="", touchpoint="")) for each in BANDS]
    return f'<p class="kvi-quiet">Who they are: {" · ".join(who)}. What they say: {" · ".join(said)}.</p>'


def whole_of(view: View) -> View:
    """The view with all customers together."""
    return View(view.grain, view.first, view.last, None, view.where)


def _draw_slices(page: Page) -> None:
    by = str(page.view.by)
    draw_section(f"By {by.replace('_', ' ')}", "Detractors, passives and promoters of each slice.", " ")
    slices = bands_of(rows_of("score_distribution", page.view)).sort_values("nps", ascending=False)
    draw_chart(bands_chart(slices, f"Bands by {by}"), key="bands-by-slice")
    alone = " · ".join(link(name, href("promoters", by="", **{by: name})) for name in slices["name"])
    draw_html(f'<p class="kvi-quiet">Look at one alone: {alone}</p>')
    draw_csv("score_distribution", page.view)


def _draw_time(page: Page) -> None:
    view = whole_of(page.view)
    found = rows_of("bands_by_period", view)
    note = "Shares of the bands, with the number of answers; below, the Net Promoter Score."
    if found.empty:
        draw_section("Over time", note, "", "No period of this range has answers.")
        return
    labels = period_names(page, found["period"], view.grain)
    bands, nps = bands_over_time(found, labels, view.grain), nps_over_time(found, labels, view.grain)
    draw_section("Over time", note, unseen_message(bands, nps))
    draw_chart(bands, key="bands", alt="Bands over time, described above")
    draw_chart(nps, key="nps", alt="Net Promoter Score over time, described above")
    draw_csv("bands_by_period", view)


def _draw_moves(page: Page) -> None:
    view = whole_of(page.view)
    currency = page.board.workspace.company.currency
    moves = moves_of(rows_of("band_moves", view))
    note = "Customers who answered in the range and before it, by their last answer of each. A number opens the list."
    said = f"<p>{text(moves_in_words(moves, currency))}</p>"
    if not any(move.customers for move in moves.values()):
        draw_section("Who changed", "Customers who answered in the range and before it.", said)
        return
    draw_section("Who changed", note, f"{said}{_grid(moves, currency)}")
    draw_csv("band_moves", view)


def _grid(moves: dict[tuple[str, str], Move], currency: str) -> str:
    heads = "".join(f'<th scope="col" class="kvi-figure">now {end}s</th>' for end in BANDS)
    rows = "".join(
        f'<tr><th scope="row">were {start}s</th>{"".join(_cell(moves[start, end], currency) for end in BANDS)}</tr>'
        for start in BANDS
    )
    label = "Customers by band before and in the range"
    return (
        f'<div class="kvi-wide" role="region" tabindex="0" aria-label="{label}"><table class="kvi-rows kvi-moves">'
        f"<caption>{label}</caption><thead><tr><td></td>{heads}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def _cell(move: Move, currency: str) -> str:
    number = link(f"{move.customers:,}", href("promoters", move=move.slug)) if move.customers else "0"
    money = "" if math.isnan(move.revenue) else text(format_value(move.revenue, "currency", currency))
    return f'<td class="kvi-figure {_TONES[move.direction]}">{number}<small>{money}</small></td>'


def draw_moved(page: Page) -> None:
    """The customers behind the cell of the table that was chosen; nothing where none was."""
    chosen = choice("move", MOVES, "")
    warn_of_gone(move="move")
    if not chosen or not sees_customers():
        return
    view, (start, end) = whole_of(page.view), chosen.split("_to_")
    given = {"from_band": start, "to_band": end}
    shown = read_view(page.board, "moved_customers", view, most=_MOST_LISTED, **given)
    count = int(shown["matching"].iloc[0]) if len(shown) else 0
    columns = {
        "customer_id": ("Customer", "text"),
        "name": ("Name", "text"),
        "from_score": ("Was", "number"),
        "from_day": ("on", "day"),
        "to_score": ("Now", "number"),
        "to_day": ("on", "day"),
        "revenue_12m": ("Last 12 months", "currency"),
    }
    became = f"stayed {end}s" if start == end else f"went from {start} to {end}"
    more = f" The {len(shown)} with the highest revenue; all are in the CSV." if count > len(shown) else ""
    since = f" since {format_day(view.first)}" if view.first else ""
    currency = page.board.workspace.company.currency
    addresses = [href("customers", customer=name) for name in shown["customer_id"]]
    body = rows_table(shown, columns, currency, f"Customers who {became}", addresses)
    close = link("Close the list", href("promoters", move=""))
    title = f"{counted(count, 'customer')} who {became}{since}"
    draw_section(title, more.strip(), f'{body}<p class="kvi-quiet">{close}</p>')
    draw_personal_csv("moved_customers", view, **given)
