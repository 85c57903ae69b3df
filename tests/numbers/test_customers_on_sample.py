"""The views about customers on the sample, held against pandas on the contract tables: none of the marts, none of the
views' SQL. That the tables hold what was exported is held by the KVIs' second route."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
import pytest

from kviboard.board.board import Board
from kviboard.board.customers.expected_value import expected_value
from kviboard.board.kvis.reading import View
from kviboard.board.views.views import read_view
from kviboard.domain.customers.expected_value import fit_amounts, fit_orders

DAY, YEAR = pd.Timedelta(days=1), pd.DateOffset(months=12)
MOVES = ("new", "expansion", "reactivated", "contraction", "lost", "refunds")


@dataclass(frozen=True)
class Tables:
    """Contract tables as frames, read without any mart."""

    board: Board

    def _read(self, table: str, columns: str) -> pd.DataFrame:
        return self.board.reader.frame(f"select {columns} from {table}")

    @cached_property
    def customers(self) -> pd.DataFrame:
        """By customer_id, with the day they became one."""
        found = self._read("customers", "*").set_index("customer_id")
        seen = pd.concat([each[["customer_id", "day"]] for each in (self.orders, self.use, self.answers, self.tickets)])
        return found.assign(start=found["signed_up_on"].fillna(seen.groupby("customer_id")["day"].min()))

    @cached_property
    def orders(self) -> pd.DataFrame:
        found = self._read("orders", "customer_id, day, cast(amount as double) as amount")
        return found.assign(month=found["day"].dt.to_period("M"))

    @cached_property
    def use(self) -> pd.DataFrame:
        return self._read("activity", "distinct customer_id, day")

    @cached_property
    def answers(self) -> pd.DataFrame:
        found = self._read("responses", "customer_id, day, responded_at, response_id, score, survey")
        counting = found[found["survey"].fillna("relationship") == "relationship"]
        return counting.assign(band=pd.cut(counting["score"], [-1, 6, 8, 10], labels=[0, 1, 2]).astype(int))

    @cached_property
    def tickets(self) -> pd.DataFrame:
        return self._read("tickets", "customer_id, day, kind, closed_at")

    @cached_property
    def today(self) -> pd.Timestamp:
        return max(each["day"].max() for each in (self.orders, self.use, self.answers, self.tickets))

    @cached_property
    def revenue_12m(self) -> pd.Series:
        last = self.orders[self.orders["day"] > self.today - YEAR]
        return last.groupby("customer_id")["amount"].sum().reindex(self.customers.index, fill_value=0.0)

    @cached_property
    def last_seen(self) -> pd.DataFrame:
        """Latest day of use and latest purchase of each customer."""
        bought = self.orders[self.orders["amount"] >= 0].groupby("customer_id")["day"].max()
        used = self.use.groupby("customer_id")["day"].max()
        return pd.DataFrame({"used": used, "bought": bought}).reindex(self.customers.index)

    @cached_property
    def lifecycle(self) -> pd.Series:
        """new, active, at risk or lost, as METRICS has it."""
        age = (self.today - self.customers["start"]).dt.days
        silent = (self.today - self.last_seen.max(axis="columns")).dt.days
        known = [age < 90, silent < 28, silent < 90]
        return pd.Series(np.select(known, ["new", "active", "at risk"], "lost"), index=self.customers.index)


@pytest.fixture(scope="module")
def tables(sample_board: Board) -> Tables:
    return Tables(sample_board)


def shown(tables: Tables, name: str, by: str | None = None, grain: str = "month", **given: str | int) -> pd.DataFrame:
    return read_view(tables.board, name, View(grain, by=by), **given)


def test_new_customers_are_counted_by_the_way_they_came(tables: Tables) -> None:
    starts = tables.customers[tables.customers["start"] >= tables.board.reader.reach["orders"].data_from.isoformat()]
    counted = starts.groupby([starts["start"].dt.to_period("M").dt.start_time, "acquisition"]).size()
    found = shown(tables, "new_customers_by_source").set_index(["period", "acquisition"])["customers"]
    assert found[found > 0].to_dict() == counted.to_dict()


def test_the_first_year_of_each_quarter_s_customers(tables: Tables) -> None:
    first = tables.orders["day"].min()
    members = tables.customers[tables.customers["start"] >= first]
    quarter = members["start"].dt.to_period("Q")
    members = members[quarter.dt.end_time.dt.normalize() + YEAR <= tables.orders["day"].max()]
    joined = tables.orders.join(members["start"], on="customer_id", how="inner")
    own = joined[(joined["day"] >= joined["start"]) & (joined["day"] < joined["start"] + YEAR)]
    revenue = own.groupby("customer_id")["amount"].sum().reindex(members.index, fill_value=0.0)
    groups = revenue.groupby([members["start"].dt.to_period("Q").dt.start_time, members["acquisition"]])
    found = shown(tables, "first_year").set_index(["cohort_quarter", "acquisition"])
    assert found["customers"].to_dict() == groups.size().to_dict()
    assert found["revenue_per_customer_12m"].to_dict() == pytest.approx(groups.mean().to_dict())
    margin = 1.96 * groups.std() / np.sqrt(groups.size())
    assert found["revenue_high"].to_dict() == pytest.approx((groups.mean() + margin).to_dict())
    stayed = (tables.lifecycle[members.index] != "lost").groupby(
        [members["start"].dt.to_period("Q").dt.start_time, members["acquisition"]]
    )
    assert found["still_active"].to_dict() == pytest.approx(stayed.mean().to_dict())


def cohort_counts(tables: Tables, happened: pd.DataFrame) -> Mapping[tuple[pd.Timestamp, int], int]:
    """How many different customers of a month's did something so many months later."""
    joined = happened.join(tables.customers["start"], on="customer_id")
    since, month = joined["start"].dt.to_period("M"), joined["day"].dt.to_period("M")
    number = (month.dt.year - since.dt.year) * 12 + month.dt.month - since.dt.month
    rows = pd.DataFrame({"cohort": since.dt.start_time, "number": number, "customer": joined["customer_id"]})
    return rows.drop_duplicates().groupby(["cohort", "number"]).size().to_dict()


def test_cohorts_count_each_customer_once_a_month_and_know_what_is_not_covered(tables: Tables) -> None:
    found = shown(tables, "cohorts").set_index(["cohort_month", "month_number"])
    sizes = tables.customers["start"].dt.to_period("M").dt.start_time.value_counts()
    bought = tables.orders[tables.orders["amount"] >= 0]
    cohorts, numbers = (found.index.get_level_values(level) for level in range(2))
    assert (found["customers"] == sizes[cohorts].to_numpy()).all()
    ordering = pd.Series(cohort_counts(tables, bought)).reindex(found.index, fill_value=0)
    assert (found["ordering"] == ordering).all()
    months = cohorts.to_period("M") + numbers
    covered = months.start_time >= tables.use["day"].min()
    active = pd.Series(cohort_counts(tables, tables.use)).reindex(found.index, fill_value=0)
    assert found.loc[~covered, "active"].isna().all()
    assert (found.loc[covered, "active"] == active[covered]).all()
    assert found["active"].notna().sum() > 100


def test_the_retention_curve_pools_the_cohorts_whose_month_is_covered(tables: Tables) -> None:
    triangle = shown(tables, "cohorts").dropna(subset="active").groupby("month_number")[["customers", "active"]].sum()
    curve = shown(tables, "retention_curve").set_index("month_number")
    assert curve["customers"].to_dict() == triangle["customers"].to_dict()
    assert curve["retained"].to_dict() == triangle["active"].to_dict()
    last = curve.iloc[-1]
    assert last["low"] < last["share"] < last["high"]


@pytest.mark.parametrize(("grain", "length"), [("month", "M"), ("quarter", "Q")])
def test_the_revenue_bridge_tells_each_customer_s_change_to_the_cent(tables: Tables, grain: str, length: str) -> None:
    cents = tables.orders.assign(
        amount=(tables.orders["amount"] * 100).round(), at=tables.orders["day"].dt.to_period(length)
    )
    wide = cents.pivot_table(index="customer_id", columns="at", values="amount", aggfunc="sum", fill_value=0.0)
    bought = cents[cents["amount"] >= 0].groupby("customer_id")["at"].min().reindex(wide.index)
    known = tables.customers["start"].reindex(wide.index) >= tables.orders["day"].min()
    found = shown(tables, "revenue_bridge", grain=grain).set_index("period")
    for before, now in zip(wide.columns[:-1], wide.columns[1:], strict=True):
        if before.start_time < tables.orders["day"].min():
            continue
        was, comes = wide[before], wide[now]
        brought = comes.clip(lower=0) - was.clip(lower=0)
        rise, fall, refunds = brought.clip(lower=0), (-brought).clip(lower=0), comes.clip(upper=0) - was.clip(upper=0)
        is_new = (bought == now) & known
        back, gone = (was <= 0) & (comes > 0) & ~is_new, (was > 0) & (comes <= 0)
        by_hand = (rise[is_new], rise[~is_new & ~back], rise[back], fall[~gone], fall[gone], refunds)
        row = (found.loc[now.start_time] * 100).round()
        assert [row[name] for name in MOVES] == [each.sum() for each in by_hand], now
        assert (row["opening"], row["closing"]) == (was.sum(), comes.sum())
        assert found.loc[now.start_time, "complete"] == (now.end_time.normalize() <= tables.orders["day"].max())
    assert len(found) > (28 if grain == "month" else 7)


def signs(tables: Tables) -> pd.DataFrame:
    """The signs of leaving of each customer who is not lost, with their revenue of the last 12 months."""
    today, index = tables.today, tables.customers.index
    ago = (today - tables.use["day"]).dt.days
    now = tables.use[ago < 28].groupby("customer_id").size().reindex(index, fill_value=0)
    before = tables.use[(ago >= 28) & (ago < 56)].groupby("customer_id").size().reindex(index, fill_value=0)
    told = tables.answers.sort_values(["responded_at", "response_id"])
    last = told.groupby("customer_id").nth(-1).set_index("customer_id").reindex(index)
    earlier = told.groupby("customer_id").nth(-2).set_index("customer_id").reindex(index)
    valid = (today - last["day"]).dt.days < 365
    waiting = tables.tickets[(tables.tickets["kind"] == "complaint") & tables.tickets["closed_at"].isna()]
    found = pd.DataFrame(
        {
            "is_quiet": tables.lifecycle == "at risk",
            "use_halved": (before >= 4) & (now * 2 <= before),
            "score_fell": valid & (last["band"] < earlier["band"]),
            "complaint_open": index.isin(waiting["customer_id"]),
        }
    )
    return found[tables.lifecycle != "lost"].assign(revenue=tables.revenue_12m)


def test_the_list_names_who_shows_a_sign_of_leaving_and_what_they_bring(tables: Tables) -> None:
    by_hand = signs(tables)
    kinds = by_hand.columns[:4]
    assert (by_hand[kinds].sum() > 0).all()
    by_hand = by_hand[by_hand[kinds].any(axis="columns")]
    found = shown(tables, "customer_list", sign="any", most=10_000).set_index("customer_id")
    assert (found["matching"] == len(by_hand)).all()
    pd.testing.assert_frame_equal(found[kinds].sort_index(), by_hand[kinds].sort_index(), check_names=False)
    assert found["revenue_at_risk"].sum() == pytest.approx(by_hand["revenue"].sum(), abs=0.005)
    assert found["revenue_at_risk"].is_monotonic_decreasing


def test_segments_add_up_and_each_is_worth_what_its_customers_are(tables: Tables) -> None:
    found = shown(tables, "segments", by="segment").set_index("slice")
    slices = tables.customers["segment"]
    revenue = tables.revenue_12m.groupby(slices).sum()
    assert found["revenue_12m"].to_dict() == pytest.approx(revenue.to_dict(), abs=0.005)
    assert found["share"].to_dict() == pytest.approx((revenue / revenue.sum()).to_dict())
    since = tables.today - YEAR
    orders = tables.orders[tables.orders["day"].between("2024-11-01", "2025-10-31")].join(slices, on="customer_id")
    before = orders.groupby("segment")["amount"].sum()
    assert found["revenue_before"].to_dict() == pytest.approx(before.to_dict(), abs=0.005)
    there = pd.concat([tables.last_seen, tables.customers["start"]], axis="columns").max(axis="columns") > since
    assert found["customers"].to_dict() == there.groupby(slices).sum().to_dict()
    answers = tables.answers[tables.answers["day"] > since].join(slices, on="customer_id")
    nps = answers.groupby("segment")["band"].agg(lambda band: 100 * ((band == 2).mean() - (band == 0).mean()))
    assert found["nps"].to_dict() == pytest.approx(nps.to_dict())
    at_risk = signs(tables)
    at_risk = at_risk[at_risk.iloc[:, :4].any(axis="columns")]
    assert found["at_risk_revenue"].to_dict() == pytest.approx(at_risk["revenue"].groupby(slices).sum().to_dict())


def test_retention_and_8_plus_of_a_segment_are_those_of_the_kvis(tables: Tables) -> None:
    # both KVIs are held against pandas elsewhere: here the last month, and the last 12, must be the same numbers
    from kviboard.board.kvis.tables import answer

    found = shown(tables, "segments", by="segment").set_index("slice")
    retention = answer(tables.board, tables.board.kvi("net_revenue_retention"), View("month", by="segment"))
    last = retention[retention["period"] == "2026-10-01"].set_index("slice")["value"]
    assert found["net_revenue_retention"].to_dict() == pytest.approx(last.to_dict())
    scored = answer(tables.board, tables.board.kvi("eight_plus_turnover_share"), View("month", by="segment"))
    year = scored[scored["period"] >= "2025-11-01"].groupby("slice")[["numerator", "denominator"]].sum()
    assert found["eight_plus_share"].to_dict() == pytest.approx((year["numerator"] / year["denominator"]).to_dict())
    revenue = answer(tables.board, tables.board.kvi("turnover"), View("month", by="segment"))
    whole = revenue[revenue["period"] >= "2025-11-01"].groupby("slice")["value"].sum()
    assert found["scored_share"].to_dict() == pytest.approx((year["denominator"] / whole).to_dict())


def histories(orders: pd.DataFrame, until: pd.Timestamp) -> pd.DataFrame:
    """Purchase days of each customer up to a day."""
    known = orders[(orders["day"] <= until) & (orders["amount"] >= 0)]
    days = known.groupby(["customer_id", "day"])["amount"].sum().reset_index().sort_values("day")
    found = days.groupby("customer_id").agg(
        orders=("day", "size"),
        first=("day", "min"),
        last=("day", "max"),
        paid=("amount", "sum"),
        paid_first=("amount", "first"),
    )
    return found.assign(recency=(found["last"] - found["first"]).dt.days, age=(until - found["first"]).dt.days)


def expected(orders: pd.DataFrame, until: pd.Timestamp, days: int) -> pd.DataFrame:
    known = histories(orders, until)
    repeats = known["orders"] - 1
    weeks = (known["recency"] / 7, known["age"] / 7)
    model = fit_orders(repeats, *weeks, np.ones(len(known)))
    mean = (known["paid"] - known["paid_first"]) / repeats.where(repeats > 0)
    amounts = fit_amounts(repeats[mean > 0], mean[mean > 0])
    before = orders.loc[orders["day"] <= until, "amount"]
    kept = before.sum() / before[before >= 0].sum()
    ahead = model.expected_orders(repeats, *weeks, days / 7)
    return known.assign(orders_ahead=ahead, revenue_ahead=ahead * amounts.expected_amount(repeats, mean) * kept)


def test_expected_value_is_the_model_fitted_to_the_purchase_days(tables: Tables) -> None:
    last = tables.orders["day"].max()
    by_hand = expected(tables.orders, last, 365)
    found = shown(tables, "expected_value").set_index("customer_id").sort_index()
    for column, own in (("orders", "orders"), ("recency_days", "recency"), ("age_days", "age")):
        assert (found[column] == by_hand[own].sort_index()).all()
    assert found["expected_orders_12m"].sum() == pytest.approx(by_hand["orders_ahead"].sum(), rel=1e-3)
    assert found["expected_revenue_12m"].sum() == pytest.approx(by_hand["revenue_ahead"].sum(), rel=1e-3)
    by_segment = shown(tables, "segments", by="segment").set_index("slice")["expected_revenue_12m"]
    own = by_hand["revenue_ahead"].groupby(tables.customers["segment"]).sum()
    assert by_segment.to_dict() == pytest.approx(own.to_dict(), rel=2e-3)


def test_the_trial_predicts_the_last_third_from_what_came_before(tables: Tables) -> None:
    first, last = tables.orders["day"].min(), tables.orders["day"].max()
    days = ((last - first).days + 1) // 3  # 30 months: less than three years
    until = last - days * DAY
    predicted = expected(tables.orders, until, days)
    after = tables.orders[(tables.orders["day"] > until) & tables.orders["customer_id"].isin(predicted.index)]
    found = shown(tables, "expected_value_trial")
    assert found["customers"].sum() == len(predicted)
    assert found["actual_revenue"].sum() == pytest.approx(after["amount"].sum(), abs=0.01)
    bought = after[after["amount"] >= 0].drop_duplicates(["customer_id", "day"])
    assert found["actual_orders"].sum() == len(bought)
    assert found["predicted_revenue"].sum() == pytest.approx(predicted["revenue_ahead"].sum(), rel=1e-3)
    assert found["predicted_revenue"].is_monotonic_decreasing
    board = expected_value(tables.board)
    error = predicted["revenue_ahead"].sum() / after["amount"].sum() - 1
    assert board.uses_model == (abs(error) <= 0.2)
    assert "predicted" in board.said
