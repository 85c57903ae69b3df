"""The marts against brute force in pandas, on random little companies: every day and customer looked at one by one."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import duckdb
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.queries.staged import QUERIES, active, answer, build, invited, order, rows, stage, ticket

FIRST = date(2025, 11, 20)
CUSTOMERS = ["anna", "bea", "cleo", "dora"]
SEGMENTS = {"anna": "Homes", "bea": "Homes", "cleo": "Offices", "dora": None}
DAYS = st.integers(0, 140).map(lambda number: FIRST + timedelta(number))
WHO = st.sampled_from(CUSTOMERS)
AMOUNTS = st.integers(-2_000, 9_999).map(lambda cents: cents / 100)
SLOWLY = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])

visits = st.lists(st.tuples(WHO, DAYS, st.integers(0, 60)), max_size=30)
purchases = st.lists(st.tuples(WHO, DAYS, AMOUNTS), max_size=25)
answers = st.lists(st.tuples(WHO, DAYS, st.integers(0, 10), st.integers(0, 2)), max_size=12)
complaints = st.lists(st.tuples(WHO, DAYS, st.sampled_from(["complaint", "question", None])), max_size=8)


def company(
    visits: Sequence[tuple] = (),
    purchases: Sequence[tuple] = (),
    answers: Sequence[tuple] = (),
    contacts: Sequence[tuple] = (),
) -> dict[str, list]:
    return {
        "customers": [{"customer_id": name, "segment": segment} for name, segment in SEGMENTS.items()],
        "activity": [active(who, f"{day}", minutes) for who, day, minutes in visits],
        "orders": [order(f"o{n}", who, f"{day}", amount) for n, (who, day, amount) in enumerate(purchases)],
        "responses": [
            answer(f"r{n:02}", who, f"{day} {hour:02}:00", score) for n, (who, day, score, hour) in enumerate(answers)
        ],
        "tickets": [ticket(f"t{n}", who, f"{day}", kind) for n, (who, day, kind) in enumerate(contacts)],
    }


def daily(columns: str, **built: Any) -> dict[tuple, tuple]:
    """(day, segment) -> the columns, where one of them is not zero."""
    connection = build(stage(**built), "daily")
    found = rows(connection, f"select day, segment, {columns} from daily inner join slices using (slice_id)")
    return {tuple(row[:2]): tuple(map(float, row[2:])) for row in found if any(row[2:])}


def segment(who: str) -> str:
    return SEGMENTS[who] or "Unknown"


def all_days(*events: Iterable[tuple]) -> list[date]:
    found = [event[1] for group in events for event in group]
    return [day.date() for day in pd.date_range(min(found), max(found))] if found else []


def score_on(answers: list[tuple], who: str, day: date, valid: int, back: int) -> int | None:
    """An answer of day r speaks from r - back on, until a later one does, and expires valid days after r."""
    spoken = [
        (r_day, hour, f"r{n:02}", score)
        for n, (r_who, r_day, score, hour) in enumerate(answers)
        if r_who == who and r_day - timedelta(back) <= day
    ]
    if not spoken:
        return None
    r_day, _, _, score = max(spoken)
    return score if day < r_day + timedelta(valid) else None


@given(visits, complaints)
@SLOWLY
def test_rolling_counts_are_the_distinct_customers_of_their_days(visits: list[tuple], contacts: list[tuple]) -> None:
    expected = {}
    for day in all_days(visits, contacts):
        for name in {segment(who) for who in CUSTOMERS}:
            seen = [
                len({w for w, d, _ in visits if day - timedelta(length) < d <= day and segment(w) == name})
                for length in (1, 7, 28)
            ]
            minutes = sum(m for w, d, m in visits if d == day and segment(w) == name)
            if any(seen):
                expected[day, name] = (*seen, minutes)
    found = daily("active_customers, active_7d, active_28d, active_minutes", **company(visits, contacts=contacts))
    assert found == expected


@given(purchases, answers, st.sampled_from([5, 30, 365]), st.sampled_from([0, 3, 60]))
@SLOWLY
def test_money_is_judged_by_the_score_held_that_day(
    purchases: list[tuple], answers: list[tuple], valid: int, back: int
) -> None:
    expected: Counter = Counter()
    for who, day, amount in purchases:
        score = score_on(answers, who, day, valid, back)
        kinds = ["revenue", "unscored"] if score is None else ["revenue", "scored"]
        if score is not None:
            kinds += [name for name, least in (("eight", 8), ("promoter", 9)) if score >= least]
        for kind in kinds:
            expected[day, segment(who), kind] += round(amount * 100)
    found = daily(
        "revenue, unscored_revenue, scored_revenue, eight_plus_revenue, promoter_revenue",
        **company(purchases=purchases, answers=answers), valid_days=valid, back_days=back,
    )  # fmt: skip
    names = ("revenue", "unscored", "scored", "eight", "promoter")
    in_cents = {
        (*key, name): round(value * 100)
        for key, values in found.items()
        for name, value in zip(names, values, strict=True)
    }
    assert {key: cents for key, cents in in_cents.items() if cents} == {key: v for key, v in expected.items() if v}


@given(answers, visits, st.sampled_from([5, 30, 365]), st.sampled_from([0, 3, 60]))
@SLOWLY
def test_scored_customers_are_those_who_hold_a_score_that_day(
    answers: list[tuple], visits: list[tuple], valid: int, back: int
) -> None:
    expected: Counter = Counter()
    for day in all_days(answers, visits):
        for who in CUSTOMERS:
            score = score_on(answers, who, day, valid, back)
            if score is not None:
                expected[day, segment(who), "scored"] += 1
                expected[day, segment(who), "eight"] += score >= 8
    found = daily(
        "customers_scored, customers_8plus", **company(visits, answers=answers), valid_days=valid, back_days=back
    )
    assert found == {
        key[:2]: (count, expected[*key[:2], "eight"]) for key, count in expected.items() if key[2] == "scored"
    }


@given(purchases)
@SLOWLY
def test_orders_are_followed_when_the_customer_buys_again_within_90_days(purchases: list[tuple]) -> None:
    expected: Counter = Counter()
    frame = pd.DataFrame(purchases, columns=["who", "day", "amount"])
    bought = frame[frame["amount"] >= 0].sort_values("day", kind="stable")
    for who, mine in bought.groupby("who"):
        orders_on = mine.groupby("day").size()
        for day, following in pairwise(orders_on.index):
            expected[day, segment(who)] += int(orders_on[day]) * ((following - day).days <= 90)
    found = daily("orders_followed_90d", **company(purchases=purchases))
    assert found == {key: (count,) for key, count in expected.items() if count}


@given(purchases)
@SLOWLY
def test_the_revenue_bridge_moves_each_customers_change_and_nothing_else(purchases: list[tuple]) -> None:
    connection = build(stage(**company(purchases=purchases)), "revenue_bridge", "daily")
    for check in ("revenue_bridge_closes", "revenue_bridge_links_months"):
        assert rows(connection, (QUERIES / "checks" / f"{check}.sql").read_text(encoding="utf-8")) == []
    expected = bridge_by_hand(purchases)
    columns = "period, new, expansion, contraction, lost, reactivated, refunds"
    kinds = columns.split(", ")[1:]
    found = rows(connection, f"select {columns} from revenue_bridge where grain = 'month'")
    total: Counter = Counter()
    for month, *values in found:
        for kind, value in zip(kinds, values, strict=True):
            total[month, kind] += round(float(value) * 100)
    assert {key: cents for key, cents in total.items() if cents} == {
        key: cents for key, cents in expected.items() if cents
    }


def bridge_by_hand(purchases: list[tuple]) -> Counter:
    """(month, kind) -> cents, customer by customer and month by month."""
    cents: Counter = Counter()
    for who, day, amount in purchases:
        cents[who, day.replace(day=1)] += round(amount * 100)
    bought = {who: min(d for w, d, a in purchases if w == who and a >= 0) for who, _, a in purchases if a >= 0}
    moved: Counter = Counter()
    months: Iterable[date] = (
        pd.date_range(min(m for _, m in cents), max(m for _, m in cents), freq="MS").date if cents else []
    )
    for who in CUSTOMERS:
        before = 0
        for month in months:
            now = cents[who, month]
            moved[month, "refunds"] += min(now, 0) - min(before, 0)
            rise = max(now, 0) - max(before, 0)
            if rise > 0:
                first = who in bought and bought[who].replace(day=1) == month
                kind = "new" if first else "expansion" if before > 0 else "reactivated"
            else:
                kind = "contraction" if now > 0 else "lost"
            moved[month, kind] += abs(rise)
            before = now
    return moved


@given(
    st.lists(st.tuples(WHO, st.integers(0, 900).map(lambda n: date(2023, 9, 1) + timedelta(n)), AMOUNTS), max_size=25)
)
@SLOWLY
def test_retention_is_what_two_years_of_orders_say(purchases: list[tuple]) -> None:
    given = company(purchases=purchases)
    for customer in given["customers"]:
        customer["acquisition"] = "earned" if customer["customer_id"] in ("anna", "cleo") else "bought"
    found = rows(
        build(stage(**given), "retention_12m"),
        "select day, sum(revenue_12m), sum(customers_12m), sum(prior_revenue), sum(prior_customers), "
        "sum(retained_revenue), sum(retained_customers), sum(earned_revenue) from retention_12m group by day",
    )
    assert {row[0]: tuple(round(float(value), 2) for value in row[1:]) for row in found} == retention_by_hand(purchases)


def retention_by_hand(purchases: list[tuple]) -> dict[date, tuple]:
    expected = {}
    frame = pd.DataFrame(purchases, columns=["who", "day", "amount"])
    frame["day"] = pd.to_datetime(frame["day"])
    first, last = frame["day"].min(), frame["day"].max()
    ends = {*pd.date_range(first, last, freq="ME"), last} if len(frame) else set()
    for end in ends:
        year, two_years = (
            end + pd.Timedelta(days=1) - pd.DateOffset(years=1),
            end + pd.Timedelta(days=1) - pd.DateOffset(years=2),
        )
        if two_years < first:
            continue
        now = frame[frame["day"].between(year, end)]
        then = frame[frame["day"].between(two_years, year, inclusive="left")]
        if now.empty and then.empty:
            continue
        buyers_now, buyers_then = (set(some[some["amount"] >= 0]["who"]) for some in (now, then))
        firsts = frame[frame["amount"] >= 0].groupby("who")["day"].min()
        earned = {who for who in ("anna", "cleo") if who in firsts and firsts[who] >= year}
        values = (
            now["amount"].sum(),
            len(buyers_now),
            then["amount"].sum(),
            len(buyers_then),
            now.loc[now["who"].isin(set(then["who"])), "amount"].sum(),
            len(buyers_now & buyers_then),
            now.loc[now["who"].isin(earned), "amount"].sum(),
        )
        expected[end.date()] = tuple(round(float(value), 2) + 0.0 for value in values)
    return expected


@given(visits, purchases, answers, complaints)
@settings(SLOWLY, max_examples=15)
def test_no_check_is_broken_by_any_data(visits: list, purchases: list, answers: list, contacts: list) -> None:
    connection = build(stage(**company(visits, purchases, answers, contacts)))
    for path in sorted((QUERIES / "checks").glob("*.sql")):
        text = path.read_text(encoding="utf-8")
        if "severity: error" in text and "file_ledger" not in text:
            assert rows(connection, text) == [], path.stem


@given(visits, purchases, answers, complaints)
@settings(SLOWLY, max_examples=15)
def test_slices_add_up_to_the_company_as_a_whole(visits: list, purchases: list, answers: list, contacts: list) -> None:
    sliced = company(visits, purchases, answers, contacts)
    whole = {**sliced, "customers": [{"customer_id": name, "segment": "all"} for name in CUSTOMERS]}
    assert per_day(**sliced) == per_day(**whole)


def per_day(**built: Any) -> list[tuple]:
    connection = build(stage(**built), "daily")
    return rows(connection, "select day, sum(columns(* exclude (day, slice_id))) from daily group by day order by day")


@given(visits, purchases, answers, complaints, st.integers(-500, 9_999))
@settings(SLOWLY, max_examples=15)
def test_rows_of_another_customer_change_nothing(
    visits: list, purchases: list, answers: list, contacts: list, cents: int
) -> None:
    given = company(visits, purchases, answers, contacts)
    first, visited, answered, asked = (  # no earlier than others': where an export begins says who is new in it
        min((event[1] for event in group), default=FIRST) for group in (purchases, visits, answers, contacts)
    )
    more = company(
        [*visits, ("eve", visited, 5)],
        [*purchases, *(("eve", day, cents / 100) for _, day, _ in purchases[:2])],
        [*answers, ("eve", answered, 9, 0)],
        [*contacts, ("eve", asked, "complaint")],
    )
    more["customers"].append({"customer_id": "eve", "segment": "Elsewhere", "signed_up_on": f"{first}"})
    assert elsewhere_left_out(more) == elsewhere_left_out(given)


def elsewhere_left_out(built: dict[str, list]) -> dict[str, list[tuple]]:
    connection = build(stage(**built), "daily", "cohorts", "loyalty_by_band")
    return {
        name: rows(
            connection,
            f"select segment, * exclude (slice_id, segment) from {name} inner join slices using (slice_id) "
            "where segment <> 'Elsewhere' order by all",
        )
        for name in ("daily", "cohorts", "loyalty_by_band")
    }


BREAKS = {
    "answers_split_into_bands": "update daily set promoters = promoters + 1",
    "revenue_splits_into_bands": "update daily set unscored_revenue = unscored_revenue + 0.01",
    "rolling_counts_contain_each_other": "update daily set active_7d = active_28d + 1",
    "score_periods_do_not_overlap": "insert into score_periods select * from score_periods",
    "customers_have_one_slice": "insert into customers select * from customers",
    "customer_days_hold_all_activity": "delete from activity",
    "daily_holds_all_revenue": "delete from daily where revenue > 0",
    "daily_holds_all_activity": "update daily set active_customers = active_customers + 1",
    "daily_holds_all_answers_and_tickets": "delete from tickets",
    "daily_counts_scored_customers": "update daily set customers_8plus = 0",
    "revenue_bridge_closes": "update revenue_bridge set new = new + 0.01",
    "revenue_bridge_links_months": "update revenue_bridge set opening = opening + 0.01",
    "retention_matches_daily": "update retention_12m set revenue_12m = revenue_12m - 0.01",
    "scores_cover_half_of_revenue": "update daily set scored_revenue = 0",
    "somebody_answers_when_asked": "update invitations_answered set touchpoint = 'Visit', answered = 0",
    "reminders_are_no_invitations": "update invitations set customer_id = 'anna' where day < date '2024-01-05'",
    "orders_follow_the_sign_up": "update customers set signed_up_on = date '2030-01-01'",
    "tickets_close_after_they_open": "update tickets set closed_at = opened_at - interval 1 minute",
    "products_split_orders": "insert into order_products values ('o2', 'anna', '2026-01-05', 'lamp', 4)",
    "ledger_accounts_for_every_row": "update file_ledger set rows_read = 3",
    "staged_rows_are_in_the_ledger": "update file_ledger set rows_staged = 1",
}


@pytest.fixture(scope="module")
def sound() -> duckdb.DuckDBPyConnection:
    """Every mart over a few sound rows, and their ledger; who changes them takes it back."""
    connection = build(
        stage(
            activity=[active("anna", "2026-01-02")],
            orders=[order("o1", "anna", "2024-01-01", 5), order("o2", "anna", "2026-01-05", 5)],
            responses=[answer("r1", "anna", "2024-01-01", 9), answer("r2", "anna", "2026-01-01", 9)],
            tickets=[ticket("t1", "anna", "2026-01-03", "complaint")],
            invitations=[invited("anna" if day == 1 else f"c{day}", f"2024-01-{day:02} 08:00") for day in range(1, 31)],
        )
    )
    connection.execute(
        "create table file_ledger as select * from (values "
        "('activity', 'rows', 1, 1, 0, 0, 0, 0, 0, 1), ('orders', 'rows', 14, 2, 1, 1, 2, 3, 5, 2), "
        "('responses', 'rows', 2, 2, 0, 0, 0, 0, 0, 2), ('tickets', 'rows', 1, 1, 0, 0, 0, 0, 0, 1), "
        "('orders', 'lookup', 7, 7, 0, 0, 0, 0, 0, 0)) "
        "as ledger (table_name, role, rows_read, rows_kept, rows_rejected, rows_duplicate, rows_lines, rows_replaced, "
        "rows_set_aside, rows_staged)"
    )
    connection.execute(
        "alter table file_ledger add column source varchar; alter table file_ledger add column file varchar"
    )
    return connection


@pytest.mark.parametrize("check", sorted(path.stem for path in (QUERIES / "checks").glob("*.sql")))
def test_each_check_is_silent_on_sound_tables_and_finds_what_breaks_its_rule(
    sound: duckdb.DuckDBPyConnection, check: str
) -> None:
    sql = (QUERIES / "checks" / f"{check}.sql").read_text(encoding="utf-8")
    sound.execute("begin transaction")
    try:
        assert rows(sound, sql) == []
        sound.execute(BREAKS[check])
        assert rows(sound, sql) != []
    finally:
        sound.execute("rollback")
