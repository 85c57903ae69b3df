"""Slices of a KVI compared: ranked by value, and over time on one scale. Which slices there are, `board` decides."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import altair as alt
import pandas as pd

from kviboard.charts.alt_text import describe_ranking
from kviboard.charts.theme import Chart, Spec, column, hollow, layered, number_expression, numbers, to_rows
from kviboard.components.palette import colour
from kviboard.components.sparkline import Spark, reach
from kviboard.domain.formatting import NO_VALUE, format_value

ROW = 36  # px
SUMS = ("customers", "currency", "number")  # a bar may stand for these; a share or a score is a place on a scale


@dataclass(frozen=True)
class RankingShape:
    """What decides the spec."""

    unit: str
    currency: str
    rows: int
    interval: bool
    before: bool
    counts: bool
    whole: bool


def ranked_chart(frame: pd.DataFrame, title: str, unit: str, currency: str, whole: float | None = None) -> Chart:
    """Rank the slices by value: bars for sums, dots with their 95 % intervals for shares and scores.

    `frame` has one row per slice: slice, value; optionally low, high, before (the value it had in the previous complete
    period), change_text, n_text and verdict; slices with too few answers are pale. `whole` is the value of all slices
    together, drawn as a line to compare with.
    """
    known = frame[frame["value"].notna()].sort_values("value", ascending=False, kind="stable")
    rows = _ranking_rows(known, unit, currency)
    rows["whole"] = [whole, *[None] * len(known)][: len(known)]
    rows["whole_text"] = [f"all {format_value(whole, unit, currency)}"] * len(known)
    shape = RankingShape(
        unit,
        currency,
        len(known),
        interval=any(value is not None for value in rows["low"]),
        before=any(value is not None for value in rows["before"]),
        counts=any(words != NO_VALUE for words in rows["n_text"]),
        whole=whole is not None and unit not in SUMS,
    )
    return Chart(ranking_spec(shape), to_rows(rows), describe_ranking(rows, title))


def small_multiples(sparks: Mapping[str, Spark]) -> dict[str, Spark]:
    """The slices' sparklines on one scale, so that their heights can be compared."""
    reaches = [reach(spark) for spark in sparks.values()]
    bounds = (min(low for low, _ in reaches), max(high for _, high in reaches)) if reaches else None
    return {name: replace(spark, bounds=bounds) for name, spark in sparks.items()}


def _ranking_rows(frame: pd.DataFrame, unit: str, currency: str) -> dict[str, list[Any]]:
    value = numbers(column(frame, "value"))
    rows: dict[str, list[Any]] = {name: numbers(column(frame, name)) for name in ("low", "high", "before")}
    change = ["" if words == NO_VALUE else str(words or "") for words in column(frame, "change_text", "")]
    text = [format_value(number, unit, currency) for number in value]
    return rows | {
        "slice": [str(name) for name in column(frame, "slice")],
        "value": value,
        "value_text": text,
        "full_text": [format_value(number, unit, currency, precise=True) for number in value],
        "change_text": [words or NO_VALUE for words in change],
        "n_text": [str(words or NO_VALUE) for words in column(frame, "n_text", "")],
        "few": [str(words).startswith("too few") for words in column(frame, "verdict", "")],
        "before_text": [format_value(number, unit, currency, precise=True) for number in rows["before"]],
        "end_text": [f"{now}   {moved}".rstrip() for now, moved in zip(text, change, strict=True)],
    }


@cache
def ranking_spec(shape: RankingShape) -> Spec:
    """The spec for a shape, from back to front; its data has the columns of `ranked_chart`."""
    layers = [_whole(), _whole_label()] if shape.whole else []
    layers += [_bars(shape)] if shape.unit in SUMS else _dots(shape)
    layers.append(
        alt.Chart()
        .mark_text(style="beside", aria=False)
        .encode(x=alt.value("width"), text=alt.Text(field="end_text", type="nominal"))
    )
    axis = alt.Axis(title=None, labelLimit=150, labelFontSize=14, labelColor=colour("text"), grid=False)
    return layered(layers, ROW * shape.rows + 48, y=alt.Y(field="slice", type="nominal", sort=None, axis=axis))


def _x(field: str, shape: RankingShape | None = None) -> alt.X:
    """The value axis: from zero for bars only."""
    if shape is None:
        return alt.X(field=field, type="quantitative", title=None)
    axis = alt.Axis(
        title=None,
        grid=True,
        domain=False,
        tickCount=4,
        labelExpr=number_expression(shape.unit, shape.currency, scale="x"),
        labelOverlap="greedy",
        labelSeparation=8,
        labelFlush=False,
    )
    scale = alt.Scale(zero=shape.unit in SUMS, nice=4)
    return alt.X(field=field, type="quantitative", axis=axis, scale=scale, title=None)


def _bars(shape: RankingShape) -> alt.Chart:
    bar = alt.Chart().mark_bar(color=colour("accent"), height=16, cornerRadiusEnd=2, aria=False)
    return bar.encode(x=_x("value", shape), tooltip=_tooltip(shape))


def _dots(shape: RankingShape) -> list[alt.Chart]:
    """The value now, its interval, and a hollow dot where it was before."""
    parts = []
    if shape.interval:
        spread = alt.Chart().mark_rule(color=colour("centre"), strokeWidth=5, strokeCap="round", aria=False)
        parts.append(spread.encode(x=_x("low"), x2=alt.X2(field="high")))
    if shape.before:
        moved = alt.Chart().mark_rule(color=colour("secondary"), strokeWidth=1, aria=False)
        parts += [moved.encode(x=_x("before"), x2=alt.X2(field="value")), hollow(60).encode(x=_x("before"))]
    dot = alt.Chart().mark_point(filled=True, size=120, opacity=1, aria=False)
    sure = alt.condition(alt.datum.few, alt.value(colour("centre")), alt.value(colour("accent")))
    return [*parts, dot.encode(x=_x("value", shape), color=sure, tooltip=_tooltip(shape))]


def _whole() -> alt.Chart:
    rule = alt.Chart().mark_rule(color=colour("text"), strokeDash=[4, 4], strokeWidth=1, aria=False)
    return rule.encode(x=_x("whole"), y=alt.value(0), y2=alt.value("height"))


def _whole_label() -> alt.Chart:
    label = alt.Chart().mark_text(style="note", aria=False, baseline="bottom", dy=-6)
    return label.encode(x=_x("whole"), text=alt.Text(field="whole_text", type="nominal"), y=alt.value(0))


def _tooltip(shape: RankingShape) -> list[alt.Tooltip]:
    fields = {"slice": "title", "full_text": "Value", "change_text": "Change"}
    fields |= {"before_text": "Before"} if shape.before else {}
    fields |= {"n_text": "Based on"} if shape.counts else {}
    return [alt.Tooltip(field=name, type="nominal", title=title) for name, title in fields.items()]
