"""A refresh of the sample after one of its exports changed, and after nothing did: where the board runs, and by command.

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


def changed(times: int, cut: str) -> Iterator[tuple[str, float]]:
    """(what, seconds): refreshes after the export `cut` lost its last line once more, and after nothing happened."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "sample"
        shutil.copytree(SAMPLE_WORKSPACE, folder, ignore=shutil.ignore_patterns(".kviboard", "__pycache__"))
        export = folder / "exports" / cut
        seconds(folder)
        for turn in range(times + 1):
            for what in ("one export changed", "nothing changed"):
                for how, measure in (("in the board", seconds), ("by command", lambda of: by_command(of).seconds)):
                    if what == "one export changed":
                        export.write_text("".join(export.read_text().splitlines(keepends=True)[:-1]))
                    took = measure(folder)
                    if turn:  # what is read for the first time is no measure
                        yield f"{what}, {how}", took


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
    for what, took in changed(options.times, options.cut):
        found.setdefault(what, []).append(took)
    rows = [(what, f"{statistics.median(took):.2f}", f"{max(took):.2f}") for what, took in found.items()]
    print_table(f"Refresh of the sample, {options.cut} a line shorter each time", ("", "median s", "worst"), rows)


if __name__ == "__main__":
    main()
