"""What the benchmark on Spark makes of an event log; that it runs is seen by whoever measures, with a cluster."""

import json
from pathlib import Path

import pytest

from tests.benchmarks.on_spark import spent


def ended(launched_at: float, cpu_seconds: float, rows: int) -> str:
    metrics = {"Executor CPU Time": cpu_seconds * 1e9, "Input Metrics": {"Records Read": rows}}
    event = {"Event": "SparkListenerTaskEnd", "Task Info": {"Launch Time": launched_at * 1000}, "Task Metrics": metrics}
    return json.dumps(event)


def test_tasks_count_for_the_table_that_was_built_when_they_began(tmp_path: Path) -> None:
    (tmp_path / "eventlog_v2").mkdir()
    started = json.dumps({"Event": "SparkListenerTaskStart"})
    events = [ended(5, 1, 10), started, ended(11, 2, 20), ended(14, 3, 30), ended(21, 4, 40), ended(26, 5, 50)]
    (tmp_path / "eventlog_v2" / "events_1_app").write_text("\n".join(events))
    said = [(0.0, "others"), (10, "Spark builds daily"), (13, "Spark builds daily: 0 of 2 tasks"),
            (20, "Spark builds cohorts"), (25, "Checking")]  # fmt: skip
    found = spent(said, tmp_path, 1.5)
    assert dict(found.cpu_seconds) == pytest.approx({"others": 6, "daily": 5, "cohorts": 4})
    assert found.rows_read == {"others": 60, "daily": 50, "cohorts": 40}
    assert found.tasks == {"others": 2, "daily": 2, "cohorts": 1}
