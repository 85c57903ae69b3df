"""How old the data is on the company's clocks, in the words that pages, mails and commands share.

Said beside its last day wherever people read it, never part of a number.
"""

from datetime import date

from kviboard.board.board import Board
from kviboard.domain.formatting import counted, format_day

OLD_DAYS = 7  # so old a week's exports may be
NO_EXPORT = "no export read yet"
OLDEST_SAID = 1000  # an archive is not late


def reach_text(board: Board, last_day: date | None = None) -> str:
    """ "data to 31 Oct 2026", and where that is more than a week ago "data to 31 Oct 2026, 27 days old". `last_day` is
    the board's unless given."""
    last_day = last_day or board.today
    age = age_text(board, last_day)
    return f"data to {format_day(last_day)}{f', {age}' if age else ''}"


def age_text(board: Board, last_day: date | None = None) -> str:
    """ "27 days old"; empty where the data is not old."""
    days = (board.workspace.company.today() - (last_day or board.today)).days
    return f"{counted(days, 'day')} old" if OLD_DAYS < days < OLDEST_SAID else ""
