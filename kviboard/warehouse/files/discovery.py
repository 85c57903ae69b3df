"""Finds the files of each source and tells whether one has changed. Reading them belongs to extract."""

import hashlib
import json
import os
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from glob import glob
from pathlib import Path

from kviboard.errors import Problem
from kviboard.files import shown_name
from kviboard.warehouse.files.contents import Contents, Mark, mark_of, try_mark
from kviboard.warehouse.files.kinds import kind_of_file
from kviboard.warehouse.files.searching import DEEP, MOST_SECONDS, search
from kviboard.workspace import Workspace
from kviboard.workspace.settings import Source

_READER_VERSION = 4  # raised whenever the same bytes would be read differently
_READING_SETTINGS = {"rename", "sheet", "header_line", "columns", "rows"}
_INTO_ARCHIVE = ".zip/"
_UNFINISHED = (".part", ".partial", ".tmp", ".crdownload", ".download")


@dataclass(frozen=True)
class FoundFile:
    """A file that belongs to a source. `name` is its path as people say it: relative to the workspace."""

    source: str
    path: Path
    name: str
    fingerprint: str
    part: str = ""  # the sheet of it that this is; of an archive, which of its members are meant
    mark: Mark | None = field(default=None, compare=False)  # what the file system said of it before it was looked at

    @property
    def kind(self) -> str:
        """parquet, json, sheet, archive or text, by the file's name."""
        return kind_of_file(self.path.name)

    @property
    def container(self) -> str:
        """The name of the whole file."""
        return self.name.removesuffix(f"/{self.part}") if self.part else self.name

    def is_in(self, file: str | None) -> bool:
        """Whether `file` is the name of this file or of a table in it."""
        return file is not None and (file == self.name or file.startswith(f"{self.container}/"))


def find_files(workspace: Workspace, name: str) -> tuple[list[FoundFile], list[Problem]]:
    """The files of source `name`, in the order of their names."""
    source = workspace.sources[name]
    try:
        places = {place for pattern in source.patterns for place in _matches(workspace, pattern)}
    except TimeoutError:
        what = f"takes longer than {MOST_SECONDS:g} seconds to search for files."
        return [], [Problem(f"kviboard.toml, [sources.{name}] files", what, "Name the folder that they are in.")]
    files, problems = [], []
    settings, folders, root = _reading_settings(source), dict[str, str](), os.path.realpath(workspace.root)
    contents = Contents(workspace.state / "known" / f"{name}.json")
    for path, part in sorted(places, key=lambda place: (str(place[0]).split(os.sep), place[1])):
        mark = try_mark(path)
        if path.name.startswith(("~$", ".")) or (mark is None and path.is_dir()):
            continue
        relative = readable_name(workspace, path) + (f"/{part}" if part else "")
        if (shown := shown_name(relative)) != relative:
            problems.append(Problem(shown, "has a name that is not UTF-8.", "Give it another name."))
        elif is_unfinished(path.name):
            problems.append(Problem(relative, "is still being written.", "It is left out until it has its final name."))
        elif mark is None:
            what = "is a device or a pipe and no file."
            problems.append(Problem(relative, what, "Save the export as a file, and name that."))
        elif not os.access(path, os.R_OK):
            problems.append(Problem(relative, "may not be read.", "Give the user who runs the board read access."))
        else:
            try:
                content = contents.of(path, mark)
            except OSError as error:  # the disk it is on fails, or it is gone by now
                hint = "See to the disk or share that it is on, or export it again."
                problems.append(Problem(relative, f"cannot be read ({error.strerror or error}).", hint))
                continue
            known_by = _fingerprint(_place(path, root, folders), content, f"{part}{settings}")
            files.append(FoundFile(name, path, relative, known_by, part, mark))
    contents.keep()
    return files, problems


def is_unfinished(name: str) -> bool:
    """Whether a file of this name is still being written."""
    return name.lower().endswith(_UNFINISHED)


def missing_files(name: str, source: Source) -> Problem:
    """What to say where a source has no file at all."""
    patterns = " or ".join(source.patterns)
    where = f"kviboard.toml, [sources.{name}] files"
    return Problem(where, f"no file matches {patterns}.", "Export it, or correct the path.")


def fingerprint(path: Path, source: Source) -> str:
    """Changes when the file or how it is read changes: path, content and the settings that matter."""
    return _fingerprint(os.path.realpath(path), Contents().of(path, mark_of(path)), _reading_settings(source))


def _fingerprint(place: str, content: str, settings: str) -> str:
    facts = "\0".join([str(_READER_VERSION), place, content, settings])
    return hashlib.sha256(facts.encode("utf-8", "surrogateescape")).hexdigest()[:24]


def _place(path: Path, root: str, folders: dict[str, str]) -> str:
    """Where a file really is, as seen from the workspace's folder `root`, which may be moved or copied without reading
    anything again. A Parquet file is read in place: the same one elsewhere is another file.

    `folders`: those that were looked up already, by name: for each of 10,000 files that takes seconds.
    """
    folder = os.path.dirname(path)
    if folder not in folders:
        folders[folder] = os.path.realpath(folder)
    real = os.path.realpath(path) if path.is_symlink() else os.path.join(folders[folder], path.name)
    return real if kind_of_file(path.name) == "parquet" else real.removeprefix(os.path.join(root, ""))


def _reading_settings(source: Source) -> str:
    return json.dumps(source.model_dump(mode="json", include=_READING_SETTINGS))


def whole_file(pattern: str) -> str:
    """A pattern of [sources] without what it says of the members of an archive."""
    outside, inside, _ = pattern.partition(_INTO_ARCHIVE)
    return outside + inside.removesuffix("/")


def members_of(source: Source, name: str) -> str:
    """Which members a source reads of an archive of this name; "" where it reads it as a whole, or not at all."""
    for pattern in source.patterns:
        whole = whole_file(pattern)
        if whole != pattern and fnmatchcase(os.path.basename(name), os.path.basename(whole)):
            return pattern.removeprefix(f"{whole}/")
    return ""


def absolute_pattern(workspace: Workspace, pattern: str) -> str:
    """A pattern of [sources] as an absolute path, with the user's folder and variables filled in."""
    return os.path.join(workspace.root, _filled_in(pattern))


def _matches(workspace: Workspace, pattern: str) -> list[tuple[Path, str]]:
    """Files of a pattern, with the members that are meant where it leads into an archive (exports.zip/orders*.csv); the
    workspace's own path is none, whatever brackets its folders have."""
    found = [(path, "") for path in _glob(workspace, pattern)]
    outside, inside, members = pattern.partition(_INTO_ARCHIVE)
    if inside and members and not found:
        return [(path, members) for path in _glob(workspace, outside + inside[:-1]) if path.is_file()]
    return found


def _glob(workspace: Workspace, pattern: str) -> list[Path]:
    if DEEP in Path(_filled_in(pattern)).parts:
        return search(workspace.root, _filled_in(pattern))
    return [workspace.root / found for found in glob(_filled_in(pattern), root_dir=workspace.root, recursive=True)]


def _filled_in(pattern: str) -> str:
    return os.path.expandvars(os.path.expanduser(pattern))


def readable_name(workspace: Workspace, path: Path) -> str:
    """A path as people say it: relative to the workspace where it is inside."""
    text, root = str(path), os.path.join(workspace.root, "")  # ten times as fast as asking the paths
    return (text[len(root) :] if text.startswith(root) else text).replace(os.sep, "/")
