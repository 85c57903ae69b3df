"""Which table a file is: an export of a known tool, else the table that its columns and its name fit best."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kviboard.domain.contract import CONTRACT
from kviboard.domain.formatting import listed
from kviboard.domain.names import likeness
from kviboard.domain.prospects import FILE, NUMBER
from kviboard.domain.recognition.columns import Use, by_tool, by_words, holds_addresses
from kviboard.domain.recognition.facts import ColumnFacts, FileFacts, Tool, Words, is_like
from kviboard.domain.recognition.ticket_logs import is_log

_BY_VALUES = 0.3  # what a column counts that only its values speak for; one that is named counts 1
_ENOUGH = 0.6  # of what a table needs, or a file is taken for none
_A_NAME = 0.5  # what the file's own name counts
_OPTIONAL = 0.08  # what each column counts that may be there
_EACH_ONCE = 0.9  # of the rows of a list of customers are of different ones, at least
_EXPLAINED = 0.1  # what each named column that a table needs counts, where a file fits several
_A_LIST = 0.7  # what a table counts that needs nothing but an id, which most files have
_OF_RELEASES = 5  # columns that a list of releases has at most, or its name must say so: a name and a day are in most
_A_PERIOD = (  # Jan 2026, jan-26, 2026-01, 2026 Q1, 01/2026, Q1 2026
    r"[^\W\d_]{3,10}[ .'-]*(20)?\d\d|20\d\d[-/. ](0?[1-9]|1[0-2]|q[1-4]|w\d\d?)"
    r"|(0?[1-9]|1[0-2])[/.-]20\d\d|q[1-4][ /-]*20\d\d"
)
_FEWEST_PERIODS = 3
_A_SCORE = r"(10|\d)([.,]0+)?"
_TELLING = {"orders": "amount", "responses": "score", "tickets": "ticket_id", "sprints": "ends_on"}
"""The column that makes a table: without it, even by its values, a file is not that table."""
_A_NUMBER = ("id", "no", "no.", "nr", "nr.", "number", "nummer", "#", "numéro", "número")  # of what a row is
_TOLD_BY = {
    "activity": ("occurred_at", "event", "minutes"),
    "orders": ("order_id", "ordered_at"),
    "customers": ("name", "signed_up_on"),
}
"""Columns of which one has to be called as in no other table: a customer, a day and an id are in most lists."""
NAMES_AN_ORDER = ("order_id", "customer_id", "ordered_at")
"""What is enough for orders whose amounts stand in a file of their own."""


@dataclass(frozen=True)
class Sight:
    """A file as one table: what feeds it, who says so, and how well it fits (more is better)."""

    table: str
    uses: tuple[Use, ...]
    why: str
    fit: float
    tool: Tool | None = None

    @property
    def fed(self) -> Mapping[str, Use]:
        return {use.feeds: use for use in self.uses}

    @property
    def missing(self) -> tuple[str, ...]:
        """Columns that the table needs and nothing feeds."""
        needed = (column.name for column in CONTRACT[self.table].columns if column.required)
        return tuple(name for name in needed if name not in self.fed)


def see(file: FileFacts, tools: Sequence[Tool], languages: Sequence[Words]) -> Sight | None:
    """What a file most likely is; None where it is like no table."""
    known = [_as_tool(file, tool, languages) for tool in tools]
    best = max((sight for sight in known if sight), key=lambda sight: sight.fit, default=None)
    if best:
        return best
    if misleading(file, languages):
        return None
    sights = [see_as(file, table, languages) for table in CONTRACT]
    likely = [sight for sight in sights if sight.fit >= _ENOUGH and _tells(file, sight, languages)]
    logs = [sight for sight in likely if sight.table == "tickets" and _is_log(file, sight)]  # no activity of customers
    return max(logs or likely, key=_explains, default=None)


def _is_log(file: FileFacts, sight: Sight) -> bool:
    return is_log(file, {feeds: use.column for feeds, use in sight.fed.items()})


def is_doubtful(file: FileFacts, sight: Sight, languages: Sequence[Words]) -> bool:
    """Whether no name says that a file is this table, and not a list of taxes, parcels, mails or gift cards, say."""
    table, told_by = sight.table, _TOLD_BY.get(sight.table, ())
    if not told_by or sight.tool:
        return False
    if table == "activity" and _is_of_mails(file, sight, languages):
        return True
    if table == "customers" and _is_of_prospects(file):
        return True
    if any(_is_called(file, table, words) for words in languages):
        return False
    use = sight.fed.get("customer_id" if table == "customers" else "order_id")
    number = file.column(use.column) if use else None
    is_any = number is not None and (
        number.name.casefold() in _A_NUMBER or (table == "customers" and holds_addresses(number))
    )
    if table != "activity" and not is_any:
        return False
    named = (use for use in sight.uses if use.feeds in told_by and use.is_sure)
    return all(_is_of_others(file, use.column, table, languages) for use in named)


def _is_of_prospects(file: FileFacts) -> bool:
    """Whether a list says that it is of those who may become customers."""
    numbers = (re.fullmatch(NUMBER, column.name.casefold().replace("_", " ")) for column in file.columns)
    return bool(re.search(FILE, _stem(file))) or any(numbers)


def _is_of_mails(file: FileFacts, sight: Sight, languages: Sequence[Words]) -> bool:
    """Whether some events are what a company did, as mails that it sent."""
    event = file.column(sight.fed["event"].column) if "event" in sight.fed else None
    values = [likeness(value) for value, _ in event.common] if event else []
    return any(is_like(value, pattern) for words in languages for pattern in words.mails for value in values)


def _is_of_others(file: FileFacts, name: str, table: str, languages: Sequence[Words]) -> bool:
    """Whether columns of other tables are called so, too."""
    column = file.column(name)
    others = (each for words in languages for other, each in words.columns.items() if other != table)
    return column is not None and any(
        is_like(column.like, pattern) for columns in others for patterns in columns.values() for pattern in patterns
    )


def misleading(file: FileFacts, languages: Sequence[Words]) -> str:
    """Why a file is no table although it has the columns of one; "" where nothing says so."""
    if _has(file, [pattern for words in languages for pattern in words.agreed]):
        return "it lists subscriptions, and what was agreed is no order: export what was billed or paid"
    if _is_paid_back(file, languages):
        return "it seems to hold refunds without a customer: what was paid back counts among the orders, below zero"
    if _is_of_refunds(file, languages):
        return "it seems to hold refunds, none below zero: what was paid back counts among the orders, with a minus"
    supplier = _has(file, [pattern for words in languages for pattern in words.supplier])
    by_name = {use.feeds for use in see_as(file, "orders", languages).uses if use.is_sure}
    if supplier and "amount" in by_name and "customer_id" not in by_name:
        return f"{supplier.name} is whom the company bought from, and nobody who bought is named"
    last = _has(file, [pattern for words in languages for pattern in words.last])
    dates = [column for column in file.columns if column.kind == "date"]
    if last and dates == [last]:
        return f"{last.name} is the last day of each customer, and activity is every day on which they were there"
    return ""


def totals(file: FileFacts) -> str:
    """Why a file that holds totals of days or months is no table; "" where it holds none."""
    periods = [column.name for column in file.columns if re.fullmatch(_A_PERIOD, column.name.strip().casefold())]
    if len(periods) >= _FEWEST_PERIODS:
        return f"it has a column for each period, such as {periods[0]}: export a row for each order, answer or event"
    days = [column for column in file.columns if column.kind == "date" and column.is_unique]
    numbers = [column for column in file.columns if column.kind == "number"]
    if file.rows >= _FEWEST_PERIODS and len(days) == 1 and len(numbers) == len(file.columns) - 1 > 1:
        day = days[0].name.casefold()
        return f"each row holds the totals of a {day}: export the orders, answers or events behind them"
    return ""


def unread(file: FileFacts, languages: Sequence[Words]) -> str:
    """Why a file that seems to hold answers is no table: its scores cannot be read; "" where nothing seems so."""
    named = {use.feeds for use in see_as(file, "responses", languages).uses if use.is_sure}
    is_called = any(_is_called(file, "responses", words) for words in languages)
    patterns = [pattern for words in languages for pattern in words.columns.get("responses", {}).get("score", ())]
    score = next((c for each in patterns for c in file.columns if c.filled and is_like(c.like, each)), None)
    if score is None or "score" in named or not (is_called or {"responded_at", "customer_id"} <= named):
        return ""
    values = [value for value, _ in score.common if not re.fullmatch(_A_SCORE, value)]
    shown = f'says "{values[0]}", and scores are' if values else "holds other numbers than scores, which are"
    what = f"it seems to hold answers, but {score.name} {shown} whole numbers from 0 to 10, or labels with one"
    return f"{what}: turn them into such in the export"


def _is_paid_back(file: FileFacts, languages: Sequence[Words]) -> bool:
    """Whether a file says what was paid back for which order, and not who had bought, nor when for how much."""
    fed = see_as(file, "orders", languages).fed
    by_name = {use.feeds for use in fed.values() if use.is_sure}
    paid_back = _has(file, [pattern for words in languages for pattern in words.minus])
    is_bought = "customer_id" in by_name or {"ordered_at", "amount"} <= by_name
    return "order_id" in by_name and not is_bought and paid_back is not None


def _is_of_refunds(file: FileFacts, languages: Sequence[Words]) -> bool:
    """Whether a file lists what was paid back, by its name or a number in each row, as amounts above zero."""
    patterns = [pattern for words in languages for pattern in words.returned]
    numbers = [column for column in file.columns if column.is_unique and column.filled == file.rows]
    called = [_stem(file), *(column.like for column in numbers)]
    use = see_as(file, "orders", languages).fed.get("amount")
    amount = file.column(use.column) if use else None
    if amount is None or not any(is_like(each, pattern) for each in called for pattern in patterns):
        return False
    return not any(re.match(r"\D*[-−(]|.*[-−]\s*$", value) for value, _ in amount.common) and (amount.lowest or 0) >= 0


def _has(file: FileFacts, patterns: Sequence[str]) -> ColumnFacts | None:
    return next((column for column in file.columns if any(is_like(column.like, each) for each in patterns)), None)


def _explains(sight: Sight) -> float:
    """How well a file fits a table, more for one that explains more of its columns: an order is a day of a customer,
    too."""
    needed = {column.name for column in CONTRACT[sight.table].columns if column.required}
    return sight.fit + _EXPLAINED * sum(use.is_sure and use.feeds in needed for use in sight.uses)


def see_as(file: FileFacts, table: str, languages: Sequence[Words], tools: Sequence[Tool] = ()) -> Sight:
    """A file as a table that somebody chose, or that is tried."""
    known = [_as_tool(file, tool, languages) for tool in tools if tool.table == table]
    best = max((sight for sight in known if sight), key=lambda sight: sight.fit, default=None)
    if best:
        return best
    uses = by_words(file, table, languages)
    fed = {use.feeds: use for use in uses}
    needed = [column.name for column in CONTRACT[table].columns if column.required]
    told = sum(1.0 if fed[name].is_sure else _BY_VALUES for name in needed if name in fed)
    optional = sum(_OPTIONAL for use in uses if use.feeds not in needed)
    named = next((words for words in languages if _is_called(file, table, words)), None)
    fit = told / len(needed) * (_A_LIST if len(needed) == 1 else 1.0) + optional + (_A_NAME if named else 0.0)
    reasons = [f"its name says so ({named.language})"] if named else []
    columns = [use.column for use in uses if use.feeds in needed and use.is_sure]
    reasons += [f"it has {listed(columns)}"] if columns else []
    return Sight(table, uses, " and ".join(reasons) or "its values look like it", fit)


def _as_tool(file: FileFacts, tool: Tool, languages: Sequence[Words]) -> Sight | None:
    uses = by_tool(file, tool)
    if not uses:
        return None
    fed, taken = {use.feeds for use in uses}, {use.column for use in uses}
    named = [use for use in by_words(file, tool.table, languages) if use.is_sure]
    more = [use for use in named if use.feeds not in fed and use.column not in taken]
    patterns = [pattern for found in tool.columns.values() for pattern in found] + list(tool.known_by)
    told = sum(any(is_like(column.like, pattern) for pattern in patterns) for column in file.columns)
    return Sight(tool.table, (*uses, *more), f"it has the columns of {tool.title}", 10.0 + told, tool)


def _tells(file: FileFacts, sight: Sight, languages: Sequence[Words]) -> bool:
    if sight.table == "customers" and not _lists_each_once(file, sight):
        return False
    telling = _TELLING.get(sight.table)
    named = {use.feeds for use in sight.uses if use.is_sure}
    is_called = any(_is_called(file, sight.table, words) for words in languages)
    number = sight.fed.get("order_id")
    is_numbered = number is not None and (number.is_sure or number.column.casefold() in _A_NUMBER)
    is_bare = (
        sight.table == "orders" and "customer_id" in named and set(NAMES_AN_ORDER) <= sight.fed.keys()
        and ("order_id" in named or (is_numbered and is_called))
    )  # fmt: skip
    if sight.table == "activity":
        return _is_of_days(file, sight, languages)
    if sight.table == "invitations":  # a customer and a day are in most files: a name must say that they were asked
        return "invited_at" in named or is_called
    if sight.table == "releases" and not ({"day", "title"} <= named and len(file.columns) <= _OF_RELEASES):
        return is_called
    if sight.table == "sprints" and ("name" not in named or _has_amounts(file, languages)):
        return is_called  # sales of a day have a title, a begin and an end, too
    if sight.table == "tickets" and "closed_at" not in named and _has_amounts(file, languages):
        return is_called  # a till calls its receipts tickets
    if sight.table == "orders" and not is_numbered:
        # quotes, carts, expenses and stock moves have a number of their own and amounts, too
        return telling in sight.fed and is_called
    is_answer = telling == "score" and {"response_id", "responded_at"} <= named
    if (
        telling in ("ticket_id", "score") and telling not in named and not is_answer
    ):  # deals have customer and days, too
        return telling in sight.fed and is_called
    if sight.table == "tickets" and "opened_at" not in named:  # answers may name the ticket that they rate
        return is_called
    is_only_an_id = (
        sight.table == "tickets" and "ticket_id" in named and sight.fed["ticket_id"].column.casefold() == "id"
    )
    if is_only_an_id and not named & {"closed_at", "topic"}:  # most tables have an id, and many name a customer
        return is_called
    return telling is None or telling in sight.fed or is_bare


def _is_of_days(file: FileFacts, sight: Sight, languages: Sequence[Words]) -> bool:
    """Whether a file may hold the days of customers: logs, measurements and surveys have days and codes, too."""
    if any(_is_called(file, "activity", words) for words in languages):
        return True
    named = {use.feeds for use in sight.uses if use.is_sure}
    who, when = (
        file.column(sight.fed[name].column) if name in sight.fed else None for name in ("customer_id", "occurred_at")
    )
    is_known = "customer_id" in named or holds_addresses(who)
    has_times = when is not None and any(":" in value for value in when.examples)
    is_other = any(_is_called(file, table, words) for table in ("orders", "responses") for words in languages)
    is_other = is_other or _has_amounts(file, languages)
    return is_known and ("occurred_at" in named or has_times) and not is_other


def _has_amounts(file: FileFacts, languages: Sequence[Words]) -> bool:
    """Whether a column is called an amount, as in quotes and carts."""
    use = see_as(file, "orders", languages).fed.get("amount")
    return use is not None and use.is_sure


def _lists_each_once(file: FileFacts, sight: Sight) -> bool:
    """Whether nearly every row is of another customer, or rows say when they were changed: else it is no list of them,
    whatever it is called."""
    use = sight.fed.get("customer_id")
    column = file.column(use.column) if use else None
    return column is None or "updated_at" in sight.fed or column.distinct >= _EACH_ONCE * column.filled


def _is_called(file: FileFacts, table: str, words: Words) -> bool:
    return any(is_like(_stem(file), pattern) for pattern in words.files.get(table, ()))


def _stem(file: FileFacts) -> str:
    return "".join(sign for sign in file.name.casefold() if sign.isalpha())
