"""Who answers when asked: the response rate over time and by the score held before."""

from dataclasses import replace

from kviboard.charts.voice import periods_chart
from kviboard.components.markup import link, quiet, text
from kviboard.components.rows import BY_CHANCE, Columns, rows_table
from kviboard.domain.kvis.intervals import CHANCE
from kviboard.domain.voice.asked import doubts_in_words, rate_in_words
from kviboard.ui.draw import draw_chart, unseen_message
from kviboard.ui.page import Page, href, warn_of_gone
from kviboard.ui.style import draw_html, draw_section
from kviboard.ui.url_state import choice
from kviboard.ui.views import draw_csv, is_lacking, period_names, rows_of

_COLUMNS: Columns = {
    "band": ("Scored before", "text"),
    "invited": ("Asked", "number"),
    "answered": ("Answered", "number"),
    "rate": ("Response rate", "share"),
    ("low", "high"): (BY_CHANCE, "share"),
    "rate_before": ("Before", "share"),
}
_BANDS = {"all": "All", "promoter": "Promoters", "passive": "Passives", "detractor": "Detractors", "unscored": "None"}


def draw_asked(page: Page) -> None:
    """The response rate over time, of the survey that counts towards scores or of one touchpoint, and who answers."""
    if is_lacking("response_rate"):
        return
    view = replace(page.view, by=None)
    touchpoints = rows_of("touchpoints", view)
    known = [] if touchpoints.empty else touchpoints.loc[touchpoints["asked"].notna(), "touchpoint"].tolist()
    touchpoint = choice("touchpoint", known, "")
    warn_of_gone(touchpoint="touchpoint")
    given = {"touchpoint": touchpoint, "survey": "" if touchpoint else "scores"}
    rows = rows_of("response_rate", view, **given)
    of = f"at {touchpoint}" if touchpoint else "for the score"
    others = [link(name, href("voice", touchpoint=name)) for name in known if name != touchpoint]
    others = [*([link("for the score", href("voice", touchpoint=""))] if touchpoint else []), *others]
    choices = f'<p class="kvi-quiet">Look at {" · ".join(others)}</p>' if others else " "
    note = f"Of those asked, who answered within 14 days; lines show {CHANCE}."
    draw_section(f"Who answers when asked {of}", note, choices)
    if rows.empty:
        draw_html(quiet("Nobody was asked in this range, or the 14 days to answer are not over."))
        return
    periods = rows_of("response_rate_by_period", view, **given)
    labels = period_names(page, periods["period"], view.grain)
    chart = periods_chart(periods, labels, view.grain, "rate", "percent", "Response rate")
    said = "".join(f"<p>{text(each)}</p>" for each in (*doubts_in_words(rows), rate_in_words(rows)))
    draw_html(f"{said}{unseen_message(chart)}")
    draw_chart(chart, key="response-rate", alt="Response rate over time, described above")
    draw_csv("response_rate_by_period", view, **given)
    knows_before = bool(rows["rate_before"].notna().any())
    columns = {name: each for name, each in _COLUMNS.items() if knows_before or name != "rate_before"}
    shown = rows.assign(band=rows["band"].map(_BANDS))
    draw_html(rows_table(shown, columns, "EUR", "Response rate by the score held before"))
    draw_html(quiet("By the score that customers held on the day before they were asked."))
    draw_csv("response_rate", view, **given)
