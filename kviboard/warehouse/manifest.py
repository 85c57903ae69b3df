"""What a warehouse version holds and where it came from, as kept beside its tables in manifest.json."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Literal

from pydantic import AliasChoices, BaseModel, ConfigDict, Field

from kviboard.domain.periods import Calendar
from kviboard.errors import Problem


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class Reach(_Record):
    """The first and the last day of a table's rows."""

    data_from: date
    data_through: date


class LedgerRow(_Record):
    """What became of one file's rows in one table. `file` is None where a staging query does not say which it was.

    rows_read = rows_kept + rows_lines + rows_replaced + rows_duplicate + rows_rejected + rows_set_aside, exactly.
    """

    table_name: str
    source: str
    file: str | None
    role: Literal["rows", "lookup", "derived"]
    rows_read: int
    rows_kept: int
    rows_rejected: int  # damaged
    rows_duplicate: int  # the same as another row: a copy, or the overlap of two files
    rows_lines: int = 0  # part of another row: further lines of an order, or added up by a staging query
    rows_replaced: int = 0  # by a later row of the same key
    rows_set_aside: int = 0  # not damaged, but no row either: no answer, a footer, a header repeated
    rows_staged: int = 0  # rows of the table that come of those kept; a staging query may make several of one
    rows_padded: int = 0  # of those read: shorter than the header
    rows_emptied: int = 0  # of those read: with an optional cell that cannot be read and counts as empty

    @property
    def rows_accounted_for(self) -> int:
        """All that became of the rows; rows_read, or rows were lost."""
        kept = self.rows_kept + self.rows_lines + self.rows_replaced + self.rows_duplicate
        return kept + self.rows_rejected + self.rows_set_aside


class ExportDecision(_Record):
    """How something in an export that can be read in two ways was read. A warning should be confirmed by somebody."""

    where: str  # "exports/orders.csv", or "The orders export"
    what: str  # a sentence with its count: "12 lines continue 4 orders, so their amounts are added."
    example: str = ""  # facts of one row: "order 1001, lines 2 and 3"
    setting: str = ""  # a sentence with what decides otherwise
    level: Literal["note", "warning"] = "note"
    moves_kvis: bool = False  # whether a KVI would be another number if it was read the other way

    @property
    def should_be_confirmed(self) -> bool:
        """Whether people who read a KVI should know that it rests on this."""
        return self.level == "warning" and self.moves_kvis

    def without(self, redacted: Callable[[str], str]) -> "ExportDecision":
        """The same with an example that names nobody who is forgotten."""
        return self.model_copy(update={"example": redacted(self.example)})

    @property
    def problem(self) -> Problem:
        """The same, as what is said of anything else that should be known."""
        example = f"For example, {self.example.removesuffix('.')}." if self.example else ""
        return Problem(self.where, self.what, f"{example} {self.setting}".strip())

    def __str__(self) -> str:
        return str(self.problem)


class CheckResult(_Record):
    """One check: the number of rows that break its rule, and one of them in words."""

    check_name: str
    title: str
    severity: Literal["error", "warning"]
    rows_broken: int
    example: str | None


class ExternalTable(_Record):
    """A large table that stays in the company's own Parquet files: the views that make it, and the files' sizes and
    times of change (nanoseconds) by path, so that a reader notices when they are not the same any more."""

    views: tuple[str, ...]
    files: dict[str, tuple[int, int]]


class StagedTable(_Record):
    """What was said of an exported table when it was staged, besides what `files`, `provided` and `reach` hold."""

    made_by: str  # fingerprint of all that decides its rows
    excluded: tuple[tuple[str, str | None, int], ...]  # by the company's own query: source, file, rows
    problems: tuple[Problem, ...]
    decisions: tuple[ExportDecision, ...]


class Made(_Record):
    """What a table was made from, as a fingerprint, and its files with their sizes and times of change (in ns)."""

    fingerprint: str
    files: dict[str, tuple[int, int]]


class GrownPart(_Record):
    """A part of a table that grows: all rows of some export files, all of them later than those of the part before."""

    files: tuple[str, ...]  # fingerprints of the export files
    through: date  # the last of its days
    written: int = 1  # files of the table that it is in


class Grown(_Record):
    """A table that only gains rows while export files with later days come in; its parts are in the order of days."""

    made_by: str  # fingerprint of the queries and types that decide what becomes of each row
    parts: tuple[GrownPart, ...]

    def written_in(self, files: int) -> "Grown":
        """The same in so many files, of which the last part has those that the others leave."""
        *others, last = self.parts
        rest = files - sum(part.written for part in others)
        return self.model_copy(update={"parts": (*others, last.model_copy(update={"written": rest}))})


class SeenKvi(_Record):
    """A KVI of the company's own as a refresh saw it: its definition, and how many changes its file tells."""

    title: str
    description: str
    formula: str
    better: str
    judged: str
    counted: tuple[str, ...]
    told: int


class KviChange(_Record):
    """That a KVI is another than the refresh before saw, which its file does not tell: how it was before."""

    seen_on: date
    before: str = ""
    title: str = ""


class Manifest(_Record):
    """A published version."""

    version: str
    made_at: datetime
    made_from: dict[str, str]  # fingerprints of exports, settings and queries
    tables: dict[str, int]  # rows by table
    provided: dict[str, tuple[str, ...]]  # contract columns that hold data, by exported table
    reach: dict[str, Reach]
    whole_through: dict[str, date] = {}  # by table, where that is not the day of its last row
    told: dict[str, Reach] = {}  # by "table.column": its days, where they are not those of the table
    starts: dict[str, Reach] = {}  # by table, where a first row of a customer begins one: its days
    dimensions: tuple[str, ...]
    files: tuple[LedgerRow, ...]
    checks: tuple[CheckResult, ...]
    problems: tuple[Problem, ...]  # what did not stop the refresh and should be known
    decisions: tuple[ExportDecision, ...] = ()
    # by table; manifests of earlier versions say in_place
    external: dict[str, ExternalTable] = Field(default={}, validation_alias=AliasChoices("external", "in_place"))
    made: dict[str, Made] = {}  # by table; not of external ones
    grown: dict[str, Grown] = {}  # by table
    staged: dict[str, StagedTable] = {}  # by table; only what the next refresh may take over
    checked: dict[str, str] = {}  # fingerprints of what was checked, by check
    made_by: str = ""  # fingerprint of all that decides what is in it
    kvis: dict[str, SeenKvi] = {}  # the company's own
    kvis_changed: dict[str, tuple[KviChange, ...]] = {}  # by KVI, the oldest first
    calendar: Calendar | None = None  # by the settings, as marts count by it; None in earlier versions

    def files_of(self, table: str) -> list[str]:
        """Names of the files that a table is in."""
        return list(self.made[table].files) if table in self.made else [f"{table}.parquet"]
