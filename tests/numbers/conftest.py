"""What second routes are compared with: the sample's board."""

import pytest

from kviboard.board.board import Board


@pytest.fixture(scope="session")
def board(sample_board: Board) -> Board:
    """The sample's; a module on other data has a board of its own."""
    return sample_board
