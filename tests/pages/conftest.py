"""Every page without a browser: what it draws on good, empty, partial and broken workspaces."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest

from kviboard.ui.sections import SECTIONS
from kviboard.workspace import WORKSPACE_VARIABLE
from tests.pages.drawn import Open
from tests.pages.okrs.shop import visiting
from tests.pages.small_shop import Shops, shops
from tests.pages.visits import visit

__all__ = ["shops"]  # a fixture

PAGE_FILES = [file for pages in SECTIONS.values() for file, *_ in pages]


@pytest.fixture(scope="session", autouse=True)
def _packages_are_looked_through_once() -> Iterator[None]:
    """For each page that a test opens, Streamlit looks through all installed packages for components: 0.1 s each."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(manifest_scanner, "scan_component_manifests", cache(manifest_scanner.scan_component_manifests))
        yield


@pytest.fixture(params=PAGE_FILES)
def page_file(request: pytest.FixtureRequest) -> str:
    """The file of each page, one after the other."""
    return str(request.param)


@pytest.fixture
def open_page(monkeypatch: pytest.MonkeyPatch) -> Open:
    """Opens a page on a workspace."""

    def opened(workspace: Path, file: str, **address: str) -> AppTest:
        monkeypatch.setenv(WORKSPACE_VARIABLE, str(workspace))
        return visit(file, **address)

    return opened


@pytest.fixture
def shop(shops: Shops, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A shop whose data reaches 10 April 2026, without OKRs, that visitors come to."""
    folder = shops(tmp_path / "shop")
    visiting(monkeypatch, folder)
    return folder
