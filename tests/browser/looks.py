"""What is looked at on every page: flaws for assistive technology, what sticks out sideways, light and dark."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from kviboard.components.palette import PALETTE
from tests.browser.visit import settle

_OVERHANG = """() => [document.scrollingElement, ...document.querySelectorAll('[data-testid=stMain], [role=dialog]')]
    .map(element => element.scrollWidth - Math.min(element.clientWidth, innerWidth))"""
_HAS_SCHEME = """scheme => getComputedStyle(document.querySelector('[data-testid=stApp]')).colorScheme === scheme"""
_AXE = Axe().axe_script
_SMALL_TARGETS = """() => [...document.querySelectorAll(
    ':is([data-testid=stMain], [role=dialog]) :is(a[href], button, summary, input:not([type=hidden]), [role=combobox])'
    )]
    .filter((target) => !target.closest('[data-testid=stElementToolbar], [data-testid=stVegaLiteChart]'))
    .filter((target) => target.checkVisibility({ visibilityProperty: true }) && target.offsetWidth)
    .map((target) => {
        const over = getComputedStyle(target, '::after');  // a link may cover its whole card
        const covers = over.content !== 'none' && over.position === 'absolute' ? parseFloat(over.height) : 0;
        return [target.innerText || target.ariaLabel, Math.max(target.getBoundingClientRect().height, covers || 0)];
    })
    .filter(([, height]) => height < 43.5)"""
# A folded line of our own: the small triangle that says so is drawn, or the browser's own is not taken away.
_SIGNLESS = """() => [...document.querySelectorAll(
    '[data-testid=stMain] details:not(.kvi-about, .kvi-bar-toggle, [data-testid=stExpander] *) > summary')]
    .filter((line) => line.checkVisibility() && line.offsetWidth)
    .filter((line) => getComputedStyle(line).display !== 'list-item')
    .filter((line) => [line, ...line.querySelectorAll('*')].every(
        (each) => !/[▸▾]/.test(getComputedStyle(each, '::before').content)))
    .map((line) => line.innerText)"""
# Wide tables scrolled to their end: rows whose name went out of sight.
_UNNAMED = """() => [...document.querySelectorAll('.kvi-wide')].flatMap((wide) => {
    wide.scrollLeft = wide.scrollWidth;
    const out = [...wide.querySelectorAll('tbody th')].filter(
        (name) => name.offsetWidth && name.getBoundingClientRect().left < wide.getBoundingClientRect().left - 1);
    wide.scrollLeft = 0;
    return out.map((name) => name.innerText);
})"""
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


def small_targets(page: Page) -> list[tuple[str, float]]:
    """Links, buttons and fields of the page and of a dialog on it that are too low for a finger, with their height."""
    return [(name, height) for name, height in page.evaluate(_SMALL_TARGETS)]


def folds_without_a_sign(page: Page) -> list[str]:
    """Lines that open something and do not look like it."""
    return list(page.evaluate(_SIGNLESS))


def unnamed_figures(page: Page) -> list[str]:
    """Rows of wide tables that lose their name where one scrolls to their last figure."""
    return list(page.evaluate(_UNNAMED))


def switch_to(page: Page, scheme: str) -> None:
    """Let the reader's system be light or dark, and wait until the page is."""
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page.wait_for_function(_HAS_SCHEME, arg=scheme)
    settle(page)
