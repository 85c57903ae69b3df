"""Runs the SQL of staging on a Spark cluster, where tables are large: a connection of DuckDB's that asks Spark.

DuckDB keeps every view, too, so it knows all types, says what is wrong with a query in its own words, and runs what is
not known to mean the same on Spark. So a step gives the same rows whoever runs it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import duckdb
from sqlglot import exp

from kviboard.domain.contract import CONTRACT
from kviboard.errors import Problem, RefreshError
from kviboard.warehouse.engine import columns_of, insert_rows, literal, parquet_rows, quoted, row_of
from kviboard.warehouse.spark.cluster import Cluster, are_many, asking, typed
from kviboard.warehouse.spark.session import in_words, is_of_query
from kviboard.warehouse.spark.statements import (
    filled_in,
    is_first_look,
    paths_of,
    statement_of,
    tables_read,
    view_name,
    written_name,
)
from kviboard.warehouse.spark.tasks import is_row_by_row, run_in_tasks
from kviboard.warehouse.spark.translation import Untranslatable, to_spark

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

_ALL = "the tables of staging"
_MOST_COPIED = 10_000_000  # rows of a table of DuckDB's that are copied for the cluster
_MOST_ROWS = 1_000_000  # of an answer that is taken from the cluster
_PATH = "url_decode(replace(regexp_replace(_metadata.file_path, '^file:/*', '/'), '+', '%2B'))"


@dataclass(frozen=True)
class Answer:
    """Rows of Spark's, where a cursor of DuckDB's is asked for all of them."""

    rows: list[tuple[Any, ...]]

    def fetchall(self) -> list[tuple[Any, ...]]:
        return self.rows


@dataclass
class SparkStaging:
    """Like DuckDB's connection for what staging asks of one; see `connection`."""

    own: duckdb.DuckDBPyConnection
    cluster: Cluster
    here: dict[str, str] = field(default_factory=dict)  # large tables that DuckDB made, each with the reason
    _why: str = ""  # why the latest step is not Spark's

    @property
    def connection(self) -> duckdb.DuckDBPyConnection:
        """This, where a connection is asked for."""
        return cast(duckdb.DuckDBPyConnection, self)

    @property
    def problems(self) -> list[Problem]:
        """What should be known of large tables that only one machine could make."""
        return [
            Problem(f"The table {name}", f"is staged by DuckDB on this machine: {why}.", "Its rows are right.")
            for name, why in self.here.items()
        ]

    def __getattr__(self, name: str) -> Any:
        return getattr(self.own, name)

    def execute(self, sql: str, parameters: Any = None) -> Any:
        """What DuckDB's `execute` does, by whoever is to do it. Raises RefreshError where Spark fails."""
        with asking(_ALL):
            return self._execute(sql, parameters)

    def _execute(self, sql: str, parameters: Any) -> Any:
        tree = statement_of(sql, parameters)
        if isinstance(tree, exp.Create) and isinstance(tree.expression, exp.Query):
            return self._create(sql, tree, parameters)
        if isinstance(tree, exp.Drop):
            return self._drop(sql, tree)
        if isinstance(tree, exp.Insert) and isinstance(tree.expression, exp.Query):
            answer = self._ask(tree.expression, parameters)
            if answer:
                insert_rows(self.own, str(tree.this.sql("duckdb")), answer.rows)
                return self.own
        if isinstance(tree, exp.Query):
            return self._ask(tree, parameters) or self.own.execute(sql, parameters)
        return self.own.execute(sql, parameters)

    def _create(self, sql: str, tree: exp.Create, parameters: Any) -> Any:
        """A view, which both keep; or a table, which the cluster writes and DuckDB reads."""
        name, view, query = written_name(tree.this), view_name(tree.this), tree.expression
        if not self._is_worth_it(query):
            return self.own.execute(sql, parameters)
        is_view = tree.kind == "VIEW"
        if is_view:
            self.own.execute(sql, parameters)  # first, so that it says what is wrong with a query, and where
        kinds = self._kinds(query, parameters)
        frame = self._frame(query, parameters, kinds)
        if is_view and frame is not None:
            return self._know(view, frame)
        files = self._files_of(view, frame) or self._files_of(view, self._in_tasks(query, kinds))
        if files:
            self._know(view, self.cluster.parquet(files, dict(kinds)))
        elif tree.this.db in ("staging", "cast_rows") and tree.this.name in CONTRACT:
            self.here[tree.this.name] = self._why
        if is_view:
            return self.own
        if not files:
            return self.own.execute(sql, parameters)
        if not are_many(row_of(self.own, f"select count(*) from {parquet_rows(files)}")[0]):
            self.cluster.few.add(view)
        return self.own.execute(f"create view {name} as select * from {parquet_rows(files)}")

    def _know(self, view: str, frame: "DataFrame") -> duckdb.DuckDBPyConnection:
        frame.createOrReplaceTempView(view)
        self.cluster.known.add(view)
        return self.own

    def _files_of(self, view: str, frame: "DataFrame | None") -> list[Path]:
        """The files that the cluster writes of a table; none where DuckDB is to make it."""
        try:
            return self.cluster.write(view, frame, _called(view)) if frame is not None else []
        except RefreshError as error:
            self._leave_if_of_query(error)
            return []

    def _in_tasks(self, query: exp.Query, kinds: Sequence[tuple[str, str]]) -> "DataFrame | None":
        """The rows that DuckDB finds in the cluster's tasks, where each follows from one row there."""
        tree = query.copy()
        (table, *others) = tables_read(tree)
        if others or not is_row_by_row(tree) or view_name(table) not in self.cluster.known:
            return None
        try:
            (zone,) = row_of(self.own, "select current_setting('TimeZone')")
            return run_in_tasks(self.cluster.session.table(view_name(table)), tree, table, kinds, zone)
        except Untranslatable:
            return None

    def _drop(self, sql: str, tree: exp.Drop) -> Any:
        views = {view_name(table) for table in tree.find_all(exp.Table)}
        if views & self.cluster.known:
            self.cluster.known -= views
            self.cluster.few -= views
            sql = sql.replace("drop table", "drop view", 1)
        return self.own.execute(sql)

    def _ask(self, query: exp.Query, parameters: Any) -> Answer | None:
        """The rows of a query, if it is Spark's to answer."""
        if is_first_look(query) or not self._is_worth_it(query):
            return None
        kinds = self._kinds(query, parameters)
        whole = {place for place, (_, kind) in enumerate(kinds) if kind == "HUGEINT"}
        exact = [(f"{name}_{place}", "DECIMAL(38,0)" if place in whole else kind)
                 for place, (name, kind) in enumerate(kinds)]  # fmt: skip
        frame = self._frame(query, parameters, exact)
        if frame is None:
            return None
        try:
            table = self.cluster.wait(_ALL, lambda: frame.limit(_MOST_ROWS + 1).toArrow())
        except RefreshError as error:
            self._leave_if_of_query(error)
            return None
        if table.num_rows > _MOST_ROWS:
            self._leave("an answer of many rows")
            return None
        rows = zip(*(column.to_pylist() for column in table.columns), strict=True)
        return Answer(
            [tuple(_whole(value) if place in whole else value for place, value in enumerate(row)) for row in rows]
        )

    def _is_worth_it(self, query: exp.Query) -> bool:
        """Whether a query reads what lies on the cluster already, or files with many rows."""
        reads = any(view_name(table) in self.cluster.many for table in tables_read(query))
        return reads or any(map(self._is_large, query.find_all(exp.ReadParquet)))

    def _frame(self, query: exp.Query, parameters: Any, kinds: Sequence[tuple[str, str]]) -> "DataFrame | None":
        """The rows of a query on the cluster, in columns of these names and types; None where they are DuckDB's."""
        from pyspark.errors import AnalysisException

        try:
            tree = filled_in(query.copy(), parameters)
            for each in list(tree.find_all(exp.ReadParquet)):
                each.replace(exp.to_identifier(self._files(each)))
            for table in tables_read(tree):
                self._offer(table)
                if table.args.get("db"):
                    named = exp.to_table(quoted(view_name(table)), dialect="duckdb")
                    table.replace(exp.alias_(named, table.alias_or_name, table=True))
            frame = self.cluster.session.sql(typed(to_spark(tree.sql("duckdb")), kinds))
            assert frame.schema is not None  # Spark Connect looks at a query only when it is asked for something of it
            return frame
        except Untranslatable as reason:
            self._leave(f"{reason} is not known to give the same on Spark")
        except AnalysisException as error:
            self._leave(f"Spark does not take it: {in_words(error)}")
        return None

    def _kinds(self, query: exp.Query, parameters: Any) -> list[tuple[str, str]]:
        """Names and types of the columns. Raises duckdb.Error where the query is none."""
        found = self.own.execute(f"describe {query.sql('duckdb')}", parameters).fetchall()
        return [(name, kind) for name, kind, *_ in found]

    def _leave_if_of_query(self, error: RefreshError) -> None:
        """Let DuckDB say what is wrong with a query. Raises the error again where the cluster is."""
        if error.__cause__ is None or not is_of_query(error.__cause__):
            raise error
        self._leave(in_words(error.__cause__))

    def _leave(self, why: str) -> None:
        self._why = why.rstrip(".")

    def _offer(self, table: exp.Table) -> None:
        """Let Spark read a table that only DuckDB has, if it is small. Raises Untranslatable where it is not."""
        view = view_name(table)
        if view in self.cluster.known:
            return
        name = written_name(table)
        if row_of(self.own, f"select count(*) from {name}")[0] > _MOST_COPIED:
            raise Untranslatable(f"{name}, which DuckDB made,")
        self.cluster.copy(self.own, name, view)

    def _is_large(self, read: exp.ReadParquet) -> bool:
        """Whether files have so many rows that Spark is worth it."""
        paths = ", ".join(literal(str(path)) for path in paths_of(read))
        return are_many(row_of(self.own, f"select sum(num_rows) from parquet_file_metadata([{paths}])")[0])

    def _files(self, read: exp.ReadParquet) -> str:
        """The view of Parquet files, with the path and the number of each row where DuckDB is asked for them."""
        rows = read.sql("duckdb")
        view = f"files_{len(self.cluster.known)}"
        columns = columns_of(self.own, f"select * from {rows}")
        more = {"_path": f"{_PATH} as _path", "file_row_number": "_metadata.row_index as file_row_number"}
        plain = {name: kind for name, kind in columns.items() if name not in more}
        added = tuple(text for name, text in more.items() if name in columns)
        self.cluster.parquet(paths_of(read), plain, added).createOrReplaceTempView(view)
        self.cluster.known.add(view)
        return view


def _whole(value: Any) -> int | None:
    return None if value is None else int(value)


def _called(view: str) -> str:
    """What people are told is built: a table of the contract by its name, what is only needed for it by none."""
    table = view.rpartition("__")[2]
    return table if table in CONTRACT else _ALL
