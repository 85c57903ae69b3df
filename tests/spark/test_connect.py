"""A board built over Spark Connect, by a server of its own on this machine with two workers."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.request import urlopen

import pytest

from kviboard.catalog import load_catalog
from kviboard.errors import RefreshError
from kviboard.warehouse.refresh import refresh
from tests.browser.server import free_port
from tests.spark.by_hand import stopped_by_hand
from tests.spark.conftest import CLUSTER, SETTINGS
from tests.spark.same import differences, published
from tests.spark.test_staging import built, typed_company
from tests.warehouse.company import TEN_ORDERS, company, query, staging_only

SECONDS_TO_START, SECONDS_TO_STOP = 180, 60
FEW_MARTS = ("customer_days", "customer_activity", "scored_responses")
DAYS = "(select unnest(generate_series(date '1990-01-01', date '2099-12-31', interval 1 day)) as day)"
ENDLESS = f"select count(*) as n from {DAYS} as a cross join {DAYS} as b cross join {DAYS} as c"


def answers(port: int) -> bool:
    with socket.socket() as asked:
        return asked.connect_ex(("127.0.0.1", port)) == 0


@dataclass
class Server:
    port: int
    ui: int
    process: "subprocess.Popen[bytes]"

    @property
    def engine(self) -> str:
        return f'\n[engine]\nkind = "spark"\nremote = "sc://127.0.0.1:{self.port}"\n'

    def running_jobs(self) -> int:
        address = f"http://127.0.0.1:{self.ui}/api/v1/applications"
        with urlopen(address, timeout=30) as found:
            (application,) = json.load(found)
        with urlopen(f"{address}/{application['id']}/jobs?status=running", timeout=30) as found:
            return len(json.load(found))


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    import pyspark

    folder, home, port, ui = tmp_path_factory.mktemp("connect"), Path(pyspark.__file__).parent, free_port(), free_port()
    settings = {
        "spark.connect.grpc.binding.address": "127.0.0.1", "spark.connect.grpc.binding.port": port,
        "spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1", "spark.ui.port": ui,
        **SETTINGS,
    }  # fmt: skip
    command = [home / "bin" / "spark-submit", "--master", CLUSTER]
    command += [part for key, value in settings.items() for part in ("--conf", f"{key}={value}")]
    command += ["--class", "org.apache.spark.sql.connect.service.SparkConnectServer", "spark-internal"]
    environment = {**os.environ, "SPARK_HOME": str(home), "PYSPARK_PYTHON": sys.executable}
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, env=environment, cwd=folder, stdout=log, stderr=log)
    ends_at = time.monotonic() + SECONDS_TO_START
    while not answers(port):
        assert process.poll() is None, (folder / "log").read_text()
        assert time.monotonic() < ends_at, (folder / "log").read_text()
        time.sleep(0.5)
    yield Server(port, ui, process)
    process.kill()
    process.wait()


def test_what_is_staged_and_built_there_is_what_duckdb_makes(server: Server, tmp_path: Path) -> None:
    here, there = (typed_company(tmp_path / name, engine) for name, engine in (("here", ""), ("there", server.engine)))
    built(here, FEW_MARTS)
    manifest, said = built(there, FEW_MARTS)
    assert differences(here.root, there.root) == []
    assert said >= {f"Spark builds {table}" for table in ("orders", "responses", *FEW_MARTS)}
    assert [each.what for each in manifest.problems if "DuckDB" in each.what] == []


def test_what_is_stopped_by_hand_has_no_job_there_any_more(server: Server, tmp_path: Path) -> None:
    version = refresh(workspace := company(tmp_path, orders_csv=TEN_ORDERS), staging_only(workspace)).version
    company(tmp_path, server.engine, orders_csv=TEN_ORDERS)
    query(tmp_path, "marts/customer_days.sql", ENDLESS)  # the first that is built
    stopped_by_hand(tmp_path, lambda said: "Spark builds customer_days: " in said and server.running_jobs() > 0)
    ends_at = time.monotonic() + SECONDS_TO_STOP
    while server.running_jobs():
        assert time.monotonic() < ends_at
        time.sleep(0.5)
    assert published(tmp_path)[1].version == version


def test_a_server_that_ends_leaves_the_version_before(server: Server, tmp_path: Path) -> None:
    version = refresh(workspace := company(tmp_path, orders_csv=TEN_ORDERS), staging_only(workspace)).version
    query(tmp_path, "marts/customer_days.sql", ENDLESS)
    workspace = company(tmp_path, server.engine, orders_csv=TEN_ORDERS)

    def end(doing: str, share: float) -> None:
        if doing.startswith("Spark builds customer_days: "):
            server.process.kill()

    with pytest.raises(RefreshError) as refused:
        refresh(workspace, load_catalog(workspace), end)
    assert str(refused.value) == (
        "The refresh was not published: customer_days could not be built. Spark cannot be reached; see "
        "whether it runs, and whether its address in [engine] is right."
    )
    assert published(tmp_path)[1].version == version
