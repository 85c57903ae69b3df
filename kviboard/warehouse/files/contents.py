"""Knows a file by what is in it, and reads it anew only where the file system says that it may have changed.

A hash holds as long as size, time of change, inode and the time of the last change of any of these (ctime) are the
same: programs set the time of change as they like, but not ctime. A file that was changed within the two seconds
before its hash was taken is hashed again, because a later change may have had the same times. Windows has no ctime,
so that there all files but large ones are hashed each time. Large Parquet files, which are never copied, are known by
these marks alone: touched, they count as changed.
"""

import hashlib
import json
import os
import stat
import time
from contextlib import suppress
from pathlib import Path

from pydantic_core import from_json

from kviboard.files import make_private, write_atomically

Mark = tuple[int, int, int, int]
_LARGE = 256 * 1024 * 1024
_TICK = 2_000_000_000  # nanoseconds: the coarsest times that file systems keep
_HAS_CTIME = os.name != "nt"


class Contents:
    """Hashes of the files of one source. `place`: where they are kept from one time to the next; nowhere unless given.

    Only what is asked for is kept, so that files that are gone are forgotten.
    """

    def __init__(self, place: Path | None = None) -> None:
        self._place = place
        self._before = _recall(place) if place else {}
        self._now: dict[str, list[object]] = {}

    def of(self, path: Path, mark: Mark | None = None) -> str:
        """A text that is the same as long as the file has the same bytes; `mark`: its mark, where that was looked up.
        Raises OSError."""
        mark = mark or mark_of(path)
        known = self._before.get(str(path))
        if known and known[0] == list(mark) and (_HAS_CTIME or mark[0] > _LARGE):
            self._now[str(path)] = known
            return str(known[1])
        content = _hash(path, mark)
        if time.time_ns() - max(mark[1], mark[2]) > _TICK:
            self._now[str(path)] = [list(mark), content]
        return content

    def keep(self) -> None:
        """Remember what was found out, where there is a state folder that may be written to."""
        if self._place and self._now != self._before and self._place.parent.parent.is_dir():
            with suppress(OSError):
                make_private(self._place.parent)
                with write_atomically(self._place, private=True) as unfinished:
                    unfinished.write_text(json.dumps(self._now), encoding="utf-8")


def mark_of(path: Path) -> Mark:
    """What the file system says of a file: another one wherever its content may be another. Raises OSError."""
    return _mark(os.stat(path))


def try_mark(path: Path) -> Mark | None:
    """The mark of a file; None of what is none, or is not there."""
    try:
        facts = os.stat(path)
    except (OSError, ValueError):
        return None
    return _mark(facts) if stat.S_ISREG(facts.st_mode) else None


def _mark(facts: os.stat_result) -> Mark:
    return facts.st_size, facts.st_mtime_ns, facts.st_ctime_ns if _HAS_CTIME else 0, facts.st_ino


def _hash(path: Path, mark: Mark) -> str:
    if mark[0] > _LARGE and path.suffix.lower() in (".parquet", ".pq"):
        return f"as of {mark}"
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _recall(place: Path) -> dict[str, list[object]]:
    try:
        held = from_json(place.read_bytes())  # in a third of the time
    except (OSError, ValueError):
        return {}
    sound = isinstance(held, dict) and all(isinstance(entry, list) and len(entry) == 2 for entry in held.values())
    return held if sound else {}
