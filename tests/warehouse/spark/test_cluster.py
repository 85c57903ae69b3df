"""What is said of a cluster's work meanwhile, as far as it can be told without one."""

from types import SimpleNamespace

import duckdb
import pytest

from kviboard.errors import RefreshError
from kviboard.warehouse.spark.cluster import _progress, asking, found_at, typed
from kviboard.workspace.settings import Engine


class Connected:
    """A session of Spark Connect that tells of its stages as pyspark 4 does: by keyword."""

    def __init__(self):
        self.handlers = []

    def registerProgressHandler(self, handler):
        self.handlers = [handler]

    def removeProgressHandler(self, handler):
        self.handlers.remove(handler)

    def tell(self, stage: int, done: int, tasks: int) -> None:
        stages = [SimpleNamespace(stage_id=stage, num_completed_tasks=done, num_tasks=tasks)]
        for handler in self.handlers:
            handler(stages=stages, inflight_tasks=1, operation_id="a", done=False)


def test_tasks_of_spark_connect_are_counted_over_all_stages():
    session = Connected()
    with _progress(Engine(kind="spark", remote="sc://127.0.0.1"), session) as words:
        assert words() == ""
        session.tell(1, 2, 4)
        session.tell(2, 0, 1_000)
        assert words() == ": 2 of 1,004 tasks"
        session.tell(1, 4, 4)
        assert words() == ": 4 of 1,004 tasks"
    assert session.handlers == []


def test_what_a_master_no_longer_runs_is_done():
    active = {}
    tracker = SimpleNamespace(getActiveStageIds=lambda: sorted(active), getStageInfo=active.get)
    session = SimpleNamespace(sparkContext=SimpleNamespace(statusTracker=lambda: tracker))
    with _progress(Engine(kind="spark", master="local[2]"), session) as words:
        assert words() == ""
        active[1] = SimpleNamespace(numCompletedTasks=0, numTasks=4)
        assert words() == ": 0 of 4 tasks"
        active[2] = SimpleNamespace(numCompletedTasks=1, numTasks=2)
        del active[1]
        assert words() == ": 5 of 6 tasks"
        active[1] = SimpleNamespace(numCompletedTasks=0, numTasks=1)  # once more what a lost worker had
        assert words() == ": 1 of 3 tasks"


def test_columns_are_named_and_typed_by_their_places():
    said = typed("SELECT COUNT(*), `a` FROM `t`", [("count_star()", "BIGINT"), ("a`b", "TIMESTAMP WITH TIME ZONE")])
    assert said == (
        "select cast(value_0 as bigint) as `count_star()`, cast(value_1 as timestamp) as `a``b` "
        "from (SELECT COUNT(*), `a` FROM `t`) as found(value_0, value_1)"
    )


@pytest.mark.parametrize(
    ("path", "address"),
    [
        ("/data/our exports+1/a%20b.parquet", "file:///data/our exports+1/a%20b.parquet"),
        ("/data/[2026]/a*.parquet", r"file:///data/\[2026\]/a\*.parquet"),
        ("s3a://lake/a{1}.csv", r"s3a://lake/a\{1\}.csv"),
        ("file:/data/a.csv", "file:/data/a.csv"),
    ],
)
def test_spark_reads_the_very_file(path, address):
    assert found_at(path) == address


class JavaIsGone(Exception):
    """As pyspark's, whose text is asked of Java."""

    __module__ = "py4j.protocol"

    def __str__(self):
        raise ConnectionResetError


@pytest.mark.parametrize("error", [JavaIsGone(), ConnectionRefusedError(111, "Connection refused")])
def test_a_cluster_that_is_gone_when_it_is_asked_is_said(error):
    with pytest.raises(RefreshError) as refused, asking("daily"):
        raise error
    assert str(refused.value) == (
        "The refresh was not published: daily could not be built. Spark cannot be reached; see whether it runs, and "
        "whether its address in [engine] is right."
    )


@pytest.mark.parametrize("error", [duckdb.BinderException("no column"), RuntimeError("Query interrupted"), OSError(28)])
def test_what_is_not_of_spark_stays_what_it_is(error):
    with pytest.raises(type(error)) as raised, asking("daily"):
        raise error
    assert raised.value is error
