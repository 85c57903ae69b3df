"""Where the values of one column are, and the error of values that nothing decides how to read."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from kviboard.errors import Problem


class StagingError(Exception):
    """A table cannot be accepted; carries the problem."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem


@dataclass(frozen=True)
class Place:
    """Where the values of a column are: `rows` and `all_rows` are SQL for the rows of one source in a staging query,
    without and with those that the company excludes."""

    table: str
    source: str
    rows: str
    all_rows: str
    is_text: bool
    headers: tuple[str, ...] = ()  # what the column is called in the files
    columns: tuple[str, ...] = ()  # all that are there, in lower case
    currency_columns: tuple[str, ...] = ()  # those beside it that name the currency
    units: Mapping[str, str] = field(default_factory=dict)  # of typed durations: by file, "" where it is none

    @property
    def export(self) -> str:
        """How what is said of it names it: "The orders export"."""
        return f"The {self.table} export"
