"""Opens the board while those who show it are still being loaded: its tables are read beside Python, not by it."""

import threading
from concurrent.futures import Future
from contextlib import suppress
from pathlib import Path

from kviboard.board.board import Board, open_board
from kviboard.catalog import catalog_fingerprint
from kviboard.errors import KviBoardError
from kviboard.warehouse.versions import current_version
from kviboard.workspace import Workspace

_begun: dict[Path, tuple[str, Future[Board]]] = {}


def open_ahead(workspace: Workspace) -> None:
    """Begin to open the board, for `opened_board`."""
    ahead: Future[Board] = Future()
    _begun[workspace.root] = catalog_fingerprint(workspace), ahead

    def open_it() -> None:
        try:
            ahead.set_result(open_board(workspace))
        except Exception as error:
            ahead.set_exception(error)

    # No daemon: a process that ends meanwhile waits for it, instead of taking DuckDB from below it.
    threading.Thread(target=open_it).start()


def opened_board(workspace: Workspace) -> Board:
    """The board as it is now: the one that was begun, where settings, queries and version are still those, else
    opened anew. Raises what `open_board` raises."""
    queries, ahead = _begun.pop(workspace.root, ("", None))
    if ahead is not None and queries == catalog_fingerprint(workspace):
        with suppress(KviBoardError):
            board = ahead.result()
            if board.workspace == workspace and board.reader.version == current_version(workspace):
                return board
    return open_board(workspace)
