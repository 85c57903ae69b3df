"""Reads one KVI file: YAML front matter in a comment, then one SELECT. Every problem names the file and the line."""

from functools import lru_cache
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from kviboard.catalog.expression import parse_formula
from kviboard.catalog.files import MOST_QUERIES, QueryFile, select_problems
from kviboard.domain.contract import CONTRACT
from kviboard.domain.kvis.kvi import Formula, Interval, Kvi
from kviboard.domain.periods import GRAINS
from kviboard.errors import Problem

_OPEN, _CLOSE = "/*---", "---*/"
_INTERVAL_COLUMNS = {"nps": 3, "share": 2, "mean": 3}


class FrontMatter(BaseModel):
    """The keys of a KVI's front matter, with what is allowed in each."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True, arbitrary_types_allowed=True)

    title: Annotated[str, Field(min_length=1)]
    customer_benefit: Annotated[str, Field(min_length=1)]
    company_value: Annotated[str, Field(min_length=1)]
    value: Formula
    unit: Literal["customers", "currency", "percent", "score", "per_1000", "number", "days"]
    better: Literal["up", "down"]
    needs: Annotated[tuple[str, ...], Field(min_length=1)]
    owner: str = ""
    decision: str = ""
    source: str = ""
    description: str = ""
    group: Literal["customer", "company"] = "customer"
    interval: Interval | None = None
    complete_after: Annotated[int, Field(ge=0)] | Literal["answer_counts_back_days"] = 0
    grains: tuple[Literal["day", "week", "sprint", "month", "quarter"], ...] = GRAINS  # type: ignore[assignment]
    range: tuple[float | None, float | None] = (None, None)
    coverage: str | None = None

    @field_validator("value", mode="before")
    @classmethod
    def _formula(cls, value: Any) -> Formula:
        return parse_formula(str(value))

    @field_validator("interval", mode="before")
    @classmethod
    def _interval(cls, value: Any) -> Interval | None:
        if value is None:
            return None
        kind, _, columns = str(value).partition("(")
        names = tuple(name.strip() for name in columns.rstrip(") ").split(",") if name.strip())
        if len(names) != _INTERVAL_COLUMNS.get(kind.strip(), -1):
            raise ValueError("write nps(promoters, detractors, n), share(k, n) or mean(sum, sum_squares, n)")
        return Interval(kind.strip(), names)  # type: ignore[arg-type]

    @field_validator("needs")
    @classmethod
    def _needs(cls, needs: tuple[str, ...]) -> tuple[str, ...]:
        for need in needs:
            table, _, column = need.partition(".")
            known = CONTRACT.get(table)
            if known is None:
                raise ValueError(f"{table} is no export; known are {', '.join(CONTRACT)}")
            if column and column not in {c.name for c in known.columns}:
                raise ValueError(f"{table} has no column {column}")
        return needs


@lru_cache(maxsize=MOST_QUERIES)
def read_kvi(file: QueryFile, answer_counts_back_days: int) -> tuple[Kvi | None, tuple[Problem, ...]]:
    """The KVI in `file`, or the problems that keep it from being one."""
    head, body, body_line = _split(file.sql)
    if head is None:
        return None, (Problem(f"{file.path}, line 1", f"has no front matter; start with {_OPEN} and end it {_CLOSE}."),)
    try:
        lines, keys, twice = _keys(head)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 2 if mark else 1
        return None, (
            Problem(f"{file.path}, line {line}", "the front matter is not valid YAML.", "Quote text with : ."),
        )
    problems = [Problem(f"{file.path}, line {lines[name]}", f"{name} is given twice.", "Keep one.") for name in twice]
    problems += select_problems(file.path, body, body_line)
    try:
        front = FrontMatter.model_validate(keys)
    except ValidationError as error:
        problems += [_problem(file.path, lines, detail) for detail in error.errors()]
        return None, tuple(problems)
    if not file.name.isidentifier():
        problems.append(Problem(file.path, "the file's name is the KVI's name; use letters, digits and _."))
    return None if problems else _kvi(file, front, body, body_line, answer_counts_back_days), tuple(problems)


def _kvi(file: QueryFile, front: FrontMatter, body: str, body_line: int, back_days: int) -> Kvi:
    known = front.model_dump(exclude={"value", "range", "complete_after", "interval"})
    return Kvi(
        name=file.name,
        sql=body,
        path=file.path,
        body_line=body_line,
        formula=front.value,
        interval=front.interval,
        limits=front.range,
        complete_after=back_days if isinstance(front.complete_after, str) else front.complete_after,
        **known,
    )


def _split(sql: str) -> tuple[str | None, str, int]:
    text = sql.lstrip("\ufeff")
    if not text.startswith(_OPEN) or _CLOSE not in text:
        return None, text, 1
    head, _, rest = text.removeprefix(_OPEN).partition(_CLOSE)
    body = rest.strip()
    body_line = text[: text.index(_CLOSE) + len(rest) - len(rest.lstrip()) + len(_CLOSE)].count("\n") + 1
    return head, body.rstrip(";"), body_line


def _keys(head: str) -> tuple[dict[str, int], dict[str, Any], list[str]]:
    """Line of each key in the file, the values, and keys that are given twice. The front matter opens on line 1."""
    loader = yaml.SafeLoader(head)
    try:
        node = loader.get_single_node()
        if not isinstance(node, yaml.MappingNode):
            raise yaml.YAMLError("no keys")
        names = [key.value for key, _ in node.value]
        lines = {key.value: key.start_mark.line + 1 for key, _ in node.value}
        return lines, loader.construct_document(node), sorted({name for name in names if names.count(name) > 1})
    finally:
        loader.dispose()


def _problem(path: str, lines: dict[str, int], detail: Any) -> Problem:
    key = str(detail["loc"][0])
    where = f"{path}, line {lines.get(key, 1)}"
    if detail["type"] == "extra_forbidden":
        return Problem(where, f"{key} is not a key of a KVI.", f"Known are {', '.join(FrontMatter.model_fields)}.")
    if detail["type"] == "missing":
        return Problem(where, f"{key} is missing.", "Add it to the front matter.")
    message = detail["msg"].removeprefix("Value error, ")
    return Problem(where, f"{key}: {message[0].lower() + message[1:]}.", f"Found {detail['input']!r}.")
