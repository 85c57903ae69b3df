"""What a visitor chose lives in the address: defaults left out, restored by a reload, kept on the next page."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from kviboard.ui.filters import DEFAULT_RANGE, RANGES
from tests.browser.server import Server
from tests.browser.visit import PAGES, Visit, go_to, settle

KVIS = "/kvis"


def choose_grain(page: Page, label: str) -> None:
    page.locator(".st-key-choice-grain").get_by_role("radio", name=label).or_(
        page.locator(".st-key-choice-grain button", has_text=label)
    ).first.click()
    settle(page)


def choose_from_list(page: Page, name: str, label: str) -> None:
    page.locator(f".st-key-choice-{name} [role=combobox]").click()
    page.get_by_role("option", name=re.compile(rf"{label}$", re.I)).click()
    settle(page)


def chosen_grain(page: Page) -> str:
    chosen = page.locator(
        ".st-key-choice-grain [aria-checked=true], .st-key-choice-grain [data-testid$=segmented_controlActive]"
    )
    return chosen.first.inner_text()


def test_grain_range_and_slice_are_written_as_slugs_and_restored_by_a_reload(visit: Visit, server: Server) -> None:
    page = visit.open(server.url + KVIS)
    choose_grain(page, "Quarter")
    assert visit.choices == {"grain": ["quarter"]}
    choose_from_list(page, "range", RANGES["24m"])
    assert visit.choices == {"grain": ["quarter"], "range": ["24m"]}
    choose_from_list(page, "by", "Country")
    assert visit.choices == {"grain": ["quarter"], "range": ["24m"], "by": ["country"]}
    page.reload()
    settle(page)
    assert visit.choices == {"grain": ["quarter"], "range": ["24m"], "by": ["country"]}
    assert chosen_grain(page) == "Quarter"
    assert page.get_by_role("heading", name="by country").count() == 1


def test_going_back_to_the_default_takes_the_choice_out_of_the_address(visit: Visit, server: Server) -> None:
    page = visit.open(f"{server.url}{KVIS}?range=6m")
    assert visit.choices == {"range": ["6m"]}
    choose_from_list(page, "range", RANGES[DEFAULT_RANGE])
    assert visit.choices == {}


def test_days_that_are_none_in_an_address_are_no_range(visit: Visit, server: Server) -> None:
    page = visit.open(f"{server.url}{KVIS}?range=2026-02-31..2026-03-01")
    assert page.locator(".st-key-choice-days").count() == 0
    page = visit.open(f"{server.url}{KVIS}?range=2026-06-30..2026-01-01")  # the wrong way round is put right
    assert page.locator(".st-key-choice-days").count() == 1


@pytest.fixture
def on_kvis(visitor: Visit, server: Server) -> Iterator[Visit]:
    """Months of half a year on the KVIs, loaded once for all who go on from there and come back by the menu."""
    chosen = {"grain": ["month"], "range": ["6m"]}
    if not visitor.page.url.startswith(server.url + KVIS) or visitor.choices != chosen:
        visitor.afresh().open(f"{server.url}{KVIS}?grain=month&range=6m")
    assert visitor.choices == chosen
    yield visitor
    assert visitor.troubles == []


@pytest.mark.parametrize("title", [title for title, path in PAGES if f"/{path}" != KVIS])
def test_choices_go_along_to_another_page_and_back(on_kvis: Visit, title: str) -> None:
    page = on_kvis.page
    go_to(page, title)
    if page.locator(".st-key-filters").count():
        assert on_kvis.choices == {"grain": ["month"], "range": ["6m"]}
        assert chosen_grain(page) == "Month"
    elif page.locator(".st-key-filter").count():  # customers alone are chosen here; the rest goes along
        assert on_kvis.choices == {"grain": ["month"], "range": ["6m"]}
    else:  # a page without these filters leaves them out of its address, and they wait
        assert on_kvis.choices == {}
    go_to(page, "KVIs")
    assert on_kvis.choices == {"grain": ["month"], "range": ["6m"]}


def test_a_click_on_a_tile_keeps_the_view(visit: Visit, server: Server) -> None:
    page = visit.open(f"{server.url}/?grain=month")
    page.locator(".kvi-tile a[data-kvi-link], .kvi-table a[data-kvi-link]").first.click()
    page.get_by_role("heading", level=1, name="KVIs").wait_for()
    settle(page)
    assert visit.choices["grain"] == ["month"]
    assert set(visit.choices) <= {"grain", "kvi"}
    page.go_back()
    page.get_by_role("heading", level=1, name="This week").wait_for()
    settle(page)
    assert visit.choices == {"grain": ["month"]}


def test_a_choice_that_does_not_exist_is_as_none(visit: Visit, server: Server) -> None:
    page = visit.open(f"{server.url}{KVIS}?grain=fortnight&kvi=no_such_kvi&country=Atlantis")
    assert page.get_by_test_id("stException").count() == 0
    assert page.get_by_role("heading", level=1).inner_text() == "KVIs"


def test_table_sql_and_comparison_come_when_they_are_opened_and_follow_the_view(visit: Visit, server: Server) -> None:
    page = visit.open(f"{server.url}{KVIS}?kvi=net_promoter_score")
    page.set_viewport_size({"width": 1440, "height": 2400})  # scrolling to a list closes it when it has just opened
    newest = page.locator(".st-key-values tbody th").first
    assert newest.count() == 0
    page.locator(".st-key-values summary").press("Enter")
    expect(newest).to_have_text(re.compile(r"Sprint \d+$"))
    choose_grain(page, "Quarter")
    expect(newest).to_have_text(re.compile(r"Q\d "))
    formula = page.get_by_text("100 * (sum(promoters) - sum(detractors)) / sum(nps_responses)")
    expect(formula).to_have_count(0)  # who reads what the number means meets no formula
    page.get_by_role("button", name="SQL behind it").click()
    expect(formula).to_be_visible()
    shown = page.locator("[data-testid=stPopoverBody] pre code")
    expect(shown).to_contain_text("'quarter'")
    page.keyboard.press("Escape")
    expect(shown).to_be_hidden()
    settle(page)
    pair, charts = page.locator(".st-key-pair"), page.locator(".st-key-pair [data-testid=stVegaLiteChart]")
    pair.locator("summary").click()
    expect(pair.get_by_role("combobox")).to_be_visible()
    settle(page)
    choose_from_list(page, "compare", "Monthly active users")
    expect(charts).not_to_have_count(0)
    assert visit.choices == {"kvi": ["net_promoter_score"], "grain": ["quarter"], "compare": ["monthly_active_users"]}
    page.reload()
    expect(charts).not_to_have_count(0)
    settle(page)
    pair.locator("summary").click()
    expect(charts).to_have_count(0)
    assert visit.choices["compare"] == ["monthly_active_users"]
