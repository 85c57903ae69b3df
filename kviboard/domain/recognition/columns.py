"""Which column of a file feeds which of ours: by what a tool calls it, by its name in some language, by its values."""

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from kviboard.domain.contract import ACQUISITION_KINDS, CONTRACT, TICKET_KINDS, Column
from kviboard.domain.names import likeness
from kviboard.domain.nobody import NOBODY
from kviboard.domain.recognition.facts import ColumnFacts, FileFacts, Tool, Words, is_like

CURRENCY_COLUMNS = ("currency", "währung", "devise", "moneda", "valuta", "moeda", "waluta", "通貨")
_MOMENTS = ((631_152_000, 4_102_444_800), (32_874, 73_050))  # 1990 to 2100 in seconds since 1970, in days of Excel
_COMPACT_DAY = r"(19|20)\d\d(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])"  # 20260131
_TIME_OF_DAY = re.compile(r"\s*\d{1,2}[:.]\d\d([:.]\d\d)?(\s*[ap]\.?m\.?)?\s*", re.IGNORECASE)
_MOST_SCORE = 10
_ALL_OF_ONE = 20  # rows that are hardly all of one customer
_SEVERAL_ROWS = 5  # that are hardly all there is of one day, beside earlier ones
_MOSTLY = 0.5  # of the rows have a value
_COMPLAINT = TICKET_KINDS[0]
_EARNED = ACQUISITION_KINDS[0]
_LEDGER = r"receivable|\bbank\b|\bsales\b|\bcash\b|checking|undeposited|revenue|\bincome\b|payable|inventory"
_LONGER_THAN_LEDGERS = 10_000  # numbers, which have four digits
_ACCOUNTS = ("account", "accountcode")
_OF_CUSTOMERS = ("name", "contactname", "customername", "clientname", "customer", "client", "contact", "payee")
_BESIDE_STATES = ("*city", "*town", "*zip*", "*postal*", "*postcode", "*country")
_END = "closed_at"
"""Help desks solve a ticket and close it days later, or never: of both days that which more tickets have is its end."""


@dataclass(frozen=True)
class Use:
    """A column of an export that feeds one of ours, and why. Not `is_sure`: only its values speak for it."""

    column: str
    feeds: str
    why: str
    is_sure: bool = True


def by_tool(file: FileFacts, tool: Tool) -> tuple[Use, ...]:
    """What the columns of an export of a tool feed; () where it lacks what the table needs or is known by."""
    uses = _kind(file, ()) if tool.table == "tickets" else []
    needed = {column.name for column in CONTRACT[tool.table].columns if column.required}
    for feeds, patterns in tool.columns.items():
        named = _all_named(file, patterns, {use.column for use in uses})
        if feeds in needed:  # a tool may have a column for what nobody gave it
            named = [column for column in named if column.filled]
        if named:
            found = max(named, key=lambda column: column.filled) if feeds == _END else named[0]
            uses.append(Use(found.name, feeds, f"{tool.title} calls it so"))
    known = [_named(file, [pattern], set()) is not None for pattern in tool.known_by]
    is_it = needed <= {use.feeds for use in uses} and sum(known) >= tool.least
    return tuple(uses) if is_it else ()


def by_words(file: FileFacts, table: str, languages: Sequence[Words]) -> tuple[Use, ...]:
    """What columns feed by their names in some language, else by their values where a column of ours is needed."""
    uses: list[Use] = []
    languages = sorted(languages, key=lambda words: -_named_in(words, table, file))
    wanted = sorted(CONTRACT[table].columns, key=lambda column: not column.required)
    books = _accounts_in_the_books(file) if table == "orders" else set()
    for column in wanted:
        taken = {use.column for use in uses} | (books if column.name == "customer_id" else set())
        named = list(_by_name(file, table, column, languages, taken))
        if column.name == "response_id":  # some name who answered, too, by an id that is no answer's
            named.sort(key=lambda use: not _is_unique(file, use))
        if column.name == _END:
            named.sort(key=lambda use: -_filled(file, use))
        if column.name == "kind":
            named += _kind(file, languages)
        if column.name == "acquisition":
            named = [use for use in named if _values(file, use)] + _way(file, languages, taken)
        use = next(iter(named), None)
        if use:
            uses.append(use)
    if table == "orders":
        uses = [_before_fees(use, file, languages) if use.feeds == "amount" else use for use in uses]
    for column in wanted:
        if column.required and column.name not in {use.feeds for use in uses}:
            found = by_values(file, column, {use.column for use in uses})
            if found:
                uses.append(Use(found.name, column.name, "its values look like it", is_sure=False))
    order = [column.name for column in CONTRACT[table].columns]
    return tuple(sorted(uses, key=lambda use: order.index(use.feeds)))


def days_by_name(file: FileFacts, table: str, ours: str, languages: Sequence[Words]) -> list[ColumnFacts]:
    """All columns that are called as a day of ours, the likeliest first."""
    wanted = next(column for column in CONTRACT[table].columns if column.name == ours)
    named = (file.column(use.column) for use in _by_name(file, table, wanted, languages, set()))
    return list(dict.fromkeys(column for column in named if column))


def days_before_import(file: FileFacts, name: str) -> list[str]:
    """Columns with days before the only day that stands in the column `name` of several rows: rows are called created
    on the day on which they were brought from another system."""
    column = file.column(name)
    if column is None or column.days is None or column.days[0] != column.days[1] or column.filled < _SEVERAL_ROWS:
        return []
    return [each.name for each in file.columns if each.days and each.days[0] < column.days[0]]


def called_alike(file: FileFacts, ours: Column, name: str, patterns: Sequence[str]) -> list[ColumnFacts]:
    """All columns that may feed one of ours and are named by the pattern that names the column `name`, too."""
    found = file.column(name)
    pattern = next((each for each in patterns if found and is_like(found.like, each)), None)
    return [
        column for column in file.columns
        if pattern and is_like(column.like, pattern) and column.filled and may_feed(column, ours)
    ]  # fmt: skip


def may_feed(column: ColumnFacts, ours: Column) -> bool:
    """Whether the values of a column can be read as one of ours."""
    if not column.filled:
        return not ours.required
    if ours.kind in ("day", "time"):
        return column.kind == "date" or (column.kind == "number" and _is_moment(column))
    if ours.kind == "money":
        return column.kind == "number"
    if ours.kind == "score":
        return _is_score(column)
    if ours.name == "customer_id" and column.distinct == 1 and column.filled >= _ALL_OF_ONE:
        # one who is not nobody is the company itself, an agent or a host
        return any(value.casefold() in NOBODY for value, _ in column.common)
    if ours.kind == "id":
        is_fraction = column.kind == "number" and not column.is_whole
        return column.kind != "date" and not is_fraction and not is_time_of_day(column)
    return True


def by_values(file: FileFacts, ours: Column, taken: Collection[str]) -> ColumnFacts | None:
    """The column whose values look most like one of ours, where names say nothing."""
    likely = all_by_values(file, ours, taken)
    return likely[0] if likely else None


def all_by_values(file: FileFacts, ours: Column, taken: Collection[str]) -> list[ColumnFacts]:
    """All columns whose values look like one of ours, the likeliest first."""
    free = [column for column in file.columns if column.name not in taken and may_feed(column, ours)]
    if ours.kind in ("day", "time"):
        return sorted((column for column in free if column.kind == "date"), key=lambda column: -column.filled)
    if ours.kind == "money":
        return [column for column in reversed(free) if not column.is_whole and column.filled >= _MOSTLY * file.rows]
    if ours.kind == "score":
        return [column for column in free if column.kind == "number" and 3 <= column.distinct <= _MOST_SCORE + 1]
    if ours.kind == "id":
        full = [column for column in free if column.filled == file.rows and column.kind in ("code", "number")]
        if ours.name == "customer_id":
            likely = [column for column in full if not column.is_unique and column.distinct > 2]
            likely.sort(key=lambda column: (not any("@" in value for value in column.examples), -column.distinct))
            return likely
        return [column for column in full if column.is_unique]
    return []


def holds_addresses(column: ColumnFacts | None) -> bool:
    """Whether all values that are known are e-mail addresses."""
    return column is not None and bool(column.common) and all("@" in value for value, _ in column.common)


def clashing(file: FileFacts, uses: Sequence[Use], likeness_of: Mapping[str, str]) -> tuple[str, ...]:
    """Columns that would be read under a name that another column feeds."""
    fed = {likeness_of[use.feeds] for use in uses}
    used = {use.column for use in uses}
    return tuple(column.name for column in file.columns if column.name not in used and column.like in fed)


def _named_in(words: Words, table: str, file: FileFacts) -> int:
    """How many columns of a file have a name in a language: one that a neighbour shares may be another column there."""
    names = {name for names in words.columns.get(table, {}).values() for name in names}
    return sum(column.like in names for column in file.columns)


def _by_name(file: FileFacts, table: str, ours: Column, languages: Sequence[Words], taken: set[str]) -> Iterator[Use]:
    own = ours.name.replace("_", "")
    fitting = [column for column in file.columns if column.name not in taken and may_feed(column, ours)]
    for column in fitting:
        if column.like == own:
            yield Use(column.name, ours.name, "it is called so")
    for words in languages:
        for pattern in words.columns.get(table, {}).get(ours.name, ()):
            for column in fitting:
                if is_like(column.like, pattern):
                    yield Use(column.name, ours.name, f"its name says so ({words.language})")


def _accounts_in_the_books(file: FileFacts) -> set[str]:
    """Columns called accounts that are those of a ledger, by short numbers or words for them: fewer than there are
    names of customers beside them."""
    names = max((column.distinct for column in file.columns if column.like in _OF_CUSTOMERS), default=0)
    accounts = (column for column in file.columns if column.like in _ACCOUNTS)
    return {column.name for column in accounts if column.distinct < names and _is_of_a_ledger(column)}


def _is_of_a_ledger(column: ColumnFacts) -> bool:
    if column.kind == "number":
        return column.highest is not None and column.highest < _LONGER_THAN_LEDGERS
    return any(re.search(_LEDGER, value, re.IGNORECASE) for value, _ in column.common)


def _is_unique(file: FileFacts, use: Use) -> bool:
    column = file.column(use.column)
    return column is not None and column.is_unique


def _kind(file: FileFacts, languages: Sequence[Words]) -> list[Use]:
    """The column that says which tickets are complaints, in any language and whatever it is called: that with the
    fewest values, for a subject may be "Complaint", too."""
    return _telling(file.columns, lambda value: kind_of(value, languages) == _COMPLAINT, "kind", "which are complaints")


def kind_of(value: str, languages: Sequence[Words]) -> str:
    """What we call such a contact, by what a language calls it; "" where none does."""
    return _our_word(value, TICKET_KINDS, languages)


def _way(file: FileFacts, languages: Sequence[Words], taken: Collection[str]) -> list[Use]:
    """The column that says which customers were recommended, whatever it is called: that with the fewest values."""
    free = [column for column in file.columns if column.name not in taken]
    return _telling(free, lambda value: way_of(value, languages) == _EARNED, "acquisition", "who was recommended")


def _telling(columns: Sequence[ColumnFacts], tells: Callable[[str], bool], feeds: str, what: str) -> list[Use]:
    """That of the columns with the fewest values of which any tells it."""
    told = [column for column in columns if any(map(tells, column.values))]
    return [Use(column.name, feeds, f"it says {what}") for column in sorted(told, key=lambda each: each.distinct)[:1]]


def way_of(value: str, languages: Sequence[Words]) -> str:
    """How a customer came, earned or bought, by what a language calls it; "" where none does. A referral is none of
    these words: it may be a link on another site."""
    return _our_word(value, ACQUISITION_KINDS, languages)


def _our_word(value: str, ours: Sequence[str], languages: Sequence[Words]) -> str:
    """Which of our words it is, by itself or by what a language calls it; "" where it is none of them."""
    if value.casefold() in ours:
        return value.casefold()
    like = likeness(value)
    return next((word for words in languages for word in ours if _is_any(like, getattr(words, word))), "")


def _is_any(like: str, patterns: Sequence[str]) -> bool:
    return any(is_like(like, pattern) for pattern in patterns)


def _values(file: FileFacts, use: Use) -> Collection[str]:
    """All values of a column; none where there are too many."""
    column = file.column(use.column)
    return column.values if column else ()


def _filled(file: FileFacts, use: Use) -> int:
    column = file.column(use.column)
    return column.filled if column else 0


def _before_fees(use: Use, file: FileFacts, languages: Sequence[Words]) -> Use:
    """Beside a fee that a payment service kept, what the customer paid is the amount before it."""
    fee = _named(file, [pattern for words in languages for pattern in words.fee], {use.column})
    gross = _named(file, [pattern for words in languages for pattern in words.gross], {use.column})
    column = file.column(use.column)
    if fee is None or gross is None or column is None or not re.fullmatch("nett?o?", column.like):
        return use
    return Use(gross.name, use.feeds, f"it is what was paid before {fee.name}") if gross.kind == "number" else use


def _named(file: FileFacts, patterns: Sequence[str], taken: set[str]) -> ColumnFacts | None:
    return next(iter(_all_named(file, patterns, taken)), None)


def _all_named(file: FileFacts, patterns: Sequence[str], taken: set[str]) -> list[ColumnFacts]:
    """The columns that are called by one of the patterns, those of the first one first."""
    free = [column for column in file.columns if column.name not in taken]
    return [column for pattern in patterns for column in free if is_like(column.like, pattern)]


def has_decimals(column: ColumnFacts) -> bool:
    """Whether its numbers are amounts: 49.00, too, which is whole."""
    return not column.is_whole or any(re.search(r"[.,]\d\d?$", value) for value, _ in column.common)


def is_of_address(column: ColumnFacts, file: FileFacts) -> bool:
    """Whether "State" is one of a country, and not that of an order: a city or the like stands beside it."""
    beside = (is_like(other.like, pattern) for other in file.columns for pattern in _BESIDE_STATES)
    return column.like.endswith("state") and any(beside)


def is_time_of_day(column: ColumnFacts) -> bool:
    """Whether all values of a column are a time without a day."""
    return bool(column.common) and all(_TIME_OF_DAY.fullmatch(value) for value, _ in column.common)


def _is_moment(column: ColumnFacts) -> bool:
    low, high = column.lowest, column.highest
    if low is None or high is None:
        return False
    if column.common and all(re.fullmatch(_COMPACT_DAY, value) for value, _ in column.common):
        return True
    return any(first * size <= low and high < last * size for first, last in _MOMENTS for size in (1, 10**3, 10**6))


def _is_score(column: ColumnFacts) -> bool:
    if column.kind == "number":
        low, high = column.lowest, column.highest
        return column.is_whole and low is not None and low >= 0 and high is not None and high <= _MOST_SCORE
    if column.kind == "":
        return bool(column.values) and any(any(sign.isdigit() for sign in value) for value in column.values)
    return column.kind == "code" and bool(column.values)
