"""Finds files by a pattern with `**`, which searches folders in folders: never through links, and never for ever."""

import os
import time
from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase
from glob import has_magic
from pathlib import Path

MOST_SECONDS = 4.0
DEEP = "**"


def search(root: Path, pattern: str) -> list[Path]:
    """Files that a pattern below `root`, or an absolute one, matches; none in hidden folders. TimeoutError after
    MOST_SECONDS."""
    parts = Path(pattern).parts
    fixed = next(number for number, part in enumerate(parts) if has_magic(part))
    folder = root.joinpath(*parts[:fixed])
    depth = len(folder.parts)
    return [path for path in _files(folder) if _fits(path.parts[depth:], parts[fixed:])]


def _files(folder: Path) -> Iterator[Path]:
    until = time.monotonic() + MOST_SECONDS
    for where, folders, names in os.walk(folder):
        if time.monotonic() > until:
            raise TimeoutError
        folders[:] = [name for name in folders if not name.startswith(".")]
        yield from (Path(where, name) for name in names)


def _fits(parts: Sequence[str], wanted: Sequence[str]) -> bool:
    if not wanted:
        return not parts
    if wanted[0] == DEEP:
        return any(_fits(parts[skipped:], wanted[1:]) for skipped in range(len(parts) + 1))
    return bool(parts) and fnmatchcase(parts[0], wanted[0]) and _fits(parts[1:], wanted[1:])
