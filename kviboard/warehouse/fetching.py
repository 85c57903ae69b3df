"""Fetches exports from addresses before a refresh: each as a file with its day in its name, bounded in size and time.

What was fetched before stays: an address that fails, or an answer that is cut off, costs nothing but age, and that is
said. The address may hold a token, so that only its machine is ever named.
"""

import ssl
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import datetime
from glob import has_magic
from http.client import HTTPException, HTTPResponse
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from kviboard.domain.formatting import format_day
from kviboard.errors import Problem
from kviboard.files import write_atomically
from kviboard.warehouse.files.discovery import absolute_pattern, find_files
from kviboard.workspace import Workspace
from kviboard.workspace.settings import is_private_address

_SECONDS, _ANSWERS_WITHIN = 120, 30
_MOST_BYTES = 2_000_000_000
_CHUNK = 1 << 20


class _UnfitError(Exception):
    """What came is larger, took longer or is less than it may be."""


def fetch_all(workspace: Workspace) -> list[Problem]:
    """Fetch what the sources name, each once a day; what could not be fetched, with how old the last file is."""
    problems = []
    for name, source in workspace.sources.items():
        address = source.fetch.get_secret_value()
        if not address:
            continue
        target = _target(workspace, name)
        if target is None:
            what = "has a fetch, and no pattern such as exports/orders-*.csv for its files."
            problems.append(Problem(f"kviboard.toml, [sources.{name}]", what, "Give it one."))
            continue
        if target.exists():
            continue
        try:
            _fetch(address, target)
        except (_UnfitError, HTTPException, ssl.SSLError, OSError, ValueError) as error:
            problems.append(_failed(workspace, name, address, error))
    return problems


def _target(workspace: Workspace, name: str) -> Path | None:
    """Where today's file goes: the pattern's star is the day."""
    today = workspace.company.today().isoformat()
    for pattern in workspace.sources[name].patterns:
        path = Path(absolute_pattern(workspace, pattern))
        if path.name.count("*") == 1 and not has_magic(path.name.replace("*", "")) and not has_magic(str(path.parent)):
            before, after = path.name.split("*")
            return path.parent / f"{before}{'' if before.endswith(('-', '_')) else '-'}{today}{after}"
    return None


def _fetch(address: str, target: Path) -> None:
    until = time.monotonic() + _SECONDS
    target.parent.mkdir(parents=True, exist_ok=True)
    request = urllib.request.Request(address, headers={"User-Agent": "kviboard"})
    with (
        _OPENER.open(request, timeout=_ANSWERS_WITHIN) as answer,
        write_atomically(target, durable=True) as unfinished,
        unfinished.open("wb") as out,
    ):
        for chunk in _chunks(answer, until):
            out.write(chunk)
        if not out.tell():
            raise _UnfitError("it is empty")


def _chunks(answer: HTTPResponse, until: float) -> Iterator[bytes]:
    """What comes, as it comes: one slow byte after the other must not keep anybody waiting."""
    taken, promised = 0, answer.headers.get("Content-Length", "")
    while chunk := answer.read1(_CHUNK):
        taken += len(chunk)
        if taken > _MOST_BYTES:
            raise _UnfitError(f"it is larger than {_MOST_BYTES / 1e9:g} GB")
        if time.monotonic() > until:
            raise _UnfitError(f"it takes longer than {_SECONDS} seconds")
        yield chunk
    if promised.isdecimal() and taken < int(promised):
        raise _UnfitError(f"it is cut off after {taken:,} of {int(promised):,} bytes")


class _Guarded(urllib.request.HTTPRedirectHandler):
    """Follows only to where nobody can listen."""

    def redirect_request(self, req: Any, fp: Any, code: int, msg: str, headers: Any, newurl: str) -> Any:
        if not is_private_address(newurl):
            raise _UnfitError("it leads to an address that is not https")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


_OPENER = urllib.request.build_opener(_Guarded)


def _failed(workspace: Workspace, name: str, address: str, error: Exception) -> Problem:
    host = urlsplit(address).hostname or "the address"
    why = getattr(error, "reason", error)
    if isinstance(error, urllib.error.HTTPError):
        why = f"it answered {error.code}"
    elif isinstance(error, HTTPException):
        why = f"it answers as no web server does, {type(error).__name__}"
    files, _ = find_files(workspace, name)
    newest = max((file.path.stat().st_mtime for file in files), default=None)
    age = f"What is read is of {format_day(datetime.fromtimestamp(newest).date())}." if newest else "Nothing is there."
    return Problem(f"[sources.{name}] fetch", f"{host} could not be read ({why}).", age)
