"""What several tests of exports share."""

import pytest

from kviboard.board.exports import maintenance
from tests.warehouse.company import staging_only


@pytest.fixture
def exports_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the tables of the contract are built: half of a refresh, where no test looks at what is made of them."""
    monkeypatch.setattr(maintenance, "load_catalog", staging_only)
