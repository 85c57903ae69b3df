"""Whether the Net Promoter Score is of a scale of its own, so that nobody sets it beside another company's."""

from kviboard.board.board import Board
from kviboard.warehouse.staging.values.scores import OWN_SCALE


def own_scale(board: Board) -> str:
    """ "All 99,212 answers are on a scale of 1–5, and none on 0–10: the Net Promoter Score is made of these, …"; empty
    where answers are on the scale on which the score is defined."""
    return next((each.what for each in board.reader.manifest.decisions if each.what.endswith(OWN_SCALE)), "")
