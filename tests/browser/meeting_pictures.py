"""Pictures of a meeting with everybody in it, for docs/meetings.md: a chair on the big screen and three phones.

Taken by `python -m tests.browser.pictures`; `--meeting` takes these alone.
"""

from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from tests.browser.okrs.forms import await_form, save
from tests.browser.reviews.meeting import Meeting
from tests.browser.server import Server
from tests.browser.visit import Visit

PHONE, WALL = (390, 844), (1920, 1080)
SAID = (("Up", "2", "70 %", "First bills with the new tariff"), ("Down", "1", "50 %", ""), ("Up", "1", "60 %", ""))


def take_meeting(browser: Browser, server: Server, folder: Path) -> None:
    """The opening of a sprint: everybody is asked, answers by phone, and sees what was said."""
    chair = Visit(browser, *WALL)
    phones = [Visit(browser, *PHONE, color_scheme=scheme) for scheme in ("light", "dark", "light")]
    cookie = {"name": "kviboard_person", "value": "Ada", "url": server.url}
    chair.context.add_cookies([cookie])  # type: ignore[list-item]
    chair.open(f"{server.url}/review?sprint=sprint-39&do=goal")
    save(await_form(chair.page), "Save the goal")
    meeting = Meeting(chair, server, "sprint-39", "opening", "Ada")
    meeting.go_to("blind")
    form = chair.page.locator("form[data-asks=poll]")
    form.locator("[name=next]").select_option(label="Ask about Customer satisfaction")
    form.locator("button").click()
    for phone in phones:
        phone.open(f"{server.url}/meeting")
        phone.page.get_by_role("heading", name="Customer satisfaction").wait_for(timeout=30_000)
    chair.page.locator(".meeting-join").wait_for(timeout=30_000)
    _keep(chair.page, folder / "meeting-asked-1920-light.jpeg")
    for phone, (way, by, sure, because) in zip(phones, SAID, strict=True):
        page = phone.page
        page.get_by_role("radio", name=way).click()
        page.get_by_label("By at least").fill(by)
        page.get_by_role("radio", name=sure).click()
        page.get_by_label("Because").fill(because)
        if phone is phones[0]:
            _keep(page, folder / "meeting-phone-390-light.jpeg")
        page.get_by_role("button", name="Send, unseen by the others").click()
        expect(page.get_by_role("status")).to_contain_text("You said", timeout=30_000)
    expect(meeting.body).to_contain_text("3 answers, unseen", timeout=30_000)
    form.locator("button").click()
    expect(meeting.body).to_contain_text("In the middle", timeout=30_000)
    _keep(chair.page, folder / "meeting-revealed-1920-light.jpeg")
    why = phones[1].page.get_by_label("Yours is farthest from the others: say why")
    why.wait_for(timeout=30_000)
    _keep(phones[1].page, folder / "meeting-why-390-dark.jpeg")
    for visit in (chair, *phones):
        visit.close()


def _keep(page: Page, picture: Path) -> None:
    page.wait_for_timeout(500)
    picture.parent.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=picture, type="jpeg", quality=80)
    print(picture.name, flush=True)
