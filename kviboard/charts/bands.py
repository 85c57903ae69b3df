"""Detractors, passives and promoters as parts of a whole. The bands themselves are computed in the warehouse."""

from collections.abc import Iterator
from functools import cache
from typing import Any

import altair as alt
import pandas as pd

from kviboard.charts.alt_text import describe_bands
from kviboard.charts.theme import Chart, Spec, column, layered, numbers, to_rows
from kviboard.components.palette import colour
from kviboard.domain.formatting import format_share, format_value

ROW = 38  # px
READABLE = 0.07  # smaller parts have no room for their share
BANDS = ("detractors", "passives", "promoters")  # left to right


def bands_chart(frame: pd.DataFrame, title: str) -> Chart:
    """One bar per row, split into its bands: detractors left, promoters right.

    `frame` has name and the numbers (answers, customers or money) of detractors, passives, promoters; optionally
    end_text, written to the right of the bar ("NPS +31 from 412"). Rows of nothing are left out.
    """
    rows = _band_rows(frame)
    count = len(rows["name"]) // len(BANDS)
    return Chart(bands_spec(count), to_rows(rows), describe_bands(rows, title))


def _band_rows(frame: pd.DataFrame) -> dict[str, list[Any]]:
    """One row per bar and band; `label` is empty where the part is too small for its share."""
    parts = zip(*(numbers(column(frame, band, 0.0)) for band in BANDS), strict=True)
    bars = zip(column(frame, "name"), parts, column(frame, "end_text", ""), strict=True)
    rows = [row for name, sizes, end in bars for row in _bar(str(name), [size or 0.0 for size in sizes], str(end))]
    names = ("name", "band", "start", "end", "middle", "share_text", "said", "end_text")
    return {field: [row[index] for row in rows] for index, field in enumerate(names)}


def _bar(name: str, sizes: list[float], end_text: str) -> Iterator[tuple[Any, ...]]:
    total, start = sum(sizes), 0.0
    for band, size in zip(BANDS, sizes, strict=True):
        if total <= 0:
            return
        share = size / total
        end = start + share
        label = format_share(share) if share >= READABLE else ""
        yield name, band, start, end, start + share / 2, format_value(share, "percent"), label, end_text
        start, end_text = end, ""


@cache
def bands_spec(count: int) -> Spec:
    """The spec for a number of bars; its data has one row per bar and band."""
    colours = alt.Scale(domain=list(BANDS), range=[colour("bad"), colour("passive"), colour("good")])
    legend = alt.Legend(
        title=None, orient="top", symbolType="square", symbolSize=110, columns=len(BANDS), columnPadding=10
    )
    axis = alt.Axis(title=None, labelLimit=150, labelFontSize=14, labelColor=colour("text"))
    bar = alt.Chart().mark_bar(height=22, stroke=colour("page"), strokeWidth=1.5, aria=False)
    tips = [("name", "title"), ("band", "Band"), ("share_text", "Share")]
    start = alt.X(field="start", type="quantitative", scale=alt.Scale(domain=[0, 1]), axis=None)
    layers = [
        bar.encode(
            x=start,
            x2=alt.X2(field="end"),
            color=alt.Color(field="band", type="nominal", scale=colours, legend=legend),
            tooltip=[alt.Tooltip(field=name, type="nominal", title=title) for name, title in tips],
        ),
        alt.Chart()
        .mark_text(style="inside", aria=False)
        .encode(x=alt.X(field="middle", type="quantitative"), text=alt.Text(field="said", type="nominal")),
        alt.Chart()
        .mark_text(style="beside", aria=False)
        .encode(x=alt.value("width"), text=alt.Text(field="end_text", type="nominal")),
    ]
    return layered(layers, ROW * count + 44, y=alt.Y(field="name", type="nominal", sort=None, axis=axis))
