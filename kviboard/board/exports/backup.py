"""One file that holds a whole workspace, and back into an empty folder: settings, queries, exports, what people wrote,
the version in use, who is forgotten.

A tar archive whose first entry lists all others with their sizes and times. What people wrote goes in as an export of
the store, so that it comes back into SQLite and PostgreSQL alike. What can be made anew (caches, other versions) stays
out, and so does the secret that signs cookies.
"""

import gzip
import json
import os
import shutil
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BufferedIOBase, BytesIO
from pathlib import Path, PurePosixPath
from typing import IO, Any, Literal, cast
from zlib import error as ZlibError

from kviboard import __version__
from kviboard.board.context import EXPORT_FILE, open_bare_store_of, open_store_of
from kviboard.board.kvis.looks import LOOKED_FILE
from kviboard.domain.formatting import counted, listed
from kviboard.errors import KviBoardError, NotBuiltError, UsageError
from kviboard.files import hide, refuse_endless, remove, write_atomically
from kviboard.warehouse.files.discovery import find_files
from kviboard.warehouse.forgotten import FILE_NAME as FORGOTTEN_FILE
from kviboard.warehouse.versions import POINTER, current_version, only_refresh, version_folder, warehouse_folder
from kviboard.workspace import CONFIG_NAME, Workspace, load_workspace

KIND = "kviboard backup"
_LIST, _STORE, _FILES, _STATE = "kviboard-backup.json", "store.json", "files", ".kviboard"
_UNFINISHED = ".restoring-"
_MB = 1024 * 1024
_LONGEST_LIST, _MOST_FILES = 32 * _MB, 300_000
_LONGEST_HEAD = _MB  # of an entry: its name, and what else a tar says of it
_GZIP = b"\x1f\x8b"
_SMALL, _MOST_GROWTH = 64 * _MB, 200  # what people wrote may come from however little, and no text packs to less


@dataclass(frozen=True)
class _Entry:
    """A file of the back-up: where it goes below the restored folder, and where it is now."""

    name: str
    path: Path

    @property
    def facts(self) -> dict[str, Any]:
        stat = self.path.stat()
        return {"name": self.name, "bytes": stat.st_size, "time_ns": stat.st_mtime_ns}


def back_up(workspace: Workspace, file: Path, with_exports: bool = True) -> tuple[str, ...]:
    """Write the workspace to a file, which appears whole or not at all; returns what is in it, as sentences.

    Raises BusyError while a refresh is running, UsageError where the file cannot be written.
    """
    if not file.name or file.is_dir():
        raise UsageError(f"{file} is a folder: name the file that the back-up is to be, such as board.tar.gz.")
    try:
        with only_refresh(workspace), tempfile.TemporaryDirectory(dir=workspace.state, prefix=".backup-") as scratch:
            kept = Path(scratch) / _STORE
            with closing(open_store_of(workspace)) as store:
                rows = store.export_json(kept)
            entries = list(_entries(workspace, with_exports))
            with write_atomically(file, durable=True, private=True) as unfinished:
                _write(unfinished, _mode(file), entries, kept)
    except OSError as error:
        place = Path(error.filename or file)
        place = file if place.parent == file.parent else place  # it is written beside its name
        what = f"{place} cannot be written or read ({error.strerror or error})"
        raise UsageError(f"{what}; make room or give access, then do it again.") from error
    outside = [] if not with_exports else _outside(workspace)
    left_out = [f"Not in it, because they lie outside the workspace: {listed(outside)}."] if outside else []
    return (
        f"{counted(len(entries), 'file')} and {counted(rows, 'row')} of what people wrote are in {file}.",
        *left_out,
    )


def restore(file: Path, folder: Path) -> tuple[str, ...]:
    """Bring a workspace back from a file into a folder that is empty or not there, whole or not at all.

    Raises UsageError where the folder is in use or the file is no whole back-up, StoreError where the store that its
    settings name is not empty.
    """
    folder = folder.absolute()
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(f"{folder} is in use: restore into a folder that is empty or not there.")
    unfinished = folder.with_name(f"{_UNFINISHED}{folder.name}")
    try:
        remove(unfinished)
        unfinished.mkdir(parents=True, mode=0o700)
        with _opened(file) as archive:
            listing = _take_out(archive, unfinished, max(_SMALL, _MOST_GROWTH * file.stat().st_size))
        rows = _restore_store(unfinished)
        folder.parent.mkdir(parents=True, exist_ok=True)
        with suppress(FileNotFoundError):
            folder.rmdir()
        unfinished.rename(folder)
    except (
        tarfile.TarError,
        EOFError,
        ZlibError,
        ValueError,
        LookupError,
        TypeError,
        OverflowError,
        RecursionError,
    ) as error:
        why = str(error).splitlines()[0].rstrip(":")
        raise UsageError(f"{file} is no whole back-up ({why}); nothing was restored.") from error
    except OSError as error:
        what = f"{error.filename or file} cannot be read or written ({error.strerror or error})"
        raise UsageError(f"{what}; nothing was restored. Make room or give access, then do it again.") from error
    finally:
        remove(unfinished)
    files = counted(len(listing["files"]), "file")
    written = counted(rows, "row")
    return (f"{files} and {written} of what people wrote are in {folder}, as of {listing['made_at'][:16]} UTC.",)


def _entries(workspace: Workspace, with_exports: bool) -> Iterator[_Entry]:
    """Every file that goes in, settings first."""
    root, state = workspace.root, workspace.state
    own = [root / CONFIG_NAME, root / EXPORT_FILE, *workspace.own_queries]
    exports = [found.path for name in workspace.sources for found in find_files(workspace, name)[0]]
    exports += workspace.story_files
    inside = [path for path in exports if path.is_relative_to(root)] if with_exports else []
    for path in dict.fromkeys([*own, *inside]):
        if path.is_file():
            yield _Entry(path.relative_to(root).as_posix(), path)
    kept = [state / FORGOTTEN_FILE, state / LOOKED_FILE]
    kept += [file for name in ("replaced", "uploads", "stories") for file in (state / name).rglob("*")]
    with suppress(NotBuiltError):
        version = version_folder(workspace, current_version(workspace))
        kept += [*version.iterdir(), warehouse_folder(workspace) / POINTER]
    for path in kept:
        if path.is_file() and not path.name.startswith("."):
            yield _Entry(f"{_STATE}/{path.relative_to(state).as_posix()}", path)


def _outside(workspace: Workspace) -> list[str]:
    """Exports that lie elsewhere."""
    found = (file for name in workspace.sources for file in find_files(workspace, name)[0])
    return sorted({file.name for file in found if not file.path.is_relative_to(workspace.root)})


def _mode(file: Path) -> Literal["w", "w:gz"]:
    return "w:gz" if file.name.lower().endswith((".gz", ".tgz")) else "w"


def _write(path: Path, mode: Literal["w", "w:gz"], entries: list[_Entry], store: Path) -> None:
    facts = [entry.facts for entry in entries]
    made = {"kind": KIND, "program": __version__, "made_at": datetime.now(UTC).isoformat(" "), "files": facts}
    listing = json.dumps(made, indent=1).encode()
    with tarfile.open(path, mode, dereference=True) as archive:
        head = tarfile.TarInfo(_LIST)
        head.size = len(listing)
        archive.addfile(head, BytesIO(listing))
        archive.add(store, _STORE)
        for entry in entries:
            archive.add(entry.path, f"{_FILES}/{entry.name}", recursive=False)


class _Sparing(BufferedIOBase):
    """A file of which only so much is read before somebody says how much more: what describes an entry may claim to be
    as long as it likes, and is read at once."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file, self.left = file, float(_LONGEST_HEAD)

    def read(self, size: int | None = -1, /) -> bytes:
        size = -1 if size is None else size
        self.left -= size if size >= 0 else _LONGEST_HEAD + 1
        if self.left < 0:
            raise ValueError(f"what describes an entry is longer than {_LONGEST_HEAD // _MB} MB")
        return self._file.read(size)

    def seek(self, offset: int, whence: int = 0, /) -> int:
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()


class _Archive:
    """An archive that is read entry by entry."""

    def __init__(self, tar: tarfile.TarFile, file: _Sparing) -> None:
        self._tar, self._file = tar, file

    def next(self) -> tuple[tarfile.TarInfo | None, IO[bytes] | None]:
        """The next entry with its content; nothing for what has none, nothing at the end."""
        self._file.left = _LONGEST_HEAD
        entry = self._tar.next()
        self._file.left = float("inf")
        return entry, self._tar.extractfile(entry) if entry and entry.isreg() and not entry.issparse() else None


@contextmanager
def _opened(file: Path) -> Iterator[_Archive]:
    refuse_endless(file)
    with ExitStack() as stack:
        raw: IO[bytes] = stack.enter_context(file.open("rb"))
        is_packed = raw.read(len(_GZIP)) == _GZIP
        raw.seek(0)
        content = stack.enter_context(gzip.open(raw)) if is_packed else raw
        sparing = _Sparing(cast(IO[bytes], content))
        yield _Archive(stack.enter_context(tarfile.open(fileobj=sparing, mode="r:")), sparing)


def _take_out(archive: _Archive, folder: Path, most: int) -> dict[str, Any]:
    """Write what the archive's list names below `folder`; returns the list. `most`: bytes that people may have written.
    ValueError where something is amiss."""
    head, content = archive.next()
    if head and head.size > _LONGEST_LIST:
        raise ValueError(f"its list is longer than {_LONGEST_LIST // _MB} MB")
    text = content.read() if head and content and head.name == _LIST else b"{}"
    if text.count(b"{") + text.count(b"[") > _MOST_FILES:
        raise ValueError(f"its list has more than {_MOST_FILES:,} files")
    listing: dict[str, Any] = json.loads(text)
    if not isinstance(listing, dict) or listing.get("kind") != KIND or not isinstance(listing.get("made_at"), str):
        raise ValueError("it does not begin with the list of a back-up")
    wanted = {f"{_FILES}/{_safe(facts['name'])}": facts for facts in listing["files"]}
    if sum(facts["bytes"] for facts in wanted.values()) > shutil.disk_usage(folder).free:
        raise OSError(None, "there is not enough room", str(folder))
    _copy(archive, _STORE, folder / _STORE, most=most)
    for name, facts in wanted.items():
        path = folder / facts["name"]
        path.parent.mkdir(parents=True, exist_ok=True)
        _copy(archive, name, path, facts["bytes"])
        os.utime(path, ns=(facts["time_ns"], facts["time_ns"]))
    for path in (folder / _STATE, *(folder / _STATE).rglob("*")):
        hide(path)
    return listing


def _copy(archive: _Archive, name: str, path: Path, size: int | None = None, most: int | None = None) -> None:
    """Write the next entry of the archive, which must be this one."""
    entry, content = archive.next()
    if entry is None or content is None or entry.name != name or size not in (None, entry.size):
        raise ValueError(f"{name} is not where it should be")
    if most is not None and entry.size > most:
        raise ValueError(f"{name} grows to more than {most // _MB:,} MB when it is unpacked")
    with path.open("wb") as target:
        shutil.copyfileobj(content, target)
    if path.stat().st_size != entry.size:
        raise ValueError(f"{name} is cut off")


def _safe(name: str) -> str:
    """A path below the folder, and nothing else."""
    parts = PurePosixPath(name).parts
    if not parts or name.startswith("/") or ".." in parts or "\\" in name or ":" in parts[0]:
        raise ValueError(f"{name} would lie outside the folder")
    return name


def _restore_store(folder: Path) -> int:
    """Import what people wrote into the store that the restored settings name; returns how many rows there are."""
    kept = folder / _STORE
    try:
        with closing(open_bare_store_of(load_workspace(folder))) as store:
            if store.history.newest():
                again = folder / "again.json"
                rows = store.export_json(again)
                if again.read_bytes() != kept.read_bytes():
                    raise UsageError(f"{store.where} is not empty; name another one under [store] url.")
                again.unlink()  # an interrupted restore had come this far
                return rows
            return store.import_json(kept)
    except KviBoardError as error:
        raise UsageError(f"Nothing was restored: {error}") from error
    finally:
        kept.unlink(missing_ok=True)
