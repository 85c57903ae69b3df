"""Reads queries/tools and queries/languages: what exports of known tools look like, and what columns are called.

Names become likenesses, by which they are compared; a file that is broken is left out and said.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from kviboard.catalog.files import QueryFile, find_files
from kviboard.domain.contract import CONTRACT
from kviboard.domain.names import likeness
from kviboard.domain.recognition.facts import Tool, Words
from kviboard.errors import Problem
from kviboard.workspace import APP_ROOT, Workspace

Names = tuple[str, ...]
_OWN = (
    "void",
    "unpaid",
    "due",
    "won",
    "chance",
    "minus",
    "piece",
    "quantity",
    "discount",
    "fee",
    "gross",
    "cents",
    "agreed",
    "supplier",
    "mails",
    "last",
    "returned",
    "complaint",
    "question",
    "earned",
    "bought",
)
_LISTS = {"state": "states", **{each: each for each in _OWN}}
"""What a language's file lists beside its tables, and what Words calls it."""
_MOST_FILES = 256  # parsed once per process: all of them take 0.1 s, and each look at an export reads them twice


class Example(BaseModel):
    """A tiny export as the tool writes it, made up, and what must come of it: `expected` by what is counted."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    file: str
    text: str
    expected: dict[str, float]


class _ToolFile(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")
    title: str
    table: str
    known_by: Names = ()
    least: int = Field(2, ge=1)
    minus: str = ""
    columns: dict[str, Names]
    leave_out: dict[str, Names] = {}
    example: Example | None = None

    @field_validator("table")
    @classmethod
    def _known_table(cls, table: str) -> str:
        if table not in CONTRACT:
            raise ValueError(f"is no table; choose {', '.join(CONTRACT)}")
        return table


@dataclass(frozen=True)
class KnownExport:
    """A tool's export as its file says it."""

    name: str
    tool: Tool
    example: Example | None


@dataclass(frozen=True)
class Recognition:
    """All that exports are recognised by, and what is wrong with the files that say so."""

    exports: tuple[KnownExport, ...]
    languages: tuple[Words, ...]
    problems: tuple[Problem, ...] = ()

    @property
    def tools(self) -> tuple[Tool, ...]:
        return tuple(export.tool for export in self.exports)


def load_recognition(workspace: Workspace | None = None) -> Recognition:
    """The board's own files, with those of the workspace laid over them."""
    roots = (APP_ROOT / "queries", *([workspace.root / "queries"] if workspace else []))
    exports, languages, problems = [], [], []
    for file in find_files(roots, "tools", ".toml").values():
        try:
            exports.append(_read_tool(file))
        except (tomllib.TOMLDecodeError, ValidationError, ValueError) as error:
            problems.append(_broken(file, error))
    for file in find_files(roots, "languages", ".toml").values():
        try:
            languages.append(_read_words(file))
        except (tomllib.TOMLDecodeError, ValueError, AttributeError, TypeError) as error:
            problems.append(_broken(file, error))
    languages.sort(key=lambda words: words.language != "English")
    return Recognition(tuple(exports), tuple(languages), tuple(problems))


def pattern(name: str) -> str:
    """A name as a pattern of likenesses: * stays, and what patterns mean besides is meant as it stands."""
    return "*".join(likeness(part).replace("[", "[[]") for part in name.split("*"))


@lru_cache(maxsize=_MOST_FILES)
def _read_tool(file: QueryFile) -> KnownExport:
    read = _ToolFile(**tomllib.loads(file.sql))
    ours = {column.name for column in CONTRACT[read.table].columns}
    strange = read.columns.keys() - ours
    if strange:
        raise ValueError(f"{read.table} has no column {' and no column '.join(sorted(strange))}")
    tool = Tool(
        read.title,
        read.table,
        {feeds: _patterns(names) for feeds, names in read.columns.items()},
        _patterns(read.known_by),
        read.least,
        tuple((pattern(column), _patterns(values)) for column, values in read.leave_out.items()),
        pattern(read.minus),
    )
    return KnownExport(file.name, tool, read.example)


@lru_cache(maxsize=_MOST_FILES)
def _read_words(file: QueryFile) -> Words:
    read = tomllib.loads(file.sql)
    tables = {name: section for name, section in read.items() if name in CONTRACT}
    strange = read.keys() - tables.keys() - {"language", "files", *_LISTS}
    if strange:
        raise ValueError(f"has {' and '.join(sorted(strange))}, which is neither a table nor known here")
    columns = {table: _by_name(section) for table, section in tables.items()}
    return Words(
        str(read["language"]) if "language" in read else file.name,
        _by_name(read.get("files", {})),
        columns,
        **{field: _patterns(read.get(name, ())) for name, field in _LISTS.items()},
    )


def _by_name(section: Mapping[str, Names]) -> dict[str, Names]:
    return {name: _patterns(names) for name, names in section.items()}


def _patterns(names: Names) -> Names:
    return tuple(pattern(name) for name in names)


def _broken(file: QueryFile, error: Exception) -> Problem:
    if isinstance(error, ValidationError):
        first = error.errors()[0]
        return Problem(file.path, f"{'.'.join(map(str, first['loc']))}: {first['msg'].removeprefix('Value error, ')}.")
    return Problem(file.path, f"{str(error).rstrip('.')}.")
