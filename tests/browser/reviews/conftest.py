"""A shop in whose sprint reviews the browsers meet."""

from pathlib import Path

import pytest

from tests.pages.small_shop import Shops

SPRINTS = "\n[sprints]\nfirst_day = 2026-01-01\ndays = 14\n\n[review.opening]\nvision = 0.5\n"


@pytest.fixture
def shop(shops: Shops, tmp_path: Path) -> Path:
    """A shop on the last day of Sprint 6."""
    return shops(tmp_path / "shop", SPRINTS, days=84)
