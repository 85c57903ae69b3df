"""Every built-in KVI computed a second way, in pandas and numpy from the raw exports: none of the board's SQL or rules.

Owns the numbers to expect. Reading the files stands in sample_exports, comparing in test_kvis_on_sample.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np
import pandas as pd

from tests.numbers.sample_exports import CONFIG, DIMENSIONS, answers, exports

DAY = pd.Timedelta(days=1)
SURVEYS = CONFIG["surveys"]
DATED = {"activity": "activity", "orders": "orders", "responses": "answers", "tickets": "tickets"}


@cache
def all_days() -> pd.DatetimeIndex:
    days = [getattr(exports(), name)["day"] for name in DATED.values()]
    return pd.date_range(min(day.min() for day in days), max(day.max() for day in days))


@cache
def counting_answers() -> pd.DataFrame:
    told = answers()
    return told[told["survey"].isin(["", "relationship"])] if SURVEYS["survey"] == "relationship" else told


@cache
def scored_orders() -> pd.DataFrame:
    """Orders with the score held that day: the latest answer up to then, if still valid."""
    latest = (
        counting_answers().sort_values(["moment", "response_id"]).drop_duplicates(["customer_id", "day"], keep="last")
    )
    assert SURVEYS["answer_counts_back_days"] == 0
    orders = exports().orders.sort_values("day")
    held = latest[["customer_id", "day", "score"]].sort_values("day")
    valid = pd.Timedelta(days=SURVEYS["valid_days"] - 1)
    orders = pd.merge_asof(orders, held, on="day", by="customer_id", tolerance=valid)
    visits = (
        orders.loc[orders["cents"] >= 0, ["customer_id", "day"]].drop_duplicates().sort_values(["customer_id", "day"])
    )
    visits["gap"] = visits.groupby("customer_id")["day"].shift(-1).sub(visits["day"]).dt.days
    orders = orders.merge(visits, on=["customer_id", "day"], how="left")
    orders["gap"] = orders["gap"].where(orders["cents"] >= 0)
    return orders


@cache
def events() -> Mapping[str, pd.DataFrame]:
    """measure -> customer_id, day, value: everything that adds up over days and customers."""
    visits, orders, answers, tickets = exports().activity, scored_orders(), counting_answers(), exports().tickets
    cents, score = orders["cents"], orders["score"]
    told = answers["score"]
    return {
        "active": _of(visits.drop_duplicates(["customer_id", "day"]), 1),
        "minutes": _of(visits, visits["minutes"]),
        "orders": _of(orders, orders["cents"] >= 0),
        "followed": _of(orders, orders["gap"] <= 90),
        "revenue": _of(orders, cents),
        "scored": _of(orders, cents.where(score.notna(), 0)),
        "eight_plus": _of(orders, cents.where(score >= 8, 0)),
        "promoter_money": _of(orders, cents.where(score >= 9, 0)),
        "responses": _of(answers, 1),
        "promoters": _of(answers, told >= 9),
        "detractors": _of(answers, told <= 6),
        "satisfied": _of(answers, told >= 8),
        "complaints": _of(tickets, tickets["kind"].str.lower() == "complaint"),
        **_service_desk(tickets),
        "new": _newcomers(),
    }


def _of(frame: pd.DataFrame, value: object) -> pd.DataFrame:
    return frame[["customer_id", "day"]].assign(value=value).astype({"value": float})


def _service_desk(tickets: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Complaints on the day their week was over, and everything closed on its day."""
    closed = pd.to_datetime(tickets["closed_at"].replace("", None))
    ended = tickets["day"] + 7 * DAY
    is_due = (tickets["kind"].str.lower() == "complaint") & (ended <= tickets["day"].max())
    due, done = tickets.assign(day=ended)[is_due], tickets.assign(day=closed.dt.normalize())[closed.notna()]
    return {
        "due": _of(due, 1),
        "in_time": _of(due, closed[is_due].dt.normalize() <= due["day"]),
        "settled": _of(done, 1),
        "after_hours": _of(done, closed[closed.notna()].dt.strftime("%H:%M") >= "20:00"),
    }


def _newcomers() -> pd.DataFrame:
    """By sign-up, else the first thing done; unknown within 28 days of the beginning of the export that shows it."""
    seen = pd.concat([_seen(name) for name in DATED.values()]).sort_values(["day", "days_before"])
    earliest = seen.drop_duplicates("customer_id").set_index("customer_id")
    known = earliest.loc[earliest["days_before"] >= 28, "day"]
    first = exports().customers["signed_up"].fillna(known).rename("day").dropna()
    return _of(first.rename_axis("customer_id").reset_index(), 1)


def _seen(name: str) -> pd.DataFrame:
    rows = getattr(exports(), name)
    begins = rows["day"].min()
    rows = rows[rows["cents"] >= 0] if name == "orders" else rows
    return rows[["customer_id", "day"]].assign(days_before=(rows["day"] - begins).dt.days)


@cache
def active_in_28_days() -> np.ndarray:
    """customers × days: whether the customer was active on that day or one of the 27 before it."""
    customers = everybody().index
    visits = events()["active"]
    was_active = np.zeros((len(customers), len(all_days())), dtype=np.int32)
    was_active[customers.get_indexer(visits["customer_id"]), all_days().get_indexer(visits["day"])] = 1
    until = was_active.cumsum(axis=1)
    before = np.zeros_like(until)
    before[:, 28:] = until[:, :-28]
    return until > before


@dataclass(frozen=True, eq=False)
class Slices:
    """The exports, cut by a label per customer; customers without a label are filtered out."""

    label: pd.Series
    names: tuple[str | None, ...]

    def of(self, measure: str) -> np.ndarray:
        """slices × days."""
        if measure not in self._known:
            self._known[measure] = self._rolling() if measure == "active_28d" else self._summed(measure)
        return self._known[measure]

    @cached_property
    def _known(self) -> dict[str, np.ndarray]:
        return {}

    def running(self, measure: str) -> np.ndarray:
        """slices × days, each with all that came before it; one day more at the beginning, of nothing."""
        if measure not in self._running:
            self._running[measure] = np.pad(self.of(measure).cumsum(axis=1), ((0, 0), (1, 0)))
        return self._running[measure]

    @cached_property
    def _running(self) -> dict[str, np.ndarray]:
        return {}

    def _summed(self, measure: str) -> np.ndarray:
        found = events()[measure]
        label = found["customer_id"].map(self.label)
        table = found.groupby([label, "day"])["value"].sum().unstack("day")
        return table.reindex(index=self._labels, columns=all_days()).fillna(0).to_numpy()

    def _rolling(self) -> np.ndarray:
        frame = pd.DataFrame(active_in_28_days().astype(int))
        return frame.groupby(self.label.to_numpy()).sum().reindex(self._labels).fillna(0).to_numpy(dtype=float)

    @property
    def _labels(self) -> list[str]:
        return [name or "all" for name in self.names]

    def retention(self, end: pd.Timestamp) -> dict[str, np.ndarray]:
        """What retention counts on the day `end`, per slice; zeros where two years of orders are not there."""
        if end not in self._retained:
            self._retained[end] = self._retention(end)
        return self._retained[end]

    @cached_property
    def _retained(self) -> dict[pd.Timestamp, dict[str, np.ndarray]]:
        return {}

    def _retention(self, end: pd.Timestamp) -> dict[str, np.ndarray]:
        found = {what: self._summed_by_label(value) for what, value in retained_customers(end).items()}
        return {what: value / 100 if what in EUROS else value for what, value in found.items()}

    def _summed_by_label(self, by_customer: pd.Series) -> np.ndarray:
        places = self.label.index.get_indexer(by_customer.index)
        labels = np.where(places < 0, -1, self._label_numbers[places])
        found = by_customer.to_numpy(dtype=float)[labels >= 0]
        return np.bincount(labels[labels >= 0], weights=found, minlength=len(self._labels))

    @cached_property
    def _label_numbers(self) -> np.ndarray:
        """The place of each customer's label among the labels; -1 for those without one."""
        return pd.Index(self._labels).get_indexer(self.label)


EUROS = ("now", "then", "kept", "earned")


@cache
def retained_customers(end: pd.Timestamp) -> dict[str, pd.Series]:
    """What each customer counts with in retention on the day `end`: cents, or 1; nobody without two years of orders."""
    orders = exports().orders
    year, two_years = (end + DAY - pd.DateOffset(years=back) for back in (1, 2))
    if two_years < orders["day"].min():
        return dict.fromkeys((*EUROS, "buyers", "buyers_then", "both"), pd.Series(dtype=float))
    spans = orders[orders["day"].between(year, end)], orders[orders["day"].between(two_years, year - DAY)]
    now, then = (frame.groupby("customer_id")["cents"].sum() for frame in spans)
    bought_now, bought_then = (frame.loc[frame["cents"] >= 0, "customer_id"].unique() for frame in spans)
    first = orders[orders["cents"] >= 0].groupby("customer_id")["day"].min()
    referred = exports().customers.index[exports().customers["acquisition"] == "earned"]
    earned = first.index[first >= year].intersection(referred)
    buyers, buyers_then = pd.Series(1, index=bought_now), pd.Series(1, index=bought_then)
    return {
        "now": now,
        "then": then,
        "kept": now[now.index.isin(then.index)],
        "earned": now[now.index.isin(earned)],
        "buyers": buyers,
        "buyers_then": buyers_then,
        "both": buyers_then[buyers_then.index.isin(buyers.index)],
    }


@cache
def everybody() -> pd.DataFrame:
    """The customers, and at the end those of whom nothing is known, who gave the anonymous answers."""
    nobody = pd.DataFrame(dict.fromkeys(DIMENSIONS, "Unknown"), index=[""])
    return pd.concat([exports().customers, nobody])


def cut(by: str | None = None, where: Mapping[str, Sequence[str]] | None = None) -> Slices:
    """The exports by a dimension, for the customers that have one of the values in each dimension of `where`."""
    customers = everybody()
    kept = np.logical_and.reduce(
        [np.full(len(customers), True), *(customers[d].isin(v) for d, v in (where or {}).items())]
    )
    label = (customers[by] if by else pd.Series("all", index=customers.index)).where(kept)
    return Slices(label, tuple(sorted(label.dropna().unique())) if by else (None,))


@dataclass(frozen=True, eq=False)
class Periods:
    """Periods of one grain over one cut; every method gives slices × periods."""

    slices: Slices
    spans: tuple[tuple[pd.Timestamp, pd.Timestamp], ...]

    @cached_property
    def _bounds(self) -> tuple[np.ndarray, np.ndarray]:
        starts, ends = zip(*self.spans, strict=True)
        return all_days().searchsorted(pd.DatetimeIndex(starts)), all_days().searchsorted(pd.DatetimeIndex(ends) + DAY)

    def sum(self, measure: str) -> np.ndarray:
        running = self.slices.running(measure)
        first, after = self._bounds
        return running[:, after] - running[:, first]

    def mean(self, measure: str) -> np.ndarray:
        """Per day of the period that the data covers."""
        return self.sum(measure) / self.days

    def money(self, measure: str) -> np.ndarray:
        return self.sum(measure) / 100

    def different(self, measure: str) -> np.ndarray:
        """Customers with at least one such event in the period, each once."""
        found = events()[measure]
        found = found[found["value"] > 0]
        starts, ends = zip(*self.spans, strict=True)
        period = pd.IntervalIndex.from_arrays(pd.DatetimeIndex(starts), pd.DatetimeIndex(ends), closed="both")
        found = found.assign(label=found["customer_id"].map(self.slices.label), period=period.get_indexer(found["day"]))
        counts = found[found["period"] >= 0].groupby(["label", "period"])["customer_id"].nunique().unstack("period")
        labels = [name or "all" for name in self.slices.names]
        return counts.reindex(index=labels, columns=range(len(self.spans))).fillna(0).to_numpy(dtype=float)

    @property
    def days(self) -> np.ndarray:
        first, after = self._bounds
        return np.tile((after - first).astype(float), (len(self.slices.names), 1))

    def last(self, measure: str) -> np.ndarray:
        return self.slices.of(measure)[:, self._bounds[1] - 1]

    def retention(self, what: str) -> np.ndarray:
        ends = [min(end, all_days()[-1]) for _, end in self.spans]
        return np.stack([self.slices.retention(end)[what] for end in ends], axis=1)


@dataclass(frozen=True)
class Expected:
    """How a KVI is computed: from periods its numerator and denominator (None: the numerator is the value)."""

    needs: tuple[str, ...]
    numerator: Callable[[Periods], np.ndarray]
    denominator: Callable[[Periods], np.ndarray] | None = None
    interval: str = ""
    complete_after: int = 0
    looks_back: int = 1  # days that the data must reach back for a period to be whole
    grains: tuple[str, ...] = ("day", "week", "sprint", "month", "quarter")
    n: str = "responses"  # the measure that an interval is about


YEARS = {"grains": ("month", "quarter"), "looks_back": 365}
EXPECTED = {
    "daily_active_users": Expected(("activity",), lambda p: p.sum("active"), lambda p: p.days),
    "monthly_active_users": Expected(("activity",), lambda p: p.last("active_28d"), looks_back=28),
    "stickiness": Expected(("activity",), lambda p: p.mean("active"), lambda p: p.last("active_28d"), looks_back=28),
    "daily_active_minutes": Expected(("activity",), lambda p: p.sum("minutes"), lambda p: p.days),
    "eight_plus_turnover": Expected(("orders", "responses"), lambda p: p.money("eight_plus")),
    "eight_plus_turnover_share": Expected(
        ("orders", "responses"), lambda p: p.money("eight_plus"), lambda p: p.money("scored")
    ),
    "promoter_revenue_share": Expected(
        ("orders", "responses"), lambda p: p.money("promoter_money"), lambda p: p.money("scored")
    ),
    "scored_revenue_coverage": Expected(
        ("orders", "responses"), lambda p: p.money("scored"), lambda p: p.money("revenue")
    ),
    "net_promoter_score": Expected(
        ("responses",),
        lambda p: 100 * (p.sum("promoters") - p.sum("detractors")),
        lambda p: p.sum("responses"),
        "nps",
    ),
    "customer_satisfaction": Expected(
        ("responses",), lambda p: p.sum("satisfied"), lambda p: p.sum("responses"), "share"
    ),
    "below_four_of_five": Expected(
        ("responses",),
        lambda p: p.sum("responses") - p.sum("satisfied"),
        lambda p: p.sum("responses"),
        "share",
    ),
    "turnover": Expected(("orders",), lambda p: p.money("revenue")),
    "orders": Expected(("orders",), lambda p: p.sum("orders")),
    "ordering_customers": Expected(("orders",), lambda p: p.different("orders")),
    "average_order": Expected(("orders",), lambda p: p.money("revenue"), lambda p: p.sum("orders")),
    "repurchase_rate_90d": Expected(
        ("orders",), lambda p: p.sum("followed"), lambda p: p.sum("orders"), complete_after=90
    ),
    "net_revenue_retention": Expected(
        ("orders",), lambda p: p.retention("kept"), lambda p: p.retention("then"), **YEARS
    ),
    "earned_growth": Expected(
        ("orders",),
        lambda p: p.retention("kept") + p.retention("earned") - p.retention("then"),
        lambda p: p.retention("then"),
        **YEARS,
    ),
    "turnover_per_active_customer": Expected(
        ("orders", "activity"), lambda p: p.money("revenue"), lambda p: p.last("active_28d"), looks_back=28
    ),
    "complaints_per_1000": Expected(
        ("tickets", "activity"), lambda p: 1000 * p.sum("complaints"), lambda p: p.last("active_28d"), looks_back=28
    ),
    "complaints_settled_in_time": Expected(
        ("tickets",), lambda p: p.sum("in_time"), lambda p: p.sum("due"), "share", n="due"
    ),
    "settled_after_hours": Expected(
        ("tickets",),
        lambda p: p.sum("after_hours"),
        lambda p: p.sum("settled"),
        "share",
        grains=("month", "quarter"),
        n="settled",
    ),
    "new_customers": Expected((), lambda p: p.sum("new")),
    "customer_lifetime_value": Expected(
        ("orders",),
        lambda p: ratio(p.retention("now"), p.retention("buyers")),
        lambda p: 1 - ratio(p.retention("both"), p.retention("buyers_then")),
        **YEARS,
    ),
}
SHARES_OF_REVENUE = {"eight_plus_turnover_share", "promoter_revenue_share", "scored_revenue_coverage"}


def ratio(over: np.ndarray, under: np.ndarray) -> np.ndarray:
    under = np.where(np.equal(under, 0), np.nan, under)
    return over / under


def expected_table(name: str, grain: str, slices: Slices) -> pd.DataFrame:
    """One row per period that begins within the data, and slice; the columns of an evaluation."""
    kvi = EXPECTED[name]
    reach = [getattr(exports(), DATED[need])["day"] for need in kvi.needs] or [all_days().to_series()]
    first, last = max(day.min() for day in reach), min(day.max() for day in reach)
    spans = _spans(grain, first, last)
    starts, ends = (pd.DatetimeIndex(days) for days in zip(*spans, strict=True))
    is_complete = (first + (kvi.looks_back - 1) * DAY <= ends) & (ends <= last - kvi.complete_after * DAY)
    columns = _columns(kvi, Periods(slices, spans))
    if name in SHARES_OF_REVENUE:  # refunds make parts below nothing and above the whole: these are not shown
        part, whole = columns["numerator"], columns["denominator"]
        columns["value"] = np.where((part < 0) | (part > whole + 1e-9) | (whole < 0), np.nan, columns["value"])
    return pd.DataFrame(
        {
            "period": np.tile(starts, len(slices.names)),
            "slice": np.repeat(np.array(slices.names, dtype=object), len(spans)),
            "complete": np.tile(is_complete, len(slices.names)),
            **{column: values.ravel() for column, values in columns.items()},
        }
    )


def _columns(kvi: Expected, found: Periods) -> dict[str, np.ndarray]:
    over = kvi.numerator(found)
    nothing = np.full_like(over, np.nan)
    under = kvi.denominator(found) if kvi.denominator else nothing
    n = found.sum(kvi.n) if kvi.interval else nothing
    low, high = _margins(kvi.interval, found, over, n) if kvi.interval else (nothing, nothing)
    value = ratio(over, under) if kvi.denominator else over
    return {"value": value, "numerator": over, "denominator": under, "n": n, "low": low, "high": high}


def _margins(kind: str, found: Periods, over: np.ndarray, n: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    some, z = np.where(n == 0, np.nan, n), 1.96
    if kind == "nps":  # ± 1.96 × 100 × sqrt((p + d − (p − d)²)/n), and no less than what Wilson leaves for a share of 0
        p, d = found.sum("promoters") / some, found.sum("detractors") / some
        nobody = 1 / (1 + some / z**2)
        margin = 100 * np.maximum(z * np.sqrt((p + d - (p - d) ** 2) / some), nobody)
        return np.clip(100 * (p - d) - margin, -100, 100), np.clip(100 * (p - d) + margin, -100, 100)
    share = over / some  # Wilson: where x solves (x − share)² = z² x (1 − x) / n
    a, b, c = 1 + z**2 / some, -(2 * share + z**2 / some), share**2
    root = np.sqrt(np.maximum(b**2 - 4 * a * c, 0))
    return (-b - root) / (2 * a), (-b + root) / (2 * a)


@cache
def _spans(grain: str, first: pd.Timestamp, last: pd.Timestamp) -> tuple[tuple[pd.Timestamp, pd.Timestamp], ...]:
    """The periods that begin between two days."""
    return tuple((starts, ends) for starts, ends in periods(grain) if first <= starts <= last)


@cache
def periods(grain: str) -> list[tuple[pd.Timestamp, pd.Timestamp]]:
    """First and last day of every period that the exports touch."""
    first, last = all_days()[0], all_days()[-1]
    if grain == "sprint":
        return list(zip(exports().sprints["starts"], exports().sprints["ends"], strict=True))
    rule = {"day": "D", "week": "W-SUN", "month": "M", "quarter": "Q-DEC"}[grain]
    found = pd.period_range(pd.Period(first, rule), pd.Period(last, rule))
    return [(period.start_time.normalize(), period.end_time.normalize()) for period in found]
