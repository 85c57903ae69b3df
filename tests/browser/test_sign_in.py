"""Signing in with a real provider on this machine: who gets in, who may do what, and for how long."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import oidc_provider_mock
import oidc_provider_mock._app as provider
import pytest
from authlib.jose import JsonWebKey
from playwright.sync_api import Browser, Page, expect

from tests.browser.looks import serious_flaws, small_targets
from tests.browser.server import Server, serving
from tests.browser.session import connected
from tests.browser.visit import Visit, settle
from tests.warehouse.company import TEN_ORDERS, company, refreshed

PEOPLE = {
    "vera": {"email": "vera@example.com", "email_verified": True, "name": "Vera"},
    "ed": {"email": "ed@elsewhere.example", "email_verified": True, "name": "Ed", "groups": ["writers"]},
    "ada": {"email": "ada@example.com", "email_verified": True, "name": "Ada"},
    "sam": {"email": "sam@elsewhere.example", "email_verified": True, "name": "Sam"},
    "mallory": {"email": "ada@example.com", "email_verified": False, "name": "Ada"},
}
CONFIG = """
[access]
viewers = ["@example.com"]
editors = ["group:writers"]
admins = ["ada@example.com"]
[sign_in]
issuer = "{issuer}"
client_id = "board"
client_secret = "secret"
[sources.orders]
files = "exports/orders.csv"
[sprints]
first_day = 2026-01-01
days = 14
"""


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    """A provider that knows PEOPLE."""
    with oidc_provider_mock.run_server_in_thread() as provider:
        address = f"http://127.0.0.1:{provider.server_port}"
        for subject, claims in PEOPLE.items():
            httpx.put(f"{address}/users/{subject}", json=claims).raise_for_status()
        yield address


@pytest.fixture(scope="module")
def folder(issuer: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    workspace = company(tmp_path_factory.mktemp("shared"), CONFIG.format(issuer=issuer), orders_csv=TEN_ORDERS)
    return workspace.root


@pytest.fixture(scope="module")
def board(folder: Path, port: str) -> Iterator[Server]:
    with serving(folder, port=port) as server:
        yield server


@pytest.fixture
def page(visitor: Visit) -> Page:
    """As a browser that nobody used before; refusals are errors on its console, and meant."""
    return visitor.afresh().page


def sign_in(page: Page, board: Server, subject: str, path: str = "okrs") -> None:
    """Open a page and sign in as somebody; Streamlit then shows the first page."""
    page.goto(f"{board.url}/{path}")
    page.get_by_role("button", name="Sign in").click()
    page.locator("input[name=sub]").fill(subject)
    page.locator("button").first.click()
    page.wait_for_url(f"{board.url}/**")
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def test_nobody_sees_a_number_before_signing_in(page: Page, board: Server) -> None:
    for path in ("okrs?do=add_cycle", "exports"):
        page.goto(f"{board.url}/{path}")
        expect(page.get_by_text("Sign in to see this board.")).to_be_visible()
        expect(page.get_by_role("button")).to_have_text(["Sign in"])
        assert "data to" not in page.inner_text("body")
    title, notice = page.get_by_role("heading", level=1), page.get_by_test_id("stAlert")
    written = title.evaluate("h1 => h1.getBoundingClientRect().bottom - parseFloat(getComputedStyle(h1).paddingBottom)")
    assert written + 8 < (notice.bounding_box() or {})["y"]  # a line of air below the title
    page.emulate_media(color_scheme="dark")
    expect(page.locator("[data-testid=stApp]")).to_have_css("color-scheme", "dark")
    assert serious_flaws(page) == {}
    page.set_viewport_size({"width": 390, "height": 844})
    assert small_targets(page) == []


@pytest.mark.parametrize(
    ("subject", "sentence"),
    [("sam", "this board is not open to you"), ("mallory", "has not verified your mail address")],
)
def test_who_is_not_named_or_not_proven_stays_outside(page: Page, board: Server, subject: str, sentence: str) -> None:
    sign_in(page, board, subject)
    expect(page.get_by_text(sentence)).to_be_visible()
    assert "data to" not in page.inner_text("body")


def test_a_viewer_sees_everything_and_no_way_to_change_it(page: Page, board: Server) -> None:
    sign_in(page, board, "vera")
    page.goto(f"{board.url}/exports")
    expect(page.get_by_role("heading", name="Sources")).to_be_visible()
    settle(page)
    assert page.get_by_test_id("stButton").count() == 0
    assert page.get_by_test_id("stFileUploader").count() == 0
    page.goto(f"{board.url}/okrs?do=add_cycle")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    settle(page)
    assert page.get_by_role("dialog").count() == 0
    assert page.locator("a[href*='do=']:visible").count() == 0
    for path in ("okrs", "outside_in"):  # nor the dot that stood between two ways
        page.goto(f"{board.url}/{path}")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        settle(page)
        assert page.locator(".okr-links").count()
        assert page.locator(".okr-links:visible").count() == 0


def test_an_editor_saves_under_the_proven_name_until_the_right_is_taken_away(
    page: Page, board: Server, folder: Path
) -> None:
    sign_in(page, board, "ed")
    page.goto(f"{board.url}/okrs?do=add_cycle")
    expect(page.get_by_text("Saved as Ed")).to_be_visible()
    assert page.get_by_label("You are").count() == 0
    config = folder / "kviboard.toml"
    before = config.read_text()
    try:
        config.write_text(before.replace("editors =", "customers =").replace('["@example.com"]', '["everyone"]'))
        page.get_by_role("button", name="Add the cycle").click()  # the form is still open
        expect(page.get_by_text("Ed is viewer")).to_be_visible()
    finally:
        config.write_text(before)
    page.get_by_role("button", name="Add the cycle").click()
    expect(page.get_by_role("status").filter(has_text="✓").first).to_be_visible()


def test_what_somebody_types_in_a_meeting_is_kept_when_the_right_is_taken_away(
    page: Page, board: Server, folder: Path
) -> None:
    sign_in(page, board, "ed")
    page.goto(f"{board.url}/review?do=goal")
    page.get_by_label("What changes for the customer").fill("Nobody waits")
    page.get_by_role("button", name="Save the goal").click()
    page.get_by_role("link", name="Present the opening").click()
    expect(page.locator(".meeting h2")).to_be_visible()
    page.keyboard.press("n")
    note = page.locator("form[data-asks=remark] textarea")
    note.fill("Read it aloud")
    config = folder / "kviboard.toml"
    before = config.read_text()
    try:
        config.write_text(before.replace("editors =", "customers =").replace('["@example.com"]', '["everyone"]'))
        note.press("Enter")
        refused = page.locator("[data-part=refused]")
        expect(refused).to_contain_text("Ed is viewer")
        expect(refused).to_contain_text("What you typed is kept in this browser: “Read it aloud”.")
    finally:
        config.write_text(before)
    expect(page.locator("[data-part=note]")).to_be_visible()  # without a reload
    expect(refused).to_be_hidden()
    for reloads in (False, True):
        if reloads:
            page.reload()
            expect(page.locator(".meeting h2")).to_be_visible()
        page.keyboard.press("n")
        expect(note).to_have_value("Read it aloud")


def test_a_sign_in_ends_after_its_hours_and_by_signing_out(page: Page, board: Server, folder: Path) -> None:
    sign_in(page, board, "ada")
    page.goto(f"{board.url}/exports")
    expect(page.get_by_role("button", name="Refresh anyway")).to_be_visible()
    config = folder / "kviboard.toml"
    before = config.read_text()
    try:
        config.write_text(before.replace("[sign_in]", "[sign_in]\nhours = 0.0001", 1))
        page.get_by_role("button", name="Refresh anyway").click()
        expect(page.get_by_text("Sign in to see this board.")).to_be_visible()
    finally:
        config.write_text(before)
    page.goto(f"{board.url}/exports")
    page.get_by_role("button", name="Ada").click()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/end_session**")
    page.goto(f"{board.url}/exports")
    expect(page.get_by_text("Sign in to see this board.")).to_be_visible()


def other_key() -> dict[str, Any]:
    found: dict[str, Any] = JsonWebKey.generate_key("RSA", 2048, is_private=True).as_dict(is_private=True)
    return found


def go_to_provider(page: Page, board: Server) -> None:
    page.goto(f"{board.url}/okrs")
    page.get_by_role("button", name="Sign in").click()
    page.locator("input[name=sub]").fill("ada")
    page.locator("button").first.click()
    page.wait_for_url(f"{board.url}/**")


@pytest.mark.parametrize(
    "wrong",
    [
        {"aud": ["another program"]},
        {"aud": ["another program"], "azp": "board"},
        {"iss": "https://login.elsewhere.example"},
        {"exp": -3_600},
        {"key": "another"},
    ],
    ids=lambda wrong: " ".join(wrong),
)
def test_a_token_for_others_or_by_others_lets_nobody_in(
    page: Page, board: Server, monkeypatch: pytest.MonkeyPatch, wrong: dict[str, Any]
) -> None:
    plain = provider.OpenIDCode.get_jwt_config
    more = {"key": other_key()} if "key" in wrong else wrong
    monkeypatch.setattr(provider.OpenIDCode, "get_jwt_config", lambda *given, **named: plain(*given, **named) | more)
    go_to_provider(page, board)
    for path in ("", "okrs"):
        if path:  # the first page is shown already
            page.goto(f"{board.url}/{path}")
        expect(page.get_by_text("Sign in to see this board.")).to_be_visible()
        expect(page.get_by_role("button", name="Sign in")).to_be_visible()
        assert "data to" not in page.inner_text("body")


def test_an_answer_of_the_provider_counts_once_and_only_for_who_asked(
    page: Page, browser: Browser, board: Server
) -> None:
    seen: list[str] = []
    page.on("request", lambda request: seen.append(request.url) if "/oauth2callback" in request.url else None)
    go_to_provider(page, board)
    expect(page.get_by_role("button", name="Ada")).to_be_visible()
    (callback,) = seen
    page.context.clear_cookies()
    other = browser.new_context(reduced_motion="reduce")
    for again in (page.context.new_page(), other.new_page()):
        again.goto(callback)
        expect(again.get_by_text("Sign in to see this board.")).to_be_visible()
        again.close()
    other.close()


def test_a_header_is_believed_from_a_trusted_proxy_only(tmp_path: Path) -> None:
    header = '[access]\nadmins = ["ada@example.com"]\n[sign_in]\nheader = "X-Forwarded-Email"\n'
    header += 'trusted_proxies = ["127.0.0.1"]\n[sources.orders]\nfiles = "exports/orders.csv"\n'
    workspace = company(tmp_path, header, orders_csv=TEN_ORDERS)
    refreshed(workspace)
    with serving(workspace.root) as server:
        for source, is_in in (("127.0.0.1", True), ("127.0.0.9", False)):
            with connected(server.url, source, X_Forwarded_Email="ada@example.com") as visitor:
                answer = visitor.run("exports")
                assert answer.exceptions == []
                assert any(map(answer.button, ("Refresh", "Refresh anyway"))) == is_in
                assert ("data to" in answer.texts) == is_in
