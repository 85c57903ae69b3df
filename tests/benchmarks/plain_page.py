"""Fourteen KVIs as anybody writes them first: one page of plain pandas and Streamlit over the sample's exports.

    EXPORTS=sample_data/exports streamlit run tests/benchmarks/plain_page.py

What the board is compared with (`against`): the same numbers, a chart each, a choice of period and of country. Files
are read once; what a choice changes is computed when it is made.
"""

import os
from pathlib import Path

import altair as alt
import pandas as pd

GRAINS = {"Week": "W-SUN", "Month": "M"}
TITLES = {
    "turnover": "Turnover",
    "orders": "Orders",
    "average_order": "Average order",
    "ordering_customers": "Ordering customers",
    "eight_plus_turnover": "8+ turnover",
    "eight_plus_turnover_share": "8+ turnover share",
    "promoter_revenue_share": "Promoter revenue share",
    "scored_revenue_coverage": "Turnover with a score",
    "repurchase_rate_90d": "Ordered again within 90 days",
    "net_promoter_score": "Net Promoter Score",
    "customer_satisfaction": "Customers who score 8 or more",
    "below_four_of_five": "Customers who score below 8",
    "daily_active_users": "Daily active users",
    "daily_active_minutes": "Daily active minutes",
}
LATEST = pd.Timestamp("2027-01-01")  # dates beyond lie in the future


def read_exports(folder: Path) -> dict[str, pd.DataFrame]:
    """Orders with the score their customer held, answers and activity by day, each with the customer's country."""
    customers = pd.read_csv(folder / "customers.csv").drop_duplicates("Customer No", keep="last")
    country = customers.set_index("Customer No")["Country"]
    orders = pd.concat(
        [pd.read_csv(path, sep=";", dtype=str, on_bad_lines="skip") for path in sorted(folder.glob("orders-*.csv"))]
    )
    orders = orders.set_axis(["id", "customer", "day", "amount", "product"], axis=1).drop_duplicates("id", keep="last")
    orders["day"] = pd.to_datetime(orders["day"], format="%d.%m.%Y", errors="coerce")
    orders["amount"] = pd.to_numeric(orders["amount"].str.replace(",", "."), errors="coerce")
    answers = pd.read_csv(folder / "responses.csv", on_bad_lines="skip").iloc[:, [0, 1, 2, 3, 4]]
    answers = answers.set_axis(["id", "customer", "at", "score", "survey"], axis=1).drop_duplicates("id", keep="last")
    answers["at"] = pd.to_datetime(answers["at"], errors="coerce")
    answers["score"] = pd.to_numeric(answers["score"], errors="coerce")
    answers = answers[(answers["survey"] == "relationship") & answers["score"].between(0, 10)].dropna(subset="at")
    answers["day"] = answers["at"].dt.normalize()
    activity = pd.concat([pd.read_csv(path) for path in sorted(folder.glob("activity-*.csv.gz"))])
    activity = activity.set_axis(["customer", "day", "screen", "minutes"], axis=1)
    activity["day"] = pd.to_datetime(activity["day"], errors="coerce")
    activity["minutes"] = pd.to_numeric(activity["minutes"], errors="coerce")
    found = {"orders": _with_score(orders, answers), "answers": answers, "activity": activity}
    for name, frame in found.items():
        kept = frame.dropna(subset=["day"])
        found[name] = kept[kept["day"] < LATEST].assign(country=kept["customer"].map(country))
    return found


def _with_score(orders: pd.DataFrame, answers: pd.DataFrame) -> pd.DataFrame:
    """Each order with the latest score of a year, and whether another order came within 90 days."""
    orders = orders.dropna(subset=["day", "amount", "customer"]).sort_values("day")
    held = answers.sort_values("at").drop_duplicates(["customer", "day"], keep="last")
    held = held[["customer", "day", "score"]].sort_values("day")
    orders = pd.merge_asof(orders, held, on="day", by="customer", tolerance=pd.Timedelta(days=364))
    visits = orders[orders["amount"] >= 0][["customer", "day"]].drop_duplicates().sort_values(["customer", "day"])
    visits["gap"] = visits.groupby("customer")["day"].shift(-1).sub(visits["day"]).dt.days
    orders = orders.merge(visits, on=["customer", "day"], how="left")
    return orders.assign(
        is_order=orders["amount"] >= 0,
        is_followed=(orders["gap"] <= 90) & (orders["amount"] >= 0),
        scored=orders["amount"].where(orders["score"].notna(), 0),
        eight_plus=orders["amount"].where(orders["score"] >= 8, 0),
        promoters=orders["amount"].where(orders["score"] >= 9, 0),
    )


def kvis(exports: dict[str, pd.DataFrame], grain: str, country: str | None = None) -> dict[str, pd.Series]:
    """Each KVI by the first day of its periods."""
    chosen = {name: frame if country is None else frame[frame["country"] == country] for name, frame in exports.items()}
    period = {name: frame["day"].dt.to_period(GRAINS[grain]).rename("period") for name, frame in chosen.items()}
    sums = ["amount", "is_order", "is_followed", "scored", "eight_plus", "promoters"]
    orders, score = chosen["orders"].groupby(period["orders"])[sums].sum(), chosen["answers"]["score"]
    buyers = chosen["orders"][chosen["orders"]["is_order"]].groupby(period["orders"])["customer"].nunique()
    told = score.groupby(period["answers"]).count()
    promoters, detractors, satisfied = (
        mask.groupby(period["answers"]).sum() for mask in (score >= 9, score <= 6, score >= 8)
    )
    by_day = chosen["activity"].groupby("day").agg(users=("customer", "nunique"), minutes=("minutes", "sum"))
    days = by_day.resample("D").sum()
    daily = days.groupby(pd.PeriodIndex(days.index, freq=GRAINS[grain])).mean()
    found = {
        "turnover": orders["amount"],
        "orders": orders["is_order"],
        "average_order": orders["amount"] / orders["is_order"],
        "ordering_customers": buyers,
        "eight_plus_turnover": orders["eight_plus"],
        "eight_plus_turnover_share": orders["eight_plus"] / orders["scored"],
        "promoter_revenue_share": orders["promoters"] / orders["scored"],
        "scored_revenue_coverage": orders["scored"] / orders["amount"],
        "repurchase_rate_90d": orders["is_followed"] / orders["is_order"],
        "net_promoter_score": 100 * (promoters - detractors) / told,
        "customer_satisfaction": satisfied / told,
        "below_four_of_five": (told - satisfied) / told,
        "daily_active_users": daily["users"],
        "daily_active_minutes": daily["minutes"],
    }
    return {name: series.set_axis(pd.PeriodIndex(series.index).to_timestamp()) for name, series in found.items()}


def chart(series: pd.Series) -> alt.Chart:
    """One KVI as a line."""
    frame = series.rename("value").rename_axis("period").reset_index()
    return alt.Chart(frame).mark_line(point=True).encode(x="period:T", y="value:Q", tooltip=["period:T", "value:Q"])


def main() -> None:
    import streamlit as st

    st.set_page_config(page_title="KVIs", layout="wide")
    st.title("KVIs")
    exports = st.cache_data(read_exports)(Path(os.environ["EXPORTS"]))
    grain = st.segmented_control("Period", list(GRAINS), default="Week", key="choice-grain", required=True)
    countries = sorted(exports["orders"]["country"].dropna().unique())
    country = st.selectbox("Country", ["All", *countries])
    found = kvis(exports, grain, None if country == "All" else country)
    for column, (name, title) in zip(st.columns(2) * 7, TITLES.items(), strict=True):
        with column:
            st.subheader(title)
            st.altair_chart(chart(found[name]))


if __name__ == "__main__":
    main()
