"""A meeting that is held from several places: everybody follows the chair, and nothing is lost when a browser is."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.reviews.meeting import Meeting
from tests.browser.reviews.test_review import prepare
from tests.browser.server import Server
from tests.browser.visit import Visit


@pytest.fixture
def screens(shop_server: Server, come: Callable[..., Visit]) -> list[Visit]:
    """Three people's browsers, gone before their server is."""
    return [come(1920, 1080), come(1280, 720), come(1280, 720)]


def at_step(meeting: Meeting, step: str) -> None:
    expect(meeting.page.locator(".meeting")).to_have_attribute("data-step", step, timeout=15_000)


def test_everybody_follows_the_chair_who_can_hand_over_and_be_lost(shop_server: Server, screens: list[Visit]) -> None:
    prepare(screens[0], shop_server)
    chair = Meeting(screens[0], shop_server, "sprint-7", "opening", "Ada")
    here = "[data-part=here]"
    expect(chair.page.locator(here)).to_have_text("You chair · 1 here")
    chair.go_to("okrs")
    chair.write("Typed by Ada, not sent")
    chair.press("Escape")
    care = Meeting(screens[1], shop_server, "sprint-7", "opening", "Bo")
    at_step(care, "okrs")  # where the meeting is, not at its beginning
    expect(care.page.locator(here)).to_have_text("Ada chairs · 2 here")
    expect(chair.page.locator(here)).to_have_text("You chair · 2 here")
    care.press("Home")  # looks at something alone
    back = care.page.get_by_role("button", name="Back to Ada: step")
    expect(back).to_be_visible()
    chair.press("PageDown")
    at_step(care, "vision")
    back.click()
    at_step(care, chair.step)
    chair.page.locator(here).click()
    chair.page.get_by_role("button", name="Hand over the chair").click()
    expect(care.page.locator(here)).to_have_text("You chair · 2 here")
    care.press("Home")
    at_step(chair, "vision")
    same_clock(chair, care)
    killed(screens, care, chair)


def same_clock(one: Meeting, other: Meeting) -> None:
    """Both show the same time, give or take the second that passes between two looks."""

    def seconds(meeting: Meeting) -> int:
        minutes, _, rest = meeting.page.locator("[data-part=total]").inner_text().partition(":")
        return int(minutes) * 60 + int(rest)

    assert abs(seconds(one) - seconds(other)) <= 2


def killed(screens: list[Visit], chair: Meeting, other: Meeting) -> None:
    """The chair's browser is gone: the meeting waits where it is until somebody takes the chair, or it comes back."""
    chair.go_to("goal")
    at_step(other, "goal")
    screens[1].page.goto("about:blank")  # the window is gone, and with it all it had in memory
    take = other.page.get_by_role("button", name="Take the chair")
    expect(take).to_be_visible(timeout=20_000)
    expect(other.page.locator(".meeting")).to_have_attribute("data-step", "goal")
    take.click()
    expect(other.page.locator("[data-part=here]")).to_have_text("You chair · 1 here")
    other.press("PageDown")
    screens[1].page.go_back()
    at_step(chair, other.step)
    other.go_to("okrs")
    other.press("n")
    expect(other.page.locator("form[data-asks=remark] textarea")).to_have_value("Typed by Ada, not sent")
