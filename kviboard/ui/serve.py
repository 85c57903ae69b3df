"""Starts the server: warms it up, security headers, compression, a readiness route. What pages show belongs to them."""

import asyncio
import contextlib
import gc
import os
import socket
import sys
import threading
import time
import urllib.request
import webbrowser
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import streamlit as st
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.runtime.pages_manager import PagesManager
from streamlit.web.server.starlette import starlette_server

from kviboard.errors import KviBoardError, UsageError
from kviboard.ui import idle
from kviboard.workspace import APP_ROOT, WORKSPACE_VARIABLE

_FIRST_VISIT = 10.0  # seconds for a first visitor to come, before everything else is read all the same
_QUIET, _PATIENCE = 1.0, 2.0  # seconds without a visit that make the board idle, and how long it waits for them
# With Python's own (700, 10, 10), a hundred people cause a collection of everything every ten seconds, during which all
# of them wait 0.1 s; so it comes every ten minutes. What one run leaves behind goes with the frequent small ones.
_COLLECTIONS = (5_000, 5, 200)
_SECURITY_HEADERS = {
    b"x-content-type-options": b"nosniff",
    b"x-frame-options": b"SAMEORIGIN",
    b"referrer-policy": b"same-origin",
}


def serve(workspace: Path, port: int, address: str = "127.0.0.1", open_browser: bool = True) -> None:
    """Serve the board of `workspace` until interrupted. Raises UsageError if the port is taken."""
    gc.disable()  # until the board is warm: what is loaded stays
    os.environ[WORKSPACE_VARIABLE] = str(workspace)
    port = port or _free_port(address)
    _refuse_taken(address, port)
    url = f"http://{'127.0.0.1' if address in ('0.0.0.0', '::') else address}:{port}"
    print(f"KVI Board is at {url} (Ctrl+C stops it)", flush=True)
    if open_browser:
        threading.Thread(target=_open_when_answered, args=(url,), daemon=True).start()
    # Streamlit reads the config.toml beside the script named here, not the one beside the command.
    sys.argv = [str(APP_ROOT / "app.py")]
    _send_at_once()
    settings = {"server.port": port, "server.address": address, "server.headless": True}
    make_app().run(config={**settings, "logger.hideWelcomeMessage": True})  # the address is printed above


def make_app() -> st.App:
    """The board as an ASGI application."""
    warm = asyncio.Event()

    async def ready(request: Request) -> JSONResponse:
        return JSONResponse({"ready": warm.is_set()}, status_code=200 if warm.is_set() else 503)

    @contextlib.asynccontextmanager
    async def lifespan(app: Any) -> AsyncIterator[dict[str, Any]]:
        # A deep link as the first request would otherwise run the page file alone, without app.py.
        PagesManager.uses_pages_directory = False
        loop = asyncio.get_running_loop()
        when_warm = (lambda: loop.call_soon_threadsafe(warm.set),)
        threading.Thread(target=_prepare, args=when_warm, daemon=True).start()
        yield {}

    return st.App(
        APP_ROOT / "app.py",
        lifespan=lifespan,
        routes=[Route("/api/ready", ready)],
        middleware=[
            Middleware(_SecurityHeaders),
            Middleware(_PagesWhenWarm, warm=warm),
            # Level 9 makes the frontend 2 % smaller and takes twice as long.
            Middleware(GZipMiddleware, minimum_size=1024, compresslevel=5),
        ],
    )


def _prepare(say_warm: Callable[[], object]) -> None:
    """Read what the first page shows; once somebody has seen it, what will be asked for next."""
    try:
        # Not imported earlier: what they cache wants Streamlit to run, or warns.
        from kviboard.ui import session, week  # noqa: F401

        with contextlib.suppress(KviBoardError):  # the pages say what is wrong, in their own words
            session.warm_up()
    finally:
        gc.freeze()
        gc.set_threshold(*_COLLECTIONS)
        gc.enable()
        say_warm()
    idle.wait_for_a_visit(at_most=_FIRST_VISIT)
    for _ in _steps_ahead():
        idle.wait_until_idle(_QUIET, at_most=_PATIENCE)
    gc.collect()
    gc.freeze()


def _steps_ahead() -> Iterator[None]:
    """What nobody has asked for yet and somebody will: charts, other grains, the sprint at hand. A step at a time."""
    yield
    import altair  # noqa: F401

    from kviboard.ui import session
    from kviboard.ui.reviews import overview

    yield
    yield from session.read_ahead()
    overview.draw_ahead()


def _send_at_once() -> None:
    """Send each message when it is written.

    A rerun sends some twenty small ones. Streamlit's listening socket is made in a way that keeps asyncio from turning
    off Nagle's algorithm, which holds each back until the one before is acknowledged: up to 40 ms later on Linux, 200
    on Windows. Connections take the setting over from the socket that listens.
    """
    bind = starlette_server._bind_socket

    def bind_without_delay(address: str, port: int, backlog: int) -> socket.socket:
        listening = bind(address, port, backlog)
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return listening

    starlette_server._bind_socket = bind_without_delay


class _PagesWhenWarm:
    """Lets browsers load the frontend while the board still reads; pages, which ask by web socket, wait for it."""

    def __init__(self, app: ASGIApp, warm: asyncio.Event) -> None:
        self.app, self.warm = app, warm

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await self.warm.wait()
        await self.app(scope, receive, send)


class _SecurityHeaders:
    """Adds headers to every HTTP response; web sockets pass untouched."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", []), *_SECURITY_HEADERS.items()]
            await send(message)

        await self.app(scope, receive, send_with_headers if scope["type"] == "http" else send)


def _free_port(address: str) -> int:
    with socket.socket() as probe:
        probe.bind((address, 0))
        return int(probe.getsockname()[1])


def _refuse_taken(address: str, port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except OSError as error:
            raise UsageError(
                f"Port {port} on {address} cannot be used ({error.strerror}); choose another --port."
            ) from error


def _open_when_answered(url: str) -> None:
    for _ in range(200):
        with contextlib.suppress(OSError), urllib.request.urlopen(f"{url}/_stcore/health", timeout=1):
            webbrowser.open(url)
            return
        time.sleep(0.05)
