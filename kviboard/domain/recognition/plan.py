"""The plan of a workspace: what each export is, how it is read, what people must decide. Made in `planning`."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from kviboard.domain.contract import CONTRACT
from kviboard.domain.formatting import listed
from kviboard.domain.recognition.columns import Use
from kviboard.domain.recognition.facts import FileFacts

PAYMENTS, PERSONS = "payments", "persons"
AS_THEY_ARE = "none"  # the answer that amounts are taken as they are
EACH_ROW, ONE_TIME = "row", "time"  # what an order is that nothing numbers: a row, or those of a customer at one time
SHARE, PERCENT, MONEY = "share", "percent", "money"  # what a discount says
SECONDS, MINUTES, HOURS = "seconds", "minutes", "hours"  # what plain numbers of durations are
APART, TOGETHER = "apart", "together"  # equal numbers of two exports: rows of their own, or the same ones
Choices = Mapping[str, str]
"""What somebody chose, by key: "orders.csv:table" = "orders". A key that is absent leaves the choice to the plan."""


@dataclass(frozen=True)
class Question:
    """What the data cannot decide, or decides only for most: the answers there are, and the one that is taken.

    `answer` "" : nothing is taken until somebody answers. `key` is its key in Choices.
    """

    key: str
    text: str
    options: tuple[tuple[str, str], ...]  # value, what it means
    answer: str
    why: str = ""

    @property
    def is_open(self) -> bool:
        return not self.answer


@dataclass(frozen=True)
class Export:
    """A file with its part in the plan. `role`: a contract table, PAYMENTS, PERSONS, or "" where it is not used."""

    file: FileFacts
    role: str
    uses: tuple[Use, ...] = ()
    why: str = ""
    tool: str = ""
    is_doubtful: bool = False  # it is asked whether the file is this table
    source: str = ""
    date_format: str = ""
    decimal: str = ""
    scale: str = ""
    is_unnumbered: bool = False  # it is asked what an order is, for no column numbers them
    order_is: str = ""  # EACH_ROW or ONE_TIME, "" while nobody said it
    state: str = ""  # the column with an order's state, or the stage of who may become a customer
    void: tuple[str, ...] = ()  # its values whose rows are no turnover, or no customers yet
    won: tuple[str, ...] = ()  # the values whose rows alone are turnover, whatever others later files may have
    kinds: tuple[tuple[str, str], ...] = ()  # what its contacts are called, in small letters, and what we call them
    ways: tuple[tuple[str, str], ...] = ()
    """What it says of how customers came, in small letters, and what that is: earned, bought, AS_THEY_ARE if neither,
    "" while nobody said it."""
    may_be_log: bool = False  # it is asked whether each row is an event of a ticket
    is_log: str = ""  # "yes" if so, AS_THEY_ARE if not, "" while nobody said it
    events: str = ""  # the column that says which event
    closing: tuple[str, ...] = ()  # its events, in small letters, with which a ticket is closed
    opening: tuple[str, ...] = ()  # and with which it is open again
    paid_back: str = ""  # the column with what was paid back, where it is asked whether amounts are those before it
    minus: str = ""  # the column that is taken off the amount
    pieces: str = ""  # the column with how many pieces a row has, where it is asked whether its price is that of one
    is_price_of_one: str = ""  # that column if so, AS_THEY_ARE if not, "" while nobody said it
    discount: str = ""  # the column with what that price is less by, where it is asked what it says
    discount_is: str = ""  # SHARE, PERCENT or MONEY, AS_THEY_ARE if the price is less already, "" while nobody said it
    may_be_cents: bool = False  # it is asked whether amounts are in cents
    is_in_cents: str = ""  # "yes" if so, AS_THEY_ARE if not, "" while nobody said it
    asks_unit: bool = False  # it is asked in which unit durations are
    unit: str = ""  # SECONDS, MINUTES or HOURS, "" while nobody said it
    dimensions: tuple[tuple[str, str], ...] = ()  # column, the name that KVIs are sliced by
    candidates: tuple[tuple[str, str], ...] = ()  # of which these were chosen
    order: str = ""  # the column that names an order of the orders export
    numbered_as: str = ""  # the file that may have its numbers, too, where it is asked whether they are the same rows
    numbers_are: str = ""  # APART or TOGETHER, "" while nobody said it
    nameless: int = 0  # rows of orders that name no customer, where it is asked whether they are of guests
    nobody: tuple[str, ...] = ()  # what stands there for a customer
    is_grouped: bool = False  # those that name one all name another, as in a report whose groups are customers
    guests: bool | None = False  # they are, or all orders where no column names customers; None while nobody said it
    asked: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """By column of ours those of the file that may feed it, where it is asked which one does."""

    @property
    def fed(self) -> dict[str, str]:
        """Our column = that of the file."""
        return {use.feeds: use.column for use in self.uses}

    @property
    def are_void(self) -> str:
        """What rows with the values of `void` are."""
        return "no customers yet" if self.role == "customers" else "no turnover"

    @property
    def leaves_out_undated(self) -> bool:
        """Whether orders without the day that somebody chose for it are left out, as those that nobody paid."""
        day = next((use for use in self.uses if use.feeds == "ordered_at"), None)
        return self.role == "orders" and day is not None and day.why == "chosen" and self.has_undated(day.column)

    def has_undated(self, day: str) -> bool:
        """Whether some orders have no such day; of an order of several rows only the first may have one."""
        column, number = self.file.column(day), self.file.column(self.fed.get("order_id", ""))
        return bool(column and number and number.is_unique and column.filled < self.file.rows)

    @property
    def times(self) -> str:
        """The column that the amount is multiplied by, if there is one."""
        return "" if self.is_price_of_one == AS_THEY_ARE else self.is_price_of_one

    @property
    def less_by(self) -> str:
        """The column by which the amount is less, if there is one."""
        return self.discount if self.times and self.discount_is in (SHARE, PERCENT, MONEY) else ""

    @property
    def again(self) -> tuple[tuple[str, str], ...]:
        """Columns that are called as one that is read, with its name: of the two, the first counts."""
        sliced = (column for column, _ in self.dimensions)
        read = {
            name.casefold(): name
            for name in (*self.fed.values(), *sliced, self.state, self.minus, self.times, self.less_by, self.order)
        }
        named = ((column.name, column.name.removesuffix("_2")) for column in self.file.columns)
        return tuple(
            (name, read[first.casefold()]) for name, first in named
            if name != first and first.casefold() in read and name.casefold() not in read
        )  # fmt: skip

    @property
    def missing(self) -> tuple[str, ...]:
        """Columns that its table needs and nothing feeds; what another export adds is not among them."""
        table = CONTRACT.get(self.role)
        needed = (column.name for column in table.columns if column.required) if table else ()
        known = self.fed.keys() | self.asked.keys() | ({"order_id"} if self.is_unnumbered else set())
        return tuple(name for name in needed if name not in known)


@dataclass(frozen=True)
class Plan:
    """What is read as what. `amounts`: the export with the orders' amounts; `persons`: the one that says who a customer
    number is; `aliases`: the one that says under which other name exports know a customer."""

    exports: tuple[Export, ...]
    questions: tuple[Question, ...] = ()
    amounts: Export | None = None
    persons: Export | None = None
    aliases: Export | None = None
    active_by_orders: bool = False  # nothing else says when customers are active
    back_days: int = 0
    currency: str = ""  # "" where the exports do not say
    has_customers: bool = False  # the workspace has a source of customers already

    def of(self, role: str) -> tuple[Export, ...]:
        return tuple(export for export in self.exports if export.role == role)

    @property
    def open_questions(self) -> tuple[Question, ...]:
        return tuple(question for question in self.questions if question.is_open)

    @property
    def lacking(self) -> tuple[tuple[Export, str], ...]:
        """Exports with a column that their table needs and nothing feeds."""
        return tuple((export, name) for export in self.exports for name in self.missing_of(export))

    def missing_of(self, export: Export) -> tuple[str, ...]:
        given = {"amount"} if export.role == "orders" and self.amounts else set()
        return tuple(name for name in export.missing if name not in given)


def described(plan: Plan, export: Export) -> str:
    """What a file is, in a sentence without its name: "orders (Shopify orders), because …"."""
    if not export.role:
        return f"not used: {export.why}"
    what = {PAYMENTS: "the amounts of the orders", "customers": "customers"}.get(export.role, export.role)
    lacks = plan.missing_of(export)
    without = f"; it lacks {listed(list(lacks))}" if lacks else ""
    twice = f"; of its two columns {listed([first for _, first in export.again])} the first is read"
    return f"{what}, because {export.why}{without}{twice if export.again else ''}"
