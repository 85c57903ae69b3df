"""What the server lets through: its own names and origins, an identity header from trusted proxies only."""

import asyncio
import math
import stat
from pathlib import Path
from typing import Any

import pytest
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from kviboard.errors import UsageError
from kviboard.ui.security import FilesOfKnown, OwnHosts, SecurityHeaders, TrustedHeader, own_names, sign_in_secrets
from kviboard.ui.serve import serve
from kviboard.ui.serve_options import ServeOptions
from kviboard.workspace import Workspace, load_workspace
from kviboard.workspace.access_settings import SignIn

SIGN_IN = """
[access]
admins = ["ann@example.com"]
[sign_in]
issuer = "https://login.example.com/"
client_id = "board"
client_secret = "a secret of the provider"
"""


async def inside(scope: Scope, receive: Receive, send: Send) -> None:
    """Answers with the headers that it was asked with."""
    if scope["type"] == "websocket":
        await send({"type": "websocket.accept"})
    else:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": repr(sorted(scope["headers"])).encode()})


def ask(
    app: ASGIApp, kind: str = "http", path: str = "/", client: str = "127.0.0.1", method: str = "GET", **headers: str
) -> dict[str, Any]:
    """The first message that an application answers with, and its body under "body"."""
    told: list[Any] = []

    async def send(message: Any) -> None:
        told.append(message)

    async def receive() -> Any:
        return {"type": f"{kind}.connect" if kind == "websocket" else "http.request"}

    raw = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    scope = {"type": kind, "method": method, "path": path, "headers": raw, "client": (client, 5)}
    asyncio.run(app(scope, receive, send))
    return {**told[0], "body": told[-1].get("body", b"").decode()}


OURS = OwnHosts(inside, own_names("127.0.0.1", "https://board.example.com/board"))


@pytest.mark.parametrize(
    "host", ["127.0.0.1:8501", "localhost", "[::1]:8501", "board.example.com", "BOARD.example.com."]
)
def test_it_answers_to_its_own_names(host: str) -> None:
    assert ask(OURS, host=host)["status"] == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "board.example.com.evil.example", "", "[", "a@b@c:x", "localhost.evil"]
)
def test_it_answers_to_no_other_name(host: str) -> None:
    assert ask(OURS, host=host)["status"] == 421
    assert ask(OURS, "websocket", host=host, origin=f"http://{host}")["type"] == "websocket.close"


def test_only_its_own_pages_open_a_web_socket() -> None:
    assert ask(OURS, "websocket", host="localhost:8501", origin="http://localhost:8501")["type"] == "websocket.accept"
    assert ask(OURS, "websocket", host="localhost:8501")["type"] == "websocket.accept"  # a program, which has no origin
    others = (
        "http://evil.example",
        "http://localhost:9999",
        "null",
        "http://localhost:8501.evil.example",
        "http://[::1",
    )
    for origin in others:
        assert ask(OURS, "websocket", host="localhost:8501", origin=origin)["type"] == "websocket.close"


@pytest.mark.parametrize(
    ("frame", "kind"),
    [({"bytes": b"x"}, "receive"), ({"text": "x"}, "disconnect"), ({"text": "x", "bytes": None}, "disconnect")],
)
def test_a_frame_of_text_ends_a_web_socket(frame: dict[str, Any], kind: str) -> None:
    received = []

    async def listen(scope: Scope, receive: Receive, send: Send) -> None:
        received.append((await receive())["type"])

    async def receive() -> Any:
        return {"type": "websocket.receive", **frame}

    async def send(message: Any) -> None:
        raise AssertionError(message)

    scope = {"type": "websocket", "path": "/", "headers": [(b"host", b"localhost")]}
    asyncio.run(OwnHosts(listen, own_names("127.0.0.1", ""))(scope, receive, send))
    assert received == [f"websocket.{kind}"]


def test_a_file_that_is_taken_back_on_its_way_is_no_failure() -> None:
    async def take(scope: Scope, receive: Receive, send: Send) -> None:
        await Request(scope, receive).body()

    async def receive() -> Any:
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        raise AssertionError(message)

    scope = {"type": "http", "path": "/", "headers": [(b"host", b"localhost")]}
    asyncio.run(OwnHosts(take, own_names("127.0.0.1", ""))(scope, receive, send))


def test_how_many_people_look_is_nobodys_business() -> None:
    assert ask(OURS, path="/_stcore/metrics", host="localhost")["status"] == 404
    assert ask(OURS, path="/board/_stcore/metrics", host="localhost")["status"] == 404


def test_the_identity_header_counts_from_trusted_proxies_only() -> None:
    sign_in = SignIn(header="X-Forwarded-Email", trusted_proxies=("10.0.0.0/8",))
    app = TrustedHeader(inside, sign_in)
    assert "ann@" in ask(app, client="10.1.2.3", x_forwarded_email="ann@example.com")["body"]
    for client in ("127.0.0.1", "11.0.0.1", "unix", "::1"):
        answer = ask(
            app, client=client, x_forwarded_email="ann@example.com", X_FORWARDED_EMAIL="ann@example.com", a="b"
        )
        assert "ann@" not in answer["body"]
        assert "b'a'" in answer["body"]


def test_whoever_may_send_little_sends_no_more_in_all() -> None:
    app = FilesOfKnown(inside, {"viewer": 100.0, "admin": math.inf}.get)

    def put(session: str, length: str = "", method: str = "PUT") -> int:
        given = {"content_length": length} if length else {}
        path = f"/board/_stcore/upload_file/{session}/1"
        return ask(app, path=path, method=method, **given)["status"]

    assert [put("viewer", "60"), put("viewer", "60"), put("viewer", "40"), put("viewer", "1")] == [200, 413, 200, 413]
    assert put("viewer") == 411
    assert put("viewer", method="DELETE") == 200
    assert [put("admin", "1000"), put("admin")] == [200, 200]
    assert put("nobody", "1") == 403


def test_browsers_are_told_to_load_nothing_from_elsewhere_and_to_show_it_in_no_frame() -> None:
    headers = dict(ask(SecurityHeaders(inside))["headers"])
    policy = dict(part.strip().split(" ", 1) for part in headers[b"content-security-policy"].decode().split(";"))
    assert policy["default-src"] == "'self'"
    assert policy["frame-ancestors"] == policy["object-src"] == "'none'"
    assert not any("http" in sources or "*" in sources for sources in policy.values())
    assert headers[b"x-frame-options"] == b"DENY"


def workspace(folder: Path, toml: str = "") -> Workspace:
    (folder / "kviboard.toml").write_text(toml)
    return load_workspace(folder)


def test_it_does_not_listen_to_the_network_while_nobody_signs_in(tmp_path: Path) -> None:
    for address in ("0.0.0.0", "::", "192.0.2.1"):
        with pytest.raises(
            UsageError, match=r"everybody on the network could see and change this board.*--open-to-every"
        ):
            serve(workspace(tmp_path), ServeOptions(0, address))
    for options in (ServeOptions(0, "192.0.2.1", open_to_everyone=True), ServeOptions(999_999), ServeOptions(-5)):
        with pytest.raises(UsageError, match=r"no address of this machine|cannot be used"):
            serve(workspace(tmp_path), options)
    for options in (ServeOptions(0, workers=1_000_000), ServeOptions(0, workers=0)):
        with pytest.raises(UsageError, match=r"at most 64 processes|at least one process"):
            serve(workspace(tmp_path), options)
    for path in ("/../a", "/a?b", "/a#b", "/a b", "a//b", "/\x1b[31m", "/ü"):
        with pytest.raises(UsageError, match=r"is no path of an address; write it like /board"):
            serve(workspace(tmp_path), ServeOptions(0, path=path))
    with pytest.raises(UsageError, match="no address of this machine"):
        serve(workspace(tmp_path, SIGN_IN), ServeOptions(0, "192.0.2.1"))


def test_the_sign_in_is_told_its_settings_and_keeps_its_secret(tmp_path: Path) -> None:
    assert sign_in_secrets(workspace(tmp_path), "http://127.0.0.1:1") == {}
    here = workspace(tmp_path, SIGN_IN)
    told = sign_in_secrets(here, "https://board.example.com/board")["auth"]
    assert told["redirect_uri"] == "https://board.example.com/board/oauth2callback"
    assert told["server_metadata_url"] == "https://login.example.com/.well-known/openid-configuration"
    assert told["client_secret"] == "a secret of the provider"
    assert len(told["cookie_secret"]) == 64
    assert sign_in_secrets(here, "https://elsewhere")["auth"]["cookie_secret"] == told["cookie_secret"]
    assert stat.S_IMODE((here.state / "cookie-secret").stat().st_mode) == 0o600
    assert "a secret" not in repr(here)
    assert "a secret" not in here.model_dump_json()


def test_processes_that_begin_at_once_sign_with_one_secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    here = workspace(tmp_path, SIGN_IN)
    first = sign_in_secrets(here, "http://127.0.0.1:1")["auth"]["cookie_secret"]
    monkeypatch.setattr(Path, "is_file", lambda path: False)  # the other one looked a moment before
    assert sign_in_secrets(here, "http://127.0.0.1:1")["auth"]["cookie_secret"] == first
