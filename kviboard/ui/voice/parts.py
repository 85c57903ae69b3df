"""The frame of the Voice page: what is said and what pulls the score, in two sentences, and which part is open."""

from dataclasses import replace

from kviboard.board.views.views import days_in_words, lacks
from kviboard.components.markup import text
from kviboard.domain.voice.words import comments_in_words, lift_in_words
from kviboard.ui import session
from kviboard.ui.page import Page
from kviboard.ui.response_rate import draw_rate
from kviboard.ui.style import draw_html
from kviboard.ui.views import Parts, rows_of
from kviboard.ui.voice.asked import draw_asked
from kviboard.ui.voice.comments import draw_comments
from kviboard.ui.voice.complaints import draw_complaints
from kviboard.ui.voice.loop import draw_loop
from kviboard.ui.voice.themes import draw_themes
from kviboard.ui.voice.touchpoints import draw_drivers, draw_touchpoints

PARTS: Parts = {
    "words": ("In their words", draw_themes),
    "touchpoints": ("Touchpoints", draw_touchpoints),
    "drivers": ("What pulls the score", draw_drivers),
    "comments": ("Comments", draw_comments),
    "loop": ("Closing the loop", draw_loop),
    "complaints": ("Complaints", draw_complaints),
    "asked": ("Who answers", draw_asked),
}
CHOICES = ("show", "q", "said_by", "touchpoint", "theme", "topic", "do", "of")
"""Choices of the page's own that its address holds."""


def draw_lead(page: Page) -> None:
    """How many comments of whom, and which touchpoint costs most; nothing where no answers are exported."""
    if lacks(session.board(), "comment_counts"):  # its parts say so, those that need answers
        return
    view = replace(page.view, by=None)
    counts = rows_of("comment_counts", view)
    bands = counts[counts["kind"] == "band"]
    days = days_in_words(session.board(), "comment_counts", view)
    said = [comments_in_words(dict(zip(bands["name"], map(int, bands["comments"]), strict=True)), days)]
    drivers = rows_of("drivers", view)
    worst = drivers[drivers["kind"] == "touchpoint"].head(1)
    for row in worst.to_dict("records"):
        said.append(lift_in_words(row["name"], row["lift"], row["low"], row["high"], "the other touchpoints"))
    sentence = " ".join(filter(None, said)) or "Nobody wrote a comment in this range."
    draw_html(f'<p class="kvi-customers-lead">{text(sentence)}</p>')
    draw_rate(view)
