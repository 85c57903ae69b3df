"""Each page in a real browser: quiet console, no foreign host, accessible in light and dark, whole on a phone."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.looks import (
    as_rgb,
    folds_without_a_sign,
    overhang,
    serious_flaws,
    small_targets,
    switch_to,
    unnamed_figures,
)
from tests.browser.server import Server
from tests.browser.visit import PAGES, Visit, settle
from tests.browser.warm import WARM

TILE_LINKS = ".kvi-tile a[data-kvi-link], .kvi-table a[data-kvi-link]"


@dataclass(frozen=True)
class Shown:
    """An open page."""

    visit: Visit
    title: str
    path: str


@pytest.fixture(scope="module")
def looker(browser: Browser) -> Iterator[Visit]:
    """Who opens each page: not the visitor of the other tests, who may come between two looks at one page."""
    with WARM.visitor(browser) as one:
        yield one


@pytest.fixture(scope="module", params=PAGES, ids=[title for title, _ in PAGES])
def shown(request: pytest.FixtureRequest, looker: Visit, server: Server) -> Iterator[Shown]:
    """Each page, opened once for all who look at it."""
    title, path = request.param
    looker.afresh().open(f"{server.url}/{path}")
    yield Shown(looker, title, path)
    assert looker.troubles == []


def test_it_opens_inside_the_app_without_a_word_on_the_console(shown: Shown) -> None:
    assert shown.visit.choices == {}  # what is not chosen stays out of the address
    page = shown.visit.page
    says = "1 new problem, 3 below target" if shown.title == "This week" else f"^{shown.title}"
    expect(page).to_have_title(re.compile(f"{says} · KVI Board$"))
    assert page.get_by_role("heading", level=1).inner_text() == shown.title
    assert page.get_by_test_id("stException").count() == 0
    assert page.get_by_text("Marmot & Kettle").count() > 0
    assert shown.visit.troubles == []


def test_tiles_hold_inline_drawings_and_no_vega_charts(shown: Shown) -> None:
    page = shown.visit.page
    assert page.locator("[data-testid=stMetric] [data-testid=stVegaLiteChart]").count() == 0
    assert page.locator(".kvi-tile canvas, .kvi-table canvas").count() == 0
    tiles = page.locator(".kvi-tile")
    assert page.locator(".kvi-tile svg[role=img][aria-label]").count() == tiles.count()


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_axe_finds_nothing_serious(shown: Shown, scheme: str) -> None:
    switch_to(shown.visit.page, scheme)
    assert serious_flaws(shown.visit.page) == {}


@pytest.mark.parametrize("width", [1440, 768, 390])
def test_nothing_scrolls_sideways(shown: Shown, width: int) -> None:
    assert overhang(shown.visit.page, width) <= 0
    if width == 390:
        assert small_targets(shown.visit.page) == []  # a finger hits every link and button
        assert folds_without_a_sign(shown.visit.page) == []
        assert unnamed_figures(shown.visit.page) == []


def test_it_is_three_screens_at_most_before_anything_is_opened(shown: Shown) -> None:
    page = shown.visit.page
    page.set_viewport_size({"width": 1440, "height": 900})
    settle(page)
    assert page.evaluate("() => document.querySelector('[data-testid=stMain]').scrollHeight") <= 3 * 900


BUTTONS = """() => [...document.querySelectorAll('button, [role=button], [role=radio], .kvi-bottom-bar, .kvi-answer')]
    .filter((each) => each.checkVisibility({ visibilityProperty: true, opacityProperty: true }))
    .filter((each) => each.getBoundingClientRect().height)
    .map((each) => each.innerText || each.ariaLabel)"""


def test_paper_has_no_buttons(shown: Shown) -> None:
    page = shown.visit.page
    page.emulate_media(media="print")
    assert page.evaluate(BUTTONS) == []
    page.emulate_media(media="screen")


# What paper of A4 shows in 703 pixels: its ground, tables that go on beyond its edge, and what a phone would fold.
PAPER = """() => [
    getComputedStyle(document.body).backgroundColor,
    [...document.querySelectorAll('.kvi-wide')].filter((each) => each.scrollWidth > each.clientWidth + 1).length,
    [...document.querySelectorAll('[class*="st-key-fold-"]')].filter((each) => !each.offsetHeight).length,
    [...document.querySelectorAll('.kvi-part-toggle')].filter((each) => each.offsetHeight).length,
]"""


def test_paper_is_white_and_shows_everything_whole(shown: Shown) -> None:
    page = shown.visit.page
    switch_to(page, "dark")
    page.set_viewport_size({"width": 703, "height": 1000})
    page.emulate_media(media="print")
    assert page.evaluate(PAPER) == ["rgb(255, 255, 255)", 0, 0, 0]
    page.emulate_media(media="screen")
    page.set_viewport_size({"width": 1440, "height": 1200})


# The element with the focus: where it leads, and the ring around it or around the card that it covers.
FOCUSED = """() => [document.activeElement.href ?? '', ...[undefined, '::after'].map((part) => {
    const drawn = getComputedStyle(document.activeElement, part);
    return `${drawn.outlineStyle} ${drawn.outlineWidth} ${drawn.outlineColor}`;
})]"""


def test_the_keyboard_reaches_every_tile_by_a_ring_that_is_seen(visit: Visit, server: Server) -> None:
    page = visit.open(server.url)
    wanted = page.locator(TILE_LINKS).evaluate_all("links => links.map(a => a.href)")
    assert wanted
    reached: list[str] = []
    for _ in range(200):
        page.keyboard.press("Tab")
        link, *rings = page.evaluate(FOCUSED)
        assert f"solid 3px {as_rgb('accent', 0)}" in rings, link
        reached.append(link)
        if set(wanted) <= set(reached):
            break
    in_order = [link for link in dict.fromkeys(reached) if link in wanted]
    assert in_order == list(dict.fromkeys(wanted))


def test_enter_on_a_tile_opens_its_kvi(visit: Visit, server: Server) -> None:
    page = visit.open(server.url)
    tile = page.locator(TILE_LINKS).first
    name = page.locator(".kvi-tile .kvi-change b").first.inner_text()
    tile.focus()
    page.keyboard.press("Enter")
    page.get_by_role("heading", level=1, name="KVIs").wait_for()
    page.get_by_role("heading", name=name).first.wait_for()
    assert list(visit.choices) == ["kvi"]


def test_ctrl_k_finds_by_words_and_opens_with_enter(visit: Visit, server: Server) -> None:
    page = visit.open(server.url + "/kvis?grain=month")
    page.locator("dialog.kvi-jump").wait_for(state="attached")
    page.keyboard.press("Control+k")
    field, found = page.get_by_role("combobox", name="Go to a page"), page.get_by_role("option")
    for typed, wanted in (("sprint 37", "Sprint, 30"), ("trust the price", "Objective, Company"), ("C-7", "Customer")):
        field.fill(typed)
        expect(found.filter(visible=True).first).to_contain_text(wanted)
    field.fill("stick")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Stickiness").first.wait_for()
    assert visit.choices == {"grain": ["month"], "kvi": ["stickiness"]}


def test_a_phone_has_the_sections_at_the_bottom_and_one_button_for_the_filters(visit: Visit, server: Server) -> None:
    visit.page.set_viewport_size({"width": 390, "height": 844})
    page = visit.open(server.url + "/kvis")
    grains = page.get_by_role("radio", name="Month")
    assert grains.count() == 0 or not grains.first.is_visible()
    page.get_by_text("Filters", exact=True).click()
    page.get_by_text("Month", exact=True).first.wait_for(state="visible")
    page.get_by_role("link", name="More").click()
    page.get_by_role("option", name="OKRs Page").click()
    page.get_by_role("heading", level=1, name="OKRs").wait_for()
    assert not page.locator("dialog.kvi-jump").is_visible()
    low = """() => [...document.querySelectorAll(".kvi-bottom-bar a, .kvi-bar-toggle summary")]
        .filter((target) => target.getBoundingClientRect().height < 44).length"""
    assert page.evaluate(low) == 0
