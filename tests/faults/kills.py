"""Kills the program in the middle of what it does, again and again, and looks whether anything was lost or is half.

    python -m tests.faults.kills --each 50       # refresh, save, roll-back, upload, restore; exit code 1 where it fails

Each kill is a SIGKILL to a child that does the act over and over. Parents import and children work: a fork of a process
whose DuckDB has threads would hang.
"""

import argparse
import io
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, date, datetime
from itertools import count
from pathlib import Path

from kviboard.board.context import open_store_of
from kviboard.board.exports.backup import back_up, restore
from kviboard.board.exports.maintenance import go_back
from kviboard.board.exports.uploads import receive, take_in, waiting_uploads
from kviboard.errors import KviBoardError
from kviboard.store import Author, NewCycle
from kviboard.warehouse.files.discovery import find_files
from kviboard.warehouse.reader import Reader
from kviboard.warehouse.refresh import refresh
from kviboard.warehouse.versions import current_version, list_versions
from kviboard.workspace import load_workspace
from tests.warehouse.company import company, orders, refreshed, staging_only, write

Act = Callable[[Path], None]
SIZES = (100, 200)


def prepare(folder: Path) -> None:
    """A workspace with two versions, of 100 and of 200 orders, and what can be restored."""
    workspace = company(folder / "shop", orders_csv=orders(SIZES[0]))
    refreshed(workspace)
    write(workspace.root, "orders_csv", orders(SIZES[1]))
    refreshed(workspace)
    with closing(open_store_of(workspace)) as store:
        store.cycles.add(NewCycle(name="Q4", starts_on=date(2026, 10, 1), ends_on=date(2026, 12, 31)), author=author(0))
    back_up(workspace, folder / "backup.tar")


def author(number: int) -> Author:
    return Author(f"save {number}", datetime(2026, 11, 2, 9, 0, tzinfo=UTC))


def refreshes(folder: Path) -> None:
    workspace = load_workspace(folder / "shop")
    catalog = staging_only(workspace)
    for number in count():
        write(workspace.root, "orders_csv", orders(SIZES[number % 2]))
        refresh(workspace, catalog)


def saves(folder: Path) -> None:
    with closing(open_store_of(load_workspace(folder / "shop"))) as store, (folder / "reported").open("a") as reported:
        for number in count(len(store.cycles.all())):
            new = NewCycle(name=f"C{number}", starts_on=date(2026, 10, 1), ends_on=date(2026, 12, 31))
            store.cycles.add(new, author=author(number))
            reported.write(f"C{number}\n")
            reported.flush()


def rolls_back(folder: Path) -> None:
    workspace = load_workspace(folder / "shop")
    versions = [manifest.version for manifest in list_versions(workspace)]
    for number in count():
        go_back(workspace, versions[number % 2])


def uploads(folder: Path) -> None:
    workspace = load_workspace(folder / "shop")
    for number in count():
        sent = receive(workspace, "orders.csv", io.BytesIO(orders(SIZES[number % 2]).encode()))
        take_in(workspace, sent, "orders", "orders.csv", replacing=True)


def restores(folder: Path) -> None:
    for number in count():
        shutil.rmtree(folder / "gone", ignore_errors=True)
        restore(folder / "backup.tar", folder / f"restored_{number % 3}")
        (folder / f"restored_{number % 3}").rename(folder / "gone")  # whole until it is out of sight


def versions_are_whole(folder: Path) -> None:
    workspace = load_workspace(folder / "shop")
    for manifest in list_versions(workspace):
        reader = Reader(workspace, manifest.version)
        row = reader.frame("select count(*) as n, min(amount) as low, max(amount) as high from orders").iloc[0]
        assert row["low"] == row["high"] == row["n"], f"version {manifest.version} is half"
        assert row["n"] in SIZES
    assert current_version(workspace) in {manifest.version for manifest in list_versions(workspace)}


def no_save_is_lost(folder: Path) -> None:
    reported = (folder / "reported").read_text().split() if (folder / "reported").exists() else []
    with closing(open_store_of(load_workspace(folder / "shop"))) as store:
        names = {cycle.name for cycle in store.cycles.all()}
        assert names >= set(reported), "a save that was reported is gone"
        noted = {(entry.after or {}).get("name") for entry in store.history.since(author(0).at)}
        assert names <= noted, "a save has no audit entry"


def exports_are_whole(folder: Path) -> None:
    workspace = load_workspace(folder / "shop")
    whole = {orders(size) for size in SIZES}
    found, _ = find_files(workspace, "orders")
    kept = [*(workspace.state / "replaced").glob("[!.]*"), *(upload.path for upload in waiting_uploads(workspace))]
    assert [file.path.name for file in found] == ["orders.csv"], "the export is gone, or another is there"
    for path in [found[0].path, *kept]:
        assert path.read_text() in whole, f"{path} is half"


def restored_is_whole(folder: Path) -> None:
    for there in folder.glob("restored_*"):
        workspace = load_workspace(there)
        row = Reader(workspace, current_version(workspace)).frame("select count(*) as n from orders").iloc[0]
        assert row["n"] == SIZES[1]
        with closing(open_store_of(workspace)) as store:
            assert [cycle.name for cycle in store.cycles.all()] == ["Q4"]
    for there in folder.glob("restored_*"):
        shutil.rmtree(there)


ACTS: dict[str, tuple[Act, Act]] = {
    "refresh": (refreshes, versions_are_whole),
    "save": (saves, no_save_is_lost),
    "roll-back": (rolls_back, versions_are_whole),
    "upload": (uploads, exports_are_whole),
    "restore": (restores, restored_is_whole),
}


def in_child(act: Act, folder: Path) -> int:
    """Start a child that does it; returns its id."""
    child = os.fork()
    if child:
        return child
    try:
        act(folder)
    except BaseException as error:
        print(f"{act.__name__}: {type(error).__name__}: {error}", file=sys.stderr, flush=True)
        os._exit(0 if isinstance(error, KviBoardError) and "half" in str(error) else 1)
    os._exit(0)


def done_in_child(act: Act, folder: Path) -> bool:
    """Whether a child did it without an error."""
    return os.waitstatus_to_exitcode(os.waitpid(in_child(act, folder), 0)[1]) == 0


def kill_in(name: str, folder: Path, after: float) -> bool:
    """Kill the act after so many seconds; whether all is whole then."""
    act, check = ACTS[name]
    child = in_child(act, folder)
    time.sleep(after)
    os.kill(child, signal.SIGKILL)
    ended = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if ended != -signal.SIGKILL:
        print(f"{name}: ended by itself before it was killed", file=sys.stderr)
    return ended == -signal.SIGKILL and done_in_child(check, folder)


def kill_all(folder: Path, each: int, longest: float, seed: int = 1) -> dict[str, int]:
    """How many of `each` kills of every act left all whole."""
    assert done_in_child(prepare, folder)
    chance = random.Random(seed)
    return {name: sum(kill_in(name, folder, chance.uniform(0.02, longest)) for _ in range(each)) for name in ACTS}


def main() -> int:
    """Kill, and say how often all was whole."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--each", type=int, default=50, help="kills of each act (default: 50)")
    parser.add_argument("--longest", type=float, default=1.0, help="seconds after which the latest kill comes")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        whole = kill_all(Path(folder), options.each, options.longest)
    for name, number in whole.items():
        print(f"{name:10} {number} of {options.each} kills left everything whole")
    return 0 if all(number == options.each for number in whole.values()) else 1


if __name__ == "__main__":
    raise SystemExit(main())
