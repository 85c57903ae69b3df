"""The tables of the version being built: written, or taken over from the version before where they are the same there.

Owns when and how a table is taken over. What makes two tables the same belongs to fingerprints.
"""

import os
import shutil
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import duckdb

from kviboard.errors import Problem
from kviboard.files import file_stamp
from kviboard.warehouse.engine import literal, parquet_rows, row_of
from kviboard.warehouse.fingerprints import Fingerprints
from kviboard.warehouse.manifest import CheckResult, Made, Manifest


@dataclass(frozen=True)
class PreviousVersion:
    """The newest version that was published; without a manifest there is none."""

    folder: Path = Path()
    manifest: Manifest | None = None

    def whole_files(self, table: str) -> list[Path]:
        """The files of a table in their order; empty where one of them is not what it was when it was written."""
        made = self.manifest.made.get(table) if self.manifest else None
        stamps = {self.folder / name: tuple(stamp) for name, stamp in made.files.items()} if made else {}
        is_whole = all(path.is_file() and file_stamp(path) == stamp for path, stamp in stamps.items())
        return list(stamps) if is_whole else []

    @property
    def is_whole(self) -> bool:
        """Whether all files are as they were written."""
        return all(self.whole_files(table) for table in (self.manifest.made if self.manifest else ()))

    def same_files(self, table: str, fingerprint: str) -> list[Path]:
        """The files of a table that has the rows that it would get today; empty where it has not."""
        made = self.manifest.made.get(table) if self.manifest else None
        return self.whole_files(table) if made and made.fingerprint == fingerprint else []

    def rows(self, table: str) -> int:
        return self.manifest.tables[table] if self.manifest else 0

    def check_result(self, check: str, fingerprint: str) -> CheckResult | None:
        """What a check found where it checked the same."""
        if self.manifest is None or self.manifest.checked.get(check) != fingerprint:
            return None
        return next((result for result in self.manifest.checks if result.check_name == check), None)


Written = tuple[list[Path], int]
"""The files of a table in their order, and its rows."""


class Writer(Protocol):
    """Writes tables. Close it before the version is published."""

    @property
    def facts(self) -> str:
        """What the rows depend on besides what they are made from."""

    @property
    def problems(self) -> Sequence[Problem]:
        """What should be known of the tables written."""

    def write(self, connection: duckdb.DuckDBPyConnection, sql: str, path: Path) -> Written:
        """Write the rows of `sql`, a SELECT of DuckDB's over the tables of `connection`, at `path` or beside it."""

    def close(self) -> None: ...


class DuckDBWriter:
    """Writes them here."""

    facts = ""
    problems: Sequence[Problem] = ()

    def write(self, connection: duckdb.DuckDBPyConnection, sql: str, path: Path) -> Written:
        return write_table(connection, sql, path)

    def close(self) -> None: ...


HERE = DuckDBWriter()


@dataclass
class Tables:
    """Puts tables into `folder`; `rows` and `made` say what is there so far."""

    connection: duckdb.DuckDBPyConnection
    folder: Path
    before: PreviousVersion
    fingerprints: Fingerprints
    rows: dict[str, int] = field(default_factory=dict)
    made: dict[str, Made] = field(default_factory=dict)
    checked: dict[str, str] = field(default_factory=dict)  # fingerprints by check
    unread: dict[str, Sequence[str]] = field(default_factory=dict)
    """Marts taken over that no query has read since, with the dimensions that they may be published with."""

    def put(self, name: str, sql: str, writer: Writer = HERE) -> None:
        """The rows of `sql`, taken over where the version before has them."""
        if not self.keep_same(name):
            self.write(name, sql, writer)

    def keep_same(self, name: str) -> bool:
        """Take a table over where the version before has one of the same fingerprint; whether it has."""
        same = self.before.same_files(name, self.fingerprints[name])
        if same:
            self._keep(name, take_over(same, self.folder), self.before.rows(name))
        return bool(same)

    def write(self, name: str, sql: str, writer: Writer = HERE) -> None:
        """The rows of `sql`."""
        self._keep(name, *writer.write(self.connection, sql, self.folder / f"{name}.parquet"))

    def add(self, name: str, sql: str | None, parts: Sequence[Path]) -> None:
        """The table as it was before in `parts`, and beside them the rows of `sql`, if any."""
        files = take_over(parts, self.folder)
        rows = row_of(self.connection, f"select count(*) from {parquet_rows(files)}")[0]
        if sql:
            added, more = write_table(self.connection, sql, self.folder / f"{name}.{len(parts) + 1}.parquet")
            files += added
            rows += more
        self._keep(name, files, rows)

    def known_check(self, check: str, sql: str) -> CheckResult | None:
        """What a check found in the version before, where it checked the same."""
        self.checked[check] = self.fingerprints.of_query(sql)
        return self.before.check_result(check, self.checked[check])

    def share_of(self, names: Collection[str]) -> float:
        """How many of the tables `names` were put already, 0 to 1."""
        return len(self.rows.keys() & set(names)) / max(1, len(names))

    def rows_in(self, name: str) -> str:
        """SQL for the rows of a table that was put here."""
        return parquet_rows(self.folder / file for file in self.made[name].files)

    def _keep(self, name: str, files: list[Path], rows: int) -> None:
        self.rows[name] = rows
        stamps = {file.name: file_stamp(file) for file in files}
        self.made[name] = Made(fingerprint=self.fingerprints[name], files=stamps)


def take_over(files: Sequence[Path], folder: Path) -> list[Path]:
    """The same files in another version: on most systems without a copy, and whichever version is removed first."""
    taken = [folder / file.name for file in files]
    for old, new in zip(files, taken, strict=True):
        try:
            os.link(old, new)
        except OSError:
            shutil.copy2(old, new)
    return taken


def write_table(connection: duckdb.DuckDBPyConnection, sql: str, path: Path) -> Written:
    """Write the rows of `sql` as Parquet."""
    written = connection.execute(f"copy ({sql}) to {literal(str(path))} (format parquet)").fetchone()
    return [path], int(written[0]) if written else 0
