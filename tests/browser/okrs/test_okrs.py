"""OKRs in a real browser: a whole quarter in fast motion, two people at one key result, keyboard, lost pages, looks."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from kviboard.store import Store
from tests.browser.looks import overhang, serious_flaws, small_targets, switch_to
from tests.browser.okrs.forms import await_form, choose, drawer, is_saved, open_form, pick, save, write
from tests.browser.okrs.shop import export_until
from tests.browser.server import Server, serving
from tests.browser.visit import Visit, go_to, settle
from tests.browser.warm import WARM
from tests.pages.okrs.shop import write_okrs
from tests.pages.small_shop import Shops

QUARTER, STORY, TREE = "/okrs", "/okrs?objective=6", "/okrs?view=alignment"
SAID = "What moved it, or what is in the way"
FORMS = ("do=add_objective", "do=edit_key_result&of=17", "do=check_in&of=17", "do=close&of=6", "do=add_guardrail&of=6")


@dataclass(frozen=True)
class Team:
    """Where people check in, and what was saved there."""

    server: Server
    store: Store


@pytest.fixture
def shop(shops: Shops, tmp_path: Path) -> Path:
    """A shop whose data reaches 10 April 2026, without OKRs."""
    return shops(tmp_path / "shop")


@pytest.fixture
def store(shop: Path) -> Store:
    """The store of the shop, with a quarter of OKRs."""
    return write_okrs(shop)


@pytest.fixture(scope="module")
def team(shops: Shops, tmp_path_factory: pytest.TempPathFactory, port: str) -> Iterator[Team]:
    """A shop with a quarter of OKRs, into which one test after the other checks in."""
    folder = shops(tmp_path_factory.mktemp("team") / "shop")
    store = write_okrs(folder)
    with serving(folder, port=port) as running:
        yield Team(running, store)


def card(page: Page) -> Locator:
    return page.locator(".okr-objective").first


def as_person(visitor: Visit, server: Server, name: str) -> Visit:
    """The browser remembers the name from last time."""
    visitor.context.add_cookies([{"name": "kviboard_person", "value": name.replace(" ", "%20"), "url": server.url}])
    return visitor


@pytest.fixture
def new_shop(shops: Shops, tmp_path: Path) -> Path:
    """A shop whose data reaches 12 January 2026, without OKRs."""
    return shops(tmp_path / "new_shop", days=12)


@pytest.fixture
def new_shop_server(new_shop: Path, port: str) -> Iterator[Server]:
    with serving(new_shop, port=port) as running:
        yield running


def test_a_quarter_from_the_first_draft_to_what_is_carried_over(
    new_shop: Path, new_shop_server: Server, visit: Visit
) -> None:
    page = visit.open(new_shop_server.url + QUARTER)
    begin_quarter(page)
    word_objective(page)
    for days, answered in ((26, "45"), (40, "52"), (54, "58"), (68, "66"), (82, "71")):
        export_until(new_shop, days)
        go_to(page, "OKRs")
        check_in(page, answered)
        if days == 54:
            change_target(page)
    export_until(new_shop, 96)  # 6 April
    go_to(page, "OKRs")
    assert "Q1 2026 ended on 31 Mar 2026 and this is still active" in page.locator(".okr-todo").inner_text()
    close_objective(page)
    carry_over(page)
    look_back(page)


def begin_quarter(page: Page) -> None:
    form = open_form(page, "Begin one")
    form.get_by_label("You are").fill("Product owner")  # and the button at once: the name is read with the press
    assert "Q1 2026" in save(form, "Add the cycle")
    kept = {cookie.get("name"): cookie.get("value") for cookie in page.context.cookies()}
    assert kept["kviboard_person"] == "Product%20owner"


def word_objective(page: Page) -> None:
    """Coached, saved as a draft, given a key result that a KVI drives and a typed one, activated."""
    form = open_form(page, "Word the first one")
    write(form, Objective="Launch the help centre")
    expect(form.locator(".okr-coach")).to_contain_text("says what we do")
    write(form, Objective="Customers find help at once", Promise_to_the_customer="You ask once.", Owner="Care lead")
    save(form, "Save as a draft")
    form = open_form(page, re.compile("^Add a key result"))
    choose(form, "Measured by", "Daily active users")
    pick(form, "Day")
    assert form.get_by_label("Baseline", exact=True).input_value() != ""
    write(form, Target="6", Owner="Care lead")
    save(form, "Save")
    form = open_form(page, re.compile("^Add a key result"))
    choose(form, "Unit", "Percent")
    write(form, Key_result="Answered within a day", Baseline="40", Target="80", Owner="Care lead")
    save(form, "Save")
    assert "Active" in save(open_form(page, re.compile("^Activate")), "Activate")


def check_in(page: Page, answered: str) -> None:
    form = open_form(page, "Check in: Answered within a day")
    write(form, Value_now=answered)
    pick(form, "7")
    write(form, **{"What_moved_it,_or_what_is_in_the_way": f"Now {answered} in a hundred."})
    save(form, "Check in")
    expect(card(page)).to_contain_text(f"“Now {answered} in a hundred.”")
    expect(card(page).locator(".okr-way b").last).to_have_text(re.compile(rf"{answered}\s%"))


def change_target(page: Page) -> None:
    form = open_form(page, "Edit: Answered within a day")
    write(form, Target="75")
    write(form, Why_it_changes="Two people left")
    save(form, "Save")
    expect(card(page)).to_contain_text("75 %")


def close_objective(page: Page) -> None:
    """The typed one: (71 − 40) / 35 = 89 %, so 0.9 is suggested."""
    form = open_form(page, re.compile("^Close"))
    assert form.get_by_label("Grade, 0.0 to 1.0").nth(1).input_value() == "0.9"
    pick(form, "Modify")
    write(form, What_was_learned="Answers help more than articles.")
    assert "Closed" in save(form, "Close the objective")


def carry_over(page: Page) -> None:
    save(open_form(page, "New cycle"), "Add the cycle")
    page.locator(".st-key-choice-cycle [role=combobox]").click()
    page.get_by_role("option", name="Q1 2026").click()
    settle(page)
    form = open_form(page, re.compile("^Carry over"))
    ticks = form.get_by_role("checkbox")
    assert [ticks.nth(place).is_checked() for place in range(ticks.count())] == [False, False]
    form.get_by_text(re.compile("Answered within a day: 71")).click()
    settle(page)
    assert "Q2 2026" in save(form, "Carry over")
    expect(card(page)).to_contain_text("Draft")
    expect(card(page)).to_contain_text(re.compile(r"71\s%\s*→\s*–\s*→\s*75\s%"))
    assert page.locator(".okr-result").count() == 1


def look_back(page: Page) -> None:
    """The story of the closed objective has it all."""
    page.goto(page.url.split("?")[0] + "?objective=1")
    settle(page)
    story = page.get_by_test_id("stMain").inner_text()
    for told in ("Activated", "Target 80", "Two people left", "Now 45 in a hundred.", "Closed with"):
        assert told in story, told


def test_two_people_change_one_key_result_and_neither_loses_a_word(
    shop_server: Server, store: Store, come: Callable[..., Visit]
) -> None:
    first, second = come(), come()
    forms = []
    for visitor, name in ((first, "Care lead"), (second, "Billing lead")):
        page = as_person(visitor, shop_server, name).open(f"{shop_server.url}/okrs?do=edit_key_result&of=1")
        forms.append(await_form(page))
    write(forms[0], Owner="New lead")
    write(forms[1], Key_result="Answered on the same day", Owner="Somebody else")
    save(forms[0], "Save")
    forms[1].get_by_role("button", name=re.compile("^Save")).click()
    refused = forms[1].get_by_test_id("stAlert")
    expect(refused).to_contain_text("Care lead changed owner from “Care lead” to “New lead”")
    expect(refused).to_contain_text("theirs: “New lead”")
    assert forms[1].get_by_label("Key result", exact=True).input_value() == "Answered on the same day"
    assert forms[1].get_by_label("Owner", exact=True).input_value() == "Somebody else"
    save(forms[1], "Save")
    saved = store.key_results.get(1)
    assert (saved.title, saved.owner, saved.version) == ("Answered on the same day", "Somebody else", 3)


def test_a_double_click_checks_in_once(team: Team, visit: Visit) -> None:
    page = as_person(visit, team.server, "Care lead").open(f"{team.server.url}/okrs?do=check_in&of=1")
    form = await_form(page)
    write(form, Value_now="63")
    before = len(team.store.check_ins.of(1))
    form.get_by_role("button", name=re.compile("^Check in")).dblclick()
    is_saved(form)
    page.wait_for_timeout(500)
    assert len(team.store.check_ins.of(1)) == before + 1


def test_a_check_in_by_keyboard_alone(team: Team, visit: Visit) -> None:
    page = as_person(visit, team.server, "Care lead").open(team.server.url + QUARTER)
    tab_to(page, "Check in: Answered within a day")
    page.keyboard.press("Enter")
    form = await_form(page)
    tab_to(page, "Value now")
    page.keyboard.type("63")
    tab_to(page, "What moved it, or what is in the way")
    page.keyboard.type("The rota holds.")
    settle(page)
    page.keyboard.press("Control+Enter")
    assert "Checked in" in is_saved(form)
    latest = team.store.check_ins.of(1)[-1]
    assert (str(latest.value), latest.comment) == ("0.63", "The rota holds.")


def test_control_and_enter_save_from_the_button_of_a_choice(team: Team, visit: Visit) -> None:
    """The button with the focus would otherwise take the key, and unsay the confidence."""
    page = as_person(visit, team.server, "Care lead").open(f"{team.server.url}/okrs?do=check_in&of=1")
    form = await_form(page)
    write(form, Value_now="64")
    pick(form, "8")
    page.keyboard.press("Control+Enter")
    assert "Checked in" in is_saved(form)
    assert [(str(said.value), said.confidence) for said in team.store.check_ins.of(1)[-1:]] == [("0.64", 8)]


def test_the_focus_goes_to_what_a_save_says_and_after_escape_back_to_the_link(team: Team, visit: Visit) -> None:
    page = as_person(visit, team.server, "Care lead").open(team.server.url + QUARTER)
    opener = page.get_by_role("link", name="Check in: Answered within a day").last
    opener.click()
    form = await_form(page)
    form.get_by_label("Value now").press("Escape")
    expect(form).to_have_count(0)
    expect(page.get_by_role("link", name="Check in: Answered within a day").first).to_be_focused()
    settle(page)
    opener.click()
    write(await_form(page), Value_now="63")
    save(drawer(page), "Check in")
    expect(page.locator(".okr-told")).to_be_focused()
    assert "underline" in page.locator(".okr-told").evaluate(_OFFERED)


# How a link in the line about a save is told from the words around it, by more than its colour.
_OFFERED = """told => {
    const link = told.appendChild(Object.assign(document.createElement("a"), { className: "kvi-link", href: "#" }));
    return getComputedStyle(link).textDecorationLine;
}"""


def tab_to(page: Page, name: str) -> None:
    """Press Tab until what has this name has the focus."""
    named = "() => document.activeElement.ariaLabel ?? document.activeElement.labels?.[0]?.innerText ?? ''"
    for _ in range(120):
        page.keyboard.press("Tab")
        if page.evaluate(named) == name:
            return
    raise AssertionError(f"Tab never reached “{name}”.")


def test_long_text_survives_escape_and_a_lost_page(team: Team, visit: Visit) -> None:
    page = as_person(visit, team.server, "Writer").open(f"{team.server.url}/okrs?do=check_in&of=1")
    field = await_form(page).get_by_label("What moved it, or what is in the way")
    field.press_sequentially("Half a thought", delay=20)
    page.wait_for_timeout(1500)  # the pause after which long text is read
    page.reload()
    field = await_form(page).get_by_label("What moved it, or what is in the way")
    assert field.input_value() == "Half a thought"
    field.press("End")
    field.press_sequentially(" and its end", delay=20)
    page.keyboard.press("Escape")
    expect(drawer(page)).to_have_count(0)
    expect(page).not_to_have_url(re.compile(r"\bdo="))
    page.goto(f"{team.server.url}/okrs?do=check_in&of=1")
    field = await_form(page).get_by_label("What moved it, or what is in the way")
    assert field.input_value() == "Half a thought and its end"
    assert team.store.check_ins.of(1)[-1].comment != "Half a thought"
    field.fill("Line by line,\n" * 12)
    expect(field).to_have_js_property("scrollHeight", field.evaluate("field => field.clientHeight"))  # all in sight
    field.fill("")


def test_what_was_typed_the_moment_before_a_reload_comes_back(team: Team, visit: Visit) -> None:
    """Too late for the server to have read it: neither field was left, nobody paused."""
    page = as_person(visit, team.server, "Care lead").open(f"{team.server.url}/okrs?do=check_in&of=1")
    form = await_form(page)
    form.get_by_label("Value now").press_sequentially("61")
    form.get_by_label(SAID).press_sequentially("The rota holds")
    page.reload()
    form = await_form(page)
    expect(form.get_by_label("Value now")).to_have_value("61")
    expect(form.get_by_label(SAID)).to_have_value("The rota holds")
    save(form, "Check in")
    assert [(str(said.value), said.comment) for said in team.store.check_ins.of(1)[-1:]] == [("0.61", "The rota holds")]
    page.goto(f"{team.server.url}/okrs?do=check_in&of=1")
    form = await_form(page)
    expect(form.get_by_label(SAID)).to_have_value("")
    write(form, Value_now="62")
    form.get_by_role("button", name="Discard draft").click()
    expect(form.get_by_label("Value now").first).to_have_value("")  # the field of before may still be there
    page.reload()
    expect(await_form(page).get_by_label("Value now")).to_have_value("")


def test_fields_of_one_name_keep_what_was_typed_into_each(team: Team, visit: Visit) -> None:
    page = as_person(visit, team.server, "Care lead").open(f"{team.server.url}/okrs?do=close&of=1")
    grades = await_form(page).get_by_label("Grade, 0.0 to 1.0")
    suggested = [grades.nth(place).input_value() for place in range(2)]
    grades.last.press("End")
    grades.last.press_sequentially("9")  # 0.3 becomes 0.39
    settle(page)
    page.reload()
    grades = await_form(page).get_by_label("Grade, 0.0 to 1.0")
    expect(grades.last).to_have_value("0.39")
    page.wait_for_timeout(3500)  # as long as what was typed is brought back
    assert [grades.nth(place).input_value() for place in range(2)] == suggested


def test_a_server_that_is_killed_meanwhile_loses_nothing_typed(shop: Path, store: Store, visitor: Visit) -> None:
    first = Server(shop)
    page = as_person(visitor.afresh(), first, "Care lead").open(f"{first.url}/okrs?do=check_in&of=1")
    form = await_form(page)
    write(form, Value_now="61")
    form.get_by_label(SAID).press_sequentially("Typed as it fell over")
    first.process.kill()  # before the pause after which it would have been read
    first.process.wait()
    expect(form.get_by_label(SAID)).to_be_disabled()
    again = Server(shop, port=first.url.rpartition(":")[2])
    try:
        page.wait_for_function("() => document.querySelector('[data-test-connection-state=CONNECTED]')", timeout=30_000)
        page.wait_for_timeout(3000)  # for the new session to draw the form and to read what comes back
        form = await_form(page)
        expect(form.get_by_label("Value now")).to_have_value("61")
        expect(form.get_by_label(SAID)).to_have_value("Typed as it fell over")
        save(form, "Check in")
        said = store.check_ins.of(1)[-1]
        assert (str(said.value), said.comment) == ("0.61", "Typed as it fell over")
    finally:
        visitor.afresh()
        again.stop()


@pytest.fixture(scope="module")
def looker(browser: Browser) -> Iterator[Visit]:
    """Who looks at pages of the sample: not the visitor of the other tests, who may come between two looks."""
    with WARM.visitor(browser) as one:
        yield one


@pytest.fixture(scope="module", params=[STORY, TREE, *(f"{QUARTER}?{form}" for form in FORMS)])
def shown(request: pytest.FixtureRequest, looker: Visit, server: Server) -> Page:
    """A page of the sample's OKRs, some with an open form."""
    page = looker.afresh().open(server.url + request.param)
    if "do=" in request.param:
        await_form(page)
    return page


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_axe_finds_nothing_serious(shown: Page, scheme: str) -> None:
    switch_to(shown, scheme)
    assert serious_flaws(shown) == {}


def test_nothing_scrolls_sideways_on_a_phone(shown: Page) -> None:
    assert overhang(shown, 390) <= 0
    assert small_targets(shown) == []


def test_the_bar_says_in_words_what_it_shows(visit: Visit, server: Server) -> None:
    page = visit.open(server.url + QUARTER)
    bars = page.locator(".okr-bar")
    assert bars.count() > 10
    said = bars.evaluate_all("bars => bars.map(bar => [bar.getAttribute('role'), bar.getAttribute('aria-label')])")
    worded = r"(done|no value yet), .* (expected today|needed)"
    assert all(role == "img" and re.search(worded, label) for role, label in said)
