"""The rooms of the meetings held now, and how browsers hear of them: they ask, and the answer waits for something new.

Rooms live in the server's memory; after a restart the browsers bring step and times along.
"""

import asyncio
import json
import os
import secrets
import time
from collections.abc import Mapping
from threading import Lock
from typing import Any, Final

from cachetools import LRUCache
from starlette.requests import Request
from starlette.responses import JSONResponse

from kviboard.domain.reviews.room import Phones, Room
from kviboard.ui.reviews.presentation.distant_rooms import PLACE, DistantRooms
from kviboard.ui.reviews.presentation.seats import KeepsRooms, Seat, new_token

ROUTE: Final = "/api/meeting"
WAIT_SECONDS = 4.0  # for something new; whoever asks is here meanwhile
_LONGEST_QUESTION = 20_000  # bytes
_MOST_SEATS, _MOST_ROOMS = 5_000, 100


class Rooms:
    """All rooms of this server, as `KeepsRooms` says. Safe to use from page runs and from the event loop."""

    def __init__(self) -> None:
        self.epoch = secrets.token_hex(4)  # tells the rooms of this server from those of the one before
        self._lock = Lock()
        self._phones = Phones()
        self._rooms: LRUCache[str, Room] = LRUCache(_MOST_ROOMS)
        self._seats: LRUCache[str, Seat] = LRUCache(_MOST_SEATS)
        self._waiting: dict[str, tuple[asyncio.AbstractEventLoop, asyncio.Event]] = {}

    def seat(self, seat: Seat, token: str = "") -> str:
        token = token or new_token()
        with self._lock:
            self._seats[token] = seat
        return token

    def tell(self, meeting: str) -> None:
        with self._lock:
            if meeting in self._rooms:
                self._rooms[meeting].tell()
        self._wake(meeting)

    def is_held(self, meeting: str) -> bool:
        with self._lock:
            room: Room | None = self._rooms.get(meeting)
            return room is not None and room.is_chaired(time.monotonic())

    def phone(self, key: str) -> None:
        with self._lock:
            self._phones.look(key, time.monotonic())

    async def answer(self, request: Request) -> JSONResponse:
        """What a browser asks: to be told what is new, to move, to take or hand over the chair, to leave."""
        asked = await _question(request)
        with self._lock:
            seat: Seat | None = self._seats.get(str(asked.get("seat"))) if asked else None
        if asked is None:
            return JSONResponse({"error": "That is no question about a meeting."}, status_code=400)
        if seat is None:  # who keeps the rooms has begun anew: the page, which is drawn again, brings the seat along
            return JSONResponse({"seat": None})
        who = str(asked.get("who", ""))[:80]
        found = self._do(seat, who, asked)
        if not asked.get("do"):
            until = time.monotonic() + WAIT_SECONDS
            while (found["version"], self.epoch) == (asked.get("version"), asked.get("epoch")):
                left = until - time.monotonic()
                if left <= 0 or not await self._something_new(seat.meeting, found["version"], left):
                    break
                found = self._do(seat, who, asked)
        return JSONResponse({**found, "epoch": self.epoch}, headers={"cache-control": "no-store"})

    def _do(self, seat: Seat, who: str, asked: Mapping[str, Any]) -> dict[str, Any]:
        """Be here, do what is asked, and see the room."""
        now, may_chair = time.monotonic(), seat.may_chair()
        with self._lock:
            room = self._rooms.setdefault(seat.meeting, Room())
            before = room.version
            if asked.get("do") == "leave":
                room.leave(who, now)
            else:
                self._enter(room, seat.name, may_chair, who, asked, now)
            found = {**room.seen_by(who, now), "phones": self._phones.here(now)}
            is_new = room.version != before
        if is_new:
            self._wake(seat.meeting)
        return found

    def _enter(self, room: Room, proven: str, may_chair: bool, who: str, asked: Mapping[str, Any], now: float) -> None:
        name = " ".join((proven or str(asked.get("name", ""))).split())
        step, spent = str(asked.get("step", ""))[:80], asked.get("spent")
        kept = spent if isinstance(spent, dict) else None
        room.enter(who, name, may_chair, now, follows=asked.get("follows") is True, step=step, spent=kept)
        match asked.get("do"):
            case "move":
                room.move(who, step, now)
            case "take":
                room.take(who, now)
            case "hand_over":
                room.hand_over(who, str(asked.get("to", "")), now)

    async def _something_new(self, meeting: str, version: int, seconds: float) -> bool:
        """Wait until a room is not at this version any more, at most so long; whether it is not."""
        with self._lock:
            if self._rooms[meeting].version != version:
                return True
            if meeting not in self._waiting:
                self._waiting[meeting] = (asyncio.get_running_loop(), asyncio.Event())
            event = self._waiting[meeting][1]
        try:
            await asyncio.wait_for(event.wait(), seconds)
        except TimeoutError:
            return False
        return True

    def _wake(self, meeting: str) -> None:
        with self._lock:
            waiting = self._waiting.pop(meeting, None)
        if waiting is not None:
            loop, event = waiting
            loop.call_soon_threadsafe(event.set)


async def _question(request: Request) -> Mapping[str, Any] | None:
    """What was asked; None where it is no question of ours."""
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > _LONGEST_QUESTION:
            return None
    try:
        asked = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return asked if isinstance(asked, dict) else None


ROOMS: Final[KeepsRooms] = DistantRooms(os.environ[PLACE]) if PLACE in os.environ else Rooms()
"""The rooms of all visitors, here or in another process of this board."""
