"""A link into the middle of the app is the first thing that a fresh server is asked for."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest
from playwright.sync_api import Page, WebSocket, expect

from kviboard.ui.filters import RANGES
from tests.browser.server import Server, serving
from tests.browser.session import Answer, connected
from tests.browser.visit import PAGES, Visit, go_to

SLUG = re.compile(r"[a-z0-9_]+|\d{4}-\d\d-\d\d")  # or a day
# The sample's dimensions, its touchpoints and topics, what is searched for, and names: people's own words.
NO_SLUGS = {"country", "segment", "plan", "touchpoint", "topic", "q", "person"}
TITLES = [title for title, _ in PAGES]
PAGE = pytest.mark.parametrize(("title", "path"), PAGES, ids=TITLES)


@pytest.fixture
def fresh_server(sample_workspace: Path, port: str) -> Iterator[Server]:
    with serving(sample_workspace, port=port) as running:
        yield running


@PAGE
def test_a_fresh_server_shows_the_page_inside_the_full_app(
    fresh_server: Server, visit: Visit, title: str, path: str
) -> None:
    with received(visit.page) as frames:
        page = visit.open(f"{fresh_server.url}/{path}?grain=week&range=24m")
    menu = page.get_by_test_id("stTopNavLink").or_(page.get_by_test_id("stTopNavSection"))
    assert page.get_by_role("heading", level=1).inner_text() == title
    assert menu.count() > 0
    assert page.get_by_test_id("stSidebarNav").count() == 0  # Streamlit's own list of the files in pages/
    assert visit.troubles == []
    answer = Answer.of(frames)
    assert answer.menu == TITLES, fresh_server.output
    assert answer.exceptions == [], fresh_server.output
    assert_links_hold_slugs(page)


def assert_links_hold_slugs(page: Page) -> None:
    """Links of the board lead to its pages, and say choices as slugs, the words that people chose excepted."""
    links = page.locator("a[data-kvi-link]").evaluate_all("links => links.map(link => link.href)")
    choices = [pair for link in links for pair in parse_qsl(urlsplit(link).query) if pair[0] not in NO_SLUGS]
    assert [pair for pair in choices if not SLUG.fullmatch(pair[1])] == []
    assert {urlsplit(link).path.strip("/") for link in links} <= {path for _, path in PAGES}
    assert RANGES.keys() >= {value for name, value in choices if name == "range"}


@contextmanager
def received(page: Page) -> Iterator[list[bytes]]:
    """What servers send to the page meanwhile, from its next connection on."""
    frames: list[bytes] = []

    def note(frame: str | bytes) -> None:
        frames.append(frame if isinstance(frame, bytes) else frame.encode())

    def listen(socket: WebSocket) -> None:
        socket.on("framereceived", note)

    page.on("websocket", listen)
    yield frames
    page.remove_listener("websocket", listen)


@pytest.fixture(scope="module")
def plain_server(sample_workspace: Path) -> Iterator[Server]:
    """Streamlit itself, started on app.py; each of its sessions runs a page file anew."""
    with serving(sample_workspace, plain=True) as running:
        yield running


@PAGE
def test_the_menu_names_all_pages_where_streamlit_itself_was_started(
    plain_server: Server, title: str, path: str
) -> None:
    with connected(plain_server.url) as visitor:
        answer = visitor.run(path)
        assert answer.menu == TITLES, plain_server.output
        assert answer.exceptions == [], plain_server.output
        assert f">{title}</h1>" in answer.texts


@pytest.mark.parametrize("path", ["okr", "kvis/monthly"])
def test_a_page_that_is_not_there_is_told_on_the_first_one(server: Server, visit: Visit, path: str) -> None:
    page = visit.open(f"{server.url}/{path}")
    warning = page.locator(".kvi-warning[role=alert]")
    expect(warning).to_have_text(re.compile(f"There is no page “{path}” here: .* This is This week; the menu has all"))
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert visit.choices == {}
    go_to(page, "KVIs")
    expect(page.get_by_text("There is no page")).to_have_count(0)
