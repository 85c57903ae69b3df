"""Which KVIs people look at, and where: a line per KVI, day and page in the workspace's state, without name or time.

A line is written once a day, whoever looks and however often: a count would tell how many there are, and of few who.
"""

from collections.abc import Collection, Iterator
from contextlib import suppress
from datetime import date, timedelta

from kviboard.board.board import Board

LOOKED_DAYS = 30
LOOKED_FILE = "looked-at.txt"  # lines such as "2026-11-28 net_promoter_score review"; without a page it was KVIs
ON_KVIS, IN_REVIEW = "kvis", "review"
"""Where a KVI is looked at: on its own page, or as a step of its own in a review's meeting."""


def note_looks(board: Board, kvis: Collection[str], page: str, day: date) -> None:
    """Notes that somebody looked at KVIs on a page on a day. Where that cannot be written, nothing is lost but the
    note."""
    with suppress(OSError):
        known = set(_looks(board))
        new = "".join(f"{day.isoformat()} {kvi} {page}\n" for kvi in kvis if (day.isoformat(), kvi, page) not in known)
        if new:
            board.workspace.state.mkdir(parents=True, exist_ok=True)
            with (board.workspace.state / LOOKED_FILE).open("a", encoding="utf-8") as file:
                file.write(new)


def looked_at(board: Board, today: date, among: Collection[str]) -> dict[str, set[str]]:
    """Which of these KVIs were looked at in the last LOOKED_DAYS days, today included, by page."""
    since, until = (today - timedelta(days=LOOKED_DAYS - 1)).isoformat(), today.isoformat()
    found: dict[str, set[str]] = {ON_KVIS: set(), IN_REVIEW: set()}
    for day, kvi, page in _looks(board):
        if since <= day <= until and kvi in among and page in found:
            found[page].add(kvi)
    return found


def first_look(board: Board) -> date | None:
    """The first day of which a look is noted; None before it."""
    for day in sorted(day for day, _, _ in _looks(board)):
        with suppress(ValueError):
            return date.fromisoformat(day)
    return None


def _looks(board: Board) -> Iterator[tuple[str, str, str]]:
    try:
        noted = (board.workspace.state / LOOKED_FILE).read_text(encoding="utf-8", errors="replace")
    except OSError:
        return
    for line in noted.splitlines():
        day, kvi, page, *_ = [*line.split(), "", "", ""]
        if kvi:
            yield day, kvi, page or ON_KVIS
