"""A product owner's way through Exports and checks: refresh, bring a file, take it in, go back; all of it for real."""

import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from kviboard.board.context import open_store_of
from kviboard.board.exports.maintenance import refresh_now
from kviboard.warehouse.versions import current_version, list_versions
from kviboard.workspace import load_workspace
from tests.board.exports.flawed import write_flawed_shop
from tests.browser.looks import serious_flaws
from tests.browser.server import Server, serving
from tests.browser.visit import Visit, settle

MORE = "order_id,customer_id,ordered_at,amount\n" + "".join(f"n{n},a,2026-01-{n:02},3.00\n" for n in range(1, 21))
SECONDS = 30_000


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    folder = write_flawed_shop(tmp_path / "shop")
    refresh_now(load_workspace(folder))
    return folder


@pytest.fixture
def board(shop: Path, port: str) -> Iterator[Server]:
    with serving(shop, port=port) as running:
        yield running


def bring(page: Page, name: str, content: str) -> None:
    """Choose a file in the upload box, whether or not it is open already."""
    box = page.locator("input[type=file]")
    if not box.count():
        page.get_by_text("Upload exports").click()
    box.set_input_files({"name": name, "mimeType": "text/csv", "buffer": content.encode()})


def test_a_file_is_brought_looked_at_taken_in_and_read_and_the_way_back_is_open(
    board: Server, visit: Visit, shop: Path
) -> None:
    first = current_version(load_workspace(shop))
    page = visit.open(f"{board.url}/exports")
    bring(page, "december.csv", MORE)
    expect(page.get_by_text("20 rows for orders = 20 kept")).to_be_visible(timeout=SECONDS)
    settle(page)
    assert serious_flaws(page) == {}
    page.get_by_role("button", name="Take it in").dblclick()
    expect(page.get_by_text("Refreshed: all pages show the new version.")).to_be_visible(timeout=SECONDS)
    assert (shop / "exports" / "ordersdecember.csv").read_text() == MORE
    assert len(list_versions(load_workspace(shop))) == 2
    page.get_by_role("button", name="Go back to it").click()
    page.get_by_role("button", name="Use this version").click()
    expect(page.get_by_text("In use again: what was read on")).to_be_visible(timeout=SECONDS)
    assert current_version(load_workspace(shop)) == first
    with closing(open_store_of(load_workspace(shop))) as store:
        done = [(entry.action, (entry.after or {}).get("file")) for entry in store.history.of_exports()]
    assert [done[0], done[1], done[-1][0]] == [("uploaded", "december.csv"), ("taken in", "december.csv"), "put in use"]


def test_a_double_click_refreshes_once(board: Server, visit: Visit, shop: Path) -> None:
    page = visit.open(f"{board.url}/exports")
    page.get_by_role("button", name="Refresh anyway").dblclick()
    expect(page.get_by_text("Refreshed: all pages show the new version.")).to_be_visible(timeout=SECONDS)
    assert len(list_versions(load_workspace(shop))) == 2


def test_a_refused_refresh_is_explained_and_a_bad_file_stays_out(board: Server, visit: Visit, shop: Path) -> None:
    orders = shop / "exports" / "orders.csv"
    sound = orders.read_text()
    orders.write_text("")
    page = visit.open(f"{board.url}/exports")
    page.get_by_role("button", name=re.compile("^Refresh")).click()
    expect(page.get_by_text("exports/orders.csv: is empty")).to_be_visible(timeout=SECONDS)
    orders.write_text(sound)
    bring(page, "orders-x.csv", "order_id,customer_id\n1,a\n")
    expect(page.get_by_text("This file cannot be taken in")).to_be_visible(timeout=SECONDS)
    expect(page.get_by_role("button", name="Take it in")).to_be_disabled()
    shown = page.get_by_text("Take it in", exact=True)
    expect(shown).not_to_have_css("color", "rgb(255, 255, 255)")  # else nobody reads it, without a colour behind it
    settle(page)  # what is still being drawn moves the button away from under a click
    page.get_by_role("button", name="Discard").click()
    expect(page.get_by_text("orders-x.csv was discarded")).to_be_visible(timeout=SECONDS)
    assert sorted(path.name for path in (shop / "exports").iterdir()) == ["customers.csv", "orders.csv"]
