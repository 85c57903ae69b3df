"""Notes which KVIs the visitor looks at."""

from collections.abc import Collection

import streamlit as st

from kviboard.board.board import Board
from kviboard.board.kvis.looks import note_looks
from kviboard.ui.access import may
from kviboard.ui.served import workspace


def note_looking(board: Board, kvis: Collection[str], page: str) -> None:
    """Note that these KVIs are looked at on a page, once per visit, without a name; not where the board only shows."""
    seen: set[tuple[str, str]] = st.session_state.setdefault("looked-at", set())
    new = [kvi for kvi in kvis if (kvi, page) not in seen]
    if new and may("answer"):
        seen.update((kvi, page) for kvi in new)
        note_looks(board, new, page, workspace().company.today())
