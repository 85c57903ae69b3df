"""Browsers get the frontend as it is or packed, and a shell that asks for what its page is drawn with."""

import asyncio
import gzip
import re
from typing import Any

import pytest
from starlette.types import Receive, Scope, Send

from kviboard.ui import frontend
from kviboard.ui.frontend import Frontend, pack_ahead
from kviboard.ui.streamlit_internals import FRONTEND, files_of_parts, files_of_shell


async def elsewhere(scope: Scope, receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 404, "headers": []})
    await send({"type": "http.response.body", "body": b"elsewhere"})


def ask(path: str, base: str = "", at_once: bool = True, method: str = "GET", **headers: str) -> tuple[Any, bytes]:
    """Headers and body of the answer."""
    told: list[Any] = []

    async def send(message: Any) -> None:
        told.append(message)

    async def receive() -> Any:
        return {"type": "http.request"}

    raw = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    scope = {"type": "http", "method": method, "path": path, "headers": raw}
    asyncio.run(Frontend(elsewhere, base, at_once)(scope, receive, send))
    return {name.decode(): value.decode() for name, value in told[0]["headers"]}, told[-1]["body"]


@pytest.fixture
def nothing_packed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frontend, "_packed", {})


def test_a_file_is_the_same_before_and_after_it_is_packed(nothing_packed: None) -> None:
    name = next(file for file in files_of_shell() if file.endswith(".js"))
    whole = (FRONTEND / name).read_bytes()
    before, as_it_is = ask(f"/{name}", accept_encoding="gzip, br")
    pack_ahead()
    after, packed = ask(f"/{name}", accept_encoding="gzip, br")
    assert as_it_is == gzip.decompress(packed) == whole
    assert "content-encoding" not in before
    assert after["content-encoding"] == "gzip"
    assert int(after["content-length"]) == len(packed) < len(whole) / 2
    assert ask(f"/{name}")[1] == whole  # to whoever cannot unpack it
    for given in (before, after):
        assert given["content-type"].startswith("text/javascript")
        assert (given["cache-control"], given["vary"]) == ("public, immutable, max-age=31536000", "accept-encoding")


def test_all_that_pages_begin_with_is_packed_or_was_before(nothing_packed: None) -> None:
    pack_ahead()
    shells = "".join(ask(f"/{page}")[1].decode() for page in ("", "kvis", "okrs", "exports", "promoters"))
    asked = set(re.findall(r'"\./(static/[^"]+)"', shells))
    assert {name for name in asked if name not in frontend._packed} == {n for n in asked if n.endswith(".woff2")}


@pytest.mark.parametrize(
    "path",
    ["/static/js/none.js", "/static/../manifest.json", "/static/js/../../index.html", "/manifest.json", "/nowhere",
     "/_stcore/health", "//static/js", "/kvis/", "/index.html"],
)  # fmt: skip
def test_what_is_no_file_and_no_page_is_left_to_streamlit(path: str) -> None:
    assert ask(path)[1] == b"elsewhere"


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("/okr", "/?nowhere=okr"), ("/kvis/abc", "/?nowhere=kvis%2Fabc"),
        ("/a&b=//elsewhere", "/?nowhere=a%26b%3D%2F%2Felsewhere"),
        ("/" + 70 * "x", "/?nowhere=" + 60 * "x"),
        ("/board/okr", "/?nowhere=board%2Fokr"),
    ],
)  # fmt: skip
def test_a_page_that_is_not_there_leads_to_the_first_one(path: str, told: str) -> None:
    assert ask(path, accept="text/html,*/*;q=0.8")[0]["location"] == told
    assert ask(path)[1] == b"elsewhere"  # a program that asks for something else


def test_it_stays_below_the_path_of_the_board() -> None:
    assert ask("/board/okr", base="/board", accept="text/html")[0]["location"] == "/board/?nowhere=okr"
    assert ask("/okr", base="/board", accept="text/html")[1] == b"elsewhere"


@pytest.mark.parametrize(
    "path",
    ["/kvis/", "/media/1.csv", "/media/1", "/oauth2callback", "/auth/login", "/auth/logout", "/api/ready",
     "/manifest.json"],
)  # fmt: skip
def test_what_streamlit_and_the_board_answer_themselves_is_somewhere(path: str) -> None:
    assert ask(path, accept="text/html")[1] == b"elsewhere"


def test_parts_of_files_and_other_methods_are_left_to_streamlit() -> None:
    name = files_of_shell()[0]
    assert ask(f"/{name}", range="bytes=0-9")[1] == ask(f"/{name}", method="HEAD")[1] == b"elsewhere"


def test_each_page_asks_for_what_it_is_drawn_with() -> None:
    given, shell = ask("/kvis")
    assert (given["content-type"], given["cache-control"]) == ("text/html; charset=utf-8", "no-cache")
    linked = set(re.findall(r'rel="modulepreload" crossorigin href="\./([^"]+)"', shell.decode()))
    assert set(files_of_parts(["ArrowVegaLiteChart", "TextInput", "rehype-raw"])) - linked == set()
    assert not set(files_of_parts(["ArrowVegaLiteChart"])) <= set(re.findall(r"static/[^\"]+", ask("/")[1].decode()))


def test_below_a_proxys_path_the_same_files_are_found() -> None:
    name = files_of_shell()[0]
    assert ask(f"/board/{name}", base="/board")[1] == (FRONTEND / name).read_bytes()
    assert ask("/board/kvis", base="/board")[1] == ask("/kvis")[1]
    assert ask(f"/{name}", base="/board")[1] == b"elsewhere"


def test_a_web_socket_waits_for_the_cookie_where_people_sign_in() -> None:
    assert b"HOST_CONFIG" in ask("/")[1]
    assert b"HOST_CONFIG" not in ask("/", at_once=False)[1]
    assert b"BACKEND_BASE_URL" in ask("/", at_once=False)[1]
