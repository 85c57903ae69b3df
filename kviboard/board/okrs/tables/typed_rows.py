"""Tables in which a column says of each row whether it is an objective or a key result, and both have one title.

Makes them what our own table has: a key result's row names its objective, and takes what belongs to that from it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from kviboard.board.brought import Brought, Rows
from kviboard.board.okrs.tables import columns
from kviboard.domain.names import likeness

_TYPES = ("Type", "Item type", "Row type", "Level", "Kind", "Typ")
_TITLES = ("Title", "Name", "Summary", "Titel", "Titre", "Título")
_NUMBERS = ("ID", "Key", "No.", "Number", "Nr.")
_PARENT_NUMBERS = ("Parent ID", "Parent key", "Parent no.", "Parent number")
_OBJECTIVES = frozenset(map(likeness, ("Objective", "O", "Ziel", "Objectif", "Objetivo", "Doelstelling")))
_KEY_RESULTS = frozenset(
    map(likeness, ("Key result", "KR", "Schlüsselergebnis", "Résultat clé", "Resultado clave", "Kernresultaat"))
)

Cells = dict[str, str]


@dataclass(frozen=True)
class TypedColumns:
    """Which columns of a file tell the type, title, number and parent's number of a row; "" for none."""

    type: str
    title: str
    number: str
    parent_number: str

    @property
    def known(self) -> dict[str, str]:
        """What they are read as, as people are told."""
        read = {self.type: "Row", self.title: "Objective or key result", self.number: "Number",
                self.parent_number: "Number of its objective"}  # fmt: skip
        return {name: ours for name, ours in read.items() if name}


@dataclass
class TypedRows:
    """The rows with their lines, objectives first, so that a key result finds its own; and those not read, with why."""

    rows: Rows = field(default_factory=list)
    unread: list[tuple[int, str, str]] = field(default_factory=list)  # line, title, reason


def find_typed_columns(brought: Brought) -> TypedColumns | None:
    """The columns that make a table one of typed rows; None where it is none."""
    alike = {likeness(name): name for name in reversed(brought.columns)}

    def named(names: Sequence[str]) -> str:
        return next((alike[likeness(name)] for name in names if likeness(name) in alike), "")

    found = TypedColumns(named(_TYPES), named(_TITLES), named(_NUMBERS), named(_PARENT_NUMBERS))
    if not found.type or not found.title:
        return None
    return found if any(likeness(row[found.type]) in _OBJECTIVES for _, row in brought.rows) else None


def read_typed_rows(brought: Brought, typed: TypedColumns, names: Mapping[str, str]) -> TypedRows:
    """The rows by our names; `names` are the file's columns by ours."""
    found, objectives = TypedRows(), dict[int, tuple[str, Cells]]()  # by line, with their numbers
    for line, row in brought.rows:
        if likeness(row[typed.type]) in _OBJECTIVES and row[typed.title]:
            cells = _cells(row, names) | {"row": columns.OBJECTIVE, "objective": row[typed.title]}
            objectives[line] = row.get(typed.number, ""), cells
    titles = {number: cells["objective"] for number, cells in objectives.values() if number}
    above: Cells | None = None
    for line, row in brought.rows:
        if line in objectives:
            above = objectives[line][1]
            parent = titles.get(row.get(typed.parent_number, "") or above.get("parent", ""))
            found.rows.append((line, above | ({"parent": parent} if parent else {})))
        elif any(row.values()):
            objective = _objective_of(row, typed, names, list(objectives.values()), above)
            reason = _why_not(row, typed, objective)
            if reason or objective is None:
                found.unread.append((line, row[typed.title], reason))
            else:
                head = {name: text for name, text in objective.items() if name in columns.OF_OBJECTIVE}
                own = {name: text for name, text in _cells(row, names).items() if name not in columns.OF_OBJECTIVE}
                title = {"row": columns.KEY_RESULT, "title": row[typed.title]}
                found.rows.append((line, head | own | title))
    found.rows.sort(key=lambda each: each[1]["row"] != columns.OBJECTIVE)
    return found


def _cells(row: Cells, names: Mapping[str, str]) -> Cells:
    return {ours: row[column] for ours, column in names.items() if row[column]}


def _why_not(row: Cells, typed: TypedColumns, objective: Cells | None) -> str:
    """Why a row that is no objective is not read; "" where it is."""
    if likeness(row[typed.type]) not in _KEY_RESULTS:
        return f"“{row[typed.type]}” is neither an objective nor a key result"
    if not row[typed.title]:
        return f"it has no {typed.title}"
    return "" if objective else "its objective is not in the file"


def _objective_of(
    row: Cells, typed: TypedColumns, names: Mapping[str, str], objectives: Sequence[tuple[str, Cells]],
    above: Cells | None,
) -> Cells | None:  # fmt: skip
    """The objective of a key result: the one that it names, by number or title, else the one above."""
    number, parent = row.get(typed.parent_number, ""), row.get(names.get("parent", ""), "")
    if not (number or parent):
        return above
    same = [cells for own, cells in objectives if number and own == number]
    same = same or [cells for own, cells in objectives if parent and parent in (cells["objective"], own)]
    return above if above in same else same[0] if same else None
