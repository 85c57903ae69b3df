"""What lies among the exports and is not read, and files that had rows and are empty now."""

import os
from collections.abc import Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from glob import has_magic
from pathlib import Path
from typing import Any

from kviboard.domain.formatting import counted, listed, plural
from kviboard.errors import Problem
from kviboard.warehouse.files.discovery import FoundFile, absolute_pattern, is_unfinished, readable_name
from kviboard.warehouse.files.extract import Extract
from kviboard.warehouse.files.kinds import is_readable
from kviboard.warehouse.manifest import ExportDecision, Manifest
from kviboard.workspace import Workspace

_MOST_NAMED = 5


def unclaimed(workspace: Workspace, found: Mapping[str, tuple[list[FoundFile], list[Problem]]]) -> list[ExportDecision]:
    """One note about all files that lie in a folder of exports and belong to no source nor to another setting."""
    claimed = {str(file.path) for files, _ in found.values() for file in files}
    folders = {folder for folder in map(Path, _folders(workspace)) if folder.is_dir()}
    texts = set(_texts(workspace.model_dump(mode="json", exclude={"root", "state"})))
    patterns = {text for text in texts if "/" in text or "." in text}
    names = []
    for folder in sorted(folders):
        for entry in sorted(os.scandir(folder), key=lambda entry: entry.name):
            if entry.path in claimed or not _is_export(entry):
                continue
            name = readable_name(workspace, folder / entry.name)
            if not any(fnmatchcase(name, pattern) for pattern in patterns):
                names.append(name)
    if not names:
        return []
    some = [*names[:_MOST_NAMED], *([f"{len(names) - _MOST_NAMED:,} more"] if len(names) > _MOST_NAMED else [])]
    belong = plural(len(names), "belongs", "belong")
    what = (
        f"{counted(len(names), 'file')} among the exports {belong} to no source and {plural(len(names), 'is', 'are')} "
    )
    setting = "Name them under files of a source, or move them elsewhere."
    return [ExportDecision(where="kviboard.toml, [sources]", what=f"{what}not read: {listed(some)}.", setting=setting)]


def emptied(extracts: Mapping[str, Sequence[Extract]], before: Manifest | None) -> list[ExportDecision]:
    """A warning for each file that has no row now and had some in the version before."""
    had = {(row.source, row.file): row.rows_read for row in (before.files if before else ())}
    found = []
    for name, some in extracts.items():
        for extract in some:
            rows = had.get((name, extract.found.name), 0)
            if rows and extract.is_empty:
                what = f"is empty, and had {counted(rows, 'row')} before; it may still be being written."
                again = "Export it again, or leave it so if nothing happened."
                found.append(
                    ExportDecision(where=extract.found.name, what=what, setting=again, level="warning", moves_kvis=True)
                )
    return found


def _folders(workspace: Workspace) -> Iterator[str]:
    """Folders that a pattern of a source names plainly."""
    for source in workspace.sources.values():
        for pattern in source.patterns:
            folder = os.path.dirname(absolute_pattern(workspace, pattern))
            if not has_magic(folder):
                yield folder


def _is_export(entry: "os.DirEntry[str]") -> bool:
    name = entry.name
    is_text = name.lower().endswith((".txt", ".txt.gz"))
    return is_readable(name) and not is_text and not name.startswith((".", "~$")) and not is_unfinished(name)


def _texts(value: Any) -> Iterator[str]:
    """All texts in the settings."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list | tuple):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _texts(each)
