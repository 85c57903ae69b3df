"""One KVI after a filter, slice or grain change, in the serving process; some also from the raw exports.

python -m tests.benchmarks.evaluate FOLDER [--times 20]
"""

import argparse
import time
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pandas as pd

from kviboard.board.board import Board, open_board
from kviboard.board.exports.maintenance import refresh_if_needed
from kviboard.board.kvis.evaluation import evaluate
from kviboard.board.kvis.sql import Question
from kviboard.domain.kvis.kvi import Kvi
from kviboard.workspace import load_workspace
from tests.benchmarks.measure import median_ms, print_table

RAW = {path.stem: path for path in sorted(Path(__file__).with_name("raw").glob("*.sql"))}
CHANGES = ("grain", "filter", "slice", "slice and filter")


@dataclass(frozen=True)
class Timing:
    """Median milliseconds of one KVI per change of view."""

    kvi: str
    ms: dict[str, float]


@dataclass(frozen=True)
class RawTiming:
    """The same monthly numbers from the raw exports: how long, and how far the two are apart at most."""

    kvi: str
    ms: float
    board_ms: float
    largest_difference: float


def open_large(folder: Path) -> Board:
    """The board on the generated workspace, built where that was not done yet."""
    workspace = load_workspace(folder)
    refresh_if_needed(workspace)
    return open_board(workspace)


def questions(kvi: Kvi) -> dict[str, Question]:
    """A change of each kind."""
    finest, coarsest = kvi.grains[0], kvi.grains[-1]
    segment = {"segment": ["Office", "Chain"]}
    return {
        "grain": Question(finest),
        "filter": Question(coarsest, where=segment),
        "slice": Question(coarsest, by="country"),
        "slice and filter": Question(coarsest, by="plan", where=segment),
    }


def time_kvi(board: Board, kvi: Kvi, times: int) -> Timing:
    asked = questions(kvi)
    return Timing(kvi.name, {c: median_ms(lambda c=c: evaluate(board.reader, kvi, asked[c]), times) for c in CHANGES})  # type: ignore[misc]


def time_raw(board: Board, name: str, exports: Path) -> RawTiming:
    """The KVI per month from the raw Parquet files, once, and from the board."""
    kvi = board.kvi(name)
    sql = RAW[name].read_text(encoding="utf-8").format(exports=exports)
    started = time.perf_counter()
    raw = duckdb.connect().execute(sql).df()
    seconds = time.perf_counter() - started
    values = evaluate(board.reader, kvi, Question("month"))
    board_ms = median_ms(lambda: evaluate(board.reader, kvi, Question("month")), 5)
    return RawTiming(name, 1000 * seconds, board_ms, apart(raw, values))


def apart(raw: pd.DataFrame, values: pd.DataFrame) -> float:
    """The largest relative difference of the two in any period."""
    both = raw.merge(values, on="period", how="outer", suffixes=("_raw", ""))
    scale = both["value_raw"].abs().clip(lower=1)
    return float(((both["value"] - both["value_raw"]).abs() / scale).max(skipna=False))


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.evaluate", description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, help="a folder made by tests.benchmarks.generate")
    parser.add_argument("--times", type=int, default=20, help="evaluations of each question (default: 20)")
    options = parser.parse_args()
    board = open_large(options.folder)
    timings = [time_kvi(board, kvi, options.times) for kvi in board.kvis.values()]
    rows = [(timing.kvi, *(f"{timing.ms[change]:.1f}" for change in CHANGES)) for timing in timings]
    print_table("One KVI after a change, median ms", ("", *CHANGES), rows)
    raws = [time_raw(board, name, options.folder / "exports") for name in RAW if name in board.kvis]
    cells = [(raw.kvi, raw.ms, raw.board_ms, raw.ms / raw.board_ms, raw.largest_difference) for raw in raws]
    rows = [(k, f"{raw:,.0f}", f"{ours:.1f}", f"{ratio:,.0f} ×", f"{diff:.0e}") for k, raw, ours, ratio, diff in cells]
    print_table("The same months from raw Parquet", ("", "raw ms", "board ms", "ratio", "apart"), rows)


if __name__ == "__main__":
    main()
