"""A state folder that was damaged heals by itself: from the exports, or from the newest version that is whole."""

import os
import shutil
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from kviboard.board.exports.maintenance import refresh_if_possible
from kviboard.errors import RefreshError
from kviboard.warehouse.origin import needs_refresh
from kviboard.warehouse.reader import Reader
from kviboard.warehouse.versions import (
    current_version,
    finish_publishing,
    only_refresh,
    roll_back,
    version_folder,
    warehouse_folder,
)
from kviboard.workspace import Workspace, load_workspace
from tests.warehouse.company import TEN_ORDERS, company, published, refreshed, staging_only

COUNT = "select count(*) as n, sum(amount) as amount from orders"
TEN = [(10, 50)]  # amounts are 0.50 to 9.50, a half more than 0 to 9, whose sum is 45


@pytest.fixture(scope="module")
def valid(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("valid")
    refreshed(company(folder, orders_csv=TEN_ORDERS))
    return folder


@pytest.fixture
def workspace(valid: Path, tmp_path: Path) -> Workspace:
    shutil.copytree(valid, tmp_path / "company")
    return load_workspace(tmp_path / "company")


def only(folder: Path, pattern: str) -> Path:
    (found,) = folder.glob(pattern)
    return found


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def zeros(path: Path) -> None:
    path.write_bytes(b"\0" * path.stat().st_size)


DAMAGES: dict[str, Callable[[Path], object]] = {
    "pointer of bytes": lambda state: (state / "warehouse/current").write_bytes(b"\xff\xfe\0"),
    "pointer elsewhere": lambda state: (state / "warehouse/current").write_text("../../elsewhere"),
    "pointer too long": lambda state: (state / "warehouse/current").write_text("0" * 5_000),
    "manifest cut off": lambda state: cut(only(state, "warehouse/0*/manifest.json")),
    "manifest of bytes": lambda state: only(state, "warehouse/0*/manifest.json").write_bytes(b"\xff"),
    "manifest nested": lambda state: only(state, "warehouse/0*/manifest.json").write_text("[" * 100_000),
    "table cut off": lambda state: cut(only(state, "warehouse/0*/orders.parquet")),
    "table gone": lambda state: only(state, "warehouse/0*/orders.parquet").unlink(),
    "unknown folders": lambda state: [(state / "warehouse" / name).mkdir() for name in ("1abc", "9" * 30, "2-x")],
    "lock of bytes": lambda state: (state / "warehouse/refresh.lock").write_bytes(b"no lock at all" * 100),
    "cache facts cut off": lambda state: cut(only(state, "cache/*.json")),
    "cache facts nested": lambda state: only(state, "cache/*.json").write_text("[" * 100_000),
    "cache facts of others": lambda state: only(state, "cache/*.json").write_text('{"columns": 1}'),
    "cache rows cut off": lambda state: cut(only(state, "cache/*.parquet")),
    "cache rows of zeros": lambda state: zeros(only(state, "cache/*.parquet")),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_damaged_state_heals(workspace: Workspace, damage: str, caplog: pytest.LogCaptureFixture) -> None:
    if damage.startswith("cache"):
        refreshed(workspace)  # the copy's own cache: it knows files by their paths
    DAMAGES[damage](workspace.state)
    if damage.startswith("table") or damage.startswith("manifest"):
        assert needs_refresh(workspace, staging_only(workspace))
    refreshed(workspace)
    if damage.startswith("cache"):  # what is not read is not missed, until something else changes
        assert "is read again" not in caplog.text
        with (workspace.root / "kviboard.toml").open("a") as config:
            config.write("\n[refresh]\nmax_reject_share = 0.2\n")
        workspace = load_workspace(workspace.root)
        refreshed(workspace)
    assert ("exports/orders.csv is read again" in caplog.text) == damage.startswith("cache")
    assert published(workspace, COUNT) == TEN
    assert Reader(workspace, current_version(workspace)).frame(COUNT)["n"].tolist() == [10]


def test_a_version_that_was_whole_when_the_program_was_killed_is_put_in_use(workspace: Workspace) -> None:
    pointer = warehouse_folder(workspace) / "current"
    before, stamp = pointer.read_text(), pointer.stat()
    newest = refreshed(workspace).version
    pointer.write_text(before)  # as a kill between the two renames leaves it
    os.utime(pointer, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))
    finish_publishing(workspace)
    assert current_version(workspace) == newest
    roll_back(workspace, before)
    finish_publishing(workspace)
    assert current_version(workspace) == before  # somebody went back, and that stays


def test_a_deleted_export_leaves_the_version_before_in_use_and_says_so(workspace: Workspace) -> None:
    version = current_version(workspace)
    (workspace.root / "exports/orders.csv").unlink()
    said = refresh_if_possible(workspace)
    assert "no file matches exports/orders.csv" in said
    assert said.endswith(f"Version {version} stays in use.")
    shutil.rmtree(workspace.state)
    with pytest.raises(RefreshError):
        refresh_if_possible(workspace)


@pytest.mark.skipif(os.name == "nt", reason="Windows has other rights")
def test_the_state_is_for_its_owner_only(workspace: Workspace) -> None:
    workspace.state.chmod(0o755)
    with only_refresh(workspace):
        pass
    assert stat.S_IMODE(workspace.state.stat().st_mode) == 0o700
    version = version_folder(workspace, current_version(workspace))
    kept = [*version.iterdir(), *(workspace.state / "cache").iterdir(), warehouse_folder(workspace) / "current"]
    assert {stat.S_IMODE(path.stat().st_mode) for path in kept} == {0o600}
    assert stat.S_IMODE(version.stat().st_mode) == 0o700
