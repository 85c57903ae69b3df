"""Customers who are forgotten: a list of salted hashes of their ids, so that no later export brings them back.

Owns the list and what it says of a value. Text exports lose their rows while they are read, so that nothing of them is
kept; rows of Parquet exports, which are read where they lie, are set aside when they are staged.
"""

import hashlib
import json
import re
import secrets
import unicodedata
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from kviboard.domain.formatting import counted, plural
from kviboard.domain.names import likeness
from kviboard.errors import RefreshError
from kviboard.files import make_private, write_atomically
from kviboard.warehouse.engine import literal
from kviboard.warehouse.files.records import Findings, Records
from kviboard.warehouse.manifest import ExportDecision

FILE_NAME = "forgotten.json"
REASON = "the customer is forgotten"
STILL_EXPORTED = "Remove them from the export, too: there they still are."
_AROUND = " \t\n\r\xa0"
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")  # as staging reads ids
_BETWEEN = re.compile(r"[\s,;|\"'\[\]{}:=<>]+")


@dataclass(frozen=True)
class Forgotten:
    """The list. Empty where nobody is forgotten; then it costs nothing."""

    salt: str = ""
    hashes: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.hashes)

    @property
    def fingerprint(self) -> str:
        """Changes with the list; empty where nobody is on it."""
        return hashlib.sha256("".join(sorted(self.hashes)).encode()).hexdigest()[:16] if self.hashes else ""

    def has(self, customer_id: str) -> bool:
        """Whether this customer is on the list."""
        return self._hash(customer_id) in self.hashes

    def adding(self, *ids: str) -> "Forgotten":
        """The list with one more customer, under all the ids that they have."""
        salted = replace(self, salt=self.salt or secrets.token_hex(16))
        return replace(salted, hashes=self.hashes | set(map(salted._hash, ids)))

    def condition(self, column: str) -> str:
        """SQL: whether a column holds the id of a customer on the list."""
        found = ", ".join(map(literal, sorted(self.hashes)))
        return f"coalesce(sha256({literal(self.salt)} || cast({column} as varchar)) in ({found}), false)"

    def redacted(self, text: str) -> str:
        """A text as it may be kept: empty where one of its words is the id of a customer on the list."""
        words = (text, *_BETWEEN.split(text)) if self else ()
        return "" if any(map(self.has, words)) else text

    def _hash(self, customer_id: str) -> str:
        bare = unicodedata.normalize("NFC", _INVISIBLE.sub("", customer_id))
        return hashlib.sha256(f"{self.salt}{bare.strip(_AROUND)}".encode()).hexdigest()


@dataclass(frozen=True)
class LeftOut:
    """What is left out of a source's files while they are read: rows with a forgotten id in one of `columns`, which
    are named in lower case, as they are called after renaming, or all but called."""

    forgotten: Forgotten = Forgotten()
    columns: frozenset[str] = frozenset()
    renames: tuple[tuple[str, str], ...] = ()  # column as found, in lower case, and our name

    @property
    def fingerprint(self) -> str:
        """Changes when other rows are left out."""
        return " ".join([self.forgotten.fingerprint, *sorted(self.columns)]) if self.forgotten else ""

    def rows_kept(self, table: pa.Table) -> pa.Table:
        """The rows of text columns that belong to nobody on the list."""
        for name in self._id_columns(table.column_names) if self.forgotten else ():
            ids = table.column(name).cast(pa.string())
            gone = [value for value in pc.unique(ids).to_pylist() if value and self.forgotten.has(value)]
            if gone:
                table = table.filter(pc.invert(pc.is_in(ids, value_set=pa.array(gone, pa.string()))))
        return table

    def _id_columns(self, names: Iterable[str]) -> list[str]:
        ours, wanted = dict(self.renames), set(map(likeness, self.columns))
        return [name for name in names if likeness(ours.get(name.casefold(), name)) in wanted]


NOBODY = LeftOut()


class WithoutForgotten:
    """A file opened for reading, without the rows of forgotten customers and what else names them."""

    def __init__(self, records: Records, left_out: LeftOut) -> None:
        self._records, self._left_out = records, left_out
        self.findings = Findings()

    def batches(self) -> Iterator[pa.Table]:
        """The file's batches without those rows."""
        rows = 0
        for table in self._records.batches():
            kept = self._left_out.rows_kept(table)
            rows += table.num_rows - kept.num_rows
            yield kept
        found, redacted = self._records.findings, self._left_out.forgotten.redacted
        self.findings.repeated, self.findings.padded = found.repeated, found.padded
        self.findings.is_from_1904, self.findings.zone = found.is_from_1904, found.zone
        self.findings.malformed += [replace(record, text=redacted(record.text)) for record in found.malformed]
        self.findings.decisions += [said.without(redacted) for said in found.decisions]
        self.findings.decisions += [left_out_decision("", rows)] if rows else []


def left_out_decision(file: str, rows: int) -> ExportDecision:
    """Rows of forgotten customers are left out in silence nowhere: the file, and how many."""
    belong, are = plural(rows, "belongs", "belong"), plural(rows, "is", "are")
    what = f"{counted(rows, 'row')} {belong} to forgotten customers and {are} left out."
    return ExportDecision(where=file, what=what, setting=STILL_EXPORTED)


def files_with_forgotten(decisions: Collection[ExportDecision]) -> list[str]:
    """Export files that still have rows of customers on the list."""
    return sorted({decision.where for decision in decisions if decision.setting == STILL_EXPORTED})


def read_forgotten(state: Path) -> Forgotten:
    """The list of a workspace's state folder. Raises RefreshError where it is damaged: nobody may come back by that."""
    file = state / FILE_NAME
    try:
        held = json.loads(file.read_text(encoding="utf-8"))
        return Forgotten(str(held["salt"]), frozenset(map(str, held["hashes"])))
    except FileNotFoundError:
        return Forgotten()
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise RefreshError(
            f"The list of forgotten customers, {file}, cannot be read: bring it back from a back-up, or remove it if "
            "everybody on it is gone from the exports."
        ) from error


def keep_forgotten(state: Path, forgotten: Forgotten) -> None:
    """Write the list. Raises OSError."""
    make_private(state)
    with write_atomically(state / FILE_NAME, durable=True, private=True) as unfinished:
        held = {"salt": forgotten.salt, "hashes": sorted(forgotten.hashes)}
        unfinished.write_text(json.dumps(held), encoding="utf-8")
