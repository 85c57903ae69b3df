"""A real server on the sample workspace, and what a browser says about each page it opens."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.server import Server, serving
from tests.browser.visit import Visit

expect.set_options(timeout=20_000)  # a busy machine is slow, not broken


@pytest.fixture(scope="session")
def server(sample_workspace: Path) -> Iterator[Server]:
    """The board on the sample workspace."""
    with serving(sample_workspace) as running:
        yield running


@pytest.fixture
def shop_server(shop: Path) -> Iterator[Server]:
    """The board on the `shop` of a test's own file."""
    with serving(shop) as running:
        yield running


@pytest.fixture
def visit(browser: Browser) -> Iterator[Visit]:
    """A visitor with a fresh browser; any error on the console or request to a foreign host fails the test."""
    visitor = Visit(browser)
    yield visitor
    visitor.close()
    assert visitor.troubles == []
