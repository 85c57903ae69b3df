"""Reads every KVI at once, each in the length of period that was chosen or, where it has none of that, its shortest."""

from dataclasses import replace

from kviboard.board.board import Board
from kviboard.board.kvis.reading import Reading, View
from kviboard.board.kvis.readings import read_kvis
from kviboard.domain.kvis.kvi import Kvi


def view_of(kvi: Kvi, view: View) -> View:
    """The view in the chosen grain; where the KVI has none of that length, in the shortest it has."""
    return view if view.grain in kvi.grains else replace(view, grain=kvi.grains[0])


def kvis_by_view(board: Board, view: View) -> dict[View, list[Kvi]]:
    """The KVIs that are read in the same view, and so in one go."""
    views: dict[View, list[Kvi]] = {}
    for kvi in board.kvis.values():
        views.setdefault(view_of(kvi, view), []).append(kvi)
    return views


def read_every_kvi(board: Board, view: View) -> dict[str, list[Reading]]:
    """The readings of every KVI, by name, in the order of the catalogue."""
    found: dict[str, list[Reading]] = {}
    for own, kvis in kvis_by_view(board, view).items():
        found |= read_kvis(board, kvis, own)
    return {name: found[name] for name in board.kvis}
