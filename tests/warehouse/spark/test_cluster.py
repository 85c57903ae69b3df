"""What is said of a cluster's work meanwhile, as far as it can be told without one."""

from types import SimpleNamespace

import pytest

from kviboard.warehouse.spark.cluster import _progress, found_at, typed
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
