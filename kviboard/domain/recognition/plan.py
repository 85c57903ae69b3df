"""The plan of a workspace: what each export is, how it is read, how exports belong together, what people must decide.

Everything follows from the facts and from what somebody chose; nothing is chosen in silence.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from kviboard.domain.contract import CONTRACT
from kviboard.domain.formatting import counted, listed
from kviboard.domain.recognition.columns import Use, by_values
from kviboard.domain.recognition.facts import ColumnFacts, FileFacts, Tool, Words, is_like
from kviboard.domain.recognition.tables import NAMES_AN_ORDER, Sight, see, see_as

PAYMENTS, PERSONS = "payments", "persons"
_MOST_DIMENSIONS = 3
_DIMENSION_VALUES = (2, 50)
_LONGEST_LABEL = 40  # characters of a value by which KVIs can be sliced
_ENOUGH_SCORES = 20
_NARROW, _NARROW_LIMITS = "1-5", (1, 5)
_AFTER_A_PURCHASE = 60  # days that an answer about an order speaks for
_CURRENCIES = {"€": "EUR", "£": "GBP", "R$": "BRL", "₹": "INR", "zł": "PLN", "Kč": "CZK"}
_PARTS = re.compile(r"\d{1,2}([-/.])\d{1,2}[-/.]\d{4}")
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
    source: str = ""
    date_format: str = ""
    decimal: str = ""
    scale: str = ""
    state: str = ""  # the column with an order's state
    void: tuple[str, ...] = ()  # its values whose rows are no turnover
    minus: str = ""  # the column with what was paid back
    dimensions: tuple[tuple[str, str], ...] = ()  # column, the name that KVIs are sliced by
    candidates: tuple[tuple[str, str], ...] = ()  # of which these were chosen
    order: str = ""  # the column that names an order of the orders export

    @property
    def fed(self) -> dict[str, str]:
        """Our column = that of the file."""
        return {use.feeds: use.column for use in self.uses}

    @property
    def missing(self) -> tuple[str, ...]:
        """Columns that its table needs and nothing feeds; what another export adds is not among them."""
        table = CONTRACT.get(self.role)
        needed = (column.name for column in table.columns if column.required) if table else ()
        return tuple(name for name in needed if name not in self.fed)


@dataclass(frozen=True)
class Plan:
    """What is read as what. `amounts`: the export with the orders' amounts; `persons`: the one that says who a customer
    number is."""

    exports: tuple[Export, ...]
    questions: tuple[Question, ...] = ()
    amounts: Export | None = None
    persons: Export | None = None
    active_by_orders: bool = False  # nothing else says when customers are active
    back_days: int = 0
    currency: str = ""  # "" where the exports do not say

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


def make_plan(
    files: Sequence[FileFacts], tools: Sequence[Tool], languages: Sequence[Words], choices: Choices | None = None
) -> Plan:
    """The plan for files, with what somebody chose."""
    chosen = choices or {}
    exports = [_export(file, tools, languages, chosen) for file in files]
    exports, amounts = _with_amounts(exports, languages, chosen)
    exports, persons = _with_persons(exports, chosen)
    exports = _with_orders_named(exports)
    exports = [_settled(export, languages, tools, chosen) for export in exports]
    exports = _with_sources(exports)
    amounts = next((each for each in exports if amounts and each.role == PAYMENTS), None)
    persons = next((each for each in exports if persons and each.file.name == persons.file.name), None)
    activity, back_days = _about_activity(exports, chosen), _about_back_days(exports, chosen)
    questions = [question for export in exports for question in _questions(export)]
    return Plan(
        tuple(exports),
        (*questions, *activity, *back_days),
        amounts,
        persons,
        active_by_orders=any(question.answer == "orders" for question in activity),
        back_days=next((int(question.answer) for question in back_days if question.answer.isdecimal()), 0),
        currency=_currency(exports),
    )


def dimension_name(column: str) -> str:
    """The name that KVIs are sliced by: "Customer State" becomes state."""
    plain = re.sub(r"[^a-z0-9]+", "_", column.casefold()).strip("_")
    plain = re.sub(r"^(customer|client|contact|kunden|default_address|associated)_(?=.)", "", plain)
    taken = {"customer_id", "slice_id", "day", "period", "slice", *(c.name for c in CONTRACT["customers"].columns)}
    return f"my_{plain}" if plain in taken or not plain or plain[0].isdigit() else plain


def slicing_columns(file: FileFacts, used: Collection[str]) -> list[tuple[str, str]]:
    """Columns that customers can be told apart by, with the names to slice by: few values, each of several rows. Not
    those that are `used` for something else."""
    least, most = _DIMENSION_VALUES
    fitting = [
        column
        for column in file.columns
        if column.name not in used and least <= column.distinct <= most and not column.is_unique
        and column.kind != "date" and (column.kind != "number" or column.is_whole)
        and 2 * column.filled >= file.rows and column.length <= _LONGEST_LABEL
    ]  # fmt: skip
    fitting.sort(key=lambda column: (-column.filled, column.kind == "number"))
    names: dict[str, str] = {}
    for column in fitting:
        names.setdefault(dimension_name(column.name), column.name)
    return [(column, name) for name, column in names.items()]


def _export(file: FileFacts, tools: Sequence[Tool], languages: Sequence[Words], chosen: Choices) -> Export:
    """A file by itself."""
    role = chosen.get(f"{file.name}:table")
    if file.problem or role == "":
        return Export(file, "", why=file.problem or "left out")
    if role in (PAYMENTS, PERSONS):
        return Export(file, role, why="chosen")
    sight = see_as(file, role, languages, tools) if role else see(file, tools, languages)
    if sight is None:
        return Export(file, "", why="its columns are like those of no table")
    uses = _chosen_uses(file, sight, chosen)
    tool = sight.tool
    return Export(file, sight.table, uses, "chosen" if role else sight.why, tool.title if tool else "")


def _chosen_uses(file: FileFacts, sight: Sight, chosen: Choices) -> tuple[Use, ...]:
    uses = []
    for ours in CONTRACT[sight.table].columns:
        key = f"{file.name}:{ours.name}"
        if key in chosen:
            uses += [Use(chosen[key], ours.name, "chosen")] if file.column(chosen[key]) else []
        elif ours.name in sight.fed:
            uses.append(sight.fed[ours.name])
    taken = {use.column for use in uses if use.why == "chosen"}
    return tuple(use for use in uses if use.why == "chosen" or use.column not in taken)


def _with_amounts(
    exports: list[Export], languages: Sequence[Words], chosen: Choices
) -> tuple[list[Export], Export | None]:
    """Orders without amounts, and the export that has them: one that names the same orders and holds money."""
    bare = [each for each in exports if each.role == "orders" and set(each.missing) == {"amount"}]
    for orders in bare:
        named = orders.file.column(orders.fed["order_id"])
        for other in exports:
            may = other.role == PAYMENTS or (
                f"{other.file.name}:table" not in chosen and set(NAMES_AN_ORDER) - other.fed.keys()
            )
            if other is orders or not may or not named:
                continue
            by = next((column for column in other.file.columns if column.like == named.like and column.filled), None)
            amount = _money(other, languages, chosen)
            if by and amount:
                uses = (Use(by.name, "order_id", "it names the orders"), Use(amount.name, "amount", "it holds money"))
                paid = replace(
                    other, role=PAYMENTS, uses=uses, why=f"it has the amounts of {orders.file.name}", tool=""
                )
                return [paid if each is other else each for each in exports], paid
    return exports, None


def _money(export: Export, languages: Sequence[Words], chosen: Choices) -> ColumnFacts | None:
    key = f"{export.file.name}:amount"
    if key in chosen:
        return export.file.column(chosen[key])
    sight = see_as(export.file, "orders", languages)
    named = sight.fed.get("amount")
    ours = next(column for column in CONTRACT["orders"].columns if column.name == "amount")
    return export.file.column(named.column) if named else by_values(export.file, ours, set())


def _with_persons(exports: list[Export], chosen: Choices) -> tuple[list[Export], Export | None]:
    """Where every order has a customer number of its own: the export that says which numbers are one person's."""
    orders = next((each for each in exports if each.role == "orders" and "customer_id" in each.fed), None)
    number = orders.file.column(orders.fed["customer_id"]) if orders else None
    if orders is None or number is None or not number.is_unique or number.filled < 2:
        return exports, None
    for other in exports:
        if other is orders or other.role not in ("customers", PERSONS, ""):
            continue
        by = next((column for column in other.file.columns if column.like == number.like and column.is_unique), None)
        person = _person(other, by, chosen) if by else None
        if by and person:
            uses = (Use(by.name, "known_as", "every order has one of its own"),
                    Use(person.name, "customer_id", "it is the same for several of them"))  # fmt: skip
            found = replace(other, role="customers", uses=uses, why=f"it says whose {by.name} is whose", tool="")
            return [found if each is other else each for each in exports], found
    return exports, None


def _person(export: Export, by: ColumnFacts, chosen: Choices) -> ColumnFacts | None:
    key = f"{export.file.name}:customer_id"
    if key in chosen:
        return export.file.column(chosen[key])
    likely = [
        column
        for column in export.file.columns
        if column is not by and column.filled == by.filled and by.filled / 2 < column.distinct < by.filled
        and column.kind in ("code", "number")
    ]  # fmt: skip
    return max(likely, key=lambda column: column.distinct, default=None)


def _with_orders_named(exports: list[Export]) -> list[Export]:
    """Answers and contacts that name an order instead of a customer."""
    orders = next((each for each in exports if each.role == "orders" and "order_id" in each.fed), None)
    named = orders.file.column(orders.fed["order_id"]) if orders else None
    found = []
    for each in exports:
        lacks = each.role in ("responses", "tickets") and "customer_id" not in each.fed
        column = next((c for c in each.file.columns if named and c.like == named.like and c.filled), None)
        found.append(replace(each, order=column.name) if lacks and column else each)
    return found


def _settled(export: Export, languages: Sequence[Words], tools: Sequence[Tool], chosen: Choices) -> Export:
    """How its values are read, as far as that is settled."""
    file, key = export.file, export.file.name
    if export.role == "orders":
        tool = next((tool for tool in tools if tool.title == export.tool), None)
        export = _with_states(export, languages, tool, chosen)
    if export.role == "customers":
        candidates = slicing_columns(file, set(export.fed.values()))
        names = chosen.get(f"{key}:dimensions")
        picked = (
            [each for each in candidates if each[0] in names.split("\n")]
            if names is not None
            else candidates[:_MOST_DIMENSIONS]
        )
        export = replace(export, dimensions=tuple(picked), candidates=tuple(candidates))
    score = file.column(export.fed["score"]) if "score" in export.fed else None
    return replace(
        export,
        date_format=chosen.get(f"{key}:dates", ""),
        decimal=chosen.get(f"{key}:decimals", ""),
        scale=chosen.get(f"{key}:scale", _scale(score)) if score else "",
    )


def _with_states(export: Export, languages: Sequence[Words], tool: Tool | None, chosen: Choices) -> Export:
    """The column with an order's state, and which states are no turnover."""
    file, used = export.file, set(export.fed.values())
    rules = list(tool.leave_out) if tool else []
    rules += [(name, words.void) for words in languages for name in words.states]
    free = [column for column in file.columns if column.name not in used and column.values]
    state = next((column for name, _ in rules for column in free if is_like(column.like, name)), None)
    minus = next(
        (column.name for column in file.columns if tool and tool.minus and is_like(column.like, tool.minus)), ""
    )
    if state is None:
        return replace(export, minus=minus)
    words = [word for name, words in rules if is_like(state.like, name) for word in words]
    words += [word for language in languages for word in language.void] if not tool else []
    key = f"{file.name}:void"
    void = [value for value in state.values if any(is_like(_like(value), word) for word in words)]
    if key in chosen:
        void = [value for value in state.values if value in chosen[key].split("\n")]
    return replace(export, state=state.name, void=tuple(void), minus=minus)


def _like(value: str) -> str:
    return re.sub(r"[\s\-_.:#*?'\"/]+", "", value.casefold())


def _scale(score: ColumnFacts) -> str:
    """The scale that scores are given on; "" where they fit several and are too few to tell."""
    numbers = [float(found) for value, _ in score.common for found in re.findall(r"\d+", value)[:1]]
    low = score.lowest if score.lowest is not None else min(numbers, default=0)
    high = score.highest if score.highest is not None else max(numbers, default=0)
    least, most = _NARROW_LIMITS
    if low >= least and high <= most:
        return _NARROW if score.filled >= _ENOUGH_SCORES else ""
    return "0-10"


def _questions(export: Export) -> list[Question]:
    """What the values of one export leave open."""
    used = [column for column in export.file.columns if column.name in export.fed.values()]
    dates = next((column for column in used if column.doubt == "dates"), None)
    decimals = next((column for column in used if column.doubt == "decimals"), None)
    score = export.file.column(export.fed.get("score", ""))
    questions = [_about_dates(export, dates)] if dates else []
    questions += [_about_decimals(export, decimals)] if decimals else []
    questions += [_about_scale(export, score)] if score and _scale(score) in ("", _NARROW) else []
    return questions


def _about_dates(export: Export, column: ColumnFacts) -> Question:
    found = _PARTS.match(column.example)
    sign = found[1] if found else "/"
    options = ((f"%d{sign}%m{sign}%Y", "day first"), (f"%m{sign}%d{sign}%Y", "month first"))
    text = f"{export.file.name}: is {column.example} in {column.name} written with the day or the month first?"
    why = "no value of it has a day after the 12th"
    return Question(f"{export.file.name}:dates", text, options, export.date_format, why)


def _about_decimals(export: Export, column: ColumnFacts) -> Question:
    sign, other = (",", ".") if "," in column.example else (".", ",")
    options = ((other, "a whole number, of thousands"), (sign, "a number with decimals"))
    text = f"{export.file.name}: is {column.example} in {column.name} a number of thousands or one with decimals?"
    why = "all its values have three digits behind the sign"
    return Question(f"{export.file.name}:decimals", text, options, export.decimal, why)


def _about_scale(export: Export, column: ColumnFacts) -> Question:
    options = (("1-5", "1 to 5"), ("0-10", "0 to 10"), ("1-10", "1 to 10"))
    text = f"{export.file.name}: on which scale is {column.name} given?"
    why = f"all {counted(column.filled, 'answer')} lie between {column.lowest or 0:g} and {column.highest or 0:g}"
    return Question(f"{export.file.name}:scale", text, options, export.scale, why)


def _about_activity(exports: Sequence[Export], chosen: Choices) -> list[Question]:
    """Whether a day with an order is one of activity, where nothing else says when customers are active."""
    roles = {export.role for export in exports}
    if "orders" not in roles or "activity" in roles:
        return []
    options = (("orders", "a day with an order counts as active"), ("none", "leave activity out"))
    text = "No export says when customers use the product. Is a customer active on the days they buy?"
    return [Question("activity", text, options, chosen.get("activity", "orders"), "so it is for a shop")]


def _about_back_days(exports: Sequence[Export], chosen: Choices) -> list[Question]:
    """How long before an answer it speaks for, where answers are given after an order that they name."""
    if not any(export.role == "responses" and export.order for export in exports):
        return []
    options = tuple((str(days), f"{days} days before it, too") for days in (14, 30, 60, 90))
    text = "Answers name an order, so they are given after it. Which turnover does an answer speak for?"
    why = "else the order that was rated would not count"
    answer = chosen.get("back_days", str(_AFTER_A_PURCHASE))
    return [Question("back_days", text, (("0", "only what follows it"), *options), answer, why)]


def _with_sources(exports: Sequence[Export]) -> list[Export]:
    """Each with a name of its own: of its table, numbered where several feed it."""
    found, taken = [], set[str]()
    for export in exports:
        name = base = export.role
        number = 1
        while name and name in taken:
            number += 1
            name = f"{base}_{number}"
        taken.add(name)
        found.append(replace(export, source=name))
    return found


def _currency(exports: Sequence[Export]) -> str:
    """The currency that the amounts are in, where they say it."""
    for export in exports:
        if export.role not in ("orders", PAYMENTS):
            continue
        column = next(
            (c for c in export.file.columns if c.like in ("currency", "währung", "devise", "moneda", "valuta")), None
        )
        codes = {value.upper() for value in column.values} if column else set()
        if len(codes) == 1 and re.fullmatch(r"[A-Z]{3}", min(codes)):
            return min(codes)
        amount = export.file.column(export.fed.get("amount", ""))
        signs = {
            code for value in (amount.examples if amount else ()) for sign, code in _CURRENCIES.items() if sign in value
        }
        if len(signs) == 1:
            return signs.pop()
    return ""


def described(plan: Plan, export: Export) -> str:
    """What a file is, in a sentence without its name: "orders (Shopify orders), because …"."""
    if not export.role:
        return f"not used: {export.why}"
    what = {PAYMENTS: "the amounts of the orders", "customers": "customers"}.get(export.role, export.role)
    lacks = plan.missing_of(export)
    without = f"; it lacks {listed(list(lacks))}" if lacks else ""
    return f"{what}, because {export.why}{without}"
