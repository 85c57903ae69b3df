"""One fact, one signal: mirrors are told once, and no built-in KVI is a mirror without saying so."""

from dataclasses import replace
from itertools import combinations

import numpy as np

from kviboard.board.kvis.reading import View
from kviboard.board.kvis.readings import read_kvi
from kviboard.board.kvis.sorting import without_mirrors
from kviboard.domain.kvis.kvi import Target
from tests.board.conftest import kvi_file


def names(readings):
    return [reading.kvi.name for reading in readings]


def test_of_mirrors_the_mirrored_one_is_told_or_the_one_with_a_target(tiny):
    board = tiny(turnover=kvi_file(), double=kvi_file("2 * sum(revenue)", title="Double", more="mirrors: turnover"))
    board = replace(board, workspace=board.workspace.model_copy(update={"targets": ()}))
    readings = [read_kvi(board, board.kvis[name], View("month"))[0] for name in ("double", "turnover")]
    assert names(without_mirrors(readings)) == ["turnover"]
    aimed = replace(board, set_targets=(Target("double", 90),))
    readings = [read_kvi(aimed, aimed.kvis[name], View("month"))[0] for name in ("double", "turnover")]
    assert names(without_mirrors(readings)) == ["double"]
    both = replace(board, set_targets=(Target("double", 90), Target("turnover", 45)))
    readings = [read_kvi(both, both.kvis[name], View("month"))[0] for name in ("double", "turnover")]
    assert names(without_mirrors(readings)) == ["turnover"]
    assert names(without_mirrors(readings[:1])) == ["double"]  # without the one it mirrors


def test_no_built_in_kvi_is_a_linear_image_of_another_without_saying_so(sample_board):
    """Straight lines through the values of all months: what they leave is nothing but rounding."""
    values = {
        kvi.name: read_kvi(sample_board, kvi, View("month"))[0].columns["value"]
        for kvi in sample_board.kvis.values()
        if "month" in kvi.grains
    }
    found = {frozenset(pair) for pair in combinations(values, 2) if is_line(*(values[name] for name in pair))}
    declared = {frozenset((kvi.name, kvi.mirrors)) for kvi in sample_board.kvis.values() if kvi.mirrors}
    assert found == declared == {frozenset(("below_four_of_five", "customer_satisfaction"))}


def is_line(one, other):
    length = min(len(one), len(other))
    one, other = one[-length:], other[-length:]
    both = np.isfinite(one) & np.isfinite(other)
    if both.sum() < 3:
        return False
    slope, start = np.polyfit(one[both], other[both], 1)
    return bool(np.allclose(slope * one[both] + start, other[both], rtol=1e-9, atol=1e-12))
