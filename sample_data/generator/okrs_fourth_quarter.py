"""The OKRs of October to December 2026, a month under way: every status, badge and cap occurs once at least."""

from collections.abc import Iterator
from datetime import date, time
from decimal import Decimal

from generator.okr_script import Act, Person, graded, weekly
from generator.okrs_third_quarter import APP, BILLING, CLOSING, FIELD, LEADERSHIP, SMALL_BUSINESS
from kviboard.domain.okrs.model import PlanPoint

QUARTER = "Q4 2026"
GROWTH, CARE, PLATFORM = "Product owner Growth", "Head of customer care", "Product owner Platform"
START, FIRST_MONDAY = date(2026, 10, 2), date(2026, 10, 5)
_AFTERNOON, _LATER = time(14), time(15)
ACTIVE = ("trust_4", "fair_4", "effortless", "at_a_glance", "no_day_off", "first_saving", "stay")


def fourth_quarter() -> Iterator[Act]:
    """Everything that was done about this quarter so far."""
    yield Person(LEADERSHIP, date(2026, 9, 23)).adds_cycle(QUARTER, date(2026, 10, 1), date(2026, 12, 31))
    yield from _carry_over()
    yield from _plan_of_app()
    yield from _plan_of_growth()
    yield from _plan_of_care()
    yield from _plan_of_platform()
    starting = Person(LEADERSHIP, START)
    for name in ACTIVE:
        yield starting.activates(name)
    yield from _check_in()
    yield from _close_early()
    yield from _targets_and_notes()
    yield from _talk()


def _carry_over() -> Iterator[Act]:
    lead = Person(LEADERSHIP, CLOSING, at=_AFTERNOON)
    yield lead.carries_over(
        "trust", QUARTER, "trust_4",
        nps=("nps_4", {"baseline": "25.5", "target": "30"}),
        promoted=("promoted_4", {"baseline": "0.517", "lower": "0.55"}),
    )  # fmt: skip
    yield lead.edits_key_result("promoted_4", lower="0.48")
    yield lead.adds_key_result(
        "monthly_4", "trust_4", "Customers who come by at least once in four weeks", "increase", owner=LEADERSHIP,
        unit="customers", baseline="2535", target="2590", kvi="monthly_active_users", grain="month",
    )  # fmt: skip
    yield lead.guards("trust_4", "complaints_per_1000", upper="30")
    yield from _carry_over_billing()
    yield from _carry_over_field_service()


def _carry_over_billing() -> Iterator[Act]:
    billing = Person(BILLING, CLOSING, at=_LATER)
    yield billing.carries_over(
        "fair", QUARTER, "fair_4",
        small_nps=("small_nps_4", {"baseline": "-6.98", "target": "5"}),
        explain=("explain_4", {"baseline": "0.41", "target": "0.45"}),
    )  # fmt: skip
    yield billing.edits_key_result("explain_4", target="0.60")
    yield billing.adds_key_result(
        "cancel", "fair_4", "Small businesses that cancel and name the price, per month", "decrease", owner=BILLING,
        unit="customers", baseline="31", target="18",
    )  # fmt: skip


def _carry_over_field_service() -> Iterator[Act]:
    field = Person(FIELD, CLOSING, at=_LATER)
    yield field.carries_over(
        "first_visit", QUARTER, "no_day_off",
        second=("second_4", {"baseline": "0.18", "target": None}),
        hour=("hour_4", {"baseline": "0.69", "target": "0.80"}),
    )  # fmt: skip
    yield field.edits_objective("no_day_off", title="Customers never take a day off in vain for an installation")
    yield field.edits_key_result("second_4", target="0.10")
    yield field.adds_key_result(
        "complaints", "no_day_off", "Complaints per 1,000 customers", "keep_within", owner=FIELD, unit="per_1000",
        upper="30", kvi="complaints_per_1000", grain="month",
    )  # fmt: skip


def _plan_of_app() -> Iterator[Act]:
    app = Person(APP, CLOSING, at=_LATER)
    yield app.adds_objective(
        "effortless", QUARTER, "Customers use power when it is cheap without having to think about it", team="App",
        supports="trust_4", owner=APP, customer_promise="The washing machine waits for the wind, you do not.",
    )  # fmt: skip
    yield app.adds_key_result(
        "daily", "effortless", "Daily active users", "increase", owner=APP, unit="customers", baseline="882",
        target="910", kvi="daily_active_users", grain="month",
    )  # fmt: skip
    yield app.adds_key_result(
        "minutes", "effortless", "Minutes a day that all customers together spend on their power", "increase",
        owner=APP, unit="number", baseline="7009", target="7300", kvi="daily_active_minutes", grain="sprint",
        plan=(PlanPoint(date(2026, 11, 15), Decimal("0.7")),),
    )  # fmt: skip
    yield app.adds_key_result(
        "countries", "effortless", "Tomorrow's cheap hours shown in all five countries", "milestone", owner=APP,
        plan=(PlanPoint(date(2026, 11, 30), Decimal(1)),),
    )  # fmt: skip
    yield app.guards("effortless", "customer_satisfaction", lower="0.62")
    yield from _plan_at_a_glance(app)


def _plan_at_a_glance(app: Person) -> Iterator[Act]:
    yield app.adds_objective(
        "at_a_glance", QUARTER, "Customers see at a glance how this winter compares with the last", team="App",
        supports="trust_4", owner=APP,
    )  # fmt: skip
    yield app.adds_key_result(
        "found", "at_a_glance", "Share of test customers who find last winter within ten seconds", "increase",
        owner=APP, unit="percent", baseline="0.35", target="0.75",
    )  # fmt: skip
    yield app.adds_key_result(
        "asked", "at_a_glance", "Questions to support about last winter's bill, per week", "decrease", owner=APP,
        baseline="48", target="30",
    )  # fmt: skip


def _plan_of_growth() -> Iterator[Act]:
    growth = Person(GROWTH, CLOSING, at=_LATER)
    yield growth.adds_objective(
        "first_saving", QUARTER, "New customers see their first saving within a week", team="Growth", owner=GROWTH,
        customer_promise="You know that it was worth it before the first bill.",
    )  # fmt: skip
    yield growth.adds_key_result(
        "joined", "first_saving", "New customers per sprint", "increase", owner=GROWTH, unit="customers",
        baseline="28", target="34", kvi="new_customers", grain="sprint",
    )  # fmt: skip
    yield growth.adds_key_result(
        "saved", "first_saving", "Share of new customers who saved something in their first week", "increase",
        owner=GROWTH, unit="percent", baseline="0.35", target="0.55", ambition="aspirational",
    )  # fmt: skip
    yield growth.adds_key_result(
        "funnel", "first_saving", "Optimise the welcome funnel", "increase", unit="percent", baseline="0.12",
        target="0.13",
    )  # fmt: skip


def _plan_of_care() -> Iterator[Act]:
    care = Person(CARE, CLOSING, at=_LATER)
    yield care.adds_objective(
        "stay", QUARTER, "Customers stay because nobody serves them better", team="Customer care", owner=CARE,
        supports="trust_4",
    )  # fmt: skip
    yield care.adds_key_result(
        "retention", "stay", "Net revenue retention", "increase", owner=CARE, unit="percent", baseline="0.958",
        target="0.97", kvi="net_revenue_retention", grain="quarter",
    )  # fmt: skip
    yield care.adds_key_result(
        "missed", "stay", "Share of customers who would miss us, asked every six weeks", "increase", owner=CARE,
        unit="percent", baseline="0.44", target="0.55", cadence_days=45,
    )  # fmt: skip
    yield care.guards("stay", "complaints_settled_in_time", lower="0.80")
    yield care.adds_key_result(
        "again", "stay", "Share of orders that another one follows within 90 days", "increase", owner=CARE,
        unit="percent", baseline="0.874", target="0.9", kvi="repurchase_rate_90d", grain="month",
    )  # fmt: skip


def _plan_of_platform() -> Iterator[Act]:
    platform = Person(PLATFORM, CLOSING, at=_LATER)
    yield platform.adds_objective(
        "engine", QUARTER, "Launch the new billing engine and migrate 80 % of the accounts", team="Platform"
    )
    yield platform.adds_key_result("rolled_out", "engine", "Roll out the engine in all regions", "milestone")


def _check_in() -> Iterator[Act]:
    yield from weekly(
        BILLING, "explain_4", FIRST_MONDAY,
        ("0.42", 6, ""), ("0.44", 5, "Belgian letters are out."), ("0.46", 4, "Callers ask about the winter price."),
        ("0.48", 3, "Calls stop in November unless somebody takes them over."),
    )  # fmt: skip
    yield from weekly(BILLING, "cancel", date(2026, 10, 12), ("29", 6, ""))
    yield Person(BILLING, date(2026, 10, 26), at=_LATER).says("cancel", "62", 6, "")
    yield Person(BILLING, date(2026, 10, 27)).says("cancel", "26", 6, "Typed the digits the wrong way round.", True)
    yield from weekly(
        FIELD, "second_4", FIRST_MONDAY,
        ("0.175", 6, "The easy half is done."), ("0.17", 5, "Heat pumps are what remains."),
    )  # fmt: skip
    yield from weekly(FIELD, "hour_4", date(2026, 10, 7), ("0.70", 7, ""), ("0.70", 7, ""), ("0.71", 7, ""))
    yield Person(FIELD, date(2026, 10, 28)).says("hour_4", "0.73", 8, "Half of the installers have the app.")
    yield from weekly(
        GROWTH, "saved", FIRST_MONDAY,
        ("0.38", 6, ""), ("0.40", 7, ""), ("0.42", 7, "The first tip comes on day two."), ("0.45", 8, ""),
    )  # fmt: skip
    yield from weekly(APP, "countries", FIRST_MONDAY, ("0", 8, ""), ("0", 8, "Denmark done."))
    yield Person(APP, date(2026, 10, 26)).says("countries", "0", 7, "Ireland waits for its price feed.")
    for week, confidence in enumerate((7, 7, 6)):
        yield Person(APP, date(2026, 10, 5 + 7 * week), at=_LATER).says("daily", None, confidence, "")
    for day, confidence in ((date(2026, 10, 5), 6), (date(2026, 10, 19), 4)):
        yield Person(LEADERSHIP, day).says("nps_4", None, confidence, "")


def _close_early() -> Iterator[Act]:
    yield Person(APP, date(2026, 10, 12)).says("found", "0.66", 8, "Since the release of 6 October.")
    yield Person(APP, date(2026, 10, 12)).says("asked", "33", 8, "")
    yield Person(APP, date(2026, 10, 23)).says("found", "0.78", 10, "")
    yield Person(APP, date(2026, 10, 23)).says("asked", "27", 10, "")
    note = "Done with one release. Support says thank you; the time goes to the cheap hours."
    yield Person(APP, date(2026, 10, 23), at=_LATER).closes(
        "at_a_glance", graded("1.0", "keep", note), found=graded("1.0", "keep"), asked=graded("1.0", "keep")
    )


def _targets_and_notes() -> Iterator[Act]:
    lead = Person(LEADERSHIP, START, at=_LATER)
    reason = "35 comes back once small businesses find their price fair; until then we steer by 30."
    yield lead.sets_target("net_promoter_score", "30", date(2026, 10, 1), reason, ends_on=date(2026, 12, 31))
    reason = "Where they stood before the price change, halfway."
    yield lead.sets_target("net_promoter_score", "5", date(2026, 10, 1), reason, grain="month", where=SMALL_BUSINESS)
    yield lead.sets_target("daily_active_users", "900", date(2027, 1, 1), "The cheap hours reach five countries.")
    yield Person(BILLING, date(2026, 10, 12), at=_LATER).notes(
        "net_promoter_score", date(2026, 10, 12), "Small businesses in Belgium get the bill that explains itself."
    )
    yield Person(APP, date(2026, 10, 26), at=_LATER).notes(
        "daily_active_users", date(2026, 10, 25), "The clocks went back: everybody looked at the cheap hours."
    )


def _talk() -> Iterator[Act]:
    """What they said to one another."""
    yield Person(LEADERSHIP, date(2026, 10, 20)).comments(
        "@Product owner Platform, which customer notices this, and by what? Nobody does in this sentence.", "engine"
    )
    yield Person(BILLING, date(2026, 10, 26), at=time(16)).comments(
        "@Head of customer care, can the service desk take over the forty calls a week from November on?",
        key_result="explain_4",
    )
    yield Person(CARE, date(2026, 10, 27)).comments(
        "Ten a day, yes. @Product owner Billing, we need the list of small businesses before 2 November.",
        key_result="explain_4",
    )
