"""How old the data is on the company's clocks, or how far ahead, in the words that pages, mails and commands share.

Said beside its last day wherever people read it, never part of a number.
"""

from datetime import date

from kviboard.board.board import Board
from kviboard.domain.formatting import counted, format_day

OLD_DAYS = 7  # so old a week's exports may be
_AHEAD_DAYS = 1  # of the company's clocks, as the day is elsewhere
NO_EXPORT = "no export read yet"
_IN_DAYS, _IN_MONTHS = 60, 730  # up to so many days are told in days, then in months; beyond in years
_MONTH, _YEAR = 365.25 / 12, 365.25  # in days


def reach_text(board: Board, last_day: date | None = None) -> str:
    """ "data to 31 Oct 2026", where that is more than a week ago "data to 31 Oct 2026, 27 days old"; where it is yet
    to come, as of planned invoices, "…, 8 days in the future". `last_day` is the board's unless given."""
    last_day = last_day or board.today
    age = age_text(board, last_day)
    return f"data to {format_day(last_day)}{f', {age}' if age else ''}"


def age_text(board: Board, last_day: date | None = None) -> str:
    """ "27 days old", "8 years old", "8 days in the future"; empty where the data is of these days."""
    return _told(board, last_day or board.today, "old")


def as_of_text(board: Board) -> str:
    """ "As of 31 Oct 2026, 27 days ago", which goes before what is told as news; empty where it is of these days."""
    told = _told(board, board.today, "ago")
    return f"As of {format_day(board.today)}, {told}" if told else ""


def behind_text(board: Board, last_day: date | None) -> str:
    """ "data to 31 Mar 2026, 30 days before the newest", of a number whose export or column ended more than a week
    before the others; else empty."""
    if last_day is None or (days := (board.today - last_day).days) <= OLD_DAYS:
        return ""
    return f"data to {format_day(last_day)}, {counted(days, 'day')} before the newest"


def _told(board: Board, last_day: date, past: str) -> str:
    days = (board.workspace.company.today() - last_day).days
    if days < -_AHEAD_DAYS:
        return f"{_span(-days)} in the future"
    return f"{_span(days)} {past}" if days > OLD_DAYS else ""


def _span(days: int) -> str:
    if days <= _IN_DAYS:
        return counted(days, "day")
    return counted(int(days / _MONTH), "month") if days <= _IN_MONTHS else counted(int(days / _YEAR), "year")
