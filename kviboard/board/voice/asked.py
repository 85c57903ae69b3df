"""Who answers when asked, as far as it makes a score doubtful: for beside the score, wherever it stands."""

from dataclasses import replace

from kviboard.board.board import Board
from kviboard.board.kvis.reading import View
from kviboard.board.views.views import lacks, read_view
from kviboard.domain.voice.asked import caution_in_words


def response_caution(board: Board, view: View) -> str:
    """ "low response rate: 12 %" of the customers and days of a view; empty where there is no reason for care, or
    invitations are not exported."""
    if "response_rate" not in board.catalog.views or lacks(board, "response_rate"):
        return ""
    return caution_in_words(read_view(board, "response_rate", replace(view, by=None)))


def response_cautions(board: Board, view: View) -> dict[str, str]:
    """The same for each slice in which there is reason for care; the view must be asked by a dimension."""
    if "response_rate" not in board.catalog.views or lacks(board, "response_rate"):
        return {}
    found = read_view(board, "response_rate", view)
    return {str(name): said for name, rows in found.groupby("slice") if (said := caution_in_words(rows))}
