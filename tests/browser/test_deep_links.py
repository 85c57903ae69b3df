"""A link into the middle of the app is the first thing that a fresh server is asked for."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.server import serving
from tests.browser.session import connected
from tests.browser.visit import PAGES, Visit

TITLES = [title for title, _ in PAGES]
PAGE = pytest.mark.parametrize(("title", "path"), PAGES, ids=TITLES)


@PAGE
def test_a_fresh_server_shows_the_page_inside_the_full_app(
    browser: Browser, sample_workspace: Path, title: str, path: str
) -> None:
    visitor = Visit(browser)
    with serving(sample_workspace) as server:
        page = visitor.open(f"{server.url}/{path}?grain=month")
        menu = page.get_by_test_id("stTopNavLink").or_(page.get_by_test_id("stTopNavSection"))
        assert page.get_by_role("heading", level=1).inner_text() == title
        assert menu.count() > 0
        assert page.get_by_test_id("stSidebarNav").count() == 0  # Streamlit's own list of the files in pages/
        assert visitor.troubles == []
    visitor.close()


@PAGE
@pytest.mark.parametrize("plain", [False, True], ids=["kviboard serve", "streamlit run app.py"])
def test_the_menu_names_all_pages_however_the_server_was_started(
    sample_workspace: Path, title: str, path: str, plain: bool
) -> None:
    with serving(sample_workspace, plain=plain) as server, connected(server.url) as visitor:
        answer = visitor.run(path)
        assert answer.menu == TITLES, server.output
        assert answer.exceptions == [], server.output
        assert f">{title}</h1>" in answer.texts
