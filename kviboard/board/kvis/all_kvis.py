"""Reads every KVI at once, each in the length of period that was chosen or, where it has none of that, its shortest."""

from dataclasses import replace

from kviboard.board.board import Board
from kviboard.board.kvis.reading import Reading, View
from kviboard.board.kvis.readings import read_grains, zoomed
from kviboard.domain.kvis.kvi import Kvi


def view_of(kvi: Kvi, view: View) -> View:
    """The view in the chosen grain; where the KVI has none of that length, in the shortest it has."""
    return view if view.grain in kvi.grains else replace(view, grain=kvi.grains[0])


def kvis_by_grain(board: Board, view: View) -> dict[str, list[Kvi]]:
    """The KVIs by the grain in which each is read in this view."""
    grains: dict[str, list[Kvi]] = {}
    for kvi in board.kvis.values():
        grains.setdefault(view_of(kvi, view).grain, []).append(kvi)
    return grains


def read_every_kvi(board: Board, view: View) -> dict[str, list[Reading]]:
    """The readings of every KVI, by name, in the order of the catalogue."""
    found = read_grains(board, kvis_by_grain(board, view), view)
    return {name: zoomed(found[view_of(kvi, view).grain][name], view) for name, kvi in board.kvis.items()}
