"""The board that was begun to open is taken once, and only while it is the board as it is now."""

from collections.abc import Callable
from pathlib import Path

import pytest

from kviboard.board import board, opening
from kviboard.board.board import Board
from kviboard.board.opening import open_ahead, opened_board
from kviboard.errors import NotBuiltError
from kviboard.workspace import Workspace, load_workspace
from tests.board.conftest import write_tiny


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[Board]:
    """Every board that is opened, in order."""
    made: list[Board] = []

    def open_and_note(workspace: Workspace) -> Board:
        made.append(board.open_board(workspace))
        return made[-1]

    monkeypatch.setattr(opening, "open_board", open_and_note)
    return made


def test_it_is_opened_once_and_taken_once(tiny_board: Board, opened: list[Board]) -> None:
    open_ahead(tiny_board.workspace)
    taken = opened_board(tiny_board.workspace)
    assert opened == [taken]
    assert taken.reader.version == tiny_board.reader.version
    assert opened_board(tiny_board.workspace) is not taken


def a_query(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    (workspace.root / "queries" / "kvis" / "fresh.sql").write_text("select 1", encoding="utf-8")
    return workspace


def a_setting(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    return workspace.model_copy(update={"surveys": workspace.surveys.model_copy(update={"valid_days": 7})})


def a_version(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    monkeypatch.setattr(opening, "current_version", lambda workspace: "a later one")
    return workspace


@pytest.mark.parametrize("change", [a_query, a_setting, a_version])
def test_what_changed_meanwhile_is_not_missed(
    tiny: Callable[..., Board],
    opened: list[Board],
    monkeypatch: pytest.MonkeyPatch,
    change: Callable[[Workspace, pytest.MonkeyPatch], Workspace],
) -> None:
    workspace = tiny().workspace
    (workspace.root / "queries" / "kvis").mkdir(parents=True, exist_ok=True)
    open_ahead(workspace)
    now = change(workspace, monkeypatch)
    taken = opened_board(now)
    assert taken is opened[-1]
    assert taken.workspace is now


def test_why_there_is_none_is_said_to_whoever_asks(tmp_path: Path) -> None:
    write_tiny(tmp_path)
    workspace = load_workspace(tmp_path)
    open_ahead(workspace)
    with pytest.raises(NotBuiltError):
        opened_board(workspace)
