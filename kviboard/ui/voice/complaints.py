"""What customers complain about: topics per 1,000 active customers, how each moved, how long they stay open."""

from dataclasses import replace

from kviboard.charts.voice import periods_chart
from kviboard.components.markup import link, quiet
from kviboard.components.rows import BY_CHANCE, Columns, rows_table
from kviboard.domain.kvis.intervals import CHANCE, MANY
from kviboard.ui.draw import draw_chart, unseen_message
from kviboard.ui.page import Page, href, warn_of_gone
from kviboard.ui.style import draw_html, draw_section
from kviboard.ui.url_state import choice
from kviboard.ui.views import draw_csv, is_lacking, period_names, rows_of

_COLUMNS: Columns = {
    "topic": ("Topic", "text"),
    "complaints": ("Complaints", "number"),
    "per_1000": ("Per 1,000 active", "number"),
    ("low", "high"): (BY_CHANCE, "number"),
    "per_1000_before": ("Before", "number"),
    "verdict": ("Against before", "text"),
    "median_days": ("Half closed within", "days"),
    "still_open": ("Still open", "number"),
}
_PER = "Per 1,000 customers active in 28 days, for 28 days"
_RATE, _BEFORE = ("per_1000", ("low", "high")), ("per_1000_before", "verdict")


def draw_complaints(page: Page) -> None:
    """The table of topics; the one chosen, or all, over time."""
    if is_lacking("complaint_topics"):
        return
    view = replace(page.view, by=None)
    found = rows_of("complaint_topics", view)
    if found.empty:
        draw_section("Complaints by topic", "", "", "Nobody complained in this range.")
        return
    knows_active = found["per_1000"].notna().any()
    note = f"{_PER}. A topic opens its trend." if knows_active else ""
    knows_before = bool(found["per_1000_before"].notna().any())
    hidden = (*(() if knows_active else _RATE), *(() if knows_before else _BEFORE))
    columns = {name: each for name, each in _COLUMNS.items() if name not in hidden}
    addresses = [href("voice", topic=topic) for topic in found["topic"]]
    table = rows_table(found, columns, "EUR", "Complaints by topic", addresses)
    draw_section("Complaints by topic", note, table)
    if knows_before:
        draw_html(quiet(f"Before: as many days before the range. Of {MANY}."))
    draw_csv("complaint_topics", view)
    topic = choice("topic", found["topic"].tolist(), "")
    warn_of_gone(topic="topic")
    rows = rows_of("complaints_by_period", view, topic=topic)
    close = f'<p class="kvi-quiet">{link("All topics", href("voice", topic=""))}</p>' if topic else ""
    what = f"{_PER}; lines show {CHANCE}." if knows_active else f"Complaints per {view.grain}."
    value, unit = ("per_1000", "per_1000") if knows_active else ("complaints", "number")
    labels = period_names(page, rows["period"], view.grain)
    chart = periods_chart(rows, labels, view.grain, value, unit, f"Complaints about {topic or 'anything'}")
    of = topic or "All complaints"
    draw_section(f"{of} over time", what, f"{close}{unseen_message(chart)}")
    draw_chart(chart, key="complaints", alt=f"{of} over time, described above")
    draw_csv("complaints_by_period", view, topic=topic)
