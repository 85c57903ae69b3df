"""Who answers when asked, as far as it makes a score doubtful: for beside the score, wherever it stands."""

from dataclasses import replace

from kviboard.board.board import Board
from kviboard.board.kvis.readings import View
from kviboard.board.views.views import lacks, read_view
from kviboard.domain.voice.asked import caution_in_words


def response_caution(board: Board, view: View) -> str:
    """ "low response rate: 12 %" of the customers and days of a view; empty where there is no reason for care, or
    invitations are not exported."""
    if "response_rate" not in board.catalog.views or lacks(board, "response_rate"):
        return ""
    return caution_in_words(read_view(board, "response_rate", replace(view, by=None)))
