"""The cluster while a version is built: its session, the tables that it reads by name, and waiting for what it does."""

import re
import shutil
import threading
import time
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from kviboard.domain.formatting import counted
from kviboard.errors import RefreshError
from kviboard.warehouse.engine import columns_of, quoted
from kviboard.warehouse.spark.session import cancel_all, check_cluster, in_words, is_of_spark, open_session
from kviboard.warehouse.spark.translation import spark_name, spark_type
from kviboard.warehouse.tables import write_table
from kviboard.workspace.settings import Engine

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

FEW_ROWS = 1_000_000  # DuckDB is done with fewer before Spark has begun
_BLOCK_BYTES = 16 * 1024 * 1024  # DuckDB gives each block of a file to a thread
_LOOKS_PER_SECOND = 4
_SECONDS_TO_STOP = 10
_MINUTE = 60
_SCRATCH = "spark"


@dataclass
class Cluster:
    """A session that is opened when it is first asked. Close it, before what is in `folder` is published."""

    engine: Engine
    folder: Path  # of the version being built; what is only needed meanwhile lies in a folder in it
    say: Callable[[str], None]  # what Spark is doing
    known: set[str] = field(default_factory=set)  # names under which the session reads a table
    few: set[str] = field(default_factory=set)  # of these: what the cluster made of many rows, and has few itself
    _opened: ExitStack = field(default_factory=ExitStack)
    _session: "SparkSession | None" = None

    def __post_init__(self) -> None:
        """Raises RefreshError where it is plain that there is no cluster."""
        check_cluster(self.engine)

    @property
    def session(self) -> "SparkSession":
        if self._session is None:
            self.say("Connecting to Spark")
            self._session = self._opened.enter_context(open_session(self.engine))
        return self._session

    @property
    def many(self) -> set[str]:
        """Names of tables that the session reads, and that have rows enough to be worth it."""
        return self.known - self.few

    def close(self) -> None:
        """Leave the cluster and remove what it only needed meanwhile."""
        self._session = None
        self._opened.close()
        shutil.rmtree(self.folder / _SCRATCH, ignore_errors=True)

    def scratch(self, name: str) -> Path:
        """A place in the folder of what is needed meanwhile."""
        (self.folder / _SCRATCH).mkdir(exist_ok=True)
        return self.folder / _SCRATCH / name

    def parquet(self, files: Iterable[Path], columns: Mapping[str, str], more: tuple[str, ...] = ()) -> "DataFrame":
        """The rows of Parquet files in DuckDB's types, columns matched by name, and the expressions `more` beside them.
        Raises Untranslatable for a type that Spark has not."""
        schema = ", ".join(f"{spark_name(column)} {spark_type(kind)}" for column, kind in columns.items())
        frame = self.session.read.schema(schema).parquet(*[found_at(str(file)) for file in sorted(files)])
        return frame.selectExpr(*map(spark_name, columns), *more) if more else frame

    def copy(
        self, connection: duckdb.DuckDBPyConnection, name: str, view: str, chosen: Container[str] | None = None
    ) -> None:
        """Let Spark read a copy of a table that only DuckDB has, as `view`; of `chosen` columns, or all."""
        columns = columns_of(connection, f"select * from {name}")
        columns = {column: kind for column, kind in columns.items() if chosen is None or column in chosen}
        file = self.scratch(f"{view}.parquet")
        write_table(connection, f"select {', '.join(map(quoted, columns))} from {name}", file)
        self.parquet([file], columns).createOrReplaceTempView(view)

    def write(self, name: str, frame: "DataFrame", called: str = "") -> list[Path]:
        """Write what Spark computes as Parquet into the scratch folder; the files in the order of their rows. `called`:
        what people are told is built, where that is not its name.
        Raises RefreshError where they are not to be seen from here."""
        target = self.scratch(name)
        shutil.rmtree(target, ignore_errors=True)
        self.wait(
            called or name,
            lambda: frame.write.option("parquet.block.size", _BLOCK_BYTES).parquet(f"file://{target}"),
        )
        parts = sorted(target.glob("part-*.parquet")) if (target / "_SUCCESS").exists() else []
        if not parts:
            what = f"Spark wrote {name} where this machine does not find it: {target}"
            raise RefreshError(f"The refresh was not published: {what}; let the state folder lie where both see it.")
        return parts

    def wait(self, name: str, action: Callable[[], Any]) -> Any:
        """What `action` asks of the cluster, meanwhile saying how far it is; taken back where this is given up."""
        found: list[Any] = []
        failed: list[BaseException] = []

        def act() -> None:
            try:
                found.append(action())
            except BaseException as error:
                failed.append(error)

        session = self.session
        thread = threading.Thread(target=act, name="spark", daemon=True)
        thread.start()
        ends_at = time.monotonic() + self.engine.query_minutes * _MINUTE
        try:
            with _progress(self.engine, session) as tasks:
                while thread.is_alive():
                    thread.join(1 / _LOOKS_PER_SECOND)
                    self.say(f"Spark builds {name}{tasks()}")
                    if time.monotonic() > ends_at:
                        what = f"to build {name} takes longer than [engine] query_minutes allows"
                        what += tasks() or ", no task begun"
                        raise RefreshError(f"The refresh was not published: {what}; give it more workers or minutes.")
        except BaseException:
            cancel_all(session, self.engine)
            thread.join(_SECONDS_TO_STOP)
            raise
        if failed:
            raise not_built(name, failed[0]) from failed[0]
        return found[0]


def not_built(name: str, error: BaseException) -> RefreshError:
    return RefreshError(f"The refresh was not published: {name} could not be built. {in_words(error)}")


@contextmanager
def asking(name: str) -> Iterator[None]:
    """What is asked of a cluster for `name`, without waiting for it. Raises RefreshError where it does not answer."""
    try:
        yield
    except Exception as error:
        if not is_of_spark(error):
            raise
        raise not_built(name, error) from error


def are_many(rows: int) -> bool:
    """Whether rows are so many that Spark is worth it."""
    return rows > FEW_ROWS


def found_at(path: str) -> str:
    """What Spark is to read for a path: the characters as they are, because it decodes none, and none for a pattern."""
    address = path if "://" in path or re.match("[a-z0-9]+:/", path) else f"file://{path}"
    return re.sub(r"([\\*?\[\]{}])", r"\\\1", address)


def typed(select: str, kinds: Sequence[tuple[str, str]]) -> str:
    """The rows of a SELECT of Spark's, in the columns and types that DuckDB gives them. Raises Untranslatable."""
    places = [f"value_{place}" for place in range(len(kinds))]
    chosen = ", ".join(
        f"cast({place} as {spark_type(kind)}) as {spark_name(name)}"
        for place, (name, kind) in zip(places, kinds, strict=True)
    )
    return f"select {chosen} from ({select}) as found({', '.join(places)})"


@contextmanager
def _progress(engine: Engine, session: "SparkSession") -> Iterator[Callable[[], str]]:
    """How many of the tasks that Spark knows of are done, as words; "" where it knows of none yet."""
    counts: dict[int, tuple[int, int]] = {}

    def of_connect(*, stages: Any, **_: object) -> None:
        counts.update({stage.stage_id: (stage.num_completed_tasks, stage.num_tasks) for stage in stages or ()})

    def of_master() -> None:
        tracker = session.sparkContext.statusTracker()
        found = ((stage, tracker.getStageInfo(stage)) for stage in tracker.getActiveStageIds())
        active = {stage: (info.numCompletedTasks, info.numTasks) for stage, info in found if info}
        counts.update({stage: (tasks, tasks) for stage, (_, tasks) in counts.items()} | active)  # what ended is done

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
