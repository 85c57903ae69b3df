"""One of the processes that serve a board together: `workers` starts it and hands connections over."""

import json
import os
import sys
import threading
from pathlib import Path

from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kviboard.ui.reviews.presentation.distant_rooms import PLACE, answer_others
from kviboard.ui.serve_options import ServeOptions
from kviboard.ui.workers import COOKIE

_YEAR = 365 * 24 * 3600


class Returning:
    """Has a browser come back to this worker. Each connection carries one request: behind a proxy, the next may be
    somebody else's."""

    def __init__(self, app: ASGIApp, number: int, base: str) -> None:
        self.app = app
        self.cookie = f"{COOKIE}={number}; Path={base or '/'}; Max-Age={_YEAR}; HttpOnly; SameSite=Lax"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_and_close(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["connection"] = "close"
                if COOKIE not in HTTPConnection(scope).cookies:
                    headers.append("set-cookie", self.cookie)
            await send(message)

        await self.app(scope, receive, send_and_close if scope["type"] == "http" else send)


def main() -> None:
    """Serve what is handed over, until whoever does it ends."""
    handle, given = int(sys.argv[1]), json.loads(sys.argv[2])
    number, rooms = given["number"], given["rooms"]
    if number:
        os.environ[PLACE] = rooms  # before what follows is loaded
    from kviboard.ui.reviews.presentation.rooms import ROOMS, Rooms
    from kviboard.ui.serve import serve_here
    from kviboard.ui.streamlit_internals import take_handed_over
    from kviboard.workspace import load_workspace

    if isinstance(ROOMS, Rooms):
        threading.Thread(target=answer_others, args=(ROOMS, Path(rooms)), daemon=True).start()
    take_handed_over(handle)
    options = ServeOptions(**given["options"])
    try:
        serve_here(load_workspace(given["workspace"]), options, [Middleware(Returning, number, options.base)])
    finally:
        os._exit(0)  # what visitors' sessions still hold would make DuckDB complain


if __name__ == "__main__":
    main()
