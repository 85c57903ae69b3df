"""New export files that people bring: kept apart, looked at, then taken in among the exports or discarded.

A file waits on disk until somebody decides, so a lost session loses nothing. What it may be called is said by
export_names, what a refresh would make of it by the warehouse; refreshing afterwards is the caller's.
"""

import os
import re
import secrets
import shutil
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from kviboard.apart import Caller, here
from kviboard.board.board import Board
from kviboard.board.exports.actor import BY_OWNER, Actor
from kviboard.board.exports.names import find_target, is_export_name, likely_name, pattern_for, plain_name
from kviboard.catalog import load_catalog
from kviboard.domain.names import likeness
from kviboard.errors import GivenUpError, KviBoardError, Problem, UsageError
from kviboard.files import make_private, remove, write_atomically
from kviboard.warehouse.files.discovery import readable_name
from kviboard.warehouse.manifest import LedgerRow, Manifest
from kviboard.workspace import Workspace
from kviboard.workspace.settings import Source

if TYPE_CHECKING:
    from kviboard.warehouse.staging.preview import ImportPreview

_PART = 1_000_000  # bytes that are compared at a time


@dataclass(frozen=True)
class Upload:
    """A file that waits to be taken in. `name` is what it was called where it came from."""

    path: Path

    @property
    def name(self) -> str:
        return self.path.name

    @property
    def key(self) -> str:
        """Tells it from all others; later ones sort later."""
        return self.path.parent.name

    @property
    def is_waiting(self) -> bool:
        return self.path.is_file()


@dataclass(frozen=True)
class Preview:
    """What taking a file in would do. `file` is None where it cannot be read; with `problems`, it must not go in."""

    target: str  # where it would go, as people say it
    replaces: str  # where the file would be kept that is there already; "" where there is none
    file: "ImportPreview | None"
    problems: tuple[Problem, ...]
    own: tuple[LedgerRow, ...] = ()  # what would become of its rows, per table
    repeats: int = 0  # rows of other files that it has again


def receive(workspace: Workspace, name: str, content: BinaryIO, actor: Actor = BY_OWNER) -> Upload:
    """Keep a file that was sent, under its own name: with a number where another of that name waits, not again where
    the very same does. Raises UsageError for a name that is no export's, NotAllowedError where `actor` may not, as
    take_in and discard do."""
    plain = plain_name(name)
    if not is_export_name(workspace, plain):
        raise UsageError(f"{name} is no export that the board can read: choose CSV, TSV, XLSX, JSON lines or Parquet.")
    remove_expired(workspace)
    waiting = {upload.name: upload for upload in waiting_uploads(workspace)}
    _refuse_too_much(workspace, name, content, waiting.values())
    for called in _numbered(plain):
        if called not in waiting:
            plain = called
            break
        if _holds(waiting[called], content):
            return waiting[called]
    actor.begin("uploaded", file=plain)
    folder = _inbox(workspace) / f"{datetime.now():%Y%m%dT%H%M%S%f}-{secrets.token_hex(3)}"
    try:
        make_private(folder)
        with write_atomically(folder / plain, durable=True, private=True) as unfinished:
            _write(content, unfinished)
    except OSError as error:
        shutil.rmtree(folder, ignore_errors=True)
        raise UsageError(f"{name} cannot be kept ({error.strerror}); make room in {_inbox(workspace)}.") from error
    return Upload(folder / plain)


def _numbered(name: str) -> Iterator[str]:
    """ "orders.csv.gz", "orders-2.csv.gz", "orders-3.csv.gz" and so on."""
    stem, *endings = re.split(r"(?=\.(?:\w+\.gz|\w+)$)", name, maxsplit=1, flags=re.IGNORECASE)
    yield name
    yield from (f"{stem}-{number}{''.join(endings)}" for number in count(2))


def _holds(upload: Upload, content: BinaryIO) -> bool:
    """Whether a file that waits holds just this."""
    try:
        if upload.path.stat().st_size != content.seek(0, os.SEEK_END):
            return False
        content.seek(0)
        with upload.path.open("rb") as kept:
            parts = zip(iter(partial(kept.read, _PART), b""), iter(partial(content.read, _PART), b""), strict=True)
            return all(one == other for one, other in parts)
    except OSError:
        return False
    finally:
        content.seek(0)


def waiting_uploads(workspace: Workspace) -> list[Upload]:
    """Files that nobody has taken in or discarded yet, the latest first."""
    paths = [path for path in _inbox(workspace).glob("*/*") if path.is_file() and not path.name.startswith(".")]
    return sorted(map(Upload, paths), key=lambda upload: upload.key, reverse=True)


def discard(upload: Upload, actor: Actor = BY_OWNER) -> None:
    """Remove a file that waits."""
    actor.begin("discarded", file=upload.name)
    _remove(upload)


def _remove(upload: Upload) -> None:
    shutil.rmtree(upload.path.parent, ignore_errors=True)


def remove_expired(workspace: Workspace, now: datetime | None = None) -> int:
    """Remove what has waited, or was replaced, [uploads] keep_days ago or longer; returns how many files."""
    oldest = (now or datetime.now()).timestamp() - workspace.uploads.keep_days * 86_400
    old = [path for path in _kept_files(workspace) if max(path.stat().st_ctime, path.stat().st_mtime) < oldest]
    for path in old:
        remove(path)
        if path.parent.parent == _inbox(workspace):
            remove(path.parent)
    return len(old)


def _kept_files(workspace: Workspace) -> list[Path]:
    folders = (_inbox(workspace), workspace.state / "replaced")
    return [path for folder in folders for path in folder.rglob("*") if path.is_file()]


def _refuse_too_much(workspace: Workspace, name: str, content: BinaryIO, others: Iterable[Upload]) -> None:
    """Raises UsageError where more would wait than may."""
    size = content.seek(0, os.SEEK_END)
    content.seek(0)
    waiting = sum(upload.path.stat().st_size for upload in others)
    most = workspace.uploads.most_gb * 1e9
    if waiting + size > most:
        what = f"{name} has {size / 1e9:,.2f} GB and {waiting / 1e9:,.2f} GB wait already, of {most / 1e9:g} GB"
        raise UsageError(f"{what}: take in or discard some files first, or raise [uploads] most_gb.")


def remove_all_uploads(workspace: Workspace) -> int:
    """Remove every file that waits or was replaced, whatever it holds; returns how many there were."""
    files = len(_kept_files(workspace))
    for folder in (_inbox(workspace), workspace.state / "replaced"):
        remove(folder)
    return files


def likely_source(workspace: Workspace, board: Board | None, upload: Upload, call: Caller = here) -> str:
    """The source whose pattern the file's name matches, else the one that uses most of its columns; of several the one
    that the file is named after."""
    for name in workspace.sources:
        if pattern_for(workspace, name, upload.name, upload.name):
            return name
    catalog = board.catalog if board else load_catalog(workspace)
    try:
        columns = call(_columns_by_source, upload.path, workspace.sources)
    except GivenUpError:  # the preview says so
        columns = {}

    from kviboard.warehouse.staging.preview import column_uses

    def fitness(name: str) -> tuple[int, bool, bool]:
        uses = column_uses(workspace, catalog, name, columns.get(name, ()))
        has_name = likeness(name) in likeness(upload.name)
        return sum(bool(use.feeds) for use in uses), bool(likely_name(workspace, name, upload.name)), has_name

    return max(workspace.sources, key=fitness)


def _columns_by_source(path: Path, sources: Mapping[str, Source]) -> dict[str, tuple[str, ...]]:
    """The names of a file's columns, as each source would read it."""
    from kviboard.warehouse.staging.preview import peek_columns

    return {name: peek_columns(path, source) for name, source in sources.items()}


def preview(
    workspace: Workspace, board: Board | None, upload: Upload, source: str, name: str, call: Caller = here
) -> Preview:
    """What a refresh would make of the file, which is read where `call` does it; `board` reads the version in use.
    Raises UsageError like find_target."""
    from kviboard.warehouse.staging.preview import preview_import

    catalog = board.catalog if board else load_catalog(workspace)
    version = board.reader.manifest if board else None
    target = find_target(workspace, source, upload.name, name)
    shown_name = readable_name(workspace, target)
    replaces = readable_name(workspace, _kept(workspace, target)) if target.exists() else ""
    try:
        file = call(preview_import, workspace, catalog, source, upload.path, shown_name)
    except GivenUpError as error:
        return Preview(shown_name, replaces, None, (given_up(shown_name, error),))
    except KviBoardError as error:
        problems = error.problems or (Problem(shown_name, str(error)),)
        return Preview(shown_name, replaces, None, tuple(problems))
    own = tuple(row for row in file.ledger if _is_of(row, shown_name))
    unused = Problem(
        shown_name, f"has no column that {source} uses.", "Choose another source, or name them under rename."
    )
    if not file.columns:
        unused = Problem(shown_name, "is empty.", "Export it again.")
    problems = file.refusals if any(column.feeds for column in file.columns) else (unused,)
    return Preview(shown_name, replaces, file, problems, own, _repeats(file, shown_name, version))


def given_up(name: str, error: GivenUpError) -> Problem:
    """What to say of a file that takes too much to look at."""
    return Problem(
        name, f"{error}.", "Export it in several files, or allow more: [engine] preview_minutes, preview_gb."
    )


def take_in(
    workspace: Workspace, upload: Upload, source: str, name: str, replacing: bool, actor: Actor = BY_OWNER
) -> Path:
    """Move the file among the exports, whole or not at all, and return its new path.

    A file of that name is only replaced where `replacing` says so, and kept in the state folder. Raises UsageError, the
    file still waiting, where it cannot be taken in.
    """
    target = find_target(workspace, source, upload.name, name)
    shown_name = readable_name(workspace, target)
    actor.begin("taken in", file=upload.name, source=source, export=shown_name)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with write_atomically(target, durable=True, replacing=replacing) as unfinished:
            with upload.path.open("rb") as content:
                _write(content, unfinished)
            if replacing:
                _keep(workspace, target)
    except FileExistsError as error:
        raise UsageError(
            f"{shown_name} is there already; say that it may be replaced, or choose another name."
        ) from error
    except OSError as error:
        hint = "give write access or make room, then take it in again"
        raise UsageError(f"{shown_name} cannot be written ({error.strerror}); {hint}.") from error
    _remove(upload)
    return target


def _inbox(workspace: Workspace) -> Path:
    return workspace.state / "uploads"


def _write(content: BinaryIO, path: Path) -> None:
    with path.open("wb") as file:
        shutil.copyfileobj(content, file)


def _keep(workspace: Workspace, target: Path) -> None:
    if target.exists():
        kept = _kept(workspace, target)
        make_private(kept.parent)
        with write_atomically(kept, durable=True, private=True) as unfinished:
            shutil.copy2(target, unfinished)


def _kept(workspace: Workspace, target: Path) -> Path:
    return workspace.state / "replaced" / target.name


def _repeats(file: "ImportPreview", shown_name: str, version: Manifest | None) -> int:
    """Rows of other files that are folded because of this one, against what the version in use folded."""
    tables = {row.table_name for row in file.ledger if _is_of(row, shown_name)}

    def folded(rows: tuple[LedgerRow, ...]) -> int:
        others = [row for row in rows if row.table_name in tables and not _is_of(row, shown_name)]
        return sum(row.rows_duplicate + row.rows_replaced for row in others)

    return max(0, folded(file.ledger) - folded(version.files)) if version else 0


def _is_of(row: LedgerRow, file: str) -> bool:
    """Whether a row of the ledger is about a file or a table in it."""
    return row.file is not None and (row.file == file or row.file.startswith(f"{file}/"))
