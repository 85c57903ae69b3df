"""What every kind of export file is read into: batches of text columns, and the records that could not be read."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Protocol, TypeVar

import pyarrow as pa
import pyarrow.compute as pc

from kviboard.errors import ExportError
from kviboard.warehouse.manifest import Decision

BATCH_ROWS = 20_000
LINE = "_line"
FILE = "_file"
_LONGEST_TEXT = 2_000
_Item = TypeVar("_Item")


@dataclass(frozen=True)
class Malformed:
    """A record that is not a row: the physical line it starts on, its text as found, and what is wrong with it."""

    line: int
    text: str
    reason: str

    @classmethod
    def of(cls, line: int, text: str, reason: str) -> "Malformed":
        return cls(line, text[:_LONGEST_TEXT], reason)


@dataclass
class Findings:
    """What a file turned out to hold besides rows; complete once all its batches were taken."""

    malformed: list[Malformed] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)  # without the file's name, which `extract` adds


class Records(Protocol):
    """A file opened for reading."""

    findings: Findings

    def batches(self) -> Iterator[pa.Table]:
        """Tables of text columns under the file's own column names, with the first line of each row in `_line`."""
        ...


def check_names(names: Sequence[str]) -> list[str]:
    """Trimmed column names. Raises ExportError for a nameless or repeated column; nameless last columns are dropped."""
    trimmed = [name.strip() for name in names]
    while trimmed and not trimmed[-1]:
        trimmed.pop()
    if not trimmed:
        raise ExportError("has no column names in its first row")
    if any("\0" in name for name in trimmed):
        raise ExportError("is no table of text: its first row holds bytes that no text has")
    if "" in trimmed:
        raise ExportError(f"column {trimmed.index('') + 1} has no name in the first row")
    seen: set[str] = set()
    for name in trimmed:
        if name.casefold() in seen or name.casefold() in (FILE, LINE):
            raise ExportError(f'has two columns named "{name}" (capitals do not count)')
        seen.add(name.casefold())
    return trimmed


def in_batches(items: Iterable[_Item]) -> Iterator[list[_Item]]:
    """The items in lists of at most BATCH_ROWS."""
    remaining = iter(items)
    while batch := list(islice(remaining, BATCH_ROWS)):
        yield batch


def to_table(names: Sequence[str], rows: Sequence[Sequence[str | None]], lines: Sequence[int]) -> pa.Table:
    """Rows as text columns; an empty value is null, because no export can tell the two apart reliably."""
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(names)
    arrays = [_text_array(column) for column in columns]
    return pa.table([*arrays, pa.array(lines, pa.int64())], names=[*names, LINE])


def _text_array(values: Sequence[str | None]) -> pa.Array:
    try:
        array = pa.array(values, pa.string())
    except UnicodeEncodeError:  # half a surrogate pair, as "\ud83d" in JSON
        sound = [value and value.encode("utf-16", "surrogatepass").decode("utf-16", "replace") for value in values]
        array = pa.array(sound, pa.string())
    return pc.if_else(pc.equal(array, ""), pa.scalar(None, pa.string()), array)
