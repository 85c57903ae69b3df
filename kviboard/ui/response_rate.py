"""The response rate beside a score, on every page that shows one, and why it may make the score doubtful. So does a
scale on which no Net Promoter Score is defined."""

from dataclasses import replace

from kviboard.board.kvis.reading import View
from kviboard.board.kvis.scale import own_scale
from kviboard.board.views.views import lacks
from kviboard.components.markup import link, text
from kviboard.domain.voice.asked import doubts_in_words, rate_in_words
from kviboard.ui import session
from kviboard.ui.page import href
from kviboard.ui.style import draw_html
from kviboard.ui.views import rows_of


def draw_rate(view: View, is_nps: bool = True) -> None:
    """How many of those asked for a score answered, in a line, with what that makes doubtful; nothing where
    invitations are not exported. Before it what an `is_nps` score cannot be compared with, where that is so."""
    if is_nps and (said := own_scale(session.board())):
        draw_html(f'<p class="kvi-quiet kvi-asked"><span class="kvi-doubt">◌ {text(said)}</span></p>')
    if lacks(session.board(), "response_rate"):
        return
    rows = rows_of("response_rate", replace(view, by=None))
    said = rate_in_words(rows)
    if said:
        more = link("Who answers", href("voice", show="asked"))
        doubts = "".join(f'<span class="kvi-doubt">◌ {text(each)}</span> ' for each in doubts_in_words(rows))
        draw_html(f'<p class="kvi-quiet kvi-asked">{doubts}{text(said)} {more}.</p>')
