"""A real shop's exports, staged and built on a cluster, are those that DuckDB builds."""

import shutil
from pathlib import Path

import pytest

from tests.numbers import test_olist as olist
from tests.spark.test_workspaces import is_alike

pytestmark = [olist.pytestmark, pytest.mark.usefixtures("shared")]


def test_a_real_shop_is_alike(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OLIST_DATA", str(olist.DATA))
    leave_out = shutil.ignore_patterns("data", ".kviboard")
    is_alike(lambda folder: shutil.copytree(olist.WORKSPACE, folder, ignore=leave_out), tmp_path)
