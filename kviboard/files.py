"""Writing files so that readers see all of one or none of it, and telling whether a file was changed."""

import errno
import os
import shutil
import stat
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

FileStamp = tuple[int, int]
"""The size in bytes and the time of change in nanoseconds."""


def file_stamp(path: str | os.PathLike[str]) -> FileStamp:
    """Changes when the file's content does. Raises OSError where there is no such file."""
    facts = os.stat(path)
    return facts.st_size, facts.st_mtime_ns


def shown_name(name: str) -> str:
    """A name as it can be printed and kept: ? stands for each byte that is no UTF-8."""
    return name.encode("utf-8", "replace").decode("utf-8")


def refuse_endless(path: Path) -> None:
    """Raises OSError for a pipe, a socket or a device: to read it may wait for ever, or never end. FileNotFoundError
    where nothing is there."""
    mode = path.stat().st_mode
    if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
        raise OSError(errno.EINVAL, "it is a pipe or a device and no file", str(path))


@contextmanager
def write_atomically(
    path: Path, *, durable: bool = False, replacing: bool = True, private: bool = False
) -> Iterator[Path]:
    """Yields a path beside `path` to write to; it becomes `path` when the block ends, and is removed on an error.

    `private`: only its owner may read it. `durable`: the content is on the disk, not only promised, before it gets its
    name, and the name before this returns.
    Raises OSError, also for a folder, a pipe or a device; FileExistsError where a file has the name already and
    `replacing` is not allowed.
    """
    if not path.name:
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    with suppress(FileNotFoundError):
        refuse_endless(path)  # a file would take the place of /dev/full or of a pipe that others write to
    unfinished = path.with_name(f".{path.name}.{os.getpid()}-{threading.get_ident()}.part")
    try:
        yield unfinished
        if private:
            hide(unfinished)
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


def make_private(folder: Path) -> None:
    """Make a folder, and those above it that are missing, such that only its owner can look inside. Raises OSError."""
    missing = [path for path in (folder, *folder.parents) if not path.exists()]
    for path in reversed(missing):
        path.mkdir(mode=0o700, exist_ok=True)


def hide(path: Path) -> None:
    """Take a file's or folder's rights from everybody but its owner, where this user may."""
    with suppress(OSError):
        path.chmod(0o700 if path.is_dir() else 0o600)


def remove(path: Path) -> None:
    """Remove a file or a whole folder, where it is there and this user may."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        with suppress(OSError):
            path.unlink(missing_ok=True)


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
