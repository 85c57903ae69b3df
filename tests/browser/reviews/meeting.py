"""A chair with a keyboard: moves through a review on the big screen, types, and reads what it says."""

from playwright.sync_api import Locator, Page, expect

from tests.browser.server import Server
from tests.browser.visit import Visit, settle

_FOCUSED = """() => {
    const at = document.activeElement;
    return (at.ariaLabel || at.labels?.[0]?.innerText || at.innerText || "").trim();
}"""
_MOST_TABS = 80


def tab_to(page: Page, name: str) -> None:
    """Tab on until what begins with this name has the focus."""
    reached = []
    for _ in range(_MOST_TABS):
        page.keyboard.press("Tab")
        reached.append(str(page.evaluate(_FOCUSED)))
        if reached[-1].startswith(name):
            return
    raise AssertionError(f"No Tab leads to {name}, but to {reached}")


def open_by_key(page: Page, name: str) -> None:
    """Tab to a link or button of this name and press Enter."""
    tab_to(page, name)
    page.keyboard.press("Enter")


class Meeting:
    """One person's screen in a review. Everything is done by keys."""

    def __init__(self, visit: Visit, server: Server, sprint: str, act: str, name: str, link: str = "") -> None:
        """Opened by its address, or by the keyboard from the sprint's page, by the link of this name."""
        cookie = {"name": "kviboard_person", "value": name.replace(" ", "%20"), "url": server.url}
        visit.context.add_cookies([cookie])  # type: ignore[list-item]
        self.page: Page = visit.page
        if link:
            open_by_key(self.page, link)
        else:
            self.page.goto(f"{server.url}/review?sprint={sprint}&present={act}")
        expect(self.page.locator(".meeting h2")).to_be_visible(timeout=20_000)

    @property
    def step(self) -> str:
        return str(self.page.locator(".meeting").get_attribute("data-step"))

    @property
    def body(self) -> Locator:
        return self.page.locator(".meeting-body")

    @property
    def remarks(self) -> Locator:
        return self.page.locator("[data-part=remarks]")

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def go_to(self, step: str) -> None:
        """Home, then on by a clicker's key until the step is reached."""
        self.press("Home")
        for _ in range(40):
            if self.step == step:
                return
            self.press("PageDown")
        raise AssertionError(f"no step {step}; the last is {self.step}")

    def write(self, *fields: str) -> None:
        """N, then one field after the other with Tab; an empty text leaves a field as it is."""
        self.press("n")
        for number, text in enumerate(fields):
            if number:
                self.press("Tab")
            if text:
                self.page.keyboard.type(text)

    def save(self, said: str, form: str) -> None:
        """Ctrl+Enter, and the answer beside the button of this form."""
        self.press("Control+Enter")
        expect(self.page.locator(f"form[data-asks={form}] [role=status]")).to_have_text(said, timeout=15_000)

    def leave(self) -> None:
        self.page.evaluate("document.activeElement?.blur()")
        self.press("Escape")
        expect(self.page.locator(".meeting")).to_have_count(0, timeout=15_000)
        settle(self.page)
