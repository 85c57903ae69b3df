"""What browsers load before a page is drawn: kept in memory, packed once, and all of it asked for at once. A page that
is not there leads to the first one, which says so."""

import gzip
import re
from collections.abc import Collection
from functools import cache
from urllib.parse import urlencode

from starlette.datastructures import Headers
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from kviboard.ui.sections import SECTIONS, UNLISTED
from kviboard.ui.streamlit_internals import FRONTEND, RESERVED, files_of_parts, files_of_shell, shell_with

_TEXT = ("BidiComponent", "Html", "rehype-raw")
_CHOICES = (*_TEXT, "ButtonGroup", "Selectbox")
_CHARTS = (*_CHOICES, "ArrowVegaLiteChart", "DownloadButton")
_PARTS = {
    "review": _CHOICES,
    "me": (*_TEXT, "Selectbox", "TextInput"),
    "kvis": (*_CHARTS, "TextInput"),
    "promoters": (*_CHARTS, "Slider"),
    "customers": _CHARTS,
    "voice": _CHARTS,
    "okrs": (*_CHOICES, "Multiselect"),
    "outside_in": (*_TEXT, "Selectbox", "DownloadButton"),
    "exports": (*_TEXT, "Button", "FileUploader", "DownloadButton"),
}
"""What the frontend draws the pages with, as it calls it; pages that are not here are of text alone."""

_KINDS = {".js": "text/javascript", ".css": "text/css", ".woff2": "font/woff2"}
NOWHERE = "nowhere"
"""The choice under which the first page is told which page the visitor asked for in vain."""

_LONGEST = 60  # characters of such a name are said
_YEAR = "public, immutable, max-age=31536000"  # a file that changes gets another name

_packed: dict[str, bytes] = {}


class Frontend:
    """Answers for the frontend's files and for the shell of each page, as they are or packed.

    A first visit asks for a hundred files. What packs answers as they go would pack each anew for every visitor, and
    Streamlit reads each piece by piece in a thread: together 0.3 s of processor time, which pages then wait for, too.
    """

    def __init__(self, app: ASGIApp, base: str, at_once: bool) -> None:
        """`base`: the path below which the board is; `at_once` as `shell_with` takes it."""
        self.app, self.base, self.at_once = app, f"{base}/", at_once

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        answer = self._answer(scope) if scope["type"] == "http" and scope["method"] == "GET" else None
        await (answer or self.app)(scope, receive, send)

    def _answer(self, scope: Scope) -> Response | None:
        """The answer; None where somebody else has it."""
        name = scope["path"].removeprefix(self.base)
        if not scope["path"].startswith(self.base) or "range" in (headers := Headers(scope=scope)):
            return None
        if name in _pages():
            return Response(_shell(name, self.at_once), media_type="text/html", headers={"cache-control": "no-cache"})
        if _is_nowhere(name, headers.get("accept", "")):
            return RedirectResponse(f"{self.base}?{urlencode({NOWHERE: name[:_LONGEST]})}", 303)
        if name not in _files():
            return None
        kind, given = _KINDS[f".{name.rpartition('.')[2]}"], {"cache-control": _YEAR, "vary": "accept-encoding"}
        packed = _packed.get(name) if re.search(r"\bgzip\b", headers.get("accept-encoding", "")) else None
        if packed is None:
            return Response((FRONTEND / name).read_bytes(), media_type=kind, headers=given)
        return Response(packed, media_type=kind, headers={**given, "content-encoding": "gzip"})


def pack_ahead() -> None:
    """Pack what pages begin with; until then browsers get it as it is, which nobody has to wait for."""
    for name in {*files_of_shell(), *files_of_parts(part for parts in _PARTS.values() for part in parts)}:
        if not name.endswith(".woff2"):  # is packed already
            _packed[name] = gzip.compress((FRONTEND / name).read_bytes(), 6)


def _is_nowhere(name: str, accepted: str) -> bool:
    """Whether somebody asked for a page that there is not. Streamlit would say so in a box of its own, and show nothing
    at all where the address has a slash."""
    first, last = name.split("/", 1)[0], name.rsplit("/", 1)[-1]
    is_page = name.rstrip("/") in _pages()  # Streamlit takes the slash away
    return "text/html" in accepted and not is_page and first not in RESERVED and "." not in last


@cache
def _pages() -> Collection[str]:
    return frozenset(path for pages in (*SECTIONS.values(), UNLISTED) for _, _, path in pages)


@cache
def _files() -> Collection[str]:
    """All there are, as they are asked for: what is none of them is nobody's business here."""
    found = (FRONTEND / "static").rglob("*")
    return frozenset(path.relative_to(FRONTEND).as_posix() for path in found if path.suffix in _KINDS)


@cache
def _shell(page: str, at_once: bool) -> str:
    return shell_with(files_of_parts(_PARTS.get(page, _TEXT)), at_once)
