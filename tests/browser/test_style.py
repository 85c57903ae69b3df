"""The look in a real browser: links that stay in the app, colours that follow the reader's theme at once."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from kviboard.catalog import load_catalog
from kviboard.components.palette import PALETTE
from kviboard.ui.sections import SECTIONS
from kviboard.ui.style import _NO_FORMS
from kviboard.workspace import load_workspace
from tests.browser.looks import as_rgb
from tests.browser.server import Server
from tests.browser.visit import Visit, settle

IS_DARK = "() => getComputedStyle(document.querySelector('[data-testid=stApp]')).colorScheme === 'dark'"
CHART = '[data-testid="stVegaLiteChart"] svg'


def strokes(page: Page, svg: str) -> set[str]:
    """The colours in which the lines of a picture are painted now."""
    read = "svgs => svgs.flatMap(svg => [...svg.querySelectorAll('path')].map(path => getComputedStyle(path).stroke))"
    return set(page.eval_on_selector_all(svg, read))


def test_a_tile_opens_its_kvi_without_loading_the_page_anew_and_the_back_button_returns(
    visit: Visit, server: Server
) -> None:
    page = visit.open(server.url)
    page.evaluate("window.stillHere = true")
    tile = page.locator("li.kvi-tile").first
    (kvi,) = parse_qs(urlsplit(tile.locator("h3 a.kvi-link").get_attribute("href") or "").query)["kvi"]
    tile.click(position={"x": 60, "y": 150})
    page.wait_for_url(re.compile(r"/kvis\?.*kvi="))
    settle(page)
    title = load_catalog(load_workspace()).kvis[kvi].title
    assert page.locator(".kvi-headline h2").inner_text().startswith(title)
    page.go_back()
    settle(page)
    assert page.locator("li.kvi-tile").count() > 0
    assert page.evaluate("window.stillHere")


def test_tiles_fill_the_widest_screen(visit: Visit, server: Server) -> None:
    page = visit.open(server.url)
    page.set_viewport_size({"width": 1920, "height": 1080})
    settle(page)
    ends = page.locator("ul.kvi-wall").evaluate(
        "wall => [wall, ...wall.children].map(each => Math.round(each.getBoundingClientRect().right))"
    )
    assert len(ends) == 5  # the wall and four tiles beside one another
    assert max(ends[1:]) == ends[0]


def test_what_a_tile_says_about_itself_opens_alone_and_closes_by_escape(visit: Visit, server: Server) -> None:
    page = visit.open(server.url)
    buttons = page.locator("details.kvi-about summary")
    buttons.nth(0).click()
    buttons.nth(1).click()
    assert page.locator("details.kvi-about[open]").count() == 1
    page.keyboard.press("Escape")
    assert page.locator("details.kvi-about[open]").count() == 0


def open_kvis(visit: Visit, server: Server) -> Page:
    page = visit.open(f"{server.url}/kvis")
    page.wait_for_selector(CHART)
    return page


def test_the_list_of_kvis_leaves_their_names_room(visit: Visit, server: Server) -> None:
    """Beside value and sparkline in a row, "Share of turnover from very satisfied customers (8+)" took four lines."""
    page = visit.open(f"{server.url}/kvis")
    lines = page.locator(".kvi-catalogue li a.kvi-link").evaluate_all(
        "names => names.map(name => Math.round(name.offsetHeight / parseFloat(getComputedStyle(name).lineHeight)))"
    )
    assert len(lines) > 20
    assert max(lines) <= 3
    assert lines.count(1) > len(lines) / 2


@pytest.mark.parametrize(("on_kvis", "svg"), [(False, "svg.kvi-spark"), (True, CHART)], ids=["sparklines", "chart"])
def test_pictures_follow_a_switch_to_dark_without_another_run(
    visit: Visit, server: Server, on_kvis: bool, svg: str
) -> None:
    page = open_kvis(visit, server) if on_kvis else visit.open(server.url)
    assert as_rgb("text", 0) in strokes(page, svg)
    page.emulate_media(color_scheme="dark")
    page.wait_for_function(
        "() => getComputedStyle(document.querySelector('[data-testid=stApp]')).colorScheme === 'dark'"
    )
    assert as_rgb("text", 1) in strokes(page, svg)
    assert as_rgb("text", 0) not in strokes(page, svg)
    # Dialogs and popovers lie outside the app's element and take the scheme from the document.
    assert page.evaluate("getComputedStyle(document.documentElement).colorScheme") == "dark"


@pytest.mark.parametrize(
    ("path", "bars"),
    [("okrs", ".okr-fill"), ("voice", ".kvi-said .kvi-bar i"), ("outside_in", ".kvi-grades i")],
    ids=["okrs", "voice", "outside-in"],
)
def test_contrast_colours_leave_bars_and_what_is_chosen_to_be_seen(
    visit: Visit, server: Server, path: str, bars: str
) -> None:
    page = visit.open(f"{server.url}/{path}")
    page.emulate_media(forced_colors="active")
    ground = "each => getComputedStyle(each).backgroundColor"
    of_page = page.get_by_test_id("stApp").evaluate(ground)
    assert page.locator(bars).count() > 0
    assert of_page not in page.locator(bars).evaluate_all(f"bars => bars.map({ground})")
    for kind in ("true", "false"):
        for choice in page.locator(f'[role=radio][aria-checked="{kind}"]').filter(visible=True).all():
            assert (choice.evaluate(ground) == of_page) == (kind == "false")
    page.emulate_media(forced_colors="none")


@pytest.mark.parametrize("path", ["customers", "voice"])
def test_at_200_percent_tables_have_the_width_of_the_page(visit: Visit, server: Server, path: str) -> None:
    page = visit.open(f"{server.url}/{path}")
    page.set_viewport_size({"width": 720, "height": 450})
    settle(page)
    cut = "all => all.filter(each => each.offsetWidth).map(each => each.scrollWidth > each.clientWidth + 1)"
    is_cut = page.locator(".kvi-wide").evaluate_all(cut)
    assert is_cut
    assert not any(is_cut)


def test_the_narrowest_phone_shows_how_far_an_objective_is_whole(visit: Visit, server: Server) -> None:
    page = visit.open(f"{server.url}/okrs")
    page.set_viewport_size({"width": 320, "height": 700})
    settle(page)
    ends = page.locator(".okr-total .okr-status").evaluate_all("all => all.map(e => e.getBoundingClientRect().right)")
    assert ends
    assert max(ends) <= 320 - 16  # the margin of a phone


def test_a_field_to_choose_from_has_the_ring_around_its_whole_box(visit: Visit, server: Server) -> None:
    page = visit.open(f"{server.url}/voice")
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.ariaLabel") == "Range":
            break
    box = page.locator('.react-aria-ComboBox [role="group"]').filter(has=page.get_by_role("combobox", name="Range"))
    outline = "each => { const look = getComputedStyle(each); return [look.outlineStyle, look.outlineWidth]; }"
    assert box.evaluate(outline) == ["solid", "3px"]
    assert page.get_by_role("combobox", name="Range").evaluate(outline)[0] == "none"


def test_charts_are_drawn_as_svg_whose_colours_are_all_known(visit: Visit, server: Server) -> None:
    page = open_kvis(visit, server)
    assert page.locator('[data-testid="stVegaLiteChart"] canvas').count() == 0
    known = {as_rgb(role, 0) for role in PALETTE} | {"none"}
    assert strokes(page, f"{CHART} g.mark-line") <= known


def test_a_first_visit_is_told_three_sentences_that_can_be_put_away(server: Server, visit: Visit) -> None:
    page = visit.open(server.url)
    expect(page).to_have_title(re.compile("1 new problem, 3 below target · KVI Board$"))
    expect(page.locator(".kvi-welcome li")).to_have_count(3)
    page.get_by_role("button", name="Got it").click()
    expect(page.locator(".kvi-welcome li")).to_have_count(0)
    visit.open(f"{server.url}/?grain=month")
    expect(page.locator(".kvi-welcome li")).to_have_count(0)


LINES = """() => [...document.querySelectorAll('[data-testid="stTopNavLink"]')]
    .filter((each) => parseFloat(getComputedStyle(each, "::before").borderLeftWidth))
    .map((each) => each.innerText.trim())"""


def test_a_line_stands_before_each_section_of_the_menu_but_the_first(server: Server, visit: Visit) -> None:
    page = visit.open(f"{server.url}/kvis?kvi=turnover")
    assert page.evaluate(LINES) == [pages[0][1] for pages in list(SECTIONS.values())[1:]]


def test_who_only_looks_sees_no_dot_between_two_ways_on_a_tile(server: Server, visit: Visit) -> None:
    page = visit.open(server.url)
    assert page.locator(".kvi-tile .kvi-answer:visible").count()
    page.add_style_tag(content=_NO_FORMS)
    expect(page.locator(".kvi-tile .kvi-answer:visible")).to_have_count(0)
