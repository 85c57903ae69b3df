"""How the settings of a source say that its files are to be read."""

from collections.abc import Sequence
from dataclasses import dataclass

from kviboard.domain.contract import CONTRACT
from kviboard.domain.names import likeness
from kviboard.workspace.settings import Source

_NUMBERS = ("money", "minutes")  # kinds of columns whose values may have a decimal sign


@dataclass(frozen=True)
class ReadOptions:
    """What is known of a file before it is opened. All names are likenesses (see names)."""

    source: str = ""
    header_line: int | None = None
    columns: tuple[str, ...] = ()  # of files without a header
    sheets: tuple[str, ...] | None = None  # None: those with the columns of the first
    rows: str | None = None  # which list of a JSON text holds the rows
    known: frozenset[str] = frozenset()  # names that a header line is likely to have
    needed: frozenset[str] | None = None  # names without which a row is none; None: all
    numbers: frozenset[str] = frozenset()  # names of columns of numbers
    decimal: str | None = None  # the sign that a setting names

    @classmethod
    def of(cls, name: str, source: Source) -> "ReadOptions":
        """The settings of source `name`."""
        new_names = {likeness(old): new for old, new in source.rename.items()}
        tables = [CONTRACT[name]] if name in CONTRACT else list(CONTRACT.values())
        known = {column.name for table in tables for column in table.columns}
        needed = {column.name for table in tables for column in table.columns if column.required}
        numbers = {column.name for table in tables for column in table.columns if column.kind in _NUMBERS}
        renamed = {old for old, new in new_names.items() if new in needed}
        return cls(
            name,
            source.header_line,
            source.columns,
            source.sheets,
            source.rows,
            frozenset(map(likeness, known)) | new_names.keys(),
            frozenset(map(likeness, needed)) | renamed,
            frozenset(map(likeness, numbers)) | {old for old, new in new_names.items() if new in numbers},
            source.decimal,
        )

    def needs(self, names: Sequence[str]) -> bool:
        """Whether a row that lacks the columns `names` is none."""
        return self.needed is None or any(likeness(name) in self.needed for name in names)

    def decides(self, setting: str) -> str:
        """The sentence that names what decides otherwise."""
        return f"[sources.{self.source}] {setting} decides otherwise." if self.source else ""
