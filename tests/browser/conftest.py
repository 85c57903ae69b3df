"""A real Chromium and a real server on the sample workspace; what a browser says about each page it opens."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser.chromium import FLAGS, NoBrowser, find_chromium
from tests.browser.server import Server, serving
from tests.browser.visit import Visit
from tests.once import once, shared_folder


@pytest.fixture(scope="session")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Path of the browser; found or installed once for all workers."""
    try:
        found = once(shared_folder(tmp_path_factory) / "chromium", lambda path: path.write_text(find_chromium()))
    except NoBrowser as error:
        pytest.fail(str(error))
    return found.read_text()


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    """One browser per file: while Playwright runs, nothing else in this process may start an event loop."""
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield launched
        launched.close()


@pytest.fixture(scope="session")
def server(sample_workspace: Path) -> Iterator[Server]:
    """The board on the sample workspace."""
    with serving(sample_workspace) as running:
        yield running


@pytest.fixture
def visit(browser: Browser) -> Iterator[Visit]:
    """A visitor with a fresh browser; any error on the console or request to a foreign host fails the test."""
    visitor = Visit(browser)
    yield visitor
    visitor.close()
    assert visitor.troubles == []
