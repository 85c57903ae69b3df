"""How many customers are still there after so many months: the curve with its 95 % interval."""

from functools import cache
from typing import Any

import altair as alt
import pandas as pd

from kviboard.charts.theme import Chart, Spec, column, layered, numbers, to_rows, value_axis
from kviboard.components.palette import colour
from kviboard.domain.formatting import format_range, format_value

HEIGHT = 260


def retention_chart(frame: pd.DataFrame, did: str) -> Chart:
    """A line from month 0 on one scale from 0 to 100 %, its interval as a ribbon.

    `frame` has month_number, customers, share, low and high; `did` says what those still there did ("were active").
    """
    months = [int(number) for number in column(frame, "month_number")]
    low, high, share = (numbers(column(frame, name)) for name in ("low", "high", "share"))
    rows: dict[str, list[Any]] = {
        "month": [float(month) for month in months],
        "month_text": [f"Month {month}" if month else "Month they came" for month in months],
        "share": share,
        "low": low,
        "high": high,
        "said": [format_value(each, "percent") for each in share],
        "range_text": [format_range(*ends, "percent") for ends in zip(low, high, strict=True)],
        "n_text": [f"{int(each):,}" for each in column(frame, "customers")],
        "label": ["" for _ in months],
    }
    if months:
        rows["label"][-1] = rows["said"][-1]
    return Chart(_spec(max(months, default=1)), to_rows(rows), _in_words(rows, did))


def _in_words(rows: dict[str, list[Any]], did: str) -> str:
    if not rows["month"]:
        return f"Share of customers who {did}: there is no month to show."
    told = "; ".join(
        f"{month}: {said} ({ends}, of {n})"
        for month, said, ends, n in zip(
            rows["month_text"], rows["said"], rows["range_text"], rows["n_text"], strict=True
        )
    )
    return f"Share of customers who {did}, by months since they came, and how far chance can reach. {told}."


@cache
def _spec(last: int) -> Spec:
    ticks = [month for month in range(0, last + 1) if month % (1 if last <= 12 else 3 if last <= 36 else 12) == 0]
    axis = alt.Axis(title="months since they became customers", values=ticks, format="d", grid=False)
    x = alt.X(field="month", type="quantitative", axis=axis, scale=alt.Scale(domain=[0, max(last, 1)], nice=False))

    def y(field: str) -> alt.Y:
        scale = alt.Scale(domain=[0, 1])
        return alt.Y(field=field, type="quantitative", title=None, axis=value_axis("percent", "EUR"), scale=scale)

    fields = (("month_text", "title"), ("said", "Share"), ("range_text", "Chance reaches"), ("n_text", "Customers"))
    tips = [alt.Tooltip(field=name, type="nominal", title=title) for name, title in fields]
    last_value = alt.Chart().mark_text(style="above", aria=False)
    layers = [
        alt.Chart().mark_area(color=colour("band"), opacity=1, aria=False).encode(y=y("low"), y2=alt.Y2(field="high")),
        alt.Chart().mark_line(color=colour("accent"), aria=False).encode(y=y("share")),
        alt.Chart()
        .mark_point(filled=True, size=36, opacity=1, color=colour("accent"), aria=False)
        .encode(y=y("share"), tooltip=tips),
        last_value.encode(y=y("share"), text=alt.Text(field="label", type="nominal")),
    ]
    return layered(layers, HEIGHT, x=x)
