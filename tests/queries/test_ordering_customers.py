"""Customers by the day of their first purchase in a period, whatever the calendar: every count against sets of ids."""

import random
from datetime import date, timedelta
from itertools import product

import duckdb

from kviboard.domain.periods import GRAINS, Calendar, Period, Sprint, periods_between
from tests.queries.staged import Row, build, order, rows, stage

FIRST, LAST = date(2025, 11, 20), date(2026, 4, 12)


def counted(period_from: str, *orders: Row, **given: object) -> list[tuple[str, int]]:
    """Customers of the period that begins on that day, by the day of their first purchase in it."""
    built = build(stage(orders=orders, **given), "ordering_customers")
    found = rows(
        built, f"select day, sum(customers) from ordering_customers where period_from = '{period_from}' group by 1"
    )
    return sorted((str(day), int(customers)) for day, customers in found)


def test_a_customer_counts_on_the_day_of_the_first_purchase_of_the_month() -> None:
    anna, ben = (
        (order(f"a{day}", "anna", f"2026-01-{day:02}", 5) for day in (4, 9, 30)),
        order("b", "ben", "2026-01-09", 1),
    )
    assert counted("2026-01-01", *anna, ben) == [("2026-01-04", 1), ("2026-01-09", 1)]


def test_two_purchases_of_one_day_are_one_customer() -> None:
    twice = order("1", "anna", "2026-01-04 09:00", 5), order("2", "anna", "2026-01-04 21:00", 0)
    assert counted("2026-01-01", *twice) == counted("2026-01-04", *twice) == [("2026-01-04", 1)]


def test_refunds_make_nobody_a_customer() -> None:
    given = (
        order("1", "anna", "2026-01-04", -5),
        order("2", "ben", "2026-01-05", -5),
        order("3", "ben", "2026-01-06", 9),
    )
    assert counted("2026-01-01", *given) == [("2026-01-06", 1)]


def test_each_period_counts_the_same_customer_anew() -> None:
    given = order("1", "anna", "2026-01-31", 5), order("2", "anna", "2026-02-01", 5)
    assert counted("2026-01-01", *given) == [("2026-01-31", 1)]  # January, and the quarter
    assert counted("2026-02-01", *given) == [("2026-02-01", 1)]
    assert counted("2026-01-26", *given) == [("2026-01-31", 1)]  # both in one week


def test_a_period_that_begins_before_the_first_order_counts() -> None:
    assert counted("2025-12-29", order("1", "anna", "2026-01-02", 5)) == [("2026-01-02", 1)]


def test_without_orders_nobody_is_counted() -> None:
    assert counted("2026-01-01") == []


def test_sprints_of_teams_count_their_own_days_though_they_overlap() -> None:
    sprints = [
        {"name": "A 1", "starts_on": "2026-01-05", "ends_on": "2026-01-18", "team": "A"},
        {"name": "B 1", "starts_on": "2026-01-12", "ends_on": "2026-01-25", "team": "B"},
    ]
    given = [order(str(day), "anna", f"2026-01-{day:02}", 5) for day in (6, 13, 24)]
    assert counted("2026-01-05", *given, sprints=sprints) == [("2026-01-06", 1)]
    assert counted("2026-01-12", *given, sprints=sprints) == [("2026-01-13", 1)]


def test_every_calendar_that_somebody_may_look_at_has_its_customers() -> None:
    """Weeks from any weekday, quarters from any month, sprints by a rule and of teams, with gaps and overlaps; whole
    periods, and the first days of each."""
    chance = random.Random(11)
    for week_starts, quarter_starts_in in ((0, 1), (6, 2), (3, 12)):
        orders = [_some_order(chance, number) for number in range(300)]
        rule = Sprint("Rule", date(2025, 12, 3), date(2025, 12, 11)), Sprint("Rule", date(2025, 12, 12), LAST)
        exported = [_some_sprint(chance) for _ in range(14)]
        connection = stage(
            orders=orders, sprints=map(vars, exported), sprint_rule=rule,
            week_starts=week_starts, quarter_starts_in=quarter_starts_in,
        )  # fmt: skip
        found = _by_period_and_day(build(connection, "ordering_customers"))
        looked_at = [rule, exported, *([each for each in exported if each.team == team] for team in "AB")]
        for sprints, grain in product(looked_at, GRAINS):
            calendar = Calendar(week_starts, quarter_starts_in, tuple(sprints))
            for period in periods_between(calendar, grain, FIRST, LAST):
                first_days = _first_days(orders, period)
                for day in (period.starts_on + timedelta(number) for number in range(period.days)):
                    assert found.get((period.starts_on, day), 0) == first_days.count(day), (period, day)


def _some_order(chance: random.Random, number: int) -> Row:
    day = FIRST + timedelta(chance.randrange((LAST - FIRST).days))
    return order(str(number), f"c{chance.randrange(25)}", str(day), chance.choice([9, 9, 9, 0, -9]))


def _some_sprint(chance: random.Random) -> Sprint:
    start, length = FIRST + timedelta(chance.randrange(140)), timedelta(chance.randrange(30))
    return Sprint(f"S{chance.random()}", start, start + length, team=chance.choice(["A", "B", None]))


def _by_period_and_day(built: duckdb.DuckDBPyConnection) -> dict[tuple[date, date], int]:
    sql = "select period_from, day, sum(customers) from ordering_customers group by period_from, day"
    return {(period, day): int(customers) for period, day, customers in rows(built, sql)}


def _first_days(orders: list[Row], period: Period) -> list[date]:
    """The day of the first purchase in the period, of each customer who has one."""
    firsts: dict[str, date] = {}
    for each in orders:
        day, customer = date.fromisoformat(each["ordered_at"]), each["customer_id"]
        if each["amount"] >= 0 and period.starts_on <= day <= period.ends_on:
            firsts[customer] = min(day, firsts.get(customer, day))
    return list(firsts.values())
