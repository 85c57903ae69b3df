"""How the server starts and sends, seen from its own end of a connection."""

import asyncio
import contextlib
import json
import signal
import socket
import time
import urllib.request
from pathlib import Path

import pytest
from starlette.types import Receive, Scope, Send

from kviboard.board.exports.starter import start_workspace
from kviboard.ui import idle, serve
from kviboard.ui.streamlit_internals import LOOK_SECONDS
from tests.browser.forked import FOREIGN, note_foreign
from tests.browser.server import ANSWERS, serving
from tests.browser.session import connected


def test_a_request_that_leaves_the_machine_is_noticed_and_no_other(capsys: pytest.CaptureFixture[str]) -> None:
    for near in (("127.0.0.1", 80), ("::1", 80, 0, 0), ("localhost", 80), "/run/a.socket"):
        note_foreign("socket.connect", (None, near))
    note_foreign("socket.getaddrinfo", (None, 80))
    note_foreign("socket.bind", (None, ("0.0.0.0", 80)))
    assert capsys.readouterr().err == ""
    note_foreign("socket.connect", (None, ("203.0.113.7", 443)))
    note_foreign("socket.getaddrinfo", ("shop.example.com", 443, 0, 0, 0))
    assert capsys.readouterr().err.splitlines() == [f"{FOREIGN} 203.0.113.7", f"{FOREIGN} shop.example.com"]


def test_the_address_is_printed_once_and_no_warning(tmp_path: Path) -> None:
    start_workspace(tmp_path)
    with serving(tmp_path, cold=True) as server:
        pass
    assert server.output.count(server.url) == 1
    assert "No runtime found" not in server.output
    assert "Streamlit" not in server.output


def test_who_comes_before_the_board_is_warm_gets_the_page_when_it_is(sample_workspace: Path) -> None:
    with serving(sample_workspace, until=ANSWERS) as server, connected(server.url) as visitor:
        answer = visitor.run("")
        assert answer.exceptions == [], server.output
        assert ">This week</h1>" in answer.texts


def test_ctrl_c_ends_the_board_without_a_word(sample_workspace: Path) -> None:
    with serving(sample_workspace, cold=True) as server:
        with connected(server.url) as visitor:
            visitor.run("kvis")
        server.process.send_signal(signal.SIGINT)
        assert server.process.wait(timeout=20) == 130
    assert server.output.splitlines() == [f"KVI Board is at {server.url} (Ctrl+C stops it)"]


def test_a_page_waits_for_the_board_and_a_file_does_not() -> None:
    answered = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        answered.append(scope["type"])

    async def ask() -> None:
        warm = asyncio.Event()
        options = serve._PagesWhenWarm(app, warm)
        page = asyncio.create_task(options({"type": "websocket"}, None, None))
        await options({"type": "http"}, None, None)
        await asyncio.sleep(0)
        assert answered == ["http"]
        warm.set()
        await page

    asyncio.run(ask())
    assert answered == ["http", "websocket"]


@pytest.fixture
def nobody_was_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(idle, "_last_drawn", None)


def seconds_of(work: object, *arguments: float) -> float:
    began = time.monotonic()
    assert callable(work)
    work(*arguments)
    return time.monotonic() - began


@pytest.mark.usefixtures("nobody_was_here")
def test_without_visitors_the_board_is_idle() -> None:
    assert seconds_of(idle.wait_until_idle, 60, 60) < 1


@pytest.mark.usefixtures("nobody_was_here")
def test_the_board_waits_for_its_first_visitor_but_not_for_ever() -> None:
    assert seconds_of(idle.wait_for_a_visit, 0.2) >= 0.2
    with idle.drawing():
        pass
    assert seconds_of(idle.wait_for_a_visit, 60) < 1


@pytest.mark.usefixtures("nobody_was_here")
def test_what_nobody_asked_for_waits_while_a_page_is_drawn_but_not_for_ever() -> None:
    with idle.drawing():
        assert seconds_of(idle.wait_until_idle, 0.01, 0.3) >= 0.3
    assert 0.2 <= seconds_of(idle.wait_until_idle, 0.25, 60) < 1


def test_a_connection_on_which_nothing_is_asked_is_closed_and_no_other(tmp_path: Path) -> None:
    start_workspace(tmp_path)
    with serving(tmp_path, look_seconds=1) as server:
        port = int(server.url.rpartition(":")[2])
        half = [b"", b"GET / HTTP/1.1\r\nHost: 127", b"GET /api/ready HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\nGET / HT"]
        with connected(server.url) as visitor, contextlib.ExitStack() as opened:
            assert visitor.run("").exceptions == []
            sockets = [opened.enter_context(socket.create_connection(("127.0.0.1", port))) for _ in half]
            for each, sent in zip(sockets, half, strict=True):
                each.settimeout(4 * LOOK_SECONDS)
                each.sendall(sent)
            for each in sockets:
                while each.recv(10_000):
                    pass  # the answer to what was asked whole; then nothing, for it is closed
            assert visitor.run("").exceptions == []


def test_its_own_routes_lie_below_the_path_of_the_proxy(tmp_path: Path) -> None:
    start_workspace(tmp_path)
    with serving(tmp_path, until="/board/api/ready", options=("--path", "/board")) as server:
        with urllib.request.urlopen(f"{server.url}/board/api/ready") as answer:
            assert json.load(answer) == {"ready": True}
        asked = urllib.request.Request(f"{server.url}/board/api/meeting", data=b'{"seat": "none"}')
        with urllib.request.urlopen(asked) as answer:
            assert json.load(answer) == {"seat": None}
