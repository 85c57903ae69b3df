"""Which process gets a connection, what it says to browsers, and where it finds the rooms of meetings."""

import asyncio
import socket
import threading
import time
from functools import partial
from multiprocessing.util import get_temp_dir
from pathlib import Path

import httpx
import pytest
from starlette.types import Receive, Scope, Send

from kviboard.ui import workers
from kviboard.ui.reviews.presentation.distant_rooms import DistantRooms, answer_others
from kviboard.ui.reviews.presentation.rooms import Rooms
from kviboard.ui.reviews.presentation.seats import Seat
from kviboard.ui.worker import Returning
from kviboard.ui.workers import worker_of

pytestmark = pytest.mark.skipif(not workers.CAN_HAND_OVER, reason="this system cannot hand connections over")
ROOMS = "/board/api/meeting"


def head(line: str, *headers: str) -> bytes:
    return "\r\n".join([f"{line} HTTP/1.1", "Host: board", *headers, "", ""]).encode()


@pytest.mark.parametrize(
    ("asked", "worker"),
    [
        (head("GET /"), None),
        (head("GET /", "Cookie: kviboard_worker=0"), 0),
        (head("GET /", "cookie: a=b; kviboard_worker=1; c=d"), 1),
        (head("GET /", "Cookie: kviboard_worker=5"), 1),  # of another board on this machine, which has more of them
        (head("GET /", "Cookie: other_kviboard_worker=1"), None),
        (head("GET /", "Cookie: kviboard_worker=x"), None),
        (head("GET /", "X: cookie: kviboard_worker=1"), None),
        (head("GET /") + b"\r\ncookie: kviboard_worker=1\r\n\r\n", None),  # what follows is no head
        (head(f"POST {ROOMS}", "Cookie: kviboard_worker=1"), 0),
        (head(f"POST {ROOMS}?x", "Cookie: kviboard_worker=1"), 0),
        (head(f"POST {ROOMS}s", "Cookie: kviboard_worker=1"), 1),
        (b"\x16\x03\x01", None),
        (b"", None),
    ],
)
def test_a_request_goes_to_the_worker_that_has_its_browser_and_about_meetings_to_the_first(
    asked: bytes, worker: int | None
) -> None:
    assert worker_of(asked, 2, ROOMS) == worker


def test_a_request_is_handed_over_whole_however_it_arrives() -> None:
    asked = head("GET /", "Cookie: " + "x" * 20_000)

    async def arrive(parts: list[bytes]) -> bytes:
        ours, theirs = socket.socketpair()
        with ours, theirs:
            ours.setblocking(False)
            reading = asyncio.create_task(workers._head(ours))
            for part in parts:
                await asyncio.sleep(0.02)
                theirs.sendall(part)
            theirs.close()
            seen = await asyncio.wait_for(reading, 5)
            assert ours.recv(len(seen) or 1) == seen  # it is still there to be read
            return seen

    assert asyncio.run(arrive([asked])) == asked
    assert asyncio.run(arrive([asked[:9], asked[9:]])) == asked
    assert asyncio.run(arrive([])) == b""


async def answer(scope: Scope, receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": [(b"set-cookie", b"mine=1")]})
    await send({"type": "http.response.body", "body": b"ok"})


def test_a_browser_is_told_once_where_to_come_back_to_and_asks_once_a_connection() -> None:
    async def ask() -> list[httpx.Response]:
        transport = httpx.ASGITransport(Returning(answer, 3, "/board"))
        async with httpx.AsyncClient(transport=transport, base_url="http://board.example/board") as browser:
            return [await browser.get("/"), await browser.get("/")]

    first, again = asyncio.run(ask())
    assert [each.headers["connection"] for each in (first, again)] == ["close", "close"]
    told = [each.headers.get_list("set-cookie") for each in (first, again)]
    assert told[1] == ["mine=1"]
    assert told[0][0] == "mine=1"
    assert told[0][1].startswith("kviboard_worker=3; Path=/board; ")
    assert "HttpOnly; SameSite=Lax" in told[0][1]


def may(right: str) -> bool:
    return right == "chair"


def test_a_seat_is_taken_in_the_rooms_of_another_process() -> None:
    rooms, place = Rooms(), Path(get_temp_dir()) / "rooms"  # whose last moment is this process's, as the thread's below
    distant = DistantRooms(str(place))
    seat = Seat("1-opening", "Ada", partial(may, "chair"))
    assert distant.is_held("1-opening") is False  # nobody keeps them yet
    early = distant.seat(seat)
    threading.Thread(target=answer_others, args=(rooms, place), daemon=True).start()
    until = time.monotonic() + 5
    while (token := distant.seat(seat)) not in rooms._seats and time.monotonic() < until:
        time.sleep(0.01)  # the place is there a moment before anybody answers
    assert len({early, token, ""}) == 3
    assert rooms._seats[token].may_chair()
    assert early not in rooms._seats
    assert distant.seat(seat, early) == early  # the page is drawn again
    rooms._do(rooms._seats[early], "ada", {})
    assert distant.is_held("1-opening") is True
    before = rooms._do(rooms._seats[token], "ada", {})["news"]
    distant.tell("1-opening")
    distant.phone("a browser")
    seen = rooms._do(rooms._seats[token], "ada", {})
    assert (seen["news"], seen["phones"]) == (before + 1, 1)
