"""How old the data is on the company's clocks, in the words that pages, mails and commands share.

Said beside its last day wherever people read it, never part of a number.
"""

from datetime import date

from kviboard.board.board import Board
from kviboard.domain.formatting import counted, format_day

OLD_DAYS = 7  # so old a week's exports may be
NO_EXPORT = "no export read yet"
_IN_DAYS, _IN_MONTHS = 60, 730  # up to so many days are told in days, then in months; beyond in years
_MONTH, _YEAR = 365.25 / 12, 365.25  # in days


def reach_text(board: Board, last_day: date | None = None) -> str:
    """ "data to 31 Oct 2026", and where that is more than a week ago "data to 31 Oct 2026, 27 days old". `last_day` is
    the board's unless given."""
    last_day = last_day or board.today
    age = age_text(board, last_day)
    return f"data to {format_day(last_day)}{f', {age}' if age else ''}"


def age_text(board: Board, last_day: date | None = None) -> str:
    """ "27 days old", "8 years old"; empty where the data is not old."""
    age = _age(board, last_day or board.today)
    return f"{age} old" if age else ""


def as_of_text(board: Board) -> str:
    """ "As of 31 Oct 2026, 27 days ago", which goes before what is told as news; empty where the data is not old."""
    age = _age(board, board.today)
    return f"As of {format_day(board.today)}, {age} ago" if age else ""


def _age(board: Board, last_day: date) -> str:
    days = (board.workspace.company.today() - last_day).days
    if days <= OLD_DAYS:
        return ""
    if days <= _IN_DAYS:
        return counted(days, "day")
    return counted(int(days / _MONTH), "month") if days <= _IN_MONTHS else counted(int(days / _YEAR), "year")
