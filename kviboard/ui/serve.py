"""Starts the server: warms it up, security headers, compression, a readiness route. What pages show belongs to them."""

import asyncio
import contextlib
import gc
import os
import re
import socket
import sys
import threading
import time
import urllib.request
import webbrowser
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import streamlit as st
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from kviboard.errors import KviBoardError, UsageError
from kviboard.ui import idle
from kviboard.ui.frontend import Frontend, pack_ahead
from kviboard.ui.reviews.presentation.rooms import ROOMS, ROUTE, Rooms
from kviboard.ui.security import (
    FilesOfKnown,
    OwnHosts,
    SecurityHeaders,
    TrustedHeader,
    is_loopback,
    own_names,
    sign_in_secrets,
)
from kviboard.ui.serve_options import ServeOptions
from kviboard.ui.served import READ_ONLY_VARIABLE
from kviboard.ui.streamlit_internals import (
    HEALTH,
    give_up_waiting,
    hear_out,
    keep_size,
    keep_theme,
    leave_pages_directory,
    log_briefly,
    look_for_nothing,
    send_at_once,
    send_in_groups,
    take_html_as_it_is,
)
from kviboard.ui.workers import CAN_HAND_OVER, run_workers
from kviboard.workspace import APP_ROOT, WORKSPACE_VARIABLE, Workspace

_MOST_WORKERS, _PATH_PART = 64, re.compile(r"[A-Za-z0-9._~-]+")
_FIRST_VISIT = 10.0  # seconds for a first visitor to come, before everything else is read all the same
# Seconds without a visit that make the board idle, and how long it waits for them: a step keeps visitors waiting.
_QUIET, _PATIENCE = 1.0, 20.0
# With Python's own (700, 10, 10), a hundred people cause a collection of everything every ten seconds, during which all
# of them wait 0.1 s; so it comes every ten minutes. What one run leaves behind goes with the frequent small ones.
_COLLECTIONS = (5_000, 5, 200)


def serve(workspace: Workspace, options: ServeOptions, open_browser: bool = True) -> None:
    """Serve the board until interrupted. Raises UsageError where the port is taken or anybody could come in."""
    _refuse_strangers(workspace, options)
    _refuse_workers(options.workers)
    _refuse_path(options.path)
    options = replace(options, port=options.port or _free_port(options.address))
    _refuse_taken(options.address, options.port)
    print(f"KVI Board is at {options.url} (Ctrl+C stops it)", flush=True)
    if open_browser:
        threading.Thread(target=_open_when_answered, args=(options.url,), daemon=True).start()
    if options.workers > 1:
        run_workers(workspace.root, options, options.base + ROUTE)
    else:
        send_at_once()
        serve_here(workspace, options)


def serve_here(workspace: Workspace, options: ServeOptions, middleware: Sequence[Middleware] = ()) -> None:
    """Serve the board in this process until interrupted; what `middleware` adds comes before all else."""
    gc.disable()  # until the board is warm: what is loaded stays
    os.environ[WORKSPACE_VARIABLE] = str(workspace.root)
    if options.read_only:
        os.environ[READ_ONLY_VARIABLE] = "yes"
    # Streamlit reads the config.toml beside the script named here, not the one beside the command.
    sys.argv = [str(APP_ROOT / "app.py")]
    give_up_waiting()
    log_briefly()
    look_for_nothing()
    send_in_groups()
    hear_out()
    take_html_as_it_is()
    keep_theme()
    keep_size()
    settings = {
        "server.port": options.port,
        "server.address": options.address,
        "server.headless": True,
        "server.baseUrlPath": options.base.strip("/"),
    }
    if workspace.sign_in.header:
        settings["server.trustedUserHeaders"] = {workspace.sign_in.header: "email"}
    app = make_app(workspace, options, middleware)
    app.run(config={**settings, "logger.hideWelcomeMessage": True})  # the address is printed above


def make_app(workspace: Workspace, options: ServeOptions, middleware: Sequence[Middleware] = ()) -> st.App:
    """The board as an ASGI application, with its own routes below the path of the proxy."""
    board_url = workspace.mail.board_address or options.url
    warm = asyncio.Event()

    async def ready(request: Request) -> JSONResponse:
        return JSONResponse({"ready": warm.is_set()}, status_code=200 if warm.is_set() else 503)

    @contextlib.asynccontextmanager
    async def lifespan(app: Any) -> AsyncIterator[dict[str, Any]]:
        leave_pages_directory()
        loop = asyncio.get_running_loop()
        when_warm = (lambda: loop.call_soon_threadsafe(warm.set),)
        threading.Thread(target=_prepare, args=when_warm, daemon=True).start()
        yield {}

    routes = [Route(f"{options.base}/api/ready", ready)]
    if isinstance(ROOMS, Rooms):
        routes += [Route(options.base + ROUTE, ROOMS.answer, methods=["POST"])]
    return st.App(
        APP_ROOT / "app.py",
        lifespan=lifespan,
        secrets=sign_in_secrets(workspace, board_url),
        routes=routes,
        middleware=[
            *middleware,
            Middleware(SecurityHeaders),
            Middleware(OwnHosts, names=own_names(options.address, board_url)),
            *([Middleware(TrustedHeader, sign_in=workspace.sign_in)] if workspace.sign_in.header else []),
            *([Middleware(FilesOfKnown, most_bytes=_most_bytes)] if workspace.sign_in.is_on else []),
            Middleware(_PagesWhenWarm, warm=warm),
            Middleware(Frontend, base=options.base, at_once=not workspace.sign_in.issuer),
            Middleware(GZipMiddleware, minimum_size=1024, compresslevel=5),
        ],
    )


def _most_bytes(session_id: str) -> float:
    from kviboard.ui.access import most_bytes_of

    return most_bytes_of(session_id)


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
    for _ in steps_ahead():
        idle.wait_until_idle(_QUIET, at_most=_PATIENCE)
    gc.collect()
    gc.freeze()


def steps_ahead() -> Iterator[None]:
    """What nobody has asked for yet and somebody will: charts, other grains, the sprint at hand. A step at a time."""
    yield
    pack_ahead()
    yield
    import altair  # noqa: F401

    from kviboard.ui import session
    from kviboard.ui.kvis import page as kvis
    from kviboard.ui.reviews import overview

    yield
    yield from session.load_ahead()
    yield from session.read_ahead()
    yield from kvis.draw_ahead()
    overview.draw_ahead()


class _PagesWhenWarm:
    """Lets browsers load the frontend while the board still reads; pages, which ask by web socket, wait for it."""

    def __init__(self, app: ASGIApp, warm: asyncio.Event) -> None:
        self.app, self.warm = app, warm

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await self.warm.wait()
        await self.app(scope, receive, send)


def _refuse_strangers(workspace: Workspace, options: ServeOptions) -> None:
    """Raises UsageError where people from elsewhere could come in and nobody would know who they are."""
    if is_loopback(options.address) or workspace.sign_in.is_on or options.open_to_everyone:
        return
    raise UsageError(
        f"On {options.address} everybody on the network could see and change this board. Let people sign in "
        "([sign_in] in kviboard.toml), or say --open-to-everyone if that is meant."
    )


def _refuse_workers(workers: int) -> None:
    if workers < 1:
        raise UsageError(f"--workers {workers}: at least one process serves the board.")
    if workers > _MOST_WORKERS:
        raise UsageError(f"--workers {workers}: at most {_MOST_WORKERS} processes serve a board.")
    if workers > 1 and not CAN_HAND_OVER:
        raise UsageError("This system cannot hand connections from one process to another: leave --workers out.")


def _refuse_path(path: str) -> None:
    parts = path.strip("/").split("/") if path.strip("/") else []
    if not all(_PATH_PART.fullmatch(part) and part.strip(".") for part in parts):
        raise UsageError(f"--path {path} is no path of an address; write it like /board.")


def _free_port(address: str) -> int:
    with socket.socket(_family(address)) as probe:
        try:
            probe.bind((address, 0))
        except OSError as error:
            raise UsageError(f"{address} is no address of this machine ({error.strerror}).") from error
        return int(probe.getsockname()[1])


def _family(address: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in address else socket.AF_INET


def _refuse_taken(address: str, port: int) -> None:
    with socket.socket(_family(address)) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except (OSError, OverflowError) as error:
            why = getattr(error, "strerror", None) or error
            raise UsageError(f"Port {port} on {address} cannot be used ({why}); choose another --port.") from error


def _open_when_answered(url: str) -> None:
    for _ in range(200):
        with contextlib.suppress(OSError), urllib.request.urlopen(url + HEALTH, timeout=1):
            webbrowser.open(url)
            return
        time.sleep(0.05)
