"""How often the board cries wolf: signals of the latest period on branches of a company where nothing ever changes.

    python -m tests.benchmarks.false_signals FOLDER [--branches 200] [--seats 150] [--days 1096] [--seed 1]

Each branch is a board of its own. The bar: at most 2 % of the latest periods of any KVI and grain give a signal, at
most 15 % of the boards any, every KVI in the grain it is judged in and mirrors told once.
"""

import argparse
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pandas as pd

from kviboard.board.board import Board, open_board
from kviboard.board.exports.maintenance import refresh_now
from kviboard.board.kvis.all_kvis import read_every_kvi
from kviboard.board.kvis.reading import Reading, View
from kviboard.board.kvis.readings import read_kvis
from kviboard.domain.kvis.kvi import Kvi
from kviboard.domain.kvis.signals import DOWN, UP
from kviboard.domain.periods import GRAINS
from kviboard.workspace import load_workspace
from tests.benchmarks.branches import Size, write_branches

KVI_BAR, BOARD_BAR = 0.02, 0.15


def make_branches(folder: Path, size: Size, seed: int) -> Board:
    """The refreshed board of the branches in `folder`."""
    write_branches(folder, size, seed)
    workspace = load_workspace(folder)
    refresh_now(workspace)
    return open_board(workspace)


def signals_by_kvi(board: Board, grain: str) -> dict[str, float]:
    """The share of branches whose latest period gives a signal, by KVI, were each judged in this grain."""
    kvis = [replace(kvi, judged=grain) for kvi in board.kvis.values() if grain in kvi.grains]
    found = read_kvis(board, kvis, View(grain, by="branch"))
    return {name: _share(readings) for name, readings in found.items()}


def boards_with_signals(board: Board) -> float:
    """The share of branches on which any KVI gives a signal, each judged as its file says."""
    wrong: set[str] = set()
    branches: set[str] = set()
    for name, readings in read_every_kvi(board, View(board.usual_grain, by="branch")).items():
        branches |= {str(reading.slice) for reading in readings}
        if not board.kvis[name].mirrors:
            wrong |= {str(reading.slice) for reading in readings if reading.verdict in (UP, DOWN)}
    return len(wrong) / len(branches)


def judged_here(board: Board, kvi: Kvi, grain: str) -> bool:
    """Whether the board tells the KVI in this grain."""
    return board.judged_grain(kvi) == grain


def _share(readings: list[Reading]) -> float:
    return sum(reading.verdict in (UP, DOWN) for reading in readings) / len(readings)


def _rows(board: Board) -> Iterator[tuple[str, str, float, bool]]:
    for grain in GRAINS:
        for name, share in signals_by_kvi(board, grain).items():
            yield name, grain, share, judged_here(board, board.kvis[name], grain)


def main() -> None:
    """Print the shares."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    for name, default in (("branches", 200), ("seats", 150), ("days", 1096), ("seed", 1)):
        parser.add_argument(f"--{name}", type=int, default=default)
    asked = parser.parse_args()
    board = make_branches(asked.folder, Size(asked.branches, asked.seats, asked.days), asked.seed)
    rows = pd.DataFrame(_rows(board), columns=["kvi", "grain", "signals", "judged"])
    print(rows.pivot(index="kvi", columns="grain", values="signals")[list(GRAINS)].round(3).to_string(na_rep="–"))
    above = rows[rows["signals"] > KVI_BAR]
    print(f"\n{len(above)} of {len(rows)} above {KVI_BAR:.0%}, {above['judged'].sum()} of them where the KVI is judged")
    print(f"boards with any signal: {boards_with_signals(board):.1%} (bar {BOARD_BAR:.0%})")


if __name__ == "__main__":
    main()
