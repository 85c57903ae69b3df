"""A KVI as somebody answers what it shall be, and the file that is made of the answers.

It is a KVI file like any other; one that a person wrote is changed as text and stays as they wrote it.
"""

import re
from dataclasses import dataclass

import yaml

from kviboard.board.board import Board
from kviboard.board.kvis.sql import body_of_daily, body_of_rows
from kviboard.domain.contract import CONTRACT

MEASURES = {
    "active_customers": ("active customers", "activity"),
    "active_minutes": ("active minutes", "activity"),
    "new_customers": ("new customers", "orders"),
    "orders": ("orders", "orders"),
    "ordering_customers": ("customers who order", "orders"),
    "revenue": ("turnover", "orders"),
    "eight_plus_revenue": ("turnover from customers who score 8 or more", "orders"),
    "promoter_revenue": ("turnover from promoters", "orders"),
    "responses": ("answers", "responses"),
    "promoters": ("promoters among answers", "responses"),
    "detractors": ("detractors among answers", "responses"),
    "very_satisfied": ("very satisfied answers", "responses"),
    "tickets": ("contacts", "tickets"),
    "complaints": ("complaints", "tickets"),
}
"""Measures of `daily`: in words, and the export that they need."""
ROWS = {"activity": "event", "orders": "product", "responses": "touchpoint", "tickets": "topic"}
"""Tables whose rows can be counted, and the column that tells them apart."""
WAYS = {
    "sum": "the sum of a period",
    "daily": "the average of a day",
    "share": "a share of another measure, in per cent",
    "per_1000": "per 1,000 of another measure",
}
PER_DAY = ("active_customers", "ordering_customers")
"""Customers of a day: over several days the same ones would count again, so they are never summed."""
COUNTS = {"customers": "different customers", "rows": "rows"}
_NEEDED = {"title": "a title", "customer_benefit": "what it is for the customer", "company_value": "what it brings us"}
_WIDTH = 118


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
    of: str = ""  # the other measure of a share
    better: str = "up"
    group: str = "customer"
    owner: str = ""
    decision: str = ""

    @property
    def name(self) -> str:
        """The file's name: the title in plain letters."""
        plain = re.sub(r"[^a-z0-9]+", "_", self.title.casefold()).strip("_")
        return f"kvi_{plain}" if plain[:1].isdigit() else plain


def file_text(draft: Draft) -> str:
    """The KVI's file."""
    front = {
        "title": draft.title.strip(),
        "customer_benefit": draft.customer_benefit.strip(),
        "company_value": draft.company_value.strip(),
        "value": _value(draft),
        "unit": _unit(draft),
        "better": draft.better,
        "needs": _needs(draft),
        "group": draft.group,
        "owner": draft.owner.strip(),
        "decision": draft.decision.strip(),
    }
    given = {key: value for key, value in front.items() if value}
    head = yaml.safe_dump(given, allow_unicode=True, sort_keys=False, width=_WIDTH, default_flow_style=None)
    body = body_of_rows(draft.table, ROWS[draft.table], draft.values) if draft.table else body_of_daily()
    return f"/*---\n{head}---*/\n{body}\n"


def problems_of(draft: Draft, board: Board) -> dict[str, str]:
    """What is wrong, by field."""
    found = {}
    for field, what in _NEEDED.items():
        if not str(getattr(draft, field)).strip():
            found[field] = f"Say {what}."
    if draft.title.strip() and not draft.name:
        found["title"] = "Use letters or digits in the title."
    if draft.name in board.catalog.kvis:
        found["title"] = f'There is a KVI "{board.catalog.kvis[draft.name].title}" already; change that one.'
    if not draft.table and draft.way not in ways_of(draft.measure):
        found["way"] = f"The same customers would count again every day: take {WAYS['daily']}."
    if not draft.table and draft.way in ("share", "per_1000") and not draft.of:
        found["of"] = "Choose what it is a share of."
    return found


def ways_of(measure: str) -> dict[str, str]:
    """How a measure can be counted."""
    return {way: words for way, words in WAYS.items() if way != "sum" or measure not in PER_DAY}


def measures_of(board: Board) -> dict[str, str]:
    """The measures whose exports are there, in words."""
    provided = board.reader.manifest.provided
    return {name: words for name, (words, table) in MEASURES.items() if table in provided}


def tables_of(board: Board) -> list[str]:
    """Tables whose rows can be counted."""
    return [table for table in ROWS if table in CONTRACT and board.reader.manifest.provided.get(table)]


def values_of(board: Board, table: str) -> list[str]:
    """The most frequent values of the column that tells a table's rows apart."""
    if table not in board.reader.manifest.provided or ROWS[table] not in board.reader.manifest.provided[table]:
        return []
    return board.reader.most_frequent(table, ROWS[table])


def _value(draft: Draft) -> str:
    if draft.table:
        return "count(distinct customer_id)" if draft.count == "customers" else "sum(found)"
    one, other = f"sum({draft.measure})", f"sum({draft.of or draft.measure})"
    ways = {"sum": one, "daily": f"daily_average({draft.measure})", "share": f"{one} / {other}"}
    return ways.get(draft.way, f"1000 * {one} / {other}")


def _unit(draft: Draft) -> str:
    if draft.table:
        return "customers" if draft.count == "customers" else "number"
    if draft.way in ("share", "per_1000"):
        return {"share": "percent", "per_1000": "per_1000"}[draft.way]
    if "revenue" in draft.measure:
        return "currency"
    return "customers" if draft.measure.endswith("customers") else "number"


def _needs(draft: Draft) -> list[str]:
    if draft.table:
        return [draft.table]
    used = [draft.measure, *([draft.of] if draft.way in ("share", "per_1000") and draft.of else [])]
    return list(dict.fromkeys(MEASURES[measure][1] for measure in used))
