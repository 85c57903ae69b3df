"""Whole boards, staged and built on a cluster of two workers however small, are those that DuckDB builds."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from kviboard.catalog import load_catalog
from kviboard.warehouse.refresh import refresh
from kviboard.warehouse.spark import staging
from kviboard.workspace import load_workspace
from tests.benchmarks.generate import generate
from tests.numbers import test_olist as olist
from tests.spark.conftest import ENGINE
from tests.spark.same import differences

SCALE = 0.01  # a million events


def olist_at(folder: Path) -> None:
    if olist.DATA is None:
        pytest.skip("the Olist files are not here; see the first lines of tests/numbers/test_olist.py")
    shutil.copytree(olist.WORKSPACE, folder, ignore=shutil.ignore_patterns("data", ".kviboard"))


def generated_at(folder: Path) -> None:
    generate(folder, SCALE)


@pytest.fixture(autouse=True)
def _all_is_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(staging, "FEW_ROWS", 0)
    monkeypatch.setenv("OLIST_DATA", str(olist.DATA))


def on_spark(root: Path) -> set[str]:
    """What was said of the refresh of a workspace on the cluster."""
    said: set[str] = set()
    settings = root / "kviboard.toml"
    settings.write_text(settings.read_text() + ENGINE)
    workspace = load_workspace(root)
    refresh(workspace, load_catalog(workspace), lambda doing, share: said.add(doing.partition(":")[0]))
    return said


def test_the_sample_is_staged_alike(sample_workspace: Path, tmp_path: Path) -> None:
    root = Path(shutil.copytree(sample_workspace, tmp_path / "sample", ignore=shutil.ignore_patterns(".kviboard")))
    said = on_spark(root)
    assert differences(sample_workspace, root) == []
    assert said >= {f"Spark builds {table}" for table in ("activity", "orders", "responses", "daily")}


@pytest.mark.parametrize("make", [olist_at, generated_at])
def test_a_real_shop_and_a_generated_board_are_alike(make: Callable[[Path], None], tmp_path: Path) -> None:
    here, there = tmp_path / "here", tmp_path / "there"
    make(here)
    shutil.copytree(here, there)
    workspace = load_workspace(here)
    refresh(workspace, load_catalog(workspace))
    said = on_spark(there)
    assert differences(here, there) == []
    assert said >= {f"Spark builds {name}" for name in ("the tables of staging", "customer_days", "daily")}
