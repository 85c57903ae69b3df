"""Writes marts on a Spark cluster: from Parquet files that DuckDB or it wrote before, as Parquet that DuckDB reads.

DuckDB says which columns of which types a mart has, so that the files are the same whoever writes them. What is not
known to mean the same on Spark is built by DuckDB, and said.
"""

import re
import shutil
import threading
import time
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
from sqlglot import exp

from kviboard.catalog.files import tables_named, tree_of
from kviboard.domain.formatting import counted
from kviboard.errors import Problem, RefreshError
from kviboard.warehouse.engine import parquet_rows, quoted, row_of, rows_of
from kviboard.warehouse.spark.session import check_cluster, facts_of, in_words, open_session
from kviboard.warehouse.spark.translation import Untranslatable, to_spark
from kviboard.warehouse.tables import HERE, Written, write_table
from kviboard.workspace.settings import Engine

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

_TYPES = {
    "VARCHAR": "string", "DATE": "date", "TIMESTAMP": "timestamp_ntz", "BOOLEAN": "boolean", "TINYINT": "tinyint",
    "SMALLINT": "smallint", "INTEGER": "int", "BIGINT": "bigint", "FLOAT": "float", "DOUBLE": "double",
    "HUGEINT": "double",  # as DuckDB writes it in Parquet
}  # fmt: skip
_DECIMAL = re.compile(r"DECIMAL\(\d+,\d+\)")
_BLOCK_BYTES = 16 * 1024 * 1024  # DuckDB gives each block of a file to a thread
_LOOKS_PER_SECOND = 4
_SECONDS_TO_STOP = 10
_MINUTE = 60
_SCRATCH = "spark"

Say = Callable[[str], None]


@dataclass
class SparkMarts:
    """Writes the marts of one build into `folder`. Close it, before what is in there is published."""

    engine: Engine
    folder: Path
    say: Say  # what Spark is doing
    problems: list[Problem] = field(default_factory=list)
    _known: set[str] = field(default_factory=set)  # tables that the session reads
    _opened: ExitStack = field(default_factory=ExitStack)
    _session: "SparkSession | None" = None
    grows = False  # each time it is written whole, in as many files as Spark likes

    def __post_init__(self) -> None:
        """Raises RefreshError where it is plain that there is no cluster."""
        check_cluster(self.engine)

    @property
    def facts(self) -> str:
        return facts_of(self.engine)

    def close(self) -> None:
        """Leave the cluster and remove what it only needed meanwhile."""
        self._session = None
        self._opened.close()
        shutil.rmtree(self.folder / _SCRATCH, ignore_errors=True)

    def write(self, connection: duckdb.DuckDBPyConnection, sql: str, path: Path) -> Written:
        """Write the rows of `sql`. Raises RefreshError where Spark fails, duckdb.Error where it is not asked."""
        columns = _columns(connection, sql)
        try:
            select = _typed(to_spark(sql), columns)
            tables = _tables(connection, sql)
        except Untranslatable as reason:
            return self._by_duckdb(connection, sql, path, f"{reason} is not known to give the same on Spark")
        from pyspark.errors import AnalysisException

        try:
            for name in tables:
                self._offer(connection, name, sql)
            self._run(path.stem, select, self.folder / _SCRATCH / path.stem)
        except AnalysisException as error:
            if "PATH_NOT_FOUND" in str(error):
                raise RefreshError(f"The refresh was not published: {in_words(error)}") from error
            return self._by_duckdb(connection, sql, path, f"Spark does not take it: {in_words(error)}")
        return self._taken(connection, path, columns)

    def _by_duckdb(self, connection: duckdb.DuckDBPyConnection, sql: str, path: Path, why: str) -> Written:
        what = f"is built by DuckDB on this machine: {why.rstrip('.')}."
        self.problems.append(Problem(f"queries/marts/{path.stem}.sql", what, "Its rows are right; it takes its time."))
        return HERE.write(connection, sql, path)

    def _offer(self, connection: duckdb.DuckDBPyConnection, name: str, sql: str) -> None:
        """Let Spark read a table by its name: from its files, or from a copy of what only DuckDB has."""
        if name in self._known:
            return
        columns = _columns(connection, f"select * from {quoted(name)}")
        files = [
            file for file in self.folder.glob(f"{name}.*") if re.fullmatch(r"(\.\d+)?\.parquet", file.name[len(name) :])
        ]
        if files:
            self._known.add(name)
        else:
            columns = {column: kind for column, kind in columns.items() if column in _names(sql, columns)}
            files = [self.folder / _SCRATCH / f"{name}.parquet"]
            files[0].parent.mkdir(exist_ok=True)
            chosen = ", ".join(map(quoted, columns))
            write_table(connection, f"select {chosen} from {quoted(name)}", files[0])
        schema = ", ".join(f"{_spark_name(column)} {_type_of(kind)}" for column, kind in columns.items())
        frame = self._opened_session().read.schema(schema).parquet(*[file.as_uri() for file in sorted(files)])
        frame.createOrReplaceTempView(name)

    def _run(self, name: str, select: str, target: Path) -> None:
        session = self._opened_session()
        frame = session.sql(select)
        assert frame.schema is not None  # Spark Connect looks at a query only when it is asked for something of it
        failed: list[BaseException] = []

        def write() -> None:
            try:
                frame.write.option("parquet.block.size", _BLOCK_BYTES).parquet(target.as_uri())
            except BaseException as error:
                failed.append(error)

        thread = threading.Thread(target=write, name="spark", daemon=True)
        thread.start()
        self._wait(name, session, thread)
        if failed:
            what = in_words(failed[0])
            raise RefreshError(f"The refresh was not published: {name} could not be built. {what}") from failed[0]

    def _wait(self, name: str, session: "SparkSession", thread: threading.Thread) -> None:
        """Wait for what `thread` asks of the cluster, and say how far it is; take it back where this is given up."""
        ends_at = time.monotonic() + self.engine.query_minutes * _MINUTE
        try:
            with _progress(self.engine, session) as tasks:
                while thread.is_alive():
                    thread.join(1 / _LOOKS_PER_SECOND)
                    self.say(f"Spark builds {name}{tasks()}")
                    if time.monotonic() > ends_at:
                        what = f"{name} takes longer than [engine] query_minutes allows{tasks() or ', no task begun'}"
                        raise RefreshError(f"The refresh was not published: {what}; give it more workers or minutes.")
        except BaseException:
            with suppress(Exception):
                session.interruptAll() if self.engine.remote else session.sparkContext.cancelAllJobs()
            thread.join(_SECONDS_TO_STOP)
            raise

    def _taken(self, connection: duckdb.DuckDBPyConnection, path: Path, columns: dict[str, str]) -> Written:
        """Take what Spark wrote into the version: the parts in their order, each a file."""
        written = self.folder / _SCRATCH / path.stem
        parts = sorted(written.glob("part-*.parquet")) if (written / "_SUCCESS").exists() else []
        if not parts:
            what = f"Spark wrote {path.stem} where this machine does not find it: {written}"
            raise RefreshError(f"The refresh was not published: {what}; let the state folder lie where both see it.")
        names = [path, *(path.with_suffix(f".{number}.parquet") for number in range(2, len(parts) + 1))]
        files = [part.rename(name) for part, name in zip(parts, names, strict=True)]
        rows = parquet_rows(files)
        assert list(_columns(connection, f"select * from {rows}")) == list(columns)
        return files, int(row_of(connection, f"select count(*) from {rows}")[0])

    def _opened_session(self) -> "SparkSession":
        if self._session is None:
            self.say("Connecting to Spark")
            self._session = self._opened.enter_context(open_session(self.engine))
        return self._session


def _columns(connection: duckdb.DuckDBPyConnection, sql: str) -> dict[str, str]:
    """Columns and their types, as DuckDB calls them."""
    return {column: kind for column, kind, *_ in rows_of(connection, f"describe {sql}")}


def _tables(connection: duckdb.DuckDBPyConnection, sql: str) -> Sequence[str]:
    """The tables that a query reads, without its own steps, save those that are named like a table."""
    names, _ = tables_named(sql)
    known = "select table_name from duckdb_tables() union select view_name from duckdb_views() where not internal"
    return sorted(names & {name for (name,) in rows_of(connection, known)})


def _names(sql: str, columns: Container[str]) -> Container[str]:
    """The names of columns that a query mentions; all `columns` where it asks for all of a table."""
    tree = tree_of(sql)
    if any(not isinstance(star.parent, exp.Count) for star in tree.find_all(exp.Star)):
        return columns
    return {column.name for column in tree.find_all(exp.Column)} | {
        name.name for join in tree.find_all(exp.Join) for name in join.args.get("using") or ()
    }


def _typed(select: str, columns: Mapping[str, str]) -> str:
    """The rows of a SELECT of Spark's, in the columns and types that DuckDB would write."""
    typed = ", ".join(
        f"cast({_spark_name(name)} as {_type_of(kind)}) as {_spark_name(name)}" for name, kind in columns.items()
    )
    return f"select {typed} from ({select})"


def _type_of(kind: str) -> str:
    if _DECIMAL.fullmatch(kind):
        return kind.lower()
    if kind not in _TYPES:
        raise Untranslatable(f"{kind}, the type of a column,")
    return _TYPES[kind]


def _spark_name(name: str) -> str:
    return "`" + name.replace("`", "``") + "`"


@contextmanager
def _progress(engine: Engine, session: "SparkSession") -> Iterator[Callable[[], str]]:
    """How many of the tasks that Spark knows of are done, as words; "" where it knows of none yet."""
    counts: dict[int, tuple[int, int]] = {}

    def of_connect(stages: Any, *_: object) -> None:
        counts.update({stage.stage_id: (stage.num_completed_tasks, stage.num_tasks) for stage in stages or ()})

    def of_master() -> None:
        tracker = session.sparkContext.statusTracker()
        found = ((stage, tracker.getStageInfo(stage)) for stage in tracker.getActiveStageIds())
        counts.update({stage: (info.numCompletedTasks, info.numTasks) for stage, info in found if info})

    def words() -> str:
        if engine.master:
            with suppress(Exception):  # it is about to end
                of_master()
        done, known = (sum(numbers) for numbers in zip(*counts.values(), strict=True)) if counts else (0, 0)
        return f": {done:,} of {counted(known, 'task')}" if known else ""

    if engine.remote:
        session.registerProgressHandler(of_connect)
    try:
        yield words
    finally:
        if engine.remote:
            with suppress(Exception):
                session.removeProgressHandler(of_connect)
