"""Under which names a source reads files: where a new one may go. Moving it there belongs to uploads."""

import os
import re
from fnmatch import fnmatchcase
from glob import has_magic
from pathlib import Path

from kviboard.errors import UsageError
from kviboard.warehouse.files.discovery import absolute_pattern, find_files, is_unfinished, whole_file
from kviboard.warehouse.files.kinds import is_readable, kind_of_file
from kviboard.workspace import Workspace

_LONGEST_NAME = 150  # bytes of what is sent; a source's own names may be longer
_LONGEST_TARGET = 220  # bytes; file systems take 255, of which an unfinished file needs some for its ending
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_CALLED = {"text": "text", "json": "JSON", "sheet": "a spreadsheet", "parquet": "Parquet",
           "archive": "an archive"}  # fmt: skip


def plain_name(sent: str) -> str:
    """A name that a file can have, of the one that somebody's file has; "" where nothing is left of it."""
    plain = re.sub(r"[^\w.()+,=@ -]", "_", re.split(r"[\\/]", sent)[-1]).strip(" ")
    return plain.encode()[-_LONGEST_NAME:].decode(errors="ignore").lstrip(".~")


def is_export_name(workspace: Workspace, name: str) -> bool:
    """Whether a file called so may be an export: of a known kind, or as some source names its files."""
    bases = [
        os.path.basename(whole_file(pattern)) for source in workspace.sources.values() for pattern in source.patterns
    ]
    return bool(name) and (is_readable(name) or any(fnmatchcase(name, base) for base in bases))


def likely_name(workspace: Workspace, source: str, sent: str) -> str:
    """A name under which `source` reads a file that was sent as `sent`; "" where it reads none of this kind."""
    if pattern_for(workspace, source, sent, sent):
        return sent
    for pattern in workspace.sources[source].patterns:
        base = os.path.basename(whole_file(pattern))
        name = base
        if has_magic(base):
            before, star, after = base.rpartition("*")
            stem = re.sub(r"\.gz$", "", sent, flags=re.IGNORECASE).rpartition(".")[0]
            name = f"{before}{stem}{after}" if star and not has_magic(before + after) else ""
        if name and pattern_for(workspace, source, sent, name):
            return name
    return ""


def find_target(workspace: Workspace, source: str, sent: str, name: str) -> Path:
    """Where a file that was sent as `sent` goes as `name`. Raises UsageError where `source` would not read it."""
    if len(name.encode(errors="surrogatepass")) > _LONGEST_TARGET:
        raise UsageError(f'"{name[:40]}…" is longer than {_LONGEST_TARGET} bytes; choose a shorter file name.')
    patterns = " or ".join(workspace.sources[source].patterns)
    kind, packed = _kind(sent)
    if not likely_name(workspace, source, sent) and not pattern_for(workspace, source, sent, name):
        what = f"{source} reads {patterns}, and {sent} is {_CALLED[kind]}{', packed' if packed else ''}"
        raise UsageError(f"{what}: export it in that form, or add its pattern to [sources.{source}] files.")
    pattern = pattern_for(workspace, source, sent, name)
    if not pattern:
        raise UsageError(f'"{name}" is not a name that {source} reads; its files are called {patterns}.')
    return _folder(workspace, source, pattern) / name


def pattern_for(workspace: Workspace, source: str, sent: str, name: str) -> str:
    """The pattern of `source` that reads `name`, which must be of the same kind as `sent`; "" where there is none."""
    sound = name == os.path.basename(name) and not name.startswith((".", "~$")) and not is_unfinished(name)
    if not sound or _CONTROL.search(name) or _kind(name) != _kind(sent):
        return ""
    patterns = workspace.sources[source].patterns
    return next((pattern for pattern in patterns if fnmatchcase(name, os.path.basename(whole_file(pattern)))), "")


def _kind(name: str) -> tuple[str, bool]:
    return kind_of_file(name), name.lower().endswith(".gz")


def _folder(workspace: Workspace, source: str, pattern: str) -> Path:
    """The folder of a pattern; where that is a pattern itself, the one with the source's last file."""
    folder = os.path.dirname(absolute_pattern(workspace, whole_file(pattern)))
    if not has_magic(folder):
        return Path(folder)
    files, _ = find_files(workspace, source)
    if not files:
        raise UsageError(f"{source} reads {pattern}, which names no single folder; put its first file there yourself.")
    return files[-1].path.parent
