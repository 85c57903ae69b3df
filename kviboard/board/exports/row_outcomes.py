"""What became of the rows of exports, in the words of the ledger: rows read are exactly these together."""

from collections.abc import Iterable

from kviboard.domain.formatting import counted, plural
from kviboard.warehouse.manifest import LedgerRow

ALWAYS_SHOWN = ("rows_kept", "rows_rejected", "rows_duplicate")
ROW_OUTCOMES = {
    "rows_kept": "kept",
    "rows_lines": "added to others",
    "rows_rejected": "rejected",
    "rows_set_aside": "set aside",
    "rows_duplicate": "duplicates",
    "rows_replaced": "replaced",
}


def outcome_word(name: str, count: int) -> str:
    """The word of ROW_OUTCOMES for that many rows: "1 duplicate", "2 duplicates"."""
    return plural(count, "duplicate") if name == "rows_duplicate" else ROW_OUTCOMES[name]


def shown_outcomes(ledger: Iterable[LedgerRow]) -> list[str]:
    """The fields of ROW_OUTCOMES that say something about these rows."""
    rows = list(ledger)
    return [name for name in ROW_OUTCOMES if name in ALWAYS_SHOWN or any(getattr(row, name) for row in rows)]


def corrected_text(ledger: Iterable[LedgerRow]) -> str:
    """What was done to rows so that they could be read, in a sentence; "" where nothing was."""
    rows = list(ledger)
    padded, emptied = (sum(getattr(row, name) for row in rows) for name in ("rows_padded", "rows_emptied"))
    said = (
        [f"{counted(padded, 'row')} shorter than the header {plural(padded, 'was', 'were')} filled up"]
        if padded
        else []
    )
    said += (
        [f"{counted(emptied, 'row')} {plural(emptied, 'has', 'have')} a cell that counts as empty"] if emptied else []
    )
    return f"Of the rows read, {' and '.join(said)}." if said else ""


def each_file_once(ledger: Iterable[LedgerRow]) -> list[LedgerRow]:
    """One row per file, whatever reads it: for the table that most of its rows are kept in, or looked up for."""
    found: dict[tuple[str, str], LedgerRow] = {}
    for row in ledger:
        place = (row.source, row.file or "")
        best = found.get(place)
        if row.file is not None and (best is None or _rank(row) > _rank(best)):
            found[place] = row
    return list(found.values())


def _rank(row: LedgerRow) -> tuple[bool, int]:
    return row.role == "rows", row.rows_kept
