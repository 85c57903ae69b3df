"""Writing files so that readers see all of one or none of it, and telling whether a file was changed."""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

FileStamp = tuple[int, int]
"""The size in bytes and the time of change in nanoseconds."""


def file_stamp(path: str | os.PathLike[str]) -> FileStamp:
    """Changes when the file's content does. Raises OSError where there is no such file."""
    stat = os.stat(path)
    return stat.st_size, stat.st_mtime_ns


@contextmanager
def write_atomically(path: Path, *, durable: bool = False, replacing: bool = True) -> Iterator[Path]:
    """Yields a path beside `path` to write to; it becomes `path` when the block ends, and is removed on an error.

    `durable`: the content is on the disk, not only promised, before it gets its name, and the name before this returns.
    Raises OSError; FileExistsError where a file has the name already and `replacing` is not allowed.
    """
    unfinished = path.with_name(f".{path.name}.{os.getpid()}-{threading.get_ident()}.part")
    try:
        yield unfinished
        if durable:
            sync(unfinished)
        if replacing:
            os.replace(unfinished, path)
        else:
            _place(unfinished, path)
        if durable:
            sync(path.parent)
    finally:
        unfinished.unlink(missing_ok=True)


def sync(path: Path) -> None:
    """Make sure that a file or the entries of a folder are on the disk."""
    if os.name == "nt" and path.is_dir():
        return  # Windows has no handle for a folder's entries
    handle = os.open(path, os.O_RDWR if os.name == "nt" else os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _place(unfinished: Path, path: Path) -> None:
    """Give the file its name unless another has it; a link is the one step that cannot overwrite."""
    try:
        os.link(unfinished, path)
    except FileExistsError:
        raise
    except OSError as error:  # a file system without links
        if path.exists():
            raise FileExistsError(str(path)) from error
        os.replace(unfinished, path)
