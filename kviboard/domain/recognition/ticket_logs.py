"""Exports with a row for each event of a ticket: opened with the first, closed with the last that closes it."""

import re
from collections.abc import Collection, Mapping

from kviboard.domain.recognition.facts import ColumnFacts, FileFacts
from kviboard.domain.ticket_words import CLOSED, OPEN

_EVENTS = (2, 50)  # different ones


def is_log(file: FileFacts, fed: Mapping[str, str]) -> bool:
    """Whether rows of one ticket have times of their own. `fed`: our column = that of the file. A ticket as it was on
    several days has the same time of opening in each row, and one of closing beside it."""
    number, at = file.column(fed.get("ticket_id", "")), file.column(fed.get("opened_at", ""))
    if number is None or at is None or "closed_at" in fed:
        return False
    return number.distinct < number.filled and at.distinct > number.distinct


def events_of(file: FileFacts, taken: Collection[str]) -> ColumnFacts | None:
    """The column that says what happened to a ticket: that which says that it was closed, with the fewest values."""
    least, most = _EVENTS
    telling = [
        column
        for column in file.columns
        if column.name not in taken and least <= column.distinct <= most and closing(column)
    ]
    return min(telling, key=lambda column: column.distinct, default=None)


def closing(column: ColumnFacts) -> tuple[str, ...]:
    """Its values that say that a ticket was closed, in small letters."""
    return _fitting(column, CLOSED)


def opening(column: ColumnFacts) -> tuple[str, ...]:
    """Its values that say that a ticket is open, again, too, in small letters."""
    return _fitting(column, OPEN)


def _fitting(column: ColumnFacts, pattern: str) -> tuple[str, ...]:
    values = dict.fromkeys(value.strip().casefold() for value in column.values)
    return tuple(value for value in values if re.search(pattern, value))
