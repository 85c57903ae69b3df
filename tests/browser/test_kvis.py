"""The page of a KVI in a browser: what a mouse and a click do there that no page without one can."""

import csv
from dataclasses import replace
from pathlib import Path

from playwright.sync_api import expect

from kviboard.board.board import open_board
from kviboard.board.kvis.reading import View
from kviboard.board.kvis.readings import read_kvi
from kviboard.board.views.views import read_view
from kviboard.workspace import load_workspace
from tests.browser.looks import overhang, small_targets
from tests.browser.server import Server
from tests.browser.visit import Visit, settle

KVIS = "/kvis"


def test_a_drag_over_the_chart_looks_at_these_periods_alone_and_back_shows_all(visit: Visit, server: Server) -> None:
    page = visit.open(f"{server.url}{KVIS}?kvi=net_promoter_score")  # which key results are measured by
    box = page.locator("[data-testid=stVegaLiteChart]").first.bounding_box()
    assert box
    left, top = box["x"] + box["width"] * 0.3, box["y"] + 100
    page.mouse.move(left, top)
    page.mouse.down()
    page.mouse.move(left + 150, top + 5, steps=4)
    page.mouse.up()
    page.wait_for_url("**range=*..*")
    settle(page)
    first, last = visit.choices["range"][0].split("..")
    assert first < last
    page.get_by_text("Show as table").click()
    rows = page.locator("[data-testid=stTable] tbody tr")
    rows.first.wait_for()
    assert 2 <= rows.count() < 20
    page.go_back()
    settle(page)
    assert visit.choices == {"kvi": ["net_promoter_score"]}
    assert overhang(page, 390) <= 0
    assert page.locator(".okr-goals li a").count() >= 2
    assert small_targets(page) == []


def test_another_grain_is_drawn_into_the_chart_that_is_there_with_room_for_its_numbers(
    visit: Visit, server: Server
) -> None:
    page = visit.open(f"{server.url}{KVIS}?kvi=turnover&grain=week")
    chart = page.locator("[data-testid=stVegaLiteChart] svg")
    chart.evaluate("chart => { chart.dataset.drawnFor = 'weeks' }")
    page.locator(".st-key-choice-grain").get_by_role("radio", name="Quarter").click()
    settle(page)
    expect(chart).to_have_attribute("data-drawn-for", "weeks")
    expect(page.get_by_label("Trend of Turnover, described below", exact=True)).to_be_visible()
    expect(page.locator(".kvi-unseen")).to_contain_text("Line chart of Turnover, Q4 2025 to Q4 2026.")
    places = "texts => texts.map(each => each.getBoundingClientRect().x)"
    left = chart.evaluate("chart => chart.getBoundingClientRect().x")
    assert min(chart.locator(".role-axis-label text").evaluate_all(places)) >= left


def test_the_rows_behind_a_kvi_are_shown_and_downloaded(visit: Visit, server: Server, sample_workspace: Path) -> None:
    board = open_board(load_workspace(sample_workspace))
    page = visit.open(f"{server.url}{KVIS}?kvi=complaints_settled_in_time&grain=month&segment=Households")
    page.get_by_text("Rows behind it").click()
    settle(page)
    kvi, october = board.kvis["complaints_settled_in_time"], View("month", where=(("segment", ("Households",)),))
    complaints = f"{read_kvi(board, kvi, october)[0].latest['denominator']:,.0f}"
    expect(page.get_by_text(f"Oct 2026, as its SQL counts them: {complaints} rows.")).to_have_count(1)
    page.get_by_role("radio", name="Tickets").click()
    october = replace(october, first=board.today.replace(day=1), last=board.today)
    count = len(read_view(board, "rows_of_tickets", october))
    expect(page.get_by_text(f"Oct 2026, all tickets: {count:,} rows, whether they count or not.")).to_have_count(1)
    assert page.get_by_test_id("stDataFrame").count() == 1
    with page.expect_download() as download:
        page.get_by_role("button", name="All of them as CSV").click()
    with Path(download.value.path()).open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == count
    assert {row["day"][:7] for row in rows} == {"2026-10"}


def test_what_is_typed_in_the_workshop_outlives_a_reload_before_the_server_has_read_it(
    visit: Visit, server: Server
) -> None:
    """Nobody has said their name, so that only the browser can keep it; what is given up does not come back."""
    page = visit.open(f"{server.url}{KVIS}?make=new")
    page.get_by_label("For whom is it better").click()
    page.keyboard.type("Nobody waits for an answer")
    page.reload()
    settle(page)
    expect(page.get_by_label("For whom is it better")).to_have_value("Nobody waits for an answer")

    page = visit.open(f"{server.url}{KVIS}?kvi=turnover&make=edit")
    file = page.get_by_label("The file")
    before = file.input_value()
    file.click()
    page.keyboard.press("Control+End")
    page.keyboard.type("-- by hand")
    page.reload()
    settle(page)
    expect(file).to_have_value(f"{before}-- by hand")
    page.get_by_role("button", name="Discard draft").click()
    settle(page)
    expect(file).to_have_value(before)
    page.reload()
    settle(page)
    page.wait_for_timeout(500)  # what comes back does so at once
    expect(file).to_have_value(before)
