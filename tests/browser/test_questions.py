"""A product owner's six questions, each answered from This week in three clicks at most."""

import re

from playwright.sync_api import Locator, Page, expect

from tests.browser.server import Server
from tests.browser.visit import Visit, settle

MOST_CLICKS = 3
MENU, LINK, PART = "menu", "link", "part"
QUESTIONS: dict[str, tuple[list[tuple[str, str]], str]] = {
    "Who are my promoters?": ([(MENU, "Promoters"), (LINK, "promoters")], r"\d[\d,]* customers; the first 25"),
    "Who is at risk?": ([(MENU, "Customers"), (PART, "At risk")], r"\d+ customers; the first 25 are shown"),
    "What would 10 % more promoters bring?": ([(MENU, "Promoters")], r"Lifting 10\s% of \d+ passives .* would bring"),
    "Why did it fall?": (
        [("tile", ""), ("why", "Why?")],
        r"(stands? out: |alone (lowered|raised) it by ).* the (fall|rise) of",
    ),
    "What do they say?": ([(MENU, "Voice"), (PART, "Comments")], r"\d[\d,]* comments; the newest 25"),
    "Who calls back?": ([(MENU, "Voice"), (PART, "Closing the loop")], r"calls?, due|wait for a call|past due"),
}


def target(page: Page, kind: str, name: str) -> Locator:
    """What is clicked: an entry of the menu, a link or a part of a page, a signal's tile, or the fold "Why?"."""
    if kind == MENU:
        return page.get_by_test_id("stTopNavLink").filter(has_text=re.compile(f"^{name}$"))
    if kind == "tile":
        return page.locator(".kvi-tile a.kvi-link").first
    if kind == "why":
        return page.locator("summary").filter(has_text=name)
    main = page.get_by_test_id("stMain")
    return main.get_by_role("link" if kind == LINK else "radio", name=name, exact=True).first


def test_each_question_is_answered_within_three_clicks(visit: Visit, server: Server) -> None:
    for question, (clicks, answer) in QUESTIONS.items():
        assert len(clicks) <= MOST_CLICKS
        this_week = visit.open(server.url)
        for kind, name in clicks:
            target(this_week, kind, name).click()
            settle(this_week)
        said = this_week.get_by_test_id("stMain").get_by_text(re.compile(answer)).first
        expect(said, question).to_be_visible()
