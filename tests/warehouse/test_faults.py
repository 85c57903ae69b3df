"""A refresh that is killed or runs out of room leaves the version before in use, whole, and the next one works."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from kviboard.warehouse.reader import Reader
from kviboard.warehouse.versions import current_version, list_versions, warehouse_folder
from tests.warehouse.company import company, orders, refreshed, write

ROOT = Path(__file__).parents[2]
PROGRAM = """
import os, resource, sys
from pathlib import Path
from kviboard.errors import RefreshError
from kviboard.warehouse.refresh import refresh
from kviboard.workspace import load_workspace
from tests.warehouse.company import orders, staging_only, write

def endless(folder):
    workspace = load_workspace(folder)
    catalog = staging_only(workspace)
    for rows in range(100, 10_000):
        write(Path(folder), "orders_csv", orders(rows))
        refresh(workspace, catalog)
        print("published", flush=True)

def no_room(folder, limit):
    workspace = load_workspace(folder)
    catalog = staging_only(workspace)
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(limit),) * 2)
    try:
        refresh(workspace, catalog)
    except RefreshError as error:
        print(error, flush=True)

for line in sys.stdin:
    what, *arguments = line.rstrip("\\n").split("\\t")
    process = os.fork()
    if not process:
        sys.exit({"endless": endless, "no_room": no_room}[what](*arguments))
    print(process, flush=True)
    os.waitpid(process, 0)
    print("ended", flush=True)
"""


class Program:
    """A process that has loaded what refreshes, and forks one for each that is to be killed or to have no room: to load
    it takes most of the time."""

    def __init__(self) -> None:
        command = [sys.executable, "-c", PROGRAM]
        self.process = subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
        )

    def start(self, what: str, *arguments: object) -> int:
        """The number of a process that does it."""
        assert self.process.stdin is not None
        self.process.stdin.write("\t".join(map(str, (what, *arguments))) + "\n")
        return int(self.line())

    def line(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline().rstrip("\n")

    def rest(self) -> str:
        """What the process says until it has ended."""
        return "\n".join(iter(self.line, "ended"))


@pytest.fixture(scope="module")
def program() -> Iterator[Program]:
    made = Program()
    yield made
    made.process.communicate()


def test_a_refresh_killed_at_any_moment_leaves_a_whole_version(tmp_path: Path, program: Program) -> None:
    workspace = company(tmp_path, orders_csv=orders(99))
    refreshed(workspace)
    chance = random.Random(8)
    for _ in range(5):
        process = program.start("endless", tmp_path)
        assert program.line() == "published"
        time.sleep(chance.uniform(0.0, 0.4))
        os.kill(process, signal.SIGKILL)
        assert set(program.rest().split()) <= {"published"}
        reader = Reader(workspace, current_version(workspace))
        row = reader.frame("select count(*) as n, min(amount) as low, max(amount) as high from orders").iloc[0]
        assert row["low"] == row["high"] == row["n"]
    write(tmp_path, "orders_csv", orders(50))
    assert refreshed(workspace).tables["orders"] == 50
    whole = {manifest.version for manifest in list_versions(workspace)}
    assert {path.name for path in warehouse_folder(workspace).iterdir()} == {*whole, "current", "refresh.lock"}


@pytest.mark.skipif(sys.platform == "win32", reason="file sizes can be limited on Unix only")
@pytest.mark.parametrize("limit", [2_000, 60_000])
def test_a_full_disk_is_told_in_a_sentence_and_publishes_nothing(tmp_path: Path, program: Program, limit: int) -> None:
    workspace = company(tmp_path, orders_csv=orders(5))
    before = refreshed(workspace).version
    write(tmp_path, "orders_csv", orders(30_000))
    program.start("no_room", tmp_path, limit)
    said = program.rest()
    assert said.startswith("The refresh was not published: ")
    assert "cannot be written" in said or "Could not write" in said
    assert current_version(workspace) == before
    assert Reader(workspace, before).frame("select count(*) as n from orders")["n"][0] == 5
