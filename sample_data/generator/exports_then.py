"""The exports as they were on the morning of a meeting, and the board that read them.

Rows up to the day before, without the flaws (no number rests on them); complaints that were typed in late are missing
until they were. One workspace grows from meeting to meeting, so that a refresh reads only what came since. All exports
are Parquet here: the same texts, written and read in a fraction of the time. Only what a review shows is built.
"""

import re
import shutil
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cached_property
from io import BytesIO
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from generator.files import Export
from generator.truths import LATE_COMPLAINTS, LATE_COMPLAINTS_TYPED_IN
from kviboard.board.board import Board
from kviboard.catalog import Catalog, QueryFile, load_catalog
from kviboard.catalog.files import tables_read
from kviboard.warehouse.reader import Reader
from kviboard.warehouse.refresh import refresh
from kviboard.workspace import Workspace, load_workspace

SAMPLE = Path(__file__).resolve().parents[1]
DAY_COLUMN = {
    "customers": 2, "activity": 1, "orders": 2, "responses": 2, "invitations": 1, "tickets": 2, "sprints": 1,
    "releases": 0,
}  # fmt: skip
OPENED, CLOSED, KIND = 2, 3, 4  # columns of tickets
SHOWN = ("response_rate",)  # views, beside all KVIs
BESIDE = {"repeated_answers"}  # what the intervals of all KVIs of answers are made of, beside their own queries
SOURCE_FILES = re.compile(r'^(files = "exports/[^".]+)\.[^"]+', re.MULTILINE)


@dataclass
class Refreshes:
    """The refreshes that the company ran, each once and in the order of time, in an empty folder."""

    exports: list[Export]
    folder: Path
    _boards: dict[datetime, Board] = field(default_factory=dict)
    _whole: set[str] = field(default_factory=set)  # exports that have all their rows by now

    @cached_property
    def workspace(self) -> Workspace:
        """The sample's settings, queries and stories on exports of its own."""
        (self.folder / "exports").mkdir(parents=True)
        settings = SOURCE_FILES.sub(r"\1.parquet", (SAMPLE / "kviboard.toml").read_text(encoding="utf-8"))
        (self.folder / "kviboard.toml").write_text(settings, encoding="utf-8")
        for name in ("queries", "stories"):
            shutil.copytree(SAMPLE / name, self.folder / name)
        return load_workspace(self.folder)

    @cached_property
    def catalog(self) -> Catalog:
        """The built-in queries and those of the sample: of the marts those that a review shows, and no checks."""
        catalog = load_catalog(self.workspace)
        shown = (*catalog.kvis.values(), *(catalog.views[name] for name in SHOWN))
        read = {table for query in shown for table in tables_read(query.sql)} | BESIDE
        marts: dict[str, QueryFile] = {}
        for name, mart in reversed(catalog.marts.items()):  # the last one built may read all before it
            if name in read:
                marts = {name: mart} | marts
                read |= tables_read(mart.sql)
        return replace(catalog, marts=marts, checks={})

    def board(self, at: datetime) -> Board:
        """The board on the version that was made at a moment, from exports up to the day before."""
        if at not in self._boards:
            self._export(at)
            reader = Reader(self.workspace, refresh(self.workspace, self.catalog).version)
            # a version is named after its number and the clock: here the clock of the story
            reader.version = f"{len(self._boards) + 1:06d}-{at:%Y%m%dT%H%M%SZ}"
            self._boards[at] = Board(self._workspace_on(at), self.catalog, reader)
        return self._boards[at]

    def _workspace_on(self, at: datetime) -> Workspace:
        """The workspace on the day of the story, by which people owe something; the sample stays on its last."""
        company = self.workspace.company.model_copy(update={"as_of": self.workspace.company.day_of(at)})
        return self.workspace.model_copy(update={"company": company})

    def _export(self, at: datetime) -> None:
        """Writes what changed since the moment before; the rest is not read again."""
        for export in self.exports:
            rows = [] if export.name in self._whole else rows_then(export, at)
            if rows:
                _write(self.workspace.root / "exports", replace(export, rows=rows, inserted=[]))
            if len(rows) == len(export.rows):
                self._whole.add(export.name)


def rows_then(export: Export, at: datetime) -> list[list[str]]:
    """The rows of an export as they were at a moment; sprints are planned, so that today's is among them."""
    source = export.name.split(".")[0].split("-")[0]
    through = (at.date() if source == "sprints" else at.date() - timedelta(days=1)).isoformat()
    column = DAY_COLUMN[source]
    known = [row for row in export.rows if _day(row[column]) <= through]
    if source == "tickets":
        return [_ticket_then(row, through) for row in known if not _typed_in_later(row, at)]
    return known


def _day(text: str) -> str:
    """A day as 2026-11-03, whether it was written so, with a time of day, or as 03.11.2026."""
    return f"{text[6:10]}-{text[3:5]}-{text[:2]}" if text[2] == "." else text[:10]


def _ticket_then(row: list[str], through: str) -> list[str]:
    """A ticket closed later was still open."""
    return row if row[CLOSED][:10] <= through else [*row[:CLOSED], "", *row[CLOSED + 1 :]]


def _typed_in_later(row: list[str], at: datetime) -> bool:
    first, last = (day.isoformat() for day in LATE_COMPLAINTS)
    return row[KIND] == "complaint" and first <= row[OPENED][:10] <= last and at < LATE_COMPLAINTS_TYPED_IN


def _write(folder: Path, export: Export) -> None:
    """Leaves a file alone that is the same already."""
    path = folder / f"{export.name.split('.')[0]}.parquet"
    table = pa.table(dict(zip(export.columns, zip(*export.rows, strict=True), strict=True)))
    written = BytesIO()
    pq.write_table(table, written)
    if not path.exists() or path.read_bytes() != written.getvalue():
        path.write_bytes(written.getvalue())
