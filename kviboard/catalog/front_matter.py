"""Reads the head of a query file: YAML front matter in a comment, then one SELECT. Every problem names file and line.

What may stand in it is said where each kind of file is read: `kvi_file`, `view_file`.
"""

import reprlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from kviboard.catalog.files import QueryFile, select_problems
from kviboard.domain.contract import CONTRACT
from kviboard.domain.kvis.kvi import Interval
from kviboard.errors import Problem

WIDTH = 118
"""Letters in a line of front matter that the board writes."""
_OPEN, _CLOSE = "/*---", "---*/"
_INTERVAL_COLUMNS = {"nps": 3, "share": 2, "mean": 3}


class FrontMatter(BaseModel):
    """What every kind of front matter has in common."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True, arbitrary_types_allowed=True)


Front = TypeVar("Front", bound=FrontMatter)


@dataclass(frozen=True)
class Headed(Generic[Front]):
    """A sound file: what its front matter says, its SELECT, and the line on which that begins."""

    front: Front
    body: str
    body_line: int


def read_headed(file: QueryFile, model: type[Front], kind: str) -> tuple[Headed[Front] | None, tuple[Problem, ...]]:
    """What `file`, a KVI or a view as `kind` says, has in its head and body, or the problems that keep it from use."""
    head, body, body_line = _split(file.sql)
    if head is None:
        return None, (Problem(f"{file.path}, line 1", f"has no front matter; start with {_OPEN} and end it {_CLOSE}."),)
    try:
        lines, keys, twice = _keys(head)
    except (yaml.YAMLError, ValueError, TypeError, RecursionError) as error:  # the last of dates, keys and depths
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 2 if mark else 1
        return None, (
            Problem(
                f"{file.path}, line {line}",
                "the front matter is not valid YAML.",
                "Put a text that holds a colon into quotes.",
            ),
        )
    problems = [Problem(f"{file.path}, line {lines[name]}", f"{name} is given twice.", "Keep one.") for name in twice]
    problems += select_problems(file.path, body, body_line)
    try:
        front = model.model_validate(keys)
    except ValidationError as error:
        problems += [_problem(file.path, lines, detail, model, kind) for detail in error.errors()]
        return None, tuple(problems)
    if not file.name.isidentifier():
        problems.append(Problem(file.path, f"the file's name is the {kind}'s name; use letters, digits and _."))
    return None if problems else Headed(front, body, body_line), tuple(problems)


def keys_in(sql: str) -> dict[str, Any]:
    """What the front matter of a file says, by key; empty where it has none that can be read."""
    head, _, _ = _split(sql)
    try:
        return _keys(head)[1] if head else {}
    except (yaml.YAMLError, ValueError, TypeError, RecursionError):
        return {}


def with_keys(sql: str, keys: Mapping[str, Any]) -> str:
    """The same file saying this under these keys of its front matter, which has to be sound; all else stays as it was
    written. What is new comes last."""
    head, behind = (_split(sql)[0] or "").rstrip() + "\n", sql[sql.index(_CLOSE) :]
    for name, value in keys.items():
        said = yaml.safe_dump({name: value}, allow_unicode=True, sort_keys=False, width=WIDTH)
        said = said.replace("*/", "* /").rstrip()  # which would end the front matter: what stands behind it is run
        first, last = _place(head, name)
        was = head[first:last]
        head = head[:first] + said + (was[len(was.rstrip()) :] or "\n" * (first == last)) + head[last:]
    return f"{_OPEN}{head}{behind}"


def _place(head: str, name: str) -> tuple[int, int]:
    """From which letter to which a key and its value stand in front matter; its end twice where it is not there."""
    node = yaml.compose(head)
    pairs = node.value if isinstance(node, yaml.MappingNode) else []
    places = ((key.start_mark.index, value.end_mark.index) for key, value in pairs if key.value == name)
    return next(places, (len(head), len(head)))


def parse_interval(value: Any) -> Interval | None:
    """`share(k, n)` as written in front matter. Raises ValueError with what may stand there."""
    if value is None:
        return None
    kind, _, columns = str(value).partition("(")
    names = tuple(name.strip() for name in columns.rstrip(") ").split(",") if name.strip())
    if len(names) != _INTERVAL_COLUMNS.get(kind.strip(), -1):
        raise ValueError("write nps(promoters, detractors, n), share(k, n) or mean(sum, sum_squares, n)")
    return Interval(kind.strip(), names)  # type: ignore[arg-type]


def known_needs(needs: tuple[str, ...]) -> tuple[str, ...]:
    """`needs` as they are. Raises ValueError where one is no table of the contract or no column of it."""
    for need in needs:
        table, _, column = need.partition(".")
        known = CONTRACT.get(table)
        if known is None:
            raise ValueError(f"{table} is no export; known are {', '.join(CONTRACT)}")
        if column and column not in {c.name for c in known.columns}:
            raise ValueError(f"{table} has no column {column}")
    return needs


def _split(sql: str) -> tuple[str | None, str, int]:
    text = sql.lstrip("\ufeff")
    if not text.startswith(_OPEN) or _CLOSE not in text:
        return None, text, 1
    head, _, rest = text.removeprefix(_OPEN).partition(_CLOSE)
    body = rest.strip()
    body_line = text[: text.index(_CLOSE) + len(rest) - len(rest.lstrip()) + len(_CLOSE)].count("\n") + 1
    return head, body.rstrip(";"), body_line


# Written in C, where PyYAML has that: it reads all files of the board ten times as fast.
_Loader: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def _keys(head: str) -> tuple[dict[str, int], dict[str, Any], list[str]]:
    """Line of each key in the file, the values, and keys that are given twice. The front matter opens on line 1.

    References are refused: front matter needs none, and a few lines of them can stand for more than any memory.
    """
    if any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(head, Loader=_Loader)):
        raise yaml.YAMLError("a reference")
    loader = _Loader(head)
    try:
        node = loader.get_single_node()
        if not isinstance(node, yaml.MappingNode):
            raise yaml.YAMLError("no keys")
        names = [key.value for key, _ in node.value]
        lines = {key.value: key.start_mark.line + 1 for key, _ in node.value}
        return lines, loader.construct_document(node), sorted({name for name in names if names.count(name) > 1})
    finally:
        loader.dispose()


def _problem(path: str, lines: dict[str, int], detail: Any, model: type[FrontMatter], kind: str) -> Problem:
    key = str(detail["loc"][0])
    where = f"{path}, line {lines.get(key, 1)}"
    if detail["type"] == "extra_forbidden":
        return Problem(where, f"{key} is not a key of a {kind}.", f"Known are {', '.join(model.model_fields)}.")
    if detail["type"] == "missing":
        return Problem(where, f"{key} is missing.", "Add it to the front matter.")
    message = detail["msg"].removeprefix("Value error, ")
    if detail["type"] == "tuple_type":
        found = detail["input"]
        message = "write a list in brackets" + (f", as [{found}]" if isinstance(found, str) and found else "")
    if detail["type"] == "too_short":
        message = "name at least one"
    return Problem(where, f"{key}: {message[0].lower() + message[1:]}.", f"Found {reprlib.repr(detail['input'])}.")
