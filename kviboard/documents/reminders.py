"""Reminders in words: who is reminded of what, a line each, with the address of the form that does it."""

from collections.abc import Sequence
from urllib.parse import quote, urlencode

from kviboard.board.people.reminders import TIMES, Reminder
from kviboard.board.people.waiting import Waiting
from kviboard.documents.sanitize import one_line
from kviboard.domain.formatting import counted, format_day


def reminder_title(company: str, found: Sequence[Reminder]) -> str:
    """ "Sonnenstrom: 3 reminders for Care lead", "…: 5 reminders for 2 people"."""
    whom = found[0].person if len(found) == 1 else f"{len(found)} people"
    return one_line(f"{company}: {counted(sum(len(each.lines) for each in found), 'reminder')} for {whom}")


def reminder_text(found: Sequence[Reminder], board_address: str = "") -> str:
    """All of them as plain text; with the board's address each line leads to its form, each person to their page."""
    parts = [_part(each, board_address, with_name=len(found) > 1) for each in found]
    end = f"Each is reminded of {TIMES} times at most, once a week; after that it waits on the page alone."
    return "\n\n".join([*parts, end]) + "\n"


def _part(reminder: Reminder, board_address: str, with_name: bool) -> str:
    head = [f"{one_line(reminder.person)}:"] if with_name else []
    page = [f"All that waits: {board_address}/me?person={quote(reminder.person)}"] if board_address else []
    return "\n".join([*head, *(_line(each, board_address) for each in reminder.lines), *page])


def _line(each: Waiting, board_address: str) -> str:
    about = ", ".join(filter(None, (each.why, f"due {format_day(each.due_on)}" if each.due_on else "")))
    said = one_line(f"* {each.kind.capitalize()}: {each.title} ({about})")
    place = {"do": each.form, "of": str(each.of)}
    return f"{said}\n  {board_address}/{each.page}?{urlencode(place)}" if board_address else said
