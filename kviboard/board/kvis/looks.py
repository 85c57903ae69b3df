"""Which KVIs people look at: a line per KVI and day in the workspace's state, with nobody's name and no time.

A line is written once a day, whoever looks and however often: a count would tell how many there are, and of few who.
"""

from collections.abc import Collection
from contextlib import suppress
from datetime import date, timedelta

from kviboard.board.board import Board

LOOKED_DAYS = 30
LOOKED_FILE = "looked-at.txt"  # lines such as "2026-11-28 net_promoter_score"


def note_look(board: Board, kvi: str, day: date) -> None:
    """Notes that somebody looked at a KVI on a day. Where that cannot be written, nothing is lost but the note."""
    line = f"{day.isoformat()} {kvi}\n"
    with suppress(OSError):
        if line not in _text(board):
            board.workspace.state.mkdir(parents=True, exist_ok=True)
            with (board.workspace.state / LOOKED_FILE).open("a", encoding="utf-8") as file:
                file.write(line)


def looked_at(board: Board, today: date, among: Collection[str]) -> set[str]:
    """Which of these KVIs were looked at in the last LOOKED_DAYS days, today included."""
    since = today - timedelta(days=LOOKED_DAYS - 1)
    lines = (line.split(" ", 1) for line in _text(board).splitlines() if " " in line)
    return {kvi for day, kvi in lines if since.isoformat() <= day <= today.isoformat() and kvi in among}


def first_look(board: Board) -> date | None:
    """The first day of which a look is noted; None before it."""
    for day in sorted(line.split(" ", 1)[0] for line in _text(board).splitlines() if " " in line):
        with suppress(ValueError):
            return date.fromisoformat(day)
    return None


def _text(board: Board) -> str:
    try:
        return (board.workspace.state / LOOKED_FILE).read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
