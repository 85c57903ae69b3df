"""One browser for files of tests that follow each other, and visitors who come again: a page that has loaded the board
from an address does so again in half the time that a new one takes."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from playwright.sync_api import Browser, sync_playwright

from tests.browser.chromium import FLAGS, NOT_OPTIMIZED
from tests.browser.visit import HEIGHT, WIDTH, Visit


class Warm:
    """A browser from the first that asks for it until `close`."""

    def __init__(self) -> None:
        self._opened = ExitStack()
        self._browser: Browser | None = None
        self._free: list[Visit] = []

    def browser(self, chromium: str) -> Browser:
        """The browser, started where there is none or the last has died."""
        if self._browser is None or not self._browser.is_connected():
            self.close()
            playwright = self._opened.enter_context(sync_playwright())
            self._browser = playwright.chromium.launch(executable_path=chromium, args=[*FLAGS, NOT_OPTIMIZED])
            self._opened.callback(self._browser.close)
        return self._browser

    @contextmanager
    def visitor(
        self, browser: Browser, width: int = WIDTH, height: int = HEIGHT, scheme: str = "light"
    ) -> Iterator[Visit]:
        """Somebody whom nobody knows. Who meets an error does not come again."""
        visit = self._free.pop() if self._free else Visit(browser)
        try:
            yield visit.become(width, height, scheme)
            self._free.append(visit.afresh())
        except BaseException:
            visit.close()
            raise

    def close(self) -> None:
        """End the browser, and Playwright's event loop with it."""
        self._browser = None
        self._free.clear()
        self._opened.close()


WARM = Warm()
