"""Where a table begins in its file: the line of its column names, and header lines below it.

Works on rows of text cells, wherever they come from. What it finds is decided by the rows alone, and is said.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kviboard.domain.names import likeness

Row = Sequence[str]
_LOOKED_AT = 100  # lines in which the column names must stand
_MOST_HEADER_LINES = 6
_MOST_TITLE_LINES = 12  # above a header that names only some columns
_FEWEST_ROWS = 3  # that tell what a column holds
_MAINLY = 0.8  # of a column's values are of its kind
_MONEY = r"(?:[A-Z]{3}|[A-Z]{0,2}\$|[€£¥₹₽₺₩₪₫₱฿₴円]|zł|Kč|kr\.?|Ft|Rs\.?|lei|руб\.?|грн\.?|лв\.?)"
_NUMBER = re.compile(rf"[-+−(]*\s?{_MONEY}?\s?[-+−]?[.,]?\d[\d.,'’\s]*[-%)]*\s?{_MONEY}?")
_DATE = re.compile(
    r"\d{1,4}[-./]\s?\d{1,2}[-./]\s?\d{1,4}(?![-./]\d)(?:\D.*)?"
    r"|(?:[^\W\d_]{2,12}\.?,? )?\d{1,2}(?:st|nd|rd|th|er)?[-. ]{1,2}(?:de )?[^\W\d_]{3,12}\.?[-. ,]+(?:de )?\d{2,4}"
    r"(?:\D.*)?"
    r"|(?:[^\W\d_]{3,12}\.?,? )?[^\W\d_]{3,12}\.? \d{1,2}(?:st|nd|rd|th)?,? \d{4}(?:\D.*)?"
    r"|\d{4}-[^\W\d_]{3}-\d{1,2}(?:\D.*)?"
    r"|(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)-\d{1,2}-\d{2,4}(?:\D.*)?"
    r"|(?:\d{4}|(?:令和|平成|民國|民国)\s?(?:元|\d{1,3}))年\s?\d{1,2}月\s?\d{1,2}日(?:\D.*)?|[RH]\d{1,2}[./]\d{1,2}[./]\d{1,2}"
)
_ADDRESS = re.compile(r"(?!\d{1,3}(?:\.\d{3}){3}$)\d{1,3}(?:\.\d{1,3}){3}")  # of a computer, and no 1.234.567.890
_CODE = re.compile(r"(?=\S*[\d@])\S+")
_NO_VALUE = {"", "-", "--", "?", "n/a", "na", "nan", "nil", "none", "null", "unknown", "open", "pending", "never"}
_RULE = re.compile(r"[\s|+=:─━┼-]{3,}")
_IMPORT_ID = re.compile(r'\{\s*"ImportId"')


@dataclass(frozen=True)
class Header:
    """The row of the column names by its place among the rows, and how many rows right below it are header lines."""

    at: int
    further: int = 0
    is_short: bool = False  # the rows have one cell more in front, as tables of R have


def find_header(rows: Sequence[Row], at: int) -> Header:
    """What belongs to the header in row `at` of the first `rows` of a file, none of which is blank."""
    further = _further_lines(rows[at + 1 :])
    return Header(at, further, lacks_first_name(rows[at], rows[at + 1 + further :]))


def place_of_header(rows: Sequence[Row], known: frozenset[str]) -> int:
    """The row with the names that are looked for, else the first that is as wide as the table and holds only names.

    `known`: likenesses of the names that are looked for.
    """
    some = rows[:_LOOKED_AT]
    known -= {""}  # a blank cell is no name
    hits = [len({likeness(cell) for cell in row} & known) for row in some]
    best = max(hits, default=0)
    if best >= 2:
        return hits.index(best)
    width, length = _usual(map(len, rows)), _usual(map(filled_cells, rows))
    if _holds_names(some[0], length - lacks_first_name(some[0], rows[1:])):
        return _with_most_names(rows, 0)
    for at, row in enumerate(some):
        if len(row) == width and _holds_names(row, length) and not {"number", "date"} & set(map(kind_of, row)):
            return _with_most_names(rows, at)
    return _above_the_values(some, length)


def _with_most_names(rows: Sequence[Row], at: int) -> int:
    """Of the header lines from row `at` on that which names the most columns, the first of several: above it may stand
    what is common to some of them, once or in each."""
    lines = range(at, at + 1 + _further_lines(rows[at + 1 :]))
    return max(lines, key=lambda line: len({cell.strip() for cell in rows[line]} - {""}))


def _above_the_values(rows: Sequence[Row], length: int) -> int:
    """The row right above the first that holds values as those below it do, where it names most columns: a name that
    is merged with the cell above it stands there, and not in the line of the others. Else the first row."""
    for at in range(min(len(rows) - _FEWEST_ROWS, _MOST_HEADER_LINES + _MOST_TITLE_LINES)):
        above, body = rows[at], rows[at + 1 :]
        if holds_values_of(body[0], kinds_of(body)):
            is_named = 2 * sum(bool(cell.strip()) for cell in above) > length
            return at if is_named and not {"number", "date"} & set(map(kind_of, above)) else 0
    return 0


def lacks_first_name(header: Row, body: Sequence[Row]) -> bool:
    """Whether every row has one cell more than the header, and the first cells only count the rows."""
    if not body or {len(row) for row in body} != {len(header) + 1} or not any(row[-1].strip() for row in body):
        return False
    firsts = [row[0].strip() for row in body]
    return firsts in ([str(n + start) for n in range(len(body))] for start in (0, 1))


def kind_of(cell: str) -> str:
    """number, date, code (a word with a digit or an @), text, or "" for no value."""
    value = cell.strip()
    if value.casefold() in _NO_VALUE:
        return ""
    if _DATE.fullmatch(value):
        return "date"
    if _NUMBER.fullmatch(value):
        return "code" if _ADDRESS.fullmatch(value) else "number"
    return "code" if _CODE.fullmatch(value) else "text"


def kinds_of(rows: Sequence[Row]) -> list[str]:
    """The kind of most values of each column; "" where they are texts or of all kinds."""
    width = max(map(len, rows), default=0)
    return [_common_kind([row[column] for row in rows if len(row) > column]) for column in range(width)]


def holds_values_of(row: Row, kinds: Sequence[str]) -> bool:
    """Whether a line has values of mostly these kinds, two or more, in their columns."""
    typed = [at for at, kind in enumerate(kinds) if kind]
    same = sum(len(row) > at and kind_of(row[at]) == kinds[at] for at in typed)
    return same >= max(2, _MAINLY * len(typed))


def is_ruled(row: Row) -> bool:
    """Whether a line is drawn and holds nothing."""
    begins_as_value = bool(row) and row[0][:1].isalnum()  # most rows do, and need no second look
    return not begins_as_value and bool(_RULE.fullmatch("".join(row)))


def _usual(widths: Iterable[int]) -> int:
    """The width of most rows, of those with more than one cell."""
    counts = Counter(width for width in widths if width > 1)
    return max(counts, key=lambda width: (counts[width], width), default=1)


def _holds_names(row: Row, length: int) -> bool:
    return filled_cells(row) >= length and 2 * sum(bool(cell.strip()) for cell in row) > filled_cells(row)


def filled_cells(row: Row) -> int:
    """How many cells there are up to the last one that is not blank."""
    return next((at for at in range(len(row), 0, -1) if row[at - 1].strip()), 0)


def _further_lines(rows: Sequence[Row]) -> int:
    """How many of the rows right below the header are header lines, too."""
    found = 0
    for at, row in enumerate(rows[:_MOST_HEADER_LINES]):
        if any(cell.strip() for cell in row) and all(_IMPORT_ID.match(cell) or not cell.strip() for cell in row):
            return at + 1  # nothing but ids of questions: what lies between is header, too
        body = rows[at + 1 : at + _LOOKED_AT]
        if found == at and len(body) >= _FEWEST_ROWS and _is_header_line(row, kinds_of(body)):
            found = at + 1
    return found


def _is_header_line(row: Row, kinds: Sequence[str]) -> bool:
    """Whether a row holds texts where all others hold values, and no value anywhere."""
    typed = {at: kind_of(row[at]) for at, kind in enumerate(kinds[: len(row)]) if kind}
    is_value = any(kind_of(cell) in ("number", "date") for cell in row)
    if len(typed) < 2 or is_value or any(found == kinds[at] for at, found in typed.items()):
        return False
    return "text" in typed.values() or (not row[0].strip() and kinds[0] != "")


def _common_kind(cells: Sequence[str]) -> str:
    found = [kind for kind in map(kind_of, cells) if kind]
    for kind in ("date", "number"):
        if found and found.count(kind) >= _MAINLY * len(found):
            return kind
    is_code = found and sum(kind in ("code", "number", "date") for kind in found) >= _MAINLY * len(found)
    return "code" if is_code else ""
