"""A real server on the sample workspace, and what a browser says about each page it opens."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.server import Server, lasting_port, serving
from tests.browser.visit import Visit
from tests.browser.warm import WARM
from tests.pages.small_shop import shops

__all__ = ["shops"]  # a fixture

expect.set_options(timeout=20_000)  # a busy machine is slow, not broken


@pytest.fixture(scope="session")
def server(sample_workspace: Path) -> Iterator[Server]:
    """The board on the sample workspace."""
    with serving(sample_workspace) as running:
        yield running


@pytest.fixture(scope="session")
def port() -> str:
    """Where the boards of the tests are served, one after the other."""
    return str(lasting_port())


@pytest.fixture
def shop_server(shop: Path, port: str) -> Iterator[Server]:
    """The board on the `shop` of a test's own file."""
    with serving(shop, port=port) as running:
        yield running


@pytest.fixture(scope="module")
def visitor(browser: Browser) -> Iterator[Visit]:
    """The browser in which the tests of a file visit the board, one after the other."""
    with WARM.visitor(browser) as one:
        yield one


@pytest.fixture
def visit(visitor: Visit) -> Iterator[Visit]:
    """A visitor with a fresh browser; any error on the console or request to a foreign host fails the test."""
    yield from anew(visitor)


@pytest.fixture
def come(browser: Browser) -> Iterator[Callable[..., Visit]]:
    """Lets further visitors come, as `WARM.visitor` does; any error on the console of one of them fails the test."""
    here: list[Visit] = []
    with ExitStack() as visits:

        def one(*look: int | str) -> Visit:
            here.append(visits.enter_context(WARM.visitor(browser, *look)))
            return here[-1]

        yield one
        troubles = [[*visit.troubles] for visit in here]
    assert troubles == [[]] * len(here)


def anew(visitor: Visit) -> Iterator[Visit]:
    """The visitor for one test, with a fresh browser and without trouble."""
    yield visitor.afresh()
    troubles = [*visitor.troubles]
    visitor.afresh()  # while its server is there: a page that loses it would complain
    assert troubles == []
