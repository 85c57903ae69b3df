"""The fixture that many tests of the board begin with says where it is misspelled."""

from pathlib import Path

import pytest

from tests.board.conftest import ORDERS, write_tiny


def test_exports_under_a_wrong_name_are_refused_and_no_kvi(tmp_path: Path) -> None:
    with pytest.raises(TypeError, match="order is no KVI's file"):
        write_tiny(tmp_path, order=ORDERS)
