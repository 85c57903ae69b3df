"""What is looked at on every page: flaws for assistive technology, what sticks out sideways, light and dark."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from kviboard.components.palette import PALETTE
from tests.browser.visit import settle

_OVERHANG = """() => [document.scrollingElement, ...document.querySelectorAll('[data-testid=stMain], [role=dialog]')]
    .map(element => element.scrollWidth - Math.min(element.clientWidth, innerWidth))"""
_HAS_SCHEME = """scheme => getComputedStyle(document.querySelector('[data-testid=stApp]')).colorScheme === scheme"""
_AXE = Axe().axe_script
# What is found alone: to describe everything that is sound, too, takes an eighth of the time.
_VIOLATIONS = """async () => (await axe.run({ resultTypes: ["violations"] })).violations"""


def serious_flaws(page: Page) -> dict[str, list[str]]:
    """Serious and critical violations that axe finds, each with the HTML of up to five places."""
    if page.evaluate("!window.axe"):
        page.evaluate(_AXE)
    return {
        violation["id"]: [node["html"][:200] for node in violation["nodes"]][:5]
        for violation in page.evaluate(_VIOLATIONS)
        if violation["impact"] in ("serious", "critical")
    }


def as_rgb(role: str, mode: int) -> str:
    """A colour of the palette as a browser writes it; `mode` is 0 for light, 1 for dark."""
    red, green, blue = (int(PALETTE[role][mode][i : i + 2], 16) for i in (1, 3, 5))
    return f"rgb({red}, {green}, {blue})"


def overhang(page: Page, width: int) -> int:
    """By how many pixels the page or a dialog on it is wider than a screen of this width."""
    page.set_viewport_size({"width": width, "height": 844})
    settle(page)
    return int(max(page.evaluate(_OVERHANG)))


def switch_to(page: Page, scheme: str) -> None:
    """Let the reader's system be light or dark, and wait until the page is."""
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page.wait_for_function(_HAS_SCHEME, arg=scheme)
    settle(page)
