"""The views on a real shop, each held against pandas or scipy on its raw files: none of the board's tables or SQL.

Loyalty, the business case, Voice's counts and themes stand in test_olist.py. The files are not part of the project.
"""

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import optimize, special

from kviboard.board.board import Board
from kviboard.board.kvis.reading import View
from kviboard.board.kvis.readings import read_kvi
from kviboard.board.kvis.why import explain_change
from kviboard.board.views.views import lacks, read_view
from kviboard.catalog import load_catalog
from kviboard.workspace import load_workspace
from tests.numbers.clusters import margin_of_change
from tests.numbers.test_olist import DATA, KNOWN, days
from tests.numbers.test_olist import board as olist_board
from tests.numbers.test_olist import pytestmark as pytestmark

board = olist_board  # the fixture

SUMMER = View(first=date(2018, 3, 1), last=date(2018, 8, 31))
BANDS = ("promoter", "passive", "detractor")
TIERS = ("top 10 %", "next 40 %", "rest", "no revenue")
DAY, YEAR = pd.Timedelta(days=1), pd.DateOffset(months=12)
MOVES = ("new", "expansion", "reactivated", "contraction", "lost", "refunds")
NEEDS = {
    "complaint_topics": "tickets", "complaints_by_period": "tickets", "rows_of_tickets": "tickets",
    "response_rate": "invitations", "response_rate_by_period": "invitations",
}  # fmt: skip


@dataclass(frozen=True)
class Shop:
    """The raw files: orders that count, answers, and who is behind both."""

    @staticmethod
    def _read(name: str) -> pd.DataFrame:
        assert DATA
        return pd.read_csv(DATA / f"olist_{name}_dataset.csv.gz", dtype=str, keep_default_na=False)

    @cached_property
    def _all_orders(self) -> pd.DataFrame:
        rows = self._read("orders").merge(self._read("customers"), on="customer_id")
        return rows.rename(columns={"customer_unique_id": "person", "order_purchase_timestamp": "moment"})

    @cached_property
    def state(self) -> pd.Series:
        """Where the latest order of each person went, counted or not."""
        rows = self._all_orders.sort_values(["moment", "order_id"])
        return rows.groupby("person")["customer_state"].last()

    @cached_property
    def orders(self) -> pd.DataFrame:
        """person, day, month, amount of orders that are turnover."""
        paid = self._read("order_payments").astype({"payment_value": float}).groupby("order_id")["payment_value"].sum()
        rows = self._all_orders[~self._all_orders["order_status"].isin(["canceled", "unavailable"])]
        found = rows[["person", "order_id", "moment"]].assign(day=days(rows["moment"]))
        amount = found["order_id"].map(paid).fillna(0.0).round(2)
        return found.assign(amount=amount, month=found["day"].dt.to_period("M"))

    @cached_property
    def answers(self) -> pd.DataFrame:
        """person, day, score, band, comment, in the order in which they were given."""
        rows = self._read("order_reviews")
        rows = rows[rows["review_creation_date"] != ""]
        person = rows["order_id"].map(self._all_orders.set_index("order_id")["person"])
        stars = rows["review_score"].astype(int)
        return pd.DataFrame(
            {
                "id": rows["review_id"] + "/" + rows["order_id"],
                "person": person,
                "moment": rows["review_creation_date"],
                "day": days(rows["review_creation_date"]),
                "score": 2 * stars,
                "band": stars.map({5: "promoter", 4: "passive"}).fillna("detractor"),
                "comment": rows["review_comment_message"].str.strip(),
            }
        ).sort_values(["moment", "id"])

    @cached_property
    def today(self) -> pd.Timestamp:
        return max(self.orders["day"].max(), self.answers["day"].max())

    @cached_property
    def start(self) -> pd.Series:
        """By person: the day of the first order; unknown of those seen before the orders are 28 days old, and of
        those who only answered, about an order that was called off."""
        ordered, answered = (rows.groupby("person")["day"].min() for rows in (self.orders, self.answers))
        earliest = pd.concat([ordered, answered], axis="columns").min(axis="columns")
        return ordered.reindex(earliest.index).where(earliest >= ordered.min() + 28 * DAY)

    @cached_property
    def last_order(self) -> pd.Series:
        return self.orders.groupby("person")["day"].max().reindex(self.start.index)

    @cached_property
    def revenue_12m(self) -> pd.Series:
        recent = self.orders[self.orders["day"] > self.orders["day"].max() - YEAR]
        return recent.groupby("person")["amount"].sum().reindex(self.start.index, fill_value=0.0)

    @cached_property
    def lifecycle(self) -> pd.Series:
        age, silent = (self.today - self.start).dt.days, (self.today - self.last_order).dt.days
        known = np.select([age < 90, silent < 28, silent < 90], ["new", "active", "at risk"], "lost")
        return pd.Series(known, self.start.index)

    def held_on(self, day: pd.Timestamp) -> pd.Series:
        """By person: the band of the latest answer on or before the day, if not older than a year."""
        told = self.answers[(self.answers["day"] <= day) & (self.answers["day"] > day - 365 * DAY)]
        return told.groupby("person")["band"].last()


@pytest.fixture(scope="module")
def shop() -> Shop:
    return Shop()


def in_summer(rows: pd.DataFrame) -> pd.DataFrame:
    return rows[rows["day"].between(pd.Timestamp(SUMMER.first), pd.Timestamp(SUMMER.last))]


def nps(band: pd.Series) -> float:
    return 100 * ((band == "promoter").mean() - (band == "detractor").mean())


def months(rows: pd.DataFrame) -> pd.Series:
    return rows["day"].dt.to_period("M").dt.start_time


@pytest.mark.parametrize(("name", "export"), NEEDS.items())
def test_a_view_says_which_export_it_lacks(board: Board, name: str, export: str) -> None:
    assert lacks(board, name) == f"needs the {export} export"


def test_scores_bands_and_their_months(board: Board, shop: Shop) -> None:
    found = read_view(board, "score_distribution", View()).set_index("score")
    counts = shop.answers["score"].value_counts()
    assert found["responses"].to_dict() == counts.reindex(range(11), fill_value=0).to_dict()
    assert found["share"].sum() == pytest.approx(1)
    told, periods = in_summer(shop.answers), read_view(board, "bands_by_period", SUMMER).set_index("period")
    for band in BANDS:
        assert periods[f"{band}s"].to_dict() == (told["band"] == band).groupby(months(told)).sum().to_dict()
    by_month = told["band"].groupby(months(told)).agg(nps)
    assert periods["nps"].to_dict() == pytest.approx(by_month.to_dict())
    trend = read_view(board, "touchpoint_trend", SUMMER, touchpoint="delivery").set_index("period")
    assert trend["nps"].to_dict() == pytest.approx(by_month.to_dict())  # the shop asks at one touchpoint


def test_the_touchpoint_against_as_many_days_before(board: Board, shop: Shop) -> None:
    (row,) = read_view(board, "touchpoints", SUMMER).to_dict("records")
    length = pd.Timestamp(SUMMER.last) - pd.Timestamp(SUMMER.first) + DAY
    now, first = in_summer(shop.answers), pd.Timestamp(SUMMER.first)
    before = shop.answers[shop.answers["day"].between(first - length, first - DAY)]
    change = nps(now["band"]) - nps(before["band"])
    margin = margin_of_change(*(rows.rename(columns={"person": "customer_id"}) for rows in (now, before)))
    assert [row["change"], row["change_low"], row["change_high"]] == pytest.approx(
        [change, change - margin, change + margin]
    )
    assert row["verdict"] == "better"  # 35.2 after 33.3
    (whole,) = read_view(board, "score_change", SUMMER).to_dict("records")  # the shop asks at one touchpoint
    for name in ("nps", "nps_before", "responses", "responses_before", "change", "change_low", "change_high"):
        assert whole[name] == pytest.approx(row[name]), name


def test_who_changed_their_mind_and_what_they_spend(board: Board, shop: Shop) -> None:
    first = pd.Timestamp(SUMMER.first)
    was = shop.answers[shop.answers["day"] < first].groupby("person")["band"].last()
    became = in_summer(shop.answers).groupby("person")["band"].last()
    moved = pd.DataFrame({"from_band": was, "to_band": became}).dropna().join(shop.revenue_12m.rename("spent"))
    expected = moved.groupby(["from_band", "to_band"])["spent"].agg(["size", "sum"])
    found = read_view(board, "band_moves", SUMMER).set_index(["from_band", "to_band"])
    assert found["customers"].to_dict() == expected["size"].to_dict()
    assert found["revenue_12m"].to_dict() == pytest.approx(expected["sum"].to_dict(), abs=0.005)
    named = read_view(board, "moved_customers", SUMMER).set_index("customer_id")
    assert named["to_band"].sort_index().to_dict() == moved["to_band"].to_dict()
    assert named["from_band"].sort_index().to_dict() == moved["from_band"].to_dict()


def test_what_a_band_spends_within_its_tier_and_what_a_lift_would_bring(board: Board, shop: Shop) -> None:
    ends = (shop.orders["day"].max() + DAY).to_period("M").start_time
    window, before = ends - YEAR, ends - 2 * YEAR
    spent = shop.orders[shop.orders["day"].between(window, ends - DAY)].groupby("person")["amount"].sum()
    earlier = shop.orders[shop.orders["day"].between(before, window - DAY)].groupby("person")["amount"].sum()
    earlier = earlier[earlier > 0].sort_index().sort_values(ascending=False, kind="stable")
    place = np.arange(len(earlier))
    tier = pd.Series(np.select([place * 10 < len(place), place * 2 < len(place)], TIERS[:2], TIERS[2]), earlier.index)
    held = shop.held_on(window - DAY)
    rows = pd.DataFrame({"band": held, "tier": tier.reindex(held.index).fillna(TIERS[3])})
    rows = rows.assign(spent=spent.reindex(rows.index).fillna(0.0))
    groups = rows.groupby(["tier", "band"])["spent"]
    found = read_view(board, "band_revenue", View())
    found = found[found["basis"] == "prospective"].set_index(["value_tier", "band"])
    assert found["customers"].to_dict() == groups.size().to_dict()
    assert found["revenue_per_customer"].to_dict() == pytest.approx(groups.mean().to_dict())
    case = read_view(board, "business_case", View()).set_index("lift")
    assert set(case["basis"]) == {"prospective"}
    for lift, low, high in (
        ("passives_to_promoters", "passive", "promoter"), ("detractors_to_passives", "detractor", "passive")
    ):  # fmt: skip
        sizes, means = groups.size().unstack(), groups.mean().unstack()
        both = sizes[(sizes[[low, high]] >= 10).all(axis="columns")].index
        gain = np.average((means[high] - means[low])[both], weights=sizes.loc[both, low])
        assert case.loc[lift, "gain_per_customer"] == pytest.approx(gain)
        assert case.loc[lift, "customers"] == sizes.loc[both, low].sum()


def test_who_came_when_and_who_ordered_in_the_months_after(board: Board, shop: Shop) -> None:
    start = shop.start.dt.to_period("M")
    new = read_view(board, "new_customers_by_source", View()).query("customers > 0").set_index("period")["customers"]
    assert new.to_dict() == start.dt.start_time.value_counts().to_dict()
    rows = shop.orders.join(start.rename("cohort"), on="person").drop_duplicates(["person", "month"])
    rows = rows.dropna(subset="cohort")
    number = (rows["month"] - rows["cohort"]).map(lambda months_after: months_after.n)
    ordering = rows.groupby([rows["cohort"].dt.start_time, number]).size()
    found = read_view(board, "cohorts", View()).set_index(["cohort_month", "month_number"])
    assert found["ordering"].to_dict() == ordering.reindex(found.index, fill_value=0).to_dict()
    cohorts = found.index.get_level_values(0)
    assert (found["customers"] == start.dt.start_time.value_counts()[cohorts].to_numpy()).all()
    last_whole = (shop.orders["day"].max() + DAY).to_period("M") - 1
    assert (cohorts.to_period("M") + found.index.get_level_values(1)).max() == last_whole
    curve = read_view(board, "retention_curve", View(), measure="ordering").set_index("month_number")
    pooled = found.groupby("month_number")[["customers", "ordering"]].sum()
    assert curve["customers"].to_dict() == pooled["customers"].to_dict()
    assert curve["retained"].to_dict() == pooled["ordering"].to_dict()


def test_the_first_year_of_a_quarter_s_customers(board: Board, shop: Shop) -> None:
    quarter = shop.start.dt.to_period("Q")
    last = shop.orders["day"].max()
    members = shop.start[quarter.dt.end_time.dt.normalize() + YEAR <= last]
    rows = shop.orders.merge(members.rename("start"), left_on="person", right_index=True)
    own = rows[(rows["day"] >= rows["start"]) & (rows["day"] < rows["start"] + YEAR)]
    paid = own.groupby("person")["amount"].sum().reindex(members.index, fill_value=0.0)
    by_quarter = paid.groupby(members.dt.to_period("Q").dt.start_time)
    found = read_view(board, "first_year", View()).set_index("cohort_quarter")
    assert found["customers"].to_dict() == by_quarter.size().to_dict()
    assert found["revenue_per_customer_12m"].to_dict() == pytest.approx(by_quarter.mean().to_dict())


@pytest.mark.parametrize(("grain", "length"), [("month", "M"), ("quarter", "Q")])
def test_the_revenue_bridge_to_the_cent(board: Board, shop: Shop, grain: str, length: str) -> None:
    cents = shop.orders.assign(cents=(shop.orders["amount"] * 100).round(), at=shop.orders["day"].dt.to_period(length))
    paid = cents.groupby(["at", "person"])["cents"].sum()
    first = cents.groupby("person")["at"].min()
    known = shop.start.reindex(first.index).notna()
    found = read_view(board, "revenue_bridge", View(grain)).set_index("period")
    compared = 0
    for now in pd.period_range(first.min() + 1, cents["at"].max(), freq=length):
        if now.start_time not in found.index:
            continue
        wide = pd.DataFrame({"was": paid.get(now - 1), "comes": paid.get(now)}).fillna(0.0)
        was, comes = wide["was"], wide["comes"]
        is_new = (first[wide.index] == now) & known[wide.index]
        brought = comes.clip(lower=0) - was.clip(lower=0)
        rise, fall, refunds = brought.clip(lower=0), (-brought).clip(lower=0), comes.clip(upper=0) - was.clip(upper=0)
        back, gone = (was <= 0) & (comes > 0) & ~is_new, (was > 0) & (comes <= 0)
        by_hand = (rise[is_new], rise[~is_new & ~back], rise[back], fall[~gone], fall[gone], refunds)
        row = (found.loc[now.start_time, [*MOVES, "opening", "closing"]] * 100).astype(float).round()
        assert row.tolist() == [*(each.sum() for each in by_hand), was.sum(), comes.sum()], now
        compared += 1
    assert compared >= len(found) - 1 > 5


def test_who_may_leave_and_what_they_brought(board: Board, shop: Shop) -> None:
    """Quiet, or a lower band than before: a shop without use or tickets knows no other sign."""
    height = shop.answers["band"].map({"detractor": 0, "passive": 1, "promoter": 2}).groupby(shop.answers["person"])
    last, before = height.nth(-1), height.nth(-2)
    last.index, before.index = (shop.answers["person"].loc[each.index] for each in (last, before))
    recent = (shop.today - shop.answers.groupby("person")["day"].last()).dt.days < 365
    fell = (last < before.reindex(last.index)) & recent.reindex(last.index)
    ago = (shop.today - shop.orders["day"]).dt.days
    used = [
        shop.orders[ago.between(*span)].drop_duplicates(["person", "day"]).groupby("person").size()
        for span in ((0, 27), (28, 55))
    ]
    now, then = (each.reindex(shop.start.index, fill_value=0) for each in used)
    signs = pd.DataFrame(
        {
            "is_quiet": shop.lifecycle == "at risk",
            "use_halved": (then >= 4) & (2 * now <= then),
            "score_fell": fell.reindex(shop.start.index, fill_value=False),
        }
    )
    expected = signs[signs.any(axis="columns") & (shop.lifecycle != "lost")]
    found = read_view(board, "customer_list", View(), sign="any", most=100_000).set_index("customer_id").sort_index()
    assert found.index.tolist() == expected.index.tolist()
    for sign in signs:
        assert (found[sign] == expected[sign]).all(), sign
    assert found["revenue_at_risk"].sum() == pytest.approx(shop.revenue_12m[expected.index].sum(), abs=0.005)
    everybody = read_view(board, "customer_list", View(), most=1)
    assert everybody["matching"].item() == len(shop.state)  # who only canceled, too


def test_a_state_s_customers_revenue_and_score(board: Board, shop: Shop) -> None:
    found = read_view(board, "segments", View(by="state")).set_index("slice")
    state = shop.state.reindex(shop.start.index)
    revenue, last = shop.revenue_12m.groupby(state).sum(), shop.orders["day"].max()
    assert found["revenue_12m"].to_dict() == pytest.approx(revenue.to_dict(), abs=0.005)
    assert found["share"].sum() == pytest.approx(1)
    there = pd.concat([shop.last_order, shop.start], axis="columns").max(axis="columns") > last - YEAR
    there &= ~(shop.start > last)
    assert found["customers"].to_dict() == there.groupby(state).sum().to_dict()
    told = shop.answers[shop.answers["day"] > shop.answers["day"].max() - YEAR]
    scores = told["band"].groupby(told["person"].map(state)).agg(nps)
    assert found["nps"].to_dict() == pytest.approx(scores.to_dict())


def test_states_that_pull_the_score(board: Board, shop: Shop) -> None:
    told = in_summer(shop.answers)
    state = told["person"].map(shop.state)
    found = read_view(board, "drivers", SUMMER)
    assert set(found["kind"]) == {"touchpoint", "dimension"}  # no products, no complaints
    found = found[found["kind"] == "dimension"].set_index("name")
    for name in ("state: SP", "state: RJ", "state: RR"):
        mask = state == name[-2:]
        lift = mask.mean() * (nps(told.loc[~mask, "band"]) - nps(told.loc[mask, "band"]))
        assert found.loc[name, "lift"] == pytest.approx(lift)
        assert found.loc[name, "responses"] == mask.sum()
    assert found.loc["state: RJ", "low"] > 0  # 22 against 37 elsewhere: 1.5 to 2.1 points


def purchase_days(shop: Shop, until: pd.Timestamp) -> pd.DataFrame:
    """Per person: days with purchases, weeks from the first to the last of them and to `until`."""
    known = shop.orders[shop.orders["day"] <= until].drop_duplicates(["person", "day"]).groupby("person")["day"]
    first, last = known.min(), known.max()
    return pd.DataFrame({"orders": known.size(), "recency": (last - first).dt.days, "age": (until - first).dt.days})


def fitted_total(known: pd.DataFrame, ahead: float) -> float:
    """Orders expected of all in `ahead` weeks: BG/NBD written out from the paper, fitted by another optimiser."""
    counts = known.value_counts().reset_index()
    x, t_x, age = counts["orders"] - 1, counts["recency"] / 7, counts["age"] / 7

    def parts(logs: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        r, alpha, a, b = np.exp(logs)
        rate = special.gammaln(r + x) - special.gammaln(r) + r * np.log(alpha)
        stays = special.betaln(a, b + x) - special.betaln(a, b) - (r + x) * np.log(alpha + age)
        leaves = special.betaln(a + 1, b + np.maximum(x, 1) - 1) - special.betaln(a, b)
        leaves = np.where(x > 0, leaves - (r + x) * np.log(alpha + t_x), -np.inf)
        return rate, stays, leaves

    def loss(logs: np.ndarray) -> float:
        rate, stays, leaves = parts(logs)
        return -float(np.dot(counts["count"], rate + np.logaddexp(stays, leaves)))

    start = np.log([0.1, 50.0, 1.0, 1.0])
    best = optimize.minimize(loss, start, method="Powell", options={"maxiter": 20_000, "xtol": 1e-8, "ftol": 1e-12})
    best = optimize.minimize(loss, best.x, method="Nelder-Mead", options={"maxiter": 20_000, "fatol": 1e-8})
    r, alpha, a, b = np.exp(best.x)
    _, stays, leaves = parts(best.x)
    chance = special.hyp2f1(r + x, b + x, a + b + x - 1, ahead / (alpha + age + ahead))
    kept = ((alpha + age) / (alpha + age + ahead)) ** (r + x)
    expected = (a + b + x - 1) / (a - 1) * (1 - kept * chance) / (1 + np.exp(leaves - stays))
    return float(np.dot(counts["count"], expected))


def test_expected_value_is_tried_on_the_last_third(board: Board, shop: Shop) -> None:
    """Fitted to the first two thirds the model expects 691 orders of these people, and 736 came: near enough to use."""
    last = shop.orders["day"].max()
    known = purchase_days(shop, last)
    found = read_view(board, "expected_value", View()).set_index("customer_id").sort_index()
    assert (found[["orders", "recency_days", "age_days"]].to_numpy() == known.sort_index().to_numpy()).all()
    ahead = ((last - shop.orders["day"].min()).days + 1) // 3
    until = last - ahead * DAY
    before = purchase_days(shop, until)
    after = shop.orders[(shop.orders["day"] > until) & shop.orders["person"].isin(before.index)]
    trial = read_view(board, "expected_value_trial", View())
    assert trial["customers"].sum() == len(before)
    assert trial["actual_orders"].sum() == len(after.drop_duplicates(["person", "day"]))
    assert trial["actual_revenue"].sum() == pytest.approx(after["amount"].sum(), abs=0.01)
    total = fitted_total(before, ahead / 7)
    assert trial["predicted_orders"].sum() == pytest.approx(total, rel=1e-4)
    assert abs(total / trial["actual_orders"].sum() - 1) <= 0.2
    whole_year = fitted_total(known, 365 / 7)
    assert found["expected_orders_12m"].sum() == pytest.approx(whole_year, rel=1e-4)


def test_whom_to_call_back_and_what_they_wrote(board: Board, shop: Shop) -> None:
    told = in_summer(shop.answers)
    unhappy = told[told["band"] == "detractor"]
    assert set(read_view(board, "answers", SUMMER)["response_id"]) == set(unhappy["id"])
    per_day = read_view(board, "detractors_by_day", SUMMER).set_index("day")["answers"]
    assert per_day.to_dict() == unhappy.groupby("day").size().to_dict()
    said = told[told["comment"] != ""]
    mask = said["comment"].str.lower().str.contains(r"\bnão\s+recebi\b")
    found = read_view(board, "comments", SUMMER, search='"não recebi"', most=100_000)
    assert set(found["response_id"]) == set(said.loc[mask, "id"])
    voices = read_view(board, "voices", SUMMER).drop_duplicates("band").set_index("band")["answers"]
    assert voices.to_dict() == told["band"].value_counts().to_dict()


def test_a_word_s_weight_by_hand(board: Board, shop: Shop) -> None:
    """How often promoters and detractors write a word, counted from the raw reviews of three months."""
    view = View(first=date(2018, 6, 1), last=date(2018, 8, 31))
    said = shop.answers[shop.answers["day"] >= pd.Timestamp(view.first)].query("comment != ''")
    found = read_view(board, "themes", view).set_index("theme")
    for word in ("recomendo", "prazo"):
        mask = said["comment"].str.lower().str.contains(rf"\b{word}\b")
        counts = said.loc[mask, "band"].value_counts().reindex(BANDS, fill_value=0)
        assert found.loc[word, ["promoters", "passives", "detractors"]].tolist() == counts.tolist(), word
        assert found.loc[word, "share"] == pytest.approx(mask.sum() / len(said))


def test_the_rows_behind_a_kvi(board: Board, shop: Shop) -> None:
    bought, told = in_summer(shop.orders), in_summer(shop.answers)
    orders = read_view(board, "rows_of_orders", SUMMER)
    assert set(orders["order_id"]) == set(bought["order_id"])
    assert orders["amount"].sum() == pytest.approx(bought["amount"].sum(), abs=0.005)
    assert set(read_view(board, "rows_of_responses", SUMMER)["response_id"]) == set(told["id"])
    assert len(read_view(board, "rows_of_activity", SUMMER)) == len(bought)
    new = shop.start[shop.start.between(pd.Timestamp(SUMMER.first), pd.Timestamp(SUMMER.last))]
    assert set(read_view(board, "rows_of_customers", SUMMER)["customer_id"]) == set(new.index)


def test_one_customer_and_what_was_set_aside(board: Board, shop: Shop) -> None:
    busiest = shop.orders["person"].value_counts().index[0]
    found = read_view(board, "customer_timeline", View(), customer=busiest)
    mine = shop.orders[shop.orders["person"] == busiest]
    counts = found["kind"].value_counts()
    assert counts["order"] == len(mine)
    assert counts["use"] == mine["day"].nunique()
    assert counts["answer"] == (shop.answers["person"] == busiest).sum()
    assert found["amount"].sum() == pytest.approx(mine["amount"].sum(), abs=0.005)
    reasons = read_view(board, "rejected_reasons", View()).query("example_number == 1").set_index("reason")
    assert reasons.loc["responded_at is missing", "row_count"] == KNOWN["responses_rejected_without_date"]
    aside = read_view(board, "rejected_rows", View())
    assert len(aside) == reasons["row_count"].sum()
    seen = read_view(board, "days_with_rows", View()).groupby("table_name")["day"].apply(set)
    assert seen["orders"] == set(shop.orders["day"])
    assert seen["responses"] == set(shop.answers["day"])


def test_contributions_of_every_kvi_add_up_over_the_states(board: Board) -> None:
    """The last four months of each KVI that the shop has data for, against the difference of its own values."""
    compared = 0
    for kvi in board.kvis.values():
        if board.missing_export(kvi.needs):
            continue
        whole = read_kvi(board, kvi, View("month"))[0].columns
        places = np.flatnonzero(whole["complete"] & ~np.isnan(whole["value"]))
        for before, place in pairwise(places[-5:]):
            why = explain_change(board, kvi, View("month"), ["state"], "previous", str(whole["label"][place]))
            assert abs(why.rows["effect"].sum() - (whole["value"][place] - whole["value"][before])) <= 1e-9, kvi.name
            compared += 1
    assert compared == 4 * 17  # 19 have data; two compare with the year before last, of which there is none


def test_what_the_shop_does_not_ask_is_empty_not_zero(board: Board) -> None:
    """No aspects are rated, and the workspace names no theme."""
    assert read_view(board, "aspects", View()).empty
    assert read_view(board, "named_themes", SUMMER).empty
    assert read_view(board, "orders_of_guests", View()).empty  # each order names who bought
    assert read_view(board, "unsplit_orders", View()).empty  # and none a product


@pytest.mark.parametrize("name", sorted(load_catalog(load_workspace()).views))
def test_every_view_is_tried_on_the_shop(name: str) -> None:
    files = [Path(__file__), Path(__file__).with_name("test_olist.py")]
    assert name in NEEDS or any(f'read_view(board, "{name}"' in file.read_text(encoding="utf-8") for file in files)
