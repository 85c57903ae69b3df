"""Reads one view file: what its front matter may say, and what it asks for when it runs.

A view is what pages show and `kviboard view` prints that is no KVI. Its SELECT may use $first and $last (days of the
range), $grain, and parameters of its own with a default each. One that joins `chosen_slices` (slice_id, slice) on
slice_id can be filtered and sliced: those are the slices of the customers chosen, each with the name it is shown under.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Annotated, Any, Literal

from pydantic import Field, field_validator
from sqlglot import exp

from kviboard.catalog.files import MOST_QUERIES, QueryFile, tables_named, tree_of
from kviboard.catalog.front_matter import FrontMatter, Headed, known_needs, parse_interval, read_headed
from kviboard.domain.kvis.kvi import Interval
from kviboard.errors import Problem

RANGE = frozenset({"first", "last", "grain"})
Unit = Literal[
    "text", "day", "flag", "customers", "currency", "percent", "score", "per_1000", "number", "days"
]  # of a column: a KVI's units, and what is no number


@dataclass(frozen=True)
class ViewFile:
    """One view, as its file says. `columns` are those it answers with, in order, each with its unit."""

    name: str
    path: str
    sql: str
    title: str
    row: str
    needs: tuple[str, ...]
    columns: Mapping[str, Unit]
    interval: Interval | None
    parameters: Mapping[str, str | int | float]
    asked: frozenset[str]  # the parameters that its SELECT uses
    is_sliced: bool
    is_personal: bool  # it names single customers
    is_own: bool  # the company wrote it; the others come with the board


class ViewFront(FrontMatter):
    """The keys of a view's front matter, with what is allowed in each."""

    title: Annotated[str, Field(min_length=1)]
    row: Annotated[str, Field(pattern="^one row per ", description="What one row is")]
    needs: tuple[str, ...] = ()
    columns: Annotated[dict[str, Unit], Field(min_length=1)]
    interval: Interval | None = None
    parameters: dict[str, str | int | float] = Field(default_factory=dict)
    personal: bool = False

    @field_validator("interval", mode="before")
    @classmethod
    def _interval(cls, value: Any) -> Interval | None:
        return parse_interval(value)

    @field_validator("needs")
    @classmethod
    def _needs(cls, needs: tuple[str, ...]) -> tuple[str, ...]:
        return known_needs(needs)


@lru_cache(maxsize=MOST_QUERIES)
def read_view(file: QueryFile) -> tuple[ViewFile | None, tuple[Problem, ...]]:
    """The view in `file`, or the problems that keep it from being one."""
    headed, problems = read_headed(file, ViewFront, "view")
    if headed is None:
        return None, problems
    asked = _parameters_of(headed.body)
    unknown = sorted(asked - RANGE - headed.front.parameters.keys())
    if unknown:
        hint = f"Give {unknown[0]} a default under parameters, or use first, last or grain."
        return None, (Problem(f"{file.path}, line {headed.body_line}", f"asks for ${unknown[0]}.", hint),)
    return _view(file, headed, asked), ()


def _parameters_of(sql: str) -> frozenset[str]:
    return frozenset(str(found.name) for found in tree_of(sql).find_all(exp.Placeholder))


def _view(file: QueryFile, headed: Headed[ViewFront], asked: frozenset[str]) -> ViewFile:
    front = headed.front
    return ViewFile(
        name=file.name,
        path=file.path,
        sql=headed.body,
        title=front.title,
        row=front.row,
        needs=front.needs,
        columns=front.columns,
        interval=front.interval,
        parameters=front.parameters,
        asked=asked,
        is_sliced="chosen_slices" in tables_named(headed.body)[0],
        is_personal=front.personal,
        is_own=not file.built_in,
    )
