"""The profile of the rows of a staging query: how many by file, day and verdict, whether any key repeats, on which days
files cross, and whether anything else about the rows is odd.

Of files that are still the same it is remembered (`found_before.py`), not asked again.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

import duckdb

from kviboard.warehouse.engine import literal, quoted, rows_of
from kviboard.warehouse.files.extract import Extract
from kviboard.warehouse.files.records import FILE
from kviboard.warehouse.fingerprints import engine_facts, short_hash
from kviboard.warehouse.manifest import ExportDecision
from kviboard.warehouse.staging.queries.origins import is_row_by_row
from kviboard.warehouse.staging.queries.query import CastRows
from kviboard.warehouse.staging.rows.duplicates import FileKey, has_repeated_keys
from kviboard.warehouse.staging.rows.found_before import FoundBefore

Look = Callable[[], list[ExportDecision]]
Looked = Callable[[str, Look], list[ExportDecision]]


class Count(NamedTuple):
    """Rows of one file and day, all valid (`day` is that of the row) or all not (`day` is None)."""

    source: str
    file: str | None
    day: date | None
    is_valid: bool
    kind: str
    row_count: int


@dataclass
class RowProfile:
    """That of one table; `extracts` are the files of its main source."""

    connection: duckdb.DuckDBPyConnection
    cast_rows: CastRows
    extracts: Sequence[Extract]
    cache: Path

    @property
    def _before(self) -> FoundBefore:
        return FoundBefore(self.cache, self.cast_rows.table.name)

    @cached_property
    def shape(self) -> str | None:
        """What decides what becomes of a row besides the file it is in: the same for the same views and types.

        None where it cannot be told from a row alone, or where rows were copied on the way.
        """
        if not self.cast_rows.is_view or not is_row_by_row(self.cast_rows.query):
            return None
        source, table = self.extracts[0].found.source, self.cast_rows.table.name
        views = (("source", source), ("staging", table), ("cast_rows", table))
        found = rows_of(self.connection, "select schema_name, view_name, sql from duckdb_views()")
        text = "\n".join(sorted(sql for schema, name, sql in found if (schema, name) in views))
        for extract in self.extracts:
            path = literal(extract.parquet.as_posix())
            text = text.replace(f"{path}, ", "").replace(path, "")
        kinds = rows_of(self.connection, f"describe source.{quoted(source)}")
        return short_hash(text, str(kinds), *engine_facts())

    def by_day(self) -> list[Count]:
        """The rows of all files."""
        if self.shape is None:
            return self._count("true")
        known = {extract: self._known_counts(extract) for extract in self.extracts}
        new = [extract for extract, counts in known.items() if counts is None]
        if new:
            counts = self._count(f"{FILE} in ({', '.join(literal(extract.found.name) for extract in new)})")
            for extract in new:
                own = known[extract] = [count for count in counts if count.file == extract.found.name]
                if sum(count.row_count for count in own) != extract.rows:  # it leaves out rows, or their files
                    return self._count("true")
                days = [(str(count.day) if count.day else None, *count[3:]) for count in own]
                self._before.keep(extract, "counts", self.shape, days)
        return [count for counts in known.values() for count in counts or ()]

    def has_repeated_keys(self, valid: str) -> bool:
        """Whether any key is there twice among the rows for which the condition `valid` holds."""
        if self.shape is None:
            return has_repeated_keys(self.connection, self.cast_rows, valid)
        made_by = self._of_all_files(valid)
        known = self._before.recall(self.extracts[0], "keys", made_by)
        if known is None:
            known = has_repeated_keys(self.connection, self.cast_rows, valid)
            self._before.keep(self.extracts[0], "keys", made_by, known)
        return bool(known)

    def look(self, kept: str, what: str, look: Look) -> list[ExportDecision]:
        """What is said of the rows that the SQL `kept` keeps. Where nothing was, files that are still the same are not
        looked at again; `what` tells one look from others."""
        if self.shape is None:
            return look()
        made_by = self._of_all_files(kept)
        if self._before.recall(self.extracts[0], what, made_by):
            return []
        said = look()
        self._before.keep(self.extracts[0], what, made_by, not said)
        return said

    def crossing(
        self, files: Mapping[date, Sequence[FileKey]], find: Callable[[Sequence[date]], Collection[date]]
    ) -> list[date]:
        """Those of the days that `find` finds because the times of their files cross; of files that are still the same
        it is not asked again."""
        prints: dict[FileKey, str] = {
            (extract.found.source, extract.found.name): extract.found.fingerprint for extract in self.extracts
        }
        days = sorted(files)
        if self.shape is None or any(file not in prints for held in files.values() for file in held):
            return sorted(find(days))
        made_by = {day: short_hash(*sorted(prints[file] for file in files[day])) for day in days}
        before = self._before.recall(self.extracts[0], "crossing", self.shape) or ()
        known = {date.fromisoformat(day): (by, crosses) for day, by, crosses in before}
        asked = [day for day in days if day not in known or known[day][0] != made_by[day]]
        if asked:
            found = find(asked)
            known |= {day: (made_by[day], day in found) for day in asked}
            self._before.keep(self.extracts[0], "crossing", self.shape, [(str(day), *known[day]) for day in days])
        return [day for day in days if known[day][1]]

    def _count(self, condition: str) -> list[Count]:
        counts = rows_of(
            self.connection,
            f"""
            select
                _source, {FILE}, case when _reason is null then {self.cast_rows.day or "null"} end as day,
                _reason is null as is_valid, _kind, count(*) as row_count
            from {self.cast_rows.relation} where {condition} group by all
            """,
        )
        return [Count(*row) for row in counts]

    def _known_counts(self, extract: Extract) -> list[Count] | None:
        days = self._before.recall(extract, "counts", str(self.shape))
        if days is None:
            return None
        source, file = extract.found.source, extract.found.name
        return [Count(source, file, date.fromisoformat(day) if day else None, *rest) for day, *rest in days]

    def _of_all_files(self, kept: str) -> str:
        return short_hash(str(self.shape), kept, *(extract.found.fingerprint for extract in self.extracts))
