"""Which workspace the server serves, as its kviboard.toml says now, and whether anything may be changed at all."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from kviboard.apart import Apart
from kviboard.caching import shared_cache
from kviboard.files import FileStamp, file_stamp
from kviboard.workspace import CONFIG_NAME, WORKSPACE_VARIABLE, Workspace, load_workspace

READ_ONLY_VARIABLE = "KVIBOARD_READ_ONLY"
"""The environment variable under which nobody changes anything, whatever their role."""

Found = TypeVar("Found")
_looked_up: ContextVar[dict[str, Any] | None] = ContextVar("looked_up", default=None)


@contextmanager
def one_look() -> Iterator[None]:
    """Wrap around drawing a page: all of it shows the same workspace, board and entries, whatever is published or saved
    meanwhile."""
    before = _looked_up.set({})
    try:
        yield
    finally:
        _looked_up.reset(before)


def once(what: str, look: Callable[[], Found]) -> Found:
    """What `look` finds, looked up once while a page is drawn; anew at every call where none is."""
    found = _looked_up.get()
    if found is None:
        return look()
    if what not in found:
        found[what] = look()
    return found[what]  # type: ignore[no-any-return]


def workspace() -> Workspace:
    """The workspace served, read again when its kviboard.toml changes; looked at once while a page is drawn. Raises
    WorkspaceError."""
    return once("workspace", _workspace_now)


def _workspace_now() -> Workspace:
    folder = os.environ.get(WORKSPACE_VARIABLE)
    config = Path(folder) / CONFIG_NAME if folder else None
    stamp = file_stamp(config) if config and config.is_file() else None
    return _workspace(folder, stamp)


def company_zone() -> ZoneInfo:
    """The time zone of the company's clocks. Raises WorkspaceError."""
    return workspace().company.zone


def apart() -> Apart:
    """Where files are looked at that somebody brought: in a process of its own."""
    engine = workspace().engine
    return Apart(workspace().state, engine.preview_gb, engine.preview_minutes * 60)


def is_read_only() -> bool:
    """Whether the board only shows."""
    return bool(os.environ.get(READ_ONLY_VARIABLE))


@shared_cache(most=2)
def _workspace(folder: str | None, stamp: FileStamp | None) -> Workspace:
    return load_workspace(folder)
