"""New customers per period, in parts by the way they came."""

from collections.abc import Sequence
from functools import cache
from typing import Any

import altair as alt
import pandas as pd

from kviboard.charts.periods import axis_keys
from kviboard.charts.theme import TICKS, Chart, Spec, column, days, finish, period_axis, to_rows, value_axis
from kviboard.components.palette import colour

HEIGHT = 260
WAYS = {"earned": "earned: recommended by others", "bought": "bought: advertising, sales", "unknown": "unknown"}


def new_customers_chart(frame: pd.DataFrame, labels: Sequence[str], grain: str) -> Chart:
    """A bar per period, split into WAYS from the bottom up; pale where the period is not over.

    `frame` has period, acquisition, customers and complete; `labels` name the period of each row.
    """
    rows: dict[str, list[Any]] = {
        "key": axis_keys_of_rows(frame, labels, grain),
        "label": list(labels),
        "way": [WAYS.get(str(way), str(way)) for way in column(frame, "acquisition")],
        "customers": [float(number) for number in column(frame, "customers")],
        "order": [float(list(WAYS).index(str(way))) for way in column(frame, "acquisition")],
        "said": [f"{int(number):,}" for number in column(frame, "customers")],
        "solid": [1.0 if done else 0.5 for done in column(frame, "complete")],
    }
    texts = zip(labels, rows["said"], column(frame, "acquisition"), strict=True)
    told = "; ".join(f"{label}: {said} {way}" for label, said, way in texts)
    ways = tuple(name for way, name in WAYS.items() if way in set(column(frame, "acquisition")))
    return Chart(_spec(ways), to_rows(rows), f"New customers by the way they came. {told}.")


def axis_keys_of_rows(frame: pd.DataFrame, labels: Sequence[str], grain: str) -> list[str]:
    """The axis key of each row where several rows share a period."""
    named = dict(zip(days(frame, "period"), labels, strict=True))
    keys = dict(zip(named, axis_keys(list(named), list(named.values()), grain), strict=True))
    return [keys[day] for day in days(frame, "period")]


@cache
def _spec(ways: tuple[str, ...]) -> Spec:
    hues = {"earned": colour("good"), "bought": colour("accent"), "unknown": colour("axis")}
    scale = alt.Scale(domain=list(ways), range=[hues[name.partition(":")[0]] for name in ways])
    legend = alt.Legend(title=None, orient="top", symbolType="square", symbolSize=110, columns=1, labelLimit=260)
    tips = [
        alt.Tooltip(field=name, type="nominal", title=title)
        for name, title in (("label", "title"), ("way", "Came by"), ("said", "Customers"))
    ]
    axis = value_axis("customers", "EUR")
    axis.tickCount = alt.ExprRef(f"max(1, min({TICKS}, domain('y')[1]))")  # half a customer is nobody
    x = alt.X(field="key", type="ordinal", sort=None, axis=period_axis())
    y = alt.Y(field="customers", type="quantitative", stack="zero", axis=axis, title=None)
    chart = (
        alt.Chart()
        .mark_bar(stroke=colour("page"), strokeWidth=1, aria=False)
        .encode(
            x=x,
            y=y,
            color=alt.Color(field="way", type="nominal", scale=scale, legend=legend),
            order=alt.Order(field="order", type="quantitative"),
            opacity=alt.Opacity(field="solid", type="quantitative", scale=None),
            tooltip=tips,
        )
    )
    return finish(chart, HEIGHT)
