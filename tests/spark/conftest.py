"""A real cluster for the tests here: two workers, each a process with one core and 1 GB."""

from collections.abc import Iterator

import pytest

from tests.spark.java import NoJava, find_java

QUICK_START = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"  # no query here is worth compiling well
CLUSTER = "local-cluster[2,1,1024]"
ENGINE = f"""
[engine]
kind = "spark"
master = "{CLUSTER}"
settings = {{ "spark.sql.shuffle.partitions" = "4", "spark.executor.memory" = "800m" }}
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
