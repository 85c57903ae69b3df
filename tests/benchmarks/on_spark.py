"""What Spark computes and reads for each table, from nothing and after one more day, as Spark's own event log says.

    python -m tests.benchmarks.on_spark FOLDER [--master local[1]] [--tables 12] [--every-table]

CPU seconds of Spark's tasks, so that what else the machine does matters little; what Python does in tasks (casts of
texts) is not among them.
"""

import argparse
import json
import shutil
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kviboard.catalog import load_catalog
from kviboard.warehouse.refresh import refresh
from kviboard.warehouse.spark import cluster
from kviboard.workspace import load_workspace
from kviboard.workspace.settings import Engine
from tests.benchmarks.measure import print_table
from tests.benchmarks.refresh import write_next_day

BUILDS = "Spark builds "
SETTINGS = {
    "spark.eventLog.enabled": "true",
    "spark.eventLog.compress": "false",
    "spark.sql.shuffle.partitions": "8",
    "spark.driver.memory": "4g",
}


@dataclass
class Spent:
    """By table: CPU seconds of the tasks, rows that they read from files, and how many tasks there were."""

    cpu_seconds: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    rows_read: Counter[str] = field(default_factory=Counter)
    tasks: Counter[str] = field(default_factory=Counter)
    process_seconds: float = 0  # of this process, which is DuckDB's share


def measure(folder: Path, master: str) -> Iterator[tuple[str, Spent]]:
    """Refresh the workspace in `folder` from nothing, then with one more day, which is taken away again."""
    shutil.rmtree(folder / ".kviboard", ignore_errors=True)
    more = folder / "exports" / "activity-next-day.parquet"
    more.unlink(missing_ok=True)
    yield "from nothing", refresh_on(folder, master)
    write_next_day(folder, more)
    try:
        yield "one more day", refresh_on(folder, master)
    finally:
        more.unlink()


def refresh_on(folder: Path, master: str) -> Spent:
    """Refresh on Spark, and what it took."""
    said: list[tuple[float, str]] = [(0, "others")]
    with tempfile.TemporaryDirectory() as log:
        engine = Engine(kind="spark", master=master, settings={**SETTINGS, "spark.eventLog.dir": f"file://{log}"})
        workspace = load_workspace(folder).model_copy(update={"engine": engine})
        began = time.process_time()
        refresh(workspace, load_catalog(workspace), lambda doing, share: said.append((time.time(), doing)))
        return spent(said, Path(log), time.process_time() - began)


def spent(said: list[tuple[float, str]], log: Path, process_seconds: float) -> Spent:
    """The tasks of a log by the table that was being built when each was started."""
    found = Spent(process_seconds=process_seconds)
    for task in ended_tasks(log):
        began = task["Task Info"]["Launch Time"] / 1000
        doing = next(what for moment, what in reversed(said) if moment <= began or not moment)
        table = doing.removeprefix(BUILDS).partition(":")[0] if doing.startswith(BUILDS) else "others"
        metrics = task["Task Metrics"]
        found.cpu_seconds[table] += metrics["Executor CPU Time"] / 1e9
        found.rows_read[table] += metrics["Input Metrics"]["Records Read"]
        found.tasks[table] += 1
    return found


def ended_tasks(log: Path) -> Iterator[dict[str, Any]]:
    for file in log.rglob("events_*"):
        with file.open(encoding="utf-8") as lines:
            yield from (event for event in map(json.loads, lines) if event["Event"] == "SparkListenerTaskEnd")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.on_spark", description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, help="a folder made by tests.benchmarks.generate")
    parser.add_argument("--master", default="local[1]", help="default: local[1], one core in one process")
    parser.add_argument("--tables", type=int, default=12, help="how many tables are listed (default: 12)")
    parser.add_argument("--every-table", action="store_true", help="on Spark, however small")
    options = parser.parse_args()
    if options.every_table:
        cluster.FEW_ROWS = -1
    for what, each in measure(options.folder, options.master):
        listed = sorted(each.cpu_seconds, key=each.cpu_seconds.__getitem__, reverse=True)[: options.tables]
        rows = [
            (table, f"{each.cpu_seconds[table]:.2f}", f"{each.rows_read[table]:,}", f"{each.tasks[table]:,}")
            for table in listed
        ]
        total = sum(each.cpu_seconds.values()), each.rows_read.total(), each.tasks.total()
        rows.append(("all", f"{total[0]:.2f}", f"{total[1]:,}", f"{total[2]:,}"))
        print_table(f"{options.folder}, {what}", ("", "CPU s", "rows read", "tasks"), rows)
        print(f"\n  DuckDB and the rest of this process: {each.process_seconds:.1f} CPU s", flush=True)


if __name__ == "__main__":
    main()
