"""A version's tables in a reader's DuckDB: each comes when the first query names it.

Small tables are held in memory, large ones stay Parquet.
"""

import re
import threading
from collections.abc import Iterator
from pathlib import Path

import duckdb

from kviboard.errors import QueryError
from kviboard.warehouse.engine import parquet_rows, quoted
from kviboard.warehouse.manifest import Manifest

_ROWS_IN_MEMORY = 5_000_000
# Filtered and grouped in half the time: each text of a dimension is compared once. Fewer rows gain nothing, and more
# take seconds to compress, unless they repeat themselves, as their files then do.
_COMPRESSED_ROWS = range(50_000, 500_000)
_COMPRESSED_BYTES = 2_000_000
_WORD = re.compile(r"\w+")
_OF_ANY = re.compile(r"\b(duckdb_|pragma_|information_schema\b|pg_catalog\b|sqlite_|query_table\b|query\s*\()")
"""What a query calls that may mean tables it does not name."""


class Loading:
    """Those tables of a version that no query has named yet. Safe to share between threads."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, folder: Path, manifest: Manifest, in_memory: bool):
        """Of the tables in `folder`; without `in_memory` all stay Parquet. Raises QueryError where one is damaged."""
        self._connection, self._folder, self._manifest, self._in_memory = connection, folder, manifest, in_memory
        self._absent = {name.casefold(): name for name in manifest.tables if name not in manifest.external}
        self._one_at_a_time = threading.Lock()
        self._called = f'Version "{manifest.version}"'
        self._refuse_damaged()

    def load_for(self, sql: str) -> None:
        """Load the tables that a query may read."""
        if self._absent:
            text = sql.casefold()
            for key in list(self._absent) if _OF_ANY.search(text) else set(_WORD.findall(text)):
                if key in self._absent:
                    self._load(key)

    def each(self) -> Iterator[None]:
        """Load what is left, a table at each step."""
        for key in list(self._absent):
            self._load(key)
            yield

    def _load(self, key: str) -> None:
        with self._one_at_a_time:
            if key not in self._absent:
                return
            name = self._absent[key]
            try:
                self._create(name)
            except (duckdb.OutOfMemoryException, duckdb.InterruptException):
                raise
            except duckdb.Error as error:
                if not self._folder.exists():
                    gone = f"{self._called} is no longer kept: newer ones came. Open the board anew."
                    raise QueryError(gone) from error
                raise self._damaged(str(error).splitlines()[0].rstrip(".")) from error
            del self._absent[key]  # last: whoever looks meanwhile waits

    def _create(self, name: str) -> None:
        rows, cursor = self._manifest.tables[name], self._connection.cursor()
        table, content = quoted(name), f"select * from {parquet_rows(self._files_of(name))}"
        is_compressed = self._in_memory and self._is_compressed(name)
        if is_compressed:
            # Each in a database of its own: a checkpoint, which compresses, is refused while anybody reads there.
            place = quoted(f"compressed {name}")
            cursor.execute(f"attach if not exists ':memory:' as {place} (compress)")
            cursor.execute(f"create or replace table {place}.{table} as {content}")
            cursor.execute(f"checkpoint {place}")
            content = f"select * from {place}.{table}"
        is_held = self._in_memory and rows <= _ROWS_IN_MEMORY and not is_compressed
        cursor.execute(f"create {'table' if is_held else 'view'} {table} as {content}")

    def _is_compressed(self, table: str) -> bool:
        rows, made = self._manifest.tables[table], self._manifest.made.get(table)
        if rows not in range(_COMPRESSED_ROWS.start, _ROWS_IN_MEMORY):
            return False
        size = sum(size for size, _ in made.files.values()) if made else _COMPRESSED_BYTES
        return rows in _COMPRESSED_ROWS or size < _COMPRESSED_BYTES

    def _files_of(self, table: str) -> list[Path]:
        return [self._folder / file for file in self._manifest.files_of(table)]

    def _refuse_damaged(self) -> None:
        """So that a board says so when it is opened, and not when somebody comes to a page."""
        for name in self._absent.values():
            made = self._manifest.made.get(name)
            for file in self._files_of(name):
                if not file.is_file():
                    raise self._damaged(f"{file.name} is missing")
                if made and (size := file.stat().st_size) != made.files[file.name][0]:
                    raise self._damaged(f"{file.name} has {size:,} bytes instead of {made.files[file.name][0]:,}")

    def _damaged(self, what: str) -> QueryError:
        return QueryError(f"{self._called} is damaged ({what}); refresh, or use another version.")
