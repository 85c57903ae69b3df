"""The trend of one KVI: line, normal variation, signals, target, releases. What is a signal is decided elsewhere.

A spec depends only on the shape of the question (unit, what there is to show), so it is built once and kept; every
number and word comes with the frame. Where a browser has drawn one, it draws the next frame into it.
"""

from dataclasses import dataclass
from functools import cache
from typing import Any

import altair as alt
import pandas as pd

from kviboard.charts.alt_text import describe_trend
from kviboard.charts.theme import (
    VALUE_PADDING,
    Chart,
    Spec,
    direction_scale,
    hollow,
    layered,
    period_axis,
    to_rows,
    tone_scale,
    value_axis,
)
from kviboard.charts.trend_rows import MOST_POINTS, axis_ends, trend_rows
from kviboard.components.palette import colour
from kviboard.domain.formatting import NO_VALUE

HEIGHT = 300
PICKED, STRETCH = "picked", "stretch"  # the selections of a click and of a drag
_DRAG = "[pointerdown[event.pointerType == 'mouse'], window:pointerup] > window:pointermove!"  # a finger scrolls
_FLAG = "M0,0V-13L9,-10L1,-7"
_NOTE = "M0,-1V-5H-11V-14H0Z"  # a slip of paper, left of where a release flies


@dataclass(frozen=True)
class TrendShape:
    """What decides the spec: the unit and which parts there are."""

    unit: str
    currency: str = "EUR"
    height: int = HEIGHT
    points: bool = True
    smooth: bool = False
    interval: bool = False
    counts: bool = False
    target: bool = False
    releases: bool = False
    notes: bool = False
    panel: bool = False
    picks: bool = False
    stretches: bool = False
    lowest: float | None = None
    highest: float | None = None


def trend_chart(
    frame: pd.DataFrame,
    title: str,
    unit: str,
    currency: str,
    grain: str,
    releases: pd.DataFrame | None = None,
    height: int = HEIGHT,
    panel: bool = False,
    notes: pd.DataFrame | None = None,
    picks: bool = False,
    stretches: bool = False,
) -> Chart:
    """Draw a KVI over time.

    `frame` has one row per period, oldest first: period, ends_on, label, value, value_text, change_text, verdict,
    complete, lower, centre, upper; optionally n_text, low, high, target, signal (good, bad, neutral or null) and what
    the value is of: n or denominator.
    `releases` and `notes` have day and title. `title` names the KVI in the description for screen readers.
    A `panel` has margins of fixed width and no labels in them, so that panels below each other line up. With `picks` a
    click chooses the nearest period under the name `PICKED`, with `stretches` a drag several under `STRETCH`.
    """
    rows = trend_rows(frame, unit, currency, grain, height, releases, notes)
    crowded = len(frame) > MOST_POINTS
    lowest, highest = axis_ends(rows, unit, height)
    shape = TrendShape(
        unit,
        currency,
        height,
        points=not crowded,
        smooth=any(value is not None for value in rows["smooth"]),
        interval=not crowded and any(value is not None for value in rows["low"]),
        counts=any(text != NO_VALUE for text in rows["n_text"]),
        target=any(value is not None for value in rows["target"]),
        releases=any(text != NO_VALUE for text in rows["released"]),
        notes=any(text != NO_VALUE for text in rows["noted"]),
        panel=panel,
        picks=picks,
        stretches=stretches,
        lowest=lowest,
        highest=highest,
    )
    return Chart(trend_spec(shape), to_rows(rows), describe_trend(rows, title))


@cache
def trend_spec(shape: TrendShape) -> Spec:
    """The spec for a shape, from back to front; its data has the columns of `trend_rows`."""
    layers = [*_normal_variation(shape), *_lines(shape), *_points(shape), *_labels(shape), _hover(shape)]
    layers += [_flags("released", "Released in", _FLAG, "accent")] if shape.releases else []
    layers += [_flags("noted", "In", _NOTE, "text")] if shape.notes else []
    return layered(layers, shape.height, x=alt.X(field="key", type="ordinal", sort=None, axis=period_axis()))


def _y(field: str, shape: TrendShape, labelled: bool = False) -> alt.Y:
    """The value axis, which does not start at zero: a trend shows change. It ends where the values have to."""
    ends: dict[str, Any] = {"domainMin": shape.lowest, "domainMax": shape.highest}
    known = {name: end for name, end in ends.items() if end is not None}
    if known:  # `padding` would widen these ends, too
        known["range"] = [{"expr": "height" if shape.lowest == 0 else f"height - {VALUE_PADDING}"}, VALUE_PADDING]
    else:
        known["padding"] = VALUE_PADDING
    scale = alt.Scale(zero=False, nice=False, **known)
    axis = value_axis(shape.unit, shape.currency, fixed=shape.panel) if labelled else alt.Undefined
    return alt.Y(field=field, type="quantitative", scale=scale, axis=axis, title=None)


def _normal_variation(shape: TrendShape) -> list[alt.Chart]:
    band = alt.Chart().mark_area(interpolate="step", color=colour("band"), aria=False)
    centre = alt.Chart().mark_line(interpolate="step", color=colour("centre"), strokeWidth=1, aria=False)
    return [band.encode(y=_y("lower", shape), y2=alt.Y2(field="upper")), centre.encode(y=_y("centre", shape))]


def _lines(shape: TrendShape) -> list[alt.Chart]:
    parts = []
    if shape.target:
        target = alt.Chart().mark_line(
            interpolate="step", color=colour("text"), strokeWidth=1, strokeDash=[5, 4], aria=False
        )
        parts.append(target.encode(y=_y("target", shape)))
    if shape.interval:
        spread = alt.Chart().mark_rule(color=colour("secondary"), opacity=0.4, strokeWidth=1, aria=False)
        parts.append(spread.encode(y=_y("low", shape), y2=alt.Y2(field="high")))
    dashed = alt.Chart().mark_line(color=colour("secondary"), strokeDash=[2, 5], strokeWidth=1.5, aria=False)
    solid = alt.Chart().mark_line(
        color=colour("secondary" if shape.smooth else "text"),
        opacity=0.45 if shape.smooth else 1,
        strokeWidth=2 if shape.points else 1.25,
        aria=False,
    )
    week = alt.Chart().mark_line(color=colour("text"), strokeWidth=2, aria=False)
    parts += [dashed.encode(y=_y("dashed", shape)), solid.encode(y=_y("solid", shape, labelled=True))]
    return [*parts, week.encode(y=_y("smooth", shape))] if shape.smooth else parts


def _points(shape: TrendShape) -> list[alt.Chart]:
    """Quiet dots, hollow incomplete periods, and signals by colour and direction."""
    parts = []
    if shape.points:
        dot = alt.Chart().mark_point(filled=True, size=22, color=colour("text"), opacity=1, aria=False)
        parts.append(dot.encode(y=_y("solid", shape)))
    signal = alt.Chart().mark_point(
        filled=True, size=150, opacity=1, stroke=colour("page"), strokeWidth=1.5, aria=False
    )
    tones = alt.Color(field="signal", type="nominal", legend=None, scale=tone_scale())
    shapes = alt.Shape(field="direction", type="nominal", legend=None, scale=direction_scale())
    return [
        *parts,
        hollow(46).encode(y=_y("hollow", shape)),
        signal.encode(y=_y("signal_value", shape), color=tones, shape=shapes),
    ]


def _labels(shape: TrendShape) -> list[alt.Chart]:
    """The latest value, average, target and the unfinished value in the margin, where no line crosses them; a panel,
    which has none, has the latest value at its point."""

    def label(y: str, words: str, style: str) -> alt.Chart:
        mark = alt.Chart().mark_text(style=style, lineBreak="\n", aria=False)
        return mark.encode(y=_y(y, shape), text=alt.Text(field=words, type="nominal"))

    if shape.panel:
        return [label(f"{s}_y", "value_text", style) for s in ("above", "below") for style in (f"{s}-halo", s)]
    lines = ("centre", "target", "hollow") if shape.target else ("centre", "hollow")
    margin = [label(f"{name}_y", f"{name}_label", "margin") for name in lines]
    return [*margin, label("latest_y", "latest_label", "margin-latest")]


def _hover(shape: TrendShape) -> alt.Chart:
    """Anywhere over a period tells about it; the nearest period gets a rule and a ring."""
    near = alt.selection_point(
        name="near", fields=["key"], nearest=True, on="pointerover", clear="pointerout", empty=False
    )
    fields = {"label": "title", "full_text": "Value", "change_text": "Change", "verdict": "Verdict"}
    fields |= {"range_text": "Usual range"}
    fields |= {"n_text": "Based on"} if shape.counts else {}
    fields |= {"target_text": "Target"} if shape.target else {}
    fields |= {"released": "Released"} if shape.releases else {}
    fields |= {"noted": "Noted"} if shape.notes else {}
    ring = alt.Chart().mark_point(size=190, color=colour("accent"), strokeWidth=2, filled=False, aria=False)
    stretch = alt.selection_interval(name=STRETCH, encodings=["x"], on=_DRAG)
    picked = alt.selection_point(name=PICKED, fields=["key"], nearest=True, on="click", clear="dblclick", empty=False)
    return ring.encode(
        y=_y("shown", shape),
        opacity=alt.condition(near, alt.value(1), alt.value(0)),
        tooltip=[alt.Tooltip(field=name, type="nominal", title=title) for name, title in fields.items()],
    ).add_params(near, *([picked] if shape.picks else []), *([stretch] if shape.stretches else []))


def _flags(field: str, named: str, shape: str, role: str) -> alt.Chart:
    """Small flags on the axis, apart where they are close; what they stand for on hover."""
    flag = alt.Chart().mark_point(
        shape=shape,
        filled=True,
        size=4,
        opacity=1,
        color=colour(role),
        stroke=colour("page"),
        strokeWidth=1,
        aria=False,
    )
    return flag.transform_filter(alt.datum[field] != NO_VALUE).encode(
        y=alt.value("height"),
        tooltip=[
            alt.Tooltip(field=field, type="nominal", title="title"),
            alt.Tooltip(field="label", type="nominal", title=named),
        ],
    )
