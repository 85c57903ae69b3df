"""A whole review with everybody in it: one chair on the big screen, two laptops, three phones, each a real browser.

From the opening through blind predictions, reveal and decisions to the closing, its undoing, and the closing again.
With KVIBOARD_PICTURES set to a folder, pictures are kept there on the way.
"""

import os
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from kviboard.board.context import open_store_of
from kviboard.workspace import load_workspace
from tests.browser.okrs.forms import await_form, save
from tests.browser.okrs.shop import export_until
from tests.browser.reviews.meeting import Meeting
from tests.browser.reviews.test_review import prepare
from tests.browser.server import Server
from tests.browser.visit import Visit, settle

PHONE = (390, 844)
FINGER = 44  # pixels that a finger needs
SENT = "Send, unseen by the others"


class Everybody:
    """The browsers in a meeting; none may meet any trouble."""

    def __init__(self, come: Callable[..., Visit], server: Server) -> None:
        self.server = server
        self.chair = come(1920, 1080)
        self.laptops = [come(1440, 900), come(1280, 720, "dark")]
        self.phones = [come(*PHONE), come(*PHONE, "dark"), come(*PHONE)]

    def join(self, act: str) -> list[Meeting]:
        """Chair and laptops in the meeting, the phones at the address that the big screen shows."""
        screens = zip([self.chair, *self.laptops], ("Ada", "Bo", "Cy"), strict=True)
        meetings = [Meeting(visit, self.server, "sprint-7", act, name) for visit, name in screens]
        for phone in self.phones:
            phone.open(f"{self.server.url}/meeting")
        return meetings


@pytest.fixture
def everybody(shop_server: Server, come: Callable[..., Visit]) -> Everybody:
    return Everybody(come, shop_server)


def picture(page: Page, name: str) -> None:
    folder = os.environ.get("KVIBOARD_PICTURES")
    if folder:
        page.screenshot(path=Path(folder) / f"{name}.png")


def pictures(people: Everybody, name: str) -> None:
    picture(people.chair.page, f"{name}-1920-light")
    picture(people.laptops[0].page, f"{name}-1440-light")
    picture(people.laptops[1].page, f"{name}-1280-dark")
    picture(people.phones[0].page, f"{name}-390-light")
    picture(people.phones[1].page, f"{name}-390-dark")


def predict(phone: Visit, way: str, by: str, sure: str, because: str = "") -> None:
    page = phone.page
    page.get_by_role("radio", name=way).click()
    if by:
        page.get_by_label("By at least").fill(by)
    page.get_by_role("radio", name=sure).click()
    if because:
        page.get_by_label("Because").fill(because)
    page.get_by_role("button", name=SENT).click()
    expect(page.get_by_role("status")).to_contain_text("You said", timeout=30_000)


def choose(meeting: Meeting, form: str, field: str, label: str) -> None:
    meeting.page.locator(f"form[data-asks={form}] [name={field}]").select_option(label=label)


def press(meeting: Meeting, form: str) -> None:
    meeting.page.locator(f"form[data-asks={form}] button").click()


def test_a_review_with_everybody_in_it(shop: Path, shop_server: Server, everybody: Everybody) -> None:
    prepare(everybody.chair, shop_server)
    opening(everybody)
    export_until(shop, 98)
    closing(everybody)
    store = open_store_of(load_workspace(shop))
    review = store.reviews.of_sprint("Sprint 7")
    record = store.reviews.whole(review.id)
    assert (record.opening is not None, record.closing is not None) == (True, True)
    assert [each.because for each in record.predictions] == ["The middle of 3 predictions made blind"]
    assert [each.text for each in record.decisions] == ["Draw a map"]
    assert record.reviewed_by == ("Ada", "Bo")
    assert [each.asks for each in record.polls] == ["change", "confidence"]
    store.close()


def are_at(step: str, screens: Sequence[Meeting]) -> None:
    for each in screens:
        expect(each.page.locator(".meeting")).to_have_attribute("data-step", step, timeout=30_000)


def takes_a_question_back(chair: Meeting, phone: Visit) -> None:
    choose(chair, "poll", "next", "Ask about Turnover")
    press(chair, "poll")
    expect(phone.page.get_by_role("heading", name="Turnover", exact=True)).to_be_visible(timeout=30_000)
    choose(chair, "poll", "next", "Take the question back")
    press(chair, "poll")
    expect(phone.page.get_by_text("Nothing is asked at the moment")).to_be_visible(timeout=30_000)


def opening(people: Everybody) -> None:
    chair, *laptops = people.join("opening")
    expect(people.phones[0].page.get_by_text("Nothing is asked at the moment")).to_be_visible()
    chair.go_to("blind")
    are_at("blind", laptops)
    takes_a_question_back(chair, people.phones[0])
    choose(chair, "poll", "next", "Ask about Daily active users")
    press(chair, "poll")
    expect(chair.page.locator(".meeting-join figcaption")).to_have_text(
        f"{people.server.url.split('://')[1]}/meeting", timeout=30_000
    )
    for phone in people.phones:
        expect(phone.page.get_by_role("heading", name="Daily active users")).to_be_visible(timeout=30_000)
    expect(chair.page.locator("[data-part=here]")).to_have_text("You chair · 3 here · 3 phones", timeout=30_000)
    fits_a_finger(people.phones[0].page)
    pictures(people, "1-asked")
    people.phones[0].page.get_by_role("button", name=SENT).click()
    is_told_where_the_finger_is(people.phones[0].page)
    says_when_it_is_away(people.phones[2])
    keeps_what_was_typed(people.phones[0], "Spring")
    predict(people.phones[0], "Up", "4", "70 %")
    predict(people.phones[1], "Down", "1", "50 %")
    predict(people.phones[2], "Up", "2", "90 %")
    expect(chair.body).to_contain_text("3 answers, unseen", timeout=30_000)
    assert "Spring" not in chair.body.inner_text()
    pictures(people, "2-answered")
    press(chair, "poll")
    for each in (chair, *laptops):
        expect(each.body).to_contain_text("In the middle +2, from −1 to +4 (3 answers)", timeout=30_000)
    expect(chair.body).to_contain_text("+4: Spring")
    lowest = people.phones[1].page
    why = lowest.get_by_label("Yours is farthest from the others: say why")
    why.fill("The holidays end", timeout=30_000)
    lowest.get_by_role("button", name="Show it to all").click()
    expect(chair.body).to_contain_text("−1: The holidays end", timeout=30_000)
    expect(people.phones[2].page.get_by_text("farthest from the others")).to_have_count(0)
    pictures(people, "3-revealed")
    choose(chair, "poll", "next", "Our prediction: at least +2, 70 % sure")
    press(chair, "poll")
    chair.go_to("predictions")
    expect(chair.body).to_contain_text("at least +2", timeout=30_000)
    chair.go_to("open")
    press(chair, "freeze")
    for each in (chair, *laptops):
        expect(each.body).to_contain_text("Opened by Ada", timeout=30_000)
    for each in (chair, *laptops):
        each.leave()


def keeps_what_was_typed(phone: Visit, because: str) -> None:
    """Typed and chosen, not sent, when the phone loads the page anew."""
    down, sure = (phone.page.get_by_role("radio", name=name) for name in ("Down", "50 %"))
    down.click()
    sure.click()
    phone.page.get_by_label("Because").press_sequentially(because)
    phone.page.reload()
    expect(phone.page.get_by_label("Because")).to_have_value(because, timeout=30_000)
    for each in (down, sure):
        expect(each).to_be_checked()


def is_told_where_the_finger_is(phone: Page) -> None:
    """On a low phone what stands below the button is below the screen."""
    told = phone.get_by_text("Choose how sure you are")
    expect(told).to_be_visible()
    places = [each.bounding_box() for each in (told, phone.get_by_role("button", name=SENT))]
    assert all(places)
    said, button = (place["y"] for place in places if place)
    assert said < button


def says_when_it_is_away(phone: Visit) -> None:
    line = phone.page.get_by_text("Not connected: what you typed stays here.")
    expect(line).to_be_hidden()
    phone.context.set_offline(True)
    expect(line).to_be_visible()
    phone.context.set_offline(False)
    expect(line).to_be_hidden()


def closing(people: Everybody) -> None:
    chair, *laptops = people.join("closing")
    chair.go_to("decisions")
    chair.write("Draw a map", "", "Care lead")
    are_at("decisions", laptops)  # what is not yet said dies with a browser
    chair = killed_and_back(people, laptops)
    chair.page.locator("form[data-asks=decision] textarea").press("Control+Enter")
    expect(chair.page.locator("form[data-asks=decision] [role=status]")).to_have_text("Decided.", timeout=30_000)
    chair.page.evaluate("document.activeElement?.blur()")
    chair.go_to("confidence")
    press(chair, "poll")
    for phone, grade, word in zip(people.phones, "453", ("hopeful", "", "tired"), strict=True):
        phone.page.get_by_role("radio", name=grade, exact=True).click(timeout=30_000)
        phone.page.get_by_label("One word at the end").fill(word)
        phone.page.get_by_role("button", name=SENT).click()
        expect(phone.page.get_by_role("status")).to_contain_text("You said", timeout=30_000)
    expect(chair.body).to_contain_text("3 answers, unseen", timeout=30_000)
    press(chair, "poll")
    for each in (chair, *laptops):
        expect(each.body).to_contain_text("4.0 of 5 on average, 3 answers", timeout=30_000)
        expect(each.body).to_contain_text("hopeful · tired")
    pictures(people, "4-confidence")
    close(chair)
    pictures(people, "5-closed")
    chair.leave()
    page = people.chair.page
    page.get_by_role("link", name="Undo the closing").click()
    assert "is open again" in save(await_form(page), "Undo the closing")
    settle(page)
    again = Meeting(people.chair, people.server, "sprint-7", "closing", "Ada")
    close(again)
    again.leave()
    picture(page, "6-closed-1920-light")


def killed_and_back(people: Everybody, laptops: list[Meeting]) -> Meeting:
    """The chair's browser is killed with a decision half typed: the meeting waits, somebody else takes the chair and
    hands it back, and what was typed stands where it was."""
    people.chair.kill()
    stands_in = laptops[0]
    stands_in.page.get_by_role("button", name="Take the chair").click(timeout=60_000)
    here = "[data-part=here]"
    expect(stands_in.page.locator(here)).to_contain_text("You chair", timeout=30_000)
    chair = Meeting(people.chair, people.server, "sprint-7", "closing", "Ada")
    are_at("decisions", [chair, *laptops])
    stands_in.page.locator(here).click()
    ada = stands_in.page.get_by_role("listitem").filter(has_text="Ada")
    ada.get_by_role("button", name="Hand over the chair").click(timeout=30_000)
    expect(chair.page.locator(here)).to_contain_text("You chair", timeout=30_000)
    stands_in.press("Escape")
    field = chair.page.locator("form[data-asks=decision] textarea")
    expect(field).to_have_value("Draw a map", timeout=30_000)
    return chair


def close(chair: Meeting) -> None:
    chair.go_to("close")
    form = "form[data-asks=freeze]"
    press(chair, "freeze")
    asked = chair.page.locator(f"{form} [role=status]")
    expect(asked).to_contain_text("Close Sprint 7 with 0 reviewers, 1 decision?", timeout=30_000)
    chair.page.locator(f"{form} textarea").fill("Ada, Bo")
    press(chair, "freeze")
    expect(chair.body).to_contain_text("Reviewed by Ada, Bo.", timeout=30_000)


def fits_a_finger(page: Page) -> None:
    """Nothing on the phone is wider than it, and whatever is pressed is high enough."""
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert wide <= 0
    pressed = ".st-key-phone :is(button, input, [role=radio])"
    heights = page.eval_on_selector_all(
        pressed,
        "found => found.filter(each => each.checkVisibility()).map(each => each.getBoundingClientRect().height)",
    )
    assert heights
    assert min(heights) >= FINGER
