"""`kviboard backup` and `kviboard restore`: a whole workspace as one file, and back into an empty folder."""

import argparse
from pathlib import Path

from kviboard.board.exports.backup import back_up, restore
from kviboard.cli.acting import owner
from kviboard.cli.options import FINE, quiet
from kviboard.errors import UsageError
from kviboard.workspace import load_workspace


def add_backup(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]", common: argparse.ArgumentParser
) -> None:
    """Both commands."""
    what = "write a whole workspace to FILE: settings, queries, exports, what people wrote, the version in use"
    backup = commands.add_parser("backup", parents=[quiet(common)], help=what, description=f"W{what[1:]}.")
    backup.add_argument("file", metavar="FILE", type=Path, help="such as board.tar, or board.tar.gz to pack it")
    backup.add_argument("--without-exports", action="store_true", help="leave the export files out")
    backup.set_defaults(run=_backup)
    what = "bring a workspace back from FILE into the folder that --workspace names, which must be empty"
    restoring = commands.add_parser("restore", parents=[quiet(common)], help=what, description=f"B{what[1:]}.")
    restoring.add_argument("file", metavar="FILE", type=Path, help="what backup wrote")
    restoring.set_defaults(run=_restore)


def _backup(options: argparse.Namespace) -> int:
    return _say(back_up(load_workspace(options.workspace), options.file, not options.without_exports))


def _restore(options: argparse.Namespace) -> int:
    if options.workspace is None:
        raise UsageError("Say where to: kviboard restore FILE --workspace DIR.")
    lines = restore(options.file, Path(options.workspace))
    owner(load_workspace(options.workspace)).begin("restored", file=options.file.name)
    return _say(lines)


def _say(lines: tuple[str, ...]) -> int:
    for line in lines:
        print(line)
    return FINE
