"""The OKRs of July to September 2026: five objectives, closed with grades, three of them carried on."""

from collections.abc import Iterator
from datetime import date

from generator.okr_script import Act, Person, graded, weekly

QUARTER = "Q3 2026"
LEADERSHIP, BILLING, APP, FIELD = (
    "Product leadership",
    "Product owner Billing",
    "Product owner App",
    "Product owner Field service",
)
SMALL_BUSINESS = {"segment": ["Small business"]}
PLANNING = date(2026, 6, 25)
JULY, AUGUST, SEPTEMBER = date(2026, 7, 6), date(2026, 8, 3), date(2026, 9, 7)
LAST_WEEK, CLOSING = date(2026, 9, 28), date(2026, 10, 1)


def third_quarter() -> Iterator[Act]:
    """Everything that was done about this quarter."""
    yield from _plan()
    yield from _check_in()
    yield from _close()


def _plan() -> Iterator[Act]:
    lead = Person(LEADERSHIP, date(2026, 6, 24))
    yield lead.adds_cycle(QUARTER, date(2026, 7, 1), date(2026, 9, 30))
    yield lead.adds_objective(
        "trust",
        QUARTER,
        "Customers trust the price they see and tell their neighbours so",
        customer_promise="What it will cost stands on the screen before the bill comes, in words we all use.",
        owner=LEADERSHIP,
    )
    yield lead.adds_key_result(
        "nps", "trust", "Net Promoter Score of all customers", "increase", owner=LEADERSHIP, unit="score",
        baseline="21.1", target="35", kvi="net_promoter_score", grain="month",
    )  # fmt: skip
    yield lead.adds_key_result(
        "promoted", "trust", "Share of turnover from customers who recommend us", "keep_within", owner=LEADERSHIP,
        unit="percent", baseline="0.572", lower="0.55", kvi="promoter_revenue_share", grain="month",
    )  # fmt: skip
    yield from _plan_of_billing()
    yield from _plan_of_app()
    yield from _plan_of_field_service()
    starting = Person(LEADERSHIP, date(2026, 7, 1))
    for name in ("trust", "fair", "holidays", "dark", "first_visit"):
        yield starting.activates(name)


def _plan_of_billing() -> Iterator[Act]:
    billing = Person(BILLING, PLANNING)
    yield billing.adds_objective(
        "fair", QUARTER, "Small businesses find their price fair and say so", supports="trust", team="Billing",
        owner=BILLING, customer_promise="You see what you pay for, and why it changed.",
    )  # fmt: skip
    yield billing.adds_key_result(
        "small_nps", "fair", "Net Promoter Score of small businesses", "increase", owner=BILLING, unit="score",
        baseline="-9.9", target="5", kvi="net_promoter_score", grain="month", where=SMALL_BUSINESS,
    )  # fmt: skip
    yield billing.adds_key_result(
        "explain", "fair", "Share of called small businesses who can explain their bill", "increase", owner=BILLING,
        unit="percent", baseline="0.30", target="0.45",
    )  # fmt: skip


def _plan_of_app() -> Iterator[Act]:
    app = Person(APP, PLANNING)
    yield app.adds_objective(
        "holidays", QUARTER, "Customers keep an eye on their power even while they are away", supports="trust",
        team="App", owner=APP, customer_promise="Nothing runs at home that you would have switched off.",
    )  # fmt: skip
    yield app.adds_key_result(
        "summer", "holidays", "Daily active users in the holiday months", "keep_within", owner=APP, unit="customers",
        lower="820", kvi="daily_active_users", grain="month",
    )  # fmt: skip
    yield app.adds_key_result(
        "monthly", "holidays", "Customers who come by at least once in four weeks", "increase", owner=APP,
        unit="customers", baseline="2511", target="2530", kvi="monthly_active_users", grain="month",
    )  # fmt: skip
    yield app.adds_objective("dark", QUARTER, "Roll out the dark screen on every device", team="App", owner=APP)
    yield app.adds_key_result("dark_live", "dark", "Ship the dark screen to all customers", "milestone", owner=APP)


def _plan_of_field_service() -> Iterator[Act]:
    field = Person(FIELD, PLANNING)
    yield field.adds_objective(
        "first_visit", QUARTER, "Customers get their installation right at the first visit", supports="trust",
        team="Field service", owner=FIELD, customer_promise="One visit, at the hour you chose, and it works.",
    )  # fmt: skip
    yield field.adds_key_result(
        "second", "first_visit", "Share of installations that need a second visit", "decrease", owner=FIELD,
        unit="percent", baseline="0.26", target="0.18",
    )  # fmt: skip
    yield field.adds_key_result(
        "hour", "first_visit", "Share of customers told the fitter's hour a day ahead", "increase", owner=FIELD,
        unit="percent", baseline="0.40", target="0.80", ambition="aspirational",
    )  # fmt: skip


def _check_in() -> Iterator[Act]:
    yield from weekly(
        BILLING, "explain", JULY,
        ("0.30", 6, "Forty calls a week, picked by lot."), ("0.31", 6, ""), ("0.31", 5, "Holidays: few pick up."),
        ("0.32", 5, ""), ("0.33", 5, "First letters with the new line are out."), ("0.33", 5, ""), ("0.34", 4, ""),
        ("0.35", 5, "The Netherlands done."), ("0.36", 5, ""), ("0.38", 6, "Germany done."), ("0.39", 6, ""),
        ("0.41", 6, ""), ("0.41", 6, "Belgium follows in October."),
    )  # fmt: skip
    yield from weekly(
        FIELD, "second", JULY,
        ("0.26", 5, ""), ("0.25", 5, "The checklist is on every van."), ("0.25", 6, ""), ("0.24", 6, ""),
        ("0.23", 6, ""), ("0.22", 7, ""), ("0.22", 7, "Customers pick the hour themselves now."), ("0.21", 7, ""),
        ("0.20", 8, ""), ("0.20", 8, ""), ("0.19", 8, ""), ("0.19", 9, ""), ("0.18", 9, "Two visits in eleven."),
    )  # fmt: skip
    yield from _check_in_now_and_then()


def _check_in_now_and_then() -> Iterator[Act]:
    for day, value, confidence, comment in (
        (JULY, "0.42", 4, "By phone only."),
        (AUGUST, "0.47", 5, ""),
        (date(2026, 8, 17), "0.58", 6, "The time slot goes live tomorrow."),
        (SEPTEMBER, "0.66", 7, ""),
        (LAST_WEEK, "0.69", 7, "Installers without the app are what is missing."),
    ):
        yield Person(FIELD, day).says("hour", value, confidence, comment)
    yield Person(APP, JULY).says("dark_live", "0", 9, "In review.")
    yield Person(APP, date(2026, 7, 20)).says("dark_live", "1", 10, "Live.")
    for day, confidence, comment in (
        (JULY, 6, "Prices for small businesses weigh on it."),
        (AUGUST, 4, "The letters that explain the price are late."),
        (SEPTEMBER, 5, ""),
    ):
        yield Person(LEADERSHIP, day).says("nps", None, confidence, comment)
    reason = "The letters go out from October on: 35 was planned with letters in August."
    yield Person(LEADERSHIP, date(2026, 8, 19)).edits_key_result("nps", reason, target="30")


def _close() -> Iterator[Act]:
    lead, billing, app, field = (Person(role, CLOSING) for role in (LEADERSHIP, BILLING, APP, FIELD))
    note = "Households trust the price; small businesses do not yet. The promise stays, the means change."
    yield lead.closes(
        "trust", graded("0.4", "modify", note), nps=graded("0.5", "modify"), promoted=graded("0.4", "modify")
    )
    note = "Who understands the bill forgives the price. It is worth going on, country by country."
    late = "Belgium got its new bill only in the last week; where it arrived, the goal was reached."
    yield billing.closes(
        "fair", graded("0.5", "keep", note, "0.6", late), small_nps=graded("0.2", "keep"), explain=graded("0.7", "keep")
    )
    note = "The weekly note about power left running brought people back. We keep it, it needs no objective."
    yield app.closes(
        "holidays", graded("1.0", "keep", note), summer=graded("1.0", "keep"), monthly=graded("1.0", "keep")
    )
    note = "Shipped on time, and nothing changed for customers that we can see. Next time we say first what should."
    yield app.closes("dark", graded("1.0", "abandon", note), dark_live=graded("1.0", "abandon"))
    note = "The checklist works. Next is the day off that customers take for nothing."
    yield field.closes(
        "first_visit", graded("0.9", "keep", note), second=graded("1.0", "keep"), hour=graded("0.7", "keep")
    )
