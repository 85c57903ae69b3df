"""Minutes in a real browser: nothing is requested, nothing is cut off, everybody can read them; and on paper."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from kviboard.components.palette import PALETTE
from kviboard.documents.blocks import Step, Story
from kviboard.documents.html.blocks import WALL, step_html
from kviboard.documents.html.minutes import minutes_html
from kviboard.documents.html.page import page_html
from tests.documents.stories import HOSTILE, figure, filled_with, review

CUT_OFF = """() => [...document.querySelectorAll('svg.kvi-chart text')].filter(text => {
    const svg = text.closest('svg').getBoundingClientRect(), box = text.getBoundingClientRect();
    return svg.width && (box.left < svg.left - 1 || box.right > svg.right + 1 || box.bottom > svg.bottom + 1);
}).map(text => text.textContent)"""
SMALLEST = """() => Math.min(...[...document.querySelectorAll('main *')].filter(
    each => each.getClientRects().length && [...each.childNodes].some(node => node.nodeType === 3 && node.data.trim())
).map(each => each.closest('svg')
    ? parseFloat(getComputedStyle(each).fontSize) * each.getScreenCTM().a
    : parseFloat(getComputedStyle(each).fontSize)))"""


@pytest.fixture
def pages(browser: Browser, tmp_path: Path) -> Iterator["Pages"]:
    """Opens HTML as a file; anything on the console, any request and any dialog fails the test."""
    opened = Pages(browser, tmp_path)
    yield opened
    for page in opened.pages:
        page.context.close()
    assert opened.troubles == []


class Pages:
    """Files opened in browsers of their own, and what went wrong in them."""

    def __init__(self, browser: Browser, folder: Path) -> None:
        self.browser, self.folder = browser, folder
        self.pages: list[Page] = []
        self.troubles: list[str] = []

    def open(self, html: str, width: int = 1440, height: int = 900, scheme: str = "light") -> Page:
        file = self.folder / f"{len(self.pages)}.html"
        file.write_text(html, encoding="utf-8")
        context = self.browser.new_context(
            viewport={"width": width, "height": height}, color_scheme="dark" if scheme == "dark" else "light"
        )
        page = context.new_page()
        page.on("console", lambda message: self.troubles.append(message.text))
        page.on("pageerror", lambda error: self.troubles.append(str(error)))
        page.on("dialog", lambda dialog: self.troubles.append(dialog.message))
        page.on("request", lambda request: self._note(request.url, file))
        page.goto(file.as_uri())
        self.pages.append(page)
        return page

    def _note(self, url: str, file: Path) -> None:
        if url != file.as_uri():
            self.troubles.append(f"requests {url}")


@cache
def minutes() -> str:
    """A review's minutes, whose charts take their time to be drawn."""
    return minutes_html(review())


@cache
def hostile_minutes() -> str:
    """The same filled with what nobody should have typed."""
    steps = (step for text in HOSTILE.values() for step in filled_with(text).steps)
    return minutes_html(Story("x", "y", tuple(steps)))


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_minutes_fit_the_screen_and_show_every_label(pages: Pages, width: int, scheme: str) -> None:
    page = pages.open(minutes(), width, scheme=scheme)
    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert page.evaluate(CUT_OFF) == []
    assert page.evaluate(SMALLEST) >= 11


@pytest.mark.parametrize("width", [1440, 390])
def test_what_nobody_should_have_typed_neither_runs_nor_breaks_the_page(pages: Pages, width: int) -> None:
    page = pages.open(hostile_minutes(), width)
    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert page.locator("script, img, iframe, main a[href*=':']").count() == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(pages: Pages, scheme: str) -> None:
    page = pages.open(minutes(), scheme=scheme)
    page.evaluate("document.head.querySelector('meta[http-equiv]').remove()")
    found = Axe().run(page).response["violations"]
    assert [(each["id"], [node["target"] for node in each["nodes"]]) for each in found] == []


def test_charts_take_the_colours_of_the_readers_scheme(pages: Pages) -> None:
    for mode, scheme in enumerate(("light", "dark")):
        page = pages.open(minutes(), scheme=scheme)
        strokes = page.eval_on_selector_all(
            "svg.kvi-chart path", "paths => paths.map(path => getComputedStyle(path).stroke)"
        )
        red, green, blue = (int(PALETTE["text"][mode][i : i + 2], 16) for i in (1, 3, 5))
        assert f"rgb({red}, {green}, {blue})" in strokes


@pytest.mark.parametrize(("width", "height"), [(1920, 1080), (1280, 720)])
def test_a_kvi_on_the_wall_fits_the_screen_in_type_for_the_back_of_the_room(
    pages: Pages, width: int, height: int
) -> None:
    root = 22 / 13 * 16 * height / 1080  # the smallest type, 13 of 16 px, then has 22 of 1080 lines
    css = f"html{{font-size:{root}px}} .kvi-document{{max-width:none;padding:2rem 2.5rem}}"
    html = step_html(Step("kvi", "What happened", (figure(),), note="They come back."), WALL, None)
    page = pages.open(page_html("Wall", html, extra_css=css), width, height)
    assert page.evaluate("document.documentElement.scrollHeight") == height
    assert page.evaluate(CUT_OFF) == []
    assert page.evaluate(SMALLEST) >= 21.9 * height / 1080


def test_paper_is_white_and_no_picture_is_torn_apart(pages: Pages) -> None:
    page = pages.open(minutes(), scheme="dark")
    printed = page.pdf(prefer_css_page_size=True, print_background=True)
    assert printed.startswith(b"%PDF")
    assert 2 <= len(re.findall(rb"/Type\s*/Page\b", printed)) <= 4
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    red, green, blue = (int(PALETTE["text"][0][i : i + 2], 16) for i in (1, 3, 5))
    assert page.evaluate("getComputedStyle(document.body).color") == f"rgb({red}, {green}, {blue})"
    for figure_break in page.eval_on_selector_all("figure", "all => all.map(one => getComputedStyle(one).breakInside)"):
        assert figure_break == "avoid"
