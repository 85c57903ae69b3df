"""Seats in meetings: what a page of the board gives a visitor who may see one, and what pages ask of whoever keeps the
rooms, in this process or in another."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True)
class Seat:
    """What a visitor may do in a meeting. `name` is empty where people say it themselves; `may_chair` is asked again
    with every message, because a right may be taken away during a meeting."""

    meeting: str
    name: str
    may_chair: Callable[[], bool] = field(compare=False)


class KeepsRooms(Protocol):
    """What pages ask of rooms."""

    def seat(self, seat: Seat, token: str = "") -> str:
        """A secret under which the visitor's browser may ask for the room: the one it has, or a new one."""

    def tell(self, meeting: str) -> None:
        """Something was saved in a meeting: all who are in it hear of it."""

    def is_held(self, meeting: str) -> bool:
        """Whether anybody is in a meeting's room."""

    def phone(self, key: str) -> None:
        """A browser is at the page on which questions are answered."""


def new_token() -> str:
    """The secret of one seat."""
    return secrets.token_urlsafe(18)
