"""All that touches private parts of Streamlit, which any release may change. Each has a test that says so."""

import socket

from streamlit.navigation.page import StreamlitPage
from streamlit.runtime.pages_manager import PagesManager
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.web.server.starlette import starlette_server

__all__ = ["HEALTH", "METRICS", "StreamlitPage", "is_drawing", "leave_pages_directory", "send_at_once"]

HEALTH = "/_stcore/health"
"""Answers as soon as the server does."""

METRICS = "/_stcore/metrics"
"""Counts visitors and what they hold in memory."""


def is_drawing() -> bool:
    """Whether this runs for somebody who looks at a page, and not for the server itself."""
    return get_script_run_ctx(suppress_warning=True) is not None


def leave_pages_directory() -> bool:
    """Run app.py on every visit; whether this visit ran without it.

    On a fresh server whose first request is a deep link, Streamlit takes pages/ for its own list of pages and runs the
    page's file alone.
    """
    ran_alone = bool(PagesManager.uses_pages_directory)
    PagesManager.uses_pages_directory = False
    return ran_alone


def send_at_once() -> None:
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
