"""The refresh against the shortest script by hand that makes the tables of the pages; both read the generated exports.

python -m tests.benchmarks.refresh FOLDER [--times 3]
"""

import argparse
import shutil
import sys
from collections.abc import Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from statistics import median

import duckdb

from kviboard.warehouse.engine import parquet_rows
from kviboard.warehouse.versions import newest
from kviboard.workspace import load_workspace
from tests.benchmarks.measure import Run, print_table, run

BY_HAND = Path(__file__).with_name("by_hand.sql")
TABLES_BY_HAND = "tables_by_hand"
OF_THE_BOARD = ("slice_id", "customer_number", "name")  # numbers of its own, and what these customers do not have


@dataclass(frozen=True)
class Comparison:
    """Runs of both, and how many rows are in one but not in the other, by table: in all, and after one more day."""

    board: list[Run]
    hand: list[Run]
    next_day: list[Run]
    differing_rows: dict[str, int]
    differing_next_day: dict[str, int]

    @property
    def ratio(self) -> float:
        return median(run.seconds for run in self.board) / median(run.seconds for run in self.hand)

    @property
    def cpu_ratio(self) -> float:
        return median(run.cpu_seconds for run in self.board) / median(run.cpu_seconds for run in self.hand)

    @property
    def next_day_share(self) -> float:
        return median(run.seconds for run in self.next_day) / median(run.seconds for run in self.board)

    @property
    def next_day_cpu_share(self) -> float:
        return median(run.cpu_seconds for run in self.next_day) / median(run.cpu_seconds for run in self.board)


def compare(folder: Path, times: int = 1) -> Comparison:
    """Refresh the workspace in `folder` from nothing and run the script, `times` each; then one more day."""
    hand = [run_by_hand(folder)]
    board = [refresh_from_nothing(folder)]
    # Rows are compared in a process of its own: what that takes would count as the memory of whatever is started here
    # afterwards.
    with ProcessPoolExecutor(1, get_context("spawn")) as apart:
        differing = apart.submit(differing_tables, folder).result()
        for _ in range(times - 1):
            hand.append(run_by_hand(folder))
            board.append(refresh_from_nothing(folder))
        next_day, differing_next_day = refresh_next_day(folder, apart)
    return Comparison(board, hand, [next_day], differing, differing_next_day)


def run_by_hand(folder: Path) -> Run:
    return run([sys.executable, "-m", "tests.benchmarks.refresh", str(folder), "--by-hand"])


def refresh_from_nothing(folder: Path) -> Run:
    shutil.rmtree(folder / ".kviboard", ignore_errors=True)
    return refresh(folder)


def refresh(folder: Path) -> Run:
    return run([sys.executable, "-m", "kviboard", "refresh", "--workspace", str(folder)])


def refresh_next_day(folder: Path, apart: Executor) -> tuple[Run, dict[str, int]]:
    """The refresh after one more day's activity came in, and the rows in which the script differs then, compared
    `apart`; the day is taken away again."""
    more = folder / "exports" / "activity-next-day.parquet"
    write_next_day(folder, more)
    try:
        after = refresh(folder)
        run_by_hand(folder)
        return after, apart.submit(differing_tables, folder).result()
    finally:
        more.unlink()


def write_next_day(folder: Path, path: Path) -> None:
    """The last day's activity once more, a day later."""
    last = sorted((folder / "exports").glob("activity-[0-9]*.parquet"))[-1]
    duckdb.connect().execute(
        f"copy (select * replace (occurred_at + interval 1 day as occurred_at) from '{last}' "
        f"where occurred_at >= (select cast(max(occurred_at) as date) from '{last}')) to '{path}' (format parquet)"
    )


def by_hand(folder: Path) -> None:
    """Run the script under the memory limit that a refresh has, too."""
    memory = load_workspace(folder).engine.memory_gb
    connection = duckdb.connect(
        config={
            "memory_limit": f"{memory}GB",
            "preserve_insertion_order": False,
            "temp_directory": str(folder / ".by_hand"),
        }
    )
    connection.execute(BY_HAND.read_text(encoding="utf-8").format(exports=folder / "exports"))
    shutil.rmtree(folder / TABLES_BY_HAND, ignore_errors=True)
    (folder / TABLES_BY_HAND).mkdir()
    for (name,) in connection.execute("select table_name from duckdb_tables() where not temporary").fetchall():
        connection.execute(f"copy {name} to '{folder / TABLES_BY_HAND / name}.parquet' (format parquet)")


def differing_tables(folder: Path) -> dict[str, int]:
    """Rows that only the board has or only the script, by table of the script."""
    version = newest(load_workspace(folder))
    made = sorted((folder / TABLES_BY_HAND).glob("*.parquet"))
    return {path.stem: differing_rows(version.whole_files(path.stem), [path]) for path in made}


def differing_rows(one: Sequence[Path], other: Sequence[Path]) -> int:
    """Rows that only one of the two has in the columns of the first, with numbers compared to four decimals."""
    connection = duckdb.connect()
    connection.execute("set enable_progress_bar = false")  # DuckDB takes a process that was spawned for a person's
    columns = [(name, kind) for name, kind, *_ in connection.execute(f"describe from {parquet_rows(one)}").fetchall()]
    texts = ("VARCHAR", "DATE", "TIMESTAMP", "BOOLEAN")
    compared = ", ".join(
        f'"{name}"' if kind in texts else f'round(cast("{name}" as double), 4) as "{name}"'
        for name, kind in columns
        if name not in OF_THE_BOARD
    )
    a, b = (f"select {compared}, {side} as side from {parquet_rows(files)}" for files, side in ((one, 1), (other, -1)))
    more = f"select * exclude (side), sum(side) as more from ({a} union all {b}) group by all"
    sql = f"select coalesce(sum(abs(more)), 0) from ({more})"
    return int(connection.execute(sql).fetchall()[0][0])


def rows_in(files: Path) -> int:
    """Rows of one or more Parquet files."""
    return int(duckdb.connect().execute(f"select count(*) from '{files}'").fetchall()[0][0])


def slices_in(customers: Path) -> int:
    """Combinations of dimension values among the customers in a file."""
    sql = f"select count(*) from (select distinct segment, country, plan from '{customers}')"
    return int(duckdb.connect().execute(sql).fetchall()[0][0])


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.refresh", description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, help="a folder made by tests.benchmarks.generate")
    parser.add_argument("--times", type=int, default=3, help="runs of each (default: 3)")
    parser.add_argument("--by-hand", action="store_true", help="only run the script")
    options = parser.parse_args()
    if options.by_hand:
        return by_hand(options.folder)
    found = compare(options.folder, options.times)
    whats = (("by hand", found.hand), ("kviboard refresh", found.board), ("… after one more day", found.next_day))
    rows = []
    for what, runs in whats:
        times = median(run.seconds for run in runs), median(run.cpu_seconds for run in runs)
        rows.append((what, *(f"{time:.1f}" for time in times), f"{max(run.peak_mb for run in runs):,.0f}"))
    print_table(f"Refresh of {options.folder}", ("", "median s", "CPU s", "peak MB"), rows)
    print(f"\n  ratio {found.ratio:.2f} (of CPU time {found.cpu_ratio:.2f})")
    print(f"  one more day costs {found.next_day_share:.0%} of a refresh (of CPU time {found.next_day_cpu_share:.0%})")
    all_rows = (sum(rows.values()) for rows in (found.differing_rows, found.differing_next_day))
    print("  rows of {} tables that differ: {}, after one more day {}".format(len(found.differing_rows), *all_rows))
    return None


if __name__ == "__main__":
    main()
