"""The sprint review in a real browser: a whole one chaired by keys, two people in it, lost servers, sizes, looks.

The shop's sprints have 14 days from 1 January 2026; Sprint 7 lasts from 26 March to 8 April.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Route, expect

from kviboard.board.context import open_store_of
from kviboard.ui.reviews.presentation.rooms import ROUTE
from kviboard.workspace import load_workspace
from tests.browser.conftest import anew
from tests.browser.looks import serious_flaws
from tests.browser.okrs.forms import await_form, save, write
from tests.browser.okrs.shop import export_until
from tests.browser.reviews.meeting import Meeting, open_by_key, tab_to
from tests.browser.server import Server, serving
from tests.browser.visit import Visit, settle
from tests.browser.warm import WARM

GOAL = "Customers find help on the first try"


@pytest.fixture(scope="module")
def projector(browser: Browser) -> Iterator[Visit]:
    """The browser of 1920 × 1080 in which the meetings of this file are held, one after the other."""
    with WARM.visitor(browser, 1920, 1080) as one:
        yield one


@pytest.fixture
def big_screen(projector: Visit) -> Iterator[Visit]:
    """A projector with a fresh browser; any error on the console or request to a foreign host fails the test."""
    yield from anew(projector)


def prepare(visit: Visit, server: Server) -> None:
    """The goal is set at the desk; that begins the review."""
    visit.open(f"{server.url}/review?sprint=sprint-7")
    visit.page.get_by_role("link", name="Prepare the opening").click()
    form = await_form(visit.page)
    write(form, You_are="Chair", What_changes_for_the_customer_in_this_sprint=GOAL)
    assert "The goal of Sprint 7 is saved" in save(form, "Save the goal")


def prepare_by_keys(visit: Visit, server: Server) -> None:
    page = visit.open(f"{server.url}/review?sprint=sprint-7")
    open_by_key(page, "Prepare the opening")
    await_form(page)
    for field, typed in (("What changes for the customer", GOAL), ("You are", "Chair")):
        tab_to(page, field)
        page.keyboard.type(typed)
    open_by_key(page, "Save the goal")
    expect(page.locator(".okr-told")).to_contain_text("The goal of Sprint 7 is saved")
    settle(page)


def undo_the_closing_and_close_again_by_keys(visit: Visit, server: Server) -> None:
    page = visit.page
    open_by_key(page, "Undo the closing (10 minutes left)")
    await_form(page)
    open_by_key(page, "Undo the closing")
    expect(page.locator(".okr-told")).to_contain_text("“Sprint 7” is open again.")
    settle(page)
    late: list[Route] = []  # what tells where the meeting was when it was left comes after the first key
    page.route(f"**{ROUTE}", lambda route: late.append(route))
    closing = Meeting(visit, server, "sprint-7", "closing", "Chair", link="Present the closing")
    closing.press("End")
    with page.expect_response(f"**{ROUTE}"):
        for route in late:
            route.continue_()
    page.unroute(f"**{ROUTE}")
    closing.write("Chair, Care lead")
    closing.press("Control+Enter")
    expect(closing.body).to_contain_text("Reviewed by Chair, Care lead.", timeout=15_000)
    closing.leave()


def better_words_for_the_goal(opening: Meeting) -> None:
    """A goal about ourselves is saved, and the coach's wording is put into the field, taken out and, in ours, saved."""
    field = opening.page.locator("form[data-asks=goal] textarea")
    offered = opening.page.locator("form[data-asks=goal] [data-offers=goal]")
    expect(offered).to_have_count(0)  # of a goal that speaks of customers
    field.fill("Launch the help centre")
    opening.press("Control+Enter")
    expect(offered).to_have_text("Use “Customers can …”")
    offered.press("Enter")
    expect(field).to_have_value("Customers can …")
    offered.press("Enter")
    expect(field).to_have_value("Launch the help centre")
    field.fill(GOAL)
    opening.save("The goal is saved.", "goal")
    expect(offered).to_have_count(0)
    opening.press("Escape")


def test_a_review_is_chaired_by_keys_from_the_goal_to_the_minutes(
    shop: Path, shop_server: Server, big_screen: Visit
) -> None:
    prepare_by_keys(big_screen, shop_server)
    opening = Meeting(big_screen, shop_server, "sprint-7", "opening", "Chair", link="Present the opening")
    assert opening.step == "vision"
    expect(opening.page.locator("[data-part=clock]")).to_contain_text("of 0:30")  # the time box of kviboard.toml
    opening.go_to("goal")
    expect(opening.body).to_contain_text(GOAL)
    better_words_for_the_goal(opening)
    opening.go_to("predictions")
    opening.write("Dai", "-5", "x")
    opening.save("At most: “x” is not a number. Type it like 48.7 or 1,204.", "prediction")
    opening.press("Control+a")
    opening.page.keyboard.type("+5")
    opening.save("Predicted.", "prediction")
    expect(opening.body).to_contain_text("between −5 and +5")
    opening.press("Escape", "End")
    opening.press("n", "Enter")
    expect(opening.body).to_contain_text("Opened by Chair", timeout=15_000)
    opening.leave()
    expect(opening.page.get_by_role("link", name="Show the opening")).to_be_focused()  # where the keys left off
    export_until(shop, 98)  # two weeks of data
    closing = Meeting(big_screen, shop_server, "sprint-7", "closing", "Chair")
    closing.go_to("goal")
    expect(closing.body).to_contain_text("✓ came true")
    closing.go_to("feedback")
    closing.write("Two customers asked for a map")
    closing.save("Saved.", "feedback")
    expect(closing.body).to_contain_text("Two customers asked for a map (Chair)")
    closing.press("Escape")
    closing.go_to("decisions")
    closing.write("Draw a map", "e", "Care lead")
    closing.save("Decided.", "decision")
    expect(closing.body).to_contain_text("Draw a map")
    closing.press("Escape", "End")
    closing.write("Chair, Care lead")
    closing.press("Control+Enter")
    expect(closing.body).to_contain_text("Reviewed by Chair, Care lead.", timeout=15_000)
    closing.leave()
    undo_the_closing_and_close_again_by_keys(big_screen, shop_server)
    minutes_hold(big_screen, closing)
    store = open_store_of(load_workspace(shop))
    (review,) = store.reviews.all()
    record = store.reviews.whole(review.id)
    assert (record.opening is not None, record.closing is not None) == (True, True)
    assert [decision.kind for decision in record.decisions] == ["experiment"]
    store.close()


def minutes_hold(visit: Visit, meeting: Meeting) -> None:
    """All three kinds of minutes of the closing can be downloaded; the page names what was decided."""
    closing = meeting.page.locator(".st-key-minutes-closing")
    for label, ending in (("Page (HTML)", "html"), ("Slides (PPTX)", "pptx"), ("Text (Markdown)", "md")):
        with meeting.page.expect_download(timeout=30_000) as waiting:
            closing.get_by_role("button", name=label).click()
        assert waiting.value.suggested_filename == f"sprint-7-closing.{ending}"
        content = Path(waiting.value.path()).read_bytes()
        assert content[:2] == b"PK" if ending == "pptx" else "Draw a map" in content.decode()


def test_two_people_see_each_others_notes_and_overwrite_nothing(
    shop_server: Server, big_screen: Visit, come: Callable[..., Visit]
) -> None:
    prepare(big_screen, shop_server)
    chair = Meeting(big_screen, shop_server, "sprint-7", "opening", "Chair")
    other_screen = come(1280, 720)
    care = Meeting(other_screen, shop_server, "sprint-7", "opening", "Care lead")
    care.write("I am still typing this")
    chair.write("From the chair")
    chair.save("Saved.", "remark")
    expect(care.remarks).to_contain_text("From the chair", timeout=8_000)
    typed = other_screen.page.locator("form[data-asks=remark] textarea")
    expect(typed).to_have_value("I am still typing this")
    care.save("Saved.", "remark")
    expect(chair.remarks).to_contain_text("I am still typing this", timeout=8_000)
    expect(chair.remarks.locator("li")).to_have_count(2)


def test_enter_pressed_twice_saves_once(shop_server: Server, big_screen: Visit) -> None:
    prepare(big_screen, shop_server)
    meeting = Meeting(big_screen, shop_server, "sprint-7", "opening", "Chair")
    meeting.write("Said once")
    meeting.press("Enter", "Enter")
    sent = meeting.page.evaluate("JSON.parse(localStorage.getItem('kvi-meeting-1-opening-waiting'))")
    assert len(sent) == 1
    expect(meeting.remarks.locator("li")).to_have_count(1, timeout=15_000)
    a_note_that_waits_for_a_name_is_saved_with_it(meeting)
    meeting.press("Escape")
    size = "() => getComputedStyle(document.documentElement).fontSize === '16px'"
    meeting.page.wait_for_function(size, timeout=500)  # at once: the page below is not on the projector
    expect(meeting.page.locator("h1")).to_be_visible()


def a_note_that_waits_for_a_name_is_saved_with_it(meeting: Meeting) -> None:
    name = meeting.page.locator("[data-part=by]")
    name.fill("")
    meeting.press("Escape")
    meeting.write("Said by somebody new")
    meeting.press("Enter")
    expect(name).to_be_focused()
    meeting.page.keyboard.type("Newcomer")
    meeting.press("Enter", "b", "b")  # keys are keys again: the screen goes blank and comes back
    expect(name).to_have_value("Newcomer")
    expect(meeting.remarks).to_contain_text("Said by somebody new", timeout=15_000)
    name.fill("Newcomer two")
    name.press("Enter")  # nothing waits for it: it is kept for what is said next
    expect(name).not_to_be_focused()
    expect(name).to_have_value("Newcomer two")
    expect(meeting.remarks.locator("li")).to_have_count(2)


def test_the_meeting_goes_on_without_its_server_and_sends_later_what_was_typed(
    shop: Path, port: str, projector: Visit
) -> None:
    page = projector.afresh().page
    page.set_viewport_size({"width": 1280, "height": 720})
    with serving(shop, port=port) as running:
        prepare(projector, running)
        meeting = Meeting(projector, running, "sprint-7", "opening", "Chair")
    meeting.press("End")
    assert meeting.step == "open"  # every step is in the browser
    meeting.press("Home")
    meeting.write("Typed without a server")
    meeting.press("Control+Enter")
    expect(page.locator("[data-part=away]")).to_be_visible(timeout=15_000)
    with serving(shop, port=port):
        expect(meeting.remarks).to_contain_text("Typed without a server", timeout=60_000)
        expect(meeting.remarks.locator("li")).to_have_count(1)
        projector.afresh()


@pytest.mark.parametrize(("width", "height"), [(1920, 1080), (1280, 720)])
def test_every_step_fits_and_is_readable_from_the_back(server: Server, visit: Visit, width: int, height: int) -> None:
    visit.page.set_viewport_size({"width": width, "height": height})
    meeting = Meeting(visit, server, "sprint-37", "closing", "Chair")
    steps = int(visit.page.locator("[data-part=where]").inner_text().split()[-1])
    for _ in range(steps):
        said = visit.page.evaluate(_MEASURES)
        assert said["smallest"] >= 22 * height / 1080 - 0.5, (meeting.step, said)
        assert said["overflow"] <= 1, (meeting.step, said)
        assert said["sideways"] <= 0, (meeting.step, said)
        assert said["frame"] == "none", (meeting.step, said)  # it has the focus, and no ring on the wall
        assert bool(said["strip"]) == (meeting.step == "kvi-promoter_revenue_share")  # the demo lists it already
        meeting.press("ArrowRight")


# The smallest text in the picture and beside it, as drawn, and by how much the step is higher than its place.
_MEASURES = """() => {
    const drawn = (element) => {
        const box = element.ownerSVGElement;
        const scale = box ? box.getBoundingClientRect().width / box.viewBox.baseVal.width : 1;
        return parseFloat(getComputedStyle(element).fontSize) * scale;
    };
    const texts = [...document.querySelectorAll(".meeting-stage *, .meeting header *")].filter((element) =>
        [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim()) && element.checkVisibility());
    const stage = document.querySelector(".meeting-stage");
    return {
        smallest: Math.min(...texts.map(drawn)),
        overflow: stage.scrollHeight - stage.clientHeight,
        sideways: stage.scrollWidth - stage.clientWidth,
        frame: getComputedStyle(stage).outlineStyle,
        strip: document.querySelector("[data-part=strip]").innerText.trim(),
    };
}"""


@pytest.mark.parametrize(
    "address",
    [
        "review?do=decide",
        "kvis?do=set_target",
        "kvis?kvi=orders&make=change",
        "review?view=history",
        "review?view=decisions",
        "review?sprint=sprint-37",
    ],
)
def test_the_pages_have_no_serious_flaws_for_assistive_technology(server: Server, visit: Visit, address: str) -> None:
    """The page itself is looked at with every other; here are its drawers and views."""
    page = visit.open(f"{server.url}/{address}")
    if "do=" in address:
        await_form(page)
    assert serious_flaws(page) == {}


def test_the_meeting_has_no_serious_flaws_for_assistive_technology(server: Server, visit: Visit) -> None:
    meeting = Meeting(visit, server, "sprint-37", "closing", "Chair")
    meeting.press("End")
    assert serious_flaws(meeting.page) == {}


def test_a_link_to_a_sprint_shows_that_sprint(server: Server, visit: Visit) -> None:
    page = visit.open(f"{server.url}/review?sprint=sprint-20")
    expect(page.locator(".review-head h2")).to_contain_text("Sprint 20")
    settle(page)
    assert visit.choices == {"sprint": ["sprint-20"]}
