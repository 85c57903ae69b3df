"""What exports leave open, as questions with the answers there are; where one is likely, it is taken and said."""

import re
from collections.abc import Sequence
from datetime import datetime

from kviboard.domain.formatting import counted, format_day, listed, plural
from kviboard.domain.recognition.columns import days_before_import
from kviboard.domain.recognition.facts import ColumnFacts
from kviboard.domain.recognition.plan import (
    APART,
    AS_THEY_ARE,
    EACH_ROW,
    HOURS,
    MINUTES,
    MONEY,
    ONE_TIME,
    PERCENT,
    SECONDS,
    SHARE,
    TOGETHER,
    Choices,
    Export,
    Question,
)

_ENOUGH_SCORES = 20
_STARS = "star|stern|étoile|estrella|sterren|stjerne"  # of which there are five
NUMBERS = {
    "orders": ("order_id", "orders"),
    "tickets": ("ticket_id", "contacts"),
    "responses": ("response_id", "answers"),
}
"""By table the column that numbers its rows, and what these are."""
_NARROW, _NARROW_LIMITS = "1-5", (1, 5)
_SEVEN, _ENOUGH_OF_SEVEN = "1-7", 8  # answers that are hardly all below 8 of 10 by chance
_SAYS_SEVEN = re.compile(r"(?<!\d)1\s*(?:-|–|—|to|bis|à|tot)\s*7(?!\d)")
_OF_TEN = "nps|recommend|empfehl|recommand|recomend|aanbevel|anbefal|consigli|promot"  # asked on 0 to 10
_AFTER_A_PURCHASE = 60  # days that an answer about an order speaks for
_NAMED = {"d": "day", "m": "month", "b": "month", "y": "year", "Y": "year"}  # what stands in a date format
_IF_IT_IS = {
    "activity": (
        "did the customer of each row use the product on that day",
        "they are days of activity",
        "lists of taxes, parcels or mails sent have a customer and a day, too",
    ),
    "orders": ("is each row an order", "its amount is turnover", "carts and quotes have a number and an amount, too"),
    "customers": (
        "is each row a customer",
        "its id names them",
        "leads, products and gift cards have an id and a day, too",
    ),
}
"""By table what is asked where no name says that a file is it, what "yes" means, and why it is asked."""
_PARTS = re.compile(r"\d{1,2}([-/.])\d{1,2}[-/.]\d{4}")


def questions_of(export: Export) -> list[Question]:
    """What the values of one export leave open."""
    used = [column for column in export.file.columns if column.name in export.fed.values()]
    dates = next((column for column in used if column.doubt == "dates"), None)
    formats = next((column for column in used if column.fitting), None)
    decimals = next((column for column in used if column.doubt == "decimals"), None)
    score = export.file.column(export.fed.get("score", ""))
    questions = [_about_table(export)] if export.is_doubtful else []
    questions += [_about_column(export, ours, may_be) for ours, may_be in export.asked.items()]
    questions += [_about_dates(export, dates)] if dates else []
    questions += [_about_formats(export, formats)] if formats and not dates else []
    questions += [_about_decimals(export, decimals)] if decimals else []
    questions += [_about_numbers(export)] if export.is_unnumbered else []
    questions += [_about_same_numbers(export)] if export.numbered_as else []
    questions += [_about_pieces(export)] if export.pieces else []
    questions += [_about_discount(export)] if export.discount else []
    questions += [_about_cents(export)] if export.may_be_cents else []
    questions += [_about_what_was_paid_back(export)] if export.paid_back else []
    questions += [_about_guests(export)] if export.nameless else []
    questions += [_about_unit(export)] if export.asks_unit else []
    questions += [_about_log(export)] if export.may_be_log else []
    questions += [_about_way(export, value, way) for value, way in export.ways]
    questions += [_about_scale(export, score)] if score and scale_of(score) != "0-10" else []
    return questions


def format_of(export: Export) -> str:
    """The only format that reads the dates which are read by a given one alone; "" where there are several, or none."""
    used = export.fed.values()
    fitting = {column.fitting for column in export.file.columns if column.name in used and column.fitting}
    return min(fitting)[0] if len(fitting) == 1 and len(min(fitting)) == 1 else ""


def about_aliases(aliases: Export | None, chosen: Choices) -> list[Question]:
    """Whether an export says which customer is behind an address, where exports name customers in both ways."""
    if aliases is None:
        return []
    ours, theirs = aliases.fed["customer_id"], aliases.fed["known_as"]
    text = (
        f"Some exports name customers by an e-mail address, others by {ours}. Does {aliases.file.name} say who is who?"
    )
    options = (("yes", f"{theirs} there is the customer with the {ours} beside it"), ("no", "they are other people"))
    return [Question("aliases", text, options, chosen.get("aliases", "yes"), "it has both, once for each customer")]


def about_activity(exports: Sequence[Export], chosen: Choices) -> list[Question]:
    """Whether a day with an order is one of activity, where nothing else says when customers are active."""
    named = [export for export in exports if export.role == "orders" and "customer_id" in export.fed]
    if not named or any(export.role == "activity" for export in exports):
        return []
    options = (("orders", "a day with an order counts as active"), ("none", "leave activity out"))
    text = "No export says when customers use the product. Is a customer active on the days they buy?"
    return [Question("activity", text, options, chosen.get("activity", "orders"), "so it is for a shop")]


def about_back_days(exports: Sequence[Export], chosen: Choices) -> list[Question]:
    """How long before an answer it speaks for, where answers are given after an order that they name."""
    if not any(export.role == "responses" and export.order for export in exports):
        return []
    options = tuple((str(days), f"{days} days before it, too") for days in (14, 30, 60, 90))
    text = "Answers name an order, so they are given after it. Which turnover does an answer speak for?"
    why = "else the order that was rated would not count"
    answer = chosen.get("back_days", str(_AFTER_A_PURCHASE))
    return [Question("back_days", text, (("0", "only what follows it"), *options), answer, why)]


def scale_of(score: ColumnFacts) -> str:
    """The scale that scores are given on; "" where they fit several and nothing tells which one it is."""
    numbers = [float(found) for value, _ in score.common for found in re.findall(r"\d+", value)[:1]]
    low = score.lowest if score.lowest is not None else min(numbers, default=0)
    high = score.highest if score.highest is not None else max(numbers, default=0)
    least, most = _NARROW_LIMITS
    if _SAYS_SEVEN.search(score.name) and low >= least and high <= 7:
        return _SEVEN
    if low >= least and high <= most:
        return _NARROW if score.filled >= _ENOUGH_SCORES or re.search(_STARS, score.like) else ""
    if low >= least and high == 7 and score.filled >= _ENOUGH_OF_SEVEN and not re.search(_OF_TEN, score.like):
        return ""
    return "0-10"


def _about_dates(export: Export, column: ColumnFacts) -> Question:
    found = _PARTS.match(column.example)
    sign = found[1] if found else "/"
    options = ((f"%d{sign}%m{sign}%Y", "day first"), (f"%m{sign}%d{sign}%Y", "month first"))
    text = f"{export.file.name}: is {column.example} in {column.name} written with the day or the month first?"
    why = "no value of it has a day after the 12th"
    return Question(f"{export.file.name}:dates", text, options, export.date_format, why)


def _about_formats(export: Export, column: ColumnFacts) -> Question:
    options = tuple((each, _in_words(each, column.example)) for each in column.fitting)
    text = f"{export.file.name}: which day is {column.example} in {column.name}?"
    one = len(options) == 1
    why = "only so are all its values days" if one else "all its values are days in each of these ways"
    return Question(f"{export.file.name}:dates", text, options, export.date_format, why)


def _about_table(export: Export) -> Question:
    asked, yes, why = _IF_IT_IS[export.role]
    options = ((export.role, f"yes: {yes}"), (AS_THEY_ARE, "no: the file is left out"))
    return Question(f"{export.file.name}:table", f"{export.file.name}: {asked}?", options, "", why)


def _in_words(date_format: str, example: str) -> str:
    order = [_NAMED[letter] for letter in re.findall(r"%([dmbyY])", date_format)]
    return f"{format_day(datetime.strptime(example, date_format).date())} ({', '.join(order)})"


def _about_decimals(export: Export, column: ColumnFacts) -> Question:
    sign, other = (",", ".") if "," in column.example else (".", ",")
    options = ((other, "a whole number, of thousands"), (sign, "a number with decimals"))
    text = f"{export.file.name}: is {column.example} in {column.name} a number of thousands or one with decimals?"
    why = "all its values have three digits behind the sign"
    return Question(f"{export.file.name}:decimals", text, options, export.decimal, why)


def _about_numbers(export: Export) -> Question:
    options = (
        (EACH_ROW, "each row is one; rows that are the same in several files are there once"),
        (ONE_TIME, f"all rows of a customer with the same {export.fed['ordered_at']} are one"),
    )
    text = f"{export.file.name}: no column numbers the orders. What is one?"
    return Question(f"{export.file.name}:order", text, options, export.order_is, "it decides how many orders there are")


def _about_same_numbers(export: Export) -> Question:
    ours, rows = NUMBERS[export.role]
    options = (
        (APART, f"no: each file numbers {rows} of its own"),
        (TOGETHER, "yes: what the later file says of one counts, and refunds are taken off"),
    )
    column = export.fed[ours]
    text = f"{export.file.name}: its {column} may stand in {export.numbered_as}, too. Are these the same {rows}?"
    return Question(
        f"{export.file.name}:numbers", text, options, export.numbers_are, "else one would replace the other"
    )


def _about_pieces(export: Export) -> Question:
    amount = export.fed["amount"]
    options = (
        (export.pieces, f"yes, it is multiplied by {export.pieces}"),
        (AS_THEY_ARE, f"no, it is the price of all {export.pieces} of the row"),
    )
    text = f"{export.file.name}: is {amount} the price of one piece?"
    why = f"{export.pieces} is not always 1"
    return Question(f"{export.file.name}:times", text, options, export.is_price_of_one, why)


def _about_discount(export: Export) -> Question:
    amount, column = export.fed["amount"], export.file.column(export.discount)
    shown = next((value for value, _ in (column.common if column else ()) if value.strip(" 0.,%")), "")
    options = (
        (SHARE, f"yes, {shown} is a share of it, and 0.25 a quarter"),
        (PERCENT, f"yes, {shown} is in percent"),
        (MONEY, f"yes, {shown} is money, off the whole row"),
        (AS_THEY_ARE, f"no, {amount} is what is left"),
    )
    text = f"{export.file.name}: is {export.discount} taken off {amount} times {export.times}?"
    why = "a price of one is mostly that before a discount"
    return Question(f"{export.file.name}:discount", text, options, export.discount_is, why)


def _about_cents(export: Export) -> Question:
    amount = export.file.column(export.fed["amount"])
    shown = amount.examples[0] if amount and amount.examples else "100"
    options = (("yes", "yes, they are divided by 100"), (AS_THEY_ARE, "no, they are what was paid"))
    text = f"{export.file.name}: is {export.fed['amount']} in cents, such as {shown}?"
    why = "so the interfaces of payment services write it, and all amounts are whole"
    return Question(f"{export.file.name}:cents", text, options, export.is_in_cents, why)


def _about_what_was_paid_back(export: Export) -> Question:
    amount = export.fed["amount"]
    options = (
        (export.paid_back, f"yes, {amount} is what was paid first"),
        (AS_THEY_ARE, f"no, {amount} is what is left"),
    )
    text = f"{export.file.name}: is {export.paid_back} taken off {amount}?"
    why = "most exports have both, the amount first paid and what was paid back"
    return Question(f"{export.file.name}:minus", text, options, export.minus or AS_THEY_ARE, why)


def _about_column(export: Export, ours: str, may_be: Sequence[str]) -> Question:
    columns = [column for name in may_be if (column := export.file.column(name))]
    options = [(each.name, f"{each.name}, such as {each.examples[0]}") for each in columns if each.examples]
    text, answer = f"{export.file.name}: which column is {ours}?", ""
    why = "no name of a column says so"
    if ours == "ordered_at" and days_before_import(export.file, columns[-1].name):
        day = columns[-1]
        text = f"{export.file.name}: {day.name} is the same day in all rows, and {listed([*may_be[:-1]])} "
        text += f"{plural(len(may_be) - 1, 'has', 'have')} earlier ones. Which is the day of an order?"
        left_out = ": rows without it are left out"
        options = [(name, f"{told}{left_out if export.has_undated(name) else ''}") for name, told in options]
        why = "so it is where all orders were brought from another system on one day"
    elif ours == "ordered_at" and export.has_undated(columns[0].name):
        first = columns[0]
        text = f"{export.file.name}: {first.name} is empty in {export.file.rows - first.filled:,} of "
        text += f"{counted(export.file.rows, 'row')}. Which is the day of an order?"
        options[0] = (first.name, f"{options[0][1]}: rows without it are left out")
        why = "so it is with orders that nobody paid, and others say it by their state"
    if ours == "score":
        why = "one question makes the scores of customers, mostly the one about all that they get"
    if ours == "customer_id":
        text = f"{export.file.name}: which column names the customer?"
    if ours == "customer_id" and export.role == "orders":
        options.append((AS_THEY_ARE, "none: all are orders of guests, and count in turnover alone"))
        answer = AS_THEY_ARE if export.guests else ""
    return Question(f"{export.file.name}:{ours}", text, tuple(options), answer, why)


def _about_unit(export: Export) -> Question:
    minutes = export.file.column(export.fed["minutes"])
    shown = minutes.examples[0] if minutes and minutes.examples else "30"
    options = ((SECONDS, f"{shown} seconds"), (MINUTES, f"{shown} minutes"), (HOURS, f"{shown} hours"))
    text = f"{export.file.name}: how long is {shown} in {export.fed['minutes']}?"
    return Question(f"{export.file.name}:unit", text, options, export.unit, "no name says in which unit it is")


def _about_guests(export: Export) -> Question:
    options = (
        ("yes", "yes: they count in turnover, in nothing that is counted by customer"),
        ("no", "no, their customer is missing: they are rejected"),
    )
    customer = export.fed["customer_id"]
    text = f"{export.file.name}: {customer} names nobody in about {counted(export.nameless, 'row')} of "
    text += f"{export.file.rows:,}. Are these orders of guests?"
    why = "they have a day and an amount as others have"
    if export.is_grouped:
        why = "each customer stands in one row alone, as in a report with a group of rows for each: export such a one "
        why += "with the customer in every row"
    answer = "" if export.guests is None else "yes" if export.guests else "no"
    return Question(f"{export.file.name}:guests", text, options, answer, why)


def _about_log(export: Export) -> Question:
    number = export.fed["ticket_id"]
    ends = f", closed with its last {listed([f'“{each}”' for each in export.closing], 'or')}" if export.closing else ""
    options = (
        ("yes", f"yes: a ticket was opened with its first{ends}"),
        (AS_THEY_ARE, "no, it is the whole ticket, and the last row counts"),
    )
    text = f"{export.file.name}: rows of the same {number} have different times. Is each an event of a ticket?"
    why = f"{export.events} says what happened" if export.events else "no column says that a ticket was closed"
    return Question(f"{export.file.name}:log", text, options, export.is_log, why)


def came_by(value: str) -> str:
    """The key of the question how customers came of whom an export says `value`."""
    return f"came by {value.replace('=', ' ')}"


def _about_way(export: Export, value: str, way: str) -> Question:
    column = export.file.column(export.fed["acquisition"])
    rows = sum(rows for each, rows in (column.common if column else ()) if each.strip().casefold() == value)
    options = (
        ("earned", "somebody recommended us"),
        ("bought", "we paid for it, as for an advertisement"),
        (AS_THEY_ARE, "neither of both, or nobody knows"),
    )
    text = f"{export.file.name}: {export.fed['acquisition']} is “{value}” for {counted(rows, 'customer')}. "
    text += "How did they come?"
    why = "earned growth is that of customers who were recommended"
    return Question(f"{export.file.name}:{came_by(value)}", text, options, way, why)


def _about_scale(export: Export, column: ColumnFacts) -> Question:
    narrow = [("1-5", "1 to 5")] if (column.highest or 0) <= _NARROW_LIMITS[1] else []
    options = (*narrow, (_SEVEN, "1 to 7"), ("0-10", "0 to 10"), ("1-10", "1 to 10"))
    text = f"{export.file.name}: on which scale is {column.name} given?"
    why = f"all {counted(column.filled, 'answer')} lie between {column.lowest or 0:g} and {column.highest or 0:g}"
    return Question(f"{export.file.name}:scale", text, options, export.scale, why)
