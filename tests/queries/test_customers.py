"""Profiles, cohorts and what customers did after they answered: worked by hand."""

from datetime import date

import pytest

from tests.queries.staged import active, answer, build, order, rows, stage, ticket

LAST_DAY = active("somebody", "2026-06-30")  # the data reaches to 30 June 2026


def profile(columns: str, **given: object) -> dict[str, tuple]:
    connection = build(stage(**{"activity": [], **given}), "customer_profile")
    return {row[0]: row[1:] for row in rows(connection, f"select customer_id, {columns} from customer_profile")}


@pytest.mark.parametrize(
    ("started", "last_seen", "lifecycle"),
    [
        ("2026-04-02", None, "new"),  # 90 days: 2 April to 30 June
        ("2026-04-01", None, "lost"),
        ("2025-01-01", "2026-06-30", "active"),
        ("2025-01-01", "2026-06-03", "active"),  # the first of the last 28 days
        ("2025-01-01", "2026-06-02", "at risk"),
        ("2025-01-01", "2026-04-02", "at risk"),  # the first of the last 90 days
        ("2025-01-01", "2026-04-01", "lost"),
    ],
)
def test_the_life_cycle_changes_with_the_day_a_customer_was_last_seen(
    started: str, last_seen: str | None, lifecycle: str
) -> None:
    customers = [{"customer_id": "anna", "signed_up_on": started}]
    visits = [LAST_DAY, *([active("anna", last_seen)] if last_seen else [])]
    assert profile("lifecycle", customers=customers, activity=visits)["anna"] == (lifecycle,)
    bought = [order("o1", "anna", last_seen, 5)] if last_seen else []
    assert profile("lifecycle", customers=customers, activity=[LAST_DAY], orders=bought)["anna"] == (lifecycle,)


def test_a_profile_sums_up_orders_with_refunds_taken_off_the_revenue_only() -> None:
    given = [
        order("o0", "anna", "2025-06-30", 1000),
        order("o1", "anna", "2025-07-01", 100),
        order("o2", "anna", "2026-06-01", 50),
        order("back", "anna", "2026-06-10", -50),
        order("last", "bea", "2026-06-30", 1),
    ]
    found = profile("first_order_on, last_order_on, orders, revenue, revenue_12m", orders=given, activity=[LAST_DAY])
    first, last, orders, revenue, revenue_12m = found["anna"]
    assert (first, last, orders) == (date(2025, 6, 30), date(2026, 6, 1), 3)
    assert (float(revenue), float(revenue_12m)) == (1100, 100)
    assert found["somebody"] == (None, None, 0, 0, 0)


def test_the_last_12_months_of_revenue_are_those_up_to_the_last_day_of_orders() -> None:
    """Activity goes on for 6 months after it: 30 June, a year before, is a day too early; 1 July is not."""
    given = [order(f"o{amount}", "anna", day, amount) for day, amount in (("2025-06-30", 1), ("2025-07-01", 20))]
    found = profile("revenue_12m", orders=[*given, order("o3", "bea", "2026-06-30", 300)],
                    activity=[active("somebody", "2026-12-31")])  # fmt: skip
    assert {name: float(revenue) for name, (revenue,) in found.items()} == {"anna": 20, "bea": 300, "somebody": 0}


def test_without_any_orders_a_profile_knows_no_revenue() -> None:
    found = profile("orders, revenue, revenue_12m", activity=[LAST_DAY])
    assert found["somebody"] == (None, None, None)


def test_a_profile_keeps_the_last_score_and_says_unscored_once_it_has_expired() -> None:
    given = [
        answer("r1", "old", "2026-01-01", 9),
        answer("r2", "fresh", "2026-06-01", 3),
        answer("r3", "fresh", "2026-06-20", 8),
    ]
    found = profile("last_score, last_answer_on, band", responses=given, activity=[LAST_DAY], valid_days=90)
    assert found["old"] == (9, date(2026, 1, 1), "unscored")
    assert found["fresh"] == (8, date(2026, 6, 20), "passive")
    assert found["somebody"] == (None, None, "unscored")


def test_active_days_cover_the_last_28_and_open_tickets_are_those_without_an_end() -> None:
    visits = [active("anna", f"2026-06-{n:02}") for n in (2, 3, 3, 30)]
    contacts = [
        ticket("t1", "anna", "2026-06-01"),
        {**ticket("t2", "anna", "2026-06-01"), "closed_at": "2026-06-02"},
    ]
    found = profile("last_active_on, active_days_28, open_tickets", activity=visits, tickets=contacts)
    assert found["anna"] == (date(2026, 6, 30), 2, 1)


def test_where_no_ticket_says_when_it_was_closed_none_is_known_to_be_open() -> None:
    contacts = [ticket("t1", "anna", "2026-06-01"), ticket("t2", "anna", "2026-06-02")]
    found = profile("open_tickets", activity=[active("anna", "2026-06-30")], tickets=contacts)
    assert found["anna"] == (None,)


def test_value_tiers_split_the_customers_with_revenue_and_equals_go_by_id() -> None:
    spenders = [order(f"o{n}", f"c{n}", "2026-06-01", 100) for n in range(1, 10)] + [
        order("o0", "c0", "2026-06-01", 500)
    ]
    others = [order("p", "refunded", "2026-06-01", -5), order("q", "free", "2026-06-01", 0)]
    found = profile("value_tier", orders=[*spenders, *others])
    tiers = {tier: sorted(name for name, row in found.items() if row == (tier,)) for (tier,) in set(found.values())}
    assert tiers == {
        "top 10 %": ["c0"],
        "next 40 %": ["c1", "c2", "c3", "c4"],
        "rest": ["c5", "c6", "c7", "c8", "c9", "free", "refunded"],
    }


def test_a_cohort_is_followed_month_by_month_with_zeros_where_nothing_happened() -> None:
    given = {
        "customers": [
            {"customer_id": "anna", "signed_up_on": "2026-01-31"},
            {"customer_id": "bea", "signed_up_on": "2026-01-01"},
            {"customer_id": "cleo", "signed_up_on": "2026-02-10"},
        ],
        "activity": [
            active("anna", "2025-12-31"),  # before she signed up: left out
            active("anna", "2026-01-31"),
            active("anna", "2026-03-01"),
            active("anna", "2026-03-31"),
            active("bea", "2026-03-15"),
        ],
        "orders": [
            order("o1", "bea", "2026-03-01", 10),
            order("o2", "bea", "2026-03-02", 10),
            order("back", "anna", "2026-03-02", -5),
            order("o3", "cleo", "2026-02-28", 7),
        ],
    }
    found = rows(
        build(stage(**given), "cohorts"),
        "select cohort_month, month_number, customers, active, ordering, revenue from cohorts "
        "order by cohort_month, month_number",
    )
    january, february = date(2026, 1, 1), date(2026, 2, 1)
    assert [(*row[:5], float(row[5])) for row in found] == [
        (january, 0, 2, 1, 0, 0),
        (january, 1, 2, 0, 0, 0),
        (january, 2, 2, 2, 1, 15),
        (february, 0, 1, 0, 1, 7),
        (february, 1, 1, 0, 0, 0),
    ]


def test_a_cohort_from_before_the_data_begins_where_the_data_begins() -> None:
    given = {
        "customers": [{"customer_id": "anna", "signed_up_on": "2025-11-05"}],
        "activity": [active("anna", "2026-01-05"), active("anna", "2026-02-05")],
    }
    found = rows(
        build(stage(**given), "cohorts"), "select cohort_month, month_number, active from cohorts order by all"
    )
    assert found == [(date(2025, 11, 1), 2, 1), (date(2025, 11, 1), 3, 1)]


LOYALTY = (
    "select band, answers_90d, bought_again_90d, answers_180d, bought_new_180d, complaints_90d, forgave_90d "
    "from loyalty_by_band order by band"
)


def loyalty(**given: object) -> list[tuple]:
    return rows(build(stage(**given), "loyalty_by_band"), LOYALTY)


def test_a_purchase_counts_from_the_day_after_the_answer_to_the_90th_day() -> None:
    given = {
        "responses": [answer(f"r{name}", name, "2026-01-01", 9) for name in ("same day", "first", "90th", "91st")],
        "orders": [
            order("o1", "same day", "2026-01-01 23:00", 1),
            order("o2", "first", "2026-01-02", 1),
            order("o3", "90th", "2026-04-01", 1),
            order("o4", "91st", "2026-04-02", 1),
        ],
    }
    assert loyalty(**given) == [("promoter", 4, 2, 0, 0, 0, 0)]


def test_answers_too_young_for_the_time_to_be_up_take_no_part() -> None:
    given = {
        "responses": [answer("r1", "anna", "2026-01-01", 9), answer("r2", "bea", "2026-01-02", 9)],
        "orders": [order("o1", "bea", "2026-01-03", 1), order("o2", "cleo", "2026-04-01", 1)],
    }
    assert loyalty(**given) == [("promoter", 1, 0, 0, 0, 0, 0)]


def test_a_product_is_new_only_to_who_never_bought_it() -> None:
    given = {
        "responses": [answer(f"r{name}", name, "2026-01-10", 7) for name in ("anna", "bea", "cleo", "dora")],
        "orders": [
            order("o1", "anna", "2026-01-01", 1, "lamp"),
            order("o2", "anna", "2026-07-09", 1, "lamp"),
            order("o3", "bea", "2026-01-01", 1, "lamp"),
            order("o4", "bea", "2026-07-09", 1, "shade"),  # the 180th day
            order("o5", "cleo", "2026-07-10", 1, "lamp"),  # the 181st
            order("o6", "dora", "2026-02-01", 1, None),
        ],
    }
    assert loyalty(**given) == [("passive", 4, 1, 4, 1, 0, 0)]


def test_each_product_of_an_order_may_be_new_and_one_that_is_paid_back_is_not() -> None:
    answers = [answer(f"r{name}", name, "2026-01-10", 7) for name in ("anna", "bea", "cleo")]
    bought = [order(f"{name} 1", name, "2026-01-01", 1, "lamp") for name in ("anna", "bea", "cleo")]
    again = [order(f"{name} 2", name, "2026-02-01", 5, "lamp") for name in ("anna", "bea", "cleo")]
    connection = stage(responses=answers, orders=[*bought, *again, order("late", "dora", "2026-12-31", 1)])
    lines = {"anna": ("shade", 2), "bea": ("shade", -2), "cleo": ("shade", None)}
    for name, (product, amount) in lines.items():
        for each in (("lamp", 5), (product, amount), (None, 2)):
            connection.execute(
                "insert into order_products values (?, ?, '2026-02-01', ?, ?)", [f"{name} 2", name, *each]
            )
    assert rows(build(connection, "loyalty_by_band"), LOYALTY) == [("passive", 3, 3, 3, 2, 0, 0)]


def test_a_complaint_is_forgiven_by_who_buys_within_90_days_under_the_band_held_at_the_complaint() -> None:
    given = {
        "responses": [answer("r1", "anna", "2026-01-01", 9), answer("r2", "bea", "2026-01-01", 2)],
        "tickets": [
            ticket("t1", "anna", "2026-02-01", "complaint"),
            ticket("t2", "anna", "2026-02-02", "question"),
            ticket("t3", "bea", "2026-02-01", "complaint"),
            ticket("t4", "bea", "2025-12-31", "complaint"),  # not scored yet
            ticket("t5", "nobody", "2026-02-01", "complaint"),
        ],
        "orders": [
            order("o1", "anna", "2026-05-02", 1),
            order("back", "bea", "2026-02-03", -1),
            order("o2", "bea", "2026-05-03", 1),
        ],
    }
    assert loyalty(**given) == [("detractor", 1, 0, 0, 0, 1, 0), ("promoter", 1, 0, 0, 0, 1, 1)]


def at_risk(**given: object) -> dict[str, tuple]:
    connection = build(stage(**given), "customers_at_risk")
    columns = "customer_id, is_quiet, use_halved, score_fell, complaint_open, revenue_12m"
    return {row[0]: row[1:] for row in rows(connection, f"select {columns} from customers_at_risk")}


def visits(name: str, last_28: int, before: int) -> list:
    """So many active days in the data's last 28 days (3 to 30 June) and in the 28 before (6 May to 2 June)."""
    june = [active(name, f"2026-06-{day:02}") for day in range(30, 30 - last_28, -1)]
    return june + [active(name, f"2026-05-{day:02}") for day in range(6, 6 + before)]


@pytest.mark.parametrize(("last_28", "before", "halved"), [(2, 4, True), (3, 5, False), (1, 3, False), (5, 10, True)])
def test_use_is_halved_where_there_was_some(last_28: int, before: int, halved: bool) -> None:
    customers = [{"customer_id": "anna", "signed_up_on": "2025-01-01"}]
    found = at_risk(customers=customers, activity=[LAST_DAY, *visits("anna", last_28, before)])
    assert found.get("anna", (False, False))[1] is halved


def test_days_that_the_activity_export_lacks_are_no_sign_of_leaving() -> None:
    """It ends on 30 June, orders of others go on to 31 July: as of 30 June, one of three was quiet."""
    customers = [{"customer_id": name, "signed_up_on": "2025-01-01"} for name in ("anna", "bea", "cleo", "dora")]
    given = {
        "customers": customers,
        "activity": [*visits("anna", 8, 8), *visits("bea", 2, 4), active("cleo", "2026-05-20")],
        "orders": [order("o1", "dora", "2026-07-31", 5)],
    }
    found = at_risk(**given)
    assert found == {"bea": (False, True, False, False, 0), "cleo": (True, False, False, False, 0)}
    profiles = build(stage(**given), "customer_profile")
    said = rows(profiles, "select customer_id, lifecycle, active_days_28 from customer_profile order by customer_id")
    assert said == [("anna", "active", 8), ("bea", "active", 2), ("cleo", "at risk", 0), ("dora", "active", 0)]


@pytest.mark.parametrize(
    ("scores", "fell"),
    [((9, 8), True), ((10, 9), False), ((7, 6), True), ((6, 8), False), ((8,), False), ((9, 3, 5), False)],
)
def test_a_score_fell_where_the_latest_answer_is_in_a_lower_band(scores: tuple, fell: bool) -> None:
    answers = [answer(f"r{number}", "anna", f"2026-06-{number + 1:02}", score) for number, score in enumerate(scores)]
    customers = [{"customer_id": "anna", "signed_up_on": "2025-01-01"}]
    found = at_risk(customers=customers, activity=[LAST_DAY, active("anna", "2026-06-30")], responses=answers)
    assert ("anna" in found) is fell


def test_who_is_quiet_or_waits_for_an_answer_is_at_risk_with_a_year_s_revenue_and_who_is_lost_is_not() -> None:
    started = [{"customer_id": name, "signed_up_on": "2025-01-01"} for name in ("quiet", "waits", "lost", "asked")]
    found = at_risk(
        customers=started,
        activity=[LAST_DAY, active("waits", "2026-06-29"), active("asked", "2026-06-29")],
        orders=[
            order("o1", "quiet", "2026-06-02", 30),
            order("o2", "quiet", "2025-06-30", 7),  # a day too early for the last 12 months
            order("o3", "lost", "2026-04-01", 50),
            order("o4", "waits", "2025-07-01", 5),
            order("o5", "others", "2026-06-30", 1),
        ],
        tickets=[
            ticket("t1", "waits", "2026-06-01", "complaint"),
            ticket("t2", "lost", "2026-03-01", "complaint"),
            ticket("t3", "asked", "2026-06-01", "question"),
            {**ticket("t4", "asked", "2026-05-01", "complaint"), "closed_at": "2026-05-02"},
        ],
    )
    assert found == {"quiet": (True, False, False, False, 30), "waits": (False, False, False, True, 5)}
