"""Versions of the warehouse on disk: one folder each, and a pointer to the one in use.

<state>/warehouse/<version>/*.parquet + manifest.json, <state>/warehouse/current. A version appears by one rename and
is put in use by one more, so whatever happens to a refresh, readers find the old version or the new one, whole.
"""

import os
import re
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

from pydantic_core import from_json

from kviboard.errors import BusyError, NotBuiltError, RefreshError
from kviboard.files import FileStamp, file_stamp, hide, make_private, remove, sync, write_atomically
from kviboard.warehouse.manifest import Manifest
from kviboard.warehouse.tables import PreviousVersion
from kviboard.workspace import Workspace

KEPT_VERSIONS = 5
MANIFEST = "manifest.json"
POINTER = "current"
_LOCK = "refresh.lock"
_UNFINISHED = ".building-"
FORGOTTEN = "forgotten customers"  # in made_from: the list that a version was made by
_VERSION = re.compile(r"\d{6,18}-\w+")


def warehouse_folder(workspace: Workspace) -> Path:
    """Where the versions are."""
    return workspace.state / "warehouse"


def list_versions(workspace: Workspace) -> list[Manifest]:
    """All versions that can be used, the newest first."""
    manifests = map(read_manifest, _version_folders(workspace))
    return sorted((m for m in manifests if m is not None), key=lambda manifest: manifest.version, reverse=True)


def newest(workspace: Workspace) -> PreviousVersion:
    """The version that was published last, even where an older one is in use."""
    for folder in _newest_first(workspace):
        if manifest := read_manifest(folder):
            return PreviousVersion(folder, manifest)
    return PreviousVersion()


def current_version(workspace: Workspace) -> str:
    """The version in use. Raises NotBuiltError before the first refresh."""
    folder = warehouse_folder(workspace)
    try:
        name = (folder / POINTER).read_text(encoding="utf-8").strip()
    except (OSError, ValueError):
        name = ""
    if _VERSION.fullmatch(name) and (folder / name / MANIFEST).is_file():
        return name
    versions = list_versions(workspace)
    if versions:
        return versions[0].version
    raise NotBuiltError(f"{workspace.company.name} has no data yet; run `kviboard refresh` to read the exports.")


def finish_publishing(workspace: Workspace) -> None:
    """Use the newest version where the program was killed after it was whole and before it was put in use.

    Whoever goes back to an older version writes the pointer after the newest version was there.
    """
    versions, pointer = list_versions(workspace), warehouse_folder(workspace) / POINTER
    if versions and pointer.is_file():
        published = version_folder(workspace, versions[0].version) / MANIFEST
        if pointer.stat().st_mtime_ns < published.stat().st_mtime_ns:
            _point_to(workspace, versions[0].version)
        _remove_old(workspace)


def _version_folders(workspace: Workspace) -> list[Path]:
    """The folders of versions; whatever else lies there is none."""
    return [path for path in warehouse_folder(workspace).glob("[0-9]*") if _VERSION.fullmatch(path.name)]


def _newest_first(workspace: Workspace) -> list[Path]:
    return sorted(_version_folders(workspace), key=lambda folder: folder.name, reverse=True)


def version_folder(workspace: Workspace, version: str) -> Path:
    """The folder of a version's tables."""
    return warehouse_folder(workspace) / version


def read_manifest(folder: Path) -> Manifest | None:
    """The manifest in `folder`; None where there is none that this board understands."""
    try:
        return _manifest(folder / MANIFEST, file_stamp(folder / MANIFEST))
    except (OSError, ValueError):  # pydantic's errors are ValueErrors, too
        return None


def _list_of(folder: Path) -> str | None:
    """The list of forgotten customers that a version was made by; None where that cannot be read."""
    try:
        found = from_json((folder / MANIFEST).read_bytes())["made_from"].get(FORGOTTEN, "")
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return None
    return str(found)


@lru_cache(maxsize=2 * KEPT_VERSIONS)
def _manifest(path: Path, stamp: FileStamp) -> Manifest:
    """Of 10,000 exports, reading it takes a quarter of a second."""
    return Manifest.model_validate_json(path.read_text(encoding="utf-8"))


def next_version(workspace: Workspace) -> str:
    """A name that sorts after all others, whatever the clock says."""
    numbers = [int(folder.name.split("-")[0]) for folder in _version_folders(workspace)]
    return f"{max(numbers, default=0) + 1:06d}-{datetime.now(UTC):%Y%m%dT%H%M%SZ}"


@contextmanager
def building(workspace: Workspace, version: str) -> Iterator[Path]:
    """An empty folder to build in, removed again unless it was published. Leftovers of killed refreshes go first."""
    root = warehouse_folder(workspace)
    for leftover in (*root.glob(f"{_UNFINISHED}*"), *root.glob(f".{POINTER}.*")):
        remove(leftover)
    folder = root / f"{_UNFINISHED}{version}"
    make_private(folder)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def publish(workspace: Workspace, folder: Path, manifest: Manifest) -> None:
    """Make the tables in `folder` the version in use and remove versions beyond the last KEPT_VERSIONS."""
    write_manifest(folder, manifest)
    for path in folder.iterdir():
        hide(path)
        sync(path)
    sync(folder)
    os.rename(folder, version_folder(workspace, manifest.version))
    _point_to(workspace, manifest.version)
    _remove_old(workspace)


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write down what the tables in `folder` are: from then on it can be read."""
    (folder / MANIFEST).write_text(manifest.model_dump_json(indent=1), encoding="utf-8")


def _remove_old(workspace: Workspace) -> None:
    """Remove versions beyond the last KEPT_VERSIONS, and those made before somebody was forgotten."""
    folders = _newest_first(workspace)
    made_by = {folder.name: list_ for folder in folders if (list_ := _list_of(folder)) is not None}
    listed = next(iter(made_by.values()), "")
    kept = {name for name in list(made_by)[:KEPT_VERSIONS] if made_by[name] == listed}
    if not listed:  # else a version that cannot be read may hold whoever is forgotten
        kept |= {folder.name for folder in folders} - made_by.keys()
    for old in folders:
        if old.name in kept:
            continue
        leaving = warehouse_folder(workspace) / f"{_UNFINISHED}{old.name}"  # first out of sight, then out of the way
        with suppress(OSError):  # some systems hold on to files that a reader has open: they go another time
            os.rename(old, leaving)
        shutil.rmtree(leaving, ignore_errors=True)


def roll_back(workspace: Workspace, version: str) -> Manifest:
    """Use an older version again; later ones stay. Raises RefreshError where it does not exist."""
    manifest = read_manifest(version_folder(workspace, version)) if _VERSION.fullmatch(version) else None
    if manifest is None:
        known = ", ".join(manifest.version for manifest in list_versions(workspace)) or "none yet"
        raise RefreshError(f'There is no version "{version}" to go back to; there are: {known}.')
    _point_to(workspace, version)
    return manifest


@contextmanager
def only_refresh(workspace: Workspace) -> Iterator[None]:
    """Keeps a second refresh out, in this process or another. Raises RefreshError while one is running.

    SQLite's lock goes with the process that holds it, on every system, so a killed refresh leaves none behind.
    """
    folder = warehouse_folder(workspace)
    make_private(folder)
    hide(workspace.state)  # an older board did not
    _remove_damaged(folder / _LOCK)
    (folder / _LOCK).touch(mode=0o600)
    with closing(sqlite3.connect(folder / _LOCK, timeout=0, isolation_level=None)) as lock:
        try:
            lock.execute("begin exclusive")
        except sqlite3.DatabaseError as error:
            if error.sqlite_errorcode == sqlite3.SQLITE_BUSY:
                raise BusyError("Another refresh is running; wait until it is done.") from error
            raise OSError(None, str(error), str(folder)) from error
        yield


def _remove_damaged(lock: Path) -> None:
    """Remove a lock that is none of SQLite's, which would keep all refreshes out."""
    if lock.is_file() and lock.read_bytes()[:15] not in (b"", b"SQLite format 3"):
        remove(lock)


def _point_to(workspace: Workspace, version: str) -> None:
    with write_atomically(warehouse_folder(workspace) / POINTER, durable=True, private=True) as unfinished:
        unfinished.write_text(version, encoding="utf-8")
