"""Waiting export files are taken in, one or all of a delivery, and read by one refresh."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from threading import Lock

from cachetools import LRUCache

from kviboard.board.exports.names import find_target
from kviboard.board.exports.new_columns import NewShape, keep_renames, slice_by
from kviboard.board.exports.refresh_job import start_refresh
from kviboard.board.exports.uploads import Upload, take_in
from kviboard.errors import KviBoardError, UsageError
from kviboard.ui import served
from kviboard.ui.actor import actor
from kviboard.ui.exports.refresh import say, watch
from kviboard.workspace import Workspace, load_workspace

_taking = Lock()
_taken: LRUCache[str, datetime] = LRUCache(100)  # when the refresh after each of the last uploads began


@dataclass(frozen=True)
class Chosen:
    """What was decided about columns that are new: those that stand for ones that are gone, those to slice by."""

    shape: NewShape | None = None
    slices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Taking:
    """A file that is to be taken in: into which source, under which name, with what was decided about its columns."""

    upload: Upload
    source: str
    name: str
    replacing: bool
    chosen: Chosen


def take(*asked: Taking) -> None:
    """Both halves of a double click may run at once, and the first may be cut off where it touches the session: so one
    takes the files in and starts one refresh for all, and each says so."""
    try:
        with _taking:
            fresh = [each.upload.key for each in asked if each.upload.is_waiting and _is_taken_in(each)]
            if fresh:
                _taken.update(dict.fromkeys(fresh, start_refresh(_workspace(), actor(), reads_new=True).started_at))
            taken = [(each, began) for each in asked if (began := _taken.get(each.upload.key))]
    except KviBoardError as error:
        taken = []
        say(str(error), is_refusal=True)
    if taken:
        watch(taken[0][1])
        say(" ".join(f"{each.upload.name} was taken in as {each.name}." for each, _ in taken))


def _is_taken_in(asked: Taking) -> bool:
    """Take a file in; where that fails, say why and leave it waiting."""
    workspace = _workspace()
    try:
        target = find_target(workspace, asked.source, asked.upload.name, asked.name)
        take_in(workspace, asked.upload, asked.source, asked.name, asked.replacing, actor())
        _write_chosen(workspace, asked.chosen, target if asked.replacing else None)
    except KviBoardError as error:
        say(str(error), is_refusal=True)
    return not asked.upload.is_waiting


def _workspace() -> Workspace:
    """As its settings are now: the file before may have changed them."""
    return load_workspace(served.workspace().root)


def _write_chosen(workspace: Workspace, chosen: Chosen, replaced: Path | None) -> None:
    """Renames and slices into kviboard.toml. The file is in already: what only a person can write is said."""
    shape = chosen.shape
    if shape is None or not (shape.renamed or chosen.slices):
        return
    actor().begin(
        "new columns", source=shape.source, slices=list(chosen.slices), renamed=[n for _, n, _ in shape.renamed]
    )
    if shape.renamed:
        keep_renames(workspace, shape, replaced)
    for column in chosen.slices:
        try:
            slice_by(_workspace(), shape, column)
        except UsageError as error:
            say(f"Not sliced by {column}: {error}", is_refusal=True)
