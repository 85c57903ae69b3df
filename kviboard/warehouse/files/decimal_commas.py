"""Files with a comma between cells and one in their amounts, too: "12,50" without quotes is two cells."""

import re
from collections.abc import Sequence

from kviboard.domain.formatting import counted
from kviboard.domain.names import likeness
from kviboard.errors import ExportError
from kviboard.warehouse.files.read_options import ReadOptions

Row = Sequence[str]
_WHOLE = re.compile(r"\s*[-+(]?\s*(?:[A-Z]{3}|[€$£¥])?\s*[-+]?\d{1,3}(?:(?:\.\d{3})+|\d*)")
_FRACTION = re.compile(r"\d{1,2}\s*(?:[A-Z]{3}|[€$£¥])?[-)]?\s*")


def split_column(header: Row, body: Sequence[Row]) -> list[int]:
    """The columns that a decimal comma may have split: most rows have one cell more than there are names, and each of
    them has a number and a fraction of it there."""
    width = len(header)
    longer = [row for row in body if len(row) == width + 1 and row[-1].strip()]
    if 2 * len(longer) <= len(body):
        return []
    return [at for at in range(width) if all(_is_split(row, at) for row in longer)]


def column_to_join(header: Row, body: Sequence[Row], reading: ReadOptions, line: int) -> int | None:
    """The column of which a decimal comma made two cells, where the settings say that there is one; None for none.

    Raises ExportError where nobody says it, for a column without a name looks just the same.
    """
    found = split_column(header, body)
    named = [at for at in found if likeness(header[at]) in reading.numbers] or found
    if not named:
        return None
    at = named[0]
    if reading.decimal == "," and len(named) == 1:
        return at
    longer = next(row for row in body if len(row) > len(header))
    names = ", ".join(f'"{name}"' for name in [*header, "further"])
    source = f"[sources.{reading.source}]" if reading.source else "the source"
    what = f"most rows have {counted(len(header) + 1, 'cell')}, and line {line} names "
    what += f"{counted(len(header), 'column')}. Either "
    what += f'{header[at]} has a decimal comma that divides it ("{longer[at].strip()},{longer[at + 1].strip()}"), or a '
    what += "column has no name. "
    first = f'For the first, set {source} decimal = ","' if len(named) == 1 else "For the first, export it with quotes"
    raise ExportError(f"{what}{first}; for the second, columns = [{names}] and header_line = {line}")


def joined(row: list[str], at: int) -> list[str]:
    """A row with the two cells of column `at` as the one that they are."""
    return [*row[:at], f"{row[at].strip()},{row[at + 1].strip()}", *row[at + 2 :]]


def _is_split(row: Row, at: int) -> bool:
    return bool(_WHOLE.fullmatch(row[at]) and _FRACTION.fullmatch(row[at + 1]))
