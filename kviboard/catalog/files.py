"""Finds the files of queries/ and lays a workspace's own over the built-in ones."""

import math
import os
import time
from dataclasses import dataclass, replace
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path

import sqlglot
from sqlglot import exp
from sqlglot.errors import ParseError, SqlglotError, TokenError

from kviboard.errors import Problem
from kviboard.files import file_stamp, refuse_endless, shown_name

KINDS = ("staging", "marts", "kvis", "views", "checks", "themes")
Stamp = tuple[str, int, int]
"""A file with its size and the time of change."""
_LONGEST_FILE = 1_000_000  # characters
MOST_QUERIES = 512  # parsed once per process: parsing all of queries/ takes 0.1 s, and a start reads them twice


@dataclass(frozen=True)
class QueryFile:
    """One SQL file. `path` reads well in a message: queries/kvis/net_promoter_score.sql."""

    name: str
    path: str
    sql: str
    built_in: bool
    unreadable: str = ""  # why it could not be read

    @property
    def read_problems(self) -> tuple[Problem, ...]:
        """What to say where nothing could be read."""
        what = f"cannot be read ({self.unreadable})."
        return (
            (Problem(self.path, what, "Put the file there, or remove what has its name."),) if self.unreadable else ()
        )

    @property
    def title(self) -> str:
        """The file's first comment line: what one row is, or what a check checks."""
        first = self.sql.lstrip().splitlines()[0] if self.sql.strip() else ""
        return first.removeprefix("--").strip() if first.startswith("--") else self.name


def find_files(roots: tuple[Path, ...], kind: str, ending: str = ".sql") -> dict[str, QueryFile]:
    """Files of one kind by name; a later root replaces what an earlier one has."""
    built_in, *own = roots
    found = dict(_built_in_files(built_in, kind, ending, tuple(_stamps_in(f"{built_in}/{kind}", ending))))
    for root in own:
        found |= _files_in(root, kind, ending, built_in=False)
    return found


@lru_cache(maxsize=16)
def _built_in_files(root: Path, kind: str, ending: str, stamps: tuple[Stamp, ...]) -> dict[str, QueryFile]:
    """Our own files, read once as long as their `stamps` stay: they are many, and every refresh asks for them."""
    return _files_in(root, kind, ending, built_in=True)


def _files_in(root: Path, kind: str, ending: str, built_in: bool) -> dict[str, QueryFile]:
    found: dict[str, QueryFile] = {}
    for path in sorted((root / kind).glob(f"*{ending}")):
        name = shown_name(path.stem)
        file = QueryFile(name, f"queries/{kind}/{name}{ending}", "", built_in)
        if name != path.stem:
            found[name] = replace(file, unreadable="its name is not UTF-8")
            continue
        try:
            refuse_endless(path)
            with path.open(encoding="utf-8", errors="replace") as stream:
                text = stream.read(_LONGEST_FILE + 1)
            is_long = f"it has more than {_LONGEST_FILE:,} characters" if len(text) > _LONGEST_FILE else ""
            found[path.stem] = replace(file, sql="" if is_long else text, unreadable=is_long)
        except OSError as error:
            found[path.stem] = replace(file, unreadable=str(error.strerror))
    return found


_BUILT_IN_SECONDS = 1.0  # so long what was seen of the built-in files holds: they change with an update of the board
_seen: dict[Path, tuple[float, list[Stamp]]] = {}


def fingerprint(roots: tuple[Path, ...]) -> str:
    """Changes when any query file is added, edited or removed; short, and cheap enough to ask on every page view.

    The first root's files, which are ours and many, are looked at once a second.
    """
    built_in, *own = roots
    now = time.monotonic()
    looked_at, stamps = _seen.get(built_in, (-math.inf, []))
    if now - looked_at > _BUILT_IN_SECONDS:
        stamps = _stamps(built_in)
        _seen[built_in] = (now, stamps)
    found = [*stamps, *(stamp for root in own for stamp in _stamps(root))]
    return blake2b(repr(found).encode(), digest_size=16).hexdigest()


def _stamps(root: Path) -> list[Stamp]:
    return sorted(stamp for kind in KINDS for stamp in _stamps_in(f"{root}/{kind}", ".sql", ".txt"))


def _stamps_in(folder: str, *endings: str) -> list[Stamp]:
    entries = os.scandir(folder) if os.path.isdir(folder) else ()
    files = [entry for entry in entries if entry.name.endswith(endings) and entry.is_file()]
    return sorted((file.path, *file_stamp(file)) for file in files)


_LONGEST_QUERY = 200_000  # characters; parsing takes thousands of bytes for each


@lru_cache(maxsize=MOST_QUERIES)
def select_problems(path: str, sql: str, first_line: int = 1) -> tuple[Problem, ...]:
    """Problems of `sql` as a query file: it must be exactly one SELECT."""
    if len(sql) > _LONGEST_QUERY:
        what = f"has more than {_LONGEST_QUERY:,} characters."
        return (Problem(path, what, "Read long lists from an export instead."),)
    try:
        statements = _statements(sql)
    except RecursionError:
        return (Problem(f"{path}, line {first_line}", "is nested too deeply.", "Split it into steps: with … as (…)."),)
    except SqlglotError as error:
        details = getattr(error, "errors", None) or [{}]
        line = first_line + (details[0].get("line") or 1) - 1
        return (Problem(f"{path}, line {line}", f"is not valid SQL: {why_no_sql(error)}."),)
    if len(statements) != 1:
        return (
            Problem(f"{path}, line {first_line}", f"has {len(statements)} statements.", "Keep exactly one SELECT."),
        )
    if not isinstance(statements[0], exp.Query):
        return (Problem(f"{path}, line {first_line}", "is not a SELECT.", "A query file only reads."),)
    changes = statements[0].find(exp.Insert, exp.Update, exp.Delete, exp.Merge, exp.Copy, exp.Command)
    if changes:
        what = f"changes rows with {changes.key.upper()} in one of its steps."
        return (Problem(f"{path}, line {first_line}", what, "A query file only reads."),)
    return ()


def why_no_sql(error: SqlglotError) -> str:
    """What is wrong with a text that is no SQL: in the parser's words where they are words, without a full stop."""
    if isinstance(error, TokenError):
        return "a quote or a comment in it does not end"
    said = str((getattr(error, "errors", None) or [{}])[0].get("description") or error).splitlines()[0].rstrip(".")
    return "something is missing in it" if "<class" in said else said


@lru_cache(maxsize=MOST_QUERIES)
def _statements(sql: str) -> tuple[exp.Expr, ...]:
    return tuple(statement for statement in sqlglot.parse(sql, dialect="duckdb") if statement is not None)


def tables_read(sql: str) -> frozenset[str]:
    """Names of the tables a query reads, without its own common table expressions; schema-qualified as `source.x`."""
    found, own = tables_named(sql)
    return found - own


def tree_of(sql: str) -> exp.Expr:
    """A query taken apart: to be looked at and never changed, because whoever asks again gets the same. Raises
    SqlglotError where there is none."""
    if not (statements := _statements(sql)):
        raise ParseError("There is no query.")
    return statements[0]


@lru_cache(maxsize=MOST_QUERIES)
def tables_named(sql: str) -> tuple[frozenset[str], frozenset[str]]:
    """All tables that a query names, and its own steps among them: a step may be named like the table that it reads."""
    tree = tree_of(sql)
    found = {f"{table.db}.{table.name}" if table.db else table.name for table in tree.find_all(exp.Table)}
    return frozenset(found), frozenset(cte.alias for cte in tree.find_all(exp.CTE))
