"""A visitor of the board: opens pages in a real browser, waits until they are drawn, notes what goes wrong."""

import re
from contextlib import suppress
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Browser, ConsoleMessage, Error, Page, Request, ViewportSize
from playwright.sync_api import TimeoutError as TookTooLong

from kviboard.ui.sections import SECTIONS

PAGES = [(title, path) for pages in SECTIONS.values() for _, title, path, *_ in pages]
"""Title and address of every page, in the order of the menu."""

# Opened by a deep link, Streamlit asks in vain whether it lives below the page's path before it asks at the root.
_PROBE = re.compile(r"/\w+/_stcore/(health|host-config)")

_SETTLED = """() => {
    const app = document.querySelector('[data-testid="stApp"]');
    return app?.dataset.testScriptState === "notRunning"
        && app.dataset.testConnectionState === "CONNECTED"
        && document.querySelector("h1") !== null
        && !document.querySelector('[data-stale="true"], [data-testid="stSkeleton"]');
}"""


WIDTH, HEIGHT = 1440, 1200


class Visit:
    """One page of a browser that nobody used before, and the troubles it met."""

    def __init__(
        self, browser: Browser, width: int = WIDTH, height: int = HEIGHT, color_scheme: str = "light", **context: Any
    ) -> None:
        # Nothing moves: drawing what moves takes a third of the time of a visit.
        still = {"reduced_motion": "reduce", **context}
        self._size, self._scheme = ViewportSize(width=width, height=height), color_scheme
        self.context = browser.new_context(viewport=self._size, **still)
        self.troubles: list[str] = []
        self.page: Page = self._new_page()

    def _new_page(self) -> Page:
        page = self.context.new_page()
        self._look(page)
        page.on("console", self._note_error)
        page.on("pageerror", lambda error: self._note(str(error)))
        page.on("request", self._note_foreign)
        return page

    def kill(self) -> None:
        """The page dies as a killed browser does, without a word to the server; a new one has what was kept on disk."""
        with suppress(Error):  # that is what dying is
            self.page.goto("chrome://crash")
        self.page = self._new_page()

    def become(self, width: int, height: int, color_scheme: str) -> Self:
        """Somebody else, whose screen has this size and whose system is light or dark."""
        self._size, self._scheme = ViewportSize(width=width, height=height), color_scheme
        return self.afresh()

    def afresh(self) -> Self:
        """As if nobody had used the browser; its page is warm and draws the board in half the time of a new one."""
        if self.page.url.startswith("http"):
            self.page.evaluate("try { localStorage.clear(); sessionStorage.clear() } catch {}")  # none on an error page
        self.page.goto("about:blank")
        for page in self.context.pages:
            if page is not self.page:
                page.close()
        self.context.clear_cookies()
        self._look(self.page)
        self.troubles.clear()
        return self

    def _look(self, page: Page) -> None:
        page.set_viewport_size(self._size)
        page.emulate_media(color_scheme="dark" if self._scheme == "dark" else "light", media="screen")

    def open(self, url: str) -> Page:
        self.page.goto(url)
        _await_drawn(self.page)  # a new document has no title before its first run has drawn one
        return self.page

    @property
    def choices(self) -> dict[str, list[str]]:
        """What the address says the visitor chose."""
        return parse_qs(urlsplit(self.page.url).query)

    def close(self) -> None:
        self.context.close()

    def _note_error(self, message: ConsoleMessage) -> None:
        source = message.location.get("url", "")
        if message.type == "error" and not _PROBE.fullmatch(urlsplit(source).path):
            self._note(f"{message.text} ({source})")

    def _note(self, trouble: str) -> None:
        self.troubles.append(trouble)

    def _note_foreign(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme not in ("data", "blob") and address.hostname not in ("127.0.0.1", None):
            self._note(f"asked a foreign host: {request.url}")


def settle(page: Page) -> None:
    """Wait until the script has run and everything it sent is drawn. Fails with what the page says instead."""
    page.wait_for_timeout(155)  # a rerun takes this long to show in the page's state
    _await_drawn(page)


def go_to(page: Page, title: str) -> None:
    """Open another page by the menu."""
    links = page.get_by_test_id("stTopNavLink").filter(has_text=title)
    if links.count() == 0:
        for section in page.get_by_test_id("stTopNavSection").all():
            section.click()
            entry = page.get_by_test_id("stTopNavDropdownLink").filter(has_text=title)
            if entry.count():
                entry.first.click()
                break
            page.keyboard.press("Escape")
    else:
        links.first.click()
    page.get_by_role("heading", level=1, name=title).wait_for()
    settle(page)


def _await_drawn(page: Page) -> None:
    try:
        page.wait_for_function(_SETTLED, polling=50, timeout=30_000)  # not at each frame, which draws it
    except TookTooLong as error:
        raise AssertionError(f"{page.url} was not drawn; it says:\n{page.inner_text('body')[:2000]}") from error
    page.wait_for_timeout(100)
