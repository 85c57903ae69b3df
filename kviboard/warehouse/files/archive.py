"""The members of a zip archive, each unpacked to be read as a file of its own, and what is not read of it."""

import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath

from kviboard.errors import ExportError
from kviboard.warehouse.files.kinds import is_readable, kind_of_file
from kviboard.warehouse.files.limits import copy_bounded

_MOST_MEMBERS = 10_000
_LITTER = ("__MACOSX/", ".DS_Store", "Thumbs.db", "desktop.ini")


def members(path: Path, pattern: str = "") -> tuple[list[str], list[str]]:
    """Names of the members that can be read, and of those that cannot; `pattern`: only those of such a name.

    Raises ExportError for what is no whole archive, for a packed archive or Parquet in it, for two members of one name,
    and for too many members.
    """
    with _opened(path) as archive:
        names = [info.filename for info in archive.infolist() if not info.is_dir()]
    wanted = [name for name in names if _counts(name) and (not pattern or _matches(name, pattern))]
    if len(wanted) > _MOST_MEMBERS:
        raise ExportError(f"holds {len(wanted):,} files, more than {_MOST_MEMBERS:,}; unpack it")
    twice = next((name for name, count in Counter(wanted).items() if count > 1), None)
    if twice:
        raise ExportError(f"holds two files called {twice}, of which only one can be read; give them different names")
    readable = [name for name in wanted if is_readable(name)]
    packed = [name for name in wanted if kind_of_file(name) in ("archive", "parquet")]
    if packed:
        raise ExportError(f"holds {packed[0]}, which is not read from within an archive; unpack it")
    return readable, [name for name in wanted if name not in readable]


def unpack(path: Path, member: str, target: Path) -> None:
    """Write one member to `target`. Raises ExportError where it is encrypted, damaged or grows beyond measure."""
    with _opened(path) as archive:
        info = archive.getinfo(member)
        if info.flag_bits & 1:
            raise ExportError("is encrypted; unpack it, or export it without a password")
        with archive.open(info) as stream, target.open("wb") as out:
            copy_bounded(stream, out, path.stat().st_size)


@contextmanager
def _opened(path: Path) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(path) as archive:
            yield archive
    except NotImplementedError as error:
        raise ExportError("is packed in a way that cannot be read; pack it as an ordinary zip") from error
    except (zipfile.BadZipFile, zlib.error, EOFError) as error:
        raise ExportError("is not a whole zip archive; it may be cut off, so export it again") from error


def _counts(name: str) -> bool:
    last = PurePosixPath(name).name
    return not name.startswith(_LITTER[0]) and last not in _LITTER and not last.startswith(("~$", "."))


def _matches(name: str, pattern: str) -> bool:
    return fnmatchcase(name, pattern) or fnmatchcase(PurePosixPath(name).name, pattern)
