"""Whole boards, staged and built on a cluster of two workers, are those that DuckDB builds."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from kviboard.board.exports.maintenance import refresh_now
from kviboard.catalog import load_catalog
from kviboard.warehouse.reader import Reader
from kviboard.warehouse.refresh import refresh
from kviboard.warehouse.spark import cluster
from kviboard.workspace import Workspace, load_workspace
from tests.benchmarks.generate import generate
from tests.spark.conftest import ENGINE
from tests.spark.same import differences, published
from tests.spark.workers import Killer

SCALE = 0.01  # a million events
WORTH_IT = 10_000  # rows of the sample: half of its tables, which are those that take time anywhere

pytestmark = pytest.mark.usefixtures("shared")


def on_spark(root: Path) -> Workspace:
    settings = root / "kviboard.toml"
    settings.write_text(settings.read_text() + ENGINE)
    return load_workspace(root)


def test_the_sample_has_the_same_rows_though_a_worker_is_killed(
    sample_workspace: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "FEW_ROWS", WORTH_IT)
    root = Path(shutil.copytree(sample_workspace, tmp_path / "sample", ignore=shutil.ignore_patterns(".kviboard")))
    follow = Killer(lambda doing: doing.startswith("Spark builds scored_orders"))
    report = refresh_now(on_spark(root), follow)
    assert follow.killed
    assert not report.problems
    assert differences(sample_workspace, root) == []
    built = {said.partition(":")[0] for said in follow.said}
    assert built >= {f"Spark builds {table}" for table in ("activity", "orders", "responses", "daily")}
    assert any(said.startswith("Spark builds daily: ") and said.endswith(" tasks") for said in follow.said)
    reader = Reader(load_workspace(root), published(root)[1].version, in_memory=False)
    assert reader.last_day == published(sample_workspace)[1].reach["orders"].data_through


def test_a_generated_board_is_alike(tmp_path: Path) -> None:
    is_alike(lambda folder: generate(folder, SCALE), tmp_path)


def is_alike(make: Callable[[Path], None], folder: Path) -> None:
    """Make a workspace in `folder`, and refresh it with either engine."""
    here, there = folder / "here", folder / "there"
    make(here)
    shutil.copytree(here, there)
    workspace = load_workspace(here)
    refresh(workspace, load_catalog(workspace))
    said: set[str] = set()
    workspace = on_spark(there)
    refresh(workspace, load_catalog(workspace), lambda doing, share: said.add(doing.partition(":")[0]))
    assert differences(here, there) == []
    assert said >= {f"Spark builds {name}" for name in ("the tables of staging", "customer_days", "daily")}
