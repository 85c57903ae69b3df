"""Every view on the sample answers with what its file promises; its numbers are held against pandas on the exports."""

import pytest

from kviboard.board.board import Board
from kviboard.board.kvis.reading import View
from kviboard.board.views.views import read_view
from kviboard.catalog import load_catalog
from kviboard.workspace import load_workspace
from tests.numbers.second_route import counting_answers

KINDS = {"text": "Ostr", "day": "M", "flag": "b"}  # all else are numbers


@pytest.mark.parametrize("name", sorted(load_catalog(load_workspace()).views))
def test_a_view_answers_with_the_columns_its_file_promises(sample_board: Board, name: str) -> None:
    file = sample_board.catalog.views[name]
    views = [View(), View(by="country", where=(("plan", ("Basic",)),))] if file.is_sliced else [View()]
    for view in views:
        found = read_view(sample_board, name, view)
        assert found.columns.tolist() == [*(["slice"] if view.by else []), *file.columns]
        for column, unit in file.columns.items():
            empty = found[column].isna().all()
            assert empty or found[column].dtype.kind in KINDS.get(unit, "if"), (column, found[column].dtype)


def test_scores_as_pandas_counts_them(sample_board: Board) -> None:
    told = counting_answers()
    shown = read_view(sample_board, "score_distribution", View()).set_index("score")["responses"]
    assert shown.to_dict() == told["score"].value_counts().reindex(range(11), fill_value=0).to_dict()
