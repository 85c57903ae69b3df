"""What the server lets through before any page runs: its own hosts and origins only, an identity header from trusted
proxies only; and the headers that keep browsers from loading anything from elsewhere."""

import math
import secrets
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from cachetools import LRUCache
from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kviboard.files import make_private, write_atomically
from kviboard.ui.streamlit_internals import METRICS, UPLOADS
from kviboard.workspace import Workspace
from kviboard.workspace.access_settings import SignIn

LOOPBACK = ("localhost", "127.0.0.1", "::1")
# Streamlit's frontend has scripts and styles in its page, and its charts compile their expressions.
_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:; "
    "style-src 'self' 'unsafe-inline' blob:; img-src 'self' data: blob:; font-src 'self' data:; "
    "media-src 'self' data: blob:; worker-src 'self' blob:; "
    "connect-src 'self' data: blob:; frame-src 'none'; frame-ancestors 'none'; object-src 'none'; base-uri 'self'; "
    "form-action 'self'"
)
_HEADERS = {
    b"content-security-policy": _POLICY.encode(),
    b"x-content-type-options": b"nosniff",
    b"x-frame-options": b"DENY",
    b"referrer-policy": b"same-origin",
    b"permissions-policy": b"camera=(), geolocation=(), microphone=()",
}
_SESSIONS = 10_000  # whose files are counted
_CLOSED = (METRICS,)  # would tell anybody how many people look


class SecurityHeaders:
    """Adds headers to every HTTP response; web sockets pass untouched."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", []), *_HEADERS.items()]
            await send(message)

        await self.app(scope, receive, send_with_headers if scope["type"] == "http" else send)


class OwnHosts:
    """Answers only to the names that this board has, and opens web sockets only for pages of its own.

    Else a page elsewhere could have its name lead here and read the board with its visitor's eyes. An address of
    numbers is nobody's name and may be used.
    """

    def __init__(self, app: ASGIApp, names: Collection[str]) -> None:
        self.app, self.names = app, frozenset(name.lower() for name in names)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        host = headers.get("host", "")
        if not self._is_own(host):
            await _refuse(scope, receive, send, 421, "This board has another name: open it by its own address.")
        elif scope["type"] == "websocket" and not _same_origin(headers.get("origin"), host):
            await _refuse(scope, receive, send, 403, "Only the board's own pages may connect to it.")
        elif any(scope["path"].endswith(path) for path in _CLOSED):
            await _refuse(scope, receive, send, 404, "There is nothing here.")
        else:
            with suppress(ClientDisconnect):  # who takes back a file that is on its way has done nothing wrong
                await self.app(scope, _bytes_only(receive) if scope["type"] == "websocket" else receive, send)

    def _is_own(self, host: str) -> bool:
        try:
            name = urlsplit(f"//{host}").hostname or ""
        except ValueError:
            return False
        return name.rstrip(".") in self.names or _is_number(name)


class FilesOfKnown:
    """Takes no file from anybody whom the board does not know, and only so much from whom it only shows things: else
    they would fill its memory."""

    def __init__(self, app: ASGIApp, most_bytes: Callable[[str], float]) -> None:
        """`most_bytes`: how much the visitor of the session with this id may send in all."""
        self.app, self.most_bytes = app, most_bytes
        self._sent: LRUCache[str, int] = LRUCache(_SESSIONS)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        _, is_upload, rest = scope.get("path", "").partition(UPLOADS)
        if scope["type"] != "http" or not is_upload or scope["method"] not in ("PUT", "POST"):
            await self.app(scope, receive, send)
            return
        session = rest.partition("/")[0]
        most, length = self.most_bytes(session), Headers(scope=scope).get("content-length", "")
        sent = self._sent.get(session, 0) + (int(length) if length.isdecimal() else 0)
        if not most:
            await _refuse(scope, receive, send, 403, "Sign in before you send files.")
        elif most < math.inf and not length.isdecimal():
            await _refuse(scope, receive, send, 411, "Say how long the file is.")
        elif sent > most:
            await _refuse(scope, receive, send, 413, "That is more than you may send: ask an admin.")
        else:
            self._sent[session] = sent
            await self.app(scope, receive, send)


class TrustedHeader:
    """Takes the header that says who is signed in from everybody but the proxies that may say so."""

    def __init__(self, app: ASGIApp, sign_in: SignIn) -> None:
        self.app, self.name = app, sign_in.header.lower().encode()
        self.proxies = [ip_network(address) for address in sign_in.trusted_proxies]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if "headers" in scope and not self._is_trusted(scope.get("client")):
            kept = [(name, value) for name, value in scope["headers"] if name.lower() != self.name]
            scope = {**scope, "headers": kept}
        await self.app(scope, receive, send)

    def _is_trusted(self, client: tuple[str, int] | None) -> bool:
        if client is None or not _is_number(client[0]):
            return False
        return any(ip_address(client[0]) in network for network in self.proxies)


def is_loopback(address: str) -> bool:
    """Whether only this machine reaches what listens on an address."""
    return address in LOOPBACK or (_is_number(address) and ip_address(address).is_loopback)


def own_names(address: str, board_address: str) -> tuple[str, ...]:
    """The host names that a board is opened by."""
    return tuple(filter(None, (*LOOPBACK, address, urlsplit(board_address).hostname)))


def sign_in_secrets(workspace: Workspace, board_url: str) -> Mapping[str, Any]:
    """What Streamlit's sign-in wants to know; empty where nobody signs in. Raises OSError."""
    sign_in = workspace.sign_in
    if not sign_in.issuer:
        return {}
    return {
        "auth": {
            "redirect_uri": f"{board_url}/oauth2callback",
            "cookie_secret": _cookie_secret(workspace.state / "cookie-secret"),
            "client_id": sign_in.client_id,
            "client_secret": sign_in.client_secret.get_secret_value(),
            "server_metadata_url": f"{sign_in.issuer}/.well-known/openid-configuration",
        }
    }


def _cookie_secret(file: Path) -> str:
    """Signs the cookies of those who are signed in; made once, so that a restart signs nobody out, and several
    processes that begin at once take the same."""
    if not file.is_file():
        make_private(file.parent)
        with suppress(FileExistsError), write_atomically(file, private=True, replacing=False) as unfinished:
            unfinished.write_text(secrets.token_hex(32), encoding="utf-8")
    return file.read_text(encoding="utf-8").strip()


def _same_origin(origin: str | None, host: str) -> bool:
    """Whether a web socket is opened by a page of this host, or by a program, which says no origin."""
    try:
        return origin is None or urlsplit(origin).netloc == host
    except ValueError:  # no address at all
        return False


def _bytes_only(receive: Receive) -> Receive:
    """What comes through a web socket; a frame of text, which no page sends and Streamlit fails on, ends it."""

    async def received() -> Message:
        message = await receive()
        if message["type"] == "websocket.receive" and message.get("bytes") is None:
            return {"type": "websocket.disconnect", "code": 1003}
        return message

    return received


def _is_number(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True


async def _refuse(scope: Scope, receive: Receive, send: Send, status: int, sentence: str) -> None:
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.close", "code": 1008})
    else:
        await PlainTextResponse(sentence, status_code=status)(scope, receive, send)
