"""A refresh of the sample after one of its exports changed, where the board runs and by command; and after nothing did.

python -m tests.benchmarks.one_export [--times 5] [--cut orders-2026.csv]
"""

import argparse
import shutil
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from kviboard.catalog import load_catalog
from kviboard.warehouse.refresh import refresh
from kviboard.workspace import SAMPLE_WORKSPACE, load_workspace
from tests.benchmarks.measure import print_table
from tests.benchmarks.refresh import refresh as by_command


def changed(source: Path, cut: str, times: int) -> Iterator[tuple[str, float]]:
    """(what, seconds) of refreshes of a copy of a workspace: after the export `cut` lost its last line once more, and
    after nothing happened."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "copy"
        shutil.copytree(source, folder, ignore=shutil.ignore_patterns(".kviboard", "__pycache__"))
        seconds(folder)
        for _ in range(times):
            shorten(folder / "exports" / cut)
            yield "one export changed, in the board", seconds(folder)
            yield "nothing changed, in the board", seconds(folder)
            shorten(folder / "exports" / cut)
            yield "one export changed, by command", by_command(folder).seconds


def shorten(export: Path) -> None:
    """Take its last line away."""
    export.write_text("".join(export.read_text(encoding="utf-8").splitlines(keepends=True)[:-1]), encoding="utf-8")


def seconds(folder: Path) -> float:
    """Of a refresh in this process, which has loaded everything."""
    workspace = load_workspace(folder)
    started = time.perf_counter()
    refresh(workspace, load_catalog(workspace))
    return time.perf_counter() - started


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.one_export", description=__doc__.splitlines()[0])
    parser.add_argument("--times", type=int, default=5, help="refreshes of each kind (default: 5)")
    parser.add_argument("--cut", default="orders-2026.csv", help="the export that loses lines, as text")
    options = parser.parse_args()
    found: dict[str, list[float]] = {}
    for what, took in changed(SAMPLE_WORKSPACE, options.cut, options.times):
        found.setdefault(what, []).append(took)
    rows = [(what, f"{statistics.median(took):.2f}", f"{max(took):.2f}") for what, took in found.items()]
    print_table(f"Refresh of the sample, {options.cut} a line shorter each time", ("", "median s", "worst"), rows)


if __name__ == "__main__":
    main()
