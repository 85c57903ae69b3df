"""What to say where an export lacks a column that its table needs, and what would fix it."""

import unicodedata
from collections.abc import Mapping, Sequence
from difflib import get_close_matches

import duckdb

from kviboard.domain.contract import Column, ContractTable
from kviboard.domain.formatting import counted, listed, plural
from kviboard.domain.names import likeness
from kviboard.errors import Problem
from kviboard.warehouse.engine import rows_of
from kviboard.warehouse.files.header import kind_of
from kviboard.warehouse.files.names import FILE, LINE

_MOST_NAMES = 12
_ROWS_TRIED = 200
_MAINLY = 0.9  # of the values must fit
_KINDS = {"day": ("date",), "time": ("date",), "money": ("number",), "score": ("number",), "count": ("number",)}
_OTHER_WORDS = {
    "order_id": ("order", "order number", "order no", "invoice", "invoice no", "invoice number", "transaction id"),
    "customer_id": ("customer", "customer no", "customer number", "customer email", "email", "email address", "client",
                    "client id", "user id", "user", "account id", "account"),
    "ordered_at": ("date", "order date", "created at", "created", "invoice date", "purchase date", "paid at"),
    "amount": ("total", "price", "revenue", "value", "order total", "total price", "sum", "net amount", "grand total"),
    "occurred_at": ("date", "timestamp", "time", "event time", "event date", "created at", "day"),
    "responded_at": ("date", "end date", "submitted at", "created at", "recorded date", "response date", "timestamp"),
    "score": ("nps", "rating", "nps score", "answer", "stars"),
    "ticket_id": ("ticket", "id", "ticket number", "issue key", "case number"),
    "opened_at": ("created at", "created", "date", "opened", "open date"),
}  # fmt: skip
# Letters of other alphabets that look like Latin ones.
_TWINS = str.maketrans("авеікмнорстухѕԁјԛԝαεινοκρτυχ", "abeikmhopctyxsdjqwaeivokptyx")


def missing_columns(
    connection: duckdb.DuckDBPyConnection,
    table: ContractTable,
    query_path: str,
    source: str,
    written: Sequence[str],
    missing: Sequence[str],
) -> Problem:
    """The problem of a table's export that has the columns `written` and not those that are `missing`."""
    names = [name for name in written if name not in (FILE, LINE)]
    where, what = f"The {table.name} export", f"has no column {' and no column '.join(missing)}."
    rows = rows_of(connection, f"select * from staging.{table.name} limit {_ROWS_TRIED}")
    values = {name: [row[at] for row in rows if row[at] is not None] for at, name in enumerate(written)}
    if _is_headless(names):
        first = listed([f'"{name}"' for name in names[:4]])
        what = f"has no line of column names: its first line looks like a row, with {first}."
        return Problem(where, what, _columns_line(table, source, names))
    hints = [_twin(name, names) or _doubled(name, names) for name in missing]
    renames = _renames(table, names, missing, values)
    found = f"Found: {some_names(names, missing)}."
    if renames and len(renames) == len(missing):
        line = ", ".join(f'"{old}" = "{new}"' for new, old in renames.items())
        way = f"These may be meant: [sources.{source}] rename = {{ {line} }}."
    else:
        way = f"Map one to it under rename in kviboard.toml, or in {query_path}."
    return Problem(where, what, " ".join(filter(None, [*hints, found, way])))


def some_names(names: Sequence[str], wanted: Sequence[str]) -> str:
    """The names, or of many the ones that are most like those that are wanted."""
    if len(names) <= _MOST_NAMES:
        return ", ".join(names)
    shown = {likeness(name): name for name in reversed(names)}
    near = [shown[match] for want in wanted for match in get_close_matches(likeness(want), shown, 4, 0.5)]
    some = list(dict.fromkeys([*near, *names]))[:_MOST_NAMES]
    return f"{', '.join(some)} and {counted(len(names) - len(some), 'more column')}"


def _is_headless(names: Sequence[str]) -> bool:
    """Whether most names are values, and one of them at least a date or a number."""
    kinds = [kind_of(name) for name in names]
    return 2 * sum(kind in ("date", "number", "code") for kind in kinds) > len(kinds) and not {
        "date",
        "number",
    }.isdisjoint(kinds)


def _columns_line(table: ContractTable, source: str, names: Sequence[str]) -> str:
    needed = [column for column in table.columns if column.required]
    setting = f"[sources.{source}] columns = "
    if len(needed) == len(names) and all(_may_be(column, [name]) for column, name in zip(needed, names, strict=True)):
        told = ", ".join(f'"{column.name}"' for column in needed)
        return f"If its columns are in this order, set {setting}[{told}]."
    columns = plural(len(names), "its column", f"its {len(names)} columns in their order")
    return f"Name {columns}: {setting}[…]; needed are {listed([c.name for c in needed])}."


def _twin(missing: str, names: Sequence[str]) -> str:
    """The letter that makes a name only look like the one that is missing."""
    for name in names:
        folded = name.casefold()
        if folded != missing and likeness(folded.translate(_TWINS)) == likeness(missing):
            odd = next((letter for letter in name if not letter.isascii()), "")
            if odd:
                code = f"U+{ord(odd):04X}, {unicodedata.name(odd, 'a letter').lower()}"
                return f'"{name}" only looks like it: it is written with "{odd}" ({code}).'
    return ""


def _doubled(missing: str, names: Sequence[str]) -> str:
    alike = [f'"{name}"' for name in names if likeness(name) == likeness(missing)]
    return f"{listed(alike)} could both be {missing}; rename one of them." if len(alike) > 1 else ""


def _renames(
    table: ContractTable, names: Sequence[str], missing: Sequence[str], values: Mapping[str, Sequence[object]]
) -> dict[str, str]:
    """For each missing column the one that is called like it and whose values would do."""
    columns = {column.name: column for column in table.columns}
    free = [name for name in names if name.casefold() not in columns]
    found: dict[str, str] = {}
    for name in missing:
        for candidate in _called_like(name, [each for each in free if each not in found.values()]):
            if _may_be(columns[name], values[candidate]):
                found[name] = candidate
                break
    return found


def _called_like(missing: str, names: Sequence[str]) -> list[str]:
    words = [likeness(missing), *(likeness(word) for word in _OTHER_WORDS.get(missing, ()))]
    known = {likeness(name.casefold().translate(_TWINS)): name for name in reversed(names)}
    near = get_close_matches(words[0], known, 3, 0.7)
    return [known[match] for match in dict.fromkeys([*(word for word in words if word in known), *near])]


def _may_be(column: Column, values: Sequence[object]) -> bool:
    """Whether values can be read as those of a column."""
    kinds = _KINDS.get(column.kind)
    if kinds is None:
        return bool(values)
    fitting = sum(not isinstance(value, str) or kind_of(value) in kinds for value in values)
    return bool(values) and fitting >= _MAINLY * len(values)
