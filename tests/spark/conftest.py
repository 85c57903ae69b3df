"""A real cluster for the tests here: two workers, each a process with one core and 1 GB.

It is started once for all tests that only read what a refresh made: what takes time is Java's beginning, not the rows.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from kviboard.warehouse.spark import cluster
from kviboard.warehouse.spark.session import keep_rules, open_session
from kviboard.workspace.settings import Engine
from tests.spark.java import NoJava, find_java
from tests.spark.workers import processes

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

QUICK_START = (
    "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC "
    "-XX:+UnlockDiagnosticVMOptions -XX:-BytecodeVerificationRemote"  # a quarter of what Java takes to begin
)
CLUSTER = "local-cluster[2,1,1024]"
SETTINGS = {
    "spark.sql.shuffle.partitions": "2",  # one for each worker
    "spark.executor.memory": "800m",
    "spark.sql.codegen.wholeStage": "false",  # no query here has rows enough to be worth compiling
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    "spark.task.maxFailures": "2",  # one lost worker is no failure, one lost after the other is
}
ENGINE = f"""
[engine]
kind = "spark"
master = "{CLUSTER}"
settings = {{ {", ".join(f'"{key}" = "{value}"' for key, value in SETTINGS.items())} }}
"""


@pytest.fixture(scope="session", autouse=True)
def _java() -> Iterator[None]:
    try:
        home = find_java()
    except NoJava as error:
        pytest.fail(str(error))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JAVA_HOME", str(home))
        patch.setenv("SPARK_LOCAL_IP", "127.0.0.1")
        patch.setenv("JAVA_TOOL_OPTIONS", QUICK_START)
        yield


@pytest.fixture(autouse=True)
def _few_rows_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "FEW_ROWS", -1)


@pytest.fixture(scope="session")
def started() -> "Iterator[SparkSession]":
    """The cluster; nothing of it is left once it is closed."""
    with open_session(Engine(kind="spark", master=CLUSTER, settings=SETTINGS)) as session:
        yield session
    assert processes("java") == []


@pytest.fixture
def shared(started: "SparkSession", monkeypatch: pytest.MonkeyPatch) -> None:
    """Every refresh of the test has a session of its own on the one cluster, and leaves that running."""

    @contextmanager
    def on_it(engine: Engine) -> "Iterator[SparkSession]":
        assert engine.master == CLUSTER
        yield keep_rules(started.newSession())

    monkeypatch.setattr(cluster, "open_session", on_it)
