"""The rooms of meetings that another process of this board keeps: all who meet, meet there.

What is asked goes through a socket in a folder that only the board's own user may enter.
"""

import contextlib
from multiprocessing.connection import Client, Listener
from pathlib import Path
from typing import Any, Final

from kviboard.ui.reviews.presentation.seats import KeepsRooms, Seat, new_token

PLACE: Final = "KVIBOARD_ROOMS"
"""The environment variable that names the socket, where another process keeps the rooms."""


class DistantRooms:
    """Asks there. While the process that keeps them is started anew, nobody is in any."""

    def __init__(self, place: str) -> None:
        self._place = place

    def seat(self, seat: Seat, token: str = "") -> str:
        token = token or new_token()
        self._ask("seat", seat, token)
        return token

    def tell(self, meeting: str) -> None:
        self._ask("tell", meeting)

    def is_held(self, meeting: str) -> bool:
        return bool(self._ask("is_held", meeting))

    def phone(self, key: str) -> None:
        self._ask("phone", key)

    def _ask(self, what: str, *about: object) -> Any:
        with contextlib.suppress(OSError, EOFError), Client(self._place) as rooms:
            rooms.send((what, about))
            return rooms.recv()
        return None


def answer_others(rooms: KeepsRooms, place: Path) -> None:
    """Let the other processes of the board ask for rooms that are kept here; does not return."""
    place.unlink(missing_ok=True)  # of the process before this one
    with Listener(str(place)) as asked:
        while True:
            with contextlib.suppress(OSError, EOFError), asked.accept() as other:
                what, about = other.recv()
                other.send(getattr(rooms, what)(*about))
