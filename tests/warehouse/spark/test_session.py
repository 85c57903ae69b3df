"""What is said of a cluster that does not work, as far as it can be told without one; the rest is in tests/spark."""

import signal
import socket
import sys
from collections.abc import Iterator
from dataclasses import replace
from types import ModuleType, SimpleNamespace

import pytest

from kviboard.catalog import load_catalog
from kviboard.errors import RefreshError
from kviboard.warehouse.refresh import refresh
from kviboard.warehouse.spark import cluster, session
from kviboard.warehouse.spark.session import check_cluster, facts_of, in_words, open_session
from kviboard.warehouse.versions import current_version
from kviboard.workspace.settings import Engine
from tests.browser.server import free_port
from tests.warehouse.company import TEN_ORDERS, company, query, staging_only

ON_SPARK = '\n[engine]\nkind = "spark"\nmaster = "{}"\n'


@pytest.fixture
def installed(monkeypatch):
    monkeypatch.setattr(session, "_pyspark", lambda: "4.1.0")
    monkeypatch.setattr(session, "_has_java", lambda: True)


def refusal(engine: Engine) -> str:
    with pytest.raises(RefreshError) as refused:
        check_cluster(engine)
    return str(refused.value)


def test_what_lacks_on_this_machine_is_said(monkeypatch, installed):
    monkeypatch.setattr(session, "_has_java", lambda: False)
    assert "needs Java 17 or newer" in refusal(Engine(kind="spark", master="local[2]"))
    monkeypatch.setattr(session, "_pyspark", lambda: "")
    assert "pip install 'kviboard[spark]'" in refusal(Engine(kind="spark", remote="sc://127.0.0.1"))


@pytest.mark.parametrize("address", ["sc://127.0.0.1:{}", "spark://127.0.0.1:{}"])
def test_a_cluster_that_does_not_answer_is_named(address, installed):
    port = free_port()
    place = {"remote" if address.startswith("sc") else "master": address.format(port)}
    said = refusal(Engine(kind="spark", **place))
    assert said.startswith(f"The refresh was not published: Spark cannot be reached at 127.0.0.1:{port} (")


def test_a_cluster_that_answers_is_tried(installed):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        check_cluster(Engine(kind="spark", remote=f"sc://127.0.0.1:{port}/;token=secret"))
        check_cluster(Engine(kind="spark", master=f"spark://127.0.0.1:{free_port()},127.0.0.1:{port}"))
    check_cluster(Engine(kind="spark", master="local[2]"))


def test_without_a_cluster_the_version_before_stays_in_use(tmp_path, installed):
    workspace = company(tmp_path, orders_csv=TEN_ORDERS)
    version = refresh(workspace, staging_only(workspace)).version
    away = company(tmp_path, ON_SPARK.format(f"spark://127.0.0.1:{free_port()}"), orders_csv=TEN_ORDERS)
    with pytest.raises(RefreshError, match="Spark cannot be reached at"):
        refresh(away, staging_only(away))
    assert current_version(away) == version


class Away:
    """A session of Spark Connect whose server never answers; it notes how it is left."""

    def __init__(self):
        self.client, self.policies, self.stopped_with = self, [], None

    def set_retry_policies(self, policies):
        self.policies = policies

    @property
    def version(self):
        raise ConnectionError("StatusCode.UNAVAILABLE")

    def stop(self):
        self.stopped_with = self.policies


def test_a_server_that_never_answers_is_not_asked_again_and_again_when_it_is_left(monkeypatch):
    away = Away()
    builder = SimpleNamespace(remote=lambda address: SimpleNamespace(getOrCreate=lambda: away))
    retries = "pyspark.sql.connect.client.retries"
    for name in ("pyspark", "pyspark.sql", "pyspark.sql.connect", "pyspark.sql.connect.client", retries):
        monkeypatch.setitem(sys.modules, name, ModuleType(name))
    monkeypatch.setattr(sys.modules["pyspark.sql"], "SparkSession", SimpleNamespace(builder=builder), raising=False)
    monkeypatch.setattr(sys.modules[retries], "DefaultPolicy", lambda **limits: limits, raising=False)
    with (
        pytest.raises(RefreshError, match="Spark cannot be reached"),
        open_session(Engine(kind="spark", remote="sc://h")),
    ):
        pass
    assert away.stopped_with == []  # nothing makes it try once more


@pytest.fixture
def ctrl_c_ends_it() -> Iterator[None]:
    """Whoever runs the tests in the background has Ctrl+C ignored."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def test_ctrl_c_counts_once_java_has_begun(ctrl_c_ends_it: None):
    begun = []

    def begin() -> None:
        with session._interrupted_later():
            signal.raise_signal(signal.SIGINT)
            begun.append("Java")

    with pytest.raises(KeyboardInterrupt):
        begin()
    assert begun
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


class Asked(Exception):
    """The cluster that there is none of."""


def test_few_rows_are_staged_and_built_without_a_cluster(tmp_path, installed, monkeypatch):
    def ask(engine: Engine) -> None:
        raise Asked

    monkeypatch.setattr(cluster, "open_session", ask)
    monkeypatch.setitem(sys.modules, "pyspark", ModuleType("pyspark"))  # which need not be installed here
    errors = ModuleType("pyspark.errors")
    monkeypatch.setattr(errors, "AnalysisException", LookupError, raising=False)
    monkeypatch.setitem(sys.modules, "pyspark.errors", errors)
    query(tmp_path, "marts/buyers.sql", "select customer_id, count(*) as orders from orders group by customer_id")
    workspace = company(tmp_path, ON_SPARK.format("local[2]"), orders_csv=TEN_ORDERS)
    catalog = load_catalog(workspace)
    catalog = replace(catalog, marts={"buyers": catalog.marts["buyers"]}, checks={})
    monkeypatch.setattr(cluster, "FEW_ROWS", 10)
    manifest = refresh(workspace, catalog)
    assert manifest.tables["buyers"] == 3
    assert not manifest.problems
    (tmp_path / "exports" / "orders.csv").write_text(f"{TEN_ORDERS}11,c1,2026-02-01,1\n")
    with pytest.raises(Asked):
        refresh(workspace, catalog)


def test_tables_of_another_engine_are_not_taken_over(monkeypatch, installed):
    assert facts_of(Engine()) == ""
    on_spark = Engine(kind="spark", master="local[2]")
    found = facts_of(on_spark)
    monkeypatch.setattr(session, "_pyspark", lambda: "4.2.0")
    assert len({"", found, facts_of(on_spark)}) == 3


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (
            "java.lang.OutOfMemoryError: Java heap space",
            "Spark ran out of memory; give it more under [engine.settings]",
        ),
        ("ExecutorLostFailure (executor 1 exited) Command exited with code 52", "Spark ran out of memory"),
        (
            "ExecutorLostFailure (executor 1 exited) Command exited with code 137",
            "Workers of Spark were killed more often than it tries again, most likely because memory ran out; ",
        ),
        ("ExecutorLostFailure (executor 1 exited unrelated to the running tasks)", "Spark lost its workers more often"),
        ("StatusCode.UNAVAILABLE: failed to connect to all addresses", "Spark cannot be reached; see whether it runs"),
        ("Cannot call methods on a stopped SparkContext.", "Spark cannot be reached"),
        (
            "[JAVA_GATEWAY_EXITED] Java gateway process exited before sending its port number.",
            "Java did not start",
        ),
        ("Mkdirs failed to create file:/state/warehouse", "Spark's workers cannot reach the state folder; let it lie"),
        ("java.io.IOException: No space left on device", "a worker of Spark has no room left on its disk; make room"),
        ("\n  [CAST_OVERFLOW] Too large.\n  at org.apache", "Spark says: [CAST_OVERFLOW] Too large."),
        ("", "Spark says: ValueError."),
    ],
)
def test_errors_of_spark_are_said_in_words(error, words):
    said = in_words(ValueError(error))
    assert said.startswith(words)
    assert "\n" not in said
