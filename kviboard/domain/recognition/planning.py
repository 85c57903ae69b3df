"""Plans a workspace: what each export is by itself, how exports belong together, what is asked.

Everything follows from the facts and from what somebody chose; nothing is chosen in silence.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Literal

from kviboard.domain.contract import ACQUISITION_KINDS, CONTRACT
from kviboard.domain.nobody import NO_ACCOUNT, NOBODY
from kviboard.domain.prospects import BESIDE, PROSPECT, STAGE
from kviboard.domain.recognition.columns import (
    CURRENCY_COLUMNS,
    Use,
    all_by_values,
    called_alike,
    days_before_import,
    days_by_name,
    has_decimals,
    holds_addresses,
    is_of_address,
    kind_of,
    may_feed,
    way_of,
)
from kviboard.domain.recognition.facts import FEWEST_PAYMENTS, PAYMENT_ID, ColumnFacts, FileFacts, Tool, Words, is_like
from kviboard.domain.recognition.links import by_one_name, with_amounts, with_orders_named, with_persons, without_lines
from kviboard.domain.recognition.plan import (
    AS_THEY_ARE,
    MONEY,
    PAYMENTS,
    PERCENT,
    PERSONS,
    SHARE,
    Choices,
    Export,
    Plan,
)
from kviboard.domain.recognition.questions import (
    NUMBERS,
    about_activity,
    about_aliases,
    about_back_days,
    came_by,
    format_of,
    questions_of,
    scale_of,
)
from kviboard.domain.recognition.slicing import with_slices
from kviboard.domain.recognition.tables import Sight, is_doubtful, misleading, see, see_as, totals, unread
from kviboard.domain.recognition.ticket_logs import closing, events_of, is_log, opening

_FEWEST_GROUPS = 2  # customers in a report that is grouped by them
_NAMELESS, _FEWEST_NAMELESS = 0.01, 2  # of all rows: a shop sells to guests; fewer are slips, of which a refresh warns
_FAR_MORE = 5  # times as many
_MOST_ASKED = 8  # columns
_NUMBERS_OF_ROWS = ("order_id", "ticket_id", "response_id")
_FLAG = {"0", "1"}  # whether, and not how much
_PRICES = (
    "price",
    "preis",
    "prijs",
    "prix",
    "precio",
    "pris",
    "prezzo",
    "preço",
    "cena",
    "価格",
)  # of one piece, or of all of them
_PERCENT = r"%|pct|percent|prozent|procent|pourcent|por cien|rate\b"
_A_UNIT = r"min|sec|sek|hour|hrs?\b|std|stund|heure|uur|uren|timer|day|tag|[(\[]|_(ms|s|m|h|d)$"  # in a name
_A_PERCENTAGE = r"\s*\d+([.,]\d+)?\s*%?\s*"
_CURRENCIES = {"€": "EUR", "£": "GBP", "R$": "BRL", "₹": "INR", "zł": "PLN", "Kč": "CZK", "円": "JPY"}
_SIGNS = "|".join(re.escape(sign) for sign in _CURRENCIES)


def make_plan(
    files: Sequence[FileFacts], tools: Sequence[Tool], languages: Sequence[Words], choices: Choices | None = None,
    customers: Literal["", "source", "query"] = "",
) -> Plan:  # fmt: skip
    """The plan for files, with what somebody chose. `customers`: where those of the workspace come from already."""
    chosen = choices or {}
    exports = [_export(file, tools, languages, chosen) for file in files]
    exports, amounts = with_amounts(exports, languages, chosen)
    exports = without_lines(exports, chosen)
    exports = [_with_days(_with_doubts(export, chosen), languages, chosen) for export in exports]
    exports = [_with_scores(export, tools, languages, chosen) for export in exports]
    exports, persons = with_persons(exports, chosen)
    exports = with_orders_named(exports)
    exports, aliases = by_one_name(exports, languages, chosen)
    exports = _with_same_numbers([_settled(export, languages, tools, chosen) for export in exports], chosen)
    same = about_aliases(aliases, chosen)
    is_aliased = any(question.answer == "yes" for question in same)
    asks_others = customers != "query" and persons is None
    exports = _with_sources(with_slices(exports, languages, chosen, asks_others, is_aliased))
    amounts = next((each for each in exports if amounts and each.role == PAYMENTS), None)
    persons = next((each for each in exports if persons and each.file.name == persons.file.name), None)
    activity, back_days = about_activity(exports, chosen), about_back_days(exports, chosen)
    questions = [question for export in exports for question in questions_of(export)]
    return Plan(
        tuple(exports),
        (*questions, *same, *activity, *back_days),
        amounts,
        persons,
        aliases if is_aliased else None,
        active_by_orders=any(question.answer == "orders" for question in activity),
        back_days=next((int(question.answer) for question in back_days if question.answer.isdecimal()), 0),
        currency=_currency(exports),
        has_customers=customers == "source",
    )


def _export(file: FileFacts, tools: Sequence[Tool], languages: Sequence[Words], chosen: Choices) -> Export:
    """A file by itself."""
    role = chosen.get(f"{file.name}:table")
    if file.problem:
        why = file.problem.rstrip(".")  # a sentence goes on after it
        return Export(file, "", why=why if why.startswith("it ") else f"it {why}")
    if role in ("", AS_THEY_ARE):
        return Export(file, "", why="left out")
    if role in (PAYMENTS, PERSONS):
        return Export(file, role, why="chosen")
    sight = see_as(file, role, languages, tools) if role in CONTRACT else see(file, tools, languages)
    if sight is None:
        empty = "it has column names, but no row below them that can be read"
        alone = "it has a single column, and a row of a table needs several"
        strange = alone if len(file.columns) == 1 else misleading(file, languages)
        strange = strange or totals(file) or unread(file, languages) or "its columns are like those of no table"
        return Export(file, "", why=strange if file.rows else empty)
    uses = _chosen_uses(file, sight, chosen)
    tool = sight.tool
    doubt = role not in CONTRACT and is_doubtful(file, sight, languages)
    return Export(
        file, sight.table, uses, "chosen" if role else sight.why, tool.title if tool else "", is_doubtful=doubt
    )


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


def _settled(export: Export, languages: Sequence[Words], tools: Sequence[Tool], chosen: Choices) -> Export:
    """How its values are read, as far as that is settled."""
    file, key = export.file, export.file.name
    if export.role in ("orders", PAYMENTS):
        tool = next((tool for tool in tools if tool.title == export.tool), None)
        export = _with_cents(_with_states(export, languages, tool, chosen), languages, chosen)
        export = _with_discount(_with_pieces(export, languages, chosen), languages, chosen)
    if export.role == "tickets":
        export = _with_events(_with_kinds(export, languages), chosen)
    if export.role == "customers":
        export = _with_prospects(_with_ways(export, languages, chosen), chosen)
    if export.role == "activity":
        export = _with_unit(export, chosen)
    if export.role == "orders":
        export = _with_guests(export, chosen)
        is_unnumbered = export.missing == ("order_id",)
        order_is = chosen.get(f"{key}:order", "") if is_unnumbered else ""
        export = replace(export, is_unnumbered=is_unnumbered, order_is=order_is)
    score = file.column(export.fed["score"]) if "score" in export.fed else None
    return replace(
        export,
        date_format=chosen.get(f"{key}:dates", format_of(export)),
        decimal=chosen.get(f"{key}:decimals", ""),
        scale=chosen.get(f"{key}:scale", scale_of(score)) if score else "",
    )


def _with_same_numbers(exports: Sequence[Export], chosen: Choices) -> list[Export]:
    """Exports of one table whose rows may have the numbers of those of another one, as of a shop and of its tills."""
    found: list[Export] = []
    for export in exports:
        ours = NUMBERS.get(export.role, ("", ""))[0]
        numbers = export.file.column(export.fed.get(ours, ""))
        before = (each for each in found if each.role == export.role and numbers)
        same = next((each for each in before if _may_be_alike(numbers, each.file.column(each.fed.get(ours, "")))), None)
        if same:
            are = chosen.get(f"{export.file.name}:numbers", "")
            export = replace(export, numbered_as=same.file.name, numbers_are=are)
        found.append(export)
    return found


def _may_be_alike(one: ColumnFacts | None, other: ColumnFacts | None) -> bool:
    """Whether two columns of ids may have some in common."""
    if one is None or other is None:
        return False
    if one.lowest is not None and one.highest is not None and other.lowest is not None and other.highest is not None:
        return one.lowest <= other.highest and other.lowest <= one.highest
    return bool({value for value, _ in one.common} & {value for value, _ in other.common})


def _with_doubts(export: Export, chosen: Choices) -> Export:
    """What is asked because no name of a column says it: who a row is of, whose values those of tills and products look
    like (an address says it), an amount, which may be a cost, and a score or a day where there are several."""
    file, table = export.file, CONTRACT.get(export.role)
    unsure = {use.feeds: use for use in export.uses if not use.is_sure}
    sure = tuple(use for use in export.uses if use.is_sure)
    asked: dict[str, tuple[str, ...]] = {}
    for ours in table.columns if table else ():
        use, taken = unsure.get(ours.name), {each.column for each in sure}
        if ours.name == "customer_id" and (use or (export.role == "orders" and ours.name not in export.fed)):
            if use and holds_addresses(file.column(use.column)):
                continue
            taken |= {each.column for name, each in unsure.items() if name in _NUMBERS_OF_ROWS}
            free = (each for each in file.columns if each.name not in taken and may_feed(each, ours))
            names = [*([use.column] if use else []), *(each.name for each in free if each.distinct > 1)]
            asked[ours.name] = tuple(dict.fromkeys(names))[:_MOST_ASKED]
        elif use and ours.kind != "id":
            likely = [column.name for column in all_by_values(file, ours, taken)]
            if ours.kind == "money" or len(likely) > 1:
                asked[ours.name] = tuple(likely)[:_MOST_ASKED]
    guests = (
        "customer_id" in asked and export.role == "orders" and chosen.get(f"{file.name}:customer_id") == AS_THEY_ARE
    )
    return replace(export, uses=tuple(use for use in export.uses if use.feeds not in asked), asked=asked, guests=guests)


def _with_days(export: Export, languages: Sequence[Words], chosen: Choices) -> Export:
    """Where orders have several days, it is asked which one counts if the likeliest is missing in some rows, for those
    that nobody paid have none, or if it is one day and others are before it: that of an import."""
    day, file = export.fed.get("ordered_at", ""), export.file
    if export.role != "orders" or not day or f"{file.name}:ordered_at" in chosen:
        return export
    named = [column.name for column in days_by_name(file, "orders", "ordered_at", languages)]
    may_be: list[str] = []
    if before := days_before_import(file, day):
        may_be = [*sorted(before, key=lambda name: name not in named), day]
    elif not export.tool and export.has_undated(day):
        whole = [column.name for column in file.columns if column.filled == file.rows]
        may_be = [day, *(name for name in named if name in whole)]
    uses = tuple(use for use in export.uses if use.feeds != "ordered_at")
    is_asked = len(may_be) > 1
    return replace(export, uses=uses, asked={**export.asked, "ordered_at": tuple(may_be)}) if is_asked else export


def _with_scores(export: Export, tools: Sequence[Tool], languages: Sequence[Words], chosen: Choices) -> Export:
    """Where several questions are called as a score, as "How satisfied are you with …?", it is asked which one is."""
    file, score = export.file, export.fed.get("score", "")
    if export.role != "responses" or not score or f"{file.name}:score" in chosen:
        return export
    tool = next((tool for tool in tools if tool.title == export.tool), None)
    patterns = list(tool.columns.get("score", ())) if tool else []
    patterns += [each for words in languages for each in words.columns.get("responses", {}).get("score", ())]
    ours = next(column for column in CONTRACT["responses"].columns if column.name == "score")
    several = [column.name for column in called_alike(file, ours, score, patterns)]
    if len(several) < 2:
        return export
    uses = tuple(use for use in export.uses if use.feeds != "score")
    return replace(export, uses=uses, asked={**export.asked, "score": tuple(several)[:_MOST_ASKED]})


def _with_guests(export: Export, chosen: Choices) -> Export:
    """Rows with a day, and an amount where it stands there, that name no customer: more than slips are of guests."""
    file, fed = export.file, export.fed
    customer = file.column(fed.get("customer_id", ""))
    whole = [column.filled for name in ("ordered_at", "amount") if (column := file.column(fed.get(name, "")))]
    if customer is None or not whole:
        return export
    nobody = {value: rows for value, rows in customer.common if _is_nobody(value, rows, customer)}
    nameless = max(0, min(whole) - customer.filled) + sum(nobody.values())
    if nameless < max(_FEWEST_NAMELESS, _NAMELESS * file.rows):
        return export
    is_grouped = not nobody and _are_named_once(customer)
    said = chosen.get(f"{file.name}:guests", "" if is_grouped else "yes")
    guests = said == "yes" if said else None
    return replace(export, nameless=nameless, nobody=tuple(nobody), is_grouped=is_grouped, guests=guests)


def _are_named_once(customer: ColumnFacts) -> bool:
    """Whether each customer stands in one row alone; a word may stand in more, as "Subtotal" below each of them."""
    often = customer.common[0][1] if customer.common else 0
    return customer.distinct > _FEWEST_GROUPS and customer.filled - often == customer.distinct - 1


def _is_nobody(value: str, rows: int, customer: ColumnFacts) -> bool:
    """Whether a value is a word for nobody, or a 0 that far more rows have than others have on average."""
    if value.strip() != NO_ACCOUNT:
        return value.strip().casefold() in NOBODY
    return rows * max(customer.distinct - 1, 1) >= _FAR_MORE * (customer.filled - rows)


def _with_states(export: Export, languages: Sequence[Words], tool: Tool | None, chosen: Choices) -> Export:
    """The column with an order's state, which states are no turnover, and what was paid back."""
    file, used = export.file, set(export.fed.values())
    rules = list(tool.leave_out) if tool else []
    is_billed = _is_billed(file, languages)
    never = [[*words.void, *(() if is_billed else words.unpaid)] for words in languages]
    rules += [(name, void) for words, void in zip(languages, never, strict=True) for name in words.states]
    free = [each for each in file.columns if each.name not in used and each.values and not is_of_address(each, file)]
    state = next((column for name, _ in rules for column in free if is_like(column.like, name)), None)
    paid_back = "" if tool or "amount" not in export.fed else _paid_back(export, languages)
    minus = paid_back if chosen.get(f"{file.name}:minus") != AS_THEY_ARE else ""
    if tool and tool.minus:
        minus = next((column.name for column in file.columns if is_like(column.like, tool.minus)), "")
    export = replace(export, paid_back=paid_back, minus=minus)
    won = _like_any(state.values, [word for each in languages for word in each.won]) if state else []
    chance = None if tool or won else _chance(free, languages)
    state = chance or state
    if state is None:
        return export
    words = [word for name, words in rules if is_like(state.like, name) for word in words]
    words += [word for each in never for word in each] if not tool else []
    key = f"{file.name}:void"
    void = [value for value in state.values if value not in won] if won else _like_any(state.values, words)
    void = _unsure(chance) if chance else void
    if key in chosen:
        void = [value for value in state.values if value in chosen[key].split("\n")]
    return replace(export, state=state.name, void=tuple(void), won=() if key in chosen or not void else tuple(won))


def _is_billed(file: FileFacts, languages: Sequence[Words]) -> bool:
    """Whether rows are invoices that are to be paid by some day."""
    patterns = [pattern for words in languages for pattern in words.due]
    return any(is_like(column.like, pattern) for column in file.columns for pattern in patterns)


def _like_any(values: Iterable[str], words: Sequence[str]) -> list[str]:
    return [value for value in values if any(is_like(_like(value), word) for word in words)]


def _chance(columns: Sequence[ColumnFacts], languages: Sequence[Words]) -> ColumnFacts | None:
    """The column that says how likely a deal is, where some are not sure."""
    patterns = [pattern for words in languages for pattern in words.chance]
    named = (column for pattern in patterns for column in columns if is_like(column.like, pattern))
    return next((column for column in named if _unsure(column)), None)


def _unsure(column: ColumnFacts) -> list[str]:
    """Its values that are less than sure, of percentages or shares; none where it has others."""
    if not all(re.fullmatch(_A_PERCENTAGE, value) for value in column.values):
        return []
    chances = {value: float(value.replace("%", "").replace(",", ".")) for value in column.values}
    sure = 1 if max(chances.values(), default=0) <= 1 and "%" not in "".join(chances) else 100
    return [value for value, chance in chances.items() if chance < sure]


def _with_prospects(export: Export, chosen: Choices) -> Export:
    """The column that says who is no customer yet, where a day says when each is new, and what it calls them."""
    used, key = set(export.fed.values()), f"{export.file.name}:void"
    for column in export.file.columns if "signed_up_on" in export.fed else ():
        values = [value.casefold() for value in column.values]
        is_stage = column.name not in used and re.search(STAGE, column.name.casefold())
        if is_stage and any(re.search(PROSPECT, value) for value in values):
            void = [value for value in column.values if re.search(f"{PROSPECT}|{BESIDE}", value.casefold())]
            void = [each for each in column.values if each in chosen[key].split("\n")] if key in chosen else void
            return replace(export, state=column.name, void=tuple(void))
    return export


def _with_kinds(export: Export, languages: Sequence[Words]) -> Export:
    """Which of its contacts are complaints and which questions, where another language than ours says so."""
    kind = export.file.column(export.fed.get("kind", ""))
    told = {value.casefold(): kind_of(value, languages) for value in (kind.values if kind else ())}
    return replace(export, kinds=tuple((value, ours) for value, ours in told.items() if ours and value != ours))


def _with_events(export: Export, chosen: Choices) -> Export:
    """Whether its rows are events of tickets: so it is where one of them says that a ticket was closed."""
    if not is_log(export.file, export.fed):
        return export
    column = events_of(export.file, set(export.fed.values()) - {export.fed.get("topic", "")})
    likely = chosen.get(f"{export.file.name}:log", "yes" if column else "")
    if column is None:
        return replace(export, may_be_log=True, is_log=likely)
    uses = tuple(use for use in export.uses if use.column != column.name)  # "Type" may be that of an event
    return replace(
        export, uses=uses, may_be_log=True, is_log=likely, events=column.name, closing=closing(column),
        opening=opening(column),
    )  # fmt: skip


def _with_ways(export: Export, languages: Sequence[Words], chosen: Choices) -> Export:
    """Which of its customers were recommended, and which bought: that is asked of what it says most often."""
    column = export.file.column(export.fed.get("acquisition", ""))
    said = dict.fromkeys(value.strip().casefold() for value in (column.values if column else ()))
    asked = [value for value in said if value not in ACQUISITION_KINDS][:_MOST_ASKED]
    ways = ((value, chosen.get(f"{export.file.name}:{came_by(value)}", way_of(value, languages))) for value in asked)
    return replace(export, ways=tuple(ways))


def _with_unit(export: Export, chosen: Choices) -> Export:
    """Plain numbers of durations of which no name says whether they are seconds, minutes or hours."""
    minutes = export.file.column(export.fed.get("minutes", ""))
    if export.tool or minutes is None or minutes.kind != "number" or re.search(_A_UNIT, minutes.name.casefold()):
        return export
    return replace(export, asks_unit=True, unit=chosen.get(f"{export.file.name}:unit", ""))


def _with_cents(export: Export, languages: Sequence[Words], chosen: Choices) -> Export:
    """Whole amounts that are called, or have ids, as in the interface of a payment service, which counts in cents."""
    file, amount = export.file, export.file.column(export.fed.get("amount", ""))
    number = file.column(export.fed.get("order_id", ""))
    if amount is None or has_decimals(amount):
        return export
    is_called_so = any(is_like(amount.like, pattern) for words in languages for pattern in words.cents)
    ids = number.examples if number and number.filled >= FEWEST_PAYMENTS else ()
    if not is_called_so and not (ids and all(re.match(PAYMENT_ID, each) for each in ids)):
        return export
    return replace(export, may_be_cents=True, is_in_cents=chosen.get(f"{file.name}:cents", ""))


def _with_pieces(export: Export, languages: Sequence[Words], chosen: Choices) -> Export:
    """An amount that is called a price, beside how many pieces there are."""
    file, amount = export.file, export.file.column(export.fed.get("amount", ""))
    used = set(export.fed.values())
    patterns = [pattern for words in languages for pattern in words.quantity]
    pieces = next(
        (
            column.name
            for pattern in patterns
            for column in file.columns
            if column.name not in used and is_like(column.like, pattern) and column.kind == "number"
            and any(float(value) not in (0, 1) for value, _ in column.common if value.lstrip("-").isdecimal())
        ),
        "",
    )  # fmt: skip
    of_one = [pattern for words in languages for pattern in words.piece]
    is_of_one = amount is not None and any(is_like(amount.like, each) for each in of_one)
    if export.tool or not pieces or amount is None or not (is_of_one or amount.like in _PRICES):
        return export
    likely = pieces if is_of_one else ""
    return replace(export, pieces=pieces, is_price_of_one=chosen.get(f"{file.name}:times", likely))


def _with_discount(export: Export, languages: Sequence[Words], chosen: Choices) -> Export:
    """What the price of one is less by, beside it: a share where all is between 0 and 1, else what its name says."""
    used = {*export.fed.values(), export.pieces, export.minus}
    likely = [
        column for column in export.file.columns
        if export.times and column.name not in used and _is_taken_off(column)
    ]  # fmt: skip
    patterns = [pattern for words in languages for pattern in words.discount]
    column = next((each for pattern in patterns for each in likely if is_like(each.like, pattern)), None)
    if column is None:
        return export
    is_percent = bool(re.search(_PERCENT, column.name.casefold())) or any("%" in value for value, _ in column.common)
    is_share = column.highest is not None and column.highest <= 1 and not column.is_whole
    told = SHARE if is_share else PERCENT if is_percent else MONEY if _says_money(column) else ""
    return replace(export, discount=column.name, discount_is=chosen.get(f"{export.file.name}:discount", told))


def _is_taken_off(column: ColumnFacts) -> bool:
    """Whether its numbers, or percentages, are above zero, and none below."""
    if column.highest is not None:
        return column.highest > 0 and (column.lowest or 0) >= 0
    return bool(column.common) and all(re.fullmatch(_A_PERCENTAGE, value) for value, _ in column.common)


def _says_money(column: ColumnFacts) -> bool:
    return "amount" in column.like or any(re.search(_SIGNS, value) for value, _ in column.common)


def _paid_back(export: Export, languages: Sequence[Words]) -> str:
    """The column with what was paid back: amounts above zero, and none below."""
    used = set(export.fed.values())
    likely = [
        column for column in export.file.columns
        if column.name not in used and column.kind == "number"
        and any(re.search("[1-9]", value) for value, _ in column.common)
        and not any(re.match(r"\D*[-−(]", value) for value, _ in column.common)
        and not column.values.keys() <= _FLAG
    ]  # fmt: skip
    patterns = [pattern for words in languages for pattern in words.minus]
    return next((each.name for pattern in patterns for each in likely if is_like(each.like, pattern)), "")


def _like(value: str) -> str:
    return re.sub(r"[\s\-_.:#*?'\"/]+", "", value.casefold())


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
        amount = export.file.column(export.fed.get("amount", ""))
        beside = f"{amount.like.removesuffix('amount')}currency" if amount else ""  # amount_money.currency
        column = next((c for c in export.file.columns if c.like in (*CURRENCY_COLUMNS, beside)), None)
        codes = {value.upper() for value in column.values} if column else set()
        if len(codes) == 1 and re.fullmatch(r"[A-Z]{3}", min(codes)):
            return min(codes)
        signs = {
            code for value in (amount.examples if amount else ()) for sign, code in _CURRENCIES.items() if sign in value
        }
        if len(signs) == 1:
            return signs.pop()
    return ""
