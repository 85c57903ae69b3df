"""What is kept between reruns: the workspace, the open board and its readings. Keys are versions, never frames."""

import os
from pathlib import Path

import streamlit as st

from kviboard.board.board import Board, open_board
from kviboard.board.readings import Reading, View, read_kvi
from kviboard.catalog import catalog_fingerprint
from kviboard.warehouse.versions import current_version
from kviboard.workspace import CONFIG_NAME, Workspace, load_workspace

WORKSPACE_VARIABLE = "KVIBOARD_WORKSPACE"
Key = tuple[object, ...]


def workspace() -> Workspace:
    """The workspace served, read again when its kviboard.toml changes. Raises WorkspaceError."""
    folder = os.environ.get(WORKSPACE_VARIABLE)
    config = Path(folder) / CONFIG_NAME if folder else None
    stamp = config.stat().st_mtime_ns if config and config.is_file() else 0
    return _workspace(folder, stamp)


def board() -> Board:
    """The board on the current version and the query files as they are now. Raises NotBuiltError, WorkspaceError."""
    return _board(board_key())


def board_key() -> Key:
    """Changes when another version is published or a query file or setting changes; part of every cache key."""
    here = workspace()
    version = current_version(here)
    return (os.environ.get(WORKSPACE_VARIABLE), id(here), str(version), catalog_fingerprint(here))


def readings(name: str, view: View) -> list[Reading]:
    """The KVI's readings, shared by all sessions: do not change their frames."""
    return _readings(board_key(), name, view)


def warm_up() -> None:
    """Import what pages need and read every KVI once, so that the first visitor does not wait."""
    import altair  # noqa: F401
    import pandas  # noqa: F401

    opened = board()
    for name, kvi in opened.kvis.items():
        _readings(board_key(), name, View(kvi.grains[-1]))


@st.cache_resource(show_spinner=False, max_entries=2)
def _workspace(folder: str | None, stamp: int) -> Workspace:
    return load_workspace(folder)


@st.cache_resource(show_spinner=False, max_entries=3)
def _board(key: Key) -> Board:
    return open_board(workspace())


@st.cache_resource(show_spinner=False, max_entries=4096)
def _readings(key: Key, name: str, view: View) -> list[Reading]:
    opened = _board(key)
    return read_kvi(opened, opened.kvi(name), view)
