"""A KVI as somebody answers what it shall be, and the file that is made of the answers.

It is a KVI file like any other; one that a person wrote is changed as text and stays as they wrote it.
"""

import re
import unicodedata
import zlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

import yaml

from kviboard.board.board import Board
from kviboard.board.kvis.own_files import drafts, own_file
from kviboard.board.kvis.sql import body_of_daily, body_of_rows
from kviboard.catalog.front_matter import WIDTH
from kviboard.domain.formatting import listed


@dataclass(frozen=True)
class Measure:
    """A measure of `daily`: in words, and what it needs.

    `part_of` names the measures that it can be a share of; `front` is what else the front matter says of its KVIs, as
    it does in those of the board. A standing count is taken on the last day of a period, others are summed.
    """

    words: str
    needs: tuple[str, ...]
    unit: str = "number"
    part_of: tuple[str, ...] = ()
    front: Mapping[str, object] = field(default_factory=dict)
    is_standing: bool = False


_SCORED = ("orders.customer_id", "responses.customer_id")
_BACK: Mapping[str, object] = {"complete_after": "answer_counts_back_days"}
_BY_SCORE: Mapping[str, object] = {**_BACK, "coverage": "scored_revenue_coverage"}
_FILLS: Mapping[str, object] = {"judged_after": "valid_days"}
_STAYS: Mapping[str, object] = {"carries_over": True}

MEASURES = {
    "active_customers": Measure("active customers", ("activity",), "customers", front=_STAYS),
    "active_minutes": Measure("active minutes", ("activity.minutes",), front=_STAYS),
    "active_28d": Measure(
        "customers active in the 28 days up to the last", ("activity",), "customers",
        front={"full_after": 28}, is_standing=True,
    ),
    "new_customers": Measure("new customers", ("customers",), "customers"),
    "orders": Measure("orders", ("orders",)),
    "ordering_customers": Measure("customers who order", ("orders.customer_id",), "customers"),
    "revenue": Measure("turnover", ("orders",), "currency"),
    "scored_revenue": Measure(
        "turnover from customers with a known score", _SCORED, "currency", ("revenue",), _BACK,
    ),
    "eight_plus_revenue": Measure(
        "turnover from customers who score 8 or more", _SCORED, "currency", ("scored_revenue", "revenue"), _BY_SCORE,
    ),
    "promoter_revenue": Measure(
        "turnover from promoters", _SCORED, "currency", ("scored_revenue", "revenue"), _BY_SCORE
    ),
    "responses": Measure("answers", ("responses",)),
    "nps_responses": Measure("answers that count for the Net Promoter Score", ("responses",), part_of=("responses",)),
    "promoters": Measure("promoters among answers", ("responses",), part_of=("nps_responses",)),
    "detractors": Measure("detractors among answers", ("responses",), part_of=("nps_responses",)),
    "very_satisfied": Measure("very satisfied answers", ("responses",), part_of=("responses",)),
    "tickets": Measure("contacts", ("tickets",)),
    "complaints": Measure("complaints", ("tickets.kind",), part_of=("tickets",)),
}  # fmt: skip
ROWS = {"activity": "event", "orders": "product", "responses": "touchpoint", "tickets": "topic"}
"""Tables whose rows can be counted, and the column that tells them apart."""
ROW_WORDS = {
    "activity": "uses of the product",
    "orders": "orders (no refunds)",
    "responses": "answers",
    "tickets": "contacts",
}
WAYS = {
    "sum": "the sum of a period",
    "daily": "the average of a day",
    "share": "a share of another measure, in per cent",
    "each": "for each of another measure",
    "per_1000": "per 1,000 of another measure",
}
OF_ANOTHER = ("share", "each", "per_1000")
PER_DAY = ("active_customers", "ordering_customers")
"""Customers of a day: over several days the same ones would count again, so they are only averaged."""
COUNTS = {
    "customers": "different customers",
    "rows": "rows",
    "sum": "their {number} together",
    "mean": "their {number} on average",
    "share": "their share of all {rows}, in per cent",
}
"""How rows can be counted; a share is of the rows that are chosen among all."""


@dataclass(frozen=True)
class RowNumber:
    """The number that a row of a table tells: its column, what it is called, its unit and the most it can be."""

    column: str
    words: str
    unit: str
    mean: str  # what its mean says of a period, in a sentence
    most: int | None = None
    adds_up: bool = True


NUMBERS = {
    "activity": RowNumber("minutes", "minutes", "number", "Minutes of the period{only}, for each use that tells them."),
    "orders": RowNumber("amount", "turnover", "currency", "Turnover of the period{only}, for each order."),
    "responses": RowNumber(
        "score",
        "score",
        "score",
        "The average score, 0 to 10, of the answers of the period to any survey{only}.",
        most=10,
        adds_up=False,
    ),
}
NEEDED = {"title": "a title", "customer_benefit": "what it is for the customer", "company_value": "what it brings us"}
_WITH_LINES = " An order with several products is one of each."
_OF_LINES = (
    " An order with several products counts with the amounts of these lines alone; where a line has none of its own, "
    "with nothing."
)


@dataclass(frozen=True)
class Draft:
    """What somebody answered. `table` "" : a measure of daily, else the rows of that table whose column is a value."""

    title: str = ""
    customer_benefit: str = ""
    company_value: str = ""
    table: str = ""
    measure: str = "active_customers"
    values: tuple[str, ...] = ()  # of the table's column; all rows unless given
    count: str = "customers"  # of COUNTS, for rows
    way: str = "daily"  # of WAYS, for a measure
    of: str = ""  # the other measure, where it is counted for each of another
    judged: str = ""  # the length of period in which it is judged; as others are unless given
    better: str = "up"
    group: str = "customer"
    owner: str = ""
    decision: str = ""

    @property
    def name(self) -> str:
        """The file's name: the title in plain letters; a number made of it where its script has none of them."""
        title = unicodedata.normalize("NFKD", self.title.strip().casefold())
        plain = re.sub(r"[^a-z0-9]+", "_", re.sub(r"[\u0300-\u036f]", "", title)).strip("_")
        if not re.search("[a-z]", plain) and any(sign.isalpha() for sign in title):
            plain = str(zlib.crc32(title.encode()))
        return f"kvi_{plain}" if plain[:1].isdigit() else plain


def file_text(draft: Draft) -> str:
    """The KVI's file."""
    front = {
        "title": draft.title.strip(),
        "customer_benefit": draft.customer_benefit.strip(),
        "company_value": draft.company_value.strip(),
        "value": formula_of(draft),
        "unit": _unit(draft),
        "better": draft.better,
        "needs": _needs(draft),
        "judged": draft.judged,
        **(_known_of_rows(draft) if draft.table else _known_of_measures(draft)),
        "range": _range(draft),
        "group": draft.group,
        "owner": draft.owner.strip(),
        "decision": draft.decision.strip(),
        "description": in_words(draft),
    }
    given = {key: _within(value) for key, value in front.items() if value}
    head = yaml.safe_dump(given, allow_unicode=True, sort_keys=False, width=WIDTH, default_flow_style=None)
    body = body_of_daily()
    if draft.table:
        body = body_of_rows(draft.table, ROWS[draft.table], draft.values, draft.count, _number(draft).column)
    return f"/*---\n{head}---*/\n{body}\n"


def in_words(draft: Draft) -> str:
    """How it is counted, in a sentence."""
    if draft.table:
        return _rows_in_words(draft)
    one, other = MEASURES[draft.measure].words, MEASURES[draft.of or draft.measure].words
    ways = {
        "sum": f"{one}, all of the period together",
        "daily": f"{one} of a day, averaged over the days of the period",
        "share": f"{one} as a share of {other}",
        "each": f"{one} of the period for each of: {other}",
        "per_1000": f"{one} of the period per 1,000 {other}",
    }
    said = ways[draft.way]
    return f"{said[0].upper()}{said[1:]}."


def _rows_in_words(draft: Draft) -> str:
    rows, number = ROW_WORDS[draft.table], _number(draft)
    only = f", where {ROWS[draft.table]} is {listed(draft.values, 'or')}" if draft.values else ""
    ways = {
        "customers": f"Different customers with {rows} of the period{only}.",
        "rows": f"Counts {rows} of the period{only}.",
        "sum": f"{number.words.capitalize()} of the period{only}, all together.",
        "mean": number.mean.format(only=only),
        "share": f"The share of the {rows} of the period{only.replace(', ', ' ', 1)}.",
    }
    is_of_amounts = draft.table == "orders" and draft.count in ("sum", "mean")
    refunds = f" Refunds{' under it' if only else ''} are taken off." if is_of_amounts else ""
    lines = (_OF_LINES if is_of_amounts else _WITH_LINES) if only and draft.table == "orders" else ""
    return f"{ways[draft.count]}{refunds}{lines}"


def problems_of(draft: Draft, board: Board, changes: str = "") -> dict[str, str]:
    """What is wrong, by field; of a KVI that is there and that the draft `changes`, its name stays."""
    found = _wrong_with_title(draft, board, changes)
    for field_, what in NEEDED.items():
        if not str(getattr(draft, field_)).strip():
            found[field_] = f"Say {what}."
    if draft.table and draft.count == "share" and not draft.values:
        found["count"] = "A share is of some of the rows: choose them."
    if draft.count != "sum" and _are_only_refunds(board, draft.table, draft.values):
        found["count"] = f"Under {listed(draft.values)} are refunds alone, which are no orders: take their turnover."
    if not draft.table and draft.way not in ways_of(draft.measure):
        found["way"] = f"That cannot be said of {MEASURES[draft.measure].words}: take {WAYS['daily']}."
    elif not draft.table and draft.way in OF_ANOTHER and draft.of not in others_of(board, draft.measure, draft.way):
        found["of"] = "Choose what it is a share of." if draft.way == "share" else "Choose of what."
    return found


def _wrong_with_title(draft: Draft, board: Board, changes: str) -> dict[str, str]:
    title = draft.title.strip()
    if title and not draft.name:
        return {"title": "Use letters or digits in the title."}
    if changes:
        others = (kvi.title for kvi in board.catalog.kvis.values() if kvi.name != changes)
        is_taken = title.casefold() in map(str.casefold, others)
        return {"title": "Another KVI is called so: choose another title."} if is_taken else {}
    if draft.name in board.catalog.kvis:
        return {"title": f'There is a KVI "{board.catalog.kvis[draft.name].title}" already; change that one.'}
    if draft.name and own_file(board.workspace, draft.name):
        mend = f"There is a file queries/kvis/{draft.name}.sql already, which is no KVI yet: mend that one."
        return {"title": mend}
    if draft.name in drafts(board.workspace):
        return {"title": "There is a draft of this name already: open it, or choose another title."}
    return {}


def ways_of(measure: str) -> dict[str, str]:
    """How a measure can be counted."""
    if measure in PER_DAY:
        return {"daily": WAYS["daily"]}
    return {way: words for way, words in WAYS.items() if way != "share" or MEASURES[measure].part_of}


def others_of(board: Board, measure: str, way: str) -> dict[str, str]:
    """The measures that a measure can be counted for each of, or be a share of, in words."""
    known = {name: each for name, each in MEASURES.items() if name != measure and not board.missing_export(each.needs)}
    wholes = MEASURES[measure].part_of if way == "share" else known.keys() - PER_DAY
    return {name: each.words for name, each in known.items() if name in wholes}


def measures_of(board: Board) -> dict[str, str]:
    """The measures whose exports are there, in words."""
    return {
        name: each.words
        for name, each in MEASURES.items()
        if not each.is_standing and not board.missing_export(each.needs)
    }


def tables_of(board: Board) -> list[str]:
    """Tables whose rows can be counted."""
    return [table for table in ROWS if not board.missing_export([table])]


def counts_of(board: Board, table: str, values: Collection[str] = ()) -> dict[str, str]:
    """How the rows of a table can be counted: customers only where it names them, a share only of some of them, and
    products that were only paid back only by what was."""
    number = NUMBERS.get(table)
    tells = number is not None and not board.missing_export([f"{table}.{number.column}"])
    offered = {
        "customers": not board.missing_export([f"{table}.customer_id"]),
        "sum": tells and number is not None and number.adds_up,
        "mean": tells,
        "share": bool(values),
    }
    if _are_only_refunds(board, table, values):
        offered = {count: count == "sum" for count in COUNTS}
    words = {"number": number.words if number else "", "rows": ROW_WORDS[table]}
    return {count: said.format(**words) for count, said in COUNTS.items() if offered.get(count, True)}


def _are_only_refunds(board: Board, table: str, values: Collection[str]) -> bool:
    if table != "orders" or not values:
        return False
    return board.reader.frame(f"{body_of_rows(table, ROWS[table], list(values), 'rows', '')} limit 1").empty


def values_of(board: Board, table: str) -> list[str]:
    """The most frequent values of the column that tells a table's rows apart."""
    column = ROWS[table]
    return [] if board.missing_export([f"{table}.{column}"]) else board.reader.most_frequent(table, column)


def _within(value: object) -> object:
    """A value that cannot end the front matter: what stands behind its end is run."""
    return value.replace("*/", "* /") if isinstance(value, str) else value


def formula_of(draft: Draft) -> str:
    """The formula of its value, as its file has it."""
    if draft.table:
        total = f"sum({_number(draft).column})"
        rows = {"customers": "count(distinct customer_id)", "sum": total, "mean": f"{total} / sum(found)"}
        return (rows | {"share": "sum(found) / sum(whole)"}).get(draft.count, "sum(found)")
    one, of = f"sum({draft.measure})", draft.of or draft.measure
    other = f"last({of})" if MEASURES[of].is_standing else f"sum({of})"
    ways = {"sum": one, "daily": f"daily_average({draft.measure})", "per_1000": f"1000 * {one} / {other}"}
    return ways.get(draft.way, f"{one} / {other}")


def _unit(draft: Draft) -> str:
    if draft.table:
        told = _number(draft).unit
        rows = {"customers": "customers", "sum": told, "mean": told, "share": "percent"}
        return rows.get(draft.count, "number")
    own = MEASURES[draft.measure].unit
    per = {"share": "percent", "per_1000": own if own == "currency" else "per_1000"}
    return per.get(draft.way, own if own == "currency" or draft.way != "each" else "number")


def _range(draft: Draft) -> list[int | None]:
    """What it cannot pass: a count is not below 0, a part not above the whole."""
    if (draft.count if draft.table else draft.way) == "share":
        return [0, 1]
    if draft.table and draft.count in ("sum", "mean"):
        number = _number(draft)
        return [] if number.unit == "currency" else [0, number.most]
    is_money = not draft.table and MEASURES[draft.measure].unit == "currency"
    return [] if is_money else [0, None]


def _number(draft: Draft) -> RowNumber:
    return NUMBERS.get(draft.table, RowNumber("", "", "number", ""))


def _known_of_rows(draft: Draft) -> dict[str, object]:
    """What the board's own KVIs say of such rows: the interval of a share and of a mean score, and that mostly the same
    customers use the product in each period."""
    if draft.count == "share":
        return {"interval": "share(found, whole)"}
    if draft.count == "mean":
        return {"interval": "mean(score, squares, found)"} if draft.table == "responses" else {}
    return dict(_STAYS) if draft.table == "activity" else {}


def _known_of_measures(draft: Draft) -> dict[str, object]:
    """What the board's own KVIs say of these measures: the interval of a share, how long answers come in, the KVI that
    says of how much revenue the score is known."""
    one = MEASURES[draft.measure]
    found = dict(one.front)
    if draft.way in OF_ANOTHER and draft.of:
        found |= {key: value for key, value in MEASURES[draft.of].front.items() if key not in _STAYS}
    if draft.way == "share" and one.unit != "currency":
        found["interval"] = f"share({draft.measure}, {draft.of})"
    if one.needs == _SCORED and draft.of != "scored_revenue":
        found |= _FILLS  # what is known of scores grows in the first year
    return found


def _needs(draft: Draft) -> list[str]:
    if draft.table:
        named = [f"{draft.table}.customer_id"] if draft.count == "customers" else []
        told = [f"{draft.table}.{ROWS[draft.table]}"] if draft.values else []
        number = [f"{draft.table}.{_number(draft).column}"] if draft.count in ("sum", "mean") else []
        return [*named, *told, *number] or [draft.table]
    used = [draft.measure, *([draft.of] if draft.way in OF_ANOTHER and draft.of else [])]
    return list(dict.fromkeys(need for measure in used for need in MEASURES[measure].needs))
