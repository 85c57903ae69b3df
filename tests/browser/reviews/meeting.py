"""A chair with a keyboard: moves through a review on the big screen, types, and reads what it says."""

from playwright.sync_api import Locator, Page, expect

from tests.browser.server import Server
from tests.browser.visit import Visit, settle


class Meeting:
    """One person's screen in a review. Everything is done by keys."""

    def __init__(self, visit: Visit, server: Server, sprint: str, act: str, name: str) -> None:
        cookie = {"name": "kviboard_person", "value": name.replace(" ", "%20"), "url": server.url}
        visit.context.add_cookies([cookie])  # type: ignore[list-item]
        self.page: Page = visit.page
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
