"""Rows on their way in from another board or tool: objectives with all that belongs to them, in one transaction.

What was said elsewhere keeps who said it and when; the audit says who brought it in.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Table

from kviboard.domain.okrs.alignment import check_parent
from kviboard.store.okrs.okrs import parents
from kviboard.store.rules import refuse
from kviboard.store.saving import Author, Save
from kviboard.store.schema import metadata, objectives

BROUGHT_IN = "brought in"  # the action in the audit

Name = tuple[str, str]
"""What tells an incoming row apart: its table, and a number or word of its own there."""


@dataclass(frozen=True)
class Incoming:
    """A row to be added. `refers`: column -> the incoming row whose number goes into it."""

    name: Name
    values: Mapping[str, Any]
    refers: Mapping[str, Name] = field(default_factory=dict)
    by: str = ""  # who said it, and when; empty: whoever brings it in
    at: datetime | None = None


def take_in(save: Save, rows: Sequence[Incoming]) -> dict[Name, int]:
    """Adds the rows in their order; the numbers they got. A row may refer to a later one of its own table."""
    numbers, later = dict[Name, int](), list[tuple[Name, dict[str, Name]]]()
    for row in rows:
        table = _table(row.name)
        known = {column: numbers[other] for column, other in row.refers.items() if other in numbers}
        written = Author(row.by, row.at or save.at) if row.by else replace(save.author, at=row.at or save.at)
        numbers[row.name] = save.add(table, {**row.values, **known}, BROUGHT_IN, written)
        missing = {column: other for column, other in row.refers.items() if other not in numbers}
        if missing:
            later.append((row.name, missing))
    for name, missing in later:
        values = {column: numbers[other] for column, other in missing.items()}
        save.change(_table(name), numbers[name], 1, values, BROUGHT_IN)
    for name, row_id in numbers.items():
        if name[0] == objectives.name:
            supported = parents(save.connection)
            refuse(check_parent(supported, row_id, supported[row_id]))
    return numbers


def _table(name: Name) -> Table:
    return metadata.tables[name[0]]
