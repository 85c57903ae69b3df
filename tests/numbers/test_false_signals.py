"""On branches where nothing ever changes, hardly any latest period may give a signal: a small, seeded simulation.

`python -m tests.benchmarks.false_signals` is the same at full size.
"""

import pytest

from kviboard.board.board import Board
from kviboard.board.kvis.reading import View
from kviboard.board.kvis.readings import read_kvis
from tests.benchmarks.branches import Size
from tests.benchmarks.false_signals import BOARD_BAR, KVI_BAR, boards_with_signals, judged_here, make_branches

SIZE = Size(branches=60, seats=60, days=1096)


@pytest.fixture(scope="module")
def branches(tmp_path_factory: pytest.TempPathFactory) -> Board:
    return make_branches(tmp_path_factory.mktemp("branches") / "board", SIZE, seed=1)


def test_hardly_any_board_and_hardly_any_kvi_gives_a_false_signal(branches: Board) -> None:
    assert boards_with_signals(branches) <= BOARD_BAR
    grains = {branches.judged_grain(kvi) for kvi in branches.kvis.values()}
    verdicts = [
        reading.verdict.startswith("signal")
        for grain in grains
        for name, readings in read_kvis(
            branches,
            [kvi for kvi in branches.kvis.values() if judged_here(branches, kvi, grain)],
            View(grain, by="branch"),
        ).items()
        for reading in readings
    ]
    assert sum(verdicts) / len(verdicts) <= KVI_BAR


def test_what_overlaps_too_long_is_not_judged_at_all(branches: Board) -> None:
    """Three years hold one or two windows of twelve months."""
    names = ("net_revenue_retention", "earned_growth", "customer_lifetime_value")
    found = read_kvis(branches, [branches.kvis[name] for name in names], View("month", by="branch"))
    verdicts = {reading.verdict for readings in found.values() for reading in readings}
    assert verdicts <= {"too little history (1 of 8)", "too little history (2 of 8)", "no basis"}
