"""How browsers ask for a meeting's room: seats, waiting for something new, and what is no question."""

import asyncio
import json
import time
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import Route

from kviboard.ui.reviews.presentation import rooms
from kviboard.ui.reviews.presentation.rooms import ROUTE, Rooms
from kviboard.ui.reviews.presentation.seats import Seat

ADA, GUEST = Seat("1-opening", "", lambda: True), Seat("1-opening", "Guest Account", lambda: False)


class Office:
    """A server's rooms, asked as browsers do."""

    def __init__(self) -> None:
        self.rooms = Rooms()
        app = Starlette(routes=[Route(ROUTE, self.rooms.answer, methods=["POST"])])
        self.client = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://board")

    async def ask(self, seat: str, who: str, **asked: Any) -> dict[str, Any]:
        answer = await self.client.post(ROUTE, content=json.dumps({"seat": seat, "who": who, **asked}))
        found: dict[str, Any] = answer.json()
        return found


def test_an_answer_waits_for_a_step_and_comes_at_once_then() -> None:
    async def meet() -> tuple[dict[str, Any], float]:
        office = Office()
        ada, guest = office.rooms.seat(ADA), office.rooms.seat(GUEST)
        await office.ask(ada, "a", name="Ada", step="vision")
        seen = await office.ask(guest, "g", name="somebody else")
        known = {"version": seen["version"], "epoch": seen["epoch"]}
        waiting = asyncio.create_task(office.ask(guest, "g", **known))
        await asyncio.sleep(0.1)
        assert not waiting.done()
        moved = time.monotonic()
        await office.ask(ada, "a", name="Ada", do="move", step="goal")
        heard = await waiting
        return heard, time.monotonic() - moved

    heard, seconds = asyncio.run(meet())
    assert (heard["step"], heard["chair"], heard["chairs"]) == ("goal", "Ada", False)
    assert [each["name"] for each in heard["here"]] == ["Ada", "Guest Account"]  # who signed in has that name only
    assert seconds < 1


def test_what_is_saved_is_heard_of_from_a_thread_of_a_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rooms, "WAIT_SECONDS", 20.0)

    async def meet() -> int:
        office = Office()
        ada = office.rooms.seat(ADA)
        seen = await office.ask(ada, "a", step="vision")
        waiting = asyncio.create_task(office.ask(ada, "a", version=seen["version"], epoch=seen["epoch"]))
        await asyncio.sleep(0.1)
        await asyncio.to_thread(office.rooms.tell, "1-opening")
        await asyncio.to_thread(office.rooms.tell, "a meeting that nobody holds")
        return int((await asyncio.wait_for(waiting, 5))["news"])

    assert asyncio.run(meet()) == 1


def test_nothing_new_is_an_answer_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rooms, "WAIT_SECONDS", 0.2)

    async def meet() -> tuple[int, int]:
        office = Office()
        ada = office.rooms.seat(ADA)
        seen = await office.ask(ada, "a", step="vision")
        again = await office.ask(ada, "a", version=seen["version"], epoch=seen["epoch"])
        return seen["version"], again["version"]

    first, second = asyncio.run(meet())
    assert first == second


def test_who_lost_the_right_to_chair_neither_moves_nor_keeps_the_chair() -> None:
    rights = {"ada": True}

    async def meet() -> tuple[dict[str, Any], dict[str, Any]]:
        office = Office()
        ada = office.rooms.seat(Seat("1-opening", "Ada", lambda: rights["ada"]))
        bo = office.rooms.seat(Seat("1-opening", "Bo", lambda: True))
        await office.ask(ada, "a", step="vision")
        await office.ask(bo, "b", follows=True)
        rights["ada"] = False
        await office.ask(ada, "a", do="move", step="goal")
        lost = await office.ask(ada, "a", do="take", step="goal")
        return lost, await office.ask(bo, "b", do="take", follows=True)

    lost, taken = asyncio.run(meet())
    assert (lost["step"], lost["chairs"], lost["may_take"]) == ("vision", False, False)
    assert (taken["chairs"], taken["chair"]) == (True, "Bo")


def test_a_viewer_s_seat_neither_moves_nor_takes_the_chair() -> None:
    async def meet() -> dict[str, Any]:
        office = Office()
        guest = office.rooms.seat(GUEST)
        for do in ("move", "take", "hand_over"):
            await office.ask(guest, "g", do=do, step="goal", to="x", may_chair=True)
        return await office.ask(guest, "g")

    heard = asyncio.run(meet())
    assert (heard["step"], heard["chairs"], heard["chaired"], heard["may_take"]) == ("", False, False, False)


@pytest.mark.parametrize(
    ("body", "status"),
    [("", 400), ("[]", 400), ("{", 400), ("[" * 9_000, 400), ('"' + "x" * 30_000 + '"', 400), ('{"seat": 7}', 200)],
)
def test_what_is_no_question_and_a_seat_that_nobody_gave(body: str, status: int) -> None:
    async def meet() -> httpx.Response:
        return await Office().client.post(ROUTE, content=body)

    answer = asyncio.run(meet())
    assert answer.status_code == status
    assert "version" not in answer.json()


def test_phones_are_counted_beside_those_who_are_here() -> None:
    async def meet() -> tuple[dict[str, Any], dict[str, Any]]:
        office = Office()
        ada = office.rooms.seat(ADA)
        before = await office.ask(ada, "a", name="Ada", step="vision")
        for secret in ("one", "two", "one"):
            office.rooms.phone(secret)
        return before, await office.ask(ada, "a", name="Ada", step="vision")

    before, after = asyncio.run(meet())
    assert (before["phones"], after["phones"]) == (0, 2)
    assert [each["name"] for each in after["here"]] == ["Ada"]
