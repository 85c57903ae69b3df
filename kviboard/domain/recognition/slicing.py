"""By which columns of exports KVIs can be sliced, and what they are then called.

A column of the customers export says something of each customer; so do those of other exports whose rows name their
customer and have a time, of which a customer has what the latest row says.
"""

import re
import unicodedata
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from kviboard.domain.contract import CONTRACT
from kviboard.domain.names import likeness
from kviboard.domain.nobody import NOBODY
from kviboard.domain.recognition.columns import (
    CURRENCY_COLUMNS,
    has_decimals,
    holds_addresses,
    is_of_address,
    is_time_of_day,
)
from kviboard.domain.recognition.facts import ColumnFacts, FileFacts, Words, is_like
from kviboard.domain.recognition.plan import Choices, Export

TELLING = {
    "orders": ("order", "ordered_at"), "responses": ("answer", "responded_at"),
    "tickets": ("contact", "opened_at"), "activity": ("activity", "occurred_at"),
}  # fmt: skip
"""Tables whose rows may say something of their customer: what a row is called, and our column with its time."""
_MOST_TAKEN = 3  # of the customers export, unless somebody chooses
_VALUES = (2, 50)
_FLAGS = frozenset(
    ["true", "false", "yes", "no", "0", "1", "t", "f", "y", "n", "ja", "nein", "nee", "oui", "non", "sí", "si", "nej"]
)
_LONGEST_LABEL = 40  # characters of a value by which KVIs can be sliced


def with_slices(
    exports: Sequence[Export], languages: Sequence[Words], chosen: Choices, asks_others: bool, is_aliased: bool
) -> list[Export]:
    """Exports with the columns that KVIs can be sliced by: of the customers export the first are taken unless somebody
    chooses, of others (`asks_others`) what somebody chooses. `is_aliased`: addresses are other names of customers."""
    found = [
        _sliced(export, slicing_columns(export.file, _used(export)), chosen, _MOST_TAKEN)
        if export.role == "customers"
        else export
        for export in exports
    ]
    if not asks_others:
        return found
    own = {
        dimension_name(column.name) for export in found if export.role == "customers" for column in export.file.columns
    }
    return [
        _sliced(export, [pair for pair in _told(export, languages, is_aliased) if pair[1] not in own], chosen, 0)
        if export.role in TELLING
        else export
        for export in found
    ]


def _used(export: Export) -> set[str]:
    """The columns of customers that are something else than a slice; how they came can be both, in its own words."""
    fed = export.fed
    return {column for ours, column in fed.items() if ours != "acquisition" or not export.ways}


def slicing_columns(file: FileFacts, used: Collection[str]) -> list[tuple[str, str]]:
    """Columns that customers can be told apart by, with the names to slice by: few values, each of several rows. Not
    those that are `used` for something else."""
    least, most = _VALUES
    fitting = [
        column
        for column in file.columns
        if column.name not in used and least <= column.distinct <= most and not column.is_unique
        and column.kind != "date" and not (column.kind == "number" and has_decimals(column))
        and 2 * column.filled >= file.rows and column.length <= _LONGEST_LABEL
        and not any(value.startswith(("{", "[")) for value in column.examples)
    ]  # fmt: skip
    fitting.sort(key=lambda column: (-column.filled, column.kind == "number"))
    names: dict[str, str] = {}
    for column in fitting:
        names.setdefault(dimension_name(column.name), column.name)
    return [(column, name) for name, column in names.items()]


def dimension_name(column: str) -> str:
    """The name that KVIs are sliced by: "Customer State" becomes state."""
    bare = re.sub("[\u0300-\u036f]", "", unicodedata.normalize("NFKD", column.casefold()))  # accents
    plain = re.sub(r"[\W_]+", "_", unicodedata.normalize("NFC", bare)).strip("_")
    plain = re.sub(r"^(customer|client|contact|kunden|default_address|associated)_(?=.)", "", plain)
    taken = {"customer_id", "slice_id", "day", "period", "slice", *(c.name for c in CONTRACT["customers"].columns)}
    return f"my_{plain}" if plain in taken or not plain or plain[0].isdigit() else plain


def _sliced(export: Export, candidates: Sequence[tuple[str, str]], chosen: Choices, taken: int) -> Export:
    names = chosen.get(f"{export.file.name}:dimensions")
    if names is None:
        picked = [pair for pair in candidates if not _is_flag(export.file.column(pair[0]))][:taken]
    else:
        picked = [pair for pair in candidates if pair[0] in names.split("\n")]
    return replace(export, dimensions=tuple(picked), candidates=tuple(candidates))


def _is_flag(column: ColumnFacts | None) -> bool:
    """Whether it says yes or no, as of test accounts, which are no customers rather than a slice of them."""
    return column is not None and {value.strip().casefold() for value in column.values} <= _FLAGS


def _told(export: Export, languages: Sequence[Words], is_aliased: bool) -> Iterator[tuple[str, str]]:
    """Where it is known whose a row is, and which is later: columns that tell customers apart."""
    customer, at = (export.file.column(export.fed.get(ours, "")) for ours in ("customer_id", TELLING[export.role][1]))
    if not customer or not at or at.date_formats is None or (is_aliased and holds_addresses(customer)):
        return
    beside = {export.state, export.minus, export.paid_back, export.pieces, export.times, export.discount}
    for name, ours in slicing_columns(export.file, {*export.fed.values(), *beside}):
        column = export.file.column(name)
        if (
            column
            and 2 * column.distinct <= customer.distinct
            and tells_customers(column, export.file, export.role, languages)
        ):
            yield name, ours


def tells_customers(column: ColumnFacts, file: FileFacts, table: str, languages: Sequence[Words]) -> bool:
    """Whether a column of a table that is not the customers' may say something of them: words that are no time of day,
    no state and no currency of the row."""
    is_state = any(is_like(column.like, pattern) for words in languages for pattern in words.states)
    return (
        column.kind != "number"
        and not is_time_of_day(column)
        and (not is_state or is_of_address(column, file))
        and column.like not in {likeness(ours.name) for ours in CONTRACT[table].columns}
        and not column.like.endswith(CURRENCY_COLUMNS)
    )


def nobody_in(export: Export) -> tuple[str, ...]:
    """What an export has in place of a customer where nobody is known."""
    customer = export.file.column(export.fed["customer_id"])
    words = (value.strip() for value, _ in (customer.common if customer else ()))
    return tuple(dict.fromkeys([*export.nobody, *(word for word in words if word.casefold() in NOBODY)]))
