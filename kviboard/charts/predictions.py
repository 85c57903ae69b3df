"""Predicted against actual revenue by tenth of customers: how far expected value may be believed, at a glance."""

from functools import cache
from typing import Any

import altair as alt
import pandas as pd

from kviboard.charts.theme import Chart, Spec, column, layered, numbers, to_rows, value_axis
from kviboard.components.palette import colour
from kviboard.domain.formatting import format_value

HEIGHT = 280


def predictions_chart(frame: pd.DataFrame, currency: str) -> Chart:
    """A bar of what came and a tick of what was predicted for each tenth, the most valuable first.

    `frame` has decile, customers, predicted_revenue and actual_revenue.
    """
    actual, predicted = (numbers(column(frame, f"{name}_revenue")) for name in ("actual", "predicted"))
    rows: dict[str, list[Any]] = {
        "tenth": [_ordinal(int(decile)) for decile in column(frame, "decile")],
        "actual": actual,
        "predicted": predicted,
        "actual_text": [format_value(each, "currency", currency) for each in actual],
        "predicted_text": [format_value(each, "currency", currency) for each in predicted],
        "n_text": [f"{int(each):,}" for each in column(frame, "customers")],
    }
    texts = zip(rows["tenth"], rows["predicted_text"], rows["actual_text"], strict=True)
    told = "; ".join(f"{tenth}: predicted {expected}, came {came}" for tenth, expected, came in texts)
    return Chart(_spec(currency), to_rows(rows), f"Revenue by tenth of customers, the most valuable first. {told}.")


def _ordinal(decile: int) -> str:
    return f"{decile}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(decile, 'th') }"


@cache
def _spec(currency: str) -> Spec:
    fields = (("tenth", "title"), ("predicted_text", "Predicted"), ("actual_text", "Actual"), ("n_text", "Customers"))
    tips = [alt.Tooltip(field=name, type="nominal", title=title) for name, title in fields]
    scale = alt.Scale(domain=["came", "predicted"], range=[colour("centre"), colour("text")])
    legend = alt.Legend(title=None, orient="top", symbolType="square", symbolSize=110, columns=2)

    def y(field: str) -> alt.Y:
        return alt.Y(field=field, type="quantitative", title=None, axis=value_axis("currency", currency))

    def series(name: str) -> alt.Color:
        return alt.Color(datum=name, scale=scale, legend=legend)

    layers = [
        alt.Chart().mark_bar(aria=False, cornerRadiusEnd=2).encode(y=y("actual"), color=series("came"), tooltip=tips),
        alt.Chart()
        .mark_tick(thickness=3, aria=False, opacity=1)
        .encode(y=y("predicted"), color=series("predicted"), tooltip=tips),
    ]
    axis = alt.Axis(title="tenth of customers by predicted revenue", labelAngle=0)
    x = alt.X(field="tenth", type="nominal", sort=None, axis=axis)
    return layered(layers, HEIGHT, x=x)
