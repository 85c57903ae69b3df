"""Reads one published version: a locked in-memory DuckDB that sees this version's tables and nothing else.

It keeps reading the version it opened, whatever is published: from its files, which stay for some more versions, and
beyond that what it has loaded.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from functools import cached_property
from typing import Any

import duckdb
import numpy as np
import pandas as pd

from kviboard.caching import object_cache
from kviboard.domain.contract import EVENT_TABLES
from kviboard.domain.periods import Calendar, Sprint
from kviboard.errors import NotBuiltError, QueryError, TooMuchError
from kviboard.scratch import Scratch
from kviboard.warehouse.bounded import bound, calls_unbounded
from kviboard.warehouse.calendars import create_calendar, exported_sprints
from kviboard.warehouse.engine import literal, memory_limit, quoted
from kviboard.warehouse.external import SCHEMAS, all_files, changed_files
from kviboard.warehouse.loading import Loading
from kviboard.warehouse.manifest import Reach
from kviboard.warehouse.pairs import create_pairs
from kviboard.warehouse.versions import read_manifest, version_folder
from kviboard.workspace import Workspace

_LONGEST_QUERY_MS = 20_000
_MEMORY_GB = 2.0
_PRODUCTS = """(
    select product from orders where order_id not in (select order_id from order_products)
    union all
    select product from order_products
)"""
"""A row for each product of an order."""
_ONLY_READS = "A query can only read: keep exactly one SELECT."


class Reader:
    """Queries over one version. Safe to share between threads: each query has a cursor of its own."""

    def __init__(
        self,
        workspace: Workspace,
        version: str,
        longest_query_ms: int = _LONGEST_QUERY_MS,
        team: str | None = None,
        in_memory: bool = True,
        memory_gb: float = _MEMORY_GB,
    ) -> None:
        """Open `version`, with all sprints or those of one `team`; queries write to disk what takes more memory.

        A table is loaded when the first query names it; without `in_memory` none is, and queries read their rows from
        the files.

        Raises NotBuiltError where it is gone, QueryError where its files are damaged.
        """
        self.workspace, self.version, self.team = workspace, version, team
        self.folder = version_folder(workspace, version)
        manifest = read_manifest(self.folder)
        if manifest is None:
            raise NotBuiltError(f'Version "{version}" cannot be read; run `kviboard refresh` to make a new one.')
        self.manifest = manifest
        # A version never changes, so what is asked again and again on each page is looked up once.
        self._columns: dict[str, list[tuple[str, str]]] = {}
        self._known: set[str] = set()  # queries that were seen to read only
        self._parsed = object_cache(300)  # to parse a query takes a sixth of a small one
        self.kept = object_cache(40)
        """What others make of the version's rows and want again."""
        self._scratch = _scratch(workspace)
        self._connection = _open(self._scratch, longest_query_ms, memory_gb)
        self._loading = Loading(self._connection, self.folder, manifest, in_memory)
        self._connect_external()
        self.calendar = self._calendar(workspace, team)
        self._load_calendar()
        self._lock()

    @property
    def dimensions(self) -> tuple[str, ...]:
        return self.manifest.dimensions

    @cached_property
    def reach(self) -> dict[str, Reach]:
        """First and last day of every exported table that has any: the day up to which it counts as whole."""
        whole = self.manifest.whole_through
        return {
            table: span.model_copy(update={"data_through": whole.get(table, span.data_through)})
            for table, span in self.manifest.reach.items()
        }

    @cached_property
    def last_day(self) -> date:
        """The last day of any event: the board's today."""
        return max(span.data_through for name, span in self.reach.items() if name in EVENT_TABLES)

    def frame(self, sql: str, parameters: Mapping[str, object] | None = None) -> pd.DataFrame:
        """The rows of one SELECT; numbers are int64 or float64. Raises QueryError with a sentence."""
        with self._reading(sql) as cursor:
            # execute binds once, where a relation binds when made and again when fetched: a third of a small query
            return cursor.execute(self._statement(sql), dict(parameters or {})).df()

    def rows_of_customer(self, table: str, customer_id: str) -> pd.DataFrame:
        """All rows of a table that has a customer_id which are this customer's. Raises QueryError."""
        sql = f"select * from {quoted(table)} where customer_id = $customer"
        return self.frame(sql, {"customer": customer_id})

    def known_among(self, table: str, column: str, values: Sequence[str]) -> set[str]:
        """Those of the values that a column of texts has. Raises QueryError."""
        name = quoted(column)
        sql = f"select distinct {name} from {quoted(table)} where {name} in (select unnest($values))"
        return set(self.frame(sql, {"values": list(values)})[column])

    def arrays(self, sql: str, parameters: Mapping[str, object] | None = None) -> dict[str, np.ndarray]:
        """The rows of one SELECT by column, null as NaN, NaT or None. Raises QueryError with a sentence."""
        with self._reading(sql) as cursor:
            found = cursor.execute(self._statement(sql), dict(parameters or {})).fetchnumpy()
        return {name: _filled(column) for name, column in found.items()}

    def columns(self, sql: str) -> list[tuple[str, str]]:
        """Names and DuckDB types of what a SELECT returns, without running it. Raises QueryError with a sentence."""
        if sql not in self._columns:
            try:
                relation = self._cursor_for(sql).sql(sql)
            except duckdb.Error as error:
                raise _plainly(error) from error
            kinds = map(str, relation.types)
            self._columns[sql] = list(zip(relation.columns, kinds, strict=True))
        return self._columns[sql]

    def dimension_values(self, dimension: str, where: Mapping[str, Sequence[str]] | None = None) -> list[str]:
        """The values of a dimension, sorted; with `where` those that occur together with these values of others."""
        return list(self._values[dimension]) if not where else sorted(self.chosen_slices(where)[dimension].unique())

    def chosen_slices(self, where: Mapping[str, Sequence[str]]) -> pd.DataFrame:
        """The rows of `slices` with these values."""
        rows = self.slices
        for name, values in where.items():
            if values:
                rows = rows[rows[name].isin(list(values))]
        return rows

    def most_frequent(self, table: str, column: str, most: int = 50) -> list[str]:
        """The values that a column of a table has most often, the most frequent first."""
        name = quoted(column)
        rows = _PRODUCTS if (table, column) == ("orders", "product") else quoted(table)
        sql = f"select {name} as value, count(*) as rows from {rows} where {name} is not null group by 1"
        return [str(value) for value in self.frame(f"{sql} order by 2 desc, 1 limit {int(most)}")["value"]]

    @cached_property
    def _values(self) -> dict[str, list[str]]:
        return {name: sorted(self.slices[name].unique()) for name in self.dimensions}

    @cached_property
    def slices(self) -> pd.DataFrame:
        """Every combination of the dimensions' values that customers have, by slice_id."""
        return self.frame("select * from slices").astype(dict.fromkeys(self.dimensions, "object"))

    @cached_property
    def releases(self) -> pd.DataFrame:
        """What is worth marking on a chart: day, title, description, in order."""
        return self.frame("select day, title, description from releases order by day, title")

    @contextmanager
    def _reading(self, sql: str) -> Iterator[duckdb.DuckDBPyConnection]:
        """The cursor for a query, which is trusted to read only once it has run as one that may not write."""
        try:
            yield self._cursor_for(sql)
        except duckdb.Error as error:
            raise _plainly(error) from error
        self._known.add(sql)

    def _cursor_for(self, sql: str) -> duckdb.DuckDBPyConnection:
        """A cursor of its own for one SELECT, and for nothing else.

        A step of a SELECT may be a DELETE … RETURNING. Only a read-only transaction tells, which takes as long as a
        small query, so it is asked once for each text: what a text may change does not depend on the rows.
        """
        cursor = self._connection.cursor()
        if sql not in self._known:
            self._statement(sql)
            self._loading.load_for(sql)
            if calls_unbounded(sql):
                raise QueryError("A query cannot call functions of system: call them by their name alone.")
            cursor.execute("begin transaction read only")
        return cursor

    def _statement(self, sql: str) -> duckdb.Statement:
        """The one SELECT that a text is. Raises QueryError where it is anything else."""
        return self._parsed(sql, lambda: _one_select(self._connection.cursor().extract_statements(sql)))

    def load_ahead(self) -> Iterator[None]:
        """Load the tables that no query has named yet, one at each step. Raises QueryError."""
        try:
            yield from self._loading.each()
        except duckdb.Error as error:
            raise _plainly(error) from error

    def _connect_external(self) -> None:
        for schema in (*SCHEMAS, "delivered"):  # the last: as versions before this one call cast_rows
            self._connection.execute(f"create schema {schema}")
        for found in self.manifest.external.values():
            if not changed_files(found):
                for view in found.views:
                    self._connection.execute(view)

    def _calendar(self, workspace: Workspace, team: str | None) -> Calendar:
        """That of the version's settings, whatever kviboard.toml says by now, with the sprints of the export if any."""
        last = max((span.data_through for span in self.reach.values()), default=date.min)
        calendar = self.manifest.calendar or workspace.make_calendar(last)
        sprints: tuple[Sprint, ...] = ()
        if "sprints" in self.manifest.tables:
            self._loading.load_for("sprints")
            sprints = exported_sprints(self._connection)
        own = sprints if team is None else tuple(sprint for sprint in sprints if sprint.team == team)
        return replace(calendar, sprints=own or calendar.sprints)

    def _load_calendar(self) -> None:
        spans = [span for name, span in self.reach.items() if name in EVENT_TABLES]
        days = (min(span.data_from for span in spans), max(span.data_through for span in spans)) if spans else None
        create_calendar(self._connection, self.calendar, days)

    def _lock(self) -> None:
        for setting in (
            f"allowed_directories = [{literal(str(self.folder))}]",
            f"allowed_paths = [{', '.join(map(literal, all_files(self.manifest.external.values())))}]",
            "enable_external_access = false",
            "autoload_known_extensions = false",
            "lock_configuration = true",
        ):
            self._connection.execute(f"set {setting}")


def _scratch(workspace: Workspace) -> Scratch | None:
    """Where queries write what does not fit into memory; nowhere in a state folder that may only be read."""
    try:
        return Scratch(workspace.state)
    except OSError:
        return None


def _open(scratch: Scratch | None, longest_query_ms: int, memory_gb: float) -> duckdb.DuckDBPyConnection:
    spill = str(scratch.folder) if scratch else ""  # else it would be wherever the board was started
    connection = duckdb.connect(
        config={
            "memory_limit": memory_limit(memory_gb), "max_execution_time": longest_query_ms, "temp_directory": spill
        }
    )  # fmt: skip
    bound(connection)
    create_pairs(connection)
    return connection


def _filled(column: Any) -> np.ndarray:
    """A column without a mask: what is null gets the value that stands for nothing in its kind."""
    if not isinstance(column, np.ma.MaskedArray):
        return np.asarray(column)
    kind = column.dtype.kind
    filled = column.data.astype({"M": column.dtype, "O": object}.get(kind, float))
    filled[np.ma.getmaskarray(column)] = {"M": np.datetime64("NaT"), "O": None}.get(kind, np.nan)
    return filled


def _one_select(statements: Sequence[duckdb.Statement]) -> duckdb.Statement:
    if [statement.type for statement in statements] != [duckdb.StatementType.SELECT]:
        raise QueryError(_ONLY_READS)
    return statements[0]


def _plainly(error: duckdb.Error) -> QueryError:
    if isinstance(error, duckdb.TransactionException):
        return QueryError(_ONLY_READS)
    if isinstance(error, duckdb.InterruptException):
        return TooMuchError("This question took too long and was stopped; ask for fewer days or slices.")
    if isinstance(error, duckdb.OutOfMemoryException):
        return TooMuchError("This question needs more memory than there is; ask for fewer days or slices.")
    return QueryError(f"The query does not run: {str(error).splitlines()[0].rstrip('.')}.")
