"""Every page without a browser: what it draws on good, empty, partial and broken workspaces."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from kviboard.ui.sections import SECTIONS
from kviboard.workspace import APP_ROOT, WORKSPACE_VARIABLE
from tests.pages.drawn import Open

PAGE_FILES = [file for pages in SECTIONS.values() for file, *_ in pages]


@pytest.fixture(params=PAGE_FILES)
def page_file(request: pytest.FixtureRequest) -> str:
    """The file of each page, one after the other."""
    return str(request.param)


@pytest.fixture
def open_page(monkeypatch: pytest.MonkeyPatch) -> Open:
    """Opens a page on a workspace, through app.py as a visitor does."""

    def opened(workspace: Path, file: str) -> AppTest:
        monkeypatch.setenv(WORKSPACE_VARIABLE, str(workspace))
        app = AppTest.from_file(str(APP_ROOT / "app.py"), default_timeout=30).run()
        return app.switch_page(f"pages/{file}.py").run()

    return opened
