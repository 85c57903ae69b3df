"""All that touches private parts of Streamlit, which any release may change. Each has a test that says so."""

import asyncio
import json
import logging
import re
import signal
import socket
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache, partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from google.protobuf.message import DecodeError
from h11 import ProtocolError
from streamlit import config, delta_generator, file_util
from streamlit.components.v2.component_manager import BidiComponentManager
from streamlit.elements import html, markdown
from streamlit.navigation.page import StreamlitPage
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.NewSession_pb2 import CustomThemeConfig
from streamlit.runtime import Runtime, app_session, forward_msg_cache
from streamlit.runtime.app_session import AppSession
from streamlit.runtime.pages_manager import PagesManager
from streamlit.runtime.scriptrunner import ScriptRunnerEvent, get_script_run_ctx
from streamlit.runtime.uploaded_file_manager import UploadedFile
from streamlit.string_util import clean_text
from streamlit.web.server.starlette import starlette_server
from uvicorn.protocols.http.auto import AutoHTTPProtocol

__all__ = [
    "FRONTEND",
    "GROUP_SECONDS",
    "HEALTH",
    "LOOK_SECONDS",
    "METRICS",
    "RESERVED",
    "UPLOADS",
    "StreamlitPage",
    "UploadedFile",
    "claims_of",
    "files_of_parts",
    "files_of_shell",
    "give_up_waiting",
    "hear_out",
    "is_drawing",
    "keep_size",
    "keep_theme",
    "leave_pages_directory",
    "log_briefly",
    "look_for_nothing",
    "send_at_once",
    "send_in_groups",
    "shell_with",
    "take_handed_over",
    "take_html_as_it_is",
]

FRONTEND = Path(file_util.get_static_dir())
"""The folder with what browsers load: index.html, and below static/ files that are never changed."""

LOOK_SECONDS = 15.0
"""How often a connection is looked at; one that asks nothing at two looks in a row is closed."""

GROUP_SECONDS = 0.003
"""So long what a run draws waits for more of it before it is sent."""

HEALTH = "/_stcore/health"
"""Answers as soon as the server does."""

METRICS = "/_stcore/metrics"
"""Counts visitors and what they hold in memory."""

UPLOADS = "/_stcore/upload_file/"
"""Where browsers send files, followed by the session and the file."""

RESERVED = ("_stcore", "media", "component", "static", "app", "auth", "oauth2callback", "api")
"""What the addresses begin with that are no pages: Streamlit's own, and the board's below api."""


def claims_of(session_id: str) -> dict[str, Any]:
    """What is known of the visitor of a session, as st.user says it; empty where there is no such session."""
    found = Runtime.instance()._session_mgr.get_active_session_info(session_id)
    return dict(found.session._user_info) if found else {}


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


def send_in_groups() -> None:
    """Hand what a run draws to the thread that sends it a few messages at a time, and let it send them in one go.

    A rerun draws some fifty. Streamlit wakes that thread for each, which then takes the interpreter from the run; and
    for each it looks again at all that waits, wakes who sends it and calls the system: half of what a rerun takes. It
    sends all there is only every few milliseconds anyway. The end of a run is handed over at once.
    """
    hand_over, hear = AppSession._call_soon_on_event_loop, AppSession._on_scriptrunner_event
    take_all, send = AppSession.flush_browser_queue, Runtime._send_message

    def wait_for_more(session: AppSession, callback: Callable[[], None]) -> None:
        group = _group_of(session)
        group.callbacks.append(callback)
        if not group.is_expected:
            group.is_expected = True
            hand_over(session, partial(group.hand_over_soon, session))

    def hear_and_hurry(session: AppSession, sender: Any, event: ScriptRunnerEvent, *given: Any, **named: Any) -> None:
        hear(session, sender, event, *given, **named)
        if event is not ScriptRunnerEvent.ENQUEUE_FORWARD_MSG:
            hand_over(session, partial(_group_of(session).hand_over, session))

    def take_steps(session: AppSession) -> list[list[ForwardMsg]]:
        """What is to be sent, so many at a step as certainly find a place where they wait for the network."""
        if session._browser_queue.is_empty():  # as of most of many sessions
            return []
        messages = take_all(session)
        return [messages[begin : begin + _MESSAGES] for begin in range(0, len(messages), _MESSAGES)]

    def send_step(runtime: Runtime, session: Any, messages: list[ForwardMsg]) -> None:
        for message in messages:
            send(runtime, session, message)

    AppSession._call_soon_on_event_loop = wait_for_more  # type: ignore[method-assign, assignment]
    AppSession._on_scriptrunner_event = hear_and_hurry  # type: ignore[method-assign, assignment]
    AppSession.flush_browser_queue = take_steps  # type: ignore[method-assign, assignment]
    Runtime._send_message = send_step  # type: ignore[method-assign, assignment]


_MESSAGES = 200


@dataclass
class _Group:
    """What a session's run has drawn and not handed over yet, in its order; whether somebody will come for it."""

    callbacks: deque[Callable[[], None]] = field(default_factory=deque)
    is_expected: bool = False

    def hand_over_soon(self, session: AppSession) -> None:
        session._event_loop.call_later(GROUP_SECONDS, self.hand_over, session)

    def hand_over(self, session: AppSession) -> None:
        """Let all of it wait to be sent, and only then say that something does."""
        self.is_expected = False  # first: what comes from now on is expected anew
        if not self.callbacks:
            return
        say, session._message_enqueued_callback = session._message_enqueued_callback, None
        try:
            while self.callbacks:
                self.callbacks.popleft()()
        finally:
            session._message_enqueued_callback = say
            if say:
                say()


def _group_of(session: AppSession) -> _Group:
    group: _Group = session.__dict__.setdefault("_kvi_group", _Group())
    return group


def hear_out() -> None:
    """Hand over what a run has drawn before a browser is given the next one.

    A new run of a part that looks again every few seconds may begin when the run before, of the whole page, has ended
    and not all that it drew was handed over, because the server is busy. Streamlit then forgets the rest and that the
    run has ended: the page stays as it was, does not say that an answer was saved, and looks for nothing any more.
    """
    handle = AppSession._handle_rerun_script_request

    def handle_after_what_was_drawn(session: AppSession, client_state: Any = None) -> None:
        _group_of(session).hand_over(session)
        handle(session, client_state)

    AppSession._handle_rerun_script_request = handle_after_what_was_drawn  # type: ignore[method-assign, assignment]


def take_html_as_it_is() -> None:
    """Send HTML that begins with its first tag as it is written.

    Streamlit takes the margin off every text and looks through a style sheet for what else it has, at each run of a
    page: a tenth of a short one. What is ours has no margin, and a sheet that was looked through stays what it is.
    """
    clean, has_only_styles = clean_text, html._html_only_style_tags

    def clean_what_has_a_margin(text: object) -> str:
        return text.strip() if isinstance(text, str) and text.startswith("<") else clean(text)

    markdown.clean_text = clean_what_has_a_margin  # type: ignore[attr-defined]
    html._html_only_style_tags = lru_cache(maxsize=4)(has_only_styles)


def look_for_nothing() -> None:
    """Spare a start two searches that find nothing for a board: for components among all that is installed, and with
    the first element drawn for a sign that somebody types at an interactive Python, which reads source files."""
    BidiComponentManager.discover_and_register_components = _discover_none  # type: ignore[method-assign, assignment]
    delta_generator._use_warning_has_been_displayed = True


def _discover_none(components: BidiComponentManager, *, start_file_watching: bool = True) -> None:
    pass


def files_of_parts(parts: Iterable[str]) -> list[str]:
    """The files below FRONTEND that draw these kinds of elements ("TextInput"), with all they import, in no order that
    means anything; those left out that every page begins with."""
    manifest = json.loads((FRONTEND / "manifest.json").read_text(encoding="utf-8"))
    at_first, wanted = set(files_of_shell()), set(parts)
    open_ones = [key for key, made in manifest.items() if made.get("isDynamicEntry") and made.get("name") in wanted]
    found: dict[str, str] = {}
    while open_ones:
        key = open_ones.pop()
        if key not in found:
            found[key] = manifest[key]["file"]
            open_ones += manifest[key].get("imports", ())
    return [file for file in found.values() if file not in at_first]


def files_of_shell() -> list[str]:
    """The files below FRONTEND that every page begins with."""
    return re.findall(r'(?:src|href)="\./(static/[^"]+)"', _shell())


# Where the frontend's own server is, which it would else look for below the page's address first and then above it;
# and `HOST_CONFIG`, which it would else ask for before it opens its web socket.
_SERVER = """{BACKEND_BASE_URL: new URL("./", location.href).href%s}"""
_AT_ONCE = """, HOST_CONFIG: {allowedOrigins: [location.origin], useExternalAuthToken: false}"""
# What the frontend adds once it draws a button: so late, the browser styles anew all that it has drawn by then.
_PRESSABLE = (
    '<style id="react-aria-pressable-style">@layer{[data-react-aria-pressable]{touch-action:pan-x pan-y pinch-zoom}}'
    "</style>"
)


def shell_with(files: Sequence[str], at_once: bool) -> str:
    """The HTML that a page begins with; it asks for these files along with those of every page, which the frontend
    asks for one after the other, each when it is to draw the first element of its kind.

    `at_once`: it opens its web socket without a question before. Not where people sign in with a cookie: the answer
    gives the browser another, without which that one is not looked at.
    """
    links = "".join(f'<link rel="modulepreload" crossorigin href="./{file}">' for file in files if file.endswith(".js"))
    server = f"<script>window.__streamlit = {_SERVER % (_AT_ONCE if at_once else '')}</script>"
    return _shell().replace("<title>", f"{server}{_PRESSABLE}<title>").replace("</head>", f"{links}</head>")


def _shell() -> str:
    return (FRONTEND / "index.html").read_text(encoding="utf-8")


class _HandedOver(socket.socket):
    """Stands where a listening socket would: what arrives here are connections that another process accepted."""

    def listen(self, backlog: int = 0) -> None:
        pass

    def accept(self) -> tuple[socket.socket, Any]:
        _, handles, _, _ = socket.recv_fds(self, 1, 1)
        if not handles:  # whoever handed them over has ended, however that was
            signal.raise_signal(signal.SIGTERM)
            raise ConnectionAbortedError
        connection = socket.socket(fileno=handles[0])
        try:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            return connection, connection.getpeername()
        except OSError as error:  # gone before anybody answered
            connection.close()
            raise ConnectionAbortedError from error


def take_handed_over(handle: int) -> None:
    """Serve the connections that arrive at a Unix socket instead of those at a port."""

    def bind_nothing(address: str, port: int, backlog: int) -> socket.socket:
        arriving = _HandedOver(fileno=handle)
        arriving.setblocking(False)
        return arriving

    starlette_server._bind_socket = bind_nothing


class _Connection(AutoHTTPProtocol):  # type: ignore[misc, valid-type]  # one of two classes, by what is installed
    """A connection that is closed where its browser opens it and asks nothing, or never finishes to ask.

    The server itself has no bound for this: whoever opens enough of them would keep all others out.
    """

    def connection_made(self, transport: asyncio.Transport) -> None:
        super().connection_made(transport)
        self._look_later(transport, 0)

    def _look_later(self, transport: asyncio.Transport, waited: int) -> None:
        self.loop.call_later(LOOK_SECONDS, self._look, transport, waited)

    def _look(self, transport: asyncio.Transport, waited: int) -> None:
        if transport.is_closing() or transport.get_protocol() is not self:
            return  # it is a web socket now
        is_answered = self.cycle is None or self.cycle.response_complete
        if is_answered and waited:
            transport.close()
        else:
            self._look_later(transport, 1 if is_answered else 0)


def give_up_waiting() -> None:
    """Close connections on which nothing is asked."""
    given = starlette_server._get_uvicorn_config_kwargs

    def with_our_connection() -> dict[str, Any]:
        return {**given(), "http": _Connection}

    starlette_server._get_uvicorn_config_kwargs = with_our_connection


def keep_theme() -> None:
    """Look up once what colours and sizes the settings say; they hold for as long as the server runs.

    Streamlit looks all of them up six times before each rerun, which took a tenth of a short one.
    """
    populate, kept = app_session._populate_theme_msg, dict[str, CustomThemeConfig]()

    def populate_as_before(msg: CustomThemeConfig, section: str = "theme") -> None:
        if section not in kept:
            fresh = CustomThemeConfig()
            populate(fresh, section)
            kept[section] = fresh
        if kept[section].ByteSize():  # a part that says nothing shall stay unset
            msg.MergeFrom(kept[section])

    app_session._populate_theme_msg = populate_as_before


def keep_size() -> None:
    """Look up once how large a message has to be for browsers to keep it.

    Streamlit looks it up for each message, one run at a time: where many draw at once, they wait for one another.
    """
    forward_msg_cache.config = SimpleNamespace(get_option=cache(config.get_option))  # type: ignore[attr-defined, assignment]


LOGS = ("uvicorn.error", "streamlit.web.server.starlette.starlette_websocket")
"""What says that a request or a message of a browser is none."""
_NOT_UTF8 = "Invalid UTF-8"


def log_briefly() -> None:
    """Write one line of what no browser sends: a traceback of it would look as if the board were broken."""
    for name in LOGS:
        logging.getLogger(name).addFilter(_without_traceback)


def _without_traceback(record: logging.LogRecord) -> bool:
    error = record.exc_info[1] if record.exc_info else None
    is_not_utf8 = isinstance(error, UnicodeDecodeError) and str(record.msg).startswith(_NOT_UTF8)
    if is_not_utf8 or isinstance(error, DecodeError | ProtocolError):
        record.msg, record.args = f"Somebody sent what no browser sends ({error}).", ()
        record.exc_info = record.exc_text = None
    return True
