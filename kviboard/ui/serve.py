"""Starts the server: warm caches, security headers, compression, a readiness route. What pages show belongs to them."""

import contextlib
import gc
import os
import socket
import sys
import threading
import time
import urllib.request
import webbrowser
from collections.abc import AsyncIterator
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
from kviboard.workspace import APP_ROOT, WORKSPACE_VARIABLE

_SECURITY_HEADERS = {
    b"x-content-type-options": b"nosniff",
    b"x-frame-options": b"SAMEORIGIN",
    b"referrer-policy": b"same-origin",
}


def serve(workspace: Path, port: int, address: str = "127.0.0.1", open_browser: bool = True) -> None:
    """Serve the board of `workspace` until interrupted. Raises UsageError if the port is taken."""
    os.environ[WORKSPACE_VARIABLE] = str(workspace)
    port = port or _free_port(address)
    _refuse_taken(address, port)
    url = f"http://{'127.0.0.1' if address in ('0.0.0.0', '::') else address}:{port}"
    print(f"KVI Board is at {url} (Ctrl+C stops it)", flush=True)
    if open_browser:
        threading.Thread(target=_open_when_ready, args=(url,), daemon=True).start()
    # Streamlit reads the config.toml beside the script named here, not the one beside the command.
    sys.argv = [str(APP_ROOT / "app.py")]
    _send_at_once()
    settings = {"server.port": port, "server.address": address, "server.headless": True}
    make_app().run(config={**settings, "logger.hideWelcomeMessage": True})  # the address is printed above


def make_app() -> st.App:
    """The board as an ASGI application."""
    return st.App(
        APP_ROOT / "app.py",
        lifespan=_warm,
        routes=[Route("/api/ready", _ready)],
        middleware=[Middleware(_SecurityHeaders), Middleware(GZipMiddleware, minimum_size=1024)],
    )


@contextlib.asynccontextmanager
async def _warm(app: Any) -> AsyncIterator[dict[str, Any]]:
    # A deep link as the first request would otherwise run the page file alone, without app.py.
    PagesManager.uses_pages_directory = False
    from kviboard.ui import session  # not earlier: what it caches wants Streamlit to run, or warns

    with contextlib.suppress(KviBoardError):  # the pages say what is wrong, in their own words
        session.warm_up()
    gc.collect()
    gc.freeze()
    threading.Thread(target=_ahead, daemon=True).start()
    yield {}


def _ahead() -> None:
    """What nobody has asked for yet and somebody will: other grains, the charts of the sprint at hand."""
    from kviboard.ui.review_desk import draw_ahead
    from kviboard.ui.session import read_ahead

    read_ahead()
    draw_ahead()


async def _ready(request: Request) -> JSONResponse:
    return JSONResponse({"ready": True})


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


def _open_when_ready(url: str) -> None:
    for _ in range(100):
        with contextlib.suppress(OSError), urllib.request.urlopen(f"{url}/api/ready", timeout=1):
            webbrowser.open(url)
            return
        time.sleep(0.1)
