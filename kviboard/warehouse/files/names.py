"""Column names of an export, made unique."""

from collections.abc import Sequence

from kviboard.domain.names import plain_name
from kviboard.errors import ExportError

LINE = "_line"
FILE = "_file"


def column_names(cells: Sequence[str]) -> list[str]:
    """One name per column, none twice: blank ones become column_7, repeated ones Labels_2.

    Raises ExportError where no column has a name.
    """
    names = [plain_name(cell) for cell in cells]
    if not any(names):
        raise ExportError(
            "has no column names in its first row; say under header_line which row has them, or name all under columns"
        )
    if any("\0" in name for name in names):
        raise ExportError(
            "is no table of text: its first row holds bytes that no text has; export it as CSV, JSON, XLSX or Parquet"
        )
    own = {name.casefold() for name in names}
    taken = {FILE, LINE}
    unique = []
    for number, name in enumerate(names, start=1):
        wanted = name or f"column_{number}"
        chosen, count = wanted, 1
        while chosen.casefold() in taken or (chosen != name and chosen.casefold() in own):
            count += 1
            chosen = f"{wanted}_{count}"
        taken.add(chosen.casefold())
        unique.append(chosen)
    return unique


def repeated_names(cells: Sequence[str]) -> tuple[str, ...]:
    """Names that several columns have, as the first of them is written."""
    names = [plain_name(cell) for cell in cells]
    folded = [name.casefold() for name in names]
    return tuple(name for at, name in enumerate(names) if name and folded.index(folded[at]) == at < _last(folded, at))


def _last(names: Sequence[str], at: int) -> int:
    return len(names) - 1 - list(reversed(names)).index(names[at])
