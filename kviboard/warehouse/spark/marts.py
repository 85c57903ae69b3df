"""Writes marts on a Spark cluster: from Parquet files that DuckDB or it wrote before, as Parquet that DuckDB reads.

DuckDB says which columns of which types a mart has, so that the files are the same whoever writes them. What is not
known to mean the same on Spark is built by DuckDB, and said.
"""

import re
from collections.abc import Container, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
from sqlglot import exp

from kviboard.catalog.files import tables_named, tree_of
from kviboard.errors import Problem
from kviboard.warehouse.engine import columns_of, parquet_rows, quoted, row_of, rows_of
from kviboard.warehouse.spark.cluster import Cluster, are_many, asking, typed
from kviboard.warehouse.spark.session import facts_of, in_words
from kviboard.warehouse.spark.translation import Untranslatable, to_spark
from kviboard.warehouse.tables import HERE, Written

if TYPE_CHECKING:
    from pyspark.sql import DataFrame


@dataclass
class SparkMarts:
    """Writes the marts of one build into the cluster's folder."""

    cluster: Cluster
    problems: list[Problem] = field(default_factory=list)
    _offered: set[str] = field(default_factory=set)  # tables of the version that the session reads

    @property
    def facts(self) -> str:
        return facts_of(self.cluster.engine)

    def close(self) -> None:
        self.cluster.close()

    def write(self, connection: duckdb.DuckDBPyConnection, sql: str, path: Path) -> Written:
        """Write the rows of `sql`: DuckDB those of few rows, as in staging, the cluster all others.
        Raises RefreshError where Spark fails, duckdb.Error where it is not asked."""
        tables = _tables(connection, sql)
        if not self._is_worth_it(connection, tables):
            return HERE.write(connection, sql, path)
        columns = columns_of(connection, sql)
        with asking(path.stem):
            frame = self._frame(connection, sql, tables, columns)
        if isinstance(frame, str):
            return self._by_duckdb(connection, sql, path, frame)
        return _taken(connection, path, self.cluster.write(path.stem, frame), columns)

    def _frame(
        self, connection: duckdb.DuckDBPyConnection, sql: str, tables: Sequence[str], columns: dict[str, str]
    ) -> "DataFrame | str":
        """The rows on the cluster; where they are DuckDB's, why."""
        from pyspark.errors import AnalysisException

        try:
            select = typed(to_spark(sql), list(columns.items()))
            for name in tables:
                self._offer(connection, name, sql)
            frame = self.cluster.session.sql(select)
            assert frame.schema is not None  # Spark Connect looks at a query only when it is asked for something of it
        except Untranslatable as reason:
            return f"{reason} is not known to give the same on Spark"
        except AnalysisException as error:
            if "PATH_NOT_FOUND" in str(error):
                raise
            return f"Spark does not take it: {in_words(error)}"
        return frame

    def _is_worth_it(self, connection: duckdb.DuckDBPyConnection, tables: Sequence[str]) -> bool:
        """Whether tables have so many rows that Spark is worth it, or were staged there, because they have."""
        counts = (row_of(connection, f"select count(*) from {quoted(name)}")[0] for name in tables)
        return not self.cluster.many.isdisjoint(tables) or are_many(sum(counts))

    def _by_duckdb(self, connection: duckdb.DuckDBPyConnection, sql: str, path: Path, why: str) -> Written:
        what = f"is built by DuckDB on this machine: {why.rstrip('.')}."
        self.problems.append(Problem(f"queries/marts/{path.stem}.sql", what, "Its rows are right; it takes its time."))
        return HERE.write(connection, sql, path)

    def _offer(self, connection: duckdb.DuckDBPyConnection, name: str, sql: str) -> None:
        """Let Spark read a table by its name: from its files, as it was staged there, or from a copy of what only
        DuckDB has."""
        files = [
            file
            for file in self.cluster.folder.glob(f"{name}.*")
            if re.fullmatch(r"(\.\d+)?\.parquet", file.name[len(name) :])
        ]
        if files and name not in self._offered:
            columns = columns_of(connection, f"select * from {quoted(name)}")
            self.cluster.parquet(files, columns).createOrReplaceTempView(name)
            self._offered.add(name)
        elif not files and name not in self.cluster.known:
            self.cluster.copy(connection, quoted(name), name, _names(sql))


def _taken(
    connection: duckdb.DuckDBPyConnection, path: Path, parts: Sequence[Path], columns: dict[str, str]
) -> Written:
    """Take what Spark wrote into the version: the parts in their order, each a file."""
    names = [path, *(path.with_suffix(f".{number}.parquet") for number in range(2, len(parts) + 1))]
    files = [part.rename(name) for part, name in zip(parts, names, strict=True)]
    rows = parquet_rows(files)
    assert list(columns_of(connection, f"select * from {rows}")) == list(columns)
    return files, int(row_of(connection, f"select count(*) from {rows}")[0])


def _tables(connection: duckdb.DuckDBPyConnection, sql: str) -> Sequence[str]:
    """The tables that a query reads, without its own steps, save those that are named like a table."""
    names, _ = tables_named(sql)
    known = "select table_name from duckdb_tables() union select view_name from duckdb_views() where not internal"
    return sorted(names & {name for (name,) in rows_of(connection, known)})


def _names(sql: str) -> Container[str] | None:
    """The names of columns that a query mentions; None where it asks for all of a table."""
    tree = tree_of(sql)
    if any(not isinstance(star.parent, exp.Count) for star in tree.find_all(exp.Star)):
        return None
    return {column.name for column in tree.find_all(exp.Column)} | {
        name.name for join in tree.find_all(exp.Join) for name in join.args.get("using") or ()
    }
