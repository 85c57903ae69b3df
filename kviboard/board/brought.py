"""Tables that people bring (CSV, TSV, XLSX and what else exports may be): read as exports are, kept nowhere."""

import tempfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from kviboard.apart import Caller
from kviboard.domain.formatting import without_formula
from kviboard.errors import ExportError, GivenUpError, UsageError
from kviboard.files import refuse_endless
from kviboard.warehouse.files.discovery import FoundFile
from kviboard.warehouse.files.names import LINE
from kviboard.warehouse.files.parts import extract_all
from kviboard.workspace.settings import Source

MB = 1024 * 1024
MOST_MB = 20  # of a file: people typed it, 50,000 rows

Rows = list[tuple[int, dict[str, str]]]
"""Rows with their lines in the file: the text of each cell by its column."""


@dataclass(frozen=True)
class Brought:
    """The first table of a file. `unread`: the lines that are no rows, with the reason."""

    columns: tuple[str, ...]
    rows: Rows
    unread: tuple[tuple[int, str], ...]


def read_brought(file: Path, known: Mapping[str, str] | None = None) -> Brought:
    """The first table in a file. `known`: column names that tell where the header is, with what they mean. A mark that
    keeps spreadsheets from seeing a formula is taken off. Raises UsageError in words."""
    _refuse_large(file)
    hints = Source(files="*", rename=dict(known or {}))
    try:
        if file.exists():
            refuse_endless(file)
        with tempfile.TemporaryDirectory(prefix="kviboard-brought-") as scratch:
            found = extract_all(FoundFile("", file, file.name, "brought"), hints, Path(scratch))[0]
            table = pq.read_table(found.parquet).to_pylist()
    except ExportError as error:
        raise UsageError(str(error)) from error
    except OSError as error:
        raise UsageError(f"{file} cannot be read ({error.strerror}).") from error
    rows = [
        (int(row.get(LINE) or place), {name: _cell(row[name]) for name in found.columns})
        for place, row in enumerate(table, start=2)
    ]
    unread = tuple((each.line, each.reason) for each in found.malformed if not each.is_set_aside)
    return Brought(found.columns, rows, unread)


def _refuse_large(file: Path) -> None:
    with suppress(OSError):  # said when it is read
        if file.stat().st_size > MOST_MB * MB:
            raise UsageError(f"{file.name} is larger than {MOST_MB} MB; bring it in several files.")


def read_sent(call: Caller, read: Caller, file: Path, *arguments: object) -> Any:
    """What `read` makes of a file, where `call` does it. Raises UsageError, with the file's name, where that is given
    up, and what `read` raises."""
    try:
        return call(read, file, *arguments)
    except GivenUpError as error:
        raise UsageError(f"{file.name} {error}.") from error


def _cell(value: object) -> str:
    text = str(value or "").strip()
    return text[1:] if text.startswith("'") and without_formula(text[1:]) == text else text
