"""What is known of export files before anything is decided: names, kinds and values of their columns; known tools."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fnmatch import fnmatchcase
from typing import Literal

MOST_COMMON = 50
PAYMENT_ID = "^(ch|pi|py|txn|in|re|cs)_[A-Za-z0-9_]+$"
"""Pattern of ids as the interface of a payment service gives them, which counts in cents."""
FEWEST_PAYMENTS = 8  # of which it is no chance that all are of whole amounts


@dataclass(frozen=True)
class ColumnFacts:
    """A column of an export. `like` is its name without capitals, blanks and the like, by which names are compared."""

    name: str
    like: str
    kind: str  # date, number, code (a word with a digit or an @), or "" for texts and mixtures
    filled: int  # cells with a value
    distinct: int  # different values; estimated in very large files
    common: tuple[tuple[str, int], ...] = ()  # the most frequent values with their counts, at most MOST_COMMON
    examples: tuple[str, ...] = ()
    lowest: float | None = None  # of the numbers
    highest: float | None = None
    is_whole: bool = False  # all its numbers are whole
    length: float = 0.0  # characters of a value, on average
    doubt: Literal["", "dates", "formats", "decimals", "zones"] = ""  # what its values leave open
    example: str = ""  # a value that can be read in two ways
    date_formats: tuple[str, ...] | None = ()  # in which its dates are written; () where as 2026-01-31, None: unknown
    fitting: tuple[str, ...] = ()  # date_formats of a source by which alone its dates can be read
    days: tuple[date, date] | None = None  # the first and the last, where all its dates can be read

    @property
    def is_unique(self) -> bool:
        return self.filled > 0 and self.distinct == self.filled

    @property
    def values(self) -> dict[str, int]:
        """All values with their counts; empty where there are too many."""
        return dict(self.common) if self.distinct <= len(self.common) else {}


@dataclass(frozen=True)
class FileFacts:
    """One table of an export: a file, a sheet of it, members of an archive, or several files that are written alike."""

    name: str  # as people say it: "orders.csv", "shop.xlsx, sheet Orders"
    files: tuple[str, ...]
    rows: int
    columns: tuple[ColumnFacts, ...]
    sheet: str = ""  # one beside those that the file is known by
    sheets: tuple[str, ...] = ()  # those that the file is known by, where it has others
    problem: str = ""  # why it cannot be read
    list_at: str = ""  # the list of a JSON text that it is, where that has others
    members: tuple[str, ...] = ()  # of an archive, where it has others that are no part of it

    def column(self, name: str) -> ColumnFacts | None:
        return next((column for column in self.columns if column.name == name), None)


@dataclass(frozen=True)
class Tool:
    """An export of a known tool. Names are patterns of likenesses; of several, the first that is there counts."""

    title: str
    table: str
    columns: Mapping[str, Sequence[str]]  # ours = theirs
    known_by: Sequence[str] = ()  # columns by which the export is known
    least: int = 2  # of these must be there
    leave_out: Sequence[tuple[str, Sequence[str]]] = ()  # a column, and its values whose rows are none
    minus: str = ""  # a column with what was paid back, which is taken off the amount


@dataclass(frozen=True)
class Words:
    """What columns and files are called in one language: patterns of likenesses by table and column."""

    language: str
    files: Mapping[str, Sequence[str]]  # by table
    columns: Mapping[str, Mapping[str, Sequence[str]]]  # by table, by our name
    void: Sequence[str] = ()  # states of orders that never were or were called off
    unpaid: Sequence[str] = ()  # states of orders that nobody paid: void, but for invoices, which are paid later
    due: Sequence[str] = ()  # names of the day on which invoices are to be paid
    won: Sequence[str] = ()  # states of deals that are orders: beside them all other states are none
    chance: Sequence[str] = ()  # names of the column with how likely a deal is, of which only a sure one is an order
    states: Sequence[str] = ()  # names of the column with the state
    minus: Sequence[str] = ()  # names of the column with what was paid back
    piece: Sequence[str] = ()  # names of the column with the price of one piece
    quantity: Sequence[str] = ()  # and of that with how many there are
    discount: Sequence[str] = ()  # and of that with what it is less by
    fee: Sequence[str] = ()  # names of the column with what a payment service kept
    gross: Sequence[str] = ()  # and of that with the amount before it
    cents: Sequence[str] = ()  # names of amounts that interfaces of payment services count in cents
    agreed: Sequence[str] = ()  # columns of subscriptions: what was agreed, and not what was paid
    supplier: Sequence[str] = ()  # names of the column with whom the company bought from
    mails: Sequence[str] = ()  # events that a company did and no customer
    last: Sequence[str] = ()  # days of which only the latest of each customer is there
    returned: Sequence[str] = ()  # files, and numbers, of what was paid back
    complaint: Sequence[str] = ()  # what a contact is called that is a complaint
    question: Sequence[str] = ()  # and one that only asks
    earned: Sequence[str] = ()  # what it is called that customers come by recommendation
    bought: Sequence[str] = ()  # and that they come by what the company paid for


def is_like(like: str, pattern: str) -> bool:
    """Whether a likeness is one that a pattern means; * stands for any letters."""
    is_plain = "*" not in pattern and "[" not in pattern  # as most are, which are many
    return like == pattern if is_plain else fnmatchcase(like, pattern)
