"""Groups of answers as dots with their intervals, and a share or rate of each period with its own."""

from collections.abc import Sequence
from functools import cache, lru_cache
from typing import Any

import altair as alt
import pandas as pd

from kviboard.charts.periods import axis_keys
from kviboard.charts.theme import Chart, Spec, column, days, hollow, layered, numbers, period_axis, to_rows, value_axis
from kviboard.components.palette import colour
from kviboard.domain.formatting import NO_VALUE, format_range, format_share, format_value

ROW = 32  # px
HEIGHT = 220


def dots_chart(names: Sequence[str], frame: pd.DataFrame, value: str, what: str) -> Chart:
    """A dot per name on one scale of points, its 95 % interval behind it and a line at 0.

    `frame` has the column `value`, low, high and responses, a row per name; `what` says what the points are.
    """
    found, low, high = (numbers(column(frame, name)) for name in (value, "low", "high"))
    rows: dict[str, list[Any]] = {
        "name": list(names),
        "value": found,
        "low": low,
        "high": high,
        "said": [_points(each) for each in found],
        "range_text": [f"{_points(least)} to {_points(most)}" for least, most in zip(low, high, strict=True)],
        "n_text": [f"{int(n):,}" for n in column(frame, "responses")],
    }
    rows["end_text"] = [f"{said} from {n}" for said, n in zip(rows["said"], rows["n_text"], strict=True)]
    texts = zip(rows["name"], rows["said"], rows["range_text"], strict=True)
    told = "; ".join(f"{name}: {said} ({ends})" for name, said, ends in texts)
    return Chart(_dots_spec(len(rows["name"]), what), to_rows(rows), f"{what}, and how far chance can reach. {told}.")


def matrix_chart(frame: pd.DataFrame) -> Chart:
    """Aspects by how good we are at them (mean rating, to the right) and how much they matter (up), each with its 95 %
    intervals. `frame` has aspect, mean, mean_low, mean_high, importance, low, high and responses."""
    rows: dict[str, list[Any]] = {
        name: numbers(column(frame, name)) for name in ("mean", "mean_low", "mean_high", "importance", "low", "high")
    }
    rows["name"] = [str(name).replace("_", " ").capitalize() for name in column(frame, "aspect")]
    rows["mean_text"] = [format_value(each, "number") for each in rows["mean"]]
    rows["said"] = [NO_VALUE if each is None else format_share(each, 1) for each in rows["importance"]]
    texts = zip(rows["name"], rows["said"], rows["mean_text"], strict=True)
    told = "; ".join(f"{name}: weight {weight}, rated {mean}" for name, weight, mean in texts)
    return Chart(
        _matrix_spec(), to_rows(rows), f"Aspects by weight and average rating, and how far chance reaches. {told}."
    )


def periods_chart(frame: pd.DataFrame, labels: Sequence[str], grain: str, value: str, unit: str, what: str) -> Chart:
    """A dot per period with its 95 % interval, from zero; hollow where the period is not over.

    `frame` has period, the column `value` in `unit`, low, high and complete; `what` says what it is.
    """
    found, low, high = (numbers(column(frame, name)) for name in (value, "low", "high"))
    complete = [bool(each) for each in column(frame, "complete")]
    rows: dict[str, list[Any]] = {
        "key": axis_keys(days(frame, "period"), labels, grain),
        "label": list(labels),
        "whole": [each if done else None for each, done in zip(found, complete, strict=True)],
        "begun": [None if done else each for each, done in zip(found, complete, strict=True)],
        "low": low,
        "high": high,
        "said": [format_value(each, unit) for each in found],
        "range_text": [format_range(*ends, unit) for ends in zip(low, high, strict=True)],
    }
    told = "; ".join(
        f"{label}: {said} ({ends})" for label, said, ends in zip(labels, rows["said"], rows["range_text"], strict=True)
    )
    return Chart(_periods_spec(unit, what), to_rows(rows), f"{what} per {grain}, and how far chance can reach. {told}.")


def _points(value: float | None) -> str:
    return NO_VALUE if value is None else f"{value:+z.1f}".replace("-", "−")  # z: nothing is "−0.0"


@lru_cache(maxsize=32)
def _dots_spec(count: int, what: str) -> Spec:
    fields = (("name", "title"), ("said", what), ("range_text", "Chance reaches"), ("n_text", "Answers"))
    signed = "replace(format(datum.value, '~g'), '-', '−')"
    axis = alt.Axis(title=None, tickCount=5, grid=True, domain=False, labelExpr=signed)
    scale = alt.Scale(zero=True, nice=4)
    zero = alt.Chart().mark_rule(color=colour("axis"), aria=False).encode(x=alt.XDatum(0))
    spread = alt.Chart().mark_rule(color=colour("centre"), strokeWidth=5, strokeCap="round", aria=False)
    dot = alt.Chart().mark_point(filled=True, size=110, opacity=1, color=colour("accent"), aria=False)
    words = alt.Chart().mark_text(style="beside", aria=False)
    layers = [
        spread.encode(x=alt.X(field="low", type="quantitative", axis=axis, scale=scale), x2=alt.X2(field="high")),
        dot.encode(
            x=alt.X(field="value", type="quantitative", axis=axis, scale=scale, title=None),
            tooltip=[alt.Tooltip(field=name, type="nominal", title=title) for name, title in fields],
        ),
        words.encode(x=alt.value("width"), text=alt.Text(field="end_text", type="nominal")),
    ]
    labels = alt.Axis(title=None, labelFontSize=14, labelColor=colour("text"), grid=False, labelLimit=230)
    y = alt.Y(field="name", type="nominal", sort=None, axis=labels)
    return layered([zero, *layers], ROW * count + 40, y=y)


@cache
def _matrix_spec() -> Spec:
    fields = (("name", "title"), ("said", "Weight"), ("mean_text", "Average rating"))
    tips = [alt.Tooltip(field=name, type="nominal", title=title) for name, title in fields]

    def x(field: str) -> alt.X:
        axis = alt.Axis(title="average rating →", tickCount=5, grid=False)
        return alt.X(field=field, type="quantitative", axis=axis, scale=alt.Scale(zero=False, nice=4, padding=24))

    def y(field: str) -> alt.Y:
        axis = value_axis("percent", "EUR")
        return alt.Y(field=field, type="quantitative", title=None, axis=axis, scale=alt.Scale(zero=True, nice=4))

    spread = alt.Chart().mark_rule(color=colour("centre"), strokeWidth=4, strokeCap="round", aria=False)
    dot = alt.Chart().mark_point(filled=True, size=110, opacity=1, color=colour("accent"), aria=False)
    label = alt.Chart().mark_text(style="above", dx=6, dy=-14, align="left", aria=False)  # clear of its line
    layers = [
        spread.encode(x=x("mean"), y=y("low"), y2=alt.Y2(field="high")),
        spread.encode(x=x("mean_low"), x2=alt.X2(field="mean_high"), y=y("importance")),
        dot.encode(x=x("mean"), y=y("importance"), tooltip=tips),
        label.encode(x=x("mean"), y=y("importance"), text=alt.Text(field="name", type="nominal")),
    ]
    return layered(layers, 300)


@lru_cache(maxsize=32)
def _periods_spec(unit: str, what: str) -> Spec:
    fields = (("label", "title"), ("said", what), ("range_text", "Chance reaches"))
    tips = [alt.Tooltip(field=name, type="nominal", title=title) for name, title in fields]

    def y(field: str) -> alt.Y:
        scale = alt.Scale(zero=True, nice=4)
        return alt.Y(field=field, type="quantitative", title=None, axis=value_axis(unit, "EUR"), scale=scale)

    spread = alt.Chart().mark_rule(color=colour("centre"), strokeWidth=5, strokeCap="round", aria=False)
    dot = alt.Chart().mark_point(filled=True, size=90, opacity=1, color=colour("accent"), aria=False)
    layers = [
        spread.encode(y=y("low"), y2=alt.Y2(field="high")),
        dot.encode(y=y("whole"), tooltip=tips),
        hollow(80).encode(y=y("begun"), tooltip=tips),
    ]
    x = alt.X(field="key", type="ordinal", sort=None, axis=period_axis())
    return layered(layers, HEIGHT, x=x)
