"""The sample exports really hold the story they are meant to tell: every planted truth, found with pandas alone."""

import json
import tomllib
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

SAMPLE = Path(__file__).parents[2] / "sample_data"
EXPORTS = SAMPLE / "exports"
SOURCES = tomllib.loads((SAMPLE / "kviboard.toml").read_text(encoding="utf-8"))["sources"]
STORY = json.loads((SAMPLE / "expected" / "story.json").read_text(encoding="utf-8"))

LIFT_ON = pd.Timestamp(STORY["daily_use_lift"]["on"])
PRICE_ON = pd.Timestamp(STORY["price_change"]["on"])
RAISED = STORY["price_change"]["segment"]
LAST_DAY = pd.Timestamp(STORY["data_through"])
DAY = pd.Timedelta(days=1)


def read(source: str, key: str | None = None, when: str | None = None, **how: Any) -> pd.DataFrame:
    """The rows of all files of a source that can be used, under the contract's names; empty text for no value."""
    files = sorted(EXPORTS.glob(f"{source}*"))
    frames = [pd.read_csv(file, dtype=str, on_bad_lines="skip", keep_default_na=False, **how) for file in files]
    frame: pd.DataFrame = pd.concat(frames, ignore_index=True).fillna("").rename(columns=SOURCES[source]["rename"])
    if "customer_id" in frame:
        frame = frame[frame["customer_id"] != ""]
    if key:
        frame = frame.drop_duplicates(key, keep="last")
    if when:
        form = SOURCES[source].get("date_format", "ISO8601")
        frame = frame.assign(day=pd.to_datetime(frame[when], format=form, errors="coerce").dt.normalize())
        frame = frame[frame["day"] <= LAST_DAY]
    return frame.reset_index(drop=True)


@pytest.fixture(scope="module")
def customers() -> pd.DataFrame:
    return read("customers", "customer_id", encoding="utf-8-sig")


@pytest.fixture(scope="module")
def activity() -> pd.DataFrame:
    return read("activity", when="occurred_at")


@pytest.fixture(scope="module")
def daily_users(activity: pd.DataFrame) -> pd.Series:
    return activity.groupby("day")["customer_id"].nunique()


@pytest.fixture(scope="module")
def orders(customers: pd.DataFrame) -> pd.DataFrame:
    frame = read("orders", "order_id", "ordered_at", sep=";")
    frame["amount"] = pd.to_numeric(frame["amount"].str.replace(",", "."), errors="coerce")
    segments = customers.set_index("customer_id")["segment"]
    return frame.dropna(subset="amount").assign(segment=frame["customer_id"].map(segments))


@pytest.fixture(scope="module")
def answers(customers: pd.DataFrame) -> pd.DataFrame:
    frame = read("responses", "response_id", "responded_at")
    frame["score"] = pd.to_numeric(frame["score"], errors="coerce")
    frame["segment"] = frame["customer_id"].map(customers.set_index("customer_id")["segment"])
    return frame[frame["score"].between(0, 10)]


@pytest.fixture(scope="module")
def relationship(answers: pd.DataFrame) -> pd.DataFrame:
    return answers[answers["survey"] == "relationship"]


@pytest.fixture(scope="module")
def scored(orders: pd.DataFrame, relationship: pd.DataFrame) -> pd.DataFrame:
    """Orders since surveys began, with the score the customer held on the order's day."""
    latest = relationship.sort_values("responded_at").drop_duplicates(["customer_id", "day"], keep="last")
    told = orders[orders["day"] >= STORY["activity_responses_tickets_from"]].sort_values("day")
    held = latest[["customer_id", "day", "score"]].sort_values("day")
    return pd.merge_asof(told, held, on="day", by="customer_id", tolerance=364 * DAY)


def nps(scores: pd.Series) -> float:
    return 100 * float((scores >= 9).mean() - (scores <= 6).mean())


def promoter_revenue_share(orders: pd.DataFrame) -> float:
    known = orders[orders["score"].notna()]
    return known.loc[known["score"] >= 9, "amount"].sum() / known["amount"].sum()


def has_signal(values: list[float]) -> bool:
    """The three rules of the process behaviour chart over one set of limits (Wheeler)."""
    points = np.array(values)
    spread = 2.66 * np.abs(np.diff(points)).mean()
    distance = points - points.mean()
    side, near = np.sign(distance), np.sign(distance) * (np.abs(distance) > spread / 2)
    run_of_eight = any(abs(side[at : at + 8].sum()) == 8 for at in range(len(points) - 7))
    three_of_four = any((near[at : at + 4] == way).sum() >= 3 for at in range(len(points) - 3) for way in (-1, 1))
    return bool((np.abs(distance) > spread).any() or run_of_eight or three_of_four)


def test_the_data_spans_what_it_says(orders: pd.DataFrame, daily_users: pd.Series, answers: pd.DataFrame) -> None:
    assert orders["day"].min() == pd.Timestamp(STORY["orders_from"])
    assert daily_users.index.min() == pd.Timestamp(STORY["activity_responses_tickets_from"])
    assert orders["day"].max() == daily_users.index.max() == answers["day"].max() == LAST_DAY


def test_the_last_sprint_is_over_and_the_next_has_begun() -> None:
    sprints = read("sprints")
    starts, ends = pd.to_datetime(sprints["starts_on"]), pd.to_datetime(sprints["ends_on"])
    assert (starts.iloc[1:].array == ends.iloc[:-1].array + DAY).all()
    assert ends.iloc[-2] < starts.iloc[-1] <= LAST_DAY < ends.iloc[-1]


def test_the_release_lifts_daily_use_for_good(daily_users: pd.Series) -> None:
    six_weeks = 42 * DAY
    before, after = daily_users[LIFT_ON - six_weeks : LIFT_ON - DAY], daily_users[LIFT_ON : LIFT_ON + six_weeks - DAY]
    assert after.mean() / before.mean() - 1 == pytest.approx(STORY["daily_use_lift"]["share"], abs=0.02)
    months = daily_users.groupby(daily_users.index.to_period("M")).mean()
    assert months["2026-03":].min() > 1.1 * months[:"2026-02"].max()


def test_the_new_prices_are_billed_from_their_day_on(orders: pd.DataFrame) -> None:
    basic = orders[(orders["segment"] == RAISED) & (orders["product"] == "Kettle Basic month")]
    prices = STORY["price_change"]
    assert set(basic.loc[basic["day"] < PRICE_ON, "amount"]) == {prices["monthly_prices_before"][0]}
    assert set(basic.loc[basic["day"] >= PRICE_ON, "amount"]) == {prices["monthly_prices_after"][0]}


def test_the_new_prices_cost_promoters_in_that_segment_alone(relationship: pd.DataFrame) -> None:
    after = relationship["day"] >= PRICE_ON
    for segment in ("Households", "Small business", "Enterprise"):
        mine = relationship["segment"] == segment
        change = nps(relationship.loc[mine & after, "score"]) - nps(relationship.loc[mine & ~after, "score"])
        assert change < -40 if segment == RAISED else abs(change) < 8, (segment, change)


def test_the_promoter_revenue_share_falls_in_that_segment_alone(scored: pd.DataFrame) -> None:
    before = scored[scored["day"].between(PRICE_ON - 180 * DAY, PRICE_ON - DAY)]
    now = scored[scored["day"] > LAST_DAY - 90 * DAY]
    for segment in ("Households", "Small business", "Enterprise"):
        shares = [promoter_revenue_share(part[part["segment"] == segment]) for part in (before, now)]
        assert shares[1] < 0.7 * shares[0] if segment == RAISED else abs(shares[1] - shares[0]) < 0.05, (
            segment,
            shares,
        )
    assert promoter_revenue_share(now) < promoter_revenue_share(before) - 0.05


def test_use_has_a_week_and_a_summer_and_add_ons_a_december(daily_users: pd.Series, orders: pd.DataFrame) -> None:
    by_weekday = daily_users.groupby(daily_users.index.day_of_week).mean()
    assert by_weekday.loc[5:].max() < 0.95 * by_weekday.loc[:4].min()
    for year in ("2025", "2026"):
        dip = daily_users[f"{year}-07-11" : f"{year}-08-23"].mean()
        around = (
            daily_users[f"{year}-06-01" : f"{year}-07-10"].mean()
            + daily_users[f"{year}-08-24" : f"{year}-09-30"].mean()
        )
        assert 1 - 2 * dip / around == pytest.approx(STORY["season"]["summer_dip"]["share"], abs=0.02)
    add_ons = orders[~orders["product"].str.startswith("Kettle") & (orders["amount"] > 0)]
    months = add_ons.groupby(add_ons["day"].dt.to_period("M")).size()
    assert set(months.groupby(months.index.year).idxmax().loc[[2024, 2025]].dt.month) == {12}


def test_complaints_per_1000_only_wiggle(activity: pd.DataFrame) -> None:
    tickets = read("tickets", "ticket_id", "opened_at", sep="\t")
    complaints = tickets.loc[tickets["kind"] == "complaint", "day"]
    by_day = activity.sort_values("day").set_index("day")["customer_id"]
    sprints = read("sprints").iloc[:-1]
    months = pd.period_range("2025-05", "2026-10", freq="M")
    views = {
        "sprint": list(zip(pd.to_datetime(sprints["starts_on"]), pd.to_datetime(sprints["ends_on"]), strict=True)),
        "month": [(month.start_time, month.end_time.normalize()) for month in months],
    }
    for view, periods in views.items():
        users = [by_day[last - 27 * DAY : last].nunique() for _, last in periods]
        counts = [complaints.between(first, last).sum() for first, last in periods]
        assert not has_signal([1000 * count / active for count, active in zip(counts, users, strict=True)]), view


def test_promoters_buy_again_and_renew_more_often(orders: pd.DataFrame, relationship: pd.DataFrame) -> None:
    asked = relationship[relationship["day"] <= LAST_DAY - 90 * DAY].reset_index()
    asked["band"] = pd.cut(asked["score"], [-1, 6, 8, 10], labels=["detractor", "passive", "promoter"])
    add_ons = orders[~orders["product"].str.startswith("Kettle") & (orders["amount"] > 0)]
    pairs = asked.merge(add_ons[["customer_id", "day"]], on="customer_id", suffixes=("", "_bought"))
    within = pairs.loc[(pairs["day_bought"] > pairs["day"]) & (pairs["day_bought"] <= pairs["day"] + 90 * DAY), "index"]
    bought = asked["index"].isin(within).groupby(asked["band"], observed=True).mean()
    assert bought["promoter"] > 1.3 * bought["passive"] > 1.3 * 1.3 * bought["detractor"]

    yearly = orders[orders["product"].str.endswith("year")]
    first = yearly[(yearly["day"] >= "2025-08-01") & (yearly["day"] <= LAST_DAY - 366 * DAY)]
    held = pd.merge_asof(
        first.sort_values("day"), relationship[["customer_id", "day", "score"]].sort_values("day"),
        on="day", by="customer_id", direction="nearest",
    ).dropna(subset="score")  # fmt: skip
    renewed = held["customer_id"].isin(yearly.loc[yearly["day"] > "2026-07-31", "customer_id"])
    assert renewed[held["score"] >= 9].mean() > renewed[held["score"] <= 6].mean() + 0.15


def test_one_touchpoint_disappoints(answers: pd.DataFrame) -> None:
    by_touchpoint = answers[answers["survey"] == "transactional"].groupby("touchpoint")["score"].agg(nps)
    weak = STORY["disappointing_touchpoint"]["touchpoint"]
    assert by_touchpoint[weak] < -10
    assert by_touchpoint.drop(weak).min() > 30


def test_about_seven_tenths_of_recent_turnover_is_scored(scored: pd.DataFrame) -> None:
    recent = scored[scored["day"] >= "2026-02-01"]
    value = recent["amount"].where(recent["score"].notna(), 0.0).groupby(recent["day"].dt.to_period("M")).sum()
    coverage = value / recent.groupby(recent["day"].dt.to_period("M"))["amount"].sum()
    assert coverage.between(0.68, 0.79).all()
    assert coverage.mean() == pytest.approx(0.72, abs=0.03)


def test_customers_are_as_many_earned_and_unknown_as_said(customers: pd.DataFrame) -> None:
    assert len(customers) == STORY["customers"]
    assert (customers["acquisition"] == "earned").mean() == pytest.approx(STORY["earned_share"], abs=0.02)
    assert {name: int((customers[name] == "").sum()) for name in STORY["unknown"]} == STORY["unknown"]


def test_the_numbers_are_believable(daily_users: pd.Series, orders: pd.DataFrame, relationship: pd.DataFrame) -> None:
    assert daily_users.groupby(daily_users.index.to_period("M")).mean().between(600, 1000).all()
    turnover = orders.groupby(orders["day"].dt.to_period("M"))["amount"].sum()
    assert turnover.between(125_000, 250_000).all()
    assert 20 < nps(relationship["score"]) < 40
    assert all(later - earlier < 0.35 * earlier for earlier, later in pairwise(turnover))


def test_comments_differ_and_some_hold_quotes_and_line_breaks(answers: pd.DataFrame) -> None:
    comments = answers.loc[answers["comment"] != "", "comment"]
    assert comments.nunique() > 0.6 * len(comments) > 2_000
    assert comments.str.contains("\n").sum() > 100
    assert comments.str.contains('"').sum() > 100
