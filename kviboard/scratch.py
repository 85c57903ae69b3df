"""Folders for what is written only for a while: what does not fit into memory, and what is looked at and not kept.

<state>/spill/<folder> and <folder>.lock: whoever uses a folder holds its lock, and a lock goes with its process however
that ends. So what a killed process left is told from what is in use, and removed when the next folder is made.
"""

import os
import secrets
import sqlite3
import weakref
from contextlib import suppress
from pathlib import Path

from kviboard.files import make_private, remove

_LOCK = ".lock"
_PATIENCE = 2.0  # seconds for somebody else to find out that the folder is in use


class Scratch:
    """A private folder of one's own, in which nothing lies. It goes with the object, else with the next one made."""

    def __init__(self, state: Path) -> None:
        """Raises OSError where the state folder cannot be written."""
        clear_scratch(state)
        self.folder = state / "spill" / secrets.token_hex(8)
        lock = _hold(self.folder)
        self.close = weakref.finalize(self, _give_up, self.folder, lock)
        make_private(self.folder)


def clear_scratch(state: Path) -> None:
    """Remove what nobody uses any more."""
    root = state / "spill"
    for name in {path.name.split(".")[0] for path in root.iterdir()} if root.is_dir() else ():
        lock = _hold_at_once(root / name)
        if lock:
            _give_up(root / name, lock)


def _hold(folder: Path) -> sqlite3.Connection:
    """Hold a folder that is about to be made."""
    make_private(folder.parent)
    place = folder.with_suffix(_LOCK)
    while True:
        place.touch(mode=0o600)
        try:
            lock = _locked(place, _PATIENCE)
            if place.exists():
                return lock
            lock.close()  # who cleared up was there in between
        except sqlite3.DatabaseError as error:
            raise OSError(None, str(error), str(place)) from error


def _hold_at_once(folder: Path) -> sqlite3.Connection | None:
    """Hold a folder that is there; None where somebody else does."""
    with suppress(sqlite3.DatabaseError):
        return _locked(folder.with_suffix(_LOCK), 0)
    return None


def _locked(place: Path, patience: float) -> sqlite3.Connection:
    lock = sqlite3.connect(place, timeout=patience, isolation_level=None, check_same_thread=False)
    try:
        lock.execute("begin exclusive")
    except BaseException:
        lock.close()
        raise
    return lock


def _give_up(folder: Path, lock: sqlite3.Connection) -> None:
    """Remove a folder and what is called like it: an older board wrote files and no folders."""
    lock_file = folder.with_suffix(_LOCK)
    for path in folder.parent.glob(f"{folder.name}*"):
        if path != lock_file:
            remove(path)
    if os.name == "nt":  # no file goes there while it is open
        lock.close()
    remove(lock_file)
    lock.close()
