"""A refresh that is killed or runs out of room leaves the version before in use, whole, and the next one works."""

import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from kviboard.warehouse.reader import Reader
from kviboard.warehouse.versions import current_version, list_versions, warehouse_folder
from tests.warehouse.company import company, orders, refreshed, write

ROOT = Path(__file__).parents[2]
ENDLESS = """
import sys
from pathlib import Path
from kviboard.warehouse.refresh import refresh
from kviboard.workspace import load_workspace
from tests.warehouse.company import orders, staging_only, write
folder = Path(sys.argv[1])
workspace = load_workspace(folder)
catalog = staging_only(workspace)
for rows in range(100, 10_000):
    write(folder, "orders_csv", orders(rows))
    refresh(workspace, catalog)
    print("published", flush=True)
"""
NO_ROOM = """
import resource, sys
from kviboard.errors import RefreshError
from kviboard.warehouse.refresh import refresh
from kviboard.workspace import load_workspace
from tests.warehouse.company import staging_only
workspace = load_workspace(sys.argv[1])
catalog = staging_only(workspace)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]),) * 2)
try:
    refresh(workspace, catalog)
except RefreshError as error:
    print(error)
"""


def run(program: str, *arguments: str) -> "subprocess.Popen[str]":
    return subprocess.Popen([sys.executable, "-c", program, *arguments], cwd=ROOT, stdout=subprocess.PIPE, text=True)


def test_a_refresh_killed_at_any_moment_leaves_a_whole_version(tmp_path: Path) -> None:
    workspace = company(tmp_path, orders_csv=orders(99))
    refreshed(workspace)
    chance = random.Random(8)
    for _ in range(5):
        process = run(ENDLESS, str(tmp_path))
        assert process.stdout is not None
        assert process.stdout.readline() == "published\n"
        time.sleep(chance.uniform(0.0, 0.4))
        process.send_signal(signal.SIGKILL)
        process.wait()
        reader = Reader(workspace, current_version(workspace))
        row = reader.frame("select count(*) as n, min(amount) as low, max(amount) as high from orders").iloc[0]
        assert row["low"] == row["high"] == row["n"]
    write(tmp_path, "orders_csv", orders(50))
    assert refreshed(workspace).tables["orders"] == 50
    whole = {manifest.version for manifest in list_versions(workspace)}
    assert {path.name for path in warehouse_folder(workspace).iterdir()} == {*whole, "current", "refresh.lock"}


@pytest.mark.skipif(sys.platform == "win32", reason="file sizes can be limited on Unix only")
@pytest.mark.parametrize("limit", [2_000, 60_000])
def test_a_full_disk_is_told_in_a_sentence_and_publishes_nothing(tmp_path: Path, limit: int) -> None:
    workspace = company(tmp_path, orders_csv=orders(5))
    before = refreshed(workspace).version
    write(tmp_path, "orders_csv", orders(30_000))
    said, _ = run(NO_ROOM, str(tmp_path), str(limit)).communicate()
    assert said.startswith("The refresh was not published: ")
    assert "cannot be written" in said or "Could not write" in said
    assert current_version(workspace) == before
    assert Reader(workspace, before).frame("select count(*) as n from orders")["n"][0] == 5
