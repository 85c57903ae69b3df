"""The team's sprints and the releases worth marking on a chart."""

from datetime import date, timedelta

from generator.truths import LIFT_ON, PRICE_CHANGE_ON

FIRST_SPRINT = date(2025, 5, 14)  # a Wednesday; Sprint 38 ends on Tuesday 27 October 2026, Sprint 39 has just begun
SPRINT_DAYS = 14

GOALS = (
    "Every customer can say in one sentence what Kettle does for them",
    "New customers see their first saving within a week",
    "Nobody has to search for their meter number any more",
    "Households know what their holiday month will cost",
    "Customers who ask by chat get an answer the same day",
    "Customers see at a glance whether they use more than last month",
    "A lost meter connection is noticed by us before the customer",
    "Landlords and tenants understand who pays for what",
    "Customers trust the numbers: bill and app agree",
    "Shop owners see which hours cost them most",
    "Customers choose which messages they want to get",
    "Families find one saving tip a week that fits their home",
    "Customers go into winter without fear of the bill",
    "Customers can move the advance payment by themselves",
    "Nobody waits on the phone in the first cold week",
    "Presents arrive before the holidays",
    "Customers understand the yearly statement without help",
    "Solar owners see what they give and what they get",
    "Heat pump owners know that theirs runs well",
    "Customers plan tomorrow in less than a minute",
    "Customers who try the cheap hours come back to them",
    "Everybody finds tomorrow's cheap hours without searching",
    "Car owners charge when power is clean",
    "Customers without smart devices profit from cheap hours too",
    "Small businesses know early what changes for them",
    "Customers understand the new price list",
    "Small businesses find the plan that suits them",
    "Customers choose the hour in which the fitter comes",
    "Customers who stayed with us feel that we noticed",
    "Customers on holiday need not think of us at all",
    "Offices save while nobody is in",
    "A second visit by the fitter becomes the exception",
    "Customers hear from us before a saving is lost",
    "Small businesses tell us what a fair price includes",
    "Families start the school year with a plan for the evenings",
    "Customers know who comes to install, and when",
    "Customers see what last winter taught them",
    "Nobody takes a day off for an installation in vain",
    "Small businesses see what they get for the price",
)

RELEASES = (
    (date(2025, 6, 17), "Bill explained line by line", "Each line of the bill opens into plain words."),
    (date(2025, 8, 26), "Choose your messages", "Customers pick which notices they get."),
    (date(2025, 10, 14), "Winter forecast", "What the winter will cost, from October on."),
    (date(2025, 12, 2), "Gift plugs", "Smart plugs can be sent as a present."),
    (date(2026, 1, 20), "Yearly statement on one page", ""),
    (LIFT_ON, "Tomorrow's cheap hours on the home screen", "When power is cheap and clean, at first sight."),
    (PRICE_CHANGE_ON, "New prices for small businesses", "Small-business plans cost 18 % more."),
    (date(2026, 6, 23), "Dark screen", "A calm screen for the evening."),
    (date(2026, 8, 18), "Pick the fitter's hour", "Customers choose the time slot of an installation visit."),
    (date(2026, 10, 6), "Compare with last winter", ""),
)  # fmt: skip


def sprint_rows() -> list[list[str]]:
    rows = []
    for number, goal in enumerate(GOALS):
        first = FIRST_SPRINT + timedelta(days=SPRINT_DAYS * number)
        last = first + timedelta(days=SPRINT_DAYS - 1)
        rows.append([f"Sprint {number + 1}", first.isoformat(), last.isoformat(), goal])
    return rows


def release_rows() -> list[list[str]]:
    return [[day.isoformat(), title, text] for day, title, text in RELEASES]
